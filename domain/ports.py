"""What the use cases need from outside: a store that reads and saves in transactions. `domain.store` is one.

Every method is a coroutine, every moment is an aware datetime (the store refuses others with ValueError), and every id may be unknown:
then the answer is None or empty, never an error.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, Self

from pydantic import AwareDatetime

from domain.announcing import Claim, Held, Queue
from domain.audit import Action, AuditEntry, Source
from domain.authority import Crl, IssuedHere
from domain.base import Frozen
from domain.changes import Change
from domain.delegation import Delegation
from domain.drafts import Draft, DraftId
from domain.execution import Certificate
from domain.letters import Letter
from domain.notices import Notice
from domain.operations import Operation
from domain.people import Group, GroupId, Identity, Person, PersonId, Role, RoleId, UserGroup
from domain.profiles import Approvers, ProfileId, ProfileVersion
from domain.releasing import Deed
from domain.requests import Request, RequestId
from domain.resources import Resource, ResourceId
from domain.status import RequestStatus
from domain.tokens import Token, TokenId
from domain.webhooks import Delivery, Endpoint


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
    """A released operation that is to be delivered, and is held for whoever claimed it."""

    request: RequestId
    number: int
    """Which release of the request it is, from 1."""
    attempt: int
    """Counts the deliveries of this release; only the last one has a say."""
    unsure: bool
    """Whether an earlier delivery was cut off, so that nobody knows what came of it."""
    expected_at: AwareDatetime | None = None
    """When its result was to be here at the latest; None where it was not handed over before."""


class Handover(Frozen):
    """A certificate that its requester is to get as a file, claimed."""

    request: RequestId
    attempts: int
    """With this one; only the last one has a say."""
    file: str | None = None
    """Slack's id of the file, once it has its content; whether it was shared may not be known."""
    failure: str | None = None
    """Why Slack refused it for good."""


class UnsharedFile(Frozen):
    """A certificate that its requester did not get as a file, for good."""

    request: RequestId
    person: PersonId
    failure: str
    """Slack's own name for the reason."""


class ClaimedLetter(Frozen):
    """A word to somebody that is to be posted, claimed."""

    letter: Letter
    written_at: AwareDatetime
    attempts: int
    """With this one; only the last one has a say."""


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


