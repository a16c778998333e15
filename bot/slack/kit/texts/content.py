"""What will be signed, renewed, enrolled or revoked, in mrkdwn. Values have been made safe to show."""

from collections.abc import Sequence
from typing import Final

from domain.pki import Note

WHAT_CHANGES: Final = "*What changes*"
SECOND_LOOK: Final = "*Worth a second look*"
SUBJECT: Final = "Subject"
ISSUER: Final = "Issuer"
EXTENDED_KEY_USAGE: Final = "Extended key usage"
EXTENSIONS: Final = "Extensions"
NO_NAMES: Final = "*Alternative names* none"
HASH_OF_KEY_ALGORITHM: Final = "of the key algorithm itself"
ADDED: Final = "added"
GONE: Final = "gone"
CHANGES: Final = "changes"
BEFORE: Final = "before"
AFTER: Final = "after"


def more_in_details(more: int) -> str:
    return f"+{more} more in Details"


def note(one: Note) -> str:
    """The sentence is the rule's own, `domain.pki.notes`; another language has one for each kind of note."""
    return f"• Warning: {one.text}" if one.severity == "warning" else f"• {one.text}"


def value(name: str, shown: str) -> str:
    """*name* is one of those above."""
    return f"*{name}* {shown}"


def key(shown: str) -> str:
    return f"*Key* {shown}"


def serial(shown: str) -> str:
    return f"*Serial* {shown}"


def valid(begins: str, ends: str) -> str:
    return f"*Valid* {begins} to {ends}"


def validity_asked_for(shown: str) -> str:
    return f"*Validity asked for* {shown}"


def revocation_reason(words: str) -> str:
    return f"*Revocation reason* {words}"


def sha256(shown: str) -> str:
    return f"*SHA-256* {shown}"


def san(text: str, unicode: str | None) -> str:
    """A name, and how an international one is written by people."""
    return f"{text} ({unicode})" if unicode else text


def names(number: int) -> str:
    return f"*Alternative names ({number})*"


def few_names(number: int, shown: Sequence[str], more: int) -> str:
    return f"{names(number)} {', '.join(shown)}" + (f" +{more} more in Details" if more > 0 else "")


def ca(path_length: int | None, *, is_ca: bool) -> str:
    depth = f", path length {path_length}" if path_length is not None else ""
    return f"*CA* {'yes' if is_ca else 'no'}{depth}"


def key_usage(shown: str) -> str:
    return f"*Key usage* {shown}"


def extension(name: str, value: str, *, critical: bool) -> str:
    """*value* is what it says, or nothing where that is shown elsewhere."""
    return name + (" (critical)" if critical else "") + (f": {value}" if value else "")


def signature_hash(shown: str) -> str:
    return f"*Signature hash* {shown}"


def public_key_sha256(shown: str) -> str:
    return f"*Public key SHA-256* {shown}"


def certificate_sha256(shown: str) -> str:
    return f"*Certificate SHA-256* {shown}"


def added(field: str, after: str) -> str:
    return f"• {field} added: {after}"


def gone(field: str, before: str) -> str:
    return f"• {field} gone: {before}"


def changed(field: str, before: str, after: str) -> str:
    return f"• {field} {before} → {after}"


def change(field: str, how: str) -> str:
    """The heading over a change that is shown whole; *how* is `ADDED`, `GONE` or `CHANGES`."""
    return f"• {field} {how}"


def side(when: str, shown: str) -> str:
    """What stood there `BEFORE`, or `AFTER`."""
    return f"      {when}: {shown}"
