"""Brings every Slack message up to date with the state. The only caller of chat.*.

A request is stale when it has a version that its notices were not brought up to. Whoever claims it works out which notices its state asks
for, posts what is missing, redraws what is old, and lets go. There is no event bus: after any crash the next look heals every message.

Slack takes only so many calls. A request that needs more of them than there are now waits in a queue in the database, and each queue has
a lane here that claims its requests as the budget it waits for fills up: whoever asks somebody to act first, each request for a few
messages at a time. So neither a request with very many messages nor very many requests keep one waiting that has just changed.
"""

import asyncio
import contextlib
import itertools
import logging
import math
import secrets
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.clock import Clock
from bot.messages.request_updater import LEASE, ClaimedRequest, RequestUpdater
from bot.messages.sender import POST, REDRAW, Delivery
from bot.slack.platform.rate_limits import Limits
from domain.approvals.requests import Request, request_name
from domain.audit.entries import Source
from domain.common.errors import Busy, Conflict
from domain.notices.reminders import QuietHours
from domain.notices.update_queue import Claim, Queue
from domain.people.people import PersonId
from domain.ports import Store

log = logging.getLogger(__name__)

BEAT: Final = timedelta(seconds=10)
"""How often each worker extends its claims and writes its heartbeat."""
SILENT: Final = timedelta(seconds=35)
"""A worker without a heartbeat for this long gets no share of Slack's rate limits any more."""
AT_A_TIME: Final = 8
"""Messages of one request before another one has its turn."""
_TURNS_EACH: Final = 4
"""A lane claims one more request for each so many turns that are free: claiming and looking cost more than a message."""


@dataclass
class _Lane:
    """Serves requests that wait in its queues, some at a time."""

    queues: tuple[Queue, ...]
    width: int
    method: str = ""
    """Of whose turns they wait for one."""
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._turn = itertools.cycle(self.queues)

    def in_turn(self) -> Iterator[Queue]:
        """Each queue once, beginning with the one whose turn it is."""
        first = next(self._turn)
        yield first
        yield from dict.fromkeys(queue for queue in self.queues if queue is not first)


