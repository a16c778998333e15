"""Delegations."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, case, insert, null, or_, select, update

from domain.approvals.delegation import Delegation
from domain.people.people import PersonId, Standing
from domain.store.repositories.people import delegators_of
from domain.store.repository import Repository, query
from domain.store.session import AnyRow, Session
from domain.store.tables import delegations, people

_ALL: Final = select(*(delegations.c[name] for name in Delegation.model_fields))
_NOT_OVER: Final = _ALL.where(
    delegations.c.ends_at > bindparam("moment"),
    or_(delegations.c.revoked_at.is_(None), delegations.c.revoked_at > bindparam("moment")),
).order_by(delegations.c.starts_at, delegations.c.number)
_OF: Final = _NOT_OVER.where(
    or_(delegations.c.delegator == bindparam("person"), delegations.c.delegate == bindparam("person"))
)
_ONE: Final = _ALL.where(delegations.c.number == bindparam("of"))
_DELEGATES: Final = (
    select(delegations.c.delegator, delegations.c.delegate)
    .distinct()
    .join(people, people.c.id == delegations.c.delegate)
    .where(
        delegations.c.delegator.in_(bindparam("delegators", expanding=True)),
        delegations.c.starts_at <= bindparam("moment"),
        delegations.c.ends_at > bindparam("moment"),
        or_(delegations.c.revoked_at.is_(None), delegations.c.revoked_at > bindparam("moment")),
        people.c.standing == Standing.MEMBER,
    )
)
_TURNED: Final = (
    _ALL.where(delegations.c.turns_at <= bindparam("moment"))
    .order_by(delegations.c.turns_at, delegations.c.number)
    .limit(bindparam("limit"))
)
_ADD: Final = insert(delegations).returning(delegations.c.number)
_REVOKE: Final = (
    update(delegations)
    .where(
        delegations.c.number == bindparam("of"),
        delegations.c.revoked_at.is_(None),
        delegations.c.ends_at > bindparam("moment"),
    )
    .values(revoked_at=bindparam("moment"), turns_at=bindparam("moment"))
)
_LOOKED_AFTER: Final = (
    update(delegations)
    .where(delegations.c.number == bindparam("of"), delegations.c.turns_at <= bindparam("moment"))
    .values(
        turns_at=case(
            (delegations.c.revoked_at.is_not(None) | (delegations.c.ends_at <= bindparam("moment")), null()),
            else_=delegations.c.ends_at,
        )
    )
)


def current(session: Session, at: datetime, *, of: PersonId | None = None) -> tuple[Delegation, ...]:
    """Those that hold at *at* or will: of everybody, or those that *of* gave or received."""
    if of is None:
        return tuple(map(_read, session.execute(_NOT_OVER, {"moment": at})))
    return tuple(map(_read, session.execute(_OF, {"moment": at, "person": of})))


def get(session: Session, number: int) -> Delegation | None:
    row = session.execute(_ONE, {"of": number}).one_or_none()
    return None if row is None else _read(row)


def delegates_of(
    session: Session, delegators: Collection[PersonId], at: datetime
) -> Mapping[PersonId, frozenset[PersonId]]:
    """The active members who stand in at *at* for each of *delegators* who has some."""
    found: defaultdict[PersonId, set[PersonId]] = defaultdict(set)
    if delegators:
        for delegator, delegate in session.execute(_DELEGATES, {"delegators": sorted(delegators), "moment": at}):
            found[delegator].add(delegate)
    return {delegator: frozenset(delegates) for delegator, delegates in found.items()}


def changed(session: Session, at: datetime, limit: int) -> tuple[Delegation, ...]:
    """Those that began, ended or were revoked by *at*, and nobody has looked after the open requests since; earliest first."""
    return tuple(map(_read, session.execute(_TURNED, {"moment": at, "limit": limit})))


def add(session: Session, delegation: Delegation) -> Delegation:
    """Save a new one; gives it with its number."""
    row = delegation.model_dump(exclude={"number"}) | {"turns_at": delegation.starts_at}
    return delegation.replace(number=session.execute(_ADD, row).scalar_one())


def revoke(session: Session, number: int, at: datetime) -> bool:
    """End it at *at*; False where it had ended by then."""
    return session.execute(_REVOKE, {"of": number, "moment": at}).rowcount == 1


def mark_handled(session: Session, number: int, at: datetime) -> None:
    """What followed from its turn at or before *at* has been done."""
    session.execute(_LOOKED_AFTER, {"of": number, "moment": at})


def _read(row: AnyRow) -> Delegation:
    return Delegation.model_validate(row, from_attributes=True)


class SqlDelegationReader(Repository):
    """`domain.ports.people.DelegationReader`."""

    delegators_of = query(delegators_of)
    delegates_of = query(delegates_of)
    current = query(current)
    get = query(get)
    changed = query(changed)


class SqlDelegationWriter(SqlDelegationReader):
    """`domain.ports.people.DelegationWriter`."""

    add = query(add)
    revoke = query(revoke)
    mark_handled = query(mark_handled)
