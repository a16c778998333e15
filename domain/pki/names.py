"""The names in some material, for rules and notes, and lists of names in a sentence."""

import re
from collections.abc import Iterable
from typing import Final

from domain.pki.content import Material
from domain.pki.summary import SanKind

HOST: Final = re.compile(r"(?=.{1,253}\Z)(\*\.)?[\w-]{1,63}(\.[\w-]{1,63})+\.?", re.ASCII)
_NAMES_IN_A_SENTENCE: Final = 3
_LENGTH_IN_A_SENTENCE: Final = 80


def common_names(material: Material) -> list[str]:
    return [part.value for rdn in material.subject_rdns for part in rdn if part.type == "CN"]


def dns_names(material: Material) -> list[str]:
    """The DNS names, and the common names that are written like one, each once."""
    names = [san.value for san in material.sans if san.kind is SanKind.DNS]
    return list(dict.fromkeys(names + [name for name in common_names(material) if HOST.fullmatch(name)]))


def names_beside(material: Material, kind: str) -> list[str]:
    """The alternative names of *kind* (`dns`, `email`, `ipaddress`) that a CSR asks of Microsoft's CAs beside its extensions:
    `SAN = dns=www.example.com&dns=example.com`.
    """
    parts = [
        part.partition("=")
        for name, value in material.request_attributes
        if name.strip().casefold() == "san"
        for part in value.split("&")
    ]
    return [value.strip() for of, _, value in parts if of.strip().casefold() == kind]


def listed(values: Iterable[str]) -> str:
    """The first few of *values*, each cut on its own so that one cannot hide the next, and how many more there are."""
    cut = [value if len(value) <= _LENGTH_IN_A_SENTENCE else f"{value[:_LENGTH_IN_A_SENTENCE]}…" for value in values]
    more = len(cut) - _NAMES_IN_A_SENTENCE
    return ", ".join(cut[:_NAMES_IN_A_SENTENCE]) + (f" and {more} more" if more > 0 else "")
