"""Messages to people, the queue of what has to be redrawn, Homes, health."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from domain.approvals.requests import RequestId
from domain.notices.direct_messages import Letter
from domain.notices.notices import Notice
from domain.notices.update_queue import Claim, Held, Queue
from domain.people.people import PersonId
from domain.ports.values import ClaimedDirectMessage, SentNotice, Troubles, UnsharedFile


class HomeReader(Protocol):
    """Who looks at which page of their App Home."""

    async def view_of(self, person: PersonId) -> str | None:
        """Where in their Home *person* last looked."""

    async def viewers(self, since: datetime, limit: int) -> Mapping[PersonId, str]:
        """Who has looked at their Home since then, and where in it: the *limit* who did last."""


class HomeWriter(HomeReader, Protocol):
    """Who looks at which page of their App Home: saving."""

    async def record_view(self, person: PersonId, place: str, at: datetime) -> None:
        """*person* looks at *place* of their Home."""

    async def forget_views(self, before: datetime) -> None:
        """Forget those who have not looked since."""


class NoticeReader(Protocol):
    """Messages about requests, and what became of them."""

    async def of_request(self, request: RequestId) -> tuple[SentNotice, ...]: ...

    async def at(self, channel: str, ts: str) -> SentNotice | None: ...

    async def failed(self, limit: int = 50) -> tuple[SentNotice, ...]: ...


class NoticeWriter(NoticeReader, Protocol):
    """Messages about requests, and what became of them: saving."""

    async def add(self, request: RequestId, notices: Collection[Notice]) -> None:
        """Notices that are new by their key; those that exist stay as they are."""

    async def save(self, notice: SentNotice) -> None:
        """Channel, ts, shown version, attempt, failure and end of one that exists."""

    async def force_redraw(self, notices: Collection[int]) -> None:
        """What these show is not known: have them drawn again, whatever they are said to show."""


class UpdateQueue(Protocol):
    """Requests whose messages are out of date, and the workers that update them."""

    async def claim(self, at: datetime, lease: timedelta, limit: int, queue: Queue | None = None) -> tuple[Claim, ...]:
        """Stale requests that nobody else holds, held until *at* + *lease*: of *queue*, or of any, queue by queue.

        In each queue the one that joined it first comes first.
        """

    async def hold(self, claim: Claim, until: datetime) -> Held | None:
        """Keep what was claimed until *until*, and keep others from claiming it before this transaction ends; None where it was lost."""

    async def heartbeat(self, name: str, at: datetime, since: datetime) -> int:
        """This announcer, *name*, is at work at *at*; how many were at or after *since*, with this one."""

    async def deregister(self, name: str) -> None:
        """The announcer *name* is at work no more."""

    async def mark(self, requests: Collection[RequestId]) -> None:
        """Have these announced again though nothing in them changed: a membership did."""

    async def mark_open(self) -> None:
        """Have every open request announced again: who may decide, or whether anybody is left, may have changed for any of them."""

    async def finish(
        self,
        request: RequestId,
        version: int,
        at: datetime,
        *,
        again_at: datetime | None = None,
        queue: Queue = Queue.CHANGED,
        remind_at: datetime | None = None,
    ) -> None:
        """Let go of the request: its notices show *version*. With *again_at*, not all could be shown: it joins *queue* as of then, or
        stays in the one that a change since *version* has put it in.

        At *remind_at* its reminders are to be looked at, see `mark_for_reminding`; None is never. `hold` it in the same transaction.
        """

    async def mark_due_reminders(self, at: datetime, limit: int) -> int:
        """Have requests announced again whose *remind_at* is at or before *at*, once; how many were. Those that are locked are left out."""


class HealthReader(Protocol):
    """What needs attention: some of each, after the first *skipped*."""

    async def troubles(self, at: datetime) -> Troubles: ...

    async def undelivered(self, limit: int, skipped: int) -> tuple[SentNotice, ...]:
        """Those that Slack refused for good, the latest first."""

    async def stuck(self, limit: int, skipped: int) -> tuple[RequestId, ...]:
        """Open requests that are blocked or have too few people left, oldest first."""

    async def failed_operations(self, limit: int, skipped: int) -> tuple[RequestId, ...]:
        """Requests whose operation failed, the latest first."""

    async def unreported(self, at: datetime, limit: int, skipped: int) -> tuple[RequestId, ...]:
        """Requests whose operation was handed over, and whose result was expected before *at*: those that are longest missing first."""

    async def unshared_files(self, limit: int, skipped: int) -> tuple[UnsharedFile, ...]:
        """Certificates that Slack would not share, the latest first."""

    async def daily_keys(self, keys: Collection[str]) -> frozenset[str]:
        """Which of these daily words are there."""

    async def database(self) -> str:
        """What it is and its version: `SQLite 3.40.1`."""


class HealthWriter(HealthReader, Protocol):
    """What needs attention: some of each, after the first *skipped*: saving."""

    async def add_daily(self, request: RequestId, words: Collection[Notice]) -> int:
        """Daily words that are new by their key, whatever the request; how many were."""

    async def retry_notices(self, notice: int | None) -> tuple[tuple[int, int], ...]:
        """Forget that *notice*, or every one, was refused: the number and the request of each that was. They have to be marked stale."""


class DirectMessages(Protocol):
    """Direct messages that are about no request."""

    async def add(self, new: Collection[Letter], at: datetime) -> None:
        """To be posted from *at* on; a key that was there before is none."""

    async def claim(self, at: datetime, lease: timedelta, limit: int) -> tuple[ClaimedDirectMessage, ...]:
        """Those that are due and that nobody else holds, earliest first, held until *at* + *lease*."""

    async def finish(self, claimed: ClaimedDirectMessage) -> bool:
        """It is not to be posted any more; False where another worker has claimed it since: then nothing changes."""

    async def retry(self, claimed: ClaimedDirectMessage, due_at: datetime) -> bool:
        """It is to be posted again from *due_at* on; False as for `finish`."""
