"""Saving, and what gives both."""

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

from domain.approvals.changes import Change
from domain.approvals.delegation import Delegation
from domain.approvals.execution import Certificate
from domain.approvals.profile_drafts import Draft
from domain.approvals.profiles import ProfileId, ProfileVersion
from domain.approvals.requests import Request, RequestId
from domain.approvals.resources import Resource, ResourceId
from domain.audit.entries import Action, AuditEntry, Source
from domain.notices.direct_messages import Letter
from domain.notices.notices import Notice
from domain.notices.update_queue import Claim, Held, Queue
from domain.people.people import Group, GroupId, Identity, PersonId, Role, RoleId, UserGroup
from domain.platforms.tokens import Token, TokenId
from domain.platforms.webhooks import Delivery, Endpoint
from domain.ports.found import ClaimedLetter, ClaimedRelease, Handover, SentNotice, Workspace
from domain.ports.reading import Reading
from domain.releases.local_ca import Crl, IssuedHere


class Transaction(Reading, Protocol):
    """Reading and saving; all of it is kept, or nothing. What is saved carries the transaction's source in the audit."""

    async def request_for_update(self, id: RequestId) -> Request | None:
        """The request, locked until the end of the transaction: locked first, as a statement of its own, then read."""

    async def new_request_id(self) -> RequestId:
        """The next number, never given twice."""

    async def save(self, change: Change) -> Request:
        """Save a change made on the version that was loaded: state, decisions, comments, releases and audit entries.

        Gives the request with its new version. Raises domain.common.errors.Conflict where somebody else saved first, and
        domain.common.errors.OpenRequestExists where another open request for the same operation and object was submitted first.
        """

    async def record(self, entry: AuditEntry) -> None:
        """An audit entry of something that is no request; every save of a profile, resource, group or role needs one."""

    async def due(self, at: datetime, limit: int) -> tuple[RequestId, ...]:
        """Open requests whose deadline is at or before *at*, earliest first, locked; those that another replica holds are left out."""

    async def escalating(self, at: datetime, limit: int) -> tuple[RequestId, ...]:
        """Open requests whose step escalates at or before *at* and whose deadline is after it, earliest first, locked as by `due`."""

    async def save_profile(self, version: ProfileVersion) -> None:
        """A new version. Raises Conflict where this number exists, domain.common.errors.NameTaken where another profile has the name."""

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
        """Forget those that were taken longer before *at* than `domain.platforms.webhooks.KEPT`; how many were."""

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
        """Commits when the block ends, rolls back when it raises. Raises Busy past its own deadline: nothing was recorded."""

    async def close(self) -> None: ...
