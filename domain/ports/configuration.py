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
        """The present version; None also where it was deleted."""

    async def version(self, id: ProfileId, number: int) -> ProfileVersion | None:
        """Any version there ever was, deleted or not."""

    async def versions(self, id: ProfileId) -> tuple[ProfileVersion, ...]:
        """All versions, newest first."""

    async def listed(self) -> tuple[ProfileVersion, ...]:
        """The present version of each profile that is not deleted, by name."""

    async def draft(self, id: DraftId) -> Draft | None:
        """None also where it was left alone for longer than `domain.approvals.profile_drafts.KEPT`."""

    async def uses(self, profile: ProfileId) -> Uses: ...

    async def configured_from(self) -> str | None:
        """What `mark_configured` was last told."""


class ProfileWriter(ProfileReader, Protocol):
    """Approval profiles: their immutable versions, and drafts of edits: saving."""

    async def save(self, version: ProfileVersion) -> None:
        """A new version. Raises Conflict where this number exists, domain.common.errors.NameTaken where another profile has the name."""

    async def delete(self, id: ProfileId, at: datetime) -> None:
        """Take it off the list; its versions stay readable. Who calls it has made sure that nothing uses it."""

    async def save_draft(self, draft: Draft, at: datetime) -> None:
        """Keep *draft* from now on; those that nobody touched for long are forgotten."""

    async def mark_configured(self, content: str) -> None:
        """The configuration file whose content has this digest was applied at a start."""


class ResourceReader(Protocol):
    """Resources and the profiles bound to them."""

    async def get(self, id: ResourceId) -> Resource | None: ...

    async def listed(self) -> tuple[Resource, ...]:
        """By kind, then name."""


class ResourceWriter(ResourceReader, Protocol):
    """Resources and the profiles bound to them: saving."""

    async def save(self, resource: Resource) -> None: ...

    async def delete(self, id: ResourceId) -> None: ...
