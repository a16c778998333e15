"""Values that a store returns and that belong to no other module of the domain."""

from typing import Any, Final, Self

from pydantic import AwareDatetime

from domain.approvals.requests import Request, RequestId
from domain.approvals.resources import Resource, ResourceId
from domain.approvals.status import RequestStatus
from domain.audit.entries import AuditEntry, Source
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.notices.direct_messages import DirectMessage
from domain.notices.notices import Notice
from domain.people.people import PersonId


class Page(Frozen):
    """Some requests, newest first, and where the next page begins."""

    requests: tuple[Request, ...]
    next: int | None = None
    """Give this as *before* to get the next page; None on the last."""


class ListFilter(Frozen):
    """Which requests are listed; what is None does not restrict."""

    statuses: frozenset[RequestStatus] | None = None
    operation: Operation | None = None
    resource: ResourceId | None = None
    """The entry resource or a gate's."""
    requester: PersonId | None = None
    created_from: AwareDatetime | None = None
    created_before: AwareDatetime | None = None
    client: str | None = None
    """The platform with whose token it was submitted."""


class Uses(Frozen):
    """What still uses a profile."""

    resources: tuple[Resource, ...] = ()
    requests: tuple[int, ...] = ()
    """Open requests with an open work item under it, oldest first."""

    def __bool__(self) -> bool:
        return bool(self.resources or self.requests)


class Workspace(Frozen):
    """The Slack workspace that the mirror shows."""

    team: str
    name: str = ""
    url: str = ""
    bot_user: str = ""


class RecordedEntry(Frozen):
    """An audit entry as it stands in the record."""

    id: int
    chain: str
    """Entries of a request chain as `request:12`; all others stand in the chain `countersign`."""
    number: int
    source: Source
    entry: AuditEntry
    previous: str
    hash: str


class SentNotice(Frozen):
    """A notice and what became of it."""

    id: int
    request: int
    notice: Notice
    channel: str | None = None
    """The conversation it was posted to; for a person, known once it has been opened."""
    ts: str | None = None
    """Slack's id of the message; None until it has been posted."""
    shown: int = 0
    """The version of the request that it shows."""
    attempted_at: AwareDatetime | None = None
    """When a post was begun whose outcome is not known: look for the message before posting again."""
    doubtful_until: AwareDatetime | None = None
    """Until when Slack may still do what was begun: not to find the message says nothing before that."""
    failure: str | None = None
    """Why Slack refused it for good."""
    failed_at: AwareDatetime | None = None
    """Since when; None also where that was not noted."""
    settled_at: AwareDatetime | None = None
    """For an alert: when what it told of was over."""
    drawn: str = ""
    """A digest of what was last drawn: what would look the same need not be drawn again. Empty where that is not known."""

    def concluded(self, **changes: Any) -> Self:
        """A copy with *changes*, of which no post is under way any more."""
        return self.replace(**changes, attempted_at=None, doubtful_until=None)


MANY: Final = 999
"""More than this is not counted."""


class Troubles(Frozen):
    """How much there is of what is not as it should be. Each number ends at one more than `MANY`."""

    undelivered: int = 0
    """Messages that Slack refused for good."""
    undelivered_lately: int = 0
    """Those of them that failed within a day, or are about a request that is open still."""
    stuck: int = 0
    """Open requests that are blocked, or have too few people left."""
    failed: int = 0
    """Operations that failed."""
    unreported: int = 0
    """Operations that were handed over, and whose result is missing for too long."""
    files: int = 0
    """Certificates that Slack would not share, for good."""
    paused: int = 0
    """Webhooks that were paused because they kept failing; not those that an administrator paused."""
    unannounced: int = 0
    """Requests with messages that do not show the state yet."""
    unannounced_since: AwareDatetime | None = None
    """When the oldest of these came to it, or is tried again."""
    oldest_due: AwareDatetime | None = None
    """The earliest deadline that has passed without the clock having come by."""


class ClaimedRelease(Frozen):
    """A released operation that is to be delivered, held for the worker that claimed it."""

    request: RequestId
    number: int
    """Which release of the request it is, from 1."""
    attempt: int
    """Of this release, from 1. Only the last attempt can change anything, except that what is done is done."""
    unsure: bool
    """Whether an earlier delivery was cut off, so that nobody knows what came of it."""
    expected_at: AwareDatetime | None = None
    """When its result was to be here at the latest; None where it was not handed over before."""


class ClaimedCertificateFile(Frozen):
    """A certificate that its requester is to get as a file, held for the worker that claimed it."""

    request: RequestId
    attempt: int
    """From 1. Only the last attempt can change anything."""
    file: str | None = None
    """Slack's id of the file, once it has its content; whether it was shared may not be known."""


class UnsharedFile(Frozen):
    """A certificate that its requester did not get as a file, for good."""

    request: RequestId
    person: PersonId
    failure: str
    """Slack's own name for the reason."""


class ClaimedDirectMessage(Frozen):
    """A direct message that is to be posted, held for the worker that claimed it."""

    message: DirectMessage
    written_at: AwareDatetime
    attempt: int
    """From 1. Only the last attempt can change anything."""


class ReleaseState(Frozen):
    """A release, and how far its delivery has come."""

    number: int
    at: AwareDatetime
    attempts: int = 0
    due_at: AwareDatetime | None = None
    """When it is looked at next; None where nothing is to be done about it by itself."""
    begun_at: AwareDatetime | None = None
    """Since when a delivery is at work, or was cut off."""
    accepted_at: AwareDatetime | None = None
    """When the receiver took it over, to report later what came of it."""
    connector: str = ""
    """What it was last delivered to; empty where nothing carries it out."""
    said: str = ""
    """Why it was not done the last time."""

    @property
    def is_accepted(self) -> bool:
        """Whether nothing more is done about it by itself, because the receiver took it over; while the operation is released."""
        return self.accepted_at is not None and self.due_at is None