class Reading(Protocol):
    """Looking things up, all in one snapshot."""

    # people
    async def person(self, id: PersonId) -> Person | None:
        """Somebody in the mirror, with the groups and roles that are theirs now."""

    async def acting(self, id: PersonId, at: datetime) -> tuple[Person, tuple[Person, ...]] | None:
        """`person`, and those whom `delegators_of` gives for them, in one look."""

    async def people_of(self, approvers: Approvers) -> frozenset[PersonId]:
        """The active members who are one of *approvers* now."""

    async def administrators(self) -> frozenset[PersonId]:
        """The active members who hold the role `administrator` now."""

    async def delegators_of(self, delegate: PersonId, at: datetime) -> tuple[Person, ...]:
        """Those who have named *delegate* their delegate for *at*, as they are now."""

    async def delegates_of(
        self, delegators: Collection[PersonId], at: datetime
    ) -> Mapping[PersonId, frozenset[PersonId]]:
        """The active members who stand in at *at* for each of *delegators* who has some."""

    async def delegations(self, at: datetime, *, of: PersonId | None = None) -> tuple[Delegation, ...]:
        """Those that hold at *at* or will, by when they begin: everybody's, or those that *of* gave or received."""

    async def delegation(self, number: int) -> Delegation | None: ...

    async def turned_delegations(self, at: datetime, limit: int) -> tuple[Delegation, ...]:
        """Those that began, ended or were revoked by *at*, and `looked_after` was not called since; earliest first."""

    async def identities(self, ids: Collection[PersonId] | None = None) -> Mapping[PersonId, Identity]:
        """What the mirror says of these people, or of all."""

    async def identity_by_email(self, email: str) -> Identity | None:
        """The active member with this address, compared without regard to case."""

    async def usergroups(self) -> tuple[UserGroup, ...]: ...

    async def groups(self) -> tuple[Group, ...]: ...

    async def roles(self) -> tuple[Role, ...]:
        """With the built-in ones, always."""

    async def names(self, groups: Collection[GroupId], roles: Collection[RoleId]) -> Mapping[str, str]:
        """Labels of groups (`group:KEY`) and roles (`role:KEY`)."""

    async def workspace(self) -> Workspace | None: ...

    async def mirrored_at(self) -> datetime | None:
        """When the mirror was last brought up to date as a whole."""

    async def configured_from(self) -> str | None:
        """What `mark_configured` was last told."""

    # profiles and resources
    async def profile(self, id: ProfileId) -> ProfileVersion | None:
        """The present version; None also where it was deleted."""

    async def profile_version(self, id: ProfileId, number: int) -> ProfileVersion | None:
        """Any version there ever was, deleted or not."""

    async def profile_versions(self, id: ProfileId) -> tuple[ProfileVersion, ...]:
        """All versions, newest first."""

    async def profiles(self) -> tuple[ProfileVersion, ...]:
        """The present version of each profile that is not deleted, by name."""

    async def draft(self, id: DraftId) -> Draft | None:
        """None also where it was left alone for longer than `domain.drafts.KEPT`."""

    async def resource(self, id: ResourceId) -> Resource | None: ...

    async def resources(self) -> tuple[Resource, ...]:
        """By kind, then name."""

    async def uses(self, profile: ProfileId) -> Uses: ...

    # requests
    async def request(self, id: RequestId) -> Request | None: ...

    async def requests(self, ids: Collection[RequestId]) -> tuple[Request, ...]:
        """Those that there are, in this order."""

    async def open_request_for(self, object_key: str) -> RequestId | None:
        """The open request for this operation and object (`domain.material.object_key`)."""

    async def executed_for(self, object_key: str) -> RequestId | None:
        """The latest request for this operation and object that was carried out with success."""

    async def request_submitted_as(self, requester: PersonId, key: str) -> Request | None:
        """The request that *requester* submitted under this `submission_key`."""

    async def request_submitted_by(self, client: str, key: str) -> Request | None:
        """The request that the platform *client* submitted under this `submission_key`."""

    async def submitted_with(self, client: str, ids: Collection[RequestId]) -> frozenset[RequestId]:
        """Those of *ids* that the platform *client* submitted."""

    async def resubmissions_of(self, id: RequestId) -> tuple[RequestId, ...]: ...

    async def waiting_on(
        self,
        person: Person,
        *,
        delegators: Sequence[Person] = (),
        filter: ListFilter | None = None,
        limit: int = 10,
        before: RequestId | None = None,
    ) -> Page:
        """Open requests whose current step *person* may decide now, newest first: not their own, not where they have decided.

        The same at a million open requests as at ten.
        """

    async def how_many_wait(self, person: Person, *, delegators: Sequence[Person] = (), most: int) -> int:
        """How many requests `waiting_on` has for *person*, counted up to *most*: as quick as a page."""

    async def requested_by(
        self, person: PersonId, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page: ...

    async def how_many_requested(self, person: PersonId, *, most: int) -> int:
        """How many requests are *person*'s, counted up to *most*."""

    async def recent(
        self, person: PersonId, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page:
        """What last concerned *person*, newest first: their requests that closed, and requests that they, or somebody for them, decided on.

        In the order in which they closed or were decided on; the page begins after the request *before*.
        """

    async def all_requests(
        self, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page: ...

    async def requests_naming(self, approver: str, *, limit: int) -> tuple[RequestId, ...]:
        """Open requests with an open work item one of whose steps *approver* (`group:KEY`, `role:KEY`) may decide, oldest first."""

    async def blocked_on(self, profile: ProfileId) -> tuple[RequestId, ...]:
        """Requests whose current work item is blocked under this profile, oldest first."""

    async def open_requests(self, *, after: RequestId | None = None, limit: int = 200) -> tuple[Request, ...]:
        """Every open request, oldest first, a batch at a time."""

    # homes
    async def looked_at(self, person: PersonId) -> str | None:
        """Where in their Home *person* last looked."""

    async def viewers(self, since: datetime, limit: int) -> Mapping[PersonId, str]:
        """Who has looked at their Home since then, and where in it: the *limit* who did last."""

    # certificate authorities of our own
    async def issued_for(self, authority: str, operation_key: str) -> IssuedHere | None:
        """What *authority* issued for this operation."""

    async def crl(self, authority: str) -> Crl | None:
        """Its present revocation list."""

    # released operations
    async def releases_of(self, request: RequestId) -> tuple[ReleaseState, ...]:
        """Each release of the request, the first one first; empty where it was never approved."""

    async def certificate_of(self, request: RequestId) -> Certificate | None:
        """What its operation made, where that was reported."""

    async def deeds_on(self, object_keys: Collection[str]) -> tuple[Deed, ...]:
        """What was executed of requests with one of these `object_key`s, by the number of the request."""

    # the record
    async def audit_of(self, chain: str) -> tuple[RecordedEntry, ...]:
        """The entries of one chain, oldest first."""

    async def audit_after(self, id: int, *, until: datetime, limit: int) -> tuple[RecordedEntry, ...]:
        """Entries of every chain with a later id than *id*, in its order, as far as the first that is younger than *until*."""

    async def audit_about(self, subject: str) -> tuple[RecordedEntry, ...]:
        """The entries about *subject* (`profile:web`), which is no request, oldest first."""

    # tokens of the HTTP API
    async def token(self, id: TokenId) -> Token | None: ...

    async def tokens(self) -> tuple[Token, ...]:
        """All there ever were, by client, the newest first."""

    # webhooks
    async def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them, by name."""

    async def endpoint(self, key: str) -> Endpoint | None: ...

    async def delivery(self, number: int) -> Delivery | None: ...

    async def deliveries(self, key: str, *, waiting: bool, limit: int) -> tuple[Delivery, ...]:
        """The newest to this endpoint, or, *waiting*, the oldest that it has not taken."""

    # notices
    async def notices_of(self, request: RequestId) -> tuple[SentNotice, ...]: ...

    async def notice_at(self, channel: str, ts: str) -> SentNotice | None: ...

    # what is not as it should be, some of each and the first few left out
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

    async def told_daily(self, keys: Collection[str]) -> frozenset[str]:
        """Which of these daily words are there."""

    async def database(self) -> str:
        """What it is and its version: `SQLite 3.40.1`."""

    async def failed_notices(self, limit: int = 50) -> tuple[SentNotice, ...]: ...


class Transaction(Reading, Protocol):
    """Reading and saving; all of it is kept, or nothing. What is saved carries the transaction's source in the audit."""

    async def request_for_update(self, id: RequestId) -> Request | None:
        """The request, locked until the end of the transaction: locked first, as a statement of its own, then read."""

    async def new_request_id(self) -> RequestId:
        """The next number, never given twice."""

    async def save(self, change: Change) -> Request:
        """Save a change made on the version that was loaded: state, decisions, comments, releases and audit entries.

        Gives the request with its new version. Raises domain.errors.Conflict where somebody else saved first, and
        domain.errors.OpenRequestExists where another open request for the same operation and object was submitted first.
        """

    async def record(self, entry: AuditEntry) -> None:
        """An audit entry of something that is no request; every save of a profile, resource, group or role needs one."""

    async def due(self, at: datetime, limit: int) -> tuple[RequestId, ...]:
        """Open requests whose deadline is at or before *at*, earliest first, locked; those that another replica holds are left out."""

    async def escalating(self, at: datetime, limit: int) -> tuple[RequestId, ...]:
        """Open requests whose step escalates at or before *at* and whose deadline is after it, earliest first, locked as by `due`."""

    async def save_profile(self, version: ProfileVersion) -> None:
        """A new version. Raises Conflict where this number exists, domain.errors.NameTaken where another profile has the name."""

    async def delete_profile(self, id: ProfileId, at: datetime) -> None:
        """Take it off the list; its versions stay readable. Who calls it has made sure that nothing uses it."""

    async def keep_draft(self, draft: Draft, at: datetime) -> None:
        """Keep *draft* from now on; those that nobody touched for long are forgotten."""

    async def save_resource(self, resource: Resource) -> None: ...

    async def delete_resource(self, id: ResourceId) -> None: ...

    async def save_group(self, group: Group) -> None: ...

    async def delete_group(self, id: GroupId) -> None: ...

    async def save_role(self, role: Role) -> None: ...

    async def delete_role(self, id: RoleId) -> None: ...

    async def add_delegation(self, delegation: Delegation) -> Delegation:
        """A new one; gives it with its number. It needs an audit entry, as the next does."""

    async def revoke_delegation(self, number: int, at: datetime) -> bool:
        """End it at *at*; False where it had ended by then."""

    async def looked_after(self, number: int, at: datetime) -> None:
        """What followed from this delegation's beginning, ending or being revoked by *at* has been done."""

    async def add_token(self, token: Token) -> None:
        """A new one. It needs an audit entry, as the next does."""

    async def revoke_token(self, id: TokenId, at: datetime) -> bool:
        """Revoke it at *at*; False where it was revoked by then."""

    async def token_used(self, id: TokenId, at: datetime) -> None:
        """Keep that it was used at *at*."""

    async def endpoint_for_update(self, key: str) -> Endpoint | None:
        """It, locked until the end of the transaction."""

    async def save_endpoint(self, endpoint: Endpoint) -> None: ...

    async def delete_endpoint(self, key: str) -> None:
        """With all that was on its way to it."""

    async def untold(self, limit: int) -> tuple[tuple[RequestId, int], ...]:
        """Requests with entries that were not looked at for webhooks, locked as by `due`, each with the number of the last that was."""

    async def told(self, request: RequestId, number: int) -> None:
        """The record of *request* was looked at for webhooks, to the entry *number*."""

    async def add_delivery(self, endpoint: str, request: RequestId, number: int, event: Action, at: datetime) -> None:
        """The entry *number* of *request* is on its way to *endpoint* from *at* on, unless it was already."""

    async def save_delivery(self, delivery: Delivery) -> None:
        """What became of one that exists; nothing where it does not any more."""

    async def claim_deliveries(self, key: str, at: datetime, lease: timedelta, limit: int) -> tuple[Delivery, ...]:
        """Those to the endpoint *key* that are due at *at*, at most the oldest of each request, held until *at* + *lease*."""

    async def forget_deliveries(self, at: datetime, limit: int) -> int:
        """Forget those that were taken longer before *at* than `domain.webhooks.KEPT`; how many were."""

    async def save_workspace(self, workspace: Workspace) -> None: ...

    async def save_identities(self, identities: Collection[Identity]) -> None:
        """New or changed people of the mirror."""

    async def save_usergroups(self, usergroups: Collection[UserGroup], *, all_of_them: bool = False) -> None:
        """New or changed user groups with all their members; where these are *all_of_them*, others are emptied and marked gone."""

    async def mark_mirrored(self, at: datetime) -> None: ...

    async def looks(self, person: PersonId, place: str, at: datetime) -> None:
        """*person* looks at *place* of their Home."""

    async def forget_viewers(self, before: datetime) -> None:
        """Forget those who have not looked since."""

    async def mark_configured(self, content: str) -> None:
        """The configuration file whose content has this digest was applied at a start."""

    async def mirror_alone(self) -> None:
        """Wait until nobody else brings the mirror up to date, and keep others waiting until the end of the transaction."""

    async def hear(self, subject: str, at: datetime, *, told_at: datetime | None = None) -> bool:
        """Note that somebody (`person:ID`) or a user group (`usergroup:ID`) was heard of at *at*, outside of the lists.

        *told_at* is when it happened, by Slack's clock; None where Slack was asked at *at*. False where something newer is known already.
        """

    async def heard_since(self, moment: datetime) -> frozenset[str]:
        """The subjects that were heard of at *moment* or later."""

    # certificates on their way to their requesters
    async def add_handover(self, request: RequestId, at: datetime) -> None:
        """There is a certificate for the requester, once."""

    async def claim_handovers(self, at: datetime, lease: timedelta, limit: int) -> tuple[Handover, ...]:
        """Those that are due and that nobody else holds, earliest first, held until *at* + *lease*."""

    async def save_handover(self, one: Handover, *, due_at: datetime | None, held: bool) -> None:
        """What has become of it, and when it is looked at next: None for never. Where it is not *held* any more, anybody may."""

    # words to people that are about no request
    async def add_letters(self, new: Collection[Letter], at: datetime) -> None:
        """To be posted from *at* on; a key that was there before is none."""

    async def claim_letters(self, at: datetime, lease: timedelta, limit: int) -> tuple[ClaimedLetter, ...]:
        """Those that are due and that nobody else holds, earliest first, held until *at* + *lease*."""

    async def save_letter(self, one: ClaimedLetter, due_at: datetime | None) -> None:
        """When it is looked at next, None for never."""

    # certificate authorities of our own
    async def issued_as(self, authority: str, serial: str) -> IssuedHere | None:
        """What *authority* issued with this serial number, locked until the end of the transaction."""

    async def revoked_by(self, authority: str, since: datetime) -> tuple[IssuedHere, ...]:
        """What *authority* revoked and what had not expired by *since*, the earliest revocation first."""

    async def add_issued(self, issued: IssuedHere) -> None:
        """Raises Conflict where something was issued for the same operation, or with the same serial number."""

    async def revoke_issued(self, issued: IssuedHere) -> None:
        """When, why and for which operation it was revoked."""

    async def crl_for_update(self, authority: str) -> Crl | None:
        """Its present revocation list, locked until the end of the transaction."""

    async def keep_crl(self, crl: Crl) -> None:
        """A new one in place of the last."""

    # released operations
    async def claim_releases(self, at: datetime, lease: timedelta, limit: int) -> tuple[ClaimedRelease, ...]:
        """Releases that are due and that nobody else holds, earliest first, held until *at* + *lease*."""

    async def let_go_of_release(
        self,
        claimed: ClaimedRelease,
        *,
        due_at: datetime | None,
        via: str = "",
        said: str = "",
        accepted_at: datetime | None = None,
        begun_at: datetime | None = None,
        expected_at: datetime | None = None,
    ) -> bool:
        """Look at it again at *due_at*, None for never; False where somebody else holds it by now, or it has ended: nothing is kept then.

        With *begun_at* it stays unknown what came of the delivery that began then. Past *expected_at* its result is missing.
        """

    async def hand_over_again(self, request: RequestId, at: datetime) -> None:
        """What was accepted is to be delivered again at *at*; what came of it before is not known."""

    async def end_releases(self, request: RequestId) -> None:
        """Nothing more is to be delivered of this request: its operation has ended."""

    async def keep_certificate(self, request: RequestId, certificate: Certificate) -> None:
        """What its operation made."""

    # notices. A request is stale when it has a version that its notices were not brought up to.
    async def claim_stale(
        self, at: datetime, lease: timedelta, limit: int, queue: Queue | None = None
    ) -> tuple[Claim, ...]:
        """Stale requests that nobody else holds, held until *at* + *lease*: of *queue*, or of any, queue by queue.

        In each queue the one that joined it first comes first.
        """

    async def hold(self, claim: Claim, until: datetime) -> Held | None:
        """Keep what was claimed until *until*, and keep others from claiming it before this transaction ends; None where it was lost."""

    async def doubt(self, notices: Collection[int]) -> None:
        """What these show is not known: have them drawn again, whatever they are said to show."""

    async def here(self, name: str, at: datetime, since: datetime) -> int:
        """This announcer, *name*, is at work at *at*; how many were at or after *since*, with this one."""

    async def gone(self, name: str) -> None:
        """The announcer *name* is at work no more."""

    async def mark_stale(self, requests: Collection[RequestId]) -> None:
        """Have these announced again though nothing in them changed: a membership did."""

    async def mark_open_stale(self) -> None:
        """Have every open request announced again: who may decide, or whether anybody is left, may have changed for any of them."""

    async def add_notices(self, request: RequestId, notices: Collection[Notice]) -> None:
        """Notices that are new by their key; those that exist stay as they are."""

    async def save_notice(self, notice: SentNotice) -> None:
        """Channel, ts, shown version, attempt, failure and end of one that exists."""

    async def add_daily(self, request: RequestId, words: Collection[Notice]) -> int:
        """Daily words that are new by their key, whatever the request; how many were."""

    async def try_again(self, notice: int | None) -> tuple[tuple[int, int], ...]:
        """Forget that *notice*, or every one, was refused: the number and the request of each that was. They have to be marked stale."""

    async def share_again(self, request: RequestId | None, at: datetime) -> tuple[RequestId, ...]:
        """Forget that the certificate of *request*, or every one, was refused, and have it shared from *at* on: which ones were."""

    async def end_leases(self) -> None:
        """Let go of all that is claimed: for a database that one process has to itself, when that process begins."""

    async def announced(
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

    async def mark_for_reminding(self, at: datetime, limit: int) -> int:
        """Have requests announced again whose *remind_at* is at or before *at*, once; how many were. Those that are locked are left out."""


class Store(Protocol):
    """Where everything is kept."""

    def reading(self) -> AbstractAsyncContextManager[Reading]: ...

    def transaction(self, source: Source) -> AbstractAsyncContextManager[Transaction]:
        """Commits when the block ends, rolls back when it raises. Raises domain.errors.Busy past its own deadline: nothing was recorded."""

    async def close(self) -> None: ...
