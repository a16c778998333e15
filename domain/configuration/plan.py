"""The plan that leads from what is configured to what a file asks for: an ordered list of changes, warnings and refusals."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Self, TypeVar

from pydantic import model_validator

from domain.approvals.profiles import Definition, ProfileVersion
from domain.approvals.resources import LINKS, Resource
from domain.audit.entries import Action
from domain.common.frozen import Frozen
from domain.configuration.current_state import CurrentState
from domain.configuration.desired_state import DesiredState, desired_state
from domain.configuration.differences import Difference, differences
from domain.configuration.faults import Fault, InvalidConfiguration
from domain.configuration.file_content import Content, part_content
from domain.configuration.file_model import Configuration
from domain.configuration.plan_warnings import administrators, warnings
from domain.people.people import BUILT_IN_ROLES, Group, Role, RoleId


class Kind(StrEnum):
    GROUP = "group"
    ROLE = "role"
    PROFILE = "profile"
    RESOURCE = "resource"


class ChangeType(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"


_ACTIONS = {
    Kind.GROUP: (Action.GROUP_SAVED, Action.GROUP_DELETED),
    Kind.ROLE: (Action.ROLE_SAVED, Action.ROLE_DELETED),
    Kind.PROFILE: (Action.PROFILE_SAVED, Action.PROFILE_DELETED),
    Kind.RESOURCE: (Action.RESOURCE_SAVED, Action.RESOURCE_DELETED),
}

Configured = Group | Role | ProfileVersion | Resource


class PlannedChange(Frozen):
    """A change of one group, role, profile or resource: None before is a creation, None after a deletion."""

    kind: Kind
    key: str
    before: Configured | None
    after: Configured | None

    @model_validator(mode="after")
    def _is_a_change(self) -> Self:
        if self.before == self.after:
            raise ValueError("nothing would change")
        return self

    @property
    def type(self) -> ChangeType:
        if self.before is None:
            return ChangeType.CREATE
        return ChangeType.DELETE if self.after is None else ChangeType.CHANGE

    @property
    def name(self) -> str:
        """What people call it."""
        value = self.after or self.before
        return value.name if value is not None else self.key

    @property
    def action(self) -> Action:
        """What the audit log calls it."""
        saved, deleted = _ACTIONS[self.kind]
        return deleted if self.type is ChangeType.DELETE else saved

    @property
    def subject(self) -> str:
        """What it happened to, in the audit log."""
        return f"{self.kind}:{self.key}"

    def differences(self, team: str = "") -> tuple[Difference, ...]:
        """What differs, as the file would say it; people of *team* by their user id alone."""
        return differences(content_of(self.before, team), content_of(self.after, team))

    def recorded(self, side: Configured | None) -> Content:
        """*side* as the audit log keeps it: all of it, with the number of a profile's version."""
        version = {"version": side.number} if isinstance(side, ProfileVersion) else {}
        return {**version, **content_of(side)}


def content_of(value: Configured | None, team: str = "") -> Content:
    """*value* as the file would say it; empty for nothing."""
    if value is None:
        return {}
    return part_content(value.definition if isinstance(value, ProfileVersion) else value, team)


