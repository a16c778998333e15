"""Profiles and resources."""

from datetime import datetime
from typing import Protocol

from domain.approvals.profile_drafts import Draft, DraftId
from domain.approvals.profiles import ProfileId, ProfileVersion
from domain.approvals.resources import Resource, ResourceId
from domain.ports.values import Uses


class ProfileReader(Protocol):
    """Approval profiles: their immutable versions, and drafts of edits."""

    async def get(self, id: ProfileId) -> ProfileVersion | None:
        """The present version; None also if the profile was deleted."""

    async def version(self, id: ProfileId, number: int) -> ProfileVersion | None:
        """Any version, also of a profile that was deleted."""

    async def versions(self, id: ProfileId) -> tuple[ProfileVersion, ...]:
        """All versions, newest first."""

    async def listed(self) -> tuple[ProfileVersion, ...]:
        """The present version of each profile that is not deleted, by name."""

    async def draft(self, id: DraftId) -> Draft | None:
        """None also if nobody saved it for longer than `domain.approvals.profile_drafts.KEPT`."""

    async def uses(self, profile: ProfileId) -> Uses: ...

    async def configured_from(self) -> str | None:
        """The digest of the configuration file that was last applied at a start."""


class ProfileWriter(ProfileReader, Protocol):
    """Approval profiles: their immutable versions, and drafts of edits: saving."""

    async def save(self, version: ProfileVersion) -> None:
        """A new version. Raises Conflict if this number exists, domain.common.errors.NameTaken if another profile has the name."""

    async def delete(self, id: ProfileId, at: datetime) -> None:
        """Remove it from the list; its versions stay readable. The caller has made sure that nothing uses it."""

    async def save_draft(self, draft: Draft, at: datetime) -> None:
        """Save *draft*, and forget drafts that nobody saved for long."""

    async def mark_configured(self, content: str) -> None:
        """Record that the configuration file whose content has this digest was applied at a start."""


class ResourceReader(Protocol):
    """Resources and the profiles bound to them."""

    async def get(self, id: ResourceId) -> Resource | None: ...

    async def listed(self) -> tuple[Resource, ...]:
        """By kind, then name."""


class ResourceWriter(ResourceReader, Protocol):
    """Resources and the profiles bound to them: saving."""

    async def save(self, resource: Resource) -> None: ...

    async def delete(self, id: ResourceId) -> None: ...
