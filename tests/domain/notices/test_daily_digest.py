"""Whose morning it is."""

from datetime import UTC, date, datetime, time, timedelta

from domain.notices.daily_digest import MORNING, is_late, mornings, word
from domain.notices.reminders import QuietHours
from domain.people.people import PersonId
from tests.rules.build import ANN, BOB, NOON

ZONES = {ANN.id: "Europe/Oslo"}
SEVEN_IN_OSLO = datetime(2026, 11, 22, 6, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def those(at: datetime, quiet: QuietHours | None = None) -> dict[PersonId, date]:
    return dict(mornings([ANN.id, BOB.id], at, ZONES, quiet))


def test_a_morning_begins_where_somebody_lives_when_the_quiet_hours_end() -> None:
    assert those(SEVEN_IN_OSLO - MINUTE) == {}
    assert those(SEVEN_IN_OSLO) == {ANN.id: date(2026, 11, 22)}, "an hour earlier than in UTC"
    assert set(those(SEVEN_IN_OSLO + timedelta(hours=1))) == {ANN.id, BOB.id}
    assert set(those(SEVEN_IN_OSLO + MORNING)) == {BOB.id}
    assert those(SEVEN_IN_OSLO + MORNING + timedelta(hours=1)) == {}


def test_it_is_the_day_that_it_is_there() -> None:
    quiet = QuietHours(begin=time(20), end=time(0))
    assert those(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), quiet) == {ANN.id: date(2026, 11, 22)}


def test_a_word_is_one_of_its_day_and_no_word_for_the_evening() -> None:
    one = word(ANN.id, date(2026, 11, 22), NOON)
    assert one.key == f"daily:2026-11-22:{ANN.id}"
    assert not is_late(one, NOON + MORNING - MINUTE)
    assert is_late(one, NOON + MORNING)
