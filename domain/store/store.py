"""`SqlStore`: the ports of `domain.ports` on SQLite and PostgreSQL. Everything it says stands in the modules beside it."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, Protocol

from domain.announcing import Claim, Held, Queue
from domain.audit import Action, AuditEntry, Source
from domain.changes import Change
from domain.delegation import Delegation
from domain.drafts import Draft, DraftId
from domain.errors import Conflict, OpenRequestExists
from domain.notices import Notice
from domain.people import Group, GroupId, Identity, Person, PersonId, Role, RoleId, UserGroup
from domain.ports import ListFilter, Page, RecordedEntry, SentNotice, Troubles, UnsharedFile, Uses, Workspace
from domain.profiles import Approvers, ProfileId, ProfileVersion
from domain.requests import Request, RequestId, request_name
from domain.resources import Resource, ResourceId
from domain.store import (
    delegations,
    directory,
    drafts,
    health,
    hearing,
    listing,
    loading,
    people,
    recent,
    record,
    releases,
    saving,
    tokens,
    versions,
    viewers,
    waiting,
    webhooks,
)
from domain.store import (
    notices as messages,
)
from domain.store import (
    resources as places,
)
from domain.store.authorities import KeepsAuthorities, ReadsAuthorities
from domain.store.handovers import HandsOver, end_leases, unshared
from domain.store.letters import Writes
from domain.store.line import Line
from domain.store.postgresql import PostgreSQL
from domain.store.released import ReadsReleases, WritesReleases
from domain.store.session import Session, VersionKey
from domain.store.sqlite import Sqlite
from domain.store.urls import database_url, is_sqlite
from domain.tokens import Token, TokenId
from domain.webhooks import Delivery, Endpoint

DEADLINE: Final = timedelta(seconds=2)
"""How long a transaction may take, with all its waiting: Slack waits three seconds for an answer."""


class Database(Protocol):
    """What differs between the databases: how a transaction is begun, limited and ended."""

    writes_in_a_snapshot: bool

    def reading(self) -> AbstractAsyncContextManager[Line]: ...

    def writing(self) -> AbstractAsyncContextManager[Line]: ...

    async def close(self) -> None: ...


class SqlReading(ReadsReleases, ReadsAuthorities):
    """`domain.ports.Reading`."""

    # people

    async def person(self, id: PersonId) -> Person | None:
        return await self._run(people.person, id)

    async def acting(self, id: PersonId, at: datetime) -> tuple[Person, tuple[Person, ...]] | None:
        return await self._run(people.acting, id, at)

    async def people_of(self, approvers: Approvers) -> frozenset[PersonId]:
        return await self._run(people.people_of, approvers)

    async def administrators(self) -> frozenset[PersonId]:
        return await self._run(people.administrators)

    async def delegators_of(self, delegate: PersonId, at: datetime) -> tuple[Person, ...]:
        return await self._run(people.delegators_of, delegate, at)

    async def delegates_of(
        self, delegators: Collection[PersonId], at: datetime
    ) -> Mapping[PersonId, frozenset[PersonId]]:
        return await self._run(delegations.delegates_of, delegators, at)

    async def delegations(self, at: datetime, *, of: PersonId | None = None) -> tuple[Delegation, ...]:
        return await self._run(delegations.not_over, at, of)

    async def delegation(self, number: int) -> Delegation | None:
        return await self._run(delegations.one, number)

    async def turned_delegations(self, at: datetime, limit: int) -> tuple[Delegation, ...]:
        return await self._run(delegations.turned, at, limit)

    async def identities(self, ids: Collection[PersonId] | None = None) -> Mapping[PersonId, Identity]:
        return await self._run(people.identities, ids)

    async def identity_by_email(self, email: str) -> Identity | None:
        return await self._run(people.identity_by_email, email)

    async def usergroups(self) -> tuple[UserGroup, ...]:
        return await self._run(directory.all_usergroups)

    async def groups(self) -> tuple[Group, ...]:
        return await self._run(directory.all_groups)

    async def roles(self) -> tuple[Role, ...]:
        return await self._run(directory.all_roles)

    async def names(self, groups: Collection[GroupId], roles: Collection[RoleId]) -> Mapping[str, str]:
        return await self._run(directory.names, groups, roles)

    async def workspace(self) -> Workspace | None:
        return await self._run(directory.the_workspace)

    async def mirrored_at(self) -> datetime | None:
        return await self._run(directory.mirrored_at)

    async def configured_from(self) -> str | None:
        return await self._run(directory.configured_from)

    # profiles and resources

    async def profile(self, id: ProfileId) -> ProfileVersion | None:
        return await self._run(versions.present, id)

    async def profile_version(self, id: ProfileId, number: int) -> ProfileVersion | None:
        return await self._run(versions.version, id, number)

    async def profile_versions(self, id: ProfileId) -> tuple[ProfileVersion, ...]:
        return await self._run(versions.versions_of, id)

    async def profiles(self) -> tuple[ProfileVersion, ...]:
        return await self._run(versions.listed)

    async def draft(self, id: DraftId) -> Draft | None:
        return await self._run(drafts.draft, id)

    async def resource(self, id: ResourceId) -> Resource | None:
        return await self._run(places.resource, id)

    async def resources(self) -> tuple[Resource, ...]:
        return await self._run(places.all_resources)

    async def uses(self, profile: ProfileId) -> Uses:
        return await self._run(places.uses, profile)

    # requests

    async def request(self, id: RequestId) -> Request | None:
        return await self._run(loading.load, id)

    async def requests(self, ids: Collection[RequestId]) -> tuple[Request, ...]:
        return await self._run(loading.load_all, ids)

    async def open_request_for(self, object_key: str) -> RequestId | None:
        return await self._run(saving.open_request_for, object_key)

    async def executed_for(self, object_key: str) -> RequestId | None:
        return await self._run(saving.executed_for, object_key)

    async def request_submitted_as(self, requester: PersonId, key: str) -> Request | None:
        return await self._run(listing.submitted_as, requester, key)

    async def request_submitted_by(self, client: str, key: str) -> Request | None:
        return await self._run(listing.submitted_by, client, key)

    async def submitted_with(self, client: str, ids: Collection[RequestId]) -> frozenset[RequestId]:
        return await self._run(listing.submitted_with, client, ids)

    async def resubmissions_of(self, id: RequestId) -> tuple[RequestId, ...]:
        return await self._run(listing.resubmissions_of, id)

    async def waiting_on(
        self,
        person: Person,
        *,
        delegators: Sequence[Person] = (),
        filter: ListFilter | None = None,
        limit: int = 10,
        before: RequestId | None = None,
    ) -> Page:
        return await self._run(waiting.waiting_on, person, delegators, filter, limit, before)

    async def how_many_wait(self, person: Person, *, delegators: Sequence[Person] = (), most: int) -> int:
        return await self._run(waiting.how_many, person, delegators, most)

    async def requested_by(
        self, person: PersonId, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page:
        return await self._run(listing.requested_by, person, filter, limit, before)

    async def how_many_requested(self, person: PersonId, *, most: int) -> int:
        return await self._run(listing.how_many_requested, person, most)

    async def recent(
        self, person: PersonId, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page:
        return await self._run(recent.recent, person, filter, limit, before)

    async def all_requests(
        self, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page:
        return await self._run(listing.all_requests, filter, limit, before)

    async def requests_naming(self, approver: str, *, limit: int) -> tuple[RequestId, ...]:
        return await self._run(listing.naming, approver, limit)

    async def blocked_on(self, profile: ProfileId) -> tuple[RequestId, ...]:
        return await self._run(listing.blocked_on, profile)

    async def open_requests(self, *, after: RequestId | None = None, limit: int = 200) -> tuple[Request, ...]:
        return await self._run(listing.open_requests, after, limit)

    # homes, the record, and notices

    async def looked_at(self, person: PersonId) -> str | None:
        return await self._run(viewers.looked_at, person)

    async def viewers(self, since: datetime, limit: int) -> Mapping[PersonId, str]:
        return await self._run(viewers.viewers, since, limit)

    async def audit_of(self, chain: str) -> tuple[RecordedEntry, ...]:
        return await self._run(record.entries_of, chain)

    async def audit_after(self, id: int, *, until: datetime, limit: int) -> tuple[RecordedEntry, ...]:
        return await self._run(record.after, id, until, limit)

    async def audit_about(self, subject: str) -> tuple[RecordedEntry, ...]:
        return await self._run(record.entries_about, subject)

    async def token(self, id: TokenId) -> Token | None:
        return await self._run(tokens.one, id)

    async def tokens(self) -> tuple[Token, ...]:
        return await self._run(tokens.everyone)

    async def endpoints(self) -> tuple[Endpoint, ...]:
        return await self._run(webhooks.endpoints)

    async def endpoint(self, key: str) -> Endpoint | None:
        return await self._run(webhooks.endpoint, key)

    async def delivery(self, number: int) -> Delivery | None:
        return await self._run(webhooks.delivery, number)

    async def deliveries(self, key: str, *, waiting: bool, limit: int) -> tuple[Delivery, ...]:
        return await self._run(webhooks.deliveries, key, waiting, limit)

    async def notices_of(self, request: RequestId) -> tuple[SentNotice, ...]:
        return await self._run(messages.notices_of, request)

    async def notice_at(self, channel: str, ts: str) -> SentNotice | None:
        return await self._run(messages.notice_at, channel, ts)

    async def troubles(self, at: datetime) -> Troubles:
        return await self._run(health.troubles, at)

    async def undelivered(self, limit: int, skipped: int) -> tuple[SentNotice, ...]:
        return await self._run(health.undelivered, limit, skipped)

    async def stuck(self, limit: int, skipped: int) -> tuple[RequestId, ...]:
        return await self._run(health.stuck, limit, skipped)

    async def failed_operations(self, limit: int, skipped: int) -> tuple[RequestId, ...]:
        return await self._run(health.failed_operations, limit, skipped)

    async def unreported(self, at: datetime, limit: int, skipped: int) -> tuple[RequestId, ...]:
        return await self._run(health.unreported, at, limit, skipped)

    async def unshared_files(self, limit: int, skipped: int) -> tuple[UnsharedFile, ...]:
        return await self._run(unshared, limit, skipped)

    async def told_daily(self, keys: Collection[str]) -> frozenset[str]:
        return await self._run(health.told_daily, keys)

    async def database(self) -> str:
        return await self._run(health.database)

    async def failed_notices(self, limit: int = 50) -> tuple[SentNotice, ...]:
        return await self._run(messages.failed, limit)


class SqlTransaction(SqlReading, WritesReleases, KeepsAuthorities, HandsOver, Writes):
    """`domain.ports.Transaction`."""

    async def request_for_update(self, id: RequestId) -> Request | None:
        return await self._run(loading.load, id, lock=True)

    async def new_request_id(self) -> RequestId:
        return await self._run(saving.next_id)

    async def save(self, change: Change) -> Request:
        return await self._run(saving.save, change)

    async def record(self, entry: AuditEntry) -> None:
        await self._run(record.record, entry)

    async def due(self, at: datetime, limit: int) -> tuple[RequestId, ...]:
        return await self._run(listing.due, at, limit)

    async def escalating(self, at: datetime, limit: int) -> tuple[RequestId, ...]:
        return await self._run(listing.escalating, at, limit)

    async def save_profile(self, version: ProfileVersion) -> None:
        await self._run(versions.save, version)

    async def delete_profile(self, id: ProfileId, at: datetime) -> None:
        await self._run(versions.delete_profile, id, at)

    async def keep_draft(self, draft: Draft, at: datetime) -> None:
        await self._run(drafts.keep, draft, at)

    async def save_resource(self, resource: Resource) -> None:
        await self._run(places.save_resource, resource)

    async def delete_resource(self, id: ResourceId) -> None:
        await self._run(places.delete_resource, id)

    async def save_group(self, group: Group) -> None:
        await self._run(directory.save_group, group)

    async def delete_group(self, id: GroupId) -> None:
        await self._run(directory.delete_group, id)

    async def save_role(self, role: Role) -> None:
        await self._run(directory.save_role, role)

    async def delete_role(self, id: RoleId) -> None:
        await self._run(directory.delete_role, id)

    async def add_delegation(self, delegation: Delegation) -> Delegation:
        return await self._run(delegations.add, delegation)

    async def revoke_delegation(self, number: int, at: datetime) -> bool:
        return await self._run(delegations.revoke, number, at)

    async def looked_after(self, number: int, at: datetime) -> None:
        await self._run(delegations.looked_after, number, at)

    async def add_token(self, token: Token) -> None:
        await self._run(tokens.add, token)

    async def revoke_token(self, id: TokenId, at: datetime) -> bool:
        return await self._run(tokens.revoke, id, at)

    async def token_used(self, id: TokenId, at: datetime) -> None:
        await self._run(tokens.used, id, at)

    async def endpoint_for_update(self, key: str) -> Endpoint | None:
        return await self._run(webhooks.endpoint, key, lock=True)

    async def save_endpoint(self, endpoint: Endpoint) -> None:
        await self._run(webhooks.save, endpoint)

    async def delete_endpoint(self, key: str) -> None:
        await self._run(webhooks.remove, key)

    async def untold(self, limit: int) -> tuple[tuple[RequestId, int], ...]:
        return await self._run(webhooks.not_told, limit)

    async def told(self, request: RequestId, number: int) -> None:
        await self._run(webhooks.was_told, request, number)

    async def add_delivery(self, endpoint: str, request: RequestId, number: int, event: Action, at: datetime) -> None:
        await self._run(webhooks.add_delivery, endpoint, request, number, event, at)

    async def save_delivery(self, delivery: Delivery) -> None:
        await self._run(webhooks.save_delivery, delivery)

    async def claim_deliveries(self, key: str, at: datetime, lease: timedelta, limit: int) -> tuple[Delivery, ...]:
        return await self._run(webhooks.claim, key, at, lease, limit)

    async def forget_deliveries(self, at: datetime, limit: int) -> int:
        return await self._run(webhooks.forget, at, limit)

    async def save_workspace(self, workspace: Workspace) -> None:
        await self._run(directory.save_workspace, workspace)

    async def save_identities(self, identities: Collection[Identity]) -> None:
        await self._run(directory.save_identities, identities)

    async def save_usergroups(self, usergroups: Collection[UserGroup], *, all_of_them: bool = False) -> None:
        await self._run(directory.save_usergroups, usergroups, all_of_them=all_of_them)

    async def mark_mirrored(self, at: datetime) -> None:
        await self._run(directory.mark_mirrored, at)

    async def looks(self, person: PersonId, place: str, at: datetime) -> None:
        await self._run(viewers.looks, person, place, at)

    async def forget_viewers(self, before: datetime) -> None:
        await self._run(viewers.forget, before)

    async def mark_configured(self, content: str) -> None:
        await self._run(directory.mark_configured, content)

    async def mirror_alone(self) -> None:
        await self._run(hearing.alone)

    async def hear(self, subject: str, at: datetime, *, told_at: datetime | None = None) -> bool:
        return await self._run(hearing.hear, subject, at, told_at)

    async def heard_since(self, moment: datetime) -> frozenset[str]:
        return await self._run(hearing.since, moment)

    async def claim_stale(
        self, at: datetime, lease: timedelta, limit: int, queue: Queue | None = None
    ) -> tuple[Claim, ...]:
        return await self._run(messages.claim_stale, at, lease, limit, queue)

    async def hold(self, claim: Claim, until: datetime) -> Held | None:
        return await self._run(messages.hold, claim, until)

    async def doubt(self, notices: Collection[int]) -> None:
        await self._run(messages.doubt, notices)

    async def here(self, name: str, at: datetime, since: datetime) -> int:
        return await self._run(messages.here, name, at, since)

    async def gone(self, name: str) -> None:
        await self._run(messages.gone, name)

    async def mark_stale(self, requests: Collection[RequestId]) -> None:
        await self._run(messages.mark_stale, requests)

    async def mark_open_stale(self) -> None:
        await self._run(messages.mark_open_stale)

    async def add_notices(self, request: RequestId, notices: Collection[Notice]) -> None:
        await self._run(messages.add, request, notices)

    async def save_notice(self, notice: SentNotice) -> None:
        await self._run(messages.save, notice)

    async def add_daily(self, request: RequestId, words: Collection[Notice]) -> int:
        return await self._run(health.add_daily, request, words)

    async def try_again(self, notice: int | None) -> tuple[tuple[int, int], ...]:
        return await self._run(health.try_again, notice)

    async def end_leases(self) -> None:
        await self._run(messages.end_leases)
        await self._run(end_leases)
        await self._run(releases.end_leases)

    async def announced(
        self,
        request: RequestId,
        version: int,
        at: datetime,
        *,
        again_at: datetime | None = None,
        queue: Queue = Queue.CHANGED,
        remind_at: datetime | None = None,
    ) -> None:
        wholly = again_at is None
        await self._run(messages.announced, request, version, again_at or at, queue, remind_at, wholly=wholly)

    async def mark_for_reminding(self, at: datetime, limit: int) -> int:
        return await self._run(messages.mark_for_reminding, at, limit)


class SqlStore:
    """`domain.ports.Store`: made by `open_store`, used in one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._versions: dict[VersionKey, ProfileVersion] = {}

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqlReading]:
        async with self._database.reading() as line:
            yield SqlReading(line, Session(line.dialect, Source.SLACK, snapshot=True, versions=self._versions))

    @asynccontextmanager
    async def transaction(self, source: Source) -> AsyncIterator[SqlTransaction]:
        snapshot = self._database.writes_in_a_snapshot
        try:
            async with self._database.writing() as line:
                yield SqlTransaction(line, Session(line.dialect, source, snapshot, self._versions))
        except saving.AnotherIsOpen as error:
            # the transaction is over, and the other request, for which the database made it wait, is committed
            async with self.reading() as reading:
                other = await reading.open_request_for(error.object_key)
            if other is None:
                raise Conflict from error
            raise OpenRequestExists(request=request_name(other)) from error

    async def close(self) -> None:
        """Let go of every connection."""
        await self._database.close()


async def open_store(url: str, *, deadline: timedelta = DEADLINE) -> SqlStore:
    """The store in the database at *url*, as people write it: `sqlite:///countersign.db`, `postgresql://user:password@host/database`.

    A transaction or a reading that lasts longer than *deadline* ends with domain.errors.Busy. The tables must be there:
    `domain.store.schema.migrate`. Raises ValueError, with a sentence that says what to write, for any other address.
    """
    parsed = database_url(url)
    database = Sqlite(parsed, deadline) if is_sqlite(parsed) else PostgreSQL(parsed, deadline)
    return SqlStore(database)
