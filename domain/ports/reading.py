"""Looking things up."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.approvals.delegation import Delegation
from domain.approvals.execution import Certificate
from domain.approvals.profile_drafts import Draft, DraftId
from domain.approvals.profiles import Approvers, ProfileId, ProfileVersion
from domain.approvals.requests import Request, RequestId
from domain.approvals.resources import Resource, ResourceId
from domain.people.people import Group, GroupId, Identity, Person, PersonId, Role, RoleId, UserGroup
from domain.platforms.tokens import Token, TokenId
from domain.platforms.webhooks import Delivery, Endpoint
from domain.ports.found import (
    ListFilter,
    Page,
    RecordedEntry,
    ReleaseState,
    SentNotice,
    Troubles,
    UnsharedFile,
    Uses,
    Workspace,
)
from domain.releases.local_ca import Crl, IssuedHere
from domain.releases.moves import Deed


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
        """None also where it was left alone for longer than `domain.approvals.profile_drafts.KEPT`."""

    async def resource(self, id: ResourceId) -> Resource | None: ...

    async def resources(self) -> tuple[Resource, ...]:
        """By kind, then name."""

    async def uses(self, profile: ProfileId) -> Uses: ...

    # requests
    async def request(self, id: RequestId) -> Request | None: ...

    async def requests(self, ids: Collection[RequestId]) -> tuple[Request, ...]:
        """Those that there are, in this order."""

    async def open_request_for(self, object_key: str) -> RequestId | None:
        """The open request for this operation and object (`domain.pki.object_key`)."""

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