class Plan(Frozen):
    """What applying a file would do, in this order."""

    team: str
    changes: tuple[PlannedChange, ...]
    warnings: tuple[str, ...] = ()
    """What its author has to know; it can be applied nevertheless."""
    refusals: tuple[str, ...] = ()
    """Why it cannot be applied as it is: what would be deleted and is still used."""
    keeping: Mapping[str, int] = {}
    """For each profile that gets a new version: how many open requests keep the version that they have."""
    following: Mapping[str, int] = {}
    """And how many that are blocked will take the new one."""

    @property
    def is_empty(self) -> bool:
        """Whether what is configured is what the file asks for."""
        return not self.changes

    @property
    def fingerprint(self) -> str:
        """The same for the same changes to the same state, in hex: what was shown is what is applied, or nothing."""
        content = [
            [change.kind, change.key, change.recorded(change.before), change.recorded(change.after)]
            for change in self.changes
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def make_plan(configuration: Configuration, current: CurrentState) -> Plan:
    """The plan that leads from *current* to what *configuration* asks for. Who still uses what is deleted is not looked at here.

    Raises InvalidConfiguration.
    """
    wanted = desired_state(configuration, current)
    changes = (
        *_groups_and_roles(wanted, current, deleting=False),
        *_profiles(wanted.profiles, current),
        *_resources(wanted.resources, current),
        *_groups_and_roles(wanted, current, deleting=True),
    )
    after = outcome(current, changes)
    return Plan(
        team=current.team,
        changes=changes,
        warnings=warnings(current, after, wanted.mentions),
        refusals=(*_dangling(after, changes), *_last_administrator(current, after)),
    )


def outcome(current: CurrentState, changes: Iterable[PlannedChange]) -> CurrentState:
    """*current* as it is after *changes*."""
    sides: dict[Kind, dict[str, Any]] = {
        Kind.GROUP: dict(current.groups),
        Kind.ROLE: dict(current.roles),
        Kind.PROFILE: dict(current.profiles),
        Kind.RESOURCE: dict(current.resources),
    }
    for change in changes:
        if change.after is None:
            sides[change.kind].pop(change.key)
        else:
            sides[change.kind][change.key] = change.after
    return current.replace(
        groups=sides[Kind.GROUP],
        roles=sides[Kind.ROLE],
        profiles=sides[Kind.PROFILE],
        resources=sides[Kind.RESOURCE],
    )


# The parts of a plan. Groups and roles come before the profiles that name them, profiles before the resources that are bound to them,
# and a deletion after whatever let go of what is deleted.

_Value = TypeVar("_Value", Group, Role, Resource)


def _groups_and_roles(wanted: DesiredState, current: CurrentState, *, deleting: bool) -> list[PlannedChange]:
    own_roles = {key: role for key, role in current.roles.items() if key not in BUILT_IN_ROLES}
    built_in = {key: role for key, role in current.roles.items() if key in wanted.built_in}
    changes = [
        *_compared(Kind.GROUP, {key: _group(group) for key, group in current.groups.items()}, wanted.groups),
        *_compared(Kind.ROLE, {key: _role(role) for key, role in built_in.items()}, wanted.built_in),
        *_compared(Kind.ROLE, {key: _role(role) for key, role in own_roles.items()}, wanted.roles),
    ]
    return [change for change in changes if (change.type is ChangeType.DELETE) is deleting]


def _group(group: Group) -> Group:
    """*group* with its members in order, so that another order is no change."""
    return group.replace(members=tuple(sorted(set(group.members))))


def _role(role: Role) -> Role:
    name = BUILT_IN_ROLES.get(RoleId(role.key), role.name)
    return role.replace(name=name, holders=tuple(sorted(set(role.holders))))


def _compared(kind: Kind, before: Mapping[str, _Value], after: Mapping[str, _Value] | None) -> list[PlannedChange]:
    if after is None:
        return []
    keys = sorted(set(before) | set(after))
    return [
        PlannedChange(kind=kind, key=key, before=before.get(key), after=after.get(key))
        for key in keys
        if before.get(key) != after.get(key)
    ]


def _profiles(wanted: Mapping[str, Definition] | None, current: CurrentState) -> list[PlannedChange]:
    """Deletions first, and then so that each name is free when it is taken."""
    if wanted is None:
        return []
    deleted = [
        PlannedChange(kind=Kind.PROFILE, key=key, before=version, after=None)
        for key, version in sorted(current.profiles.items())
        if key not in wanted
    ]
    changed = [
        PlannedChange(kind=Kind.PROFILE, key=key, before=current.profiles.get(key), after=version)
        for key, definition in sorted(wanted.items())
        if (version := _next(key, definition, current)) is not None
    ]
    keys_by_name = {version.name.casefold(): key for key, version in current.profiles.items() if key in wanted}
    ordered = []
    while changed:
        free = next(
            (change for change in changed if keys_by_name.get(change.name.casefold(), change.key) == change.key), None
        )
        if free is None:
            raise InvalidConfiguration([_name_in_a_ring(change, keys_by_name) for change in changed])
        changed.remove(free)
        ordered.append(free)
        keys_by_name = {name: key for name, key in keys_by_name.items() if key != free.key}
        keys_by_name[free.name.casefold()] = free.key
    return deleted + ordered


def _next(key: str, definition: Definition, current: CurrentState) -> ProfileVersion | None:
    old = current.profiles.get(key)
    if old is not None:
        return old.next(definition)
    return ProfileVersion(profile=key, number=current.retired.get(key, 0) + 1, definition=definition)


def _name_in_a_ring(change: PlannedChange, keys_by_name: Mapping[str, str]) -> Fault:
    holder = keys_by_name[change.name.casefold()]
    return Fault(
        path=("profiles", change.key, "name"),
        message=f"is still the name of profiles.{holder}, which waits for another in turn: give one of them a third name first",
    )


def _resources(wanted: Mapping[str, Resource] | None, current: CurrentState) -> list[PlannedChange]:
    """What is linked to before what links to it; deletions the other way round, and last."""
    changes = _compared(Kind.RESOURCE, current.resources, wanted)
    saved = [change for change in changes if change.after is not None]
    deleted = [change for change in changes if change.after is None]

    def reach(change: PlannedChange) -> int:
        """How many kinds of resources it may link to."""
        resource = change.after or change.before
        return len(LINKS[resource.kind]) if isinstance(resource, Resource) else 0

    return [*sorted(saved, key=reach), *sorted(deleted, key=reach, reverse=True)]


def _dangling(after: CurrentState, changes: Iterable[PlannedChange]) -> Iterable[str]:
    """What is deleted while something that the file does not manage still names it."""
    for change in changes:
        if change.type is not ChangeType.DELETE:
            continue
        if users := tuple(_users_of(change, after)):
            yield f"The {change.kind} {change.key} cannot be deleted: {', '.join(users)} still {'use' if len(users) > 1 else 'uses'} it."


def _last_administrator(before: CurrentState, after: CurrentState) -> Iterable[str]:
    """Where somebody is an administrator, somebody stays one: nobody else could make one again."""
    if administrators(before) and not administrators(after):
        yield "Nobody would be an administrator any more: name an active member of this workspace, or leave that section out."


def _users_of(change: PlannedChange, after: CurrentState) -> Iterable[str]:
    if change.kind is Kind.PROFILE:
        bound = (resource.key for resource in after.resources.values() if change.key in resource.approvals.values())
        yield from (f"resource {key}" for key in sorted(bound))
    if change.kind in {Kind.GROUP, Kind.ROLE}:
        for key, version in sorted(after.profiles.items()):
            approvers = [approvers for step in version.steps for approvers in step.named]
            named = {
                str(key) for part in approvers for key in (part.groups if change.kind is Kind.GROUP else part.roles)
            }
            if change.key in named:
                yield f"profile {key}"
