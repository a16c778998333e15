"""Messages come once, show the newest state, and wait for nobody else's: on a real store, against a strict Slack."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from functools import partial

import pytest

from bot.messages.plan import DueMessage, UpdateKind
from bot.messages.request_updater import LEASE, ClaimedRequest
from bot.messages.sender import SETTLED, TRY_AGAIN
from bot.messages.worker import MessageWorker, _Lane
from bot.slack.platform.client import slack_session
from bot.slack.platform.rate_limits import Limits
from domain.approvals.requests import Request
from domain.audit.entries import Source
from domain.notices.notices import NoticeKind
from domain.notices.update_queue import Queue
from domain.ports import SentNotice
from domain.store import open_store
from tests.bot.stage import CHANNEL, PATIENCE, RITA, SOON, Stage, all_posted, approver, asking, stage
from tests.databases import Databases
from tests.domain.store.build import decided
from tests.end_to_end.company import Clock, until

FEW = asking(12, key="few", required=12)
ONE = asking(1, key="one")
MANY = asking(24, key="many")
SHOUTED = asking(3, key="shouted", required=3, channel=CHANNEL)


@pytest.fixture
async def here(database_url: str) -> AsyncIterator[Stage]:
    """Slack without limits of its own; what is tested is ours."""
    async with stage(database_url, 24, FEW, ONE, MANY, SHOUTED, rates="off") as found:
        yield found


@pytest.fixture
async def paced(sqlite_url: str) -> AsyncIterator[Stage]:
    """The same on one kind of database, for what is about Slack's pace alone."""
    async with stage(sqlite_url, 24, FEW, ONE, MANY, SHOUTED, rates="off") as found:
        yield found


async def test_ten_changes_make_the_first_update_at_once_and_one_more(paced: Stage) -> None:
    request = await paced.submitted(FEW)
    message_worker = paced.message_worker()
    async with paced.at_work(message_worker):
        await paced.settled()
        before = len(paced.calls("chat.update"))
        for number in range(10):
            await decided(paced.store, request.id, approver(number), at=paced.clock())
            message_worker.nudge()
        await paced.settled()
    updates = [call["args"]["ts"] for call in paced.calls("chat.update")[before:]]
    assert max(map(updates.count, updates)) <= 3, "one at once, one for all that followed within the second"
    for notice in await paced.notices(request):
        if notice.notice.kind is not NoticeKind.REVIEW:
            [message] = [message for message in paced.posted() if message["ts"] == notice.ts]
            assert "10 of 12" in json.dumps(message), notice.notice.key


async def test_what_waits_for_the_budget_shows_the_state_of_when_it_is_sent(paced: Stage) -> None:
    request = await paced.submitted(FEW)
    limits = Limits(scale=10_000)
    message_worker = paced.message_worker(limits)
    async with paced.at_work(message_worker):
        await paced.settled()
        limits.refused("chat.update", 3600)
        for number in range(10):
            await decided(paced.store, request.id, approver(number), at=paced.clock())
            message_worker.nudge()
            await asyncio.sleep(0.02)
        assert paced.calls("chat.update") == []
    async with paced.at_work(paced.message_worker()):
        await paced.settled()
    updates = [call["args"]["ts"] for call in paced.calls("chat.update")]
    assert sorted(set(updates)) == sorted(updates), "nothing was drawn twice"
    assert len(updates) == 13


async def test_somebody_is_asked_while_thousands_are_drawn_again(paced: Stage) -> None:
    """A request with very many messages to redraw, no budget for redraws at all: another one's ask is posted, and its own next step's."""
    large = await paced.submitted(MANY)
    limits = Limits(scale=10_000)
    message_worker = paced.message_worker(limits)
    async with paced.at_work(message_worker):
        await paced.settled()
        limits.refused("chat.update", 3600)
        await decided(paced.store, large.id, approver(0), at=paced.clock())
        message_worker.nudge()
        small = await paced.submitted(ONE)
        message_worker.nudge()

        async def asked() -> bool:
            return any(small.name in json.dumps(one) for one in paced.shown_to(approver(0).id))

        await until(asked)

        async def only_the_large_one_waits() -> bool:
            return paced.stale() == [large.id]

        await until(only_the_large_one_waits)
        assert paced.calls("chat.update") == []


