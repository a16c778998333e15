"""Notes: what approvers should look at twice (SPEC.md section 4). One table of rules, `RULES`."""

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.pki.changes import SAN
from domain.pki.content import Material
from domain.pki.names import HOST, common_names, dns_names, listed
from domain.pki.pasted import BadMaterial, Field
from domain.pki.rules import violations as breaches
from domain.pki.rules.rules import OnViolation, ResourceRule, Ruled, Rules
from domain.pki.rules.violations import Breach
from domain.pki.summary import SanKind, unicode_form

Severity = Literal["warning", "info"]
Of = Literal[
    "material", "record", "keys", "dns_names", "email_addresses", "ip_addresses", "subject", "name_kinds", "most_names", "no_wildcards",
    "no_ca_certificates", "issuers",
]  # fmt: skip
"""What a note follows from: the material alone, whenever somebody looks; or, found once at submission, what the record says, or the rule
of a resource with this name."""

EXPIRING_WITHIN: Final = timedelta(days=14)
MANY_SANS: Final = 100
_SMALLEST_RSA = 2048  # bits; with EC below: 112 bits of security (NIST SP 800-57 part 1, table 2)
_SMALLEST_EC = 224

# Reserved or never delegated (RFC 6761, 6762, 7686, 8375, 9476; ICANN's .internal; the private names of RFC 6762 appendix G).
_PRIVATE_SUFFIXES: Final = (
    "alt", "corp", "example", "home", "home.arpa", "internal", "intranet", "invalid", "lan", "local", "localdomain",
    "localhost", "mail", "onion", "private", "test",
)  # fmt: skip
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
    REVOKED = "revoked"
    # a rule of a resource that is broken
    KEY_NOT_ALLOWED = "key_not_allowed"
    DNS_NAME_NOT_ALLOWED = "dns_name_not_allowed"
    EMAIL_NOT_ALLOWED = "email_not_allowed"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    SUBJECT_NOT_ALLOWED = "subject_not_allowed"
    KIND_NOT_ALLOWED = "kind_not_allowed"
    TOO_MANY_NAMES = "too_many_names"
    WILDCARD_NOT_ALLOWED = "wildcard_not_allowed"
    CA_NOT_ALLOWED = "ca_not_allowed"
    UNKNOWN_ISSUER = "unknown_issuer"


class Note(Frozen):
    """One thing that deserves a second look, in one short sentence."""

    kind: NoteKind
    severity: Severity
    text: str


class Look(NamedTuple):
    """What is known beside the material when it is looked at."""

    at: datetime
    here: Ruled = Ruled(resource="", rules=Rules())
    """A resource that the request passes. Known at submission alone."""
    revoked_by: str | None = None
    """The request by which today's certificate was revoked already, as in "REQ-7". Known at submission alone."""


class Rule(NamedTuple):
    """When a note is due: `finds` answers its sentence, or None."""

    kind: NoteKind
    severity: Severity
    operations: frozenset[Operation]
    finds: Callable[[Material, Look], str | None]
    of: Of = "material"


def notes(material: Material, at: datetime, noted: Iterable[Note] = ()) -> tuple[Note, ...]:
    """The notes on *material* at the moment *at* (aware), with those *noted* at its submission: warnings first."""
    if at.tzinfo is None:
        raise ValueError("the moment must have a time zone")
    due = [*noted, *(note for rule in RULES if rule.of == "material" for note in _due(rule, material, Look(at)))]
    order = [rule.kind for rule in RULES]
    return tuple(sorted(due, key=lambda note: (note.severity != "warning", order.index(note.kind))))


def noted(
    material: Material, at: datetime, resources: Sequence[Ruled], revoked_by: str | None = None
) -> tuple[Note, ...]:
    """What is found once, when *material* is submitted to *resources*; kept with the request, so that later edits do not reach it.

    Raises BadMaterial where it breaks rules that refuse: with a sentence for each of them.
    """
    found = list[Note]()
    refused = list[tuple[Field, str]]()
    for rule in RULES:
        if rule.of == "record":
            found += _due(rule, material, Look(at, revoked_by=revoked_by))
        elif rule.of != "material":
            about: Field = "certificate" if rule.of == "issuers" or material.csr_pem is None else "csr"
            for here in resources:
                broken: ResourceRule | None = getattr(here.rules, rule.of)
                due = _due(rule, material, Look(at, here))
                if broken is not None and broken.on_violation is OnViolation.REFUSE:
                    refused += [(about, note.text) for note in due]
                else:
                    found += due
    if refused:
        field = refused[0][0]
        raise BadMaterial(field, " ".join(text for about, text in refused if about == field))
    return tuple(found)


def _due(rule: Rule, material: Material, look: Look) -> list[Note]:
    text = rule.finds(material, look) if material.operation in rule.operations else None
    return [] if text is None else [Note(kind=rule.kind, severity=rule.severity, text=text)]


# The rules


def _ca(material: Material, _look: Look) -> str | None:
    if not material.ca:
        return None
    if material.operation is Operation.REVOKE:
        return "This is the certificate of a CA: everything it issued will no longer be trusted."
    limit = "" if material.path_length is None else f", at most {material.path_length} deep below it"
    return f"This requests a CA certificate (CA:TRUE): its holder could issue certificates{limit}."


def _wildcard(material: Material, _look: Look) -> str | None:
    found = [name for name in dns_names(material) if "*" in name]
    return f"Wildcard: {listed(found)} matches every name in its place." if found else None


def _hidden(material: Material, _look: Look) -> str | None:
    found = [text for text in _shown(material) if _ESCAPED.search(text)]
    return f"Contains invisible characters, shown here as codes: {listed(found)}." if found else None


