"""What a change of the configuration does to what is open: the same in a terminal and in Slack."""

from collections.abc import Mapping
from typing import Final

from bot.slack.kit.texts.grammar import count
from domain.configuration.plan import Deed, Kind


def fate(keeping: int, following: int, *, done: bool) -> str:
    """What becomes, or *done* became, of the open requests under a profile that gets a new version."""
    kept, took = ("kept", "took") if done else ("will keep", "will take")
    parts = []
    if keeping:
        were = "it was" if keeping == 1 else "they were"
        parts.append(f"{count(keeping, 'open request')} {kept} the version that {were} submitted under")
    if following:
        parts.append(f"{count(following, 'open request')}, blocked until now, {took} the new one")
    return "; ".join(parts) or "no open request is under it"


# In a terminal

NOTHING: Final = "Nothing to change."
_SIGNS: Final = {Deed.CREATE: "+", Deed.CHANGE: "~", Deed.DELETE: "-"}


def change(deed: Deed, kind: Kind, key: str, name: str, before: int | None, after: int | None) -> str:
    """One change in one line, with the versions of a profile: `~ profile web-servers "Web servers", version 3 → 4`."""
    line = f'{_SIGNS[deed]} {kind} {key} "{name}"'
    if after is None:
        return line
    return f"{line}, version {before} → {after}" if before is not None else f"{line}, version {after}"


def numbers(numbers: Mapping[Deed, int]) -> str:
    """How many changes of which sort: `1 to create, 2 to change.`"""
    return ", ".join(f"{number} to {deed}" for deed, number in numbers.items() if number) + "."
