"""Durations in a configuration file or a setting: `72h`, `90m`, `3d`, `1d12h`."""

import re
from datetime import timedelta
from typing import Final

_UNITS: Final = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
_WRITTEN: Final = re.compile(
    r"(?:(?P<d>\d{1,5})d)?(?:(?P<h>\d{1,6})h)?(?:(?P<m>\d{1,8})m)?(?:(?P<s>\d{1,9})(?:\.(?P<us>\d{1,6}))?s)?",
    re.ASCII,
)


def parse_duration(text: str) -> timedelta:
    """The span that *text* says: whole days, hours, minutes and seconds, largest first (`1d12h`); seconds may have decimals.

    Raises ValueError, with an example in it, for anything else.
    """
    written = text.strip().lower()
    match = _WRITTEN.fullmatch(written)
    if not written or match is None:
        raise ValueError("is not a span of time: write days, hours, minutes or seconds, as in 3d, 72h, 90m or 1d12h")
    span = sum((int(match[unit] or 0) * size for unit, size in _UNITS.items()), timedelta())
    return span + timedelta(microseconds=int((match["us"] or "0").ljust(6, "0")))


def write_duration(span: timedelta) -> str:
    """*span* in the largest single unit that says it exactly: `3d`, `36h`, `90m`; `parse_duration` gives the same span again."""
    for unit, size in _UNITS.items():
        if span and span % size == timedelta():
            return f"{span // size}{unit}"
    whole, fraction = divmod(span, _UNITS["s"])
    return f"{whole}.{fraction.microseconds:06d}".rstrip("0") + "s" if fraction else f"{whole}s"
