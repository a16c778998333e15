"""Notes: what deserves a second look before it is approved (SPEC.md section 4). One table of rules, `RULES`."""

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from domain.base import Frozen
from domain.material.changes import SAN
from domain.material.content import Material
from domain.material.shown import SanKind, unicode_form
from domain.operations import Operation

Severity = Literal["warning", "info"]

EXPIRING_WITHIN: Final = timedelta(days=14)
MANY_SANS: Final = 100
_SMALLEST_RSA = 2048  # bits; with EC below: 112 bits of security (NIST SP 800-57 part 1, table 2)
_SMALLEST_EC = 224
_NAMES_IN_A_NOTE = 3
_LENGTH_IN_A_NOTE = 80

# Reserved or never delegated (RFC 6761, 6762, 7686, 8375, 9476; ICANN's .internal; the private names of RFC 6762 appendix G).
_PRIVATE_SUFFIXES: Final = (
    "alt", "corp", "example", "home", "home.arpa", "internal", "intranet", "invalid", "lan", "local", "localdomain",
    "localhost", "mail", "onion", "private", "test",
)  # fmt: skip
_HOST = re.compile(r"(?=.{1,253}\Z)(\*\.)?[\w-]{1,63}(\.[\w-]{1,63})+\.?", re.ASCII)
_ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\(?:u[0-9a-f]{4}|U[0-9a-f]{8})")
# Scripts that are written together in one word (Unicode TR 39 section 5.2).
_WRITTEN_TOGETHER: Final = (
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "BOPOMOFO"},
    {"LATIN", "CJK", "HANGUL"},
)


class NoteKind(StrEnum):
    """What a note is about."""

    CA_REQUESTED = "ca_requested"
    WILDCARD = "wildcard"
    HIDDEN_CHARACTERS = "hidden_characters"
    MIXED_SCRIPT = "mixed_script"
    NEW_SAN = "new_san"
    WEAK_KEY = "weak_key"
    WEAK_HASH = "weak_hash"
    EXPIRED = "expired"
    EXPIRING = "expiring"
    PRIVATE_NAME = "private_name"
    IP_ADDRESS = "ip_address"
    INTERNATIONAL_NAME = "international_name"
    CN_NOT_IN_SANS = "cn_not_in_sans"
    MANY_SANS = "many_sans"
    REQUEST_ATTRIBUTES = "request_attributes"
    CHALLENGE_PASSWORD = "challenge_password"  # noqa: S105 - the name of a kind of note, no password


class Note(Frozen):
    """One thing that deserves a second look, in one short sentence."""

    kind: NoteKind
    severity: Severity
    text: str


class Rule(NamedTuple):
    """When a note is due: `finds` answers its sentence, or None."""

    kind: NoteKind
    severity: Severity
    operations: frozenset[Operation]
    finds: Callable[[Material, datetime], str | None]


def notes(material: Material, at: datetime) -> tuple[Note, ...]:
    """The notes on *material* at the moment *at* (aware), warnings first."""
    if at.tzinfo is None:
        raise ValueError("the moment must have a time zone")
    due = [
        Note(kind=rule.kind, severity=rule.severity, text=text)
        for rule in RULES
        if material.operation in rule.operations and (text := rule.finds(material, at)) is not None
    ]
    return tuple(sorted(due, key=lambda note: note.severity != "warning"))


# The rules


def _ca(material: Material, _at: datetime) -> str | None:
    if not material.ca:
        return None
    if material.operation is Operation.REVOKE:
        return "This is the certificate of a CA: all that it issued stops being trusted."
    limit = "" if material.path_length is None else f", at most {material.path_length} deep below it"
    return f"This asks to be a CA (CA:TRUE): its holder could issue certificates itself{limit}."


def _wildcard(material: Material, _at: datetime) -> str | None:
    found = [name for name in _dns_names(material) if "*" in name]
    return f"Wildcard: {_list(found)} stands for every name in its place." if found else None


