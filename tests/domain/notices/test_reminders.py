"""SPEC.md section 1, "remind every": who is reminded of what waits, when, and by whose clock."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

import pytest

from domain.approvals.moves import escalate, remind
from domain.approvals.profiles import Escalation, Notify
from domain.approvals.requests import Request
from domain.audit.entries import Action
from domain.common.errors import (
    AlreadyClosed,
    AlreadyExpired,
    NotAMember,
    NotCommenced,
    NotYoursToRemind,
    RemindedAlready,
)
from domain.notices.notices import Notice, open_asks
from domain.notices.reminders import QuietHours, Reminders, reminders
from domain.people.people import PersonId
from tests.rules.build import (
    ANN,
    BOB,
    CAT,
    HOUR,
    INSTANT,
    NOON,
    OUTSIDERS,
    REQUESTER,
    approve,
    approvers,
    people_among,
    profile,
    reject,
    step,
    waiting,
)  # fmt: skip

DAY = 24 * HOUR
TWO = profile(step(ANN, BOB, required=2), step(CAT, name="PKI"))


def asks(request: Request, since: datetime = NOON) -> list[Notice]:
    """The open asks of *request*, made at *since*."""
    return list(open_asks(request, people_among(ANN, BOB, CAT, REQUESTER), at=since))


def looked(
    request: Request,
    at: datetime,
    *,
    since: datetime = NOON,
    zones: Mapping[PersonId, str] | None = None,
    quiet: QuietHours | None = None,
) -> Reminders:
    return reminders(request, asks(request, since), at, zones=zones or {}, quiet=quiet)


def keys(found: Reminders) -> list[str]:
    return [one.key for one in found.now]


def numbers(request: Request, until: timedelta, **more: object) -> list[tuple[str, timedelta]]:
    """What comes under Ann's ask until so long after noon, each with when: looking when the look before said so."""
    seen: dict[str, timedelta] = {}
    at: datetime | None = NOON
    while at is not None and at <= NOON + until:
        found = looked(request, at, **more)  # type: ignore[arg-type]  # what looked takes, passed on
        for one in found.now:
            if one.person == ANN.id:
                seen.setdefault(one.key.removesuffix(f":ask:0.0:{ANN.id}"), at - NOON)
        assert found.next is None or found.next > at
        at = found.next
    return list(seen.items())


# By the clock


def test_the_first_comes_after_the_time_and_each_next_after_twice_as_long_five_at_most() -> None:
    assert numbers(waiting(TWO), 1000 * DAY) == [
        ("reminder:1", DAY), ("reminder:2", 3 * DAY), ("reminder:3", 7 * DAY), ("reminder:4", 15 * DAY), ("reminder:5", 31 * DAY),
    ]  # fmt: skip


def test_each_goes_under_its_ask_and_not_a_moment_early() -> None:
    request = waiting(TWO)
    early = looked(request, NOON + DAY - INSTANT)
    assert (early.now, early.next) == ((), NOON + DAY)
    found = looked(request, NOON + DAY)
    assert [(one.person, one.under) for one in found.now] == [
        (ANN.id, f"ask:0.0:{ANN.id}"),
        (BOB.id, f"ask:0.0:{BOB.id}"),
    ]


def test_who_has_decided_is_not_reminded_and_nobody_after_the_step_closed() -> None:
    request = approve(waiting(TWO), ANN)
    assert [one.person for one in looked(request, NOON + DAY).now] == [BOB.id]
    request = approve(request, BOB, at=NOON + 2 * HOUR)
    assert looked(request, NOON + DAY, since=NOON + 2 * HOUR).now == (), "the next step has its own clock"
    assert [one.person for one in looked(request, NOON + DAY + 2 * HOUR, since=NOON + 2 * HOUR).now] == [CAT.id]
    for closed in (reject(waiting(TWO), ANN), waiting(profile(step(ANN), step())), waiting()):
        assert looked(closed, NOON + DAY) == Reminders((), None)


def test_never_is_never() -> None:
    assert looked(waiting(profile(step(ANN), remind_every=None)), NOON + 100 * DAY) == Reminders((), None)


def test_who_is_asked_late_is_not_reminded_at_once() -> None:
    request = waiting(TWO)
    assert looked(request, NOON + DAY, since=NOON + 13 * HOUR).now == ()
    assert len(looked(request, NOON + DAY, since=NOON + 12 * HOUR).now) == 2


