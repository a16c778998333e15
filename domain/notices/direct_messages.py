"""A word to somebody that is about no request: what it tells of, and whom. It is posted once and never drawn again.

It is written in the transaction of what it tells of, and has a key that says what it is for: nobody gets two of the same key.
"""

from datetime import datetime
from enum import StrEnum

from domain.approvals.delegation import Delegation
from domain.common.frozen import Frozen
from domain.people.people import PersonId


class Occasion(StrEnum):
    DELEGATED = "delegated"
    """Somebody else named a delegate, to delegate or delegator."""
    REVOKED = "revoked"
    """Somebody else revoked a delegation, to delegate or delegator."""
    APPOINTED = "appointed"
    """Nobody was an administrator, so the setting made its reader one."""
    NOBODY_ADMINISTERS = "nobody_administers"
    """Nobody is an administrator, to auditors: once a day."""


class Letter(Frozen):
    """One such word."""

    key: str
    person: PersonId
    occasion: Occasion
    delegation: int | None = None
    """The number of the one that it tells of."""
    by: PersonId | None = None
    """Who did it."""


def on_delegation(one: Delegation, by: PersonId) -> tuple[Letter, ...]:
    """That *by* has named the delegate, or revoked it: to delegate and delegator, as far as they did not do it themselves."""
    occasion = Occasion.DELEGATED if one.revoked_at is None else Occasion.REVOKED
    return tuple(
        Letter(key=f"{occasion}:{one.number}:{to}", person=to, occasion=occasion, delegation=one.number, by=by)
        for to in sorted({*one.people} - {by})
    )


def on_appointment(to: PersonId, at: datetime) -> Letter:
    """That *to* was made an administrator at *at*."""
    return Letter(key=f"{Occasion.APPOINTED}:{at:%Y%m%dT%H%M%S%f}:{to}", person=to, occasion=Occasion.APPOINTED)


def on_nobody(to: PersonId, at: datetime) -> Letter:
    """That nobody is an administrator on the day of *at*."""
    return Letter(
        key=f"{Occasion.NOBODY_ADMINISTERS}:{at:%Y-%m-%d}:{to}", person=to, occasion=Occasion.NOBODY_ADMINISTERS
    )
