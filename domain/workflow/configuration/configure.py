"""Change the configuration, with a file or one item at a time: SPEC.md sections 1, 2, 5 and 7. Each use case is one transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime

from domain.approvals.profiles import Approvers, Definition, ProfileId, ProfileVersion
from domain.approvals.resources import Resource, ResourceId, ResourceKind
from domain.audit.entries import Source
from domain.common.errors import NoSuchProfile, NoSuchResource, ProfileInUse
from domain.common.slugs import key_for
from domain.configuration.current_state import CurrentState
from domain.configuration.file_content import Content, file_content
from domain.configuration.file_model import Configuration
from domain.configuration.plan import Kind, Plan
from domain.configuration.refusals import PlanChanged, ResourceExists, ResourceInUse, WrongKind
from domain.notices.direct_messages import about_appointment, about_no_administrator
from domain.people.people import ADMINISTRATOR, AUDITOR, BUILT_IN_ROLES, PersonId, Role, Standing, person_id
from domain.pki import Rules
from domain.ports import Reading, Store, Transaction
from domain.workflow.configuration.apply import (
    LISTED,
    Applied,
    bring_about,
    configured,
    follow_on,
    named_users,
    plan_of_file,
    plan_of_one,
)
from domain.workflow.configuration.edit_conflicts import fingerprint, must_be_there, profile_changed, resource_changed


async def plan(store: Store, configuration: Configuration) -> Plan:
    """What applying *configuration* would do now. Raises InvalidConfiguration, NothingMirrored."""
    async with store.reading() as reading:
        return await plan_of_file(reading, configuration)


async def apply(
    store: Store,
    configuration: Configuration,
    at: datetime,
    *,
    by: PersonId | None = None,
    source: Source = Source.CLI,
    fingerprint: str | None = None,
) -> Applied:
    """Make what is configured what *configuration* asks for: all of it, or nothing.

    With *fingerprint*, only if the plan is still the one that was shown. Raises InvalidConfiguration, NothingMirrored, StillUsed where
    something that would be deleted is still used, PlanChanged, NotAnAdministrator (None is the command line), Busy.
    """

    async def draw(reading: Reading) -> Plan:
        drawn = await plan_of_file(reading, configuration)
        if fingerprint is not None and drawn.fingerprint != fingerprint:
            raise PlanChanged
        return drawn

    return await bring_about(store, draw, at, by, source)


async def export(store: Store) -> Content:
    """The content of the file that gives what is configured now. Raises NothingMirrored."""
    async with store.reading() as reading:
        return file_content(await configured(reading))


async def save_profile(
    store: Store,
    profile: ProfileId,
    definition: Definition,
    at: datetime,
    *,
    by: PersonId | None,
    source: Source,
    seen: int | None = None,
) -> Applied:
    """Save *definition* as the next version of *profile*, new or not; a definition that changes nothing makes none.

    *seen* is the version that its author began from, 0 for none. Raises ProfileChanged where there is another by now that says something
    else, NotThere where a step names a group or role that there is not, NameTaken, NotAnAdministrator (None is the command line),
    NothingMirrored, Busy.
    """

    async def draw(reading: Reading) -> Plan:
        present = await configured(reading, [profile])
        old = present.profiles.get(profile)
        saved_already = old is not None and old.definition == definition
        if seen is not None and seen != (old.number if old else 0) and not saved_already:
            raise await profile_changed(reading, present, profile, seen)
        must_be_there(present, definition)
        first = ProfileVersion(profile=profile, number=present.retired.get(profile, 0) + 1, definition=definition)
        new = first if old is None else old.next(definition) or old
        return await plan_of_one(reading, present, Kind.PROFILE, old, new)

    return await bring_about(store, draw, at, by, source)


async def create_profile(
    store: Store, definition: Definition, at: datetime, *, by: PersonId | None, source: Source
) -> Applied:
    """A new profile, whose key follows from its name. Raises what `save_profile` raises but ProfileChanged."""

    async def draw(reading: Reading) -> Plan:
        present = await configured(reading)
        must_be_there(present, definition)
        key = key_for(definition.name, present.profiles, "profile")
        retired = (await configured(reading, [key])).retired
        new = ProfileVersion(profile=key, number=retired.get(key, 0) + 1, definition=definition)
        return await plan_of_one(reading, present, Kind.PROFILE, None, new)

    return await bring_about(store, draw, at, by, source)


async def delete_profile(
    store: Store,
    profile: ProfileId,
    at: datetime,
    *,
    by: PersonId | None,
    source: Source,
    seen: int | None = None,
) -> Applied:
    """Take *profile* off the list. Raises NoSuchProfile, ProfileInUse with what uses it, NotAnAdministrator, Busy; and ProfileChanged
    where whoever deletes it saw another version, *seen*.
    """

    async def draw(reading: Reading) -> Plan:
        present = await configured(reading)
        old = present.profiles.get(profile)
        if old is None:
            raise NoSuchProfile(profile=profile)
        if seen is not None and seen != old.number:
            raise await profile_changed(reading, present, profile, seen)
        if uses := await reading.profiles.uses(profile):
            raise ProfileInUse(profile=old.name, users=named_users(uses))
        return await plan_of_one(reading, present, Kind.PROFILE, old, None)

    return await bring_about(store, draw, at, by, source)


async def save_resource(
    store: Store,
    resource: Resource,
    at: datetime,
    *,
    by: PersonId | None,
    source: Source,
    seen: str | None = None,
    keeping: Collection[str] = (),
) -> Applied:
    """Save *resource*, new or not, with its links and bindings. Of the one that is there, the fields called *keeping* stay.

    *seen* is the `meanwhile.fingerprint` of what its author began from. Raises ResourceChanged where it is another by now, NoSuchResource,
    WrongKind or NoSuchProfile where it names what there is not, NotAnAdministrator, NothingMirrored, Busy.
    """

    async def draw(reading: Reading) -> Plan:
        present = await configured(reading)
        old = present.resources.get(resource.key)
        new = resource if old is None else resource.replace(**{name: getattr(old, name) for name in keeping})
        if seen is not None and old != new and (old is None or fingerprint(old) != seen):
            raise await resource_changed(reading, present, resource.id, seen)
        _must_fit(present, new)
        return await plan_of_one(reading, present, Kind.RESOURCE, old, new)

    return await bring_about(store, draw, at, by, source)


async def save_rules(
    store: Store,
    resource: ResourceId,
    rules: Rules,
    at: datetime,
    *,
    by: PersonId | None,
    source: Source,
    seen: str | None = None,
) -> Applied:
    """Make *rules* those of *resource*. Requests that were submitted keep what was noted of them.

    *seen* is the `meanwhile.fingerprint` of what their author began from. Raises ResourceChanged where it is another by now,
    NoSuchResource, NotAnAdministrator, NothingMirrored, Busy.
    """

    async def draw(reading: Reading) -> Plan:
        present = await configured(reading)
        old = present.resources.get(resource)
        if old is None:
            raise NoSuchResource(resource=resource)
        if seen is not None and old.rules != rules and fingerprint(old) != seen:
            raise await resource_changed(reading, present, resource, seen)
        return await plan_of_one(reading, present, Kind.RESOURCE, old, old.replace(rules=rules))

    return await bring_about(store, draw, at, by, source)


async def create_resource(
    store: Store, resource: Resource, at: datetime, *, by: PersonId | None, source: Source
) -> Applied:
    """A new resource like *resource*, whose key follows from its name.

    Raises ResourceExists where there is one exactly like it (a form that was delivered twice), and what `save_resource` raises but
    ResourceChanged.
    """

    async def draw(reading: Reading) -> Plan:
        present = await configured(reading)
        _must_fit(present, resource)
        for one in present.resources.values():
            if one.replace(key=resource.key) == resource:
                raise ResourceExists(resource=one.name, key=one.key)
        new = resource.replace(key=key_for(resource.name, present.resources, "resource"))
        return await plan_of_one(reading, present, Kind.RESOURCE, None, new)

    return await bring_about(store, draw, at, by, source)


def _must_fit(present: CurrentState, resource: Resource) -> None:
    """What *resource* names has to be there. Raises NoSuchResource, WrongKind, NoSuchProfile."""
    for kind in ResourceKind:
        linked = resource.link(kind)
        if linked is None:
            continue
        if linked not in present.resources:
            raise NoSuchResource(resource=linked)
        if present.resources[linked].kind is not kind:
            raise WrongKind(resource=present.resources[linked].name, kind=kind.label)
    for bound in resource.approvals.values():
        if bound not in present.profiles:
            raise NoSuchProfile(profile=bound)


async def delete_resource(
    store: Store, resource: ResourceId, at: datetime, *, by: PersonId | None, source: Source, seen: str | None = None
) -> Applied:
    """Take *resource* away; requests that were submitted to it keep their gates. Raises NoSuchResource, ResourceInUse,
    ResourceChanged where whoever deletes it has *seen* another, NotAnAdministrator, NothingMirrored, Busy.
    """

    async def draw(reading: Reading) -> Plan:
        present = await configured(reading)
        old = present.resources.get(resource)
        if old is None:
            raise NoSuchResource(resource=resource)
        if seen is not None and fingerprint(old) != seen:
            raise await resource_changed(reading, present, resource, seen)
        users = [
            one.name for one in present.resources.values() if resource in {one.link(kind) for kind in ResourceKind}
        ]
        if users:
            more = [f"and {len(users) - LISTED} more"] if len(users) > LISTED else []
            raise ResourceInUse(resource=old.name, users=", ".join([*sorted(users)[:LISTED], *more]))
        return await plan_of_one(reading, present, Kind.RESOURCE, old, None)

    return await bring_about(store, draw, at, by, source)


async def appoint_first_administrators(store: Store, named: Sequence[str], at: datetime) -> tuple[PersonId, ...]:
    """Make those *named*, by Slack user id or e-mail address, administrators, if nobody is one: SPEC.md section 5.

    Gives those who were made one; they are told. Who is not an active member of the workspace is passed over, and where nobody is left,
    auditors are told, once a day. Raises NothingMirrored, Busy.
    """
    async with store.reading() as reading:
        if await reading.people.administrators():
            return ()

    async def draw(reading: Reading) -> Plan:
        present = await configured(reading)
        if await reading.people.administrators():
            return Plan(team=present.team, changes=())
        old = present.roles.get(ADMINISTRATOR) or Role(key=ADMINISTRATOR, name=BUILT_IN_ROLES[ADMINISTRATOR])
        people = await _active_members(reading, present.team, named)
        new = old.replace(holders=tuple(sorted({*old.holders, *people})))
        return await plan_of_one(reading, present, Kind.ROLE, old, new)

    async def tell(tx: Transaction, plan: Plan) -> None:
        messages = [about_appointment(person, at) for person in _appointed(plan)]
        if not messages and not await tx.people.administrators():
            auditors = await tx.people.matching(Approvers(roles=(AUDITOR,)))
            messages = [about_no_administrator(auditor, at) for auditor in sorted(auditors)]
        await tx.direct_messages.add(messages, at)

    return _appointed((await bring_about(store, draw, at, None, Source.CLI, also=tell)).plan)


def _appointed(plan: Plan) -> tuple[PersonId, ...]:
    return tuple(
        person
        for change in plan.changes
        if isinstance(change.after, Role)
        for person in change.after.holders
        if not isinstance(change.before, Role) or person not in change.before.holders
    )


async def _active_members(reading: Reading, team: str, named: Sequence[str]) -> set[PersonId]:
    """The active members among those *named* by user id or e-mail address."""
    ids = {person_id(team, name) for name in named if "@" not in name}
    known = await reading.people.identities(ids)
    found = {who for who, identity in known.items() if identity.standing is Standing.MEMBER}
    for address in (name for name in named if "@" in name):
        identity = await reading.people.by_email(address)
        if identity is not None:
            found.add(identity.id)
    return found


async def unblock(store: Store, at: datetime, *, by: PersonId | None = None, source: Source = Source.CLOCK) -> int:
    """Let every blocked request whose profile has its approvers now take that version and open; how many did.

    Saving a profile does this for those that are blocked then. Called again and again, it finds the ones that a crash, or a submission
    at the same moment, left behind.
    """
    async with store.reading() as reading:
        ready = [profile.id for profile in await reading.profiles.listed() if profile.definition.has_approvers]
    followed = 0
    for profile in ready:
        followed += await follow_on(store, profile, at, by, source)
    return followed
