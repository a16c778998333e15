"""Create, change and delete one group or role; the configuration file does so for all of them: SPEC.md section 5."""

from collections.abc import Callable, Mapping
from datetime import datetime

from domain.approvals.profiles import ProfileVersion
from domain.approvals.requests import request_name
from domain.audit.entries import Source
from domain.common.slugs import key_for
from domain.configuration.current_state import CurrentState
from domain.configuration.plan import Kind, Plan, content_of
from domain.configuration.refusals import (
    BuiltIn,
    LastAdministrator,
    NoSuchTeam,
    NoSuchUserGroup,
    TeamChanged,
    TeamExists,
    TeamInUse,
    TeamTooForeign,
)
from domain.people.people import (
    ADMINISTRATOR,
    BUILT_IN_ROLES,
    Group,
    GroupId,
    PersonId,
    Role,
    RoleId,
    Standing,
    team_and_user,
)
from domain.ports import Reading, Store
from domain.workflow.configuration.apply import LISTED, Applied, bring_about, configured, plan_of_one
from domain.workflow.configuration.edit_conflicts import fingerprint_of, what_changed, who_did_it

Team = Group | Role


def fingerprint(team: Team | None) -> str:
    """The fingerprint of *team* that a form carries, to notice later changes; empty for None."""
    return "" if team is None else fingerprint_of(content_of(_in_order(team)))


async def save_group(
    store: Store, group: Group, at: datetime, *, by: PersonId | None, source: Source, seen: str | None = None
) -> Applied:
    """Save *group*, new or not. A save that changes nothing is not recorded.

    *seen* is the `fingerprint` that the form began from. Raises TeamChanged if it is another now, NoSuchUserGroup,
    NotAnAdministrator (None is the command line), NothingMirrored, Busy.
    """
    return await _save(store, Kind.GROUP, group, at, by, source, seen)


async def save_role(
    store: Store, role: Role, at: datetime, *, by: PersonId | None, source: Source, seen: str | None = None
) -> Applied:
    """As `save_group`. Raises also BuiltIn if a built-in role is renamed, LastAdministrator if no administrator remains."""
    return await _save(store, Kind.ROLE, role, at, by, source, seen)


async def create_group(
    store: Store,
    name: str,
    at: datetime,
    *,
    usergroup: str | None = None,
    members: tuple[PersonId, ...] = (),
    by: PersonId | None,
    source: Source,
) -> Applied:
    """Create a group; its key is made from its *name*.

    Raises what `save_group` raises except TeamChanged, and TeamExists if an equal group exists (Slack may deliver a form twice).
    """
    return await _create(
        store,
        Kind.GROUP,
        name,
        lambda key: Group(key=key, name=name, usergroup=usergroup, members=members),
        at,
        by,
        source,
    )


async def create_role(
    store: Store,
    name: str,
    at: datetime,
    *,
    usergroup: str | None = None,
    holders: tuple[PersonId, ...] = (),
    by: PersonId | None,
    source: Source,
) -> Applied:
    """As `create_group`, for a role."""
    return await _create(
        store,
        Kind.ROLE,
        name,
        lambda key: Role(key=key, name=name, usergroup=usergroup, holders=holders),
        at,
        by,
        source,
    )


async def delete_group(
    store: Store, group: GroupId, at: datetime, *, by: PersonId | None, source: Source, seen: str | None = None
) -> Applied:
    """Delete *group*. Raises NoSuchTeam, TeamChanged, NotAnAdministrator, NothingMirrored, Busy, and TeamInUse with the profiles whose
    present version, and the open requests, that name it.
    """
    return await _delete(store, Kind.GROUP, group, at, by, source, seen)


async def delete_role(
    store: Store, role: RoleId, at: datetime, *, by: PersonId | None, source: Source, seen: str | None = None
) -> Applied:
    """As `delete_group`. Raises also BuiltIn."""
    if role in BUILT_IN_ROLES:
        raise BuiltIn(role=BUILT_IN_ROLES[role])
    return await _delete(store, Kind.ROLE, role, at, by, source, seen)


async def _save(
    store: Store, kind: Kind, team: Team, at: datetime, by: PersonId | None, source: Source, seen: str | None
) -> Applied:
    async def draw(reading: Reading) -> Plan:
        present = await configured(reading)
        old = teams(present, kind).get(team.key)
        saved_already = old is not None and _in_order(old) == _in_order(team)
        if seen is not None and seen != fingerprint(old) and not saved_already:
            raise await _changed(reading, present, kind, team, seen)
        return await _plan(reading, present, kind, old, team)

    return await bring_about(store, draw, at, by, source)


