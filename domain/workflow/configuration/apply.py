"""What every configuration change does: make a plan, record it, save it.

It records first what it is about to do: the head of that chain is what everyone who configures waits for. Then it draws the plan once
more, and starts again if somebody else was quicker. So nobody's change is lost, and what the record says was there, was there.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from domain.approvals import moves
from domain.approvals.profiles import ProfileId, ProfileVersion
from domain.approvals.requests import request_name
from domain.approvals.resources import Resource, ResourceId
from domain.audit.entries import AuditEntry, Source
from domain.common.errors import Busy, Conflict, NotAnAdministrator
from domain.common.frozen import Frozen
from domain.configuration.current_state import CurrentState
from domain.configuration.file_model import Configuration
from domain.configuration.plan import ChangeType, Kind, Plan, PlannedChange, make_plan, outcome
from domain.configuration.plan_warnings import profile_warnings
from domain.configuration.refusals import NothingMirrored, StillUsed
from domain.people.people import Group, GroupId, PersonId, Role, RoleId
from domain.ports import Reading, Store, Transaction, Uses
from domain.workflow.locking import ATTEMPTS, somebody

FOLLOWING_AT_ONCE: Final = 100
"""How many blocked requests take a new version in the transaction that saves it. More would outlast its deadline: they come right after."""
LISTED: Final = 10
"""How many requests, and how many resources or profiles, a sentence names before it says how many more there are."""


class Applied(Frozen):
    """What was done."""

    plan: Plan
    """With the open requests that keep the version of a profile that they have: `plan.keeping`."""
    followed: Mapping[str, int] = {}
    """For each profile that got a new version: how many blocked requests took it and opened."""


Draw = Callable[[Reading], Awaitable[Plan]]
Also = Callable[[Transaction, Plan], Awaitable[None]]
"""What belongs to what was done, in its transaction."""


async def configured(reading: Reading, wanted: Iterable[str] = ()) -> CurrentState:
    """What is configured, without the people of the workspace; and how far those of the *wanted* profiles had come that were deleted.

    Raises NothingMirrored.
    """
    workspace = await reading.directory.workspace()
    if workspace is None:
        raise NothingMirrored
    profiles = {profile.profile: profile for profile in await reading.profiles.listed()}
    retired = {}
    for key in wanted:
        versions = () if key in profiles else await reading.profiles.versions(ProfileId(key))
        if versions:
            retired[key] = versions[0].number
    return CurrentState(
        team=workspace.team,
        people={},
        usergroups=(),
        groups={group.key: group for group in await reading.people.groups()},
        roles={role.key: role for role in await reading.people.roles()},
        profiles=profiles,
        resources={resource.key: resource for resource in await reading.resources.listed()},
        retired=retired,
    )


async def plan_of_file(reading: Reading, configuration: Configuration) -> Plan:
    """The plan that *configuration* asks for. Raises InvalidConfiguration, NothingMirrored."""
    present = await configured(reading, configuration.profiles or ())
    present = present.replace(
        people=dict(await reading.people.identities()), usergroups=await reading.directory.usergroups()
    )
    drawn = make_plan(configuration, present)
    refusals = list(drawn.refusals)
    for change in drawn.changes:
        if change.kind is Kind.PROFILE and change.type is ChangeType.DELETE:
            waiting = Uses(requests=(await reading.profiles.uses(ProfileId(change.key))).requests)
            if waiting:
                still = "still waits" if len(waiting.requests) == 1 else "still wait"
                refusals.append(f"The profile {change.key} cannot be deleted: {named_users(waiting)} {still} under it.")
        if change.kind in {Kind.GROUP, Kind.ROLE} and change.type is ChangeType.DELETE:
            found = await reading.requests.naming(change.subject, limit=LISTED + 1)
            if found:
                more = ["and more"] if len(found) > LISTED else []
                names = ", ".join([*map(request_name, found[:LISTED]), *more])
                still = "still names it" if len(found) == 1 else "still name it"
                refusals.append(f"The {change.kind} {change.key} cannot be deleted: {names} {still}.")
    return await _with_effects(reading, drawn.replace(refusals=tuple(refusals)))


async def plan_of_one(
    reading: Reading,
    present: CurrentState,
    kind: Kind,
    before: Group | Role | ProfileVersion | Resource | None,
    after: Group | Role | ProfileVersion | Resource | None,
) -> Plan:
    """The plan that makes *before* into *after*, with what its author has to be told. Empty where they are the same."""
    one = after or before
    if one is None or before == after:
        return Plan(team=present.team, changes=())
    key = one.profile if isinstance(one, ProfileVersion) else one.key
    changes = (PlannedChange(kind=kind, key=key, before=before, after=after),)
    told: tuple[str, ...] = ()
    if isinstance(after, ProfileVersion):
        people = {those: await reading.people.matching(those) for step in after.steps for those in step.named}
        told = tuple(profile_warnings(after, outcome(present, changes), people.__getitem__))
    return await _with_effects(reading, Plan(team=present.team, changes=changes, warnings=told))


async def _with_effects(reading: Reading, plan: Plan) -> Plan:
    """*plan*, with what becomes of the open requests under each profile that gets a new version."""
    keeping, following = {}, {}
    for change in plan.changes:
        if isinstance(change.after, ProfileVersion) and change.before is not None:
            id = ProfileId(change.key)  # noqa: A001 - the domain's word for it
            blocked = await reading.requests.blocked_on(id) if change.after.definition.has_approvers else ()
            keeping[change.key] = len(set((await reading.profiles.uses(id)).requests) - set(blocked))
            following[change.key] = len(blocked)
    return plan.replace(keeping=keeping, following=following)


async def bring_about(
    store: Store, draw: Draw, at: datetime, by: PersonId | None, source: Source, *, also: Also | None = None
) -> Applied:
    """Draw a plan and carry it out, all of it or nothing; a lost race is drawn again on what the winner left, a few times.

    *by* None is the command line or the process itself. Raises whatever *draw* raises, StillUsed, NotAMember,
    NotAnAdministrator, NameTaken, Busy.
    """
    for _ in range(ATTEMPTS):
        try:
            async with store.transaction(source) as tx:
                done = await _carry_out(tx, draw, at, by)
                if also is not None:
                    await also(tx, done.plan)
        except Conflict:
            continue
        return done.replace(
            followed={key: n + await _the_rest(store, key, at, by, source) for key, n in done.followed.items()}
        )
    raise Busy


async def _the_rest(store: Store, profile: str, at: datetime, by: PersonId | None, source: Source) -> int:
    """How many more requests took the version that was saved, beyond those in its own transaction."""
    try:
        return await follow_on(store, ProfileId(profile), at, by, source)
    except Busy:
        return 0  # the version is saved, so this is no failure; `unblock` finds whatever is left


async def _carry_out(tx: Transaction, draw: Draw, at: datetime, by: PersonId | None) -> Applied:
    await _may_configure(tx, by, at)
    plan = await draw(tx)
    if plan.refusals:
        raise StillUsed(reasons="\n".join(plan.refusals))
    for change in plan.changes:
        await tx.audit.record(_entry(change, at, by))
    if plan.changes:
        await _may_configure(tx, by, at)  # whoever was first may have taken this right away
        if (await draw(tx)).fingerprint != plan.fingerprint:
            raise Conflict
    followed = {}
    for change in plan.changes:
        await _save(tx, change, at)
        if isinstance(change.after, ProfileVersion) and change.before is not None:
            followed[change.key] = await _follow(tx, change.after, at, by)
    if any(change.kind in {Kind.GROUP, Kind.ROLE} for change in plan.changes):
        await tx.updates.mark_open()
    return Applied(plan=plan, followed=followed)


async def _may_configure(tx: Transaction, by: PersonId | None, at: datetime) -> None:
    """Raises NotAMember, NotAnAdministrator; None is the command line or the process itself."""
    if by is not None and not (await somebody(tx, by, at)).person.is_administrator:
        raise NotAnAdministrator


def _entry(change: PlannedChange, at: datetime, by: PersonId | None) -> AuditEntry:
    return AuditEntry(
        action=change.action,
        subject=change.subject,
        at=at,
        by=by,
        before=change.recorded(change.before),
        after=change.recorded(change.after),
    )


async def _save(tx: Transaction, change: PlannedChange, at: datetime) -> None:
    match change.after:
        case Group():
            await tx.people.save_group(change.after)
        case Role():
            await tx.people.save_role(change.after)
        case ProfileVersion():
            await tx.profiles.save(change.after)
        case Resource():
            await tx.resources.save(change.after)
        case None:
            await _delete(tx, change, at)


async def _delete(tx: Transaction, change: PlannedChange, at: datetime) -> None:
    match change.kind:
        case Kind.GROUP:
            await tx.people.delete_group(GroupId(change.key))
        case Kind.ROLE:
            await tx.people.delete_role(RoleId(change.key))
        case Kind.PROFILE:
            await tx.profiles.delete(ProfileId(change.key), at)
        case Kind.RESOURCE:
            await tx.resources.delete(ResourceId(change.key))


async def follow_on(store: Store, profile: ProfileId, at: datetime, by: PersonId | None, source: Source) -> int:
    """Let the requests that are blocked under *profile* take its present version, some at a time; how many did. Raises Busy."""
    followed, lost = 0, 0
    while lost < ATTEMPTS:
        try:
            async with store.transaction(source) as tx:
                version = await tx.profiles.get(profile)
                moved = await _follow(tx, version, at, by) if version is not None else 0
        except Conflict:
            lost += 1
            continue
        if not moved:
            return followed
        followed += moved
    raise Busy


async def _follow(tx: Transaction, version: ProfileVersion, at: datetime, by: PersonId | None) -> int:
    followed = 0
    if not version.definition.has_approvers:
        return followed
    for blocked in (await tx.requests.blocked_on(version.id))[:FOLLOWING_AT_ONCE]:
        request = await tx.requests.lock(blocked)
        change = moves.follow(request, version, at, by) if request is not None else None
        if change is not None:
            await tx.requests.save(change)
            followed += 1
    return followed


def named_users(uses: Uses) -> str:
    """What uses a profile, in words: resources by name, requests by number, and how many more there are."""
    named = [
        *(f"the {resource.kind.label} {resource.name}" for resource in uses.resources[:LISTED]),
        *(request_name(request) for request in uses.requests[:LISTED]),
    ]
    more = max(0, len(uses.resources) - LISTED) + max(0, len(uses.requests) - LISTED)
    if more > 0:
        named.append(f"{more} more")
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
