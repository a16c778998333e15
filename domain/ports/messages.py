"""Messages to people, the queue of requests whose messages are out of date, App Homes, and what needs attention."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from domain.approvals.requests import RequestId
from domain.notices.direct_messages import DirectMessage
from domain.notices.notices import Notice
from domain.notices.update_queue import Claim, Held, Queue
from domain.people.people import PersonId
from domain.ports.values import ClaimedDirectMessage, SentNotice, Troubles, UnsharedFile


class HomeReader(Protocol):
    """Who looks at which page of their App Home."""

    async def view_of(self, person: PersonId) -> str | None:
        """The state of the page of their App Home that *person* last saw: `bot.slack.kit.places`."""

    async def viewers(self, since: datetime, limit: int) -> Mapping[PersonId, str]:
        """The *limit* people who looked at their App Home last, since *since*, each with the state of the page they saw."""


class HomeWriter(HomeReader, Protocol):
    """Who looks at which page of their App Home: saving."""

    async def record_view(self, person: PersonId, place: str, at: datetime) -> None:
        """*person* looks at their App Home; *place* is the state of the page."""

    async def forget_views(self, before: datetime) -> None:
        """Forget who has not looked at their App Home since *before*."""


class NoticeReader(Protocol):
    """Messages about requests, and what became of them."""

    async def of_request(self, request: RequestId) -> tuple[SentNotice, ...]: ...

    async def at(self, channel: str, ts: str) -> SentNotice | None:
        """The notice that this Slack message shows."""


class NoticeWriter(NoticeReader, Protocol):
    """Messages about requests, and what became of them: saving."""

    async def add(self, request: RequestId, notices: Collection[Notice]) -> None:
        """Add those whose key is new; a notice that exists stays as it is."""

    async def save(self, notice: SentNotice) -> None:
        """Save channel, ts, shown version, attempt, failure and end of a notice that exists."""

    async def force_redraw(self, notices: Collection[int]) -> None:
        """Have these notices drawn again, whatever version they are recorded to show: what Slack shows is not known."""


class UpdateQueue(Protocol):
    """Requests whose messages are out of date, and the workers that update them."""

    async def claim(self, at: datetime, lease: timedelta, limit: int, queue: Queue | None = None) -> tuple[Claim, ...]:
        """Stale requests that no other worker holds, held until *at* + *lease*: from *queue*, or from all, queue by queue.

        In each queue, the request that joined it first comes first.
        """

    async def extend(self, claim: Claim, until: datetime) -> Held | None:
        """Extend the lease to *until*, and lock the request until the end of the transaction; None if another worker has claimed it."""

    async def heartbeat(self, name: str, at: datetime, since: datetime) -> int:
        """Record that the worker *name* runs at *at*; gives how many workers have run since *since*, with this one."""

    async def deregister(self, name: str) -> None:
        """Record that the worker *name* has stopped."""

    async def mark(self, requests: Collection[RequestId]) -> None:
        """Have the messages of these requests updated although the requests did not change, but a membership did."""

    async def mark_open(self) -> None:
        """Have the messages of every open request updated: who may decide may have changed for any of them."""

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
        """End the claim: the notices of *request* show *version*. Call `extend` first, in the same transaction.

        With *again_at*, not all of them could be updated: the request joins *queue* as of then, or stays in the queue that a change since
        *version* has put it in. *remind_at* is when its next reminder is due (`mark_due_reminders`); None is never.
        """

    async def mark_due_reminders(self, at: datetime, limit: int) -> int:
        """Have the messages of requests updated whose *remind_at* is at or before *at*, once; gives how many.

        Locked requests are left out.
        """


class HealthReader(Protocol):
    """What needs attention. Each list gives up to *limit* entries after the first *skipped*."""

    async def troubles(self, at: datetime) -> Troubles: ...

    async def undelivered(self, limit: int, skipped: int) -> tuple[SentNotice, ...]:
        """Notices that Slack refused permanently, the latest first."""

    async def stuck(self, limit: int, skipped: int) -> tuple[RequestId, ...]:
        """Open requests that are blocked or have too few people left, oldest first."""

    async def failed_operations(self, limit: int, skipped: int) -> tuple[RequestId, ...]:
        """Requests whose operation failed, the latest first."""

    async def unreported(self, at: datetime, limit: int, skipped: int) -> tuple[RequestId, ...]:
        """Requests whose operation was handed over, and whose result was expected before *at*: the longest overdue first."""

    async def unshared_files(self, limit: int, skipped: int) -> tuple[UnsharedFile, ...]:
        """Certificates that Slack would not share, the latest first."""

    async def daily_keys(self, keys: Collection[str]) -> frozenset[str]:
        """Those of *keys* for which there is a daily digest."""

    async def database(self) -> str:
        """The database and its version: `SQLite 3.40.1`."""


class HealthWriter(HealthReader, Protocol):
    """What needs attention: saving."""

    async def add_daily(self, request: RequestId, digests: Collection[Notice]) -> int:
        """Add daily digests whose key is new, whatever request they belong to; gives how many were added."""

    async def retry_notices(self, notice: int | None) -> tuple[tuple[int, int], ...]:
        """Forget that *notice*, or every notice, was refused: gives its number and its request, which the caller has to `mark`."""


class DirectMessages(Protocol):
    """Direct messages that are about no request."""

    async def add(self, new: Collection[DirectMessage], at: datetime) -> None:
        """Have these posted from *at* on, except those whose key is not new."""

    async def claim(self, at: datetime, lease: timedelta, limit: int) -> tuple[ClaimedDirectMessage, ...]:
        """Those that are due and that no other worker holds, earliest first, held until *at* + *lease*."""

    async def finish(self, claimed: ClaimedDirectMessage) -> bool:
        """It is not to be posted any more; False where another worker has claimed it since: then nothing changes."""

    async def retry(self, claimed: ClaimedDirectMessage, due_at: datetime) -> bool:
        """It is to be posted again from *due_at* on; False as for `finish`."""
