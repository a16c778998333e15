"""Who is reminded of a step that waits, and when: SPEC.md section 1, "remind every", and the requester's own button.

Everything follows from the clock of the work item and from when somebody was asked, so that whoever looks comes to the same keys, and
nothing is sent twice. Of what has become due under one ask only the newest is wanted: what a night or a standstill held up comes as one.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from domain.approvals.delegation import time_zone
from domain.approvals.requests import Request, WorkItem
from domain.approvals.status import WorkItemStatus
from domain.common.frozen import Frozen
from domain.notices.notices import Notice, NoticeKind
from domain.people.people import PersonId

MOST: Final = 5
"""Reminders by the clock under one ask; each comes after twice the time that the one before it took."""
LEAST_LIFE: Final = timedelta(hours=1)
"""What lives longer than this is warned of before it expires."""
LONGEST_WARNING: Final = timedelta(hours=24)
REMINDERS: Final = frozenset({NoticeKind.REMINDER, NoticeKind.NUDGE, NoticeKind.WARNING})

Zones = Mapping[PersonId, str]
"""The time zones in which people live, as Slack names them; who is missing counts as in UTC."""


class QuietHours(Frozen):
    """From when until when nobody is reminded by the clock, wherever they live."""

    begin: time = time(20)
    end: time = time(7)

    def morning(self, at: datetime, zone: str) -> datetime:
        """*at*, or, where it is quiet for somebody in *zone* then, the moment when it is not any more."""
        local = at.astimezone(time_zone(zone))
        now = local.time()
        over_night = self.begin > self.end
        quiet = (now >= self.begin or now < self.end) if over_night else self.begin <= now < self.end
        if not quiet:
            return at
        day = local.date() + timedelta(days=1) if over_night and now >= self.begin else local.date()
        return datetime.combine(day, self.end, local.tzinfo).astimezone(at.tzinfo)


class Reminders(NamedTuple):
    """What is to be sent now, and when to look again; None where nothing is to come."""

    now: tuple[Notice, ...]
    next: datetime | None


class _Due(NamedTuple):
    at: datetime
    kind: NoticeKind
    key: str


def warns_at(item: WorkItem) -> datetime | None:
    """When those who wait for the open work item are warned that it expires: a quarter of its life before, a day at most."""
    if item.deadline is None or item.opened_at is None or item.deadline - item.opened_at <= LEAST_LIFE:
        return None
    return item.deadline - min((item.deadline - item.opened_at) / 4, LONGEST_WARNING)


def reminders(
    request: Request, asks: Collection[Notice], at: datetime, *, zones: Zones, quiet: QuietHours | None
) -> Reminders:
    """The reminders that are to be there at *at* under *asks*: those of the open step whose readers could decide and have not.

    An ask to a channel is read by everybody in *zones* but the requester: it is quiet there while it is for all of them. The requester's
    own button waits for no morning.
    """
    item = request.current
    if item is None or item.status is not WorkItemStatus.PENDING or (item.deadline is not None and at >= item.deadline):
        return Reminders((), None)
    readers = frozenset(zone for person, zone in zones.items() if person != request.requester)
    night = _Night(quiet, zones, readers or frozenset({"UTC"}), item.deadline)
    now: list[Notice] = []
    later: list[datetime] = []
    for parent, dues in _timelines(request, item, asks):
        passed = [one for one in dues if one.at <= at]
        later += [night.over(one, one.at, parent.person) for one in dues if one.at > at]
        newest = max(passed, key=lambda one: one.at, default=None)
        if newest is None:
            continue
        moment = night.over(newest, at, parent.person)
        if moment > at:
            later.append(moment)
        else:
            now.append(_under(parent, newest, item))
    return Reminders(tuple(now), min(later, default=None))


class _Night(NamedTuple):
    quiet: QuietHours | None
    zones: Zones
    of_channels: Collection[str]
    deadline: datetime | None

    def over(self, due: _Due, at: datetime, person: PersonId | None) -> datetime:
        """When *due* may be sent, from *at* on: in the reader's morning, unless that is too late for a warning."""
        if self.quiet is None or due.kind is NoticeKind.NUDGE:
            return at
        where = self.of_channels if person is None else {self.zones.get(person, "UTC")}
        morning = min(self.quiet.morning(at, zone) for zone in where)
        too_late = due.kind is NoticeKind.WARNING and self.deadline is not None and morning >= self.deadline
        return at if too_late else morning


def _timelines(request: Request, item: WorkItem, asks: Collection[Notice]) -> Iterator[tuple[Notice, list[_Due]]]:
    """Each message that something may come under, with all that is due under it."""
    warned = warns_at(item)
    for ask in asks:
        since = ask.since or item.step_opened_at
        if since is not None:
            yield (
                ask,
                [*_by_the_clock(item, ask, since), *_by_hand(item, ask, since), *_warning(warned, ask.key, since)],
            )
    progress = Notice(kind=NoticeKind.PROGRESS, key="progress", person=request.requester)
    yield progress, list(_warning(warned, f"{item.position}.{item.step}:progress", item.step_opened_at))


def _by_the_clock(item: WorkItem, ask: Notice, since: datetime) -> Iterator[_Due]:
    """Reminders after the usual time, then twice that, and so on; none before half of that time has passed since somebody was asked
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
    """The requester asked those of this step to look at it; whoever was asked after that need not be reminded."""
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
