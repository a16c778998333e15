"""Looking things up: each question is answered by the module beside this one that knows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from domain.approvals.delegation import Delegation
from domain.approvals.profile_drafts import Draft, DraftId
from domain.approvals.profiles import Approvers, ProfileId, ProfileVersion
from domain.approvals.requests import Request, RequestId
from domain.approvals.resources import Resource, ResourceId
from domain.people.people import Group, GroupId, Identity, Person, PersonId, Role, RoleId, UserGroup
from domain.platforms.tokens import Token, TokenId
from domain.platforms.webhooks import Delivery, Endpoint
from domain.ports import ListFilter, Page, RecordedEntry, SentNotice, Troubles, UnsharedFile, Uses, Workspace
from domain.store import (
    delegations,
    directory,
    drafts,
    health,
    listing,
    loading,
    people,
    recent,
    record,
    saving,
    tokens,
    versions,
    viewers,
    waiting,
    webhooks,
)
from domain.store import (
    notices as messages,
)
from domain.store import (
    resources as places,
)
from domain.store.authorities import ReadsAuthorities
from domain.store.handovers import unshared
from domain.store.released import ReadsReleases


class SqlReading(ReadsReleases, ReadsAuthorities):
    """`domain.ports.Reading`."""

    # people

    async def person(self, id: PersonId) -> Person | None:
        return await self._run(people.person, id)

    async def acting(self, id: PersonId, at: datetime) -> tuple[Person, tuple[Person, ...]] | None:
        return await self._run(people.acting, id, at)

    async def people_of(self, approvers: Approvers) -> frozenset[PersonId]:
        return await self._run(people.people_of, approvers)

    async def administrators(self) -> frozenset[PersonId]:
        return await self._run(people.administrators)

    async def delegators_of(self, delegate: PersonId, at: datetime) -> tuple[Person, ...]:
        return await self._run(people.delegators_of, delegate, at)

    async def delegates_of(
        self, delegators: Collection[PersonId], at: datetime
    ) -> Mapping[PersonId, frozenset[PersonId]]:
        return await self._run(delegations.delegates_of, delegators, at)

    async def delegations(self, at: datetime, *, of: PersonId | None = None) -> tuple[Delegation, ...]:
        return await self._run(delegations.not_over, at, of)

    async def delegation(self, number: int) -> Delegation | None:
        return await self._run(delegations.one, number)

    async def turned_delegations(self, at: datetime, limit: int) -> tuple[Delegation, ...]:
        return await self._run(delegations.turned, at, limit)

    async def identities(self, ids: Collection[PersonId] | None = None) -> Mapping[PersonId, Identity]:
        return await self._run(people.identities, ids)

    async def identity_by_email(self, email: str) -> Identity | None:
        return await self._run(people.identity_by_email, email)

    async def usergroups(self) -> tuple[UserGroup, ...]:
        return await self._run(directory.all_usergroups)

    async def groups(self) -> tuple[Group, ...]:
        return await self._run(directory.all_groups)

    async def roles(self) -> tuple[Role, ...]:
        return await self._run(directory.all_roles)

    async def names(self, groups: Collection[GroupId], roles: Collection[RoleId]) -> Mapping[str, str]:
        return await self._run(directory.names, groups, roles)

    async def workspace(self) -> Workspace | None:
        return await self._run(directory.the_workspace)

    async def mirrored_at(self) -> datetime | None:
        return await self._run(directory.mirrored_at)

    async def configured_from(self) -> str | None:
        return await self._run(directory.configured_from)

    # profiles and resources

    async def profile(self, id: ProfileId) -> ProfileVersion | None:
        return await self._run(versions.present, id)

    async def profile_version(self, id: ProfileId, number: int) -> ProfileVersion | None:
        return await self._run(versions.version, id, number)

    async def profile_versions(self, id: ProfileId) -> tuple[ProfileVersion, ...]:
        return await self._run(versions.versions_of, id)

    async def profiles(self) -> tuple[ProfileVersion, ...]:
        return await self._run(versions.listed)

    async def draft(self, id: DraftId) -> Draft | None:
        return await self._run(drafts.draft, id)

    async def resource(self, id: ResourceId) -> Resource | None:
        return await self._run(places.resource, id)

    async def resources(self) -> tuple[Resource, ...]:
        return await self._run(places.all_resources)

    async def uses(self, profile: ProfileId) -> Uses:
        return await self._run(places.uses, profile)

    # requests

    async def request(self, id: RequestId) -> Request | None:
        return await self._run(loading.load, id)

    async def requests(self, ids: Collection[RequestId]) -> tuple[Request, ...]:
        return await self._run(loading.load_all, ids)

    async def open_request_for(self, object_key: str) -> RequestId | None:
        return await self._run(saving.open_request_for, object_key)

    async def executed_for(self, object_key: str) -> RequestId | None:
        return await self._run(saving.executed_for, object_key)

    async def request_submitted_as(self, requester: PersonId, key: str) -> Request | None:
        return await self._run(listing.submitted_as, requester, key)

    async def request_submitted_by(self, client: str, key: str) -> Request | None:
        return await self._run(listing.submitted_by, client, key)

    async def submitted_with(self, client: str, ids: Collection[RequestId]) -> frozenset[RequestId]:
        return await self._run(listing.submitted_with, client, ids)

    async def resubmissions_of(self, id: RequestId) -> tuple[RequestId, ...]:
        return await self._run(listing.resubmissions_of, id)

    async def waiting_on(
        self,
        person: Person,
        *,
        delegators: Sequence[Person] = (),
        filter: ListFilter | None = None,
        limit: int = 10,
        before: RequestId | None = None,
    ) -> Page:
        return await self._run(waiting.waiting_on, person, delegators, filter, limit, before)

    async def how_many_wait(self, person: Person, *, delegators: Sequence[Person] = (), most: int) -> int:
        return await self._run(waiting.how_many, person, delegators, most)

    async def requested_by(
        self, person: PersonId, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page:
        return await self._run(listing.requested_by, person, filter, limit, before)

    async def how_many_requested(self, person: PersonId, *, most: int) -> int:
        return await self._run(listing.how_many_requested, person, most)

    async def recent(
        self, person: PersonId, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page:
        return await self._run(recent.recent, person, filter, limit, before)

    async def all_requests(
        self, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page:
        return await self._run(listing.all_requests, filter, limit, before)

    async def requests_naming(self, approver: str, *, limit: int) -> tuple[RequestId, ...]:
        return await self._run(listing.naming, approver, limit)

    async def blocked_on(self, profile: ProfileId) -> tuple[RequestId, ...]:
        return await self._run(listing.blocked_on, profile)

    async def open_requests(self, *, after: RequestId | None = None, limit: int = 200) -> tuple[Request, ...]:
        return await self._run(listing.open_requests, after, limit)

    # homes, the record, and notices

    async def looked_at(self, person: PersonId) -> str | None:
        return await self._run(viewers.looked_at, person)

    async def viewers(self, since: datetime, limit: int) -> Mapping[PersonId, str]:
        return await self._run(viewers.viewers, since, limit)

    async def audit_of(self, chain: str) -> tuple[RecordedEntry, ...]:
        return await self._run(record.entries_of, chain)

    async def audit_after(self, id: int, *, until: datetime, limit: int) -> tuple[RecordedEntry, ...]:
        return await self._run(record.after, id, until, limit)

    async def audit_about(self, subject: str) -> tuple[RecordedEntry, ...]:
        return await self._run(record.entries_about, subject)

    async def token(self, id: TokenId) -> Token | None:
        return await self._run(tokens.one, id)

    async def tokens(self) -> tuple[Token, ...]:
        return await self._run(tokens.everyone)

    async def endpoints(self) -> tuple[Endpoint, ...]:
        return await self._run(webhooks.endpoints)

    async def endpoint(self, key: str) -> Endpoint | None:
        return await self._run(webhooks.endpoint, key)

    async def delivery(self, number: int) -> Delivery | None:
        return await self._run(webhooks.delivery, number)

    async def deliveries(self, key: str, *, waiting: bool, limit: int) -> tuple[Delivery, ...]:
        return await self._run(webhooks.deliveries, key, waiting, limit)

    async def notices_of(self, request: RequestId) -> tuple[SentNotice, ...]:
        return await self._run(messages.notices_of, request)

    async def notice_at(self, channel: str, ts: str) -> SentNotice | None:
        return await self._run(messages.notice_at, channel, ts)

    async def troubles(self, at: datetime) -> Troubles:
        return await self._run(health.troubles, at)

    async def undelivered(self, limit: int, skipped: int) -> tuple[SentNotice, ...]:
        return await self._run(health.undelivered, limit, skipped)

    async def stuck(self, limit: int, skipped: int) -> tuple[RequestId, ...]:
        return await self._run(health.stuck, limit, skipped)

    async def failed_operations(self, limit: int, skipped: int) -> tuple[RequestId, ...]:
        return await self._run(health.failed_operations, limit, skipped)

    async def unreported(self, at: datetime, limit: int, skipped: int) -> tuple[RequestId, ...]:
        return await self._run(health.unreported, at, limit, skipped)

    async def unshared_files(self, limit: int, skipped: int) -> tuple[UnsharedFile, ...]:
        return await self._run(unshared, limit, skipped)

    async def told_daily(self, keys: Collection[str]) -> frozenset[str]:
        return await self._run(health.told_daily, keys)

    async def database(self) -> str:
        return await self._run(health.database)

    async def failed_notices(self, limit: int = 50) -> tuple[SentNotice, ...]:
        return await self._run(messages.failed, limit)
