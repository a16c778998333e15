"""Which requests have to be announced again, and what became of each message."""

import asyncio
from datetime import datetime

import pytest

from domain.approvals.decisions import Verdict
from domain.approvals.requests import RequestId
from domain.audit.entries import Source
from domain.notices.notices import Notice, NoticeKind
from domain.ports import SentNotice
from domain.store import SqlStore
from domain.workflow import remind_due
from tests.databases import seed
from tests.domain.store.build import decided, loaded, submitted
from tests.rules.build import ANN, BOB, HOUR, INSTANT, NOON, profile, step

BOTH = profile(step(ANN, BOB, required=2))
ASK = Notice(kind=NoticeKind.ASK, key="ask:0.0:C1", channel="C1")
PROGRESS = Notice(kind=NoticeKind.PROGRESS, key="progress", person=ANN.id)
REVIEW = Notice(kind=NoticeKind.REVIEW, key="review:1", channel="C1", gate=1, step=2, decision=1, under=ASK.key)


@pytest.fixture(autouse=True)
async def _profiles(store: SqlStore) -> None:
    await seed(store, profiles=[BOTH])


async def claimed(store: SqlStore, at: datetime = NOON, limit: int = 10) -> list[int]:
    """What can be claimed at *at*, for an hour."""
    async with store.transaction(Source.CLOCK) as tx:
        return [one.request for one in await tx.updates.claim(at, HOUR, limit)]


async def announced(
    store: SqlStore, id: int, version: int, at: datetime = NOON, again_at: datetime | None = None
) -> None:
    async with store.transaction(Source.CLOCK) as tx:
        await tx.updates.finish(RequestId(id), version, at, again_at=again_at)


async def test_a_change_makes_stale_and_an_announcement_fresh(store: SqlStore) -> None:
    request = await submitted(store, BOTH)
    assert await claimed(store) == [request.id]
    await announced(store, request.id, 1)
    assert await claimed(store) == []
    await decided(store, request.id, ANN)
    assert await claimed(store) == [request.id]
    await announced(store, request.id, 2)
    assert await claimed(store, NOON + 9 * HOUR) == []


async def test_what_is_claimed_is_held_until_the_lease_is_over(store: SqlStore) -> None:
    request = await submitted(store, BOTH)
    assert await claimed(store) == [request.id]
    assert await claimed(store, NOON + HOUR - INSTANT) == []
    assert await claimed(store, NOON + HOUR) == [request.id]


async def test_redrawing_is_no_change_of_the_request(store: SqlStore) -> None:
    request = await submitted(store, BOTH)
    await claimed(store)
    await announced(store, request.id, 1)
    async with store.transaction(Source.CLOCK) as tx:
        await tx.updates.mark([request.id])
    assert await loaded(store, request.id) == request


async def test_a_change_while_it_is_announced_is_announced_next(store: SqlStore) -> None:
    request = await submitted(store, BOTH)
    await claimed(store)
    await decided(store, request.id, ANN)
    assert await claimed(store) == []  # somebody is at it
    await announced(store, request.id, 1)
    assert await claimed(store) == [request.id]


async def test_a_mark_while_it_is_announced_is_announced_next(store: SqlStore) -> None:
    request = await submitted(store, BOTH)
    await claimed(store)
    async with store.transaction(Source.CLOCK) as tx:
        await tx.updates.mark([request.id, RequestId(99)])
    await announced(store, request.id, 1)
    assert await claimed(store) == [request.id]
    await announced(store, request.id, 1)
    assert await claimed(store) == []


async def test_a_mark_outlives_who_claimed_it(store: SqlStore) -> None:
    request = await submitted(store, BOTH)
    await claimed(store)
    await announced(store, request.id, 1)
    async with store.transaction(Source.CLOCK) as tx:
        await tx.updates.mark([request.id])
    assert await claimed(store) == [request.id]
    # and then that process died
    assert await claimed(store, NOON + HOUR) == [request.id]


async def test_what_could_not_all_be_shown_is_claimed_again_from_then_on(store: SqlStore) -> None:
    request = await submitted(store, BOTH)
    await claimed(store)
    await announced(store, request.id, 1, again_at=NOON + HOUR)
    assert await claimed(store, NOON + HOUR - INSTANT) == []
    assert await claimed(store, NOON + HOUR) == [request.id]


async def test_a_change_does_not_wait_for_what_could_not_be_shown(store: SqlStore) -> None:
    request = await submitted(store, BOTH)
    await claimed(store)
    await announced(store, request.id, 1, again_at=NOON + 9 * HOUR)
    await decided(store, request.id, ANN, at=NOON + HOUR)
    assert await claimed(store, NOON + HOUR) == [request.id]


async def test_an_older_picture_that_comes_late_is_drawn_over(store: SqlStore) -> None:
    request = await submitted(store, BOTH)
    await decided(store, request.id, ANN)
    await announced(store, request.id, 2)
    await announced(store, request.id, 1)
    assert await claimed(store) == [request.id]


