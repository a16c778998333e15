"""The *People* pages for administrators and auditors: groups, roles, their people, and what a person may approve."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from domain.approvals.delegation import Delegation
from domain.approvals.profiles import Approvers, ProfileVersion
from domain.approvals.solvability import profile_shortage
from domain.common.frozen import Frozen
from domain.configuration.current_state import CurrentState
from domain.configuration.plan import Kind
from domain.configuration.refusals import NoSuchTeam
from domain.people.people import BUILT_IN_ROLES, Group, Identity, Person, PersonId, Role, Standing, UserGroup
from domain.ports import Reading, Store
from domain.workflow.configuration.apply import configured
from domain.workflow.configuration.groups_and_roles import (
    Team,
    editable,
    fingerprint,
    names,
    people_in,
    teams,
    users_of,
)
from domain.workflow.configuration.profile_pages import Slice, administrator, reader, sliced
from domain.workflow.delegations import unable

PAGE: Final = 12
"""Groups and roles on a page of the list."""


class Membership(Frozen):
    """A person in a group or role, and why they are in it."""

    person: PersonId
    name: str
    standing: Standing
    by_name: bool
    through_usergroup: bool


class TeamPage(Frozen):
    """One group or role, its people, and what uses it."""

    kind: Kind
    team: Group | Role
    usergroup: UserGroup | None
    """The user group that it follows; None if it follows none, or Slack does not have it."""
    people: tuple[Membership, ...]
    users: tuple[str, ...]
    """Approval profiles and open requests that name it, in words."""
    unsolvable: tuple[tuple[str, str], ...]
    """Names of profiles that use it and cannot be approved as people are now, and why."""
    fingerprint: str
    may_edit: bool

    @property
    def is_built_in(self) -> bool:
        return self.kind is Kind.ROLE and self.team.key in BUILT_IN_ROLES


class TeamRow(Frozen):
    """A group or role in the list."""

    kind: Kind
    key: str
    name: str
    usergroup: str | None
    """The handle of the user group that it follows, or its id if Slack does not have it."""
    active: int
    """Active members in it."""


class TeamList(Frozen):
    """A page of all roles and groups."""

    rows: tuple[TeamRow, ...]
    slice: Slice
    may_edit: bool


class TeamForm(Frozen):
    """What the form for a group or role starts from."""

    kind: Kind
    team: Group | Role | None
    usergroups: tuple[UserGroup, ...]
    fingerprint: str

    @property
    def is_built_in(self) -> bool:
        return self.kind is Kind.ROLE and self.team is not None and self.team.key in BUILT_IN_ROLES


class Right(Frozen):
    """A step that a person may approve."""

    profile: str
    number: int
    """Of the step, from 1."""
    step: str
    once_escalated: bool = False
    """Whether they may approve it only after it has escalated."""


class PersonPage(Frozen):
    """The page of a person: roles, groups, steps they may approve, delegations."""

    identity: Identity
    teams: tuple[tuple[Kind, str, str, bool], ...]
    """Kind, name, the handle of the user group through which they are in it ("" for none), whether it names them."""
    rights: tuple[Right, ...]
    only: tuple[tuple[str, str], ...]
    """Names of profiles that cannot be approved without them, or have a step that only they can decide, and why."""
    given: tuple[Delegation, ...]
    received: tuple[Delegation, ...]
    unable: Mapping[PersonId, Standing]
    """As in `Standins`."""


async def team_list(store: Store, by: PersonId, *, page: int = 0) -> TeamList:
    """The *page*-th page of all roles, the built-in ones first, and all groups. Raises NotAMember, NotAReader."""
    async with store.reading() as reading:
        person = await reader(reading, by)
        present = await configured(reading)
        all_teams: list[tuple[Kind, Team]] = [
            *((Kind.ROLE, role) for role in present.roles.values()),
            *((Kind.GROUP, group) for group in present.groups.values()),
        ]
        shown, part = sliced(sorted(all_teams, key=_place), page, PAGE)
        handles = {usergroup.id: usergroup.handle for usergroup in await reading.directory.usergroups()}
        rows = [
            TeamRow(
                kind=kind,
                key=team.key,
                name=team.name,
                usergroup=handles.get(team.usergroup, team.usergroup) if team.usergroup else None,
                active=len(await reading.people.matching(_approvers(kind, team.key))),
            )
            for kind, team in shown
        ]
        return TeamList(rows=tuple(rows), slice=part, may_edit=person.is_administrator)


async def team_page(store: Store, by: PersonId, kind: Kind, key: str) -> TeamPage:
    """One group or role. Raises NotAMember, NotAReader, NoSuchTeam."""
    async with store.reading() as reading:
        person = await reader(reading, by)
        present = await configured(reading)
        team = _team(present, kind, key)
        usergroup = next(
            (usergroup for usergroup in await reading.directory.usergroups() if usergroup.id == team.usergroup), None
        )
        named, through = set(people_in(team)), set(usergroup.members if usergroup is not None else ())
        known = await reading.people.identities(named | through)
        naming = [profile for profile in present.profiles.values() if names(profile, kind, key)]
        people = await _people(reading, naming)
        return TeamPage(
            kind=kind,
            team=team,
            usergroup=usergroup,
            people=tuple(_memberships(named, through, known)),
            users=await users_of(reading, present, kind, key),
            unsolvable=tuple(
                (version.name, str(shortage)) for version in naming if (shortage := profile_shortage(version, people))
            ),
            fingerprint=fingerprint(team),
            may_edit=person.is_administrator,
        )


async def team_form(store: Store, by: PersonId, kind: Kind, key: str | None) -> TeamForm:
    """What the form for *key*, or for a new group or role, starts from. Raises NotAMember, NotAnAdministrator, NoSuchTeam,
    TeamTooForeign.
    """
    async with store.reading() as reading:
        await administrator(reading, by)
        present = await configured(reading)
        team = editable(kind, _team(present, kind, key), present.team) if key is not None else None
        return TeamForm(
            kind=kind, team=team, usergroups=await reading.directory.usergroups(), fingerprint=fingerprint(team)
        )


async def person_page(store: Store, by: PersonId, who: PersonId, at: datetime) -> PersonPage:
    """The page of *who*. Raises NotAMember, NotAReader."""
    async with store.reading() as reading:
        await reader(reading, by)
        present = await configured(reading)
        person = await reading.people.person(who) or Person(id=who, standing=Standing.STRANGER)
        identity = (await reading.people.identities([who])).get(who) or Identity(
            id=who, name=who.partition("/")[2], standing=Standing.STRANGER
        )
        profiles = [profile for profile in present.profiles.values() if _concerns(profile, person)]
        people = await _people(reading, profiles)
        delegations = await reading.delegations.current(at, of=who)
        return PersonPage(
            identity=identity,
            teams=tuple(_teams_of(person, present, await reading.directory.usergroups())),
            rights=tuple(right for profile in profiles for right in _rights(profile, person)),
            only=tuple((profile.name, why) for profile in profiles if (why := _lacking(profile, people, who))),
            given=tuple(delegation for delegation in delegations if delegation.delegator == who),
            received=tuple(delegation for delegation in delegations if delegation.delegate == who),
            unable=await unable(reading, delegations),
        )


def _place(team_of_kind: tuple[Kind, Team]) -> tuple[bool, bool, str, str]:
    """Roles before groups, the built-in ones first, then by name."""
    kind, team = team_of_kind
    return (kind is Kind.GROUP, team.key not in BUILT_IN_ROLES, team.name.casefold(), team.key)


def _team(present: CurrentState, kind: Kind, key: str) -> Team:
    team = teams(present, kind).get(key)
    if team is None:
        raise NoSuchTeam(kind=kind, key=key)
    return team


def _approvers(kind: Kind, key: str) -> Approvers:
    return Approvers(groups=(key,)) if kind is Kind.GROUP else Approvers(roles=(key,))


def _memberships(
    named: set[PersonId], through: set[PersonId], known: Mapping[PersonId, Identity]
) -> Iterable[Membership]:
    """The people *named* and those *through* a user group, ordered by name, people who cannot act last."""

    def order(person: PersonId) -> tuple[bool, str, str]:
        identity = known.get(person)
        if identity is None:
            return (True, "", person)
        return (identity.standing is not Standing.MEMBER, identity.name.casefold(), person)

    for person in sorted(named | through, key=order):
        identity = known.get(person)
        yield Membership(
            person=person,
            name=identity.name if identity is not None else person.partition("/")[2],
            standing=identity.standing if identity is not None else Standing.STRANGER,
            by_name=person in named,
            through_usergroup=person in through,
        )


def _teams_of(
    person: Person, present: CurrentState, usergroups: Iterable[UserGroup]
) -> Iterable[tuple[Kind, str, str, bool]]:
    following = {usergroup.id: usergroup for usergroup in usergroups}
    for kind in (Kind.ROLE, Kind.GROUP):
        for team in sorted(teams(present, kind).values(), key=lambda team: team.name.casefold()):
            usergroup = following.get(team.usergroup or "")
            handle = usergroup.handle if usergroup is not None and person.id in usergroup.members else ""
            named = person.id in people_in(team)
            if handle or named:
                yield kind, team.name, handle, named


def _concerns(version: ProfileVersion, person: Person) -> bool:
    return person.takes_part and any(approvers.include(person) for step in version.steps for approvers in step.named)


def _rights(version: ProfileVersion, person: Person) -> Iterable[Right]:
    for number, step in enumerate(version.steps, 1):
        further = step.escalation.approvers if step.escalation is not None else Approvers()
        if step.approvers.include(person) or further.include(person):
            yield Right(
                profile=version.name,
                number=number,
                step=step.name,
                once_escalated=not step.approvers.include(person),
            )


async def _people(reading: Reading, versions: Iterable[ProfileVersion]) -> Callable[[Approvers], frozenset[PersonId]]:
    """A function from approvers that *versions* name to the active members who are among them now."""
    named = {approvers for version in versions for step in version.steps for approvers in step.named}
    people = {approvers: await reading.people.matching(approvers) for approvers in named}
    return lambda approvers: people.get(approvers, frozenset())


def _lacking(version: ProfileVersion, people: Callable[[Approvers], frozenset[PersonId]], person: PersonId) -> str:
    """Why *version* could not be approved without *person*, or which step only they can decide; empty if neither."""
    without = profile_shortage(version, lambda approvers: people(approvers) - {person})
    if without is None:
        return ""
    if profile_shortage(version, people) is None:
        return str(without)
    for number, step in enumerate(version.steps, 1):
        if people(step.approvers) == {person}:
            return f"Nobody could decide step {number}, {step.name}."
    return ""
