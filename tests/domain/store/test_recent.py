"""What last concerned somebody: their own requests that closed, and those they decided on, each once, newest first."""

from collections.abc import Sequence
from typing import Any

import pytest

from domain.approvals.decisions import Verdict
from domain.approvals.moves import cancel, expire
from domain.approvals.requests import Request, RequestId
from domain.approvals.status import RequestStatus
from domain.audit.entries import Source
from domain.people.people import Person
from domain.ports import ListFilter
from domain.store import SqlStore
from tests.databases import seed
from tests.domain.store.build import decided, submitted
from tests.rules.build import ANN, BOB, HOUR, NOON, REQUESTER, profile, step

TWO = profile(step(ANN, BOB, required=2), key="two", expires_after=HOUR)
CHAIN = [profile(step(ANN), key="first"), profile(step(ANN), key="second")]
OWN = profile(step(ANN), key="own", requester_may_approve=True)


@pytest.fixture(autouse=True)
async def _profiles(store: SqlStore) -> None:
    await seed(store, profiles=[TWO, *CHAIN, OWN])


async def recent(store: SqlStore, who: Person, **more: Any) -> list[int]:
    async with store.reading() as reading:
        page = await reading.lists.recent(who.id, **more)
    return [request.id for request in page.requests]


async def all_pages(store: SqlStore, who: Person, limit: int) -> list[list[int]]:
    pages: list[list[int]] = []
    before = None
    while True:
        async with store.reading() as reading:
            page = await reading.lists.recent(who.id, limit=limit, before=before)
        pages.append([request.id for request in page.requests])
        if page.next is None:
            return pages
        before = RequestId(page.next)


async def expired(store: SqlStore, requests: Sequence[Request]) -> None:
    async with store.transaction(Source.CLOCK) as tx:
        for request in requests:
            found = await tx.requests.lock(request.id)
            assert found is not None
            change = expire(found, NOON + HOUR)
            assert change is not None
            await tx.requests.save(change)


async def test_it_has_what_one_decided_and_what_of_ones_own_ended(store: SqlStore) -> None:
    first, second, third = [await submitted(store, TWO) for _ in range(3)]
    assert await recent(store, REQUESTER) == []
    assert await recent(store, ANN) == []
    await decided(store, second.id, ANN, at=NOON + HOUR / 6)
    await decided(store, first.id, BOB, Verdict.REJECT, at=NOON + HOUR / 3)
    async with store.transaction(Source.SLACK) as tx:
        await tx.requests.save(cancel(third, REQUESTER, NOON + HOUR / 4))
    assert await recent(store, ANN) == [second.id]
    assert await recent(store, BOB) == [first.id]
    assert await recent(store, REQUESTER) == [first.id, third.id], "in the order in which they ended"


async def test_a_request_stands_there_once_with_the_last_that_concerned_one(store: SqlStore) -> None:
    chained = await submitted(store, *CHAIN)
    other = await submitted(store, CHAIN[0])
    await decided(store, chained.id, ANN, at=NOON)
    await decided(store, other.id, ANN, at=NOON + HOUR)
    assert await recent(store, ANN) == [other.id, chained.id]
    await decided(store, chained.id, ANN, at=NOON + 2 * HOUR)
    assert await recent(store, ANN) == [chained.id, other.id]
    own = await submitted(store, OWN, by=ANN)
    await decided(store, own.id, ANN, at=NOON + 3 * HOUR)
    assert await recent(store, ANN) == [own.id, chained.id, other.id]


async def test_what_a_delegate_decided_concerns_both(store: SqlStore) -> None:
    request = await submitted(store, CHAIN[0])
    await decided(store, request.id, BOB, delegators=[ANN])
    assert await recent(store, BOB) == await recent(store, ANN) == [request.id]


async def test_pages_hang_together_also_where_much_ended_in_one_moment(store: SqlStore) -> None:
    requests = [await submitted(store, TWO) for _ in range(7)]
    await expired(store, requests)
    ids = [request.id for request in reversed(requests)]
    assert await all_pages(store, REQUESTER, 3) == [ids[:3], ids[3:6], ids[6:]]


async def test_a_page_of_decisions_goes_on_after_the_last_shown(store: SqlStore) -> None:
    requests = [await submitted(store, TWO) for _ in range(5)]
    order = [2, 0, 4, 1, 3]
    for minute, place in enumerate(order):
        await decided(store, requests[place].id, ANN, at=NOON + minute * HOUR / 60)
    newest = [requests[place].id for place in reversed(order)]
    assert await all_pages(store, ANN, 2) == [newest[:2], newest[2:4], newest[4:]]
    assert await recent(store, ANN, before=RequestId(9999)) == newest, "after a request that did not concern one"


async def test_filters_narrow_it(store: SqlStore) -> None:
    mine, theirs = await submitted(store, CHAIN[0], by=ANN), await submitted(store, CHAIN[0], by=REQUESTER)
    waiting = await submitted(store, TWO)
    await decided(store, theirs.id, ANN)
    await decided(store, waiting.id, ANN)
    async with store.transaction(Source.SLACK) as tx:
        await tx.requests.save(cancel(mine, ANN, NOON))
    assert await recent(store, ANN) == [waiting.id, theirs.id, mine.id]
    closed = ListFilter(statuses=frozenset({RequestStatus.APPROVED, RequestStatus.CANCELLED}))
    assert await recent(store, ANN, filter=closed) == [theirs.id, mine.id]
    assert await recent(store, ANN, filter=closed, before=theirs.id) == [mine.id]
    assert await recent(store, ANN, filter=ListFilter(resource="at-two")) == [waiting.id]
    assert await recent(store, ANN, filter=ListFilter(requester=ANN.id)) == [mine.id]
    assert await recent(store, ANN, filter=ListFilter(created_before=NOON)) == []
