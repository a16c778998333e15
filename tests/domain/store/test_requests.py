"""Requests are read back as they were saved, whatever happened to them; and whoever saves second is told."""

import asyncio

import pytest
from sqlalchemy import select

from domain.approvals.changes import Change
from domain.approvals.decisions import Verdict
from domain.approvals.moves import cancel, comment, decide, expire, follow, override
from domain.approvals.requests import Request, RequestId
from domain.approvals.resources import Resource, ResourceKind
from domain.approvals.status import OperationStatus, RequestStatus, WorkItemStatus
from domain.audit.entries import Source
from domain.common.errors import Conflict, OpenRequestExists
from domain.common.operations import Operation
from domain.store import SqlStore
from domain.store.tables import releases
from tests.databases import seed
from tests.domain.store.build import decided, execute, loaded, submitted
from tests.material_factory import material
from tests.rules.build import ADMIN, ANN, BOB, CAT, DAN, HOUR, NOON, REQUESTER, here, profile, step, submission

TWO_STEPS = profile(step(ANN, BOB, required=2), step(CAT, name="PKI"), expires_after=24 * HOUR)
SECOND_GATE = profile(step(BOB), key="ca")
BLOCKED = profile(step(), key="blocked")


@pytest.fixture(autouse=True)
async def _profiles(store: SqlStore) -> None:
    await seed(store, profiles=[TWO_STEPS, SECOND_GATE, BLOCKED])


async def test_a_request_comes_back_as_it_was_saved(store: SqlStore) -> None:
    change = submission(TWO_STEPS, SECOND_GATE)
    async with store.transaction(Source.SLACK) as tx:
        saved = await tx.requests.save(change)
        assert await tx.requests.get(saved.id) == saved
        assert await tx.requests.lock(saved.id) == saved
    assert saved == change.request.replace(version=1)
    assert await loaded(store, saved.id) == saved


async def test_one_that_there_is_not_is_none(store: SqlStore) -> None:
    async with store.transaction(Source.SLACK) as tx:
        assert await tx.requests.get(RequestId(999)) is None
        assert await tx.requests.lock(RequestId(10**18 - 1)) is None
        assert await tx.requests.open_for("issue:none") is None
        assert await tx.requests.resubmissions_of(RequestId(999)) == ()


async def test_every_step_to_the_approval_comes_back(store: SqlStore, database_url: str) -> None:
    saved = await submitted(store, TWO_STEPS, SECOND_GATE)
    for by in (ANN, BOB, CAT, BOB):
        await decided(store, saved.id, by)
        async with store.transaction(Source.SLACK) as tx:
            found = await tx.requests.lock(saved.id)
            assert found is not None
            saved = await tx.requests.save(comment(found, by, "Said and done: ünïcödé, <!channel>, 'quoted' %s", NOON))
        assert await loaded(store, saved.id) == saved
    assert (saved.status, saved.version) == (RequestStatus.APPROVED, 9)
    released = select(releases.c.request, releases.c.number, releases.c.operation, releases.c.digest, releases.c.due_at)
    assert execute(database_url, released) == [(saved.id, 1, Operation.ISSUE, saved.digest, NOON)]


@pytest.mark.parametrize("how", ["reject", "cancel", "expire", "override", "override to rejected"])
async def test_every_end_comes_back(store: SqlStore, how: str) -> None:
    request = await submitted(store, TWO_STEPS, SECOND_GATE)
    request = await decided(store, request.id, ANN)
    ends: dict[str, Change | None] = {
        "reject": decide(request, BOB, Verdict.REJECT, NOON, on=here(request), comment="No"),
        "cancel": cancel(request, REQUESTER, NOON, "Changed my mind"),
        "expire": expire(request, NOON + 25 * HOUR),
        "override": override(request, ADMIN, Verdict.APPROVE, NOON, "The site is down"),
        "override to rejected": override(request, ADMIN, Verdict.REJECT, NOON, "Compromised"),
    }
    change = ends[how]
    assert change is not None
    async with store.transaction(Source.SLACK) as tx:
        saved = await tx.requests.save(change)
    assert saved == change.request.replace(version=3)
    assert await loaded(store, saved.id) == saved


async def test_a_rejected_one_that_is_overridden_comes_back_released(store: SqlStore) -> None:
    request = await submitted(store, TWO_STEPS)
    request = await decided(store, request.id, ANN, Verdict.REJECT)
    async with store.transaction(Source.SLACK) as tx:
        request = await tx.requests.save(override(request, ADMIN, Verdict.APPROVE, NOON, "It is needed"))
    assert await loaded(store, request.id) == request
    assert request.operation_status is OperationStatus.RELEASED


async def test_one_without_gates_and_one_that_is_resubmitted_come_back(store: SqlStore) -> None:
    first = await submitted(store)
    second = await submitted(store, resubmission_of=first.id)
    assert await loaded(store, first.id) == first
    assert await loaded(store, second.id) == second
    async with store.reading() as reading:
        assert await reading.requests.resubmissions_of(first.id) == (second.id,)


