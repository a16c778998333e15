"""Lists: filters, pages, and what is due."""

import asyncio
from datetime import timedelta

import pytest

from domain.approvals.decisions import Verdict
from domain.approvals.moves import cancel, expire
from domain.approvals.requests import RequestId
from domain.approvals.resources import Resource, ResourceId, ResourceKind
from domain.approvals.status import RequestStatus
from domain.audit.entries import Source
from domain.common.operations import Operation
from domain.ports import ListFilter, Uses
from domain.store import SqlStore
from tests.databases import seed
from tests.domain.store.build import decided, loaded, submitted
from tests.material_factory import material
from tests.rules.build import ANN, BOB, HOUR, INSTANT, NOON, REQUESTER, WEB, profile, step

TIMED = profile(step(ANN), key="timed", expires_after=HOUR)
LONG = profile(step(ANN), key="long", expires_after=24 * HOUR)
FOR_EVER = profile(step(ANN), key="forever")
OTHER = Resource(key="other", kind=ResourceKind.RA_PROFILE, name="Other")


@pytest.fixture(autouse=True)
async def _profiles(store: SqlStore) -> None:
    await seed(store, profiles=[TIMED, LONG, FOR_EVER])


async def listed(store: SqlStore, **filter: object) -> list[int]:
    """The numbers of all requests that pass *filter*, in the order of the list."""
    async with store.reading() as reading:
        page = await reading.lists.all(filter=ListFilter.model_validate(filter), limit=50)
    return [request.id for request in page.requests]


async def test_each_filter_restricts(store: SqlStore) -> None:
    first = await submitted(store, TIMED)
    second = await submitted(store, LONG, by=BOB, at=NOON + HOUR, entry=OTHER)
    revoked = material(Operation.REVOKE)
    third = await submitted(store, FOR_EVER, operation=Operation.REVOKE, material=revoked, at=NOON + 2 * HOUR)
    await decided(store, first.id, ANN, Verdict.REJECT)
    every = [third.id, second.id, first.id]
    assert await listed(store) == every
    assert await listed(store, statuses=["rejected"]) == [first.id]
    assert await listed(store, statuses=["rejected", "waiting_for_approval"]) == every
    assert await listed(store, statuses=[]) == []
    assert await listed(store, operation="revoke") == [third.id]
    assert await listed(store, resource="other") == [second.id]
    assert await listed(store, resource=WEB.key) == [third.id, first.id]
    assert await listed(store, resource="at-long") == [second.id]  # by a gate
    assert await listed(store, requester=BOB.id) == [second.id]
    assert await listed(store, created_from=NOON + HOUR) == [third.id, second.id]
    assert await listed(store, created_before=NOON + HOUR) == [first.id]
    assert await listed(store, requester=REQUESTER.id, statuses=["waiting_for_approval"]) == [third.id]


async def test_pages_hang_together_and_new_ones_move_nothing(store: SqlStore) -> None:
    ids = [(await submitted(store, TIMED)).id for _ in range(5)]
    async with store.reading() as reading:
        first = await reading.lists.all(limit=2)
    await submitted(store, TIMED)
    async with store.reading() as reading:
        assert first.next is not None
        second = await reading.lists.all(limit=2, before=RequestId(first.next))
        assert second.next is not None
        third = await reading.lists.all(limit=2, before=RequestId(second.next))
    assert [request.id for page in (first, second, third) for request in page.requests] == ids[::-1]
    assert third.next is None


async def test_a_full_last_page_has_no_next(store: SqlStore) -> None:
    await submitted(store, TIMED)
    await submitted(store, TIMED)
    async with store.reading() as reading:
        assert (await reading.lists.all(limit=2)).next is None
        assert (await reading.lists.requested_by(REQUESTER.id, limit=2)).next is None


async def test_ones_own(store: SqlStore) -> None:
    mine, theirs = await submitted(store, TIMED), await submitted(store, TIMED, by=BOB)
    async with store.reading() as reading:
        assert (await reading.lists.requested_by(REQUESTER.id)).requests == (mine,)
        assert (await reading.lists.requested_by(BOB.id)).requests == (theirs,)
        assert (await reading.lists.requested_by(ANN.id)).requests == ()
        of = ListFilter(statuses=frozenset({RequestStatus.APPROVED}))
        assert (await reading.lists.requested_by(BOB.id, filter=of)).requests == ()


