"""People, delegations and the mirrored workspace."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from domain.approvals.delegation import Delegation
from domain.approvals.profiles import Approvers
from domain.people.people import Group, GroupId, Identity, Person, PersonId, Role, RoleId, UserGroup
from domain.ports.values import Workspace


class PeopleReader(Protocol):
    """People, groups and roles, as they are now."""

    async def person(self, id: PersonId) -> Person | None:
        """A person in the mirror, with their present groups and roles."""

    async def acting(self, id: PersonId, at: datetime) -> tuple[Person, tuple[Person, ...]] | None:
        """What `person` and `delegators_of` give, in one query."""

    async def matching(self, approvers: Approvers) -> frozenset[PersonId]:
        """The active members whom *approvers* name now, directly or by group or role."""

    async def administrators(self) -> frozenset[PersonId]:
        """The active members who hold the role `administrator` now."""

    async def identities(self, ids: Collection[PersonId] | None = None) -> Mapping[PersonId, Identity]:
        """What the mirror says of these people, or of all."""

    async def by_email(self, email: str) -> Identity | None:
        """The active member with this address, compared without regard to case."""

    async def groups(self) -> tuple[Group, ...]: ...

    async def roles(self) -> tuple[Role, ...]:
        """With the built-in ones, always."""

    async def names(self, groups: Collection[GroupId], roles: Collection[RoleId]) -> Mapping[str, str]:
        """Labels of groups (`group:KEY`) and roles (`role:KEY`)."""


class PeopleWriter(PeopleReader, Protocol):
    """People, groups and roles, as they are now: saving."""

    async def save_group(self, group: Group) -> None: ...

    async def delete_group(self, id: GroupId) -> None: ...

    async def save_role(self, role: Role) -> None: ...

    async def delete_role(self, id: RoleId) -> None: ...


class DelegationReader(Protocol):
    """Who decides for whom."""

    async def delegators_of(self, delegate: PersonId, at: datetime) -> tuple[Person, ...]:
        """Those who have named *delegate* their delegate for *at*, as they are now."""

    async def delegates_of(
        self, delegators: Collection[PersonId], at: datetime
    ) -> Mapping[PersonId, frozenset[PersonId]]:
        """The active members who are delegates at *at*, for each of *delegators* who has any."""

    async def current(self, at: datetime, *, of: PersonId | None = None) -> tuple[Delegation, ...]:
        """Those that hold at *at* or will, by when they begin: everybody's, or those that *of* gave or received."""

    async def get(self, number: int) -> Delegation | None: ...

    async def changed(self, at: datetime, limit: int) -> tuple[Delegation, ...]:
        """Those that began, ended or were revoked by *at*, without `mark_handled` since then; earliest first."""


class DelegationWriter(DelegationReader, Protocol):
    """Who decides for whom: saving."""

    async def add(self, delegation: Delegation) -> Delegation:
        """A new one; gives it with its number. It needs an audit entry, as the next does."""

    async def revoke(self, number: int, at: datetime) -> bool:
        """End it at *at*; False if it had ended by then."""

    async def mark_handled(self, number: int, at: datetime) -> None:
        """Record that the messages follow the beginning, end or revocation of this delegation at or before *at*."""


class DirectoryReader(Protocol):
    """The mirror of the Slack workspace."""

    async def usergroups(self) -> tuple[UserGroup, ...]: ...

    async def workspace(self) -> Workspace | None: ...

    async def mirrored_at(self) -> datetime | None:
        """When the mirror was last brought up to date as a whole."""


class DirectoryWriter(DirectoryReader, Protocol):
    """The mirror of the Slack workspace: saving."""

    async def save_workspace(self, workspace: Workspace) -> None: ...

    async def save_identities(self, identities: Collection[Identity]) -> None:
        """Save new or changed people of the mirror."""

    async def save_usergroups(self, usergroups: Collection[UserGroup], *, all_of_them: bool = False) -> None:
        """Save new or changed user groups with all their members. With *all_of_them*, every other group is emptied and marked as gone."""

    async def mark_mirrored(self, at: datetime) -> None: ...

    async def lock(self) -> None:
        """Wait until no other process updates the mirror, and keep others waiting until the end of the transaction."""

    async def record_event(self, subject: str, at: datetime, *, told_at: datetime | None = None) -> bool:
        """Record that at *at* Slack reported a person (`person:ID`) or a user group (`usergroup:ID`), outside of its lists.

        *told_at* is when it happened, by Slack's clock; None if Slack was asked at *at*. False if something newer is known already.
        """

    async def changed_since(self, moment: datetime) -> frozenset[str]:
        """The subjects of events at *moment* or later."""
