"""One request is announced: look at it, do what Slack takes now, let go of it.

Nothing waits for Slack's budgets while a request is held: what cannot be done now is left, and the request joins the queue of what it
waits for. So whatever is sent was drawn a moment before, and ten changes that came while it waited make one message.

Whoever announces may be stalled for longer than its hold lasts, and another one may be at it then. So each transaction checks that
the request is still held, nothing is sent on a hold that is about to end, and who finds theirs lost puts right what they did.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeVar

from bot.environment.clock import Clock
from bot.messages.plan import Doing, Due, Urgency, due_in, readers_of
from bot.messages.sender import SETTLED, TRY_AGAIN, Delivery, Later
from bot.messages.snapshot import Picture, look
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
"""How long a request is held; longer than a call to Slack may take."""
MARGIN: Final = timedelta(seconds=20)
"""So long before its hold ends nothing is begun: a call takes half of that at most."""
TOGETHER: Final = timedelta(seconds=1)
"""A request's messages are drawn again so often at most: the first change is shown at once, those that follow it together."""
_REMEMBERED: Final = 1000
_Key = TypeVar("_Key", bound=int)


class Left(NamedTuple):
    """Something that could not be done now: what it waits for, and when it can be tried."""

    queue: Queue
    at: datetime


class Lost(Exception):
    """Somebody else holds the request now."""


class Hold:
    """A request that is being announced."""

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