def _hidden(material: Material, _at: datetime) -> str | None:
    found = [text for text in _shown(material) if _ESCAPED.search(text)]
    return f"Invisible characters, shown here as codes, are in {_list(found)}." if found else None


def _mixed_script(material: Material, _at: datetime) -> str | None:
    found = [
        name for name in _readable_names(material) if any(_mixes_scripts(word) for word in re.findall(r"\w+", name))
    ]
    return f"Letters of different scripts, which can look alike, are mixed in {_list(found)}." if found else None


def _new_san(material: Material, _at: datetime) -> str | None:
    added = [
        change.after for change in material.changes if change.field == SAN and change.before is None and change.after
    ]
    return f"Not in today's certificate: {_list(added)}." if added else None


def _request_attributes(material: Material, _at: datetime) -> str | None:
    found = [f"{name} = {value}" for name, value in material.request_attributes]
    return f"Some CAs act on what this CSR asks for beside its extensions: {_list(found)}." if found else None


def _weak_key(material: Material, _at: datetime) -> str | None:
    key = material.key
    smallest = {"RSA": _SMALLEST_RSA, "EC": _SMALLEST_EC}.get(key.algorithm, 0)
    if key.algorithm == "DSA":
        return f"Weak key: {key.text} is no longer accepted for signatures."
    if key.size is not None and key.size < smallest:
        return f"Weak key: {key.text} has fewer than {smallest} bits."
    return None


def _weak_hash(material: Material, _at: datetime) -> str | None:
    this = "CSR" if material.csr_pem else "certificate"
    return (
        f"This {this} is signed with {material.signature_hash}, which is broken." if _is_weak_hash(material) else None
    )


def _expired(material: Material, at: datetime) -> str | None:
    expired = material.not_after is not None and material.not_after < at
    return f"Today's certificate expired on {material.not_after:%Y-%m-%d}." if expired else None


def _expiring(material: Material, at: datetime) -> str | None:
    if material.not_after is None or not at <= material.not_after <= at + EXPIRING_WITHIN:
        return None
    return f"Today's certificate expires on {material.not_after:%Y-%m-%d}, in {_days((material.not_after - at).days)}."


def _private_name(material: Material, _at: datetime) -> str | None:
    found = [name for name in _dns_names(material) if _is_private(name)]
    return f"Private or internal: {_list(found)} means nothing on the public internet." if found else None


def _ip_address(material: Material, _at: datetime) -> str | None:
    values = (
        [san.value for san in material.sans if san.kind is SanKind.IP] + _dns_names(material) + _common_names(material)
    )
    shown = dict.fromkeys(text for value in values if (text := _address(value)) is not None)
    return f"IP address: {_list(shown)}." if shown else None


def _international(material: Material, _at: datetime) -> str | None:
    found = [f"{san.value} is {san.unicode}" for san in material.sans if san.unicode is not None]
    return f"Internationalised: {_list(found)}." if found else None


def _cn_not_in_sans(material: Material, _at: datetime) -> str | None:
    named = {san.value.casefold() for san in material.sans}
    found = [name for name in _common_names(material) if _HOST.fullmatch(name) and name.casefold() not in named]
    return f"The common name {_list(found)} is not among the alternative names." if found else None


def _many_sans(material: Material, _at: datetime) -> str | None:
    count = len(material.sans)
    return f"There are {count} alternative names in this one certificate." if count > MANY_SANS else None


def _challenge_password(material: Material, _at: datetime) -> str | None:
    return "This CSR carries a challenge password, readable by all who see it." if material.challenge_password else None


_ALL = frozenset(Operation)
_SIGNING = _ALL - {Operation.REVOKE}
_ANEW = frozenset({Operation.RENEW, Operation.REKEY})