def _mixed_script(material: Material, _look: Look) -> str | None:
    found = [
        name for name in _readable_names(material) if any(_mixes_scripts(word) for word in re.findall(r"\w+", name))
    ]
    return f"Mixes letters of different scripts, which can look alike: {listed(found)}." if found else None


def _new_san(material: Material, _look: Look) -> str | None:
    added = [
        change.after for change in material.changes if change.field == SAN and change.before is None and change.after
    ]
    return f"Not in today's certificate: {listed(added)}." if added else None


def _request_attributes(material: Material, _look: Look) -> str | None:
    found = [f"{name} = {value}" for name, value in material.request_attributes]
    return f"This CSR also contains attributes that some CAs act on: {listed(found)}." if found else None


def _weak_key(material: Material, _look: Look) -> str | None:
    key = material.key
    smallest = {"RSA": _SMALLEST_RSA, "EC": _SMALLEST_EC}.get(key.algorithm, 0)
    if key.algorithm == "DSA":
        return f"Weak key: {key.text} is no longer accepted for signatures."
    if key.size is not None and key.size < smallest:
        return f"Weak key: {key.text} has fewer than {smallest} bits."
    return None


def _weak_hash(material: Material, _look: Look) -> str | None:
    this = "CSR" if material.csr_pem else "certificate"
    return (
        f"This {this} is signed with {material.signature_hash}, which is broken." if _is_weak_hash(material) else None
    )


def _expired(material: Material, look: Look) -> str | None:
    expired = material.not_after is not None and material.not_after < look.at
    return f"Today's certificate expired on {material.not_after:%Y-%m-%d}." if expired else None


def _expiring(material: Material, look: Look) -> str | None:
    if material.not_after is None or not look.at <= material.not_after <= look.at + EXPIRING_WITHIN:
        return None
    return f"Today's certificate expires on {material.not_after:%Y-%m-%d}, in {_days((material.not_after - look.at).days)}."


def _private_name(material: Material, _look: Look) -> str | None:
    found = [name for name in dns_names(material) if _is_private(name)]
    return f"Private or internal: {listed(found)} has no meaning on the public internet." if found else None


def _ip_address(material: Material, _look: Look) -> str | None:
    values = (
        [san.value for san in material.sans if san.kind is SanKind.IP] + dns_names(material) + common_names(material)
    )
    shown = dict.fromkeys(text for value in values if (text := _address(value)) is not None)
    return f"IP address: {listed(shown)}." if shown else None


def _international(material: Material, _look: Look) -> str | None:
    names = [(san.value, san.unicode) for san in material.sans]
    names += [(part.value, unicode_form(part.value)) for rdn in material.subject_rdns for part in rdn]
    found = dict.fromkeys(f"{name} is {unicode}" for name, unicode in names if unicode is not None)
    return f"Internationalised: {listed(found)}." if found else None


def _cn_not_in_sans(material: Material, _look: Look) -> str | None:
    named = {san.value.casefold() for san in material.sans}
    found = [name for name in common_names(material) if HOST.fullmatch(name) and name.casefold() not in named]
    return f"The common name {listed(found)} is not among the alternative names." if found else None


def _many_sans(material: Material, _look: Look) -> str | None:
    count = len(material.sans)
    return f"There are {count} alternative names in this one certificate." if count > MANY_SANS else None


def _challenge_password(material: Material, _look: Look) -> str | None:
    return (
        "This CSR contains a challenge password. Everybody who sees the CSR can read it."
        if material.challenge_password
        else None
    )


def _revoked(_material: Material, look: Look) -> str | None:
    return None if look.revoked_by is None else f"Today's certificate was revoked already, by {look.revoked_by}."


def _broken(breach: Breach) -> Callable[[Material, Look], str | None]:
    return lambda material, look: breach(material, look.here)


_ALL = frozenset(Operation)
_SIGNING = _ALL - {Operation.REVOKE}
_ANEW = frozenset({Operation.RENEW, Operation.REKEY})
_OF_TODAY = _ANEW | {Operation.REVOKE}

RULES: Final = (
    Rule(NoteKind.KEY_NOT_ALLOWED, "warning", _SIGNING, _broken(breaches.key), "keys"),
    Rule(NoteKind.DNS_NAME_NOT_ALLOWED, "warning", _SIGNING, _broken(breaches.dns), "dns_names"),
    Rule(NoteKind.EMAIL_NOT_ALLOWED, "warning", _SIGNING, _broken(breaches.email), "email_addresses"),
    Rule(NoteKind.ADDRESS_NOT_ALLOWED, "warning", _SIGNING, _broken(breaches.address), "ip_addresses"),
    Rule(NoteKind.SUBJECT_NOT_ALLOWED, "warning", _SIGNING, _broken(breaches.subject), "subject"),
    Rule(NoteKind.KIND_NOT_ALLOWED, "warning", _SIGNING, _broken(breaches.kinds), "name_kinds"),
    Rule(NoteKind.TOO_MANY_NAMES, "warning", _SIGNING, _broken(breaches.most), "most_names"),
    Rule(NoteKind.WILDCARD_NOT_ALLOWED, "warning", _SIGNING, _broken(breaches.wildcards), "no_wildcards"),
    Rule(NoteKind.CA_NOT_ALLOWED, "warning", _SIGNING, _broken(breaches.ca), "no_ca_certificates"),
    Rule(NoteKind.UNKNOWN_ISSUER, "warning", _OF_TODAY, _broken(breaches.issuer), "issuers"),
    Rule(NoteKind.REVOKED, "warning", _OF_TODAY, _revoked, "record"),
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
