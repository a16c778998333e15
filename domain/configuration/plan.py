"""The way from what is configured to what a file asks for: an ordered list of changes, and what the author has to be told."""

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
from domain.configuration.advice import administrators, warnings
from domain.configuration.desired import Desired, desired
from domain.configuration.document import Configuration
from domain.configuration.faults import Fault, InvalidConfiguration
from domain.configuration.present import Present
from domain.configuration.written import Difference, Written, differences, written_part
from domain.people.people import BUILT_IN_ROLES, Group, Role, RoleId


class Kind(StrEnum):
    GROUP = "group"
    ROLE = "role"
    PROFILE = "profile"
    RESOURCE = "resource"


class Deed(StrEnum):
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
    """One thing that becomes another: nothing before is a creation, nothing after a deletion."""

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
    def deed(self) -> Deed:
        if self.before is None:
            return Deed.CREATE
        return Deed.DELETE if self.after is None else Deed.CHANGE

    @property
    def name(self) -> str:
        """What people call it."""
        one = self.after or self.before
        return one.name if one is not None else self.key

    @property
    def action(self) -> Action:
        """What the record calls it."""
        saved, deleted = _ACTIONS[self.kind]
        return deleted if self.deed is Deed.DELETE else saved

    @property
    def subject(self) -> str:
        """What the record says it happened to."""
        return f"{self.kind}:{self.key}"

    def differences(self, team: str = "") -> tuple[Difference, ...]:
        """What differs, as the file would say it; people of *team* by their user id alone."""
        return differences(as_written(self.before, team), as_written(self.after, team))

    def recorded(self, side: Configured | None) -> Written:
        """*side* as the record keeps it: whole, with the number of a profile's version."""
        version = {"version": side.number} if isinstance(side, ProfileVersion) else {}
        return {**version, **as_written(side)}


def as_written(value: Configured | None, team: str = "") -> Written:
    """*value* as the file would say it; empty for nothing."""
    if value is None:
        return {}
    return written_part(value.definition if isinstance(value, ProfileVersion) else value, team)


class Plan(Frozen):
    """What applying a file would do, in this order."""

    team: str
    changes: tuple[PlannedChange, ...]
    warnings: tuple[str, ...] = ()
    """What its author has to be told loudly."""
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
        content = [[one.kind, one.key, one.recorded(one.before), one.recorded(one.after)] for one in self.changes]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def draw_up(configuration: Configuration, present: Present) -> Plan:
    """The plan that leads from *present* to what *configuration* asks for. Who still uses what is deleted is not looked at here.

    Raises InvalidConfiguration.
    """
    wanted = desired(configuration, present)
    changes = (
        *_groups_and_roles(wanted, present, deleting=False),
        *_profiles(wanted.profiles, present),
        *_resources(wanted.resources, present),
        *_groups_and_roles(wanted, present, deleting=True),
    )
    after = outcome(present, changes)
    return Plan(
        team=present.team,
        changes=changes,
        warnings=warnings(present, after, wanted.mentions),
        refusals=(*_dangling(after, changes), *_last_administrator(present, after)),
    )


def outcome(present: Present, changes: Iterable[PlannedChange]) -> Present:
    """*present* as it is after *changes*."""
    sides: dict[Kind, dict[str, Any]] = {
        Kind.GROUP: dict(present.groups),
        Kind.ROLE: dict(present.roles),
        Kind.PROFILE: dict(present.profiles),
        Kind.RESOURCE: dict(present.resources),
    }
    for change in changes:
        if change.after is None:
            sides[change.kind].pop(change.key)
        else:
            sides[change.kind][change.key] = change.after
    return present.replace(
        groups=sides[Kind.GROUP],
        roles=sides[Kind.ROLE],
        profiles=sides[Kind.PROFILE],
        resources=sides[Kind.RESOURCE],
    )


# The parts of a plan. Groups and roles come before the profiles that name them, profiles before the resources that are bound to them,
# and a deletion after whatever let go of what is deleted.

_One = TypeVar("_One", Group, Role, Resource)


def _groups_and_roles(wanted: Desired, present: Present, *, deleting: bool) -> list[PlannedChange]:
    own_roles = {key: one for key, one in present.roles.items() if key not in BUILT_IN_ROLES}
    built_in = {key: one for key, one in present.roles.items() if key in wanted.built_in}
    changes = [
        *_compared(Kind.GROUP, {key: _group(one) for key, one in present.groups.items()}, wanted.groups),
        *_compared(Kind.ROLE, {key: _role(one) for key, one in built_in.items()}, wanted.built_in),
        *_compared(Kind.ROLE, {key: _role(one) for key, one in own_roles.items()}, wanted.roles),
    ]
    return [one for one in changes if (one.deed is Deed.DELETE) is deleting]


