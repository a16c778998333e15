"""A direct message that belongs to no request: its occasion and its reader. It is posted once and never updated.

It is written in the transaction of what it reports. Its key says what it is for: nobody gets two with the same key.
"""

from datetime import datetime
from enum import StrEnum

from domain.approvals.delegation import Delegation
from domain.common.frozen import Frozen
from domain.people.people import PersonId


class Occasion(StrEnum):
    """What a direct message reports, and to whom."""

    DELEGATED = "delegated"
    """Somebody else named a delegate, to delegate or delegator."""
    REVOKED = "revoked"
    """Somebody else revoked a delegation, to delegate or delegator."""
    APPOINTED = "appointed"
    """Nobody was an administrator, so the setting made its reader one."""
    NOBODY_ADMINISTERS = "nobody_administers"
    """Nobody is an administrator, to auditors: once a day."""


class DirectMessage(Frozen):
    """One such message."""

    key: str
    person: PersonId
    occasion: Occasion
    delegation: int | None = None
    """The number of the delegation that it reports."""
    by: PersonId | None = None
    """Who did it."""


def about_delegation(delegation: Delegation, by: PersonId) -> tuple[DirectMessage, ...]:
    """*by* has named the delegate, or revoked the delegation: to delegate and delegator, except whichever of them is *by*."""
    occasion = Occasion.DELEGATED if delegation.revoked_at is None else Occasion.REVOKED
    return tuple(
        DirectMessage(
            key=f"{occasion}:{delegation.number}:{person}",
            person=person,
            occasion=occasion,
            delegation=delegation.number,
            by=by,
        )
        for person in sorted({*delegation.people} - {by})
    )


def about_appointment(person: PersonId, at: datetime) -> DirectMessage:
    """*person* was made an administrator at *at*."""
    key = f"{Occasion.APPOINTED}:{at:%Y%m%dT%H%M%S%f}:{person}"
    return DirectMessage(key=key, person=person, occasion=Occasion.APPOINTED)


def about_no_administrator(person: PersonId, at: datetime) -> DirectMessage:
    """Nobody is an administrator on the day of *at*; to *person*."""
    key = f"{Occasion.NOBODY_ADMINISTERS}:{at:%Y-%m-%d}:{person}"
    return DirectMessage(key=key, person=person, occasion=Occasion.NOBODY_ADMINISTERS)
