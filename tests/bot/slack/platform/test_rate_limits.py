"""What Slack allows is kept, method by method; what it refuses is obeyed by everybody."""

from collections.abc import Iterator

import pytest

from bot.slack.platform.rate_limits import RATES, RATES_OF_A_CHANNEL, Limits

POST, REDRAW = "chat.postMessage", "chat.update"


class Seconds:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def limits(clock: Seconds) -> Limits:
    return Limits(now=clock)


def taken(limits: Limits, method: str, where: str = "", *, waited: bool = False) -> int:
    """How many there are now."""
    count = 0
    while limits.take(method, where, waited=waited):
        count += 1
    return count


def places() -> Iterator[str]:
    return (f"C{number}" for number in range(10**6))


def test_a_burst_and_then_the_documented_rate(limits: Limits, clock: Seconds) -> None:
    assert taken(limits, REDRAW) == RATES[REDRAW].burst
    assert limits.wait(REDRAW) == pytest.approx(60 / 50)
    clock.now += 6
    assert taken(limits, REDRAW) == 5
    clock.now += 3600
    assert taken(limits, REDRAW) == RATES[REDRAW].burst


def test_in_a_minute_of_backlog_the_whole_rate_is_used_and_no_more(limits: Limits, clock: Seconds) -> None:
    taken(limits, REDRAW)
    limits.queue(REDRAW, waiting=True)
    count = 0
    for _ in range(600):
        clock.now += 0.1
        count += taken(limits, REDRAW, waited=True)
    assert 50 - RATES[REDRAW].burst // 4 - 1 <= count <= 50


def test_each_channel_has_a_budget_within_that_of_the_workspace(limits: Limits, clock: Seconds) -> None:
    assert taken(limits, POST, "C1") == RATES_OF_A_CHANNEL[POST].burst
    assert limits.take(POST, "C2")
    clock.now += 1
    assert taken(limits, POST, "C1") == 1
    clock.now += 3600
    most = next(number for number, where in enumerate(places()) if not limits.take(POST, where))
    assert most == RATES[POST].burst
    assert limits.wait(POST) == pytest.approx(60 / 300)


def test_what_has_no_budget_is_never_kept_waiting(limits: Limits) -> None:
    for _ in range(1000):
        assert limits.take("views.open")


def test_a_refusal_counts_for_its_method_for_whoever_calls_it_and_wherever(limits: Limits, clock: Seconds) -> None:
    limits.refused(POST, 7)
    assert limits.wait(POST, "C1") == limits.wait(POST, "C2") == limits.wait(POST, waited=True) == 7
    assert not limits.take(POST, "C3")
    assert limits.take(REDRAW)
    limits.refused(POST, 2)
    clock.now += 6.5
    assert not limits.take(POST, "C1"), "a shorter wait does not end a longer one"
    clock.now += 0.5
    assert limits.take(POST, "C1")


def test_a_backlog_leaves_some_to_what_is_new_and_gets_a_turn_in_four(limits: Limits, clock: Seconds) -> None:
    limits.queue(REDRAW, waiting=True)
    backlog = taken(limits, REDRAW, waited=True)
    assert 0 < backlog < RATES[REDRAW].burst
    assert limits.take(REDRAW), "what is new need not wait for the backlog"
    served = {True: 0, False: 0}
    for _ in range(200):
        clock.now += 60 / 50
        for waited in (False, True):
            served[waited] += limits.take(REDRAW, waited=waited)
    assert served[True] >= 200 // 4 - 1
    assert served[False] >= 200 // 2
    limits.queue(REDRAW, waiting=False)
    clock.now += 3600
    assert taken(limits, REDRAW) == RATES[REDRAW].burst


def test_turns_of_a_channel_are_promised_one_after_the_other(limits: Limits, clock: Seconds) -> None:
    taken(limits, POST, "C1")
    assert [limits.promise(POST, "C1") for _ in range(3)] == pytest.approx([1, 2, 3])
    clock.now += 1
    assert not limits.take(POST, "C1"), "the turn is somebody else's"
    assert limits.take(POST, "C1", waited=True)
    assert limits.take(POST, "C2")
    clock.now += 3
    assert limits.take(POST, "C1")


def test_what_was_not_used_is_given_back(limits: Limits) -> None:
    for _ in range(100):
        assert limits.take(POST, "C1")
        limits.give_back(POST, "C1")


def test_those_who_announce_share_the_budget(limits: Limits, clock: Seconds) -> None:
    taken(limits, REDRAW)
    limits.share(2)
    clock.now += 12
    assert taken(limits, REDRAW) == 5
    limits.share(1)
    clock.now += 6
    assert taken(limits, REDRAW) == 5


def test_budgets_of_idle_channels_are_forgotten(limits: Limits, clock: Seconds) -> None:
    for where in (f"C{number}" for number in range(3000)):
        limits.take(POST, where)
        clock.now += 1
    assert len(limits._budgets) < 1100
