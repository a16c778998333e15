"""Looking at approval profiles: for administrators, who manage them, and auditors, who read all."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from domain.approvals.profiles import Definition, ProfileId, ProfileVersion, Step
from domain.approvals.requests import RequestId
from domain.common.errors import NoSuchProfile, NotAMember, NotAnAdministrator
from domain.common.frozen import Frozen
from domain.configuration.current_state import CurrentState
from domain.configuration.differences import Difference, differences
from domain.configuration.plan import Kind, PlannedChange, content_of, outcome
from domain.configuration.plan_warnings import profile_warnings
from domain.configuration.refusals import NotAReader
from domain.people.people import Identity, Person, PersonId, Standing
from domain.ports import Reading, RecordedEntry, Store, Uses
from domain.workflow.configuration.apply import configured

PAGE: Final = 8
"""How many profiles or resources stand on a page of their list."""
VERSIONS: Final = 5
"""How many versions stand on a page of the history."""

_T = TypeVar("_T")


class Slice(Frozen):
    """Which part of a list is shown."""

    page: int = 0
    pages: int = 1
    total: int = 0


class ProfileList(Frozen):
    """A page of the profiles whose name or key has what is searched for."""

    profiles: tuple[ProfileVersion, ...]
    bound: Mapping[str, int]
    """How many resources each of them gates."""
    slice: Slice
    search: str = ""
    may_edit: bool = False


class StepPreview(Frozen):
    """Who a step reaches now."""

    people: int
    """Those who could decide it."""
    told: int
    """Those who get a direct message when it opens."""


class Preview(Frozen):
    """What a profile would do if it were used now."""

    steps: tuple[StepPreview, ...]
    told: int
    """How many different people get a direct message at one step or another."""
    warnings: tuple[str, ...]


class ProfilePage(Frozen):
    """One profile as it is now, and everything that uses it."""

    version: ProfileVersion
    team: str
    preview: Preview
    uses: Uses
    blocked: tuple[RequestId, ...]
    """Those of the open requests that wait for it to get its approvers."""
    saved: RecordedEntry | None
    """When its present version was saved, and by whom; None where the record does not say."""
    may_edit: bool


class Edition(Frozen):
    """One version, when it was saved and by whom, and what it changed."""

    version: ProfileVersion
    saved: RecordedEntry | None
    changes: tuple[Difference, ...]
    """Against the version before; nothing for the first."""


class History(Frozen):
    """Versions of one profile, newest first."""

    profile: ProfileId
    name: str
    team: str
    editions: tuple[Edition, ...]
    slice: Slice


async def profile_list(store: Store, by: PersonId, *, search: str = "", page: int = 0) -> ProfileList:
    """The *page*-th page of the profiles that have *search* in their name or key. Raises NotAMember, NotAReader."""
    async with store.reading() as reading:
        person = await reader(reading, by)
        wanted = search.casefold().strip()
        found = [
            one for one in await reading.profiles.listed() if wanted in one.name.casefold() or wanted in one.profile
        ]
        bound: dict[str, int] = {}
        for resource in await reading.resources.listed():
            for profile in set(resource.approvals.values()):
                bound[profile] = bound.get(profile, 0) + 1
        shown, part = sliced(found, page, PAGE)
        return ProfileList(
            profiles=shown, bound=bound, slice=part, search=search.strip(), may_edit=person.is_administrator
        )


async def profile_page(store: Store, by: PersonId, profile: ProfileId, at: datetime) -> ProfilePage:
    """Everything about *profile*, and what it would do at *at*. Raises NotAMember, NotAReader, NoSuchProfile."""
    async with store.reading() as reading:
        person = await reader(reading, by)
        version = await reading.profiles.get(profile)
        if version is None:
            raise NoSuchProfile(profile=profile)
        present = await configured(reading)
        return ProfilePage(
            version=version,
            team=present.team,
            preview=await previewed(reading, present, version, at),
            uses=await reading.profiles.uses(profile),
            blocked=await reading.requests.blocked_on(profile),
            saved=(await _saves(reading, profile)).get(version.number),
            may_edit=person.is_administrator,
        )


async def profile_history(store: Store, by: PersonId, profile: ProfileId, *, page: int = 0) -> History:
    """All versions of *profile*, deleted or not, and what each changed. Raises NotAMember, NotAReader, NoSuchProfile."""
    async with store.reading() as reading:
        await reader(reading, by)
        versions = await reading.profiles.versions(profile)
        if not versions:
            raise NoSuchProfile(profile=profile)
        team = (await configured(reading)).team
        saves = await _saves(reading, profile)
        before: Sequence[ProfileVersion | None] = [*versions[1:], None]
        shown, part = sliced(list(zip(versions, before, strict=True)), page, VERSIONS)
        return History(
            profile=profile,
            name=versions[0].name,
            team=team,
            slice=part,
            editions=tuple(
                Edition(
                    version=version,
                    saved=saves.get(version.number),
                    changes=differences(content_of(old, team), content_of(version, team)) if old is not None else (),
                )
                for version, old in shown
            ),
        )


async def preview(
    store: Store,
    by: PersonId,
    profile: ProfileId | None,
    steps: Sequence[Step],
    expires_after: timedelta | None,
    at: datetime,
) -> Preview:
    """What *profile*, or a new one, would do with these *steps* at *at*. Raises NotAMember, NotAnAdministrator."""
    async with store.reading() as reading:
        await administrator(reading, by)
        present = await configured(reading)
        old = present.profiles.get(profile) if profile is not None else None
        definition = Definition(name="A new profile", steps=tuple(steps), expires_after=expires_after)
        version = ProfileVersion(profile=profile or "new", number=1, definition=definition)
        if old is not None:
            edited = old.definition.replace(steps=tuple(steps), expires_after=expires_after)
            version = old.replace(definition=edited)
        return await previewed(reading, present, version, at)


async def previewed(reading: Reading, present: CurrentState, version: ProfileVersion, at: datetime) -> Preview:
    """What *version* would do if it were used at *at*, with what its author has to be told."""
    people = {those: await reading.people.matching(those) for step in version.steps for those in step.named}
    nobody: frozenset[PersonId] = frozenset()
    delegates = await reading.delegations.delegates_of(nobody.union(*people.values()), at)
    told = [
        _standing_in(people.get(step.approvers, nobody) - (silent := people.get(step.notify.silent, nobody)), delegates)
        - silent
        if step.notify.direct
        else nobody
        for step in version.steps
    ]
    old = present.profiles.get(version.profile)
    after = present
    if old != version:
        change = PlannedChange(kind=Kind.PROFILE, key=version.profile, before=old, after=version)
        after = outcome(present, [change])
    where = f"Profile {version.profile}: "
    said = [one.removeprefix(where) for one in profile_warnings(version, after, people.__getitem__)]
    known = await reading.people.identities({user for those in people for user in those.users})
    return Preview(
        steps=tuple(
            StepPreview(people=len(people.get(step.approvers, nobody)), told=len(those))
            for step, those in zip(version.steps, told, strict=True)
        ),
        told=len(frozenset[PersonId]().union(*told)),
        warnings=(*said, *_strangers(version.steps, known)),
    )


def _standing_in(people: frozenset[PersonId], delegates: Mapping[PersonId, frozenset[PersonId]]) -> frozenset[PersonId]:
    """*people*, and whoever stands in for one of them: they are told as well."""
    return people.union(*(delegates[person] for person in people & delegates.keys()))


def _strangers(steps: Sequence[Step], known: Mapping[PersonId, Identity]) -> list[str]:
    """People who are named and can do nothing."""
    named = {user for step in steps for those in step.named for user in those.users}
    found = []
    for user in sorted(named):
        one = known.get(user)
        if one is None:
            found.append(f"{user} is not known in this workspace, and can do nothing until Slack knows them.")
        elif one.standing is not Standing.MEMBER:
            found.append(f"{one.name} is {one.standing.described}, and can do nothing.")
    return found


async def reader(reading: Reading, by: PersonId) -> Person:
    """*by*, who may look at everything. Raises NotAMember, NotAReader."""
    person = await reading.people.person(by) or Person(id=by, standing=Standing.STRANGER)
    if not person.takes_part:
        raise NotAMember(standing=person.standing)
    if not person.reads_all:
        raise NotAReader
    return person


async def administrator(reading: Reading, by: PersonId) -> Person:
    """*by*, who may change everything. Raises NotAMember, NotAnAdministrator."""
    person = await reading.people.person(by) or Person(id=by, standing=Standing.STRANGER)
    if not person.takes_part:
        raise NotAMember(standing=person.standing)
    if not person.is_administrator:
        raise NotAnAdministrator
    return person


def sliced(found: Sequence[_T], page: int, size: int) -> tuple[tuple[_T, ...], Slice]:
    """The *page*-th part of *found*, or the last where there are fewer."""
    pages = max(1, -(-len(found) // size))
    page = max(0, min(page, pages - 1))
    return tuple(found[page * size : (page + 1) * size]), Slice(page=page, pages=pages, total=len(found))


async def _saves(reading: Reading, profile: ProfileId) -> dict[int, RecordedEntry]:
    """What the record says of each version of *profile*."""
    about = await reading.audit.about(f"profile:{profile}")
    return {one.entry.after["version"]: one for one in about if "version" in one.entry.after}