def test_whom_an_escalation_asks_is_reminded_by_the_same_clock() -> None:
    further = Escalation(after=20 * HOUR, approvers=approvers(BOB))
    change = escalate(waiting(profile(step(ANN, escalation=further))), NOON + 20 * HOUR)
    assert change is not None
    assert looked(change.request, NOON + DAY, since=NOON + 20 * HOUR).now == ()
    assert len(looked(change.request, NOON + 3 * DAY, since=NOON + 20 * HOUR).now) == 2


def test_what_a_standstill_held_up_comes_as_one() -> None:
    assert keys(looked(waiting(profile(step(ANN))), NOON + 20 * DAY)) == [f"reminder:4:ask:0.0:{ANN.id}"]


# Before it expires


@pytest.mark.parametrize(
    ("lives", "warned"),
    [
        (4 * HOUR, 3 * HOUR),
        (8 * DAY, 7 * DAY),
        (HOUR + INSTANT, (HOUR + INSTANT) * 3 / 4),
        (HOUR, None),
        (None, None),
    ],
)
def test_a_warning_comes_when_a_quarter_is_left_a_day_at_most(
    lives: timedelta | None, warned: timedelta | None
) -> None:
    request = waiting(profile(step(ANN), expires_after=lives, remind_every=None))
    if warned is None:
        assert looked(request, NOON) == Reminders((), None)
        return
    assert looked(request, NOON).next == NOON + warned
    found = looked(request, NOON + warned)
    assert [(one.person, one.under) for one in found.now] == [
        (ANN.id, f"ask:0.0:{ANN.id}"),
        (REQUESTER.id, "progress"),
    ]
    assert lives is not None
    assert looked(request, NOON + lives) == Reminders((), None), "nobody can decide any more"


def test_after_the_warning_comes_no_reminder() -> None:
    request = waiting(profile(step(ANN), expires_after=4 * DAY, remind_every=DAY))
    assert numbers(request, 100 * DAY) == [("reminder:1", DAY), ("warning", 3 * DAY)]


def test_a_step_that_opens_after_the_warning_is_not_warned_of() -> None:
    late = NOON + 3 * HOUR
    request = approve(waiting(profile(step(ANN), step(BOB), expires_after=4 * HOUR)), ANN, at=late)
    assert looked(request, late, since=late).now == ()


# The requester's button


def pressed(request: Request, at: datetime) -> Request:
    return remind(request, REQUESTER, at).request


def test_the_button_reminds_everybody_who_has_not_decided_and_is_on_the_record() -> None:
    change = remind(approve(waiting(TWO), ANN), REQUESTER, NOON + HOUR)
    assert [one.key for one in looked(change.request, NOON + HOUR).now] == [
        f"nudge:{int((NOON + HOUR).timestamp())}:ask:0.0:{BOB.id}"
    ]
    [entry] = change.audit
    assert (entry.action, entry.by, entry.subject) == (Action.REMINDED, REQUESTER.id, "request:12/0")


def test_the_button_works_every_four_hours_and_says_so() -> None:
    request = pressed(waiting(TWO), NOON)
    with pytest.raises(RemindedAlready) as refused:
        remind(request, REQUESTER, NOON + 4 * HOUR - INSTANT)
    assert str(refused.value) == (
        "You reminded them 21 Nov 2026, 12:00 UTC. You can remind them again 21 Nov 2026, 16:00 UTC."
    )
    moved_on = approve(request, ANN, BOB)
    with pytest.raises(RemindedAlready):
        remind(moved_on, REQUESTER, NOON + HOUR)
    assert pressed(request, NOON + 4 * HOUR).reminded_at == NOON + 4 * HOUR


def test_the_button_is_the_requesters_and_for_what_waits_in_time() -> None:
    request = waiting(profile(step(ANN), expires_after=HOUR))
    with pytest.raises(NotYoursToRemind):
        remind(request, ANN, NOON)
    with pytest.raises(NotAMember):
        remind(request, OUTSIDERS[0], NOON)
    with pytest.raises(AlreadyExpired):
        remind(request, REQUESTER, NOON + HOUR)
    with pytest.raises(AlreadyClosed):
        remind(reject(request, ANN), REQUESTER, NOON)
    with pytest.raises(NotCommenced):
        remind(waiting(profile(step(ANN), step())), REQUESTER, NOON)


