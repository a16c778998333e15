from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.configuration.durations import parse_duration, write_duration

H = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("72h", 72 * H),
        ("90m", 1.5 * H),
        ("3d", 72 * H),
        ("1d12h", 36 * H),
        ("30s", timedelta(seconds=30)),
        ("1h30m15s", timedelta(hours=1, minutes=30, seconds=15)),
        ("1.5s", timedelta(seconds=1.5)),
        (" 2M ", timedelta(minutes=2)),
        ("0s", timedelta()),
    ],
)
def test_what_people_write(text: str, span: timedelta) -> None:
    assert parse_duration(text) == span


@pytest.mark.parametrize(
    "text", ["", " ", "72", "h", "-1h", "1h1d", "1.5h", "1 h", "3 days", "never", "\u0661h", "1h 30m", "9" * 30 + "h"]
)
def test_what_is_no_span_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="as in 3d, 72h"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (72 * H, "3d"),
        (36 * H, "36h"),
        (1.5 * H, "90m"),
        (timedelta(seconds=61), "61s"),
        (timedelta(seconds=1.25), "1.25s"),
        (timedelta(), "0s"),
    ],
)
def test_the_largest_unit_that_says_it_exactly(span: timedelta, text: str) -> None:
    assert write_duration(span) == text


@given(st.timedeltas(min_value=timedelta(), max_value=timedelta(days=10_000)))
def test_what_is_written_is_read_as_the_same(span: timedelta) -> None:
    assert parse_duration(write_duration(span)) == span
