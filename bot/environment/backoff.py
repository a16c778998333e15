"""When what could not be delivered is tried again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 15, 45, 120, 360, 900, 1800, 3600))
"""After the first attempt, the second, and so on; the last one for ever. About threefold each time, up to an hour."""
JITTER: Final = 0.25
"""By how much a pause is longer or shorter at most, as a share: what failed together does not come back together."""


def pause(attempt: int, chance: Callable[[], float]) -> timedelta:
    """How long to wait after attempt number *attempt*, from 1. *chance* gives a number from 0 to 1."""
    usual = PAUSES[min(attempt, len(PAUSES)) - 1]
    return usual * (1 + JITTER * (2 * chance() - 1))
