"""The worker of an outbox: so many items at once, what waited follows, and what failed is tried again as its schedule says."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

import pytest

from bot.environment.outbox import OutboxWorker, TryAgain
from domain.common.backoff import Backoff
from domain.common.errors import Busy

AT_ONCE = 3
SOON = timedelta(seconds=5)
BACKOFF = Backoff.of_seconds(10, 100, jitter=0.1)


class Item(NamedTuple):
    number: int
    attempt: int = 1


class Outbox:
    """Items in memory: each is claimed once, and `work` says what happens to it."""

    def __init__(self, due: Sequence[Item], work: Callable[[Item], Awaitable[None]] | None = None) -> None:
        self.due = list(due)
        self.done: list[int] = []
        self.retried: dict[int, timedelta] = {}
        self.under_way = 0
        self.most = 0
        self._work = work

    def name(self, item: Item) -> str:
        return f"item {item.number}"

    async def claim(self, limit: int) -> Sequence[Item]:
        await asyncio.sleep(0)
        claimed, self.due = self.due[:limit], self.due[limit:]
        return claimed

    async def perform(self, item: Item) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await asyncio.sleep(0)
            if self._work is not None:
                await self._work(item)
            self.done.append(item.number)
        finally:
            self.under_way -= 1

    async def retry(self, item: Item, error: TryAgain, after: timedelta) -> None:  # noqa: ARG002 - the protocol's
        self.retried[item.number] = after


async def test_all_that_is_due_is_done_and_never_more_at_once_than_there_is_room() -> None:
    outbox = Outbox([Item(number) for number in range(20)])
    worker = OutboxWorker(outbox, AT_ONCE)
    assert sum(await asyncio.gather(*(worker.poll() for _ in range(5)))) == AT_ONCE
    await worker.settle(SOON)
    assert sorted(outbox.done) == list(range(20))
    assert outbox.most == AT_ONCE


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 10), (2, 100), (9, 100)])
async def test_what_failed_is_tried_again_after_the_pause_of_its_attempt(
    attempt: int, seconds: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(_item: Item) -> None:
        raise TryAgain("it answered 500")

    outbox = Outbox([Item(7, attempt)], work)
    worker = OutboxWorker(outbox, AT_ONCE, BACKOFF)
    await worker.poll()
    await worker.settle(SOON)
    assert seconds * 0.9 <= outbox.retried[7].total_seconds() <= seconds * 1.1
    [record] = caplog.records
    assert record.message == "item 7 was not done: it answered 500"
    assert record.exc_info is None


async def test_a_pause_that_is_known_better_goes_before_the_schedule() -> None:
    async def work(_item: Item) -> None:
        raise TryAgain("asked too often", after=timedelta(seconds=33))

    outbox = Outbox([Item(7)], work)
    worker = OutboxWorker(outbox, AT_ONCE, BACKOFF)
    await worker.poll()
    await worker.settle(SOON)
    assert outbox.retried == {7: timedelta(seconds=33)}


@pytest.mark.parametrize(("error", "has_trace"), [(Busy(), False), (ZeroDivisionError(), True)])
async def test_what_was_not_foreseen_is_logged_and_left_to_its_lease(
    error: Exception, has_trace: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(item: Item) -> None:
        if item.number == 0:
            raise error

    outbox = Outbox([Item(number) for number in range(AT_ONCE)], work)
    worker = OutboxWorker(outbox, AT_ONCE)
    await worker.poll()
    await worker.settle(SOON)
    assert (sorted(outbox.done), outbox.retried) == ([1, 2], {})
    [record] = caplog.records
    assert (record.exc_info is not None) is has_trace
    outbox.due = [Item(number) for number in range(3, 3 + AT_ONCE)]
    assert await worker.poll() == AT_ONCE, "its room is free again"
    await worker.settle(SOON)


async def test_a_stop_waits_begins_nothing_more_and_cuts_off_what_hangs() -> None:
    async def work(item: Item) -> None:
        if item.number == 0:
            await asyncio.Event().wait()

    outbox = Outbox([Item(number) for number in range(9)], work)
    worker = OutboxWorker(outbox, AT_ONCE)
    await worker.poll()
    await worker.close(timedelta(milliseconds=50))
    assert sorted(outbox.done) == [1, 2]
    assert outbox.under_way == 0
    assert await worker.poll() == 0
