"""How things are counted and put in a row. Only texts are put together with these: a language has its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

_UNITS: Final = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def count(number: int, one: str, many: str = "") -> str:
    """*number* of something in words: `1 approval`, `2 approvals`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def row(shown: Sequence[str], more: int = 0, nothing: str = "") -> str:
    """Things in a row, and how many *more* there are than are shown; *nothing* for none: `a, b and 3 more`."""
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "") if shown else nothing


def listed(items: Sequence[str], most: int, nothing: str = "") -> str:
    """The first *most* of *items* in a row, and how many more there are."""
    return row(items[:most], len(items) - most, nothing)


def series(items: Sequence[str], most: int) -> str:
    """The first *most* of *items* as one names them, and how many more there are: `a, b and c`, `a, b and 3 more`."""
    named = [*items[:most], *([f"{len(items) - most} more"] if len(items) > most else [])]
    return " and ".join([*([", ".join(named[:-1])] if named[:-1] else []), *named[-1:]])


def both(items: Sequence[str]) -> str:
    """A few things that hold together: `a and b`."""
    return " and ".join(items)


def and_more(more: int) -> str:
    """The last line of a list that has *more* than fits."""
    return f"• and {more} more"


def capital(text: str) -> str:
    """*text* with a capital first letter and the rest as it is: `str.capitalize` would make PKI pki."""
    return text[:1].upper() + text[1:]


def span(length: timedelta) -> str:
    """*length* in all the units that it takes: `8 hours`, `1 day 12 hours`, `1 minute 30 seconds`."""
    said, rest = _counted(length)
    if rest or not said:
        seconds = rest.total_seconds()
        said.append(f"{seconds:g} second{'' if seconds == 1 else 's'}")
    return " ".join(said)


def roughly(length: timedelta) -> str:
    """How long something has lasted, or will: the largest one or two units, to the minute: `2 days 3 hours`, `under a minute`."""
    return " ".join(_counted(length)[0][:2]) or "under a minute"


def _counted(length: timedelta) -> tuple[list[str], timedelta]:
    """The days, hours and minutes of *length*, and what is left of it."""
    said = []
    for name, size in _UNITS:
        number, length = divmod(length, size)
        if number:
            said.append(count(number, name))
    return said, length


def moment(at: datetime) -> str:
    """*at*, in UTC, for where Slack cannot show it in the reader's time zone: `21 Nov 18:00 UTC`."""
    return f"{at:%-d %b %H:%M} UTC"