class MessageWorker:
    """Claims stale requests and brings their messages up to date, as fast as Slack takes it."""

    def __init__(
        self,
        client: AsyncWebClient,
        store: Store,
        clock: Clock,
        *,
        limits: Limits | None = None,
        quiet: QuietHours | None = None,
        announced: Callable[[Request, Collection[PersonId]], None] = lambda _request, _people: None,
    ) -> None:
        """*client* must not retry by itself, nor wait for turns: those are taken of *limits*.

        *announced* hears of each request that changed and was looked at, and whom it concerns.
        """
        self._store = store
        self._clock = clock
        self._limits = limits or Limits()
        self._updater = RequestUpdater(
            Delivery(client, self._limits, clock), store, clock, self._limits, quiet, announced
        )
        self._changed = _Lane((Queue.CHANGED,), 8)
        self._lanes = (
            self._changed,
            _Lane((Queue.MARKED,), 2),
            # what nobody waits for has one turn in four
            _Lane((Queue.POSTS, Queue.POSTS, Queue.POSTS, Queue.COSMETICS), 16, POST),
            _Lane((Queue.REDRAWS,), 8, REDRAW),
        )
        self._name = secrets.token_hex(16)
        self._claimed: set[ClaimedRequest] = set()
        self._stopped = asyncio.Event()

    def nudge(self) -> None:
        """Something changed: look now rather than at the next tick."""
        self._changed.wake.set()

    async def run(self, every: timedelta) -> None:
        """Announce until `stop`: at each nudge, and at least as often as *every*."""
        works = [asyncio.create_task(self._work(lane, every)) for lane in self._lanes]
        works.append(asyncio.create_task(self._beat()))
        try:
            await asyncio.gather(*works)
        finally:
            works += [task for lane in self._lanes for task in lane.tasks]
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)

    def stop(self) -> None:
        """Have `run` end when what is being sent has been."""
        self._stopped.set()
        for lane in self._lanes:
            lane.wake.set()

    async def _work(self, lane: _Lane, every: timedelta) -> None:
        try:
            while not self._stopped.is_set():
                try:
                    lane.wake.clear()
                    found = await self._serve(lane)
                except (Busy, Conflict) as error:
                    log.warning("no messages could be updated now: %s", error)
                    await self._pause(1.0)
                except Exception:
                    log.exception("the message worker failed; it tries again at the next look")
                    await self._pause(1.0)
                else:
                    if not found:
                        with contextlib.suppress(TimeoutError):
                            await asyncio.wait_for(lane.wake.wait(), every.total_seconds())
        finally:
            if lane.tasks:
                await asyncio.wait(lane.tasks)

    async def _serve(self, lane: _Lane) -> bool:
        """Claim as many as there is room and budget for, and begin with them; False where nothing waits."""
        room = lane.width - len(lane.tasks)
        if room <= 0:
            await asyncio.wait(lane.tasks, return_when=asyncio.FIRST_COMPLETED)
            return True
        if lane.method:
            if (wait := self._limits.wait(lane.method, waited=True)) > 0:
                await self._pause(wait)
                return True
            room = min(room, math.ceil(self._limits.free(lane.method) / _TURNS_EACH))
        claims = await self._claim(lane, room)
        if lane.method:
            self._limits.queue(lane.method, waiting=bool(claims))
        begun = [self._begin(lane, claim) for claim in claims]
        for claimed in begun:
            await claimed.planned.wait()  # until then nobody knows what is left of the budget
        return bool(begun)

    async def _claim(self, lane: _Lane, room: int) -> tuple[Claim, ...]:
        async with self._store.transaction(Source.CLOCK) as tx:
            for queue in lane.in_turn():
                if claims := await tx.updates.claim(self._clock(), LEASE, room, queue):
                    return claims
        return ()

    def _begin(self, lane: _Lane, claim: Claim) -> ClaimedRequest:
        claimed = ClaimedRequest(claim, AT_A_TIME)
        task = asyncio.create_task(self._announce(claimed))
        self._claimed.add(claimed)
        lane.tasks.add(task)
        task.add_done_callback(lane.tasks.discard)
        task.add_done_callback(lambda _: self._claimed.discard(claimed))
        return claimed

    async def _announce(self, claimed: ClaimedRequest) -> None:
        try:
            left = await self._updater.announce(claimed)
        except Exception as error:  # whatever it is, the others go on and this one is tried again
            name = request_name(claimed.request)
            if isinstance(error, Busy | Conflict):
                log.warning("the messages of %s could not be updated now; the worker tries again: %s", name, error)
            else:
                log.exception("the messages of %s could not be updated; the worker tries again", name)
            with contextlib.suppress(Busy, Conflict):  # then the claim ends by itself
                await self._updater.give_up(claimed)
            return
        if left is not None:
            lane = next(lane for lane in self._lanes if left.queue in lane.queues)
            seconds = (left.at - self._clock()).total_seconds()
            asyncio.get_running_loop().call_later(max(0.0, seconds), lane.wake.set)

    async def _beat(self) -> None:
        """Prolong what is held, and share Slack's budgets with all who announce."""
        try:
            while not self._stopped.is_set():
                try:
                    await self._say_here()
                    for claimed in [*self._claimed]:
                        if claimed.until - self._clock() < LEASE - BEAT:
                            await self._updater.prolong(claimed)
                except (Busy, Conflict) as error:
                    log.warning("claims could not be extended now: %s", error)
                except Exception:
                    log.exception("claims could not be extended")
                await self._pause(BEAT.total_seconds())
        finally:
            with contextlib.suppress(Busy, Conflict):
                async with self._store.transaction(Source.CLOCK) as tx:
                    await tx.updates.deregister(self._name)

    async def _say_here(self) -> None:
        now = self._clock()
        async with self._store.transaction(Source.CLOCK) as tx:
            self._limits.share(await tx.updates.heartbeat(self._name, now, now - SILENT))

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), seconds)
