"""Looking at who is in which group, who holds which role, why, and what somebody may approve: for administrators and auditors."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from domain.approvals.delegation import Delegation
from domain.approvals.profiles import Approvers, ProfileVersion
from domain.approvals.solvability import profile_shortage
from domain.common.frozen import Frozen
from domain.configuration.plan import Kind
from domain.configuration.present import Present
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
"""How many groups and roles stand on a page of their list."""


class Membership(Frozen):
    """Somebody in a group, or with a role, and why."""

    person: PersonId
    name: str
    standing: Standing
    by_name: bool
    through_usergroup: bool


class TeamPage(Frozen):
    """One group or role, with everybody in it."""

    kind: Kind
    team: Group | Role
    usergroup: UserGroup | None
    """The one it follows, if Slack has it."""
    people: tuple[Membership, ...]
    users: tuple[str, ...]
    """What names it, in words."""
    unsolvable: tuple[tuple[str, str], ...]
    """Of the profiles that name it, those that could never be approved as people are now, and why."""
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
    """The handle of the user group it follows, or its id where Slack does not have it."""
    active: int
    """How many active members are in it."""


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
    """A step that somebody may approve."""

    profile: str
    number: int
    """Of the step, from 1."""
    step: str
    once_escalated: bool = False
    """Only after nobody has decided for as long as its escalation says."""


class PersonPage(Frozen):
    """What there is about somebody."""

    identity: Identity
    teams: tuple[tuple[Kind, str, str, bool], ...]
    """Kind, name, the handle of the user group it is through ("" for none), and whether they are named."""
    rights: tuple[Right, ...]
    only: tuple[tuple[str, str], ...]
    """Profiles that could never be approved without them, or have a step that only they could decide, and why."""
    given: tuple[Delegation, ...]
    received: tuple[Delegation, ...]
    unable: Mapping[PersonId, Standing]
    """As in `Standins`."""


async def team_list(store: Store, by: PersonId, *, page: int = 0) -> TeamList:
    """The *page*-th page of all roles, the built-in ones first, and all groups. Raises NotAMember, NotAReader."""
    async with store.reading() as reading:
        person = await reader(reading, by)
        present = await configured(reading)
        found: list[tuple[Kind, Team]] = [
            *((Kind.ROLE, role) for role in present.roles.values()),
            *((Kind.GROUP, group) for group in present.groups.values()),
        ]
        ordered = sorted(found, key=_place)
        shown, part = sliced(ordered, page, PAGE)
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
    """What *who* belongs to, may approve, and where nobody else could. Raises NotAMember, NotAReader."""
    async with store.reading() as reading:
        await reader(reading, by)
        present = await configured(reading)
        person = await reading.people.person(who) or Person(id=who, standing=Standing.STRANGER)
        identity = (await reading.people.identities([who])).get(who) or Identity(
            id=who, name=who.partition("/")[2], standing=Standing.STRANGER
        )
        named = [profile for profile in present.profiles.values() if _concerns(profile, person)]
        people = await _people(reading, named)
        found = await reading.delegations.current(at, of=who)
        return PersonPage(
            identity=identity,
            teams=tuple(_teams_of(person, present, await reading.directory.usergroups())),
            rights=tuple(right for one in named for right in _rights(one, person)),
            only=tuple((one.name, why) for one in named if (why := _lacking(one, people, who))),
            given=tuple(one for one in found if one.delegator == who),
            received=tuple(one for one in found if one.delegate == who),
            unable=await unable(reading, found),
        )


def _place(one: tuple[Kind, Team]) -> tuple[bool, bool, str, str]:
    """Roles before groups, the built-in ones first, then by name."""
    kind, team = one
    return (kind is Kind.GROUP, team.key not in BUILT_IN_ROLES, team.name.casefold(), team.key)


def _team(present: Present, kind: Kind, key: str) -> Team:
    team = teams(present, kind).get(key)
    if team is None:
        raise NoSuchTeam(kind=kind, key=key)
    return team


def _approvers(kind: Kind, key: str) -> Approvers:
    return Approvers(groups=(key,)) if kind is Kind.GROUP else Approvers(roles=(key,))


def _memberships(
    named: set[PersonId], through: set[PersonId], known: Mapping[PersonId, Identity]
) -> Iterable[Membership]:
    """By name, those who can do nothing last."""
    for who in sorted(named | through, key=lambda one: _order(one, known)):
        one = known.get(who)
        yield Membership(
            person=who,
            name=one.name if one is not None else who.partition("/")[2],
            standing=one.standing if one is not None else Standing.STRANGER,
            by_name=who in named,
            through_usergroup=who in through,
        )


def _order(who: PersonId, known: Mapping[PersonId, Identity]) -> tuple[bool, str, str]:
    one = known.get(who)
    return (one is None or one.standing is not Standing.MEMBER, one.name.casefold() if one is not None else "", who)


def _teams_of(
    person: Person, present: Present, usergroups: Iterable[UserGroup]
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
    return person.takes_part and any(those.include(person) for step in version.steps for those in step.named)


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
    """Who, now, is an active member and one of some approvers that *versions* name."""
    named = {those for version in versions for step in version.steps for those in step.named}
    found = {those: await reading.people.matching(those) for those in named}
    return lambda those: found.get(those, frozenset())


def _lacking(version: ProfileVersion, people: Callable[[Approvers], frozenset[PersonId]], who: PersonId) -> str:
    """What *version* would lack without *who*: why it could never be approved, or a step that would have nobody; else nothing."""
    without = profile_shortage(version, lambda those: people(those) - {who})
    if without is None:
        return ""
    if profile_shortage(version, people) is None:
        return str(without)
    for number, step in enumerate(version.steps, 1):
        if people(step.approvers) == {who}:
            return f"Nobody could decide step {number}, {step.name}."
    return ""
