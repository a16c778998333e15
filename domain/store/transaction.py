"""Saving: each part by the module beside this one that knows."""

from collections.abc import Collection
from datetime import datetime, timedelta

from domain.approvals.changes import Change
from domain.approvals.delegation import Delegation
from domain.approvals.profile_drafts import Draft
from domain.approvals.profiles import ProfileId, ProfileVersion
from domain.approvals.requests import Request, RequestId
from domain.approvals.resources import Resource, ResourceId
from domain.audit.entries import Action, AuditEntry
from domain.notices.notices import Notice
from domain.notices.update_queue import Claim, Held, Queue
from domain.people.people import Group, GroupId, Identity, PersonId, Role, RoleId, UserGroup
from domain.platforms.tokens import Token, TokenId
from domain.platforms.webhooks import Delivery, Endpoint
from domain.ports import SentNotice, Workspace
from domain.store import (
    delegations,
    directory,
    drafts,
    health,
    hearing,
    listing,
    loading,
    record,
    releases,
    saving,
    tokens,
    versions,
    viewers,
    webhooks,
)
from domain.store import (
    notices as messages,
)
from domain.store import (
    resources as places,
)
from domain.store.authorities import KeepsAuthorities
from domain.store.handovers import HandsOver, end_leases
from domain.store.letters import Writes
from domain.store.reading import SqlReading
from domain.store.released import WritesReleases