async def test_a_request_with_one_message_does_not_wait_for_one_with_many(paced: Stage) -> None:
    large, small = await paced.submitted(MANY), await paced.submitted(ONE)
    async with paced.at_work(paced.message_worker()):
        await paced.settled()
    for request in (large, small):
        await decided(paced.store, request.id, approver(0), at=paced.clock())
    before = len(paced.calls("chat.update"))
    async with paced.at_work(paced.message_worker(Limits(scale=60))):
        await paced.settled()
    updates = [call["args"] for call in paced.calls("chat.update")[before:]]
    places = [number for number, update in enumerate(updates) if small.name in json.dumps(update)]
    assert len(places) == 2
    assert max(places) < 20, "in turn with the other, message by message"
    assert len(updates) == 24 + 1 + 2


def test_who_has_to_act_goes_first_and_what_nobody_waits_for_has_a_turn_in_four() -> None:
    lane = _Lane((Queue.POSTS, Queue.POSTS, Queue.POSTS, Queue.COSMETICS), 1)
    turns = [list(lane.in_turn()) for _ in range(8)]
    assert [turn[0] for turn in turns] == [Queue.POSTS, Queue.POSTS, Queue.POSTS, Queue.COSMETICS] * 2
    assert all({*turn} == {Queue.POSTS, Queue.COSMETICS} for turn in turns), "no turn is lost where one queue is empty"


async def test_what_looks_the_same_is_not_drawn_again(paced: Stage) -> None:
    request = await paced.submitted(FEW)
    async with paced.at_work(paced.message_worker()):
        await paced.settled()
        before = len(paced.calls("chat.update", "chat.postMessage"))
        async with paced.store.transaction(Source.CLOCK) as tx:
            await tx.updates.mark_open()
        await paced.settled()
    assert len(paced.calls("chat.update", "chat.postMessage")) == before
    await all_posted(paced, [request])


async def test_an_ask_that_was_overtaken_before_it_could_be_posted_never_is(paced: Stage) -> None:
    limits = Limits(scale=10_000)
    limits.refused("chat.postMessage", 3600)
    request = await paced.submitted(ONE)
    message_worker = paced.message_worker(limits)
    async with paced.at_work(message_worker):

        async def noted() -> bool:
            return len(await paced.notices(request)) == 2

        await until(noted)
        await decided(paced.store, request.id, approver(0), at=paced.clock())
        message_worker.nudge()
    async with paced.at_work(paced.message_worker()):
        await paced.settled()
    assert paced.shown_to(approver(0).id) == []
    assert len(paced.shown_to(RITA.id)) == 2, "the requester's message, and the outcome"


async def test_a_refusal_is_obeyed_by_every_call_of_the_method(paced: Stage) -> None:
    await paced.control("faults", kind="rate_limit", method="chat.postMessage", count=1, seconds=1)
    requests = [await paced.submitted(FEW) for _ in range(3)]
    async with paced.at_work(paced.message_worker()):
        await paced.settled()
    calls = paced.calls("chat.postMessage")
    [refused] = [number for number, call in enumerate(calls) if call["status"] == 429]
    # what was on its way when the refusal came could not be called back
    on_the_way = [call for call in calls[refused + 1 :] if call["at"] < calls[refused]["at"] + 0.9]
    assert len(on_the_way) <= 3 * 8
    assert max(call["at"] for call in calls) >= calls[refused]["at"] + 1
    await all_posted(paced, requests)


