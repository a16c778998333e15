"""When the daily digest for each administrator is due.

It is a notice like any other, of the request that it names first, so that it is posted as every message is: once, whatever crashes. A
unique key for each person and day decides that there is one.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from domain.approvals.delegation import time_zone
from domain.notices.notices import Notice, NoticeKind
from domain.notices.reminders import QuietHours, Zones
from domain.people.people import PersonId

MORNING: Final = timedelta(hours=4)
"""How long a morning is, from the end of the quiet hours. What comes up later can wait for the next; alerts have told it at once."""
RESULT_WITHIN: Final = timedelta(days=1)
"""How long the result of what was handed over may be missing before administrators hear of it, where nothing else is configured."""
LATELY: Final = timedelta(days=1)
"""A message that failed longer ago, about a request that has ended since, is nothing to say each day."""


def mornings(
    people: Collection[PersonId], at: datetime, zones: Zones, quiet: QuietHours | None
) -> Mapping[PersonId, date]:
    """Those of *people* where it is morning at *at*, each with the day that it is there. Quiet hours of None end as usual."""
    return {
        person: day
        for person in people
        if (day := _morning(at, zones.get(person, "UTC"), quiet or QuietHours())) is not None
    }


def _morning(at: datetime, zone: str, quiet: QuietHours) -> date | None:
    local = at.astimezone(time_zone(zone))
    begins = datetime.combine(local.date(), quiet.end, local.tzinfo)
    return local.date() if begins <= local < begins + MORNING and quiet.morning(at, zone) == at else None


def word(person: PersonId, day: date, at: datetime) -> Notice:
    """The one for *person* on *day*."""
    return Notice(kind=NoticeKind.DAILY, key=f"daily:{day.isoformat()}:{person}", person=person, since=at)


def is_late(notice: Notice, at: datetime) -> bool:
    """Whether it has been held up for so long that it is no word for the morning any more."""
    return notice.since is not None and at >= notice.since + MORNING