RULES: Final = (
    Rule(NoteKind.CA_REQUESTED, "warning", _ALL, _ca),
    Rule(NoteKind.WILDCARD, "warning", _SIGNING, _wildcard),
    Rule(NoteKind.HIDDEN_CHARACTERS, "warning", _ALL, _hidden),
    Rule(NoteKind.MIXED_SCRIPT, "warning", _ALL, _mixed_script),
    Rule(NoteKind.NEW_SAN, "warning", _SIGNING, _new_san),
    Rule(NoteKind.REQUEST_ATTRIBUTES, "warning", _SIGNING, _request_attributes),
    Rule(NoteKind.WEAK_KEY, "warning", _SIGNING, _weak_key),
    Rule(NoteKind.WEAK_HASH, "warning", _SIGNING, _weak_hash),
    Rule(NoteKind.EXPIRED, "warning", _ALL, _expired),
    Rule(NoteKind.EXPIRING, "info", _ANEW, _expiring),
    Rule(NoteKind.PRIVATE_NAME, "info", _SIGNING, _private_name),
    Rule(NoteKind.IP_ADDRESS, "info", _SIGNING, _ip_address),
    Rule(NoteKind.INTERNATIONAL_NAME, "info", _ALL, _international),
    Rule(NoteKind.CN_NOT_IN_SANS, "info", _SIGNING, _cn_not_in_sans),
    Rule(NoteKind.MANY_SANS, "info", _ALL, _many_sans),
    Rule(NoteKind.CHALLENGE_PASSWORD, "info", _SIGNING, _challenge_password),
)


# What the rules look at


def _shown(material: Material) -> list[str]:
    sans = [san.value for san in material.sans]
    return [material.subject, *sans, *(text for pair in material.request_attributes for text in pair)]


def _common_names(material: Material) -> list[str]:
    return [part.value for rdn in material.subject_rdns for part in rdn if part.type == "CN"]


def _dns_names(material: Material) -> list[str]:
    """The DNS names, and the common names that are written like one, each once."""
    names = [san.value for san in material.sans if san.kind is SanKind.DNS]
    return list(dict.fromkeys(names + [name for name in _common_names(material) if _HOST.fullmatch(name)]))


def _readable_names(material: Material) -> list[str]:
    """What people read as names: alternative names in their Unicode form, and every value of the subject."""
    values = [part.value for rdn in material.subject_rdns for part in rdn]
    return list(
        dict.fromkeys([san.unicode or san.value for san in material.sans] + [unicode_form(v) or v for v in values])
    )


def _is_private(name: str) -> bool:
    bare = name.removeprefix("*.").rstrip(".").lower()
    if _address(bare) is not None:  # an address, which has a note of its own
        return False
    return "." not in bare or any(bare == suffix or bare.endswith(f".{suffix}") for suffix in _PRIVATE_SUFFIXES)


def _address(value: str) -> str | None:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return None
    return f"{value} (private)" if network.is_private else value


def _is_weak_hash(material: Material) -> bool:
    return material.signature_hash in {"MD5", "SHA-1"}


def _mixes_scripts(word: str) -> bool:
    # The first word of a letter's name is its script, as near as the standard library knows; modifiers (Lm) go with any.
    letters = [char for char in word if char.isalpha() and unicodedata.category(char) != "Lm"]
    scripts = {unicodedata.name(char, "UNNAMED").split(maxsplit=1)[0] for char in letters}
    return len(scripts) > 1 and not any(scripts <= together for together in _WRITTEN_TOGETHER)


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _list(values: Iterable[str]) -> str:
    """The first few of *values*, each cut on its own so that one cannot hide the next, and how many more there are."""
    cut = [value if len(value) <= _LENGTH_IN_A_NOTE else f"{value[:_LENGTH_IN_A_NOTE]}…" for value in values]
    more = len(cut) - _NAMES_IN_A_NOTE
    return ", ".join(cut[:_NAMES_IN_A_NOTE]) + (f" and {more} more" if more > 0 else "")