async def test_the_oldest_change_comes_first(store: SqlStore) -> None:
    young = await submitted(store, BOTH, at=NOON - INSTANT)
    old = await submitted(store, BOTH, at=NOON - HOUR)
    assert await claimed(store, limit=1) == [old.id]
    assert await claimed(store, limit=1) == [young.id]


async def test_two_announcers_never_hold_the_same(store: SqlStore) -> None:
    ids = [(await submitted(store, BOTH)).id for _ in range(12)]
    rounds = await asyncio.gather(*(claimed(store, limit=3) for _ in range(6)))
    held = [one for some in rounds for one in some]
    assert len(held) == len(set(held))
    assert sorted([*held, *await claimed(store, limit=50)]) == ids


async def test_a_notice_is_added_once_by_its_key(store: SqlStore) -> None:
    request, other = await submitted(store, BOTH), await submitted(store, BOTH)
    async with store.transaction(Source.CLOCK) as tx:
        await tx.notices.add(request.id, [ASK, PROGRESS])
        await tx.notices.add(other.id, [ASK])
        await tx.notices.add(other.id, [])
        [first, second] = await tx.notices.of_request(request.id)
    assert first == SentNotice(id=first.id, request=request.id, notice=ASK)
    assert second.notice == PROGRESS
    posted = first.replace(channel="C1", ts="1.2", shown=3, attempted_at=NOON)
    async with store.transaction(Source.CLOCK) as tx:
        await tx.notices.save(posted)
        await tx.notices.add(request.id, [PROGRESS, REVIEW, ASK])
    async with store.reading() as reading:
        assert [one.notice for one in await reading.notices.of_request(request.id)] == [ASK, PROGRESS, REVIEW]
        assert (await reading.notices.of_request(request.id))[0] == posted
        assert await reading.notices.at("C1", "1.2") == posted
        assert await reading.notices.at("C1", "1.3") is None
        assert await reading.notices.of_request(RequestId(99)) == ()


async def test_what_slack_refused_for_good_is_listed_the_latest_first(store: SqlStore) -> None:
    request = await submitted(store, BOTH)
    async with store.transaction(Source.CLOCK) as tx:
        await tx.notices.add(request.id, [ASK, PROGRESS, REVIEW])
        [ask, _, review] = await tx.notices.of_request(request.id)
        failed = [one.replace(failure="is_archived") for one in (ask, review)]
        for one in failed:
            await tx.notices.save(one)
    async with store.reading() as reading:
        assert await reading.notices.failed() == (failed[1], failed[0])
        assert await reading.notices.failed(1) == (failed[1],)
    async with store.transaction(Source.CLOCK) as tx:
        await tx.notices.save(ask)
        assert await tx.notices.failed() == (failed[1],)


async def test_every_open_request_is_announced_again_and_no_closed_one(store: SqlStore) -> None:
    waiting, closed = (
        await submitted(store, BOTH),
        await submitted(store, BOTH),
    )
    await decided(store, closed.id, ANN, Verdict.REJECT)
    await announced(store, waiting.id, 1)
    await announced(store, closed.id, 2)
    assert await claimed(store) == []
    async with store.transaction(Source.CLI) as tx:
        await tx.updates.mark_open()
    assert await claimed(store) == [waiting.id]


async def test_a_request_is_announced_again_when_its_reminder_is_due_and_once(store: SqlStore) -> None:
    first, second = await submitted(store, BOTH), await submitted(store, BOTH)
    for request in (first, second):
        async with store.transaction(Source.CLOCK) as tx:
            await tx.updates.finish(request.id, 1, NOON, remind_at=NOON + HOUR)
    assert await remind_due(store, NOON + HOUR - INSTANT) == 0
    assert await remind_due(store, NOON + HOUR, limit=1) == 1
    async with store.transaction(Source.CLOCK) as tx:
        [held] = await tx.updates.claim(NOON + HOUR, HOUR, 10)
    assert held.request == first.id
    assert await remind_due(store, NOON + HOUR) == 1
    assert await remind_due(store, NOON + HOUR) == 0
    async with store.transaction(Source.CLOCK) as tx:
        await tx.updates.finish(second.id, 1, NOON + HOUR)
    assert await remind_due(store, NOON + 100 * HOUR) == 0, "nothing more is to come"


async def test_two_who_look_share_what_is_due(store: SqlStore) -> None:
    for request in [await submitted(store, BOTH) for _ in range(6)]:
        async with store.transaction(Source.CLOCK) as tx:
            await tx.updates.finish(request.id, 1, NOON, remind_at=NOON)
    assert sum(await asyncio.gather(*(remind_due(store, NOON, limit=6) for _ in range(4)))) == 6


async def test_since_when_somebody_is_asked_is_kept_as_it_was_first(store: SqlStore) -> None:
    request = await submitted(store, BOTH)
    ask = Notice(kind=NoticeKind.ASK, key="ask:0.0:x", person=ANN.id, since=NOON)
    async with store.transaction(Source.CLOCK) as tx:
        await tx.notices.add(request.id, [ask])
        await tx.notices.add(request.id, [ask.replace(since=NOON + HOUR)])
        assert [one.notice for one in await tx.notices.of_request(request.id)] == [ask]