async def test_a_blocked_one_follows_its_profile(store: SqlStore) -> None:
    request = await submitted(store, BLOCKED, SECOND_GATE)
    assert [item.status for item in request.work_items] == [WorkItemStatus.BLOCKED, WorkItemStatus.QUEUED]
    async with store.reading() as reading:
        assert await reading.requests.blocked_on(BLOCKED.id) == (request.id,)
        assert await reading.requests.blocked_on(SECOND_GATE.id) == ()
    better = BLOCKED.next(BLOCKED.definition.replace(steps=(step(ANN),)))
    assert better is not None
    async with store.transaction(Source.SLACK) as tx:
        await tx.profiles.save(better)
        change = follow(request, better, NOON)
        assert change is not None
        saved = await tx.requests.save(change)
        assert await tx.requests.get(request.id) == saved
    assert await loaded(store, request.id) == saved
    async with store.reading() as reading:
        assert await reading.requests.blocked_on(BLOCKED.id) == ()
    async with store.reading() as reading:
        page = await reading.lists.waiting_on(ANN)
    assert page.requests == (saved,)


async def test_a_decision_for_somebody_comes_back_and_uses_up_both(store: SqlStore) -> None:
    request = await submitted(store, TWO_STEPS)
    request = await decided(store, request.id, DAN, delegators=(ANN,))
    assert request.decisions[0].on_behalf_of == ANN.id
    assert (await loaded(store, request.id)).spent(0) == {ANN.id, DAN.id}


async def test_who_saves_second_is_told_and_saves_nothing(store: SqlStore) -> None:
    request = await submitted(store, TWO_STEPS)
    winner = decide(request, ANN, Verdict.APPROVE, NOON, on=here(request))
    loser = decide(request, BOB, Verdict.APPROVE, NOON, on=here(request))
    async with store.transaction(Source.SLACK) as tx:
        saved = await tx.requests.save(winner)

    async def lose(*, lock: bool) -> None:
        async with store.transaction(Source.SLACK) as tx:
            if lock:
                await tx.requests.lock(request.id)
            await tx.requests.save(loser)

    for lock in (False, True):
        with pytest.raises(Conflict):
            await lose(lock=lock)
    assert await loaded(store, request.id) == saved


async def test_the_same_number_twice_is_a_conflict(store: SqlStore) -> None:
    request = await submitted(store, TWO_STEPS)
    with pytest.raises(Conflict):
        async with store.transaction(Source.SLACK) as tx:
            await tx.requests.save(submission(TWO_STEPS, id=request.id))


async def test_a_change_may_be_followed_by_another_in_one_transaction(store: SqlStore) -> None:
    request = await submitted(store, TWO_STEPS)
    async with store.transaction(Source.SLACK) as tx:
        request = await tx.requests.save(decide(request, ANN, Verdict.APPROVE, NOON, on=here(request)))
        request = await tx.requests.save(decide(request, BOB, Verdict.APPROVE, NOON, on=here(request)))
    assert await loaded(store, request.id) == request
    assert request.version == 3


async def test_a_second_open_request_for_the_same_is_refused_and_names_the_first(store: SqlStore) -> None:
    same = material(Operation.ISSUE, "same.example.com")
    first = await submitted(store, TWO_STEPS, material=same)
    with pytest.raises(OpenRequestExists, match=f"REQ-{first.id} already asks for this"):
        await submitted(store, TWO_STEPS, material=same)
    async with store.transaction(Source.SLACK) as tx:
        await tx.requests.save(cancel(first, REQUESTER, NOON))
    second = await submitted(store, TWO_STEPS, material=same)
    assert not second.status.is_closed


async def test_two_that_ask_for_the_same_at_the_same_moment(store: SqlStore) -> None:
    same = material(Operation.ISSUE, "race.example.com")

    async def submit_as(number: int) -> Request:
        async with store.transaction(Source.SLACK) as tx:
            return await tx.requests.save(submission(TWO_STEPS, material=same, id=RequestId(number)))

    both = await asyncio.gather(submit_as(501), submit_as(502), return_exceptions=True)
    [refused] = [one for one in both if isinstance(one, BaseException)]
    [saved] = [one for one in both if not isinstance(one, BaseException)]
    assert isinstance(refused, OpenRequestExists)
    assert f"REQ-{saved.id}" in str(refused)


async def test_numbers_are_never_given_twice(store: SqlStore) -> None:
    async def number() -> int:
        async with store.transaction(Source.SLACK) as tx:
            return await tx.requests.new_id()

    numbers = await asyncio.gather(*(number() for _ in range(20)))
    assert sorted(numbers) == list(range(1, 21))


async def test_where_it_entered_stays_as_it_was_called(store: SqlStore) -> None:
    entry = Resource(key="web", kind=ResourceKind.RA_PROFILE, name="Web")
    async with store.transaction(Source.CLI) as tx:
        await tx.resources.save(entry)
    request = await submitted(store, TWO_STEPS, entry=entry)
    async with store.transaction(Source.CLI) as tx:
        await tx.resources.save(entry.replace(name="Renamed"))
    assert (await loaded(store, request.id)).entry_name == "Web"
