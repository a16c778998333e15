"""Standing in for somebody who is away: SPEC.md section 3."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Final, Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, model_validator

from domain.approvals.decisions import Text
from domain.common.errors import (
    DelegationEndsFirst,
    DelegationInThePast,
    DelegationTooLong,
    NotADelegate,
    NothingToDelegate,
    OwnDelegate,
)
from domain.common.frozen import Frozen
from domain.people.people import Person, PersonId

Delegates = Mapping[PersonId, Collection[PersonId]]
"""The active members who stand in now, for each person who has some."""
NO_DELEGATES: Final[Delegates] = MappingProxyType({})

LONGEST: Final = timedelta(days=367)
"""A year, its leap day, and what is left of the last day."""
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Capacity(Frozen):
    """As whom somebody decides."""

    by: PersonId
    on_behalf_of: PersonId | None = None


class Delegation(Frozen):
    """For a period, the delegate may decide where the delegator may. It does not chain and moves no administrator's rights."""

    number: int = Field(ge=0)
    """0 for one that is not saved yet."""
    delegator: PersonId
    delegate: PersonId
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reason: Text = ""
    revoked_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _is_for_somebody_else_and_some_time(self) -> Self:
        if self.delegator == self.delegate:
            raise ValueError("nobody is their own delegate")
        if self.ends_at <= self.starts_at:
            raise ValueError("a delegation ends after it starts")
        return self

    @property
    def people(self) -> tuple[PersonId, PersonId]:
        """Delegate and delegator."""
        return self.delegate, self.delegator

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at *at*; its last moment is the one before it ends."""
        return self.starts_at <= at < self.ends_at and (self.revoked_at is None or at < self.revoked_at)

    def is_over(self, at: datetime) -> bool:
        """Whether it neither holds at *at* nor will."""
        return at >= self.ends_at or (self.revoked_at is not None and at >= self.revoked_at)

    def overlaps(self, other: "Delegation") -> bool:
        """Whether there is a moment in the periods of both."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Period(Frozen):
    """From one moment until just before another."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime

    def moments(self, _zone: str, _at: datetime) -> "Period":
        """Itself, wherever somebody is."""
        return self


class Day(Frozen):
    """A day as people say it: `2026-12-24`, `friday`, `+2w`. Which one it is depends on the day it is said."""

    on: date | None = None
    weekday: int | None = None
    """0 for Monday: the next one, never the same day."""
    later: int = 0
    """So many days later."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """What somebody typed. Raises ValueError for what is no day."""
        word = text.strip().lower()
        if word in {"today", "tomorrow"}:
            return cls(later=int(word == "tomorrow"))
        names = [number for number, name in enumerate(_WEEKDAYS) if word in {name, name[:3]}]
        if names:
            return cls(weekday=names[0])
        if found := re.fullmatch(r"\+([1-9][0-9]{0,2})(d|days?|w|weeks?)", word):
            return cls(later=int(found[1]) * (7 if found[2].startswith("w") else 1))
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
            raise ValueError("not a day")
        day = date.fromisoformat(word)
        if not 1970 <= day.year <= 9990:
            raise ValueError("too far away")
        return cls(on=day)

    def after(self, today: date) -> date:
        """The day that is meant on *today*."""
        if self.on is not None:
            return self.on
        if self.weekday is not None:
            return today + timedelta(days=(self.weekday - today.weekday() - 1) % 7 + 1)
        return today + timedelta(days=self.later)


class Days(Frozen):
    """From one day, or from now on, until the end of another."""

    last: Day
    first: Day | None = None

    def moments(self, zone: str, at: datetime) -> Period:
        """What this is for somebody in the time zone *zone* who says it at *at*; the last day is counted from the first.

        Raises DelegationInThePast, DelegationEndsFirst.
        """
        place = time_zone(zone)
        today = at.astimezone(place).date()
        first = today if self.first is None else self.first.after(today)
        last = self.last.after(first)
        if first < today or last < today:
            raise DelegationInThePast
        if last < first:
            raise DelegationEndsFirst
        starts = at if first == today else datetime.combine(first, time(), place)
        return Period(
            starts_at=starts.astimezone(UTC),
            ends_at=datetime.combine(last + timedelta(days=1), time(), place).astimezone(UTC),
        )


def time_zone(name: str) -> tzinfo:
    """The time zone that Slack calls *name*; UTC for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def agreed(delegator: Person, delegate: Person, period: Period, reason: str, at: datetime) -> Delegation:
    """A new delegation, not saved yet, if it keeps within what SPEC.md section 3 allows.

    Raises OwnDelegate, NotADelegate, NothingToDelegate, DelegationInThePast, DelegationEndsFirst, DelegationTooLong.
    """
    if delegator.id == delegate.id:
        raise OwnDelegate
    if not delegate.takes_part:
        raise NotADelegate(standing=delegate.standing)
    if not delegator.takes_part:
        raise NothingToDelegate(standing=delegator.standing)
    if period.starts_at < at or period.ends_at <= at:
        raise DelegationInThePast
    if period.ends_at <= period.starts_at:
        raise DelegationEndsFirst
    if period.ends_at - at > LONGEST:
        raise DelegationTooLong
    return Delegation(
        number=0,
        delegator=delegator.id,
        delegate=delegate.id,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        reason=reason,
    )
