"""Many at once, on connections of their own: every valid decision is counted once, and none is lost."""

import asyncio

import pytest
from sqlalchemy import func, select

from domain.approvals.decisions import Verdict
from domain.approvals.moves import decide
from domain.approvals.requests import Request, RequestId
from domain.approvals.status import RequestStatus
from domain.audit.entries import Source
from domain.common.errors import AlreadyClosed, AlreadyDecided, Conflict, Refusal, StepMovedOn
from domain.people.people import Person
from domain.store import SqlStore
from domain.store.repositories.audit import first_broken
from domain.store.tables import decisions, releases, spent
from tests.databases import opened, seed
from tests.domain.store.build import decided, execute, loaded, submitted
from tests.rules.build import NOON, here, profile, someone, step

SIXTEEN = tuple(someone(f"P{number:02}") for number in range(16))


async def audit_holds(store: SqlStore, request: int) -> bool:
    async with store.reading() as reading:
        return first_broken(await reading.audit.chain(f"request:{request}")) is None


@pytest.mark.parametrize("people", [2, 16])
async def test_a_quorum_of_everybody_is_reached_by_everybody_at_once(
    store: SqlStore, database_url: str, people: int
) -> None:
    wide = profile(step(*SIXTEEN[:people], required=people))
    await seed(store, profiles=[wide])
    for _ in range(5):
        request = await submitted(store, wide)
        await asyncio.gather(*(decided(store, request.id, person) for person in SIXTEEN[:people]))
        after = await loaded(store, request.id)
        assert after.status is RequestStatus.APPROVED
        assert {decision.by for decision in after.decisions} == {person.id for person in SIXTEEN[:people]}
        assert [decision.number for decision in after.decisions] == list(range(1, people + 1))
        assert await audit_holds(store, request.id)
        released = execute(database_url, select(releases.c.request).where(releases.c.request == request.id))
        assert released == [(request.id,)]


async def test_the_quorum_is_reached_exactly_once_whoever_comes_after(store: SqlStore) -> None:
    few = profile(step(*SIXTEEN, required=3))
    await seed(store, profiles=[few])
    request = await submitted(store, few)

    async def click(person: Person) -> Request | Refusal:
        try:
            async with store.transaction(Source.SLACK) as tx:
                found = await tx.requests.lock(request.id)
                assert found is not None
                return await tx.requests.save(decide(found, person, Verdict.APPROVE, NOON, on=here(request)))
        except Refusal as refusal:
            return refusal

    answers = await asyncio.gather(*map(click, SIXTEEN))
    recorded = [answer for answer in answers if isinstance(answer, Request)]
    assert len(recorded) == 3
    assert {type(answer) for answer in answers if not isinstance(answer, Request)} == {AlreadyClosed}
    assert sorted(one.version for one in recorded) == [2, 3, 4]
    after = await loaded(store, request.id)
    assert len(after.decisions) == 3
    assert after.status is RequestStatus.APPROVED


async def test_the_same_click_sixteen_times_counts_once(store: SqlStore, database_url: str) -> None:
    two = profile(step(*SIXTEEN, required=2))
    await seed(store, profiles=[two])
    request = await submitted(store, two)
    answers = await asyncio.gather(*(decided(store, request.id, SIXTEEN[0]) for _ in range(16)), return_exceptions=True)
    assert [type(answer) for answer in answers].count(Request) == 1
    assert {type(answer) for answer in answers} == {Request, AlreadyDecided}
    assert execute(database_url, select(func.count()).select_from(decisions)) == [(1,)]
    assert execute(database_url, select(func.count()).select_from(spent)) == [(1,)]


async def test_without_the_lock_the_swap_lets_one_through(store: SqlStore) -> None:
    many = profile(step(*SIXTEEN, required=16))
    await seed(store, profiles=[many])
    request = await submitted(store, many)

    async def unlocked(person: Person) -> Request:
        async with store.transaction(Source.SLACK) as tx:
            return await tx.requests.save(decide(request, person, Verdict.APPROVE, NOON, on=here(request)))

    answers = await asyncio.gather(*map(unlocked, SIXTEEN), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict"] * 15 + ["Request"]
    assert len((await loaded(store, request.id)).decisions) == 1


async def test_a_lost_race_can_be_decided_again_until_all_are_in(store: SqlStore) -> None:
    many = profile(step(*SIXTEEN[:8], required=8))
    await seed(store, profiles=[many])
    request = await submitted(store, many)

    async def stubborn(person: Person) -> None:
        while True:
            try:
                async with store.transaction(Source.SLACK) as tx:
                    found = await tx.requests.get(request.id)
                    assert found is not None
                    await tx.requests.save(decide(found, person, Verdict.APPROVE, NOON, on=here(found)))
                return
            except Conflict:
                continue

    await asyncio.gather(*map(stubborn, SIXTEEN[:8]))
    after = await loaded(store, request.id)
    assert len(after.decisions) == 8
    assert after.status is RequestStatus.APPROVED
    assert await audit_holds(store, request.id)


async def test_two_processes_on_one_database(store: SqlStore, database_url: str) -> None:
    async with opened(database_url) as other:
        await _two_click(store, other)


async def _two_click(store: SqlStore, other: SqlStore) -> None:
    two = profile(step(*SIXTEEN, required=2), step(*SIXTEEN, name="Second", required=14))
    await seed(store, profiles=[two])
    request = await submitted(store, two)

    async def click(number: int) -> None:
        while True:
            try:
                await decided((store, other)[number % 2], request.id, SIXTEEN[number])
                return
            except (Conflict, StepMovedOn):
                continue

    await asyncio.gather(*map(click, range(16)))
    after = await loaded(other, request.id)
    assert [len(after.decisions_in(0, number)) for number in (0, 1)] == [2, 14]
    assert after.status is RequestStatus.APPROVED
    assert await audit_holds(other, RequestId(request.id))


async def test_reading_is_one_state_while_others_write(store: SqlStore) -> None:
    two = profile(step(*SIXTEEN, required=2))
    await seed(store, profiles=[two])
    request = await submitted(store, two)
    async with store.reading() as reading:
        before = await reading.requests.get(request.id)
        await decided(store, request.id, SIXTEEN[0])
        assert await reading.requests.get(request.id) == before
        assert len(await reading.audit.chain(f"request:{request.id}")) == 2
    assert await loaded(store, request.id) != before


async def test_reading_in_a_transaction_is_never_torn(store: SqlStore) -> None:
    many = profile(*(step(*SIXTEEN, name=f"Step {number}") for number in range(16)))
    await seed(store, profiles=[many])
    request = await submitted(store, many)
    done = asyncio.Event()

    async def look() -> int:
        looks = 0
        while not done.is_set():
            async with store.transaction(Source.SLACK) as tx:
                [found] = await tx.requests.open() or [None]
                # what was read belongs together: one decision and one step for each change
                assert found is None or len(found.decisions) == found.work_items[0].step == found.version - 1
            looks += 1
        return looks

    looking = asyncio.create_task(look())
    for person in SIXTEEN:
        await decided(store, request.id, person)
    done.set()
    assert await looking > 0
    assert (await loaded(store, request.id)).status is RequestStatus.APPROVED
