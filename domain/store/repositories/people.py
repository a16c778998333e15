"""People and their current memberships, read from the mirror and the lists at every query: SPEC.md section 1."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union,
    union_all,
)

from domain.approvals.profiles import Approvers
from domain.people.people import ADMINISTRATOR, GroupId, Identity, Person, PersonId, RoleId, Standing
from domain.store.repositories.directory import (
    all_groups,
    all_roles,
    delete_group,
    delete_role,
    names,
    save_group,
    save_role,
)
from domain.store.repository import Repository, query
from domain.store.session import AnyRow, Session
from domain.store.tables import (
    delegations,
    group_members,
    groups,
    people,
    role_holders,
    roles,
    usergroup_members,
)

_me: Final[ColumnElement[str]] = bindparam("person")


def _own(label: str, value: ColumnElement[Any]) -> Select[Any]:
    return select(literal(label), value, null())


_OF_PERSON: Final = (
    select(type_coerce(people.c.standing, String).label("what"), people.c.name.label("value"), people.c.id).where(
        people.c.id == _me
    ),
    _own("group", group_members.c.group).where(group_members.c.person == _me),
    _own("group", groups.c.key)
    .join_from(groups, usergroup_members, usergroup_members.c.usergroup == groups.c.usergroup)
    .where(usergroup_members.c.person == _me),
    _own("role", role_holders.c.role).where(role_holders.c.person == _me),
    _own("role", roles.c.key)
    .join_from(roles, usergroup_members, usergroup_members.c.usergroup == roles.c.usergroup)
    .where(usergroup_members.c.person == _me),
)
_is_delegator: Final = and_(
    delegations.c.delegate == _me,
    delegations.c.starts_at <= bindparam("moment"),
    delegations.c.ends_at > bindparam("moment"),
    or_(delegations.c.revoked_at.is_(None), delegations.c.revoked_at > bindparam("moment")),
)
_PERSON: Final = union_all(*_OF_PERSON)
_ACTING: Final = union_all(*_OF_PERSON, _own("delegator", delegations.c.delegator).where(_is_delegator))
_DELEGATORS: Final = select(delegations.c.delegator).distinct().where(_is_delegator).order_by(delegations.c.delegator)


def _listed(name: str, column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))


_candidates: Final = union(
    select(people.c.id.label("person")).where(_listed("users", people.c.id)),
    select(group_members.c.person).where(_listed("groups", group_members.c.group)),
    select(usergroup_members.c.person)
    .join_from(usergroup_members, groups, usergroup_members.c.usergroup == groups.c.usergroup)
    .where(_listed("groups", groups.c.key)),
    select(role_holders.c.person).where(_listed("roles", role_holders.c.role)),
    select(usergroup_members.c.person)
    .join_from(usergroup_members, roles, usergroup_members.c.usergroup == roles.c.usergroup)
    .where(_listed("roles", roles.c.key)),
).subquery("candidates")
_PEOPLE_OF: Final = select(people.c.id).where(
    people.c.id.in_(select(_candidates.c.person)), people.c.standing == Standing.MEMBER
)

_IDENTITY: Final = (people.c.id, people.c.name, people.c.email, people.c.standing, people.c.time_zone)
_IDENTITIES: Final = select(*_IDENTITY)
_THESE_IDENTITIES: Final = _IDENTITIES.where(_listed("ids", people.c.id))
_BY_EMAIL: Final = (
    _IDENTITIES.where(people.c.folded_email == bindparam("folded"), people.c.folded_email != "")
    .where(people.c.standing == Standing.MEMBER)
    .order_by(people.c.id)
    .limit(1)
)


def person(session: Session, id: PersonId) -> Person | None:
    """Somebody in the mirror, with the groups and roles that are theirs now."""
    return _built(id, session.execute(_PERSON, {"person": id}).all())


def acting(session: Session, id: PersonId, at: datetime) -> tuple[Person, tuple[Person, ...]] | None:
    """`person` and `delegators_of`, in one statement: nearly everybody is nobody's delegate."""
    rows = session.execute(_ACTING, {"person": id, "moment": at}).all()
    found = _built(id, rows)
    if found is None:
        return None
    away = sorted({PersonId(key) for what, key, named in rows if named is None and what == "delegator"})
    return found, _people(session, away)


def _built(id: PersonId, rows: Sequence[AnyRow]) -> Person | None:
    known = [(what, name) for what, name, found in rows if found is not None]
    if not known:
        return None
    [(standing, name)] = known
    return Person(
        id=id,
        name=name,
        standing=Standing(standing),
        groups=frozenset(GroupId(key) for what, key, found in rows if found is None and what == "group"),
        roles=frozenset(RoleId(key) for what, key, found in rows if found is None and what == "role"),
    )


def matching(session: Session, approvers: Approvers) -> frozenset[PersonId]:
    """The active members who are one of *approvers* now."""
    of = {"users": approvers.users, "groups": approvers.groups, "roles": approvers.roles}
    return frozenset(map(PersonId, session.execute(_PEOPLE_OF, of).scalars()))


def administrators(session: Session) -> frozenset[PersonId]:
    return matching(session, Approvers(roles=(ADMINISTRATOR,)))


def delegators_of(session: Session, delegate: PersonId, at: datetime) -> tuple[Person, ...]:
    """Those who have named *delegate* their delegate for *at*, as they are now."""
    ids = session.execute(_DELEGATORS, {"person": delegate, "moment": at}).scalars().all()
    return _people(session, map(PersonId, ids))


def _people(session: Session, ids: Iterable[PersonId]) -> tuple[Person, ...]:
    return tuple(known for person_id in ids if (known := person(session, person_id)) is not None)


def identities(session: Session, ids: Collection[PersonId] | None = None) -> Mapping[PersonId, Identity]:
    """What the mirror says of these people, or of all."""
    if ids is None:
        return _identities(session.execute(_IDENTITIES))
    return _identities(session.execute(_THESE_IDENTITIES, {"ids": sorted(set(ids))}))


def by_email(session: Session, email: str) -> Identity | None:
    """The active member with this address."""
    found = _identities(session.execute(_BY_EMAIL, {"folded": email.strip().casefold()}))
    return next(iter(found.values()), None)


def _identities(rows: Iterable[AnyRow]) -> dict[PersonId, Identity]:
    return {row.id: Identity.model_validate(row, from_attributes=True) for row in rows}


class SqlPeopleReader(Repository):
    """`domain.ports.people.PeopleReader`."""

    person = query(person)
    acting = query(acting)
    matching = query(matching)
    administrators = query(administrators)
    identities = query(identities)
    by_email = query(by_email)
    groups = query(all_groups)
    roles = query(all_roles)
    names = query(names)


class SqlPeopleWriter(SqlPeopleReader):
    """`domain.ports.people.PeopleWriter`."""

    save_group = query(save_group)
    delete_group = query(delete_group)
    save_role = query(save_role)
    delete_role = query(delete_role)
