"""Brings the messages of one claimed request up to date, as far as Slack's rate limits allow now, and releases the claim.

A worker never waits for a rate limit while it holds a claim. It releases the request into the queue for that limit instead. So every
message is drawn right before it is sent, and ten changes during the wait make one message.

A worker may stall for longer than its claim lasts, and another worker may have the request by then. So each transaction checks that the
claim is still valid, nothing is sent shortly before a claim ends, and a worker that lost its claim corrects what it did.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeVar

from bot.environment.clock import Clock
from bot.messages.plan import DueMessage, UpdateKind, Urgency, due_in, readers_of
from bot.messages.sender import SETTLED, TRY_AGAIN, Delivery, Later
from bot.messages.snapshot import Snapshot, look
from bot.slack.platform.client import CALL
from bot.slack.platform.rate_limits import RATES_OF_A_CHANNEL, Limits
from domain.approvals.requests import Request, RequestId, request_name
from domain.audit.entries import Source
from domain.notices.reminders import QuietHours
from domain.notices.update_queue import Claim, Queue
from domain.people.people import PersonId
from domain.ports import SentNotice, Store, Transaction

log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=60)
"""How long a claim lasts; longer than a call to Slack may take."""
MARGIN: Final = timedelta(seconds=20)
"""Nothing is started this long before a claim ends: a call takes half of it at most."""
TOGETHER: Final = timedelta(seconds=1)
"""The shortest time between two updates of a request's messages: the first change is shown at once, later ones together."""
_REMEMBERED: Final = 1000
_Key = TypeVar("_Key", bound=int)


class Postponed(NamedTuple):
    """Something that could not be done now: what it waits for, and when it can be tried."""

    queue: Queue
    at: datetime


class LeaseLost(Exception):
    """Another worker holds the request now."""


class ClaimedRequest:
    """A request that this worker holds, and what it may still send for it."""

    def __init__(self, claim: Claim, most: int) -> None:
        self.claim = claim
        self.until = claim.until
        self.left_to_send = most
        self.sent_any = False
        self.planned = asyncio.Event()
        """Set once it has taken what it can of Slack's budgets."""

    @property
    def request(self) -> RequestId:
        return self.claim.request

    @property
    def has_waited(self) -> bool:
        """Whether this is a backlog's turn, which leaves some of each burst to what is new."""
        return self.claim.queue is not Queue.CHANGED