def _group(group: Group) -> Group:
    """*group* with its members in order, so that another order is no change."""
    return group.replace(members=tuple(sorted(set(group.members))))


def _role(role: Role) -> Role:
    name = BUILT_IN_ROLES.get(RoleId(role.key), role.name)
    return role.replace(name=name, holders=tuple(sorted(set(role.holders))))


def _compared(kind: Kind, before: Mapping[str, _One], after: Mapping[str, _One] | None) -> list[PlannedChange]:
    if after is None:
        return []
    keys = sorted(set(before) | set(after))
    return [
        PlannedChange(kind=kind, key=key, before=before.get(key), after=after.get(key))
        for key in keys
        if before.get(key) != after.get(key)
    ]


def _profiles(wanted: Mapping[str, Definition] | None, present: Present) -> list[PlannedChange]:
    """Deletions first, and then so that each name is free when it is taken."""
    if wanted is None:
        return []
    gone = [
        PlannedChange(kind=Kind.PROFILE, key=key, before=one, after=None)
        for key, one in sorted(present.profiles.items())
        if key not in wanted
    ]
    changed = [
        PlannedChange(kind=Kind.PROFILE, key=key, before=present.profiles.get(key), after=version)
        for key, definition in sorted(wanted.items())
        if (version := _next(key, definition, present)) is not None
    ]
    held = {one.name.casefold(): key for key, one in present.profiles.items() if key in wanted}
    ordered = []
    while changed:
        free = next((one for one in changed if held.get(one.name.casefold(), one.key) == one.key), None)
        if free is None:
            raise InvalidConfiguration([_name_in_a_ring(one, held) for one in changed])
        changed.remove(free)
        ordered.append(free)
        held = {name: key for name, key in held.items() if key != free.key} | {free.name.casefold(): free.key}
    return gone + ordered


def _next(key: str, definition: Definition, present: Present) -> ProfileVersion | None:
    old = present.profiles.get(key)
    if old is not None:
        return old.next(definition)
    return ProfileVersion(profile=key, number=present.retired.get(key, 0) + 1, definition=definition)


def _name_in_a_ring(change: PlannedChange, held: Mapping[str, str]) -> Fault:
    holder = held[change.name.casefold()]
    return Fault(
        path=("profiles", change.key, "name"),
        message=f"is still the name of profiles.{holder}, which waits for another in turn: give one of them a third name first",
    )


def _resources(wanted: Mapping[str, Resource] | None, present: Present) -> list[PlannedChange]:
    """What is linked to before what links to it; deletions the other way round, and last."""
    changes = _compared(Kind.RESOURCE, present.resources, wanted)
    saved = [one for one in changes if isinstance(one.after, Resource)]
    deleted = [one for one in changes if one.after is None]

    def reach(change: PlannedChange) -> int:
        one = change.after or change.before
        return len(LINKS[one.kind]) if isinstance(one, Resource) else 0

    return [*sorted(saved, key=reach), *sorted(deleted, key=reach, reverse=True)]


def _dangling(after: Present, changes: Iterable[PlannedChange]) -> Iterable[str]:
    """What is deleted while something that the file does not manage still names it."""
    for change in changes:
        if change.deed is not Deed.DELETE:
            continue
        if users := tuple(_users_of(change, after)):
            yield f"The {change.kind} {change.key} cannot be deleted: {', '.join(users)} still {'use' if len(users) > 1 else 'uses'} it."


def _last_administrator(before: Present, after: Present) -> Iterable[str]:
    """Where somebody is an administrator, somebody stays one: nobody else could make one again."""
    if administrators(before) and not administrators(after):
        yield "Nobody would be an administrator any more: name an active member of this workspace, or leave that section out."


def _users_of(change: PlannedChange, after: Present) -> Iterable[str]:
    if change.kind is Kind.PROFILE:
        bound = (one.key for one in after.resources.values() if change.key in one.approvals.values())
        yield from (f"resource {key}" for key in sorted(bound))
    if change.kind in {Kind.GROUP, Kind.ROLE}:
        for key, version in sorted(after.profiles.items()):
            sides = [side for step in version.steps for side in step.named]
            named = {str(one) for side in sides for one in (side.groups if change.kind is Kind.GROUP else side.roles)}
            if change.key in named:
                yield f"profile {key}"
