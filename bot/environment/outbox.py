"""The worker that empties an outbox of the store: it claims due items, performs them, and retries the failed ones.

Every process has such workers; the store gives each item to one of them at a time, under a lease. Nothing between two transactions is
relied on: where a process dies, another one claims the item when its lease ends.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from random import SystemRandom
from typing import Final, Generic, Protocol, TypeVar

from domain.common.backoff import Backoff
from domain.common.errors import Busy, Conflict

log = logging.getLogger(__name__)

BACKOFF: Final = Backoff.of_seconds(2, 5, 15, 45, 120, 360, 900, 1800, 3600, jitter=0.25)
"""About threefold each time, up to an hour."""


class Claimed(Protocol):
    """An item that a worker holds."""

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""


Item = TypeVar("Item", bound=Claimed)


class TryAgain(Exception):
    """It could not be done now; the message says why."""

    def __init__(
        self,
        why: str,
        *,
        after: timedelta | None = None,
        cause: Exception | None = None,
        level: int = logging.WARNING,
    ) -> None:
        """It is tried again after *after*, where that is known better than by the schedule.

        It is logged at *level*, with the trace of *cause*.
        """
        super().__init__(why)
        self.after = after
        self.cause = cause
        self.level = level


class Handler(Protocol[Item]):
    """What is particular to one outbox."""

    def name(self, item: Item) -> str:
        """What the log calls it."""

    async def claim(self, limit: int) -> Sequence[Item]:
        """Up to *limit* items that are due, earliest first."""

    async def perform(self, item: Item) -> None:
        """Do it, and record that it is done. Raises TryAgain."""

    async def retry(self, item: Item, error: TryAgain, after: timedelta) -> None:
        """Record that *item* is to be tried again after *after*, because of *error*."""


class OutboxWorker(Generic[Item]):
    """Performs up to *at_once* items at the same time."""

    def __init__(
        self, handler: Handler[Item], at_once: int, backoff: Backoff = BACKOFF, *, is_ordered: bool = False
    ) -> None:
        """*is_ordered* says that the end of one item can make another one due."""
        self._handler = handler
        self._at_once = at_once
        self._backoff = backoff
        self._is_ordered = is_ordered
        self._chance = SystemRandom().random
        self._busy = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self._may_be_more = False
        """Whether items may be due that the last claim did not see, or had no room for."""

    async def poll(self) -> int:
        """Claim what is due, as far as there is room, and begin with it; how many items that were. The others follow as these end."""
        room = self._at_once - self._busy
        if self._is_closed:
            return 0
        self._may_be_more = room <= 0
        if self._may_be_more:
            return 0
        self._busy += room  # taken before the store is asked: several may ask at the same moment
        items: Sequence[Item] = ()
        try:
            items = await self._handler.claim(room)
        finally:
            self._busy -= room - len(items)
        for item in items:
            task = asyncio.create_task(self._run(item))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if len(items) == room:
            self._may_be_more = True
        elif self._may_be_more:  # another poll came during this claim, for something that it may not have seen
            return len(items) + await self.poll()
        return len(items)

    async def settle(self, within: timedelta) -> None:
        """Wait until everything that is due has been performed, at most *within*; what takes longer is left for its lease to end."""
        try:
            async with asyncio.timeout(within.total_seconds()):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        except TimeoutError:
            pass
        late = list(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def close(self, within: timedelta) -> None:
        """Begin with nothing more, and wait as `settle` does."""
        self._is_closed = True
        await self.settle(within)

    async def _run(self, item: Item) -> None:
        """One attempt, and then whatever else is due and had to wait for this one."""
        name = self._handler.name(item)
        try:
            try:
                await self._attempt(item, name)
            finally:
                self._busy -= 1
            if self._may_be_more or self._is_ordered:
                await self.poll()
        except (Busy, Conflict) as error:
            log.warning("%s: the database was slow, or another process was quicker: %s", name, error)
        except Exception:
            log.exception("%s failed; it is tried again when its lease ends", name)

    async def _attempt(self, item: Item, name: str) -> None:
        try:
            await self._handler.perform(item)
        except TryAgain as error:
            after = error.after
            if after is None:
                after = self._backoff.after(item.attempt, self._chance())
            log.log(error.level, "%s was not done: %s", name, error, exc_info=error.cause)
            await self._handler.retry(item, error, after)
