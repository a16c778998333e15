"""Where time comes from; below this it is an argument."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)