async def _create(
    store: Store,
    kind: Kind,
    name: str,
    make: Callable[[str], Team],
    at: datetime,
    by: PersonId | None,
    source: Source,
) -> Applied:
    async def draw(reading: Reading) -> Plan:
        present = await configured(reading)
        new = make(key_for(name, teams(present, kind), kind.value))
        for team in teams(present, kind).values():
            if _in_order(team).replace(key=new.key) == _in_order(new):
                raise TeamExists(kind=kind, team=team.name, key=team.key)
        return await _plan(reading, present, kind, None, new)

    return await bring_about(store, draw, at, by, source)


async def _delete(
    store: Store, kind: Kind, key: str, at: datetime, by: PersonId | None, source: Source, seen: str | None
) -> Applied:
    async def draw(reading: Reading) -> Plan:
        present = await configured(reading)
        old = teams(present, kind).get(key)
        if old is None:
            raise NoSuchTeam(kind=kind, key=key)
        if seen is not None and seen != fingerprint(old):
            raise await _changed(reading, present, kind, old, seen)
        if users := await users_of(reading, present, kind, key):
            raise TeamInUse(kind=kind, team=old.name, users=", ".join(users))
        return await plan_of_one(reading, present, kind, old, None)

    return await bring_about(store, draw, at, by, source)


async def _plan(reading: Reading, present: CurrentState, kind: Kind, old: Team | None, new: Team) -> Plan:
    """The plan that makes *old* into *new*, with the people of *new* sorted, as the configuration file has them."""
    new = _in_order(new)
    if new.key in BUILT_IN_ROLES and kind is Kind.ROLE and new.name != BUILT_IN_ROLES[RoleId(new.key)]:
        raise BuiltIn(role=BUILT_IN_ROLES[RoleId(new.key)])
    is_new = new.usergroup is not None and (old is None or old.usergroup != new.usergroup)
    if is_new and new.usergroup not in {usergroup.id for usergroup in await reading.directory.usergroups()}:
        raise NoSuchUserGroup
    if isinstance(new, Role) and new.key == ADMINISTRATOR and not await _active(reading, new):
        raise LastAdministrator
    return await plan_of_one(reading, present, kind, _in_order(old) if old is not None else None, new)


async def _active(reading: Reading, role: Role) -> bool:
    """Whether an active member would hold *role*, by name or through its user group."""
    following = {usergroup.id: usergroup.members for usergroup in await reading.directory.usergroups()}
    known = await reading.people.identities({*role.holders, *following.get(role.usergroup or "", ())})
    return any(identity.standing is Standing.MEMBER for identity in known.values())


async def _changed(reading: Reading, present: CurrentState, kind: Kind, team: Team, seen: str) -> TeamChanged:
    """The refusal for a person whose form began from the fingerprint *seen*: who changed what since."""
    subject, now = f"{kind}:{team.key}", teams(present, kind).get(team.key)
    what = await what_changed(reading, present.team, subject, content_of(now and _in_order(now)), seen)
    who = await who_did_it(reading, subject)
    return TeamChanged(who=who, kind=kind, team=(now or team).name, what=what, key=team.key if now else "")


async def users_of(reading: Reading, present: CurrentState, kind: Kind, key: str) -> tuple[str, ...]:
    """The current profiles and the open requests that name a group or role, in words; at most `LISTED` of each."""
    named = sorted(
        f"the approval profile {profile.name}" for profile in present.profiles.values() if names(profile, kind, key)
    )
    requests = await reading.requests.naming(f"{kind}:{key}", limit=LISTED + 1)
    more = len(requests) > LISTED or len(named) > LISTED
    return (*named[:LISTED], *map(request_name, requests[:LISTED]), *(["and more"] if more else []))


def names(version: ProfileVersion, kind: Kind, key: str) -> bool:
    """Whether a step of *version* names this group or role."""
    return any(
        key in (approvers.groups if kind is Kind.GROUP else approvers.roles)
        for step in version.steps
        for approvers in step.named
    )


def editable(kind: Kind, team: Team, workspace: str) -> Team:
    """*team*, if all its people are in *workspace*, so that a form there can show them. Raises TeamTooForeign."""
    if any(team_and_user(person)[0] != workspace for person in people_in(team)):
        raise TeamTooForeign(kind=kind)
    return team


def people_in(team: Team) -> tuple[PersonId, ...]:
    """The people whom *team* names."""
    return team.members if isinstance(team, Group) else team.holders


def teams(present: CurrentState, kind: Kind) -> Mapping[str, Team]:
    """All groups, or all roles, by key."""
    return present.groups if kind is Kind.GROUP else present.roles


def _in_order(team: Team) -> Team:
    """*team* with its people sorted, so that another order is not a change."""
    if isinstance(team, Group):
        return team.replace(members=tuple(sorted(set(team.members))))
    return team.replace(holders=tuple(sorted(set(team.holders))))
