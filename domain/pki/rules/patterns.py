"""Names and keys that a resource allows, written with stars: `*.example.com` is one label, `**.example.com` any number of them.

These are no regular expressions: whatever is written and whatever is asked for, a look takes no longer than the two lengths multiplied.
Each function that reads a pattern gives its one spelling, and raises ValueError with what is wrong, as it stands in a list of faults.
"""

import ipaddress
import re
from typing import Final

from domain.pki.content import Key
from domain.pki.summary import ATTRIBUTES

LONGEST: Final = 253  # of a pattern: what a DNS name may have (RFC 1035 section 2.3.4)
_LABEL: Final = re.compile(r"[a-z0-9_*]([a-z0-9_*-]{0,61}[a-z0-9_*])?")
_NAME_LABEL: Final = re.compile(r"[a-z0-9_*-]{1,63}")
_LOCAL_PART: Final = re.compile(r"[^@\s]{1,64}")
_OID: Final = re.compile(r"[0-2](\.(0|[1-9][0-9]{0,15})){1,20}")
_SIZE: Final = re.compile(r"([1-9][0-9]{2,4})(\+|-([1-9][0-9]{2,4}))?")
_SIZED: Final = ("RSA", "DSA")
_PLAIN: Final = ("Ed25519", "Ed448", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87")
_CURVES: Final = (
    "P-192", "P-224", "P-256", "P-384", "P-521",
    "secp256k1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1",
)  # fmt: skip


def globs(pattern: str, text: str) -> bool:
    """Whether *text* is *pattern*, in which each star stands for any characters, or none."""
    at, star, kept = 0, -1, 0
    place = 0
    while at < len(text):
        if place < len(pattern) and pattern[place] == "*":
            star, kept = place, at
            place += 1
        elif place < len(pattern) and pattern[place] == text[at]:
            place += 1
            at += 1
        elif star >= 0:  # the last star takes one character more; earlier ones never have to
            place, kept = star + 1, kept + 1
            at = kept
        else:
            return False
    return pattern[place:].strip("*") == ""


# DNS names


def dns_pattern(text: str) -> str:
    """`*.example.com`, `**.example.com`, `web-*.example.com`, `example.com`."""
    name = text.strip().lower().removesuffix(".")
    if not name.isascii():
        raise ValueError("must be written in ASCII: an internationalised name as xn--…")
    labels = name.removeprefix("**.").split(".")
    if len(name) > LONGEST or not all(_LABEL.fullmatch(label) and "**" not in label for label in labels):
        raise ValueError("is not a name: write example.com, *.example.com (one label) or **.example.com (any depth)")
    return name


def dns_matches(pattern: str, name: str) -> bool:
    """Whether the DNS *name* is one of *pattern*. Labels of other characters than names have, never are."""
    wanted, labels = pattern.split("."), name.lower().removesuffix(".").split(".")
    if not all(_NAME_LABEL.fullmatch(label) for label in labels):
        return False
    if wanted[0] == "**":
        wanted = wanted[1:]
        if len(labels) <= len(wanted):
            return False
        labels = labels[-len(wanted) :]
    return len(labels) == len(wanted) and all(map(globs, wanted, labels))


# E-mail addresses


def email_pattern(text: str) -> str:
    """`*@example.com`, `jane@**.example.com`."""
    local, at, domain = text.strip().lower().rpartition("@")
    if not at or not _LOCAL_PART.fullmatch(local):
        raise ValueError("is not an email address: write *@example.com or *@**.example.com")
    return f"{local}@{dns_pattern(domain)}"


def email_matches(pattern: str, address: str) -> bool:
    """Whether *address* is one of *pattern*, whatever the capitals."""
    wanted, _, wanted_domain = pattern.rpartition("@")
    local, at, domain = address.lower().rpartition("@")
    return bool(at) and globs(wanted, local) and dns_matches(wanted_domain, domain)


# IP addresses


def network(text: str) -> str:
    """`10.0.0.0/8`, `2001:db8::/32`, or one address."""
    try:
        return str(ipaddress.ip_network(text.strip(), strict=True))
    except ValueError:
        raise ValueError("is not a network: write it as 10.0.0.0/8 or 2001:db8::/32, or one address") from None


def network_holds(pattern: str, address: str) -> bool:
    """Whether *address*, or network, lies wholly within the network *pattern*."""
    try:
        inner, outer = ipaddress.ip_network(address, strict=False), ipaddress.ip_network(pattern)
    except ValueError:
        return False
    if isinstance(inner, ipaddress.IPv4Network):
        return isinstance(outer, ipaddress.IPv4Network) and inner.subnet_of(outer)
    return isinstance(outer, ipaddress.IPv6Network) and inner.subnet_of(outer)


# Subjects


def attribute_type(text: str) -> str:
    """`O`, `emailAddress` or a dotted OID: as the details of a request show it."""
    short = {name.casefold(): name for name in ATTRIBUTES.values()}.get(text.strip().casefold())
    if short is not None:
        return short
    if not _OID.fullmatch(text.strip()):
        raise ValueError("is not a part of a subject: write CN, O, OU, C, L, ST and the like, or a dotted OID")
    return ATTRIBUTES.get(text.strip(), text.strip())


def value_pattern(text: str) -> str:
    """What a part of a subject may say: text in which a star stands for any characters."""
    if not text.strip() or len(text) > LONGEST or not text.isprintable():
        raise ValueError(f"must have 1 to {LONGEST} printable characters")
    return text.strip()


def value_matches(pattern: str, value: str) -> bool:
    """Whether *value* is one of *pattern*, whatever the capitals."""
    return globs(pattern.casefold(), value.casefold())


# Keys


def key_pattern(text: str) -> str:
    """`RSA 3072` (exactly), `RSA 3072+` (at least), `RSA 2048-4096`, `EC P-256`, `Ed25519`; `RSA` and `EC` alone for any size or curve."""
    algorithm, _, rest = " ".join(text.split()).partition(" ")
    plain = {name.casefold(): name for name in _PLAIN}.get(algorithm.casefold())
    if plain is not None and not rest:
        return plain
    if algorithm.upper() == "EC":
        curve = {name.casefold(): name for name in _CURVES}.get(rest.casefold())
        if not rest or curve is not None:
            return f"EC {curve}" if curve else "EC"
    if algorithm.upper() in _SIZED:
        sizes = _SIZE.fullmatch(rest)
        if not rest or (sizes and (sizes[3] is None or int(sizes[1]) <= int(sizes[3]))):
            return f"{algorithm.upper()} {rest}".strip()
    raise ValueError("is not a type of key: write RSA 3072+, RSA 2048-4096, EC P-256, Ed25519 or Ed448 and the like")


def key_matches(pattern: str, key: Key) -> bool:
    """Whether *key* is one of *pattern*."""
    algorithm, _, rest = pattern.partition(" ")
    if key.algorithm != algorithm:
        return False
    if not rest or key.curve is not None:
        return rest in {"", key.curve}
    sizes, size = _SIZE.fullmatch(rest), key.size or 0
    if sizes is None:
        return False
    least = int(sizes[1])
    most = {None: least, "+": size}.get(sizes[2], int(sizes[3] or 0))
    return least <= size <= most
