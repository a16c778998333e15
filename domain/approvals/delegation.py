"""Delegation: one person decides for another who is away. SPEC.md section 3."""

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
"""For each person who has delegates now: those of them who are active members."""
NO_DELEGATES: Final[Delegates] = MappingProxyType({})

LONGEST: Final = timedelta(days=367)
"""A year with a leap day, and the rest of the last day."""
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Capacity(Frozen):
    """In which capacity somebody decides: for themselves, or on behalf of somebody."""

    by: PersonId
    on_behalf_of: PersonId | None = None


class Delegation(Frozen):
    """For a period, the delegate may decide where the delegator may. It does not chain, and gives no administrator rights."""

    number: int = Field(ge=0)
    """0 until it is saved."""
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
        """Whether it is in force at *at*: from its start until just before its end, unless it is revoked."""
        return self.starts_at <= at < self.ends_at and (self.revoked_at is None or at < self.revoked_at)

    def is_over(self, at: datetime) -> bool:
        """Whether it has ended at *at*, or was revoked."""
        return at >= self.ends_at or (self.revoked_at is not None and at >= self.revoked_at)

    def overlaps(self, other: "Delegation") -> bool:
        """Whether both periods have a moment in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Period(Frozen):
    """From one moment until just before another, the same in every time zone."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime

    def moments(self, _zone: str, _at: datetime) -> "Period":
        """Itself: it does not depend on the time zone."""
        return self


class Day(Frozen):
    """A day as people write it: `2026-12-24`, `friday`, `+2w`. Which date that is may depend on the current day."""

    on: date | None = None
    weekday: int | None = None
    """0 is Monday: the next one, never the current day."""
    later: int = 0
    """The number of days from the day that it is counted from."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parses what somebody typed. Raises ValueError if it is not a day."""
        day = text.strip().lower()
        if day in {"today", "tomorrow"}:
            return cls(later=int(day == "tomorrow"))
        names = [number for number, name in enumerate(_WEEKDAYS) if day in {name, name[:3]}]
        if names:
            return cls(weekday=names[0])
        if match := re.fullmatch(r"\+([1-9][0-9]{0,2})(d|days?|w|weeks?)", day):
            return cls(later=int(match[1]) * (7 if match[2].startswith("w") else 1))
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
            raise ValueError("not a day")
        on = date.fromisoformat(day)
        if not 1970 <= on.year <= 9990:
            raise ValueError("too far away")
        return cls(on=on)

    def after(self, today: date) -> date:
        """The date, counted from *today*."""
        if self.on is not None:
            return self.on
        if self.weekday is not None:
            return today + timedelta(days=(self.weekday - today.weekday() - 1) % 7 + 1)
        return today + timedelta(days=self.later)


class Days(Frozen):
    """From the start of the first day, or from now, until the end of the last."""

    last: Day
    first: Day | None = None

    def moments(self, zone: str, at: datetime) -> Period:
        """The period for somebody in the time zone *zone* who writes this at *at*. The last day is counted from the first.

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
    """The time zone with the name that Slack gives; UTC if this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def agreed(delegator: Person, delegate: Person, period: Period, reason: str, at: datetime) -> Delegation:
    """A new delegation, not saved yet, within the limits of SPEC.md section 3.

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
