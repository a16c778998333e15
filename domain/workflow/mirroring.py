"""The local mirror of the workspace's people and user groups, and the record of what changed in it: SPEC.md sections 5 and 7."""

from collections.abc import Collection, Iterable
from datetime import datetime

from domain.audit import Action, AuditEntry, Source
from domain.people import Identity, Standing, UserGroup
from domain.ports import Store, Transaction, Workspace


async def mirror(
    store: Store,
    at: datetime,
    *,
    workspace: Workspace | None = None,
    people: Collection[Identity] | None = None,
    usergroups: Collection[UserGroup] | None = None,
) -> bool:
    """Take in everybody and every user group, as they were asked for at *at*; what is not given is left as it is.

    Somebody who is not among *people* any more counts as deactivated. True where a right may have changed with it.
    """
    async with store.transaction(Source.SLACK) as tx:
        if workspace is not None:
            await tx.save_workspace(workspace)
        changed = False
        if people is not None:
            known = await tx.identities()
            gone = [
                one.replace(standing=Standing.DEACTIVATED)
                for one in known.values()
                if one.id not in {person.id for person in people} and one.standing is not Standing.STRANGER
            ]
            changed |= await _save_people(tx, [*people, *gone], at)
        if usergroups is not None:
            changed |= await _save_usergroups(tx, usergroups, at, all_of_them=True)
        if people is not None and usergroups is not None:
            await tx.mark_mirrored(at)
        if changed:
            await tx.mark_open_stale()
        return changed


async def mirror_person(store: Store, person: Identity, at: datetime) -> bool:
    """Take in one person, new or changed. True where a right may have changed with it."""
    async with store.transaction(Source.SLACK) as tx:
        changed = await _save_people(tx, [person], at)
        if changed:
            await tx.mark_open_stale()
        return changed


async def mirror_usergroups(store: Store, usergroups: Collection[UserGroup], at: datetime) -> bool:
    """Take in some user groups with all their members. True where a right may have changed with it."""
    async with store.transaction(Source.SLACK) as tx:
        changed = await _save_usergroups(tx, usergroups, at, all_of_them=False)
        if changed:
            await tx.mark_open_stale()
        return changed


async def _save_people(tx: Transaction, people: Collection[Identity], at: datetime) -> bool:
    """Save those who changed. Names are labels: only a change of standing is a change of right, and is recorded."""
    known = await tx.identities([person.id for person in people])
    changed = [person for person in people if known.get(person.id) != person]
    await tx.save_identities(changed)
    moved = [
        person
        for person in changed
        if (old := known.get(person.id)) is not None and old.standing is not person.standing
    ]
    for person in moved:
        await tx.record(
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
    known = {group.id: group for group in await tx.usergroups()}
    gone = [
        group
        for group in known.values()
        if all_of_them and group.id not in {one.id for one in usergroups} and group.members
    ]
    await tx.save_usergroups(usergroups, all_of_them=all_of_them)
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
        await tx.record(
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
