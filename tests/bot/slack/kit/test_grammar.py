"""Counting, rows and spans of time."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.slack.kit.texts.grammar import capital, count, listed, moment, roughly, series, span


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(days=3), "3 days"), (timedelta(hours=36), "1 day 12 hours"), (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=90), "1 minute 30 seconds"), (timedelta(milliseconds=1500), "1.5 seconds"), (timedelta(), "0 seconds"),
    ],
)  # fmt: skip
def test_a_span_is_said_exactly(length: timedelta, said: str) -> None:
    assert span(length) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "under a minute"), (timedelta(minutes=61, seconds=59), "1 hour 1 minute"),
        (timedelta(days=2, hours=3, minutes=4), "2 days 3 hours"), (timedelta(days=2, minutes=4), "2 days 4 minutes"),
    ],
)  # fmt: skip
def test_how_long_something_lasts_is_said_roughly(length: timedelta, said: str) -> None:
    assert roughly(length) == said


def test_a_moment_is_said_in_utc() -> None:
    assert moment(datetime(2026, 11, 2, 8, 5, tzinfo=UTC)) == "2 Nov 08:05 UTC"


@pytest.mark.parametrize(("number", "said"), [(0, "0 people"), (1, "1 person"), (2, "2 people")])
def test_one_is_counted_as_one(number: int, said: str) -> None:
    assert count(number, "person", "people") == said


@pytest.mark.parametrize(
    ("items", "said"), [([], "nobody"), (["a"], "a"), (["a", "b"], "a, b"), (["a", "b", "c", "d"], "a, b and 2 more")]
)
def test_a_row_says_how_many_it_leaves_out(items: list[str], said: str) -> None:
    assert listed(items, 2, "nobody") == said


def test_a_capital_changes_nothing_else() -> None:
    assert capital("rA profile PKI") == "RA profile PKI"
    assert capital("") == ""


@pytest.mark.parametrize(
    ("names", "said"), [("", ""), ("a", "a"), ("ab", "a and b"), ("abc", "a, b and c"), ("abcde", "a, b, c and 2 more")]
)
def test_people_are_named_as_one_says_them(names: str, said: str) -> None:
    assert series(list(names), 3) == said
