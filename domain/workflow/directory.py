"""The local mirror of the workspace's people and user groups, and the record of what changed in it: SPEC.md sections 5 and 7."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from domain.audit.entries import Action, AuditEntry, Source
from domain.people.people import Identity, Standing, UserGroup
from domain.ports import Store, Transaction, Workspace

CLOCKS_APART: Final = timedelta(seconds=10)
"""How far the clocks of two replicas may differ, one of which asks for everybody while the other is told of somebody."""


async def mirror(
    store: Store,
    at: datetime,
    *,
    workspace: Workspace | None = None,
    people: Collection[Identity] | None = None,
    usergroups: Collection[UserGroup] | None = None,
) -> bool:
    """Take in everybody and every user group, as they were asked for from *at* on; what is not given is left as it is.

    Somebody who is not among *people* any more counts as deactivated. Of whom or what was heard since, the lists are older than what is
    known: that stays. Lists that were asked for before those that are here change nothing. True where a right may have changed with it.
    """
    async with store.transaction(Source.SLACK) as tx:
        if workspace is not None:
            await tx.directory.save_workspace(workspace)
        await tx.directory.lock()
        last = await tx.directory.mirrored_at()
        if last is not None and last > at:
            return False
        heard = await tx.directory.changed_since(at - CLOCKS_APART)
        changed = False
        if people is not None:
            changed |= await _save_people(tx, await _without_heard(tx, people, heard), at)
        if usergroups is not None:
            known = [usergroup for usergroup in await tx.directory.usergroups() if _of_usergroup(usergroup.id) in heard]
            listed = [usergroup for usergroup in usergroups if _of_usergroup(usergroup.id) not in heard]
            changed |= await _save_usergroups(tx, [*listed, *known], at, all_of_them=True)
        if people is not None and usergroups is not None:
            await tx.directory.mark_mirrored(at)
        if changed:
            await tx.updates.mark_open()
        return changed


async def mirror_person(store: Store, person: Identity, at: datetime, *, told_at: datetime | None = None) -> bool:
    """Take in one person, new or changed, who was heard of at *at*; True where a right may have changed with it.

    *told_at* is when Slack says that it happened; without it Slack was asked at *at*. What is older than what is known changes nothing.
    """
    async with store.transaction(Source.SLACK) as tx:
        await tx.directory.lock()
        if not await tx.directory.record_event(_of_person(person.id), at, told_at=told_at):
            return False
        changed = await _save_people(tx, [person], at)
        if changed:
            await tx.updates.mark_open()
        return changed


async def mirror_usergroup(
    store: Store, usergroup: UserGroup, at: datetime, *, told_at: datetime | None = None
) -> bool:
    """Take in one user group with all its members; as `mirror_person`."""
    async with store.transaction(Source.SLACK) as tx:
        await tx.directory.lock()
        if not await tx.directory.record_event(_of_usergroup(usergroup.id), at, told_at=told_at):
            return False
        changed = await _save_usergroups(tx, [usergroup], at, all_of_them=False)
        if changed:
            await tx.updates.mark_open()
        return changed


def _of_person(id: str) -> str:
    return f"person:{id}"


def _of_usergroup(id: str) -> str:
    return f"usergroup:{id}"


async def _without_heard(tx: Transaction, people: Collection[Identity], heard: Collection[str]) -> list[Identity]:
    """*people* and those who are gone, but for whom was *heard* of."""
    listed = {person.id for person in people}
    gone = [
        identity.replace(standing=Standing.DEACTIVATED)
        for identity in (await tx.people.identities()).values()
        if identity.id not in listed and identity.standing is not Standing.STRANGER
    ]
    return [person for person in (*people, *gone) if _of_person(person.id) not in heard]


async def _save_people(tx: Transaction, people: Collection[Identity], at: datetime) -> bool:
    """Save those who changed. Names are labels: only a change of standing is a change of right, and is recorded."""
    known = await tx.people.identities([person.id for person in people])
    changed = [person for person in people if known.get(person.id) != person]
    await tx.directory.save_identities(changed)
    moved = [
        person
        for person in changed
        if (old := known.get(person.id)) is not None and old.standing is not person.standing
    ]
    for person in moved:
        await tx.audit.record(
            AuditEntry(
                action=Action.STANDING_CHANGED,
                subject=f"person:{person.id}",
                at=at,
                before={"standing": known[person.id].standing},
                after={"standing": person.standing},
            )
        )
    return bool(moved) or any(person.id not in known for person in changed)


async def _save_usergroups(
    tx: Transaction, usergroups: Collection[UserGroup], at: datetime, *, all_of_them: bool
) -> bool:
    known = {group.id: group for group in await tx.directory.usergroups()}
    gone = [
        group
        for group in known.values()
        if all_of_them and group.id not in {usergroup.id for usergroup in usergroups} and group.members
    ]
    await tx.directory.save_usergroups(usergroups, all_of_them=all_of_them)
    changes = [
        *((known.get(group.id), group.members) for group in usergroups),
        *((group, ()) for group in gone),
    ]
    changed = False
    for (old, members), group in zip(changes, [*usergroups, *gone], strict=True):
        before = old.members if old is not None else ()
        if set(before) == set(members):
            continue
        changed = True
        await tx.audit.record(
            AuditEntry(
                action=Action.MEMBERSHIP_CHANGED,
                subject=f"usergroup:{group.id}",
                at=at,
                before={"members": _sorted(before)},
                after={"members": _sorted(members)},
            )
        )
    return changed


def _sorted(people: Iterable[str]) -> list[str]:
    return sorted(people)