def test_who_was_asked_after_it_is_not_reminded_by_it_nor_is_the_next_step() -> None:
    request = pressed(waiting(TWO), NOON + HOUR)
    assert looked(request, NOON + HOUR, since=NOON + HOUR + INSTANT).now == ()
    onward = approve(request, ANN, BOB, at=NOON + 2 * HOUR)
    assert looked(onward, NOON + 2 * HOUR, since=NOON + 2 * HOUR).now == ()


def test_the_clock_leaves_them_some_time_after_the_button() -> None:
    request = pressed(waiting(TWO), NOON + 23 * HOUR)
    assert [key.partition(":")[0] for key in keys(looked(request, NOON + DAY))] == ["nudge", "nudge"]
    assert looked(request, NOON + DAY).next == NOON + 3 * DAY


# At night

NIGHT = QuietHours()


@pytest.mark.parametrize(
    ("zone", "local", "morning"),
    [
        ("UTC", "12:00", None),
        ("UTC", "19:59", None),
        ("UTC", "20:00", "2026-11-22T07:00+00:00"),
        ("UTC", "06:59", "2026-11-21T07:00+00:00"),
        ("Asia/Tokyo", "11:00", "2026-11-21T22:00+00:00"),
        ("America/Sao_Paulo", "12:00", None),
        ("Nowhere/AtAll", "21:00", "2026-11-22T07:00+00:00"),
    ],
)
def test_when_it_is_quiet_for_somebody(zone: str, local: str, morning: str | None) -> None:
    at = datetime.combine(NOON.date(), time.fromisoformat(local), UTC)
    assert NIGHT.morning(at, zone) == (datetime.fromisoformat(morning) if morning else at)


def test_quiet_hours_may_lie_within_a_day_and_the_clocks_may_change_in_them() -> None:
    siesta = QuietHours(begin=time(13), end=time(16))
    assert siesta.morning(NOON, "UTC") == NOON
    assert siesta.morning(NOON + 2 * HOUR, "UTC") == NOON + 4 * HOUR
    before = datetime(2026, 10, 24, 22, tzinfo=UTC)  # Oslo puts its clocks back in that night
    assert NIGHT.morning(before, "Europe/Oslo") == datetime(2026, 10, 25, 6, tzinfo=UTC)


def test_a_reminder_by_the_clock_waits_for_the_readers_morning() -> None:
    request = waiting(profile(step(ANN, BOB), remind_every=6 * HOUR))
    zones = {ANN.id: "Asia/Tokyo", BOB.id: "Europe/Oslo"}
    at = NOON + 6 * HOUR  # 3 in the morning in Tokyo, 19 in Oslo
    found = looked(request, at, zones=zones, quiet=NIGHT)
    assert [one.person for one in found.now] == [BOB.id]
    assert found.next == datetime(2026, 11, 21, 22, tzinfo=UTC)
    assert ANN.id in {one.person for one in looked(request, found.next, zones=zones, quiet=NIGHT).now}


def test_the_button_does_not_wait() -> None:
    night = NOON + 10 * HOUR
    assert len(looked(pressed(waiting(TWO), night), night, quiet=NIGHT).now) == 2


def test_a_warning_waits_for_the_morning_unless_that_is_too_late() -> None:
    early = waiting(profile(step(ANN), expires_after=24 * HOUR, remind_every=None))  # due at 6, expires at noon
    assert looked(early, NOON + 18 * HOUR, quiet=NIGHT).next == NOON + 19 * HOUR
    late = waiting(profile(step(ANN), expires_after=12 * HOUR, remind_every=None))  # due at 21, expires at midnight
    assert len(looked(late, NOON + 9 * HOUR, quiet=NIGHT).now) == 2


def test_a_channel_is_quiet_while_all_its_readers_are() -> None:
    request = waiting(profile(step(ANN, BOB, notify=Notify(direct=False, channel="C1")), remind_every=6 * HOUR))
    at = NOON + 9 * HOUR
    asleep = {ANN.id: "UTC", BOB.id: "Europe/Oslo", REQUESTER.id: "America/Sao_Paulo"}
    assert looked(request, at, zones=asleep, quiet=NIGHT).now == ()
    one_awake = {**asleep, BOB.id: "America/Sao_Paulo"}
    assert [one.channel for one in looked(request, at, zones=one_awake, quiet=NIGHT).now] == ["C1"]