class Announcing:
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

    async def announce(self, hold: Hold) -> Left | None:
        """Do what can be done now, and let go; what is left, if anything.

        Raises domain.common.errors.Busy or Conflict where the database cannot take it: see `give_up`.
        """
        done: list[SentNotice] = []
        picture: Picture | None = None
        try:
            while True:
                if picture is None:
                    async with self._store.reading() as reading:
                        picture = await look(reading, hold.request, self._clock(), self._quiet)
                async with self._store.transaction(Source.CLOCK) as tx:
                    fresh = await self._keep(tx, hold, done, picture)
                    done = []
                    if not fresh:
                        picture = None
                        continue
                    due, left = await self._plan(tx, hold, picture)
                    if not due:
                        rest = await self._let_go(tx, hold, picture, left)
                        break
                done = await self._send(hold, due)
                picture.sent |= {sent.notice.key: sent for sent in done}
                if any(sent.failure is not None and sent.notice.channel is not None for sent in done):
                    picture = None  # whom a channel that takes no message would have asked is asked directly, at once
        except Lost:
            await self._put_right(hold, done)
            return None
        finally:
            hold.planned.set()
        if hold.claim.queue in {Queue.CHANGED, Queue.MARKED}:
            self._announced(picture.request, readers_of(picture.sent.values()))
        return rest

    async def prolong(self, hold: Hold) -> None:
        """Hold it for longer, where it is held still."""
        until = self._clock() + LEASE
        async with self._store.transaction(Source.CLOCK) as tx:
            if await tx.updates.hold(hold.claim, until) is not None:
                hold.until = until

    async def give_up(self, hold: Hold) -> None:
        """Something went wrong: let go of it, to be tried again soon."""
        now = self._clock()
        async with self._store.transaction(Source.CLOCK) as tx:
            if await tx.updates.hold(hold.claim, now) is not None:
                await tx.updates.finish(
                    hold.request, 0, now, again_at=now + TRY_AGAIN, queue=hold.claim.queue, remind_at=now + TRY_AGAIN
                )

    async def _keep(self, tx: Transaction, hold: Hold, done: Sequence[SentNotice], picture: Picture) -> bool:
        """Prolong the hold and save what was done; whether the picture still shows the request as it is. Raises Lost."""
        until = self._clock() + LEASE
        held = await tx.updates.hold(hold.claim, until)
        if held is None:
            raise Lost
        hold.until = until
        for sent in done:
            await tx.notices.save(sent)
        return held.version == picture.request.version

    async def _plan(self, tx: Transaction, hold: Hold, picture: Picture) -> tuple[list[Due], list[Left]]:
        """What is done now, with its turns taken and its posts on record as begun; and what is left."""
        missing = [notice for notice in picture.asking if notice.key not in picture.sent]
        if missing:
            await tx.notices.add(hold.request, missing)
            picture.sent = {one.notice.key: one for one in await tx.notices.of_request(hold.request)}
        for one in [one for one in picture.sent.values() if picture.settles(one)]:
            picture.sent[one.notice.key] = one.replace(settled_at=self._clock(), shown=0)
            await tx.notices.save(picture.sent[one.notice.key])
        outdated, same = due_in(picture)
        for one in same:
            await tx.notices.save(one)
            picture.sent[one.notice.key] = one
        now_due, left = self._turns(hold, outdated)
        begun: list[Due] = []
        for due in now_due:
            if due.doing is not Doing.POST:
                begun.append(due)
                continue
            now = self._clock()
            posting = due.sent.replace(attempted_at=now, doubtful_until=now + CALL + SETTLED)
            await tx.notices.save(posting)
            picture.sent[posting.notice.key] = posting  # as it is on record now, whatever comes of it
            begun.append(due._replace(sent=posting))
        hold.planned.set()
        return begun, left

    def _turns(self, hold: Hold, outdated: Sequence[Due]) -> tuple[list[Due], list[Left]]:
        """Take a turn of each budget that each of *outdated* needs, as far as there are some."""
        found: list[Due] = []
        left: list[Left] = []
        now = self._clock()
        for due in outdated:
            if (at := self._not_before.get(due.sent.id, now)) > now:
                left.append(Left(due.queue, at))
            elif hold.left_to_send <= len(found):
                left.append(Left(due.queue, now))
            elif due.doing is Doing.REDRAW and (at := self._redrawn.get(hold.request, now - TOGETHER) + TOGETHER) > now:
                left.append(Left(Queue.CHANGED, at))
            elif (wait := self._take(hold, due)) is not None:
                left.append(Left(due.queue, now + timedelta(seconds=wait)))
            else:
                found.append(due)
        hold.left_to_send -= len(found)
        hold.sent_any |= bool(found)
        if any(due.doing is Doing.REDRAW for due in found):
            _remember(self._redrawn, hold.request, now)
        return found, left

    def _take(self, hold: Hold, due: Due) -> float | None:
        """Take all turns that *due* needs, or none; then the seconds until it should be tried again."""
        taken: list[tuple[str, str]] = []
        for method, where in self._delivery.needs(due):
            waited = hold.has_waited or (due.urgency is Urgency.COSMETIC and self._limits.is_queued(method))
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

    async def _send(self, hold: Hold, due: Sequence[Due]) -> list[SentNotice]:
        """All of *due* at once; the notices that changed. Raises Lost where nothing may be sent any more."""
        if self._clock() >= hold.until - MARGIN:
            raise Lost
        results = await asyncio.gather(*(self._delivery.bring(pending) for pending in due), return_exceptions=True)
        done = []
        for pending, result in zip(due, results, strict=True):
            match result:
                case SentNotice():
                    done.append(result)
                case Later():
                    _remember(self._not_before, pending.sent.id, self._clock() + result.after)
                    if pending.doing is Doing.POST:
                        done.append(
                            pending.sent.concluded()
                            if result.known
                            else pending.sent.replace(doubtful_until=self._clock() + result.doubt)
                        )
                case BaseException():
                    name = request_name(hold.request)
                    log.error("%s of %s could not be shown", pending.sent.notice.key, name, exc_info=result)
                    _remember(self._not_before, pending.sent.id, self._clock() + LEASE)
        return done

    async def _let_go(self, tx: Transaction, hold: Hold, picture: Picture, left: Sequence[Left]) -> Left | None:
        now = self._clock()
        rest = None
        if left:
            ready = [pending for pending in left if pending.at <= now]
            rest = min(ready) if ready else min(left, key=lambda pending: pending.at)
            if ready:
                # who could do nothing keeps their place; who was served goes to the end
                stays = not hold.sent_any and rest.queue is hold.claim.queue
                rest = rest._replace(at=hold.claim.since if stays else now)
        await tx.updates.finish(
            hold.request,
            picture.request.version,
            now,
            again_at=rest.at if rest is not None else None,
            queue=rest.queue if rest is not None else Queue.CHANGED,
            remind_at=picture.reminders.next,
        )
        return rest

    async def _put_right(self, hold: Hold, done: Sequence[SentNotice]) -> None:
        """The hold was lost meanwhile: what was drawn may be older than what another one drew, and what was posted may be there twice."""
        log.warning("%s was held for too long, and another announcer has it", request_name(hold.request))
        if not done:
            return
        async with self._store.transaction(Source.CLOCK) as tx:
            kept = {one.id: one for one in await tx.notices.of_request(hold.request)}
            doubted = [sent.id for sent in done if kept[sent.id].ts == sent.ts]
            if doubted:
                await tx.notices.force_redraw(doubted)
                await tx.updates.mark([hold.request])
        for sent in done:
            if sent.ts is not None:
                await self._take_back(hold.request, sent)

    async def _take_back(self, request: RequestId, posted: SentNotice) -> None:
        """Delete the message *posted* where another announcer, who may be at it still, does not know of it in the end."""
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
