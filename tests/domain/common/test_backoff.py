"""Pauses before something is tried again: the documented schedules, and no more than their jitter away from them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.environment import outbox
from domain.common.backoff import Backoff
from domain.platforms import webhooks

SCHEDULES = st.sampled_from([outbox.BACKOFF, webhooks.BACKOFF])
MICROSECOND = timedelta(microseconds=1)


@given(SCHEDULES, st.integers(1, 1000), st.floats(0, 1))
def test_each_pause_is_about_as_long_as_the_schedule_says(backoff: Backoff, attempt: int, chance: float) -> None:
    listed = backoff.pauses[min(attempt, len(backoff.pauses)) - 1]
    pause = backoff.after(attempt, chance)
    assert listed * (1 - backoff.jitter) - MICROSECOND <= pause <= listed * (1 + backoff.jitter) + MICROSECOND


def test_pauses_are_those_of_the_documentation_and_grow() -> None:
    seconds = [pause.total_seconds() for pause in outbox.BACKOFF.pauses]
    assert (seconds, outbox.BACKOFF.jitter) == ([2, 5, 15, 45, 120, 360, 900, 1800, 3600], 0.25)
    seconds = [pause.total_seconds() for pause in webhooks.BACKOFF.pauses]
    assert (seconds, webhooks.BACKOFF.jitter) == ([5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800], 0.2)


def test_a_schedule_has_a_pause_and_no_jitter_that_takes_it_away() -> None:
    for pauses, jitter in (((), 0.2), ((timedelta(seconds=1),), 1.0), ((timedelta(seconds=1),), -0.1)):
        with pytest.raises(ValidationError):
            Backoff(pauses=pauses, jitter=jitter)
