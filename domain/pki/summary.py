"""Names from certificates as people see them: nothing invisible, nothing that can pass for something else.

Every value keeps its meaning: characters that cannot be seen, or that move others about, are written `\\u202e`.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

from domain.common.frozen import Frozen

ATTRIBUTES: Final = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    "2.5.4.15": "businessCategory",
    "2.5.4.17": "postalCode",
    "2.5.4.42": "givenName",
    "2.5.4.46": "dnQualifier",
    "2.5.4.65": "pseudonym",
    "2.5.4.97": "organizationIdentifier",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "emailAddress",
    "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL",
    "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
    "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
}

_UPN: Final = "1.3.6.1.4.1.311.20.2.3"  # the Windows user principal name, the other name most often seen
_LONGEST_LABEL = 63  # octets of a DNS label (RFC 1035 section 2.3.4)
_UTF8_STRING = 0x0C
# Drawn as nothing though their category is a letter, mark or symbol (Unicode's Default_Ignorable_Code_Point and U+2800).
_BLANK = {
    0x034F,
    0x115F,
    0x1160,
    0x17B4,
    0x17B5,
    0x2800,
    0x3164,
    0xFFA0,
    *range(0x180B, 0x1810),
    *range(0xFE00, 0xFE10),
}
_BLANK_PLANES = range(0xE0000, 0xE1000)


class NameAttribute(Frozen):
    """One part of a distinguished name, such as CN=api.example.com."""

    type: str
    """Its short name, or the dotted OID where it has none."""
    oid: str
    value: str
    """With everything invisible made visible; bytes as `#` and hex."""


class SanKind(StrEnum):
    """The kinds of subject alternative name (RFC 5280 section 4.2.1.6)."""

    DNS = "dns"
    IP = "ip"
    EMAIL = "email"
    URI = "uri"
    DIRECTORY = "directory"
    REGISTERED_ID = "registered_id"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The kind in words."""
        return _SAN_LABELS[self]


_SAN_LABELS = {
    SanKind.DNS: "DNS",
    SanKind.IP: "IP",
    SanKind.EMAIL: "email",
    SanKind.URI: "URI",
    SanKind.DIRECTORY: "directory name",
    SanKind.REGISTERED_ID: "registered ID",
    SanKind.OTHER: "other name",
}


class San(Frozen):
    """One subject alternative name."""

    kind: SanKind
    value: str
    unicode: str | None = None
    """What an internationalised name (`xn--…`) stands for; None for a plain one."""

    @property
    def text(self) -> str:
        """As in "DNS:api.example.com"."""
        return f"{self.kind.label}:{self.value}"


def visible(text: str) -> str:
    """*text* with characters that cannot be seen written as `\\u202e`, and different texts staying different."""
    shown = _escape_hidden(text.replace("\\u", "\\u005cu").replace("\\U", "\\u005cU"))
    without_left = shown.lstrip(" ")
    bare = without_left.rstrip(" ")
    space = "\\u0020"
    return space * (len(shown) - len(without_left)) + bare + space * (len(without_left) - len(bare))


def rdns(name: x509.Name) -> tuple[tuple[NameAttribute, ...], ...]:
    """The relative distinguished names of *name*, in the order of RFC 4514: the most particular (CN) first."""
    return tuple(tuple(_attribute(part) for part in rdn) for rdn in reversed(name.rdns))


def dn(name: x509.Name) -> str:
    """*name* as RFC 4514 writes it, with a space after the commas and invisible characters made visible."""
    return ", ".join(
        "+".join(f"{_type(part)}={_rfc4514_value(part.value)}" for part in rdn) for rdn in reversed(name.rdns)
    )


def sans(names: Iterable[x509.GeneralName]) -> tuple[San, ...]:
    """The alternative names, in the order in which they stand."""
    return tuple(_san(name) for name in names)


def unicode_form(value: str) -> str | None:
    """The internationalised form of the DNS name (or the domain of the mail address) *value*; None where it has none."""
    if "xn--" not in value.lower():
        return None
    local, at, domain = value.rpartition("@")
    try:
        decoded = ".".join(_decode_label(label) for label in domain.split("."))
    except ValueError:  # not Punycode after all: then it stands for nothing but itself
        return None
    return visible(local + at + decoded)


def _unicode_uri(value: str) -> str | None:
    """*value* with its host in the internationalised form; None where it has none, or is no URI."""
    try:
        host = urlsplit(value).hostname or ""
    except ValueError:
        return None
    found = unicode_form(host)
    at = value.lower().find(host)
    return None if found is None or at < 0 else visible(value[:at]) + found + visible(value[at + len(host) :])


def _san(name: x509.GeneralName) -> San:
    match name:
        case x509.DNSName():
            return San(kind=SanKind.DNS, value=visible(name.value), unicode=unicode_form(name.value))
        case x509.RFC822Name():
            return San(kind=SanKind.EMAIL, value=visible(name.value), unicode=unicode_form(name.value))
        case x509.UniformResourceIdentifier():
            return San(kind=SanKind.URI, value=visible(name.value), unicode=_unicode_uri(name.value))
        case x509.IPAddress():
            return San(kind=SanKind.IP, value=str(name.value))
        case x509.DirectoryName():
            return San(kind=SanKind.DIRECTORY, value=dn(name.value))
        case x509.RegisteredID():
            return San(kind=SanKind.REGISTERED_ID, value=name.value.dotted_string)
        case x509.OtherName():
            return San(kind=SanKind.OTHER, value=_other_name(name))
        case _:
            raise ValueError("a kind of alternative name that is not known here")


def _other_name(name: x509.OtherName) -> str:
    oid = name.type_id.dotted_string
    kind = "UPN" if oid == _UPN else oid
    value = name.value
    if len(value) > 1 and value[0] == _UTF8_STRING and value[1] == len(value) - 2:  # short-form length
        try:
            return f"{kind} {visible(value[2:].decode('utf-8'))}"
        except UnicodeDecodeError:
            return f"{kind} #{value.hex()}"
    return f"{kind} #{value.hex()}"


def _attribute(part: x509.NameAttribute[str | bytes]) -> NameAttribute:
    value = part.value
    shown = visible(value) if isinstance(value, str) else f"#{value.hex()}"
    return NameAttribute(type=_type(part), oid=part.oid.dotted_string, value=shown)


def _type(part: x509.NameAttribute[str | bytes]) -> str:
    return ATTRIBUTES.get(part.oid.dotted_string, part.oid.dotted_string)


def _rfc4514_value(value: str | bytes) -> str:
    """*value* escaped as RFC 4514 section 2.4 asks. A backslash of its own is doubled, so `\\u…` is ours alone."""
    if isinstance(value, bytes):
        return f"#{value.hex()}"
    escaped = "".join(f"\\{char}" if char in '"+,;<>\\' else char for char in value)
    if escaped.startswith(("#", " ")):
        escaped = "\\" + escaped
    if escaped.endswith(" ") and len(value) > 1:
        escaped = escaped[:-1] + "\\ "
    return _escape_hidden(escaped)


def _decode_label(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    if len(label) > _LONGEST_LABEL:
        raise ValueError("longer than a DNS label can be")
    return label[4:].encode("ascii").decode("punycode")


def _escape_hidden(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(char) if _is_hidden(char) else char for char in text)


def _is_hidden(char: str) -> bool:
    if not char.isprintable():  # controls, format characters (bidi marks, joiners), unassigned, spaces but U+0020
        return True
    return ord(char) in _BLANK or ord(char) in _BLANK_PLANES


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"
