"""The pages of approval profiles: for administrators, who manage them, and auditors, who read everything."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
"""How many profiles or resources are on a page of their list."""
VERSIONS: Final = 5
"""How many versions are on a page of the history."""

_T = TypeVar("_T")


class Slice(Frozen):
    """Which part of a list is shown."""

    page: int = 0
    pages: int = 1
    total: int = 0


class ProfileList(Frozen):
    """A page of the profiles that match a search by name or key."""

    profiles: tuple[ProfileVersion, ...]
    bound: Mapping[str, int]
    """How many resources each of them gates."""
    slice: Slice
    search: str = ""
    may_edit: bool = False


class StepPreview(Frozen):
    """How many people a step reaches now."""

    people: int
    """People who could decide it."""
    told: int
    """People who get a direct message when it opens."""


class Preview(Frozen):
    """What a profile would do if it were used now."""

    steps: tuple[StepPreview, ...]
    told: int
    """How many different people get a direct message at any step."""
    warnings: tuple[str, ...]


class ProfilePage(Frozen):
    """One profile as it is now, and everything that uses it."""

    version: ProfileVersion
    team: str
    preview: Preview
    uses: Uses
    blocked: tuple[RequestId, ...]
    """The open requests that wait until every step has enough approvers."""
    saved: RecordedEntry | None
    """When its present version was saved, and by whom; None if the audit log does not say."""
    may_edit: bool


class Edition(Frozen):
    """One version, when it was saved and by whom, and what it changed."""

    version: ProfileVersion
    saved: RecordedEntry | None
    changes: tuple[Difference, ...]
    """From the version before; empty for the first."""


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
        profiles = [
            profile
            for profile in await reading.profiles.listed()
            if wanted in profile.name.casefold() or wanted in profile.profile
        ]
        bound: dict[str, int] = {}
        for resource in await reading.resources.listed():
            for profile in set(resource.approvals.values()):
                bound[profile] = bound.get(profile, 0) + 1
        shown, part = sliced(profiles, page, PAGE)
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
    """What *version* would do if it were used at *at*, with warnings for its author."""
    people = {approvers: await reading.people.matching(approvers) for step in version.steps for approvers in step.named}
    nobody: frozenset[PersonId] = frozenset()
    delegates = await reading.delegations.delegates_of(nobody.union(*people.values()), at)
    notified = []
    for step in version.steps:
        silent = people.get(step.notify.silent, nobody)
        asked = people.get(step.approvers, nobody) - silent
        asked = asked.union(*(delegates[person] for person in asked & delegates.keys())) - silent
        notified.append(asked if step.notify.direct else nobody)
    old = present.profiles.get(version.profile)
    after = present
    if old != version:
        change = PlannedChange(kind=Kind.PROFILE, key=version.profile, before=old, after=version)
        after = outcome(present, [change])
    prefix = f"Profile {version.profile}: "
    advice = [warning.removeprefix(prefix) for warning in profile_warnings(version, after, people.__getitem__)]
    named = {user for approvers in people for user in approvers.users}
    identities = await reading.people.identities(named)
    return Preview(
        steps=tuple(
            StepPreview(people=len(people.get(step.approvers, nobody)), told=len(persons))
            for step, persons in zip(version.steps, notified, strict=True)
        ),
        told=len(nobody.union(*notified)),
        warnings=(*advice, *_powerless(named, identities)),
    )


def _powerless(named: Iterable[PersonId], identities: Mapping[PersonId, Identity]) -> Iterator[str]:
    """A warning for each person who is named and cannot decide."""
    for user in sorted(named):
        identity = identities.get(user)
        if identity is None:
            yield f"{user} is unknown in this workspace, and can do nothing until Slack knows them."
        elif identity.standing is not Standing.MEMBER:
            yield f"{identity.name} is {identity.standing.described}, and can do nothing."


async def reader(reading: Reading, by: PersonId) -> Person:
    """The person *by*, who may read everything. Raises NotAMember, NotAReader."""
    person = await _member(reading, by)
    if not person.reads_all:
        raise NotAReader
    return person


async def administrator(reading: Reading, by: PersonId) -> Person:
    """The person *by*, who may change everything. Raises NotAMember, NotAnAdministrator."""
    person = await _member(reading, by)
    if not person.is_administrator:
        raise NotAnAdministrator
    return person


async def _member(reading: Reading, by: PersonId) -> Person:
    person = await reading.people.person(by) or Person(id=by, standing=Standing.STRANGER)
    if not person.takes_part:
        raise NotAMember(standing=person.standing)
    return person


def sliced(items: Sequence[_T], page: int, size: int) -> tuple[tuple[_T, ...], Slice]:
    """The *page*-th part of *items*, from 0, or the last part if there are fewer."""
    pages = max(1, -(-len(items) // size))
    page = max(0, min(page, pages - 1))
    return tuple(items[page * size : (page + 1) * size]), Slice(page=page, pages=pages, total=len(items))


async def _saves(reading: Reading, profile: ProfileId) -> dict[int, RecordedEntry]:
    """The audit entry that saved each version of *profile*, by its number."""
    entries = await reading.audit.about(f"profile:{profile}")
    return {recorded.entry.after["version"]: recorded for recorded in entries if "version" in recorded.entry.after}
