"""What will be signed, renewed, enrolled or revoked, in mrkdwn. Values have been made safe to show."""

from collections.abc import Sequence
from typing import Final

from domain.pki import Note

WHAT_CHANGES: Final = "*What changes*"
SECOND_LOOK: Final = "*Worth a second look*"


def note(one: Note) -> str:
    """The sentence is the rule's own, `domain.pki.notes`; another language has one for each kind of note."""
    return f"• Warning: {one.text}" if one.severity == "warning" else f"• {one.text}"


def value(name: str, shown: str) -> str:
    """*name* is one of those above."""
    return f"*{name}* {shown}"


def names(number: int) -> str:
    return f"*Alternative names ({number})*"


def few_names(number: int, shown: Sequence[str], more: int) -> str:
    return f"{names(number)} {', '.join(shown)}" + (f" +{more} more in Details" if more > 0 else "")


def ca(path_length: int | None, *, is_ca: bool) -> str:
    depth = f", path length {path_length}" if path_length is not None else ""
    return f"*CA* {'yes' if is_ca else 'no'}{depth}"
