"""The rules of a resource for requests, and whether a violation refuses or only warns (docs/decisions/0006).

A part that is left out allows everything. What each part says about some material is in `domain.pki.rules.violations`.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

from cryptography import x509
from pydantic import AfterValidator, Field, field_validator

from domain.common.frozen import Frozen
from domain.pki.facts import UNREADABLE, unwarned
from domain.pki.parsing import MOST_SANS
from domain.pki.pasted import BadMaterial, der, der_in, pem
from domain.pki.rules.patterns import attribute_type, dns_pattern, email_pattern, key_pattern, network, value_pattern
from domain.pki.summary import ATTRIBUTES, SanKind, dn

MOST_PATTERNS: Final = 100
LONGEST_PIN: Final = 8000  # characters; a CA's certificate with an RSA key of 8192 bits has under 4,000
KEY_ID: Final = "key-id:"
PEM_BEGINS: Final = "-----BEGIN"
_HEX: Final = re.compile(r"([0-9a-f]{2}){1,64}")


class OnViolation(StrEnum):
    """What happens to a request that breaks a rule."""

    WARN = "warn"
    """Its approvers get a note that stands out."""
    REFUSE = "refuse"
    """It is refused when it is submitted, and nothing is stored."""


def issuer_pin(text: str) -> str:
    """How a rule names a CA: its certificate as PEM, `key-id:` and its subject key identifier in hex, or its subject.

    Gives the one spelling; raises ValueError with what is wrong.
    """
    text = text.strip()
    if len(text) > LONGEST_PIN:
        raise ValueError(f"must have at most {LONGEST_PIN} characters")
    if PEM_BEGINS in text:
        return _certificate(text)
    if text.lower().startswith(KEY_ID):
        octets = text[len(KEY_ID) :].lower().replace(":", "").replace(" ", "")
        if not _HEX.fullmatch(octets):
            raise ValueError(f"is not a key identifier: write {KEY_ID} and its octets in hex, as in {KEY_ID}0a:1b:2c")
        return KEY_ID + bytes.fromhex(octets).hex(":")
    if "=" not in text or not text.isprintable():
        raise ValueError(
            f"does not name a CA: write its subject (CN=Example CA, O=Example), {KEY_ID}… or its certificate as PEM"
        )
    return subject_text(text)


def pin_subject(pin: str) -> str | None:
    """Whose certificate *pin* is, as `issuer_pin` gave it; None where it is no certificate."""
    if not pin.startswith(PEM_BEGINS):
        return None
    with unwarned():
        return dn(x509.load_der_x509_certificate(der(pin)).subject)


def subject_text(text: str) -> str:
    """A distinguished name with one space after each comma, and none elsewhere between its parts."""
    return re.sub(r"(?<!\\),\s*", ", ", " ".join(text.split()))


def _certificate(text: str) -> str:
    try:
        content = der_in("certificate", text).content
        with unwarned():
            found = x509.load_der_x509_certificate(content)
            found.public_key()
            dn(found.subject)  # all that is read of it later
    except (BadMaterial, *UNREADABLE):
        raise ValueError("is not the certificate of a CA in PEM") from None
    return pem("CERTIFICATE", content)


_Keys = Annotated[str, AfterValidator(key_pattern)]
_Dns = Annotated[str, AfterValidator(dns_pattern)]
_Email = Annotated[str, AfterValidator(email_pattern)]
_Network = Annotated[str, AfterValidator(network)]
_Attribute = Annotated[str, AfterValidator(attribute_type)]
_Value = Annotated[str, AfterValidator(value_pattern)]
_Issuer = Annotated[str, AfterValidator(issuer_pin)]
_Some = Field(min_length=1, max_length=MOST_PATTERNS)


class ResourceRule(Frozen):
    """One thing that a resource does not allow."""

    on_violation: OnViolation


class KeyRule(ResourceRule):
    allow: Annotated[tuple[_Keys, ...], _Some]


class KindRule(ResourceRule):
    allow: Annotated[tuple[SanKind, ...], _Some]


class MostRule(ResourceRule):
    most: Annotated[int, Field(strict=True, ge=0, le=MOST_SANS)]


class DnsRule(ResourceRule):
    allow: Annotated[tuple[_Dns, ...], _Some]


class EmailRule(ResourceRule):
    allow: Annotated[tuple[_Email, ...], _Some]


class NetworkRule(ResourceRule):
    allow: Annotated[tuple[_Network, ...], _Some]


class SubjectRule(ResourceRule):
    """What a part of the subject may say, by its type. Types that it does not name may say anything."""

    allow: Annotated[dict[_Attribute, Annotated[tuple[_Value, ...], _Some]], _Some]

    @field_validator("allow", mode="before")
    @classmethod
    def _each_part_once(cls, given: Any) -> Any:
        """`O` and `o` are one, and the second must not take the place of the first unseen."""
        if isinstance(given, Mapping):
            known = {name.casefold() for name in ATTRIBUTES.values()}
            spelt = [str(attribute).casefold() for attribute in given]
            for attribute in spelt:
                if attribute in known and spelt.count(attribute) > 1:
                    raise ValueError(f"names {attribute_type(attribute)} twice")
        return given


class IssuerRule(ResourceRule):
    allow: Annotated[tuple[_Issuer, ...], _Some]


class Rules(Frozen):
    """The rules of one resource."""

    keys: KeyRule | None = None
    """Kinds and sizes of keys."""
    dns_names: DnsRule | None = None
    email_addresses: EmailRule | None = None
    ip_addresses: NetworkRule | None = None
    subject: SubjectRule | None = None
    name_kinds: KindRule | None = None
    """Kinds of alternative names."""
    most_names: MostRule | None = None
    """How many alternative names."""
    no_wildcards: ResourceRule | None = None
    no_ca_certificates: ResourceRule | None = None
    issuers: IssuerRule | None = None
    """Which CAs certificates come from that are to be renewed, rekeyed or revoked here."""

    def __bool__(self) -> bool:
        return any(rule is not None for _, rule in self)


class Ruled(Frozen):
    """The rules of a resource that a request passes, and what the resource is called."""

    resource: str
    rules: Rules