class SqlTransaction(SqlReading, WritesReleases, KeepsAuthorities, HandsOver, Writes):
    """`domain.ports.Transaction`."""

    async def request_for_update(self, id: RequestId) -> Request | None:
        return await self._run(loading.load, id, lock=True)

    async def new_request_id(self) -> RequestId:
        return await self._run(saving.next_id)

    async def save(self, change: Change) -> Request:
        return await self._run(saving.save, change)

    async def record(self, entry: AuditEntry) -> None:
        await self._run(record.record, entry)

    async def due(self, at: datetime, limit: int) -> tuple[RequestId, ...]:
        return await self._run(listing.due, at, limit)

    async def escalating(self, at: datetime, limit: int) -> tuple[RequestId, ...]:
        return await self._run(listing.escalating, at, limit)

    async def save_profile(self, version: ProfileVersion) -> None:
        await self._run(versions.save, version)

    async def delete_profile(self, id: ProfileId, at: datetime) -> None:
        await self._run(versions.delete_profile, id, at)

    async def keep_draft(self, draft: Draft, at: datetime) -> None:
        await self._run(drafts.keep, draft, at)

    async def save_resource(self, resource: Resource) -> None:
        await self._run(places.save_resource, resource)

    async def delete_resource(self, id: ResourceId) -> None:
        await self._run(places.delete_resource, id)

    async def save_group(self, group: Group) -> None:
        await self._run(directory.save_group, group)

    async def delete_group(self, id: GroupId) -> None:
        await self._run(directory.delete_group, id)

    async def save_role(self, role: Role) -> None:
        await self._run(directory.save_role, role)

    async def delete_role(self, id: RoleId) -> None:
        await self._run(directory.delete_role, id)

    async def add_delegation(self, delegation: Delegation) -> Delegation:
        return await self._run(delegations.add, delegation)

    async def revoke_delegation(self, number: int, at: datetime) -> bool:
        return await self._run(delegations.revoke, number, at)

    async def looked_after(self, number: int, at: datetime) -> None:
        await self._run(delegations.looked_after, number, at)

    async def add_token(self, token: Token) -> None:
        await self._run(tokens.add, token)

    async def revoke_token(self, id: TokenId, at: datetime) -> bool:
        return await self._run(tokens.revoke, id, at)

    async def token_used(self, id: TokenId, at: datetime) -> None:
        await self._run(tokens.used, id, at)

    async def endpoint_for_update(self, key: str) -> Endpoint | None:
        return await self._run(webhooks.endpoint, key, lock=True)

    async def save_endpoint(self, endpoint: Endpoint) -> None:
        await self._run(webhooks.save, endpoint)

    async def delete_endpoint(self, key: str) -> None:
        await self._run(webhooks.remove, key)

    async def untold(self, limit: int) -> tuple[tuple[RequestId, int], ...]:
        return await self._run(webhooks.not_told, limit)

    async def told(self, request: RequestId, number: int) -> None:
        await self._run(webhooks.was_told, request, number)

    async def add_delivery(self, endpoint: str, request: RequestId, number: int, event: Action, at: datetime) -> None:
        await self._run(webhooks.add_delivery, endpoint, request, number, event, at)

    async def save_delivery(self, delivery: Delivery) -> None:
        await self._run(webhooks.save_delivery, delivery)

    async def claim_deliveries(self, key: str, at: datetime, lease: timedelta, limit: int) -> tuple[Delivery, ...]:
        return await self._run(webhooks.claim, key, at, lease, limit)

    async def forget_deliveries(self, at: datetime, limit: int) -> int:
        return await self._run(webhooks.forget, at, limit)

    async def save_workspace(self, workspace: Workspace) -> None:
        await self._run(directory.save_workspace, workspace)

    async def save_identities(self, identities: Collection[Identity]) -> None:
        await self._run(directory.save_identities, identities)

    async def save_usergroups(self, usergroups: Collection[UserGroup], *, all_of_them: bool = False) -> None:
        await self._run(directory.save_usergroups, usergroups, all_of_them=all_of_them)

    async def mark_mirrored(self, at: datetime) -> None:
        await self._run(directory.mark_mirrored, at)

    async def looks(self, person: PersonId, place: str, at: datetime) -> None:
        await self._run(viewers.looks, person, place, at)

    async def forget_viewers(self, before: datetime) -> None:
        await self._run(viewers.forget, before)

    async def mark_configured(self, content: str) -> None:
        await self._run(directory.mark_configured, content)

    async def mirror_alone(self) -> None:
        await self._run(hearing.alone)

    async def hear(self, subject: str, at: datetime, *, told_at: datetime | None = None) -> bool:
        return await self._run(hearing.hear, subject, at, told_at)

    async def heard_since(self, moment: datetime) -> frozenset[str]:
        return await self._run(hearing.since, moment)

    async def claim_stale(
        self, at: datetime, lease: timedelta, limit: int, queue: Queue | None = None
    ) -> tuple[Claim, ...]:
        return await self._run(messages.claim_stale, at, lease, limit, queue)

    async def hold(self, claim: Claim, until: datetime) -> Held | None:
        return await self._run(messages.hold, claim, until)

    async def doubt(self, notices: Collection[int]) -> None:
        await self._run(messages.doubt, notices)

    async def here(self, name: str, at: datetime, since: datetime) -> int:
        return await self._run(messages.here, name, at, since)

    async def gone(self, name: str) -> None:
        await self._run(messages.gone, name)

    async def mark_stale(self, requests: Collection[RequestId]) -> None:
        await self._run(messages.mark_stale, requests)

    async def mark_open_stale(self) -> None:
        await self._run(messages.mark_open_stale)

    async def add_notices(self, request: RequestId, notices: Collection[Notice]) -> None:
        await self._run(messages.add, request, notices)

    async def save_notice(self, notice: SentNotice) -> None:
        await self._run(messages.save, notice)

    async def add_daily(self, request: RequestId, words: Collection[Notice]) -> int:
        return await self._run(health.add_daily, request, words)

    async def try_again(self, notice: int | None) -> tuple[tuple[int, int], ...]:
        return await self._run(health.try_again, notice)

    async def end_leases(self) -> None:
        await self._run(messages.end_leases)
        await self._run(end_leases)
        await self._run(releases.end_leases)

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
        wholly = again_at is None
        await self._run(messages.announced, request, version, again_at or at, queue, remind_at, wholly=wholly)

    async def mark_for_reminding(self, at: datetime, limit: int) -> int:
        return await self._run(messages.mark_for_reminding, at, limit)