async def test_open_ones_come_oldest_first_a_batch_at_a_time(store: SqlStore) -> None:
    requests = [await submitted(store, TIMED) for _ in range(5)]
    await decided(store, requests[2].id, ANN)
    async with store.reading() as reading:
        first = await reading.requests.open(limit=3)
        second = await reading.requests.open(after=first[-1].id, limit=3)
        assert await reading.requests.open(after=second[-1].id) == ()
    assert [*first, *second] == [*requests[:2], *requests[3:]]


async def test_due_are_those_whose_deadline_has_come_the_earliest_first(store: SqlStore) -> None:
    later = await submitted(store, TIMED, at=NOON + timedelta(minutes=1))
    sooner = await submitted(store, TIMED)
    await submitted(store, FOR_EVER)
    closed = await submitted(store, TIMED)
    async with store.transaction(Source.SLACK) as tx:
        await tx.requests.save(cancel(closed, REQUESTER, NOON))
    async with store.transaction(Source.CLOCK) as tx:
        assert await tx.requests.due(NOON + HOUR - INSTANT, 10) == ()
        assert await tx.requests.due(NOON + HOUR, 10) == (sooner.id,)
        assert await tx.requests.due(NOON + 2 * HOUR, 10) == (sooner.id, later.id)
        assert await tx.requests.due(NOON + 2 * HOUR, 1) == (sooner.id,)


async def test_two_sweepers_share_the_work_and_none_is_swept_twice(store: SqlStore) -> None:
    ids = {(await submitted(store, TIMED)).id for _ in range(20)}
    swept: list[int] = []

    async def sweep() -> None:
        while True:
            async with store.transaction(Source.CLOCK) as tx:
                due = await tx.requests.due(NOON + HOUR, 3)
                for one in due:
                    request = await tx.requests.lock(one)
                    assert request is not None
                    change = expire(request, NOON + HOUR)
                    assert change is not None
                    await tx.requests.save(change)
                    swept.append(one)
            if not due:
                return

    await asyncio.gather(sweep(), sweep(), sweep())
    # who finds nothing may only have found everything held; what is left is for the next sweep
    await sweep()
    assert sorted(swept) == sorted(ids)
    assert {(await loaded(store, request_id)).status for request_id in ids} == {RequestStatus.EXPIRED}


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_a_sweeper_leaves_out_what_another_holds(store: SqlStore) -> None:
    held, free = await submitted(store, TIMED), await submitted(store, TIMED)
    async with store.transaction(Source.SLACK) as click, store.transaction(Source.CLOCK) as sweep:
        await click.requests.lock(held.id)
        assert await sweep.requests.due(NOON + HOUR, 10) == (free.id,)


async def test_what_uses_a_profile(store: SqlStore) -> None:
    bound = WEB.replace(approvals={Operation.ISSUE: TIMED.profile, Operation.REVOKE: LONG.profile})
    await seed(store, resources=[bound, OTHER])
    open_one, closed = await submitted(store, TIMED, FOR_EVER), await submitted(store, TIMED)
    await decided(store, closed.id, ANN)
    async with store.reading() as reading:
        assert await reading.profiles.uses(TIMED.id) == Uses(resources=(bound,), requests=(open_one.id,))
        assert await reading.profiles.uses(LONG.id) == Uses(resources=(bound,))
        assert await reading.profiles.uses(FOR_EVER.id) == Uses(
            requests=(open_one.id,)
        )  # though its gate is not reached
    await decided(store, open_one.id, ANN)
    async with store.reading() as reading:
        assert (await reading.profiles.uses(TIMED.id)).requests == ()


async def test_resources_come_by_kind_and_name_and_go(store: SqlStore) -> None:
    authority = Resource(key="ca", kind=ResourceKind.CERTIFICATE_AUTHORITY, name="A first name")
    linked = WEB.replace(certificate_authority="ca", approvals={Operation.ISSUE: TIMED.profile}, description="Nginx")
    await seed(store, resources=[authority, linked, OTHER])
    async with store.reading() as reading:
        assert await reading.resources.listed() == (OTHER, linked, authority)
        assert await reading.resources.get(linked.id) == linked
        assert await reading.resources.get(ResourceId("none")) is None
    async with store.transaction(Source.CLI) as tx:
        await tx.resources.save(linked.replace(approvals={}, name="Renamed"))
        await tx.resources.delete(OTHER.id)
        await tx.resources.delete(ResourceId("none"))
        assert await tx.resources.listed() == (linked.replace(approvals={}, name="Renamed"), authority)
