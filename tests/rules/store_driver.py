"""The second driver: the same world through the use cases and a store on a real database."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeVar

from sqlalchemy import select

from domain import workflow
from domain.approvals.changes import Release
from domain.approvals.decisions import Verdict
from domain.approvals.delegation import Period
from domain.approvals.execution import Executed, Failed
from domain.approvals.profiles import Approvers, Definition, ProfileId, ProfileVersion
from domain.approvals.requests import Request, RequestId, StepRef
from domain.approvals.resources import Resource, ResourceId
from domain.audit.entries import Source
from domain.common.operations import Operation
from domain.configuration.refusals import LastAdministrator
from domain.notices.notices import Notice, NoticeKind
from domain.people.people import BUILT_IN_ROLES, Group, GroupId, Identity, PersonId, Role, RoleId, Standing
from domain.ports import Workspace
from domain.store import SqlStore
from domain.store.session import Session
from domain.store.tables import releases
from domain.store.transaction import SqlReading
from domain.workflow import releases as releasing
from domain.workflow.configuration import configure
from domain.workflow.configuration import groups_and_roles as teams
from tests.databases import Databases
from tests.material_factory import material
from tests.rules.announcing import asking
from tests.rules.build import NOON
from tests.rules.drivers import Kept

T = TypeVar("T")

LEASE: Final = timedelta(seconds=60)


class StoreDriver:
    """A store of its own in a new database, and an event loop to use it in."""

    def __init__(self, databases: Databases, kind: str) -> None:
        self.runner = asyncio.Runner()
        self.closing = AsyncExitStack()
        try:
            self.store: SqlStore = self.runner.run(self._open(databases, kind))
        except BaseException:
            self.close()
            raise
        self.shown: dict[RequestId, int] = {}
        """The version of each request that its notices were last brought up to."""

    async def _open(self, databases: Databases, kind: str) -> SqlStore:
        store = await self.closing.enter_async_context(databases.store(kind))
        async with store.transaction(Source.CLI) as tx:
            await tx.directory.save_workspace(Workspace(team="T1", name="The world"))
        return store

    def close(self) -> None:
        with self.runner:
            self.runner.run(self.closing.aclose())

    def run(self, use_case: Callable[[SqlStore], Awaitable[T]]) -> T:
        async def used() -> T:
            return await use_case(self.store)

        return self.runner.run(used())

    # who and what there is

    def know(self, who: PersonId, standing: Standing) -> None:
        someone = Identity(id=who, name=who, standing=standing)
        self.run(lambda store: workflow.mirror_person(store, someone, NOON))

    def group(self, key: GroupId, members: Collection[PersonId], at: datetime) -> None:
        group = Group(key=key, name=key, members=tuple(members))
        self.run(lambda store: teams.save_group(store, group, at, by=None, source=Source.CLI))

    def role(self, key: RoleId, holders: Collection[PersonId], at: datetime) -> None:
        role = Role(key=key, name=BUILT_IN_ROLES.get(key, key), holders=tuple(holders))

        async def save(store: SqlStore) -> None:
            try:
                await teams.save_role(store, role, at, by=None, source=Source.CLI)
            except LastAdministrator:  # but a file may take the last one away, and Slack may deactivate them
                async with store.transaction(Source.CLI) as tx:
                    await tx.people.save_role(role)
                    await tx.updates.mark([request.id for request in await tx.requests.open()])

        self.run(save)

    def delegate(self, by: PersonId, giver: PersonId, taker: PersonId, period: Period, at: datetime) -> int:
        return self.run(lambda store: workflow.delegate(store, by, taker, period, at, delegator=giver)).number

    def revoke(self, by: PersonId, number: int, at: datetime) -> None:
        self.run(lambda store: workflow.revoke(store, by, number, at))

    def profile(self, key: str, definition: Definition, at: datetime) -> ProfileVersion:
        async def save(store: SqlStore) -> ProfileVersion:
            await configure.save_profile(store, ProfileId(key), definition, at, by=None, source=Source.CLI)
            async with store.reading() as reading:
                saved = await reading.profiles.get(ProfileId(key))
            assert saved is not None
            return saved

        return self.run(save)

    def resource(self, resource: Resource, at: datetime) -> None:
        self.run(lambda store: configure.save_resource(store, resource, at, by=None, source=Source.CLI))

    # what people and the clock do

    def submit(
        self,
        by: PersonId,
        operation: Operation,
        entry: ResourceId,
        cn: str,
        reason: str,
        at: datetime,
        again: RequestId | None,
    ) -> RequestId:
        content = material(operation, cn)
        form = workflow.Submission(
            operation=operation,
            entry=entry,
            reason=reason,
            csr=content.csr_pem,
            certificate=content.certificate_pem,
            revocation_reason=content.revocation_reason,
            resubmission_of=again,
        )
        return self.run(lambda store: workflow.submit(store, by, form, at)).id

    def decide(self, by: PersonId, on: StepRef, verdict: Verdict, at: datetime, comment: str) -> None:
        self.run(lambda store: workflow.decide(store, by, on, verdict, at, comment=comment))

    def comment(self, by: PersonId, id: RequestId, text: str, at: datetime) -> None:
        self.run(lambda store: workflow.comment(store, by, id, text, at))

    def cancel(self, by: PersonId, id: RequestId, at: datetime, reason: str) -> None:
        self.run(lambda store: workflow.cancel(store, by, id, at, reason=reason))

    def override(self, by: PersonId, id: RequestId, verdict: Verdict, at: datetime, reason: str) -> None:
        self.run(lambda store: workflow.override(store, by, id, verdict, at, reason=reason))

    def remind(self, by: PersonId, id: RequestId, at: datetime) -> None:
        self.run(lambda store: workflow.remind(store, by, id, at))

    def report(self, id: RequestId, executed: bool, at: datetime) -> None:
        outcome = Executed() if executed else Failed(reason="The HSM is on fire.")
        self.run(lambda store: releasing.report(store, id, outcome, at, via="by hand"))

    def retry(self, by: PersonId, id: RequestId, at: datetime) -> None:
        self.run(lambda store: releasing.retry(store, by, id, at))

    def sweep(self, at: datetime) -> None:
        for sweep in (workflow.expire_due, workflow.escalate_due):
            while self.run(partial(sweep, at=at, limit=2)):
                pass
        self.run(lambda store: self._lapse(store, at))

    async def _lapse(self, store: SqlStore, at: datetime) -> None:
        """As the deliverer does where nothing carries out what is released: it is left to somebody, until the approval runs out."""
        for claimed in await releasing.claim(store, at, LEASE, 100):
            async with store.reading() as reading:
                request = await reading.requests.get(claimed.request)
            assert request is not None
            if request.valid_until is not None and at >= request.valid_until:
                assert not await releasing.check(store, claimed, at)
            else:
                await releasing.leave(store, claimed)

    def announce(self, at: datetime) -> None:
        self.run(lambda store: self._announce(store, at))

    async def _announce(self, store: SqlStore, at: datetime) -> None:
        """As the message worker does: claim what is stale, work out what is wanted, let go. Every change has to make its request stale."""
        while await workflow.look_after_delegations(store, at, limit=2):
            pass
        while await workflow.remind_due(store, at, limit=2) or await workflow.look_after_delegations(store, at):
            pass
        async with store.transaction(Source.CLOCK) as tx:
            claimed = {one.request for one in await tx.updates.claim(at, LEASE, 100)}
            administrators = await tx.people.administrators()
            known: dict[Approvers, frozenset[PersonId]] = {}
            for request in await _all_of(tx):
                assert request.id in claimed or self.shown[request.id] == request.version, "a change nobody would show"
                steps = [(item, n, step) for item in request.work_items for n, step in enumerate(item.profile.steps)]
                for those in {
                    one for item, n, step in steps for one in (item.approvers(n), *step.named)
                } - known.keys():
                    known[those] = await tx.people.matching(those)
                sent = [one.notice for one in await tx.notices.of_request(request.id)]
                wanted, due = asking(
                    request,
                    sent,
                    at,
                    people=known.__getitem__,
                    administrators=administrators,
                    delegates=await tx.delegations.delegates_of(frozenset[PersonId]().union(*known.values()), at),
                )
                new = {one.key for one in due.now} - {one.key for one in sent}
                assert request.id in claimed or not new, "a reminder for which nobody would look"
                # how an operation ended is a change, and told to who administers then; whoever does so later finds it under Health
                asked = (one for one in wanted if one.kind is not NoticeKind.OPERATION)
                missing = {one.key for one in asked} - {one.key for one in sent}
                assert request.id in claimed or not missing, "somebody would not be asked or told"
                await tx.notices.add(request.id, (*wanted, *due.now))
                await tx.updates.finish(request.id, request.version, at, remind_at=due.next)
                self.shown[request.id] = request.version

    # what came of it

    def kept(self) -> Mapping[RequestId, Kept]:
        return self.run(self._kept)

    async def _kept(self, store: SqlStore) -> Mapping[RequestId, Kept]:
        async with store.reading() as reading:
            released = await reading.releases.run(_released)
            return {
                request.id: Kept(
                    request=request,
                    record=tuple(one.entry for one in await reading.audit.chain(f"request:{request.id}")),
                    releases=tuple(one for one in released if one.request == request.id),
                    notices=_in_order(one.notice for one in await reading.notices.of_request(request.id)),
                )
                for request in await _all_of(reading)
            }

    def waiting_on(self, who: PersonId, at: datetime) -> Collection[RequestId]:
        page = self.run(lambda store: workflow.waiting_on(store, who, at, limit=50))
        return [request.id for request in page.requests]


def _released(session: Session) -> list[Release]:
    """The port hands releases on to nobody yet; the table has them."""
    rows = session.execute(select(*(releases.c[name] for name in Release.model_fields)))
    return [Release(**row._mapping) for row in rows]


def _in_order(found: Iterable[Notice]) -> tuple[Notice, ...]:
    return tuple(sorted(found, key=lambda notice: notice.key))


async def _all_of(reading: SqlReading) -> list[Request]:
    return list((await reading.lists.all(limit=100)).requests)
