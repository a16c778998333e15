"""The mirror of the workspace, and the groups and roles of Countersign."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table, bindparam, delete, insert, select, update

from domain.people.people import BUILT_IN_ROLES, Group, GroupId, Identity, PersonId, Role, RoleId, UserGroup
from domain.ports import Workspace
from domain.store.repositories.mirror_events import changed_since, lock, record_event
from domain.store.repository import Repository, query
from domain.store.session import Session, per_dialect, upsert
from domain.store.tables import (
    group_members,
    groups,
    people,
    role_holders,
    roles,
    usergroup_members,
    usergroups,
    workspace,
)

_SAVE_IDENTITY: Final = upsert(people)

_USERGROUPS: Final = (
    select(usergroups.c.id, usergroups.c.handle, usergroups.c.name)
    .where(usergroups.c.gone.is_(False))
    .order_by(usergroups.c.handle, usergroups.c.id)
)
_USERGROUP_MEMBERS: Final = select(usergroup_members.c.usergroup, usergroup_members.c.person).order_by(
    usergroup_members.c.person
)
_SAVE_USERGROUP: Final = upsert(usergroups)
_EMPTY_USERGROUPS: Final = delete(usergroup_members).where(
    usergroup_members.c.usergroup.in_(bindparam("ids", expanding=True))
)
_FILL_USERGROUPS: Final = insert(usergroup_members)
_EMPTY_OTHERS: Final = delete(usergroup_members).where(
    usergroup_members.c.usergroup.not_in(bindparam("ids", expanding=True))
)
_MARK_OTHERS_GONE: Final = (
    update(usergroups)
    .where(usergroups.c.id.not_in(bindparam("ids", expanding=True)), usergroups.c.gone.is_(False))
    .values(gone=True)
)

_GROUPS: Final = select(groups).order_by(groups.c.key)
_MEMBERS: Final = select(group_members.c.group, group_members.c.person).order_by(group_members.c.place)
_ROLES: Final = select(roles).order_by(roles.c.key)
_HOLDERS: Final = select(role_holders.c.role, role_holders.c.person).order_by(role_holders.c.place)
_GROUP_NAMES: Final = select(groups.c.key, groups.c.name).where(groups.c.key.in_(bindparam("keys", expanding=True)))
_ROLE_NAMES: Final = select(roles.c.key, roles.c.name).where(roles.c.key.in_(bindparam("keys", expanding=True)))
_SAVE_GROUP: Final = upsert(groups)
_SAVE_ROLE: Final = upsert(roles)
_EMPTY_GROUP: Final = delete(group_members).where(group_members.c.group == bindparam("id"))
_EMPTY_ROLE: Final = delete(role_holders).where(role_holders.c.role == bindparam("id"))
_FILL_GROUP: Final = insert(group_members)
_FILL_ROLE: Final = insert(role_holders)
_DELETE_GROUP: Final = delete(groups).where(groups.c.key == bindparam("id"))
_DELETE_ROLE: Final = delete(roles).where(roles.c.key == bindparam("id"))

_WORKSPACE: Final = select(
    workspace.c.team, workspace.c.name, workspace.c.url, workspace.c.bot_user, workspace.c.mirrored_at
)


def _keep(*names: str) -> Any:
    """Write these columns of the one row of `workspace`, and leave the others."""
    return per_dialect(
        lambda insert: (row := insert(workspace)).on_conflict_do_update(
            index_elements=["one"], set_={name: row.excluded[name] for name in names}
        )
    )


_SAVE_WORKSPACE: Final = _keep("team", "name", "url", "bot_user")
_MARK_MIRRORED: Final = _keep("mirrored_at")
_CONFIGURED_FROM: Final = select(workspace.c.configured_from)
_MARK_CONFIGURED: Final = _keep("configured_from")


def save_identities(session: Session, identities: Collection[Identity]) -> None:
    rows = [{**identity.model_dump(), "folded_email": identity.email.strip().casefold()} for identity in identities]
    if rows:
        # in one order everywhere, so that two who save the same people do not wait for each other
        session.execute(_SAVE_IDENTITY[session.dialect], sorted(rows, key=lambda row: str(row["id"])))


def all_usergroups(session: Session) -> tuple[UserGroup, ...]:
    members = _collected(session, _USERGROUP_MEMBERS)
    return tuple(
        UserGroup(id=row.id, handle=row.handle, name=row.name, members=members.get(row.id, ()))
        for row in session.execute(_USERGROUPS)
    )


def save_usergroups(session: Session, usergroups: Collection[UserGroup], *, all_of_them: bool = False) -> None:
    """New or changed user groups with all their members; others, where these are *all_of_them*, are emptied and marked gone."""
    ids = sorted({usergroup.id for usergroup in usergroups})
    if ids:
        rows = [
            {"id": usergroup.id, "handle": usergroup.handle, "name": usergroup.name, "gone": False}
            for usergroup in usergroups
        ]
        session.execute(_SAVE_USERGROUP[session.dialect], sorted(rows, key=lambda row: str(row["id"])))
        session.execute(_EMPTY_USERGROUPS, {"ids": ids})
        members = [
            {"usergroup": usergroup.id, "person": person}
            for usergroup in usergroups
            for person in sorted(set(usergroup.members))
        ]
        if members:
            session.execute(_FILL_USERGROUPS, members)
    if all_of_them:
        session.execute(_EMPTY_OTHERS, {"ids": ids})
        session.execute(_MARK_OTHERS_GONE, {"ids": ids})


def all_groups(session: Session) -> tuple[Group, ...]:
    members = _collected(session, _MEMBERS)
    return tuple(
        Group(key=row.key, name=row.name, usergroup=row.usergroup, members=members.get(row.key, ()))
        for row in session.execute(_GROUPS)
    )


def all_roles(session: Session) -> tuple[Role, ...]:
    """By key, and the built-in ones always."""
    holders = _collected(session, _HOLDERS)
    known = {
        row.key: Role(key=row.key, name=row.name, usergroup=row.usergroup, holders=holders.get(row.key, ()))
        for row in session.execute(_ROLES)
    }
    built_in = {key: Role(key=key, name=name) for key, name in BUILT_IN_ROLES.items()}
    return tuple(role for _, role in sorted((built_in | known).items()))


def names(session: Session, groups: Collection[GroupId], roles: Collection[RoleId]) -> Mapping[str, str]:
    found = {f"role:{key}": BUILT_IN_ROLES[key] for key in roles if key in BUILT_IN_ROLES}
    if groups:
        found |= {f"group:{key}": name for key, name in session.execute(_GROUP_NAMES, {"keys": sorted(set(groups))})}
    if roles:
        found |= {f"role:{key}": name for key, name in session.execute(_ROLE_NAMES, {"keys": sorted(set(roles))})}
    return found


def save_group(session: Session, group: Group) -> None:
    session.execute(_SAVE_GROUP[session.dialect], {"key": group.key, "name": group.name, "usergroup": group.usergroup})
    session.execute(_EMPTY_GROUP, {"id": group.key})
    if rows := _placed(group_members, group.key, group.members):
        session.execute(_FILL_GROUP, rows)


def delete_group(session: Session, id: GroupId) -> None:
    session.execute(_EMPTY_GROUP, {"id": id})
    session.execute(_DELETE_GROUP, {"id": id})


def save_role(session: Session, role: Role) -> None:
    session.execute(_SAVE_ROLE[session.dialect], {"key": role.key, "name": role.name, "usergroup": role.usergroup})
    session.execute(_EMPTY_ROLE, {"id": role.key})
    if rows := _placed(role_holders, role.key, role.holders):
        session.execute(_FILL_ROLE, rows)


def delete_role(session: Session, id: RoleId) -> None:
    session.execute(_EMPTY_ROLE, {"id": id})
    session.execute(_DELETE_ROLE, {"id": id})


def get_workspace(session: Session) -> Workspace | None:
    row = session.execute(_WORKSPACE).one_or_none()
    if row is None or row.team is None:
        return None
    return Workspace(team=row.team, name=row.name, url=row.url, bot_user=row.bot_user)


def save_workspace(session: Session, workspace: Workspace) -> None:
    session.execute(_SAVE_WORKSPACE[session.dialect], {"one": 1, **workspace.model_dump()})


def mirrored_at(session: Session) -> datetime | None:
    row = session.execute(_WORKSPACE).one_or_none()
    return None if row is None else row.mirrored_at


def mark_mirrored(session: Session, at: datetime) -> None:
    session.execute(_MARK_MIRRORED[session.dialect], {"one": 1, "mirrored_at": at})


def configured_from(session: Session) -> str | None:
    return session.execute(_CONFIGURED_FROM).scalar_one_or_none()


def mark_configured(session: Session, content: str) -> None:
    session.execute(_MARK_CONFIGURED[session.dialect], {"one": 1, "configured_from": content})


def _collected(session: Session, statement: Any) -> dict[str, tuple[PersonId, ...]]:
    found = defaultdict(list)
    for key, person in session.execute(statement):
        found[key].append(PersonId(person))
    return {key: tuple(people) for key, people in found.items()}


def _placed(table: Table, key: str, people: Collection[PersonId]) -> list[dict[str, Any]]:
    """Rows that keep the order in which *people* are listed, each once."""
    owner = next(iter(table.primary_key)).name
    return [{owner: key, "person": person, "place": place} for place, person in enumerate(dict.fromkeys(people))]


class SqlDirectoryReader(Repository):
    """`domain.ports.people.DirectoryReader`."""

    usergroups = query(all_usergroups)
    workspace = query(get_workspace)
    mirrored_at = query(mirrored_at)


class SqlDirectoryWriter(SqlDirectoryReader):
    """`domain.ports.people.DirectoryWriter`."""

    save_workspace = query(save_workspace)
    save_identities = query(save_identities)
    save_usergroups = query(save_usergroups)
    mark_mirrored = query(mark_mirrored)
    lock = query(lock)
    record_event = query(record_event)
    changed_since = query(changed_since)
