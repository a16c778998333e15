"""Who is reminded of a waiting step, and when: SPEC.md section 1, "remind every", and the button Remind of the requester.

Everything follows from the times of the work item and from when somebody was asked. So every replica computes the same keys, and nothing
is sent twice. Of several reminders that are due under one ask only the newest is sent, for example after quiet hours or an outage.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from domain.approvals.delegation import time_zone
from domain.approvals.requests import Request, WorkItem
from domain.approvals.status import WorkItemStatus
from domain.common.frozen import Frozen
from domain.notices.notices import PROGRESS_KEY, Notice, NoticeKind
from domain.people.people import PersonId

MOST: Final = 5
"""The most scheduled reminders under one ask. Each comes after twice the time of the one before."""
LEAST_LIFE: Final = timedelta(hours=1)
"""If a work item stays open longer than this, there is a warning before it expires."""
LONGEST_WARNING: Final = timedelta(hours=24)
REMINDERS: Final = frozenset({NoticeKind.REMINDER, NoticeKind.NUDGE, NoticeKind.WARNING})

Zones = Mapping[PersonId, str]
"""Each person's time zone, by its name in Slack; UTC for people who are not in it."""


class QuietHours(Frozen):
    """The hours, in each person's own time zone, in which no scheduled reminder is sent."""

    begin: time = time(20)
    end: time = time(7)

    def morning(self, at: datetime, zone: str) -> datetime:
        """*at*; or the end of the quiet hours, if *at* is within them in *zone*."""
        local = at.astimezone(time_zone(zone))
        now = local.time()
        over_night = self.begin > self.end
        quiet = (now >= self.begin or now < self.end) if over_night else self.begin <= now < self.end
        if not quiet:
            return at
        day = local.date() + timedelta(days=1) if over_night and now >= self.begin else local.date()
        return datetime.combine(day, self.end, local.tzinfo).astimezone(at.tzinfo)


class Reminders(NamedTuple):
    """The reminders to send now, and when the next one may be due; None if there is none."""

    now: tuple[Notice, ...]
    next: datetime | None


class _Due(NamedTuple):
    at: datetime
    kind: NoticeKind
    key: str


def warns_at(item: WorkItem) -> datetime | None:
    """When to warn that the work item expires: a quarter of its time before the deadline, at most a day."""
    if item.deadline is None or item.opened_at is None or item.deadline - item.opened_at <= LEAST_LIFE:
        return None
    return item.deadline - min((item.deadline - item.opened_at) / 4, LONGEST_WARNING)


def reminders(
    request: Request, asks: Collection[Notice], at: datetime, *, zones: Zones, quiet: QuietHours | None
) -> Reminders:
    """The reminders that should exist at *at* under *asks*, the asks of the open step.

    Everybody in *zones* except the requester reads an ask in a channel: quiet hours hold there only while they hold for all of them.
    Reminders that the requester sends by hand do not wait for the end of quiet hours.
    """
    item = request.current
    if item is None or item.status is not WorkItemStatus.PENDING or (item.deadline is not None and at >= item.deadline):
        return Reminders((), None)
    readers = frozenset(zone for person, zone in zones.items() if person != request.requester)
    night = _Night(quiet, zones, readers or frozenset({"UTC"}), item.deadline)
    notices: list[Notice] = []
    upcoming: list[datetime] = []
    for parent, dues in _timelines(request, item, asks):
        passed = [due for due in dues if due.at <= at]
        upcoming += [night.over(due, due.at, parent.person) for due in dues if due.at > at]
        newest = max(passed, key=lambda due: due.at, default=None)
        if newest is None:
            continue
        moment = night.over(newest, at, parent.person)
        if moment > at:
            upcoming.append(moment)
        else:
            notices.append(_under(parent, newest, item))
    return Reminders(tuple(notices), min(upcoming, default=None))


class _Night(NamedTuple):
    quiet: QuietHours | None
    zones: Zones
    of_channels: Collection[str]
    deadline: datetime | None

    def over(self, due: _Due, at: datetime, person: PersonId | None) -> datetime:
        """When *due* may be sent, at *at* or later: after quiet hours, unless that is too late for a warning."""
        if self.quiet is None or due.kind is NoticeKind.NUDGE:
            return at
        where = self.of_channels if person is None else {self.zones.get(person, "UTC")}
        morning = min(self.quiet.morning(at, zone) for zone in where)
        too_late = due.kind is NoticeKind.WARNING and self.deadline is not None and morning >= self.deadline
        return at if too_late else morning


def _timelines(request: Request, item: WorkItem, asks: Collection[Notice]) -> Iterator[tuple[Notice, list[_Due]]]:
    """Each message that can have reminders, with the reminders under it."""
    warned = warns_at(item)
    for ask in asks:
        since = ask.since or item.step_opened_at
        if since is not None:
            yield (
                ask,
                [*_by_the_clock(item, ask, since), *_by_hand(item, ask, since), *_warning(warned, ask.key, since)],
            )
    progress = Notice(kind=NoticeKind.PROGRESS, key=PROGRESS_KEY, person=request.requester)
    yield progress, list(_warning(warned, f"{item.position}.{item.step}:progress", item.step_opened_at))


def _by_the_clock(item: WorkItem, ask: Notice, since: datetime) -> Iterator[_Due]:
    """Scheduled reminders: after `remind_every`, then twice that, and so on. None within half of `remind_every` after somebody was asked
    or reminded by hand, and none after the warning."""
    every, opened, warned = item.profile.definition.remind_every, item.step_opened_at, warns_at(item) or item.deadline
    if every is None or opened is None:
        return
    for number in range(1, MOST + 1):
        due = opened + every * (2**number - 1)
        if warned is not None and due >= warned:
            return
        last = max(since, item.reminded_at) if item.reminded_at is not None and item.reminded_at <= due else since
        if due - last >= every / 2:
            yield _Due(due, NoticeKind.REMINDER, f"reminder:{number}:{ask.key}")


def _by_hand(item: WorkItem, ask: Notice, since: datetime) -> Iterator[_Due]:
    """The reminder that the requester sent by hand; not to those who were asked after it."""
    pressed = item.reminded_at
    if pressed is not None and item.step_opened_at is not None and pressed >= max(item.step_opened_at, since):
        yield _Due(pressed, NoticeKind.NUDGE, f"nudge:{int(pressed.timestamp())}:{ask.key}")


def _warning(warned: datetime | None, key: str, since: datetime | None) -> Iterator[_Due]:
    if warned is not None and since is not None and since < warned:
        yield _Due(warned, NoticeKind.WARNING, f"warning:{key}")


def _under(parent: Notice, due: _Due, item: WorkItem) -> Notice:
    return Notice(
        kind=due.kind,
        key=due.key,
        person=parent.person,
        channel=parent.channel,
        gate=item.position,
        step=item.step,
        under=parent.key,
    )