async def test_a_hold_is_kept_for_as_long_as_it_takes(here: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """One call hangs for longer than a claim lasts: nobody else claims the request meanwhile."""
    monkeypatch.setattr("bot.messages.worker.BEAT", timedelta(milliseconds=20))
    request = await here.submitted(ONE)
    await here.control("faults", kind="delay", method="chat.postMessage", seconds=3600)
    message_worker = here.message_worker()
    async with here.at_work(message_worker):

        async def begun() -> bool:
            return any(notice.attempted_at for notice in await here.notices(request))

        async def prolonged() -> bool:
            [claim] = message_worker._claimed
            return claim.until > here.clock() + LEASE * 3 / 4

        await until(begun)
        for _ in range(4):
            here.clock.ahead += LEASE / 2
            await until(prolonged)
            async with here.store.transaction(Source.CLOCK) as tx:
                assert await tx.updates.claim(here.clock(), LEASE, 10) == ()
        await here.control("faults", clear=True)
        await here.settled()
    assert len(here.calls("chat.postMessage")) == 2
    await all_posted(here, [request])


async def test_who_was_stalled_for_longer_than_the_claim_sends_nothing(
    here: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the commit that a post begins and the post, time passes and somebody else takes over."""
    request = await here.submitted(ONE)
    its_clock = Clock()
    stalled = here.message_worker(clock=its_clock)
    send = stalled._updater._send
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def slow(claim: ClaimedRequest, due: Sequence[DueMessage]) -> list[SentNotice]:
        reached.set()
        await go_on.wait()
        return await send(claim, due)

    monkeypatch.setattr(stalled._updater, "_send", slow)  # where a process may stand still
    _stand_still(stalled, monkeypatch)
    async with here.at_work(stalled):
        try:
            await reached.wait()
            here.clock.ahead += 2 * LEASE
            async with here.at_work(here.message_worker()):
                await here.settled()
            assert len(here.calls("chat.postMessage")) == 2
        finally:
            its_clock.ahead = here.clock.ahead
            stalled.stop()
            go_on.set()
    await here.settled()
    assert len(here.calls("chat.postMessage")) == 2
    await all_posted(here, [request])


def _stand_still(message_worker: MessageWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have *worker* prolong no claim, nor say that it is there, as a process that has no processor time."""

    async def nothing() -> None:
        return None

    monkeypatch.setattr(message_worker, "_beat", nothing)


class Gate:
    """Where a process stands still: what the message worker posts is about to be sent, and is not before `go_on`."""

    def __init__(self, message_worker: MessageWorker, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()
        delivery = message_worker._updater._delivery
        bring = delivery.bring

        async def late(due: DueMessage) -> SentNotice:
            if due.kind is UpdateKind.POST:
                self.reached.set()
                await self.go_on.wait()
            return await bring(due)

        monkeypatch.setattr(delivery, "bring", late)  # the moment in between cannot be met from outside


async def _is_taken_back(here: Stage) -> bool:
    return len(here.calls("chat.delete")) == 2


async def test_a_post_that_came_after_the_claim_was_lost_is_taken_back(
    here: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack gets it so late that another one has looked, found nothing, and posted: one message stays."""
    request = await here.submitted(ONE)
    slow = here.message_worker(clock=Clock())
    _stand_still(slow, monkeypatch)
    gate = Gate(slow, monkeypatch)
    async with here.at_work(slow):
        await gate.reached.wait()
        here.clock.ahead += 2 * LEASE
        async with here.at_work(here.message_worker()):
            await here.settled()
        gate.go_on.set()
        await until(partial(_is_taken_back, here))
    await here.settled()
    await _is_there_once(here, request)


async def test_a_post_that_another_one_doubles_at_the_same_time_is_taken_back(
    here: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As before, but the other one, who has looked and found nothing, is about to post when the answer to the first comes."""
    request = await here.submitted(ONE)
    slow, other = here.message_worker(clock=Clock()), here.message_worker()
    _stand_still(slow, monkeypatch)
    first, second = Gate(slow, monkeypatch), Gate(other, monkeypatch)
    async with here.at_work(slow):
        await first.reached.wait()
        here.clock.ahead += 2 * LEASE
        async with here.at_work(other):
            await second.reached.wait()
            first.go_on.set()

            async def posted() -> bool:
                return len(here.posted()) == 2

            await until(posted)
            await asyncio.sleep(0.3)  # so that it has looked what became of the other's
            second.go_on.set()
            await here.settled()
        await until(partial(_is_taken_back, here))
    await here.settled()
    await _is_there_once(here, request)


async def _is_there_once(here: Stage, request: Request) -> None:
    await all_posted(here, [request])
    assert {one["ts"] for one in here.posted()} == {notice.ts for notice in await here.notices(request)}


async def test_a_refusal_while_a_message_is_looked_for_does_not_make_it_posted_again(here: Stage) -> None:
    await here.control("faults", kind="lost_answer", method="chat.postMessage", count=2)
    await here.control("faults", kind="rate_limit", method="conversations.history", count=1, seconds=1)
    await here.control("faults", kind="error", method="conversations.history", count=1, error="missing_scope")
    request = await here.submitted(ONE)
    async with here.at_work(here.message_worker()):

        async def refused() -> bool:
            return len(here.calls("conversations.history")) >= 2

        await until(refused)
        here.clock.ahead += timedelta(minutes=1)
        await here.settled()
    await all_posted(here, [request])
    assert len(here.posted()) == 2


async def _given_up(here: Stage, request: Request) -> bool:
    """Whether both posts got no answer in time."""
    notices = await here.notices(request)
    return len(notices) == 2 and all(
        notice.doubtful_until and notice.doubtful_until < here.clock() + SETTLED for notice in notices
    )


async def test_what_slack_may_still_do_is_not_posted_again_before_it_no_longer_can(here: Stage) -> None:
    """No answer comes in time, another worker looks at once and finds nothing: that says nothing yet."""
    await here.control("faults", kind="delay", method="chat.postMessage", count=2, seconds=120)
    request = await here.submitted(ONE)
    async with slack_session(SOON) as hasty, here.at_work(here.message_worker(session=hasty)):
        await until(partial(_given_up, here, request))
    async with here.at_work(here.message_worker()):
        here.clock.ahead += TRY_AGAIN

        async def looked() -> bool:
            return len(here.calls("conversations.history")) >= 2

        await until(looked)
        here.clock.ahead += TRY_AGAIN
        await asyncio.sleep(0.5)
        assert all(notice.attempted_at for notice in await here.notices(request)), "not found is not: not there"
        assert here.posted() == []
        here.clock.ahead += SETTLED
        await here.settled()
    await all_posted(here, [request])


async def test_a_post_without_an_answer_is_not_posted_again_by_who_goes_on_with_the_same_request(
    here: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One answer is lost, and the others that were sent with it take longer than it takes until it is tried again."""
    request = await here.submitted(ONE)
    message_worker = here.message_worker()
    send = message_worker._updater._send

    async def slow(claim: ClaimedRequest, due: Sequence[DueMessage]) -> list[SentNotice]:
        sent = await send(claim, due)
        here.clock.ahead += 2 * TRY_AGAIN
        return sent

    monkeypatch.setattr(message_worker._updater, "_send", slow)  # where the others are waited for
    await here.control("faults", kind="lost_answer", method="chat.postMessage", count=1)
    async with here.at_work(message_worker):
        await here.settled()
    await all_posted(here, [request])


async def test_two_share_the_work_and_post_nothing_twice_whatever_slack_does(databases: Databases) -> None:
    troubles = [
        {"kind": "lost_answer", "share": 0.05, "seed": 1},
        {"kind": "rate_limit", "share": 0.03, "seed": 2, "seconds": 1},
        {"kind": "http_500", "share": 0.03, "seed": 3},
    ]
    async with databases.migrated("postgresql") as url, stage(url, 12, FEW, ONE, rates="off") as here:
        other = await open_store(url, deadline=PATIENCE)
        await here.control("faults", faults=troubles)
        requests = [await here.submitted(FEW if number % 4 == 0 else ONE) for number in range(16)]
        async with here.at_work(here.message_worker(), here.message_worker(store=other)):
            for number, request in enumerate(requests):
                await decided(here.store, request.id, approver(0), at=here.clock())
                here.clock.ahead += timedelta(seconds=number % 3)
            await here.settled()
            await here.control("faults", clear=True)
        await other.close()
        await all_posted(here, requests)