class RequestUpdater:
    """Brings the messages of claimed requests up to date."""

    def __init__(
        self,
        delivery: Delivery,
        store: Store,
        clock: Clock,
        limits: Limits,
        quiet: QuietHours | None,
        announced: Callable[[Request, Collection[PersonId]], None],
    ) -> None:
        self._delivery = delivery
        self._store = store
        self._clock = clock
        self._limits = limits
        self._quiet = quiet
        self._announced = announced
        self._redrawn: OrderedDict[RequestId, datetime] = OrderedDict()
        self._not_before: OrderedDict[int, datetime] = OrderedDict()

    async def announce(self, claimed: ClaimedRequest) -> Postponed | None:
        """Do what can be done now, and let go; what is left, if anything.

        Raises domain.common.errors.Busy or Conflict where the database cannot take it: see `give_up`.
        """
        done: list[SentNotice] = []
        snapshot: Snapshot | None = None
        try:
            while True:
                if snapshot is None:
                    async with self._store.reading() as reading:
                        snapshot = await look(reading, claimed.request, self._clock(), self._quiet)
                async with self._store.transaction(Source.CLOCK) as tx:
                    fresh = await self._keep(tx, claimed, done, snapshot)
                    done = []
                    if not fresh:
                        snapshot = None
                        continue
                    due, left = await self._plan(tx, claimed, snapshot)
                    if not due:
                        rest = await self._let_go(tx, claimed, snapshot, left)
                        break
                done = await self._send(claimed, due)
                snapshot.sent |= {sent.notice.key: sent for sent in done}
                if any(sent.failure is not None and sent.notice.channel is not None for sent in done):
                    snapshot = None  # whom a channel that takes no message would have asked is asked directly, at once
        except LeaseLost:
            await self._put_right(claimed, done)
            return None
        finally:
            claimed.planned.set()
        if claimed.claim.queue in {Queue.CHANGED, Queue.MARKED}:
            self._announced(snapshot.request, readers_of(snapshot.sent.values()))
        return rest

    async def prolong(self, claimed: ClaimedRequest) -> None:
        """Extend the claim, if it is still ours."""
        until = self._clock() + LEASE
        async with self._store.transaction(Source.CLOCK) as tx:
            if await tx.updates.extend(claimed.claim, until) is not None:
                claimed.until = until

    async def give_up(self, claimed: ClaimedRequest) -> None:
        """Something went wrong: let go of it, to be tried again soon."""
        now = self._clock()
        async with self._store.transaction(Source.CLOCK) as tx:
            if await tx.updates.extend(claimed.claim, now) is not None:
                await tx.updates.finish(
                    claimed.request,
                    0,
                    now,
                    again_at=now + TRY_AGAIN,
                    queue=claimed.claim.queue,
                    remind_at=now + TRY_AGAIN,
                )

    async def _keep(
        self, tx: Transaction, claimed: ClaimedRequest, done: Sequence[SentNotice], snapshot: Snapshot
    ) -> bool:
        """Prolong the claim and save what was done; whether the snapshot still shows the request as it is. Raises LeaseLost."""
        until = self._clock() + LEASE
        held = await tx.updates.extend(claimed.claim, until)
        if held is None:
            raise LeaseLost
        claimed.until = until
        for sent in done:
            await tx.notices.save(sent)
        return held.version == snapshot.request.version

    async def _plan(
        self, tx: Transaction, claimed: ClaimedRequest, snapshot: Snapshot
    ) -> tuple[list[DueMessage], list[Postponed]]:
        """What is done now, with its turns taken and its posts on record as begun; and what is left."""
        missing = [notice for notice in snapshot.asking if notice.key not in snapshot.sent]
        if missing:
            await tx.notices.add(claimed.request, missing)
            snapshot.sent = {one.notice.key: one for one in await tx.notices.of_request(claimed.request)}
        for one in [one for one in snapshot.sent.values() if snapshot.settles(one)]:
            snapshot.sent[one.notice.key] = one.replace(settled_at=self._clock(), shown=0)
            await tx.notices.save(snapshot.sent[one.notice.key])
        outdated, same = due_in(snapshot)
        for one in same:
            await tx.notices.save(one)
            snapshot.sent[one.notice.key] = one
        now_due, left = self._turns(claimed, outdated)
        begun: list[DueMessage] = []
        for due in now_due:
            if due.kind is not UpdateKind.POST:
                begun.append(due)
                continue
            now = self._clock()
            posting = due.sent.replace(attempted_at=now, doubtful_until=now + CALL + SETTLED)
            await tx.notices.save(posting)
            snapshot.sent[posting.notice.key] = posting  # as it is on record now, whatever comes of it
            begun.append(due._replace(sent=posting))
        claimed.planned.set()
        return begun, left

    def _turns(
        self, claimed: ClaimedRequest, outdated: Sequence[DueMessage]
    ) -> tuple[list[DueMessage], list[Postponed]]:
        """Take a turn of each budget that each of *outdated* needs, as far as there are some."""
        found: list[DueMessage] = []
        left: list[Postponed] = []
        now = self._clock()
        for due in outdated:
            if (at := self._not_before.get(due.sent.id, now)) > now:
                left.append(Postponed(due.queue, at))
            elif claimed.left_to_send <= len(found):
                left.append(Postponed(due.queue, now))
            elif (
                due.kind is UpdateKind.REDRAW
                and (at := self._redrawn.get(claimed.request, now - TOGETHER) + TOGETHER) > now
            ):
                left.append(Postponed(Queue.CHANGED, at))
            elif (wait := self._take(claimed, due)) is not None:
                left.append(Postponed(due.queue, now + timedelta(seconds=wait)))
            else:
                found.append(due)
        claimed.left_to_send -= len(found)
        claimed.sent_any |= bool(found)
        if any(due.kind is UpdateKind.REDRAW for due in found):
            _remember(self._redrawn, claimed.request, now)
        return found, left

    def _take(self, claimed: ClaimedRequest, due: DueMessage) -> float | None:
        """Take all turns that *due* needs, or none; then the seconds until it should be tried again."""
        taken: list[tuple[str, str]] = []
        for method, where in self._delivery.needs(due):
            waited = claimed.has_waited or (due.urgency is Urgency.COSMETIC and self._limits.is_queued(method))
            if not self._limits.take(method, where, waited=waited):
                for pending in taken:
                    self._limits.give_back(*pending)
                return self._when(method, where, waited=waited)
            taken.append((method, where))
        return None

    def _when(self, method: str, where: str, *, waited: bool) -> float:
        if where and method in RATES_OF_A_CHANNEL and self._limits.wait(method, waited=waited) == 0:
            return self._limits.promise(method, where)
        if method in QUEUED:
            return 0.0  # whoever serves the queue waits for it
        return self._limits.wait(method, where, waited=waited)

    async def _send(self, claimed: ClaimedRequest, due: Sequence[DueMessage]) -> list[SentNotice]:
        """All of *due* at once; the notices that changed. Raises LeaseLost where nothing may be sent any more."""
        if self._clock() >= claimed.until - MARGIN:
            raise LeaseLost
        results = await asyncio.gather(*(self._delivery.bring(pending) for pending in due), return_exceptions=True)
        done = []
        for pending, result in zip(due, results, strict=True):
            match result:
                case SentNotice():
                    done.append(result)
                case Later():
                    _remember(self._not_before, pending.sent.id, self._clock() + result.after)
                    if pending.kind is UpdateKind.POST:
                        done.append(
                            pending.sent.concluded()
                            if result.known
                            else pending.sent.replace(doubtful_until=self._clock() + result.doubt)
                        )
                case BaseException():
                    name = request_name(claimed.request)
                    log.error("%s of %s could not be shown", pending.sent.notice.key, name, exc_info=result)
                    _remember(self._not_before, pending.sent.id, self._clock() + LEASE)
        return done

    async def _let_go(
        self, tx: Transaction, claimed: ClaimedRequest, snapshot: Snapshot, left: Sequence[Postponed]
    ) -> Postponed | None:
        now = self._clock()
        rest = None
        if left:
            ready = [pending for pending in left if pending.at <= now]
            rest = min(ready) if ready else min(left, key=lambda pending: pending.at)
            if ready:
                # who could do nothing keeps their place; who was served goes to the end
                stays = not claimed.sent_any and rest.queue is claimed.claim.queue
                rest = rest._replace(at=claimed.claim.since if stays else now)
        await tx.updates.finish(
            claimed.request,
            snapshot.request.version,
            now,
            again_at=rest.at if rest is not None else None,
            queue=rest.queue if rest is not None else Queue.CHANGED,
            remind_at=snapshot.reminders.next,
        )
        return rest

    async def _put_right(self, claimed: ClaimedRequest, done: Sequence[SentNotice]) -> None:
        """After a lost claim: our updates may be older than those of another worker, and our posts may be duplicates."""
        log.warning("%s was held for too long, and another worker has it", request_name(claimed.request))
        if not done:
            return
        async with self._store.transaction(Source.CLOCK) as tx:
            kept = {one.id: one for one in await tx.notices.of_request(claimed.request)}
            doubted = [sent.id for sent in done if kept[sent.id].ts == sent.ts]
            if doubted:
                await tx.notices.force_redraw(doubted)
                await tx.updates.mark([claimed.request])
        for sent in done:
            if sent.ts is not None:
                await self._take_back(claimed.request, sent)

    async def _take_back(self, request: RequestId, posted: SentNotice) -> None:
        """Delete the message *posted* if the worker that has the request now does not record it."""
        for _ in range(LEASE // TRY_AGAIN):
            async with self._store.reading() as reading:
                [kept] = [one for one in await reading.notices.of_request(request) if one.id == posted.id]
            if kept.ts == posted.ts:
                return
            if kept.ts is not None or kept.attempted_at is None:
                await self._delivery.take_back(posted)
                return
            await asyncio.sleep(TRY_AGAIN.total_seconds())  # nobody has looked for it yet, or they post it now
        log.error("nobody knows whether %s was posted twice", posted.notice.key)


QUEUED: Final = frozenset({"chat.postMessage", "chat.update"})
"""Methods for which requests wait in a queue."""


def _remember(memory: OrderedDict[_Key, datetime], key: _Key, at: datetime) -> None:
    """Keep *at* for *key*, and forget the oldest of very many."""
    memory[key] = at
    memory.move_to_end(key)
    while len(memory) > _REMEMBERED:
        memory.popitem(last=False)
