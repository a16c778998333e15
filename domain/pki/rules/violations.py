"""Checks some material against the rules of a resource: one sentence for each violation."""

import ipaddress
import re
from collections.abc import Callable, Iterable
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from domain.pki.content import Material
from domain.pki.facts import UNREADABLE, unwarned
from domain.pki.names import common_names, dns_names, listed, names_beside
from domain.pki.pasted import der
from domain.pki.rules.patterns import dns_matches, email_matches, key_matches, network_holds, value_matches
from domain.pki.rules.rules import KEY_ID, PEM_BEGINS, Ruled, subject_text
from domain.pki.summary import SanKind, visible

_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+")

Breach = Callable[[Material, Ruled], str | None]
"""The sentence, or None where the rule is kept, or there is none."""


def key(material: Material, here: Ruled) -> str | None:
    rule = here.rules.keys
    if rule is None or any(key_matches(pattern, material.key) for pattern in rule.allow):
        return None
    return f"{_name(here)} does not allow the key {material.key.text}, only {listed(rule.allow)}."


def dns(material: Material, here: Ruled) -> str | None:
    rule = here.rules.dns_names
    found = [*dns_names(material), *names_beside(material, "dns")]
    return None if rule is None else _names(here, "DNS name", dict.fromkeys(found), rule.allow, dns_matches)


def email(material: Material, here: Ruled) -> str | None:
    """Also in the subject, where they are older than alternative names."""
    rule = here.rules.email_addresses
    if rule is None:
        return None
    parts = [part for rdn in material.subject_rdns for part in rdn]
    found = [
        *(san.value for san in material.sans if san.kind is SanKind.EMAIL),
        *(part.value for part in parts if part.type == "emailAddress"),
        *(part.value for part in parts if part.type == "CN" and _ADDRESS.fullmatch(part.value)),
        *names_beside(material, "email"),
    ]
    return _names(here, "e-mail address", dict.fromkeys(found), rule.allow, email_matches)


def address(material: Material, here: Ruled) -> str | None:
    """Also where an address stands as a DNS name or common name."""
    rule = here.rules.ip_addresses
    if rule is None:
        return None
    found = [
        *(san.value for san in material.sans if san.kind is SanKind.IP),
        *(name for name in [*dns_names(material), *common_names(material)] if _is_address(name)),
        *names_beside(material, "ipaddress"),
    ]
    return _names(here, "IP address", dict.fromkeys(found), rule.allow, network_holds)


def subject(material: Material, here: Ruled) -> str | None:
    rule = here.rules.subject
    if rule is None:
        return None
    wrong = [
        part
        for rdn in material.subject_rdns
        for part in rdn
        if part.type in rule.allow and not any(value_matches(pattern, part.value) for pattern in rule.allow[part.type])
    ]
    if not wrong:
        return None
    allowed = [
        f"{type_}={pattern}" for type_ in dict.fromkeys(part.type for part in wrong) for pattern in rule.allow[type_]
    ]
    given = listed(f"{part.type}={part.value}" for part in wrong)
    return f"{_name(here)} does not allow {given} in the subject, only {listed(allowed)}."


def kinds(material: Material, here: Ruled) -> str | None:
    """What Microsoft's CAs would add of themselves cannot be told apart by kind, so it is none that is allowed."""
    rule = here.rules.name_kinds
    if rule is None:
        return None
    wrong = [san.text for san in material.sans if san.kind not in rule.allow]
    wrong += [f"{name} = {value}" for name, value in material.request_attributes if name.casefold() == "san"]
    if not wrong:
        return None
    return f"{_name(here)} does not allow {listed(wrong)}, only names of these kinds: {listed(pattern.label for pattern in rule.allow)}."


def most(material: Material, here: Ruled) -> str | None:
    rule, count = here.rules.most_names, len(material.sans)
    if rule is None or count <= rule.most:
        return None
    return f"{_name(here)} allows at most {rule.most} alternative names, and this request has {count}."


def wildcards(material: Material, here: Ruled) -> str | None:
    found = [name for name in [*dns_names(material), *names_beside(material, "dns")] if "*" in name]
    if here.rules.no_wildcards is None or not found:
        return None
    return f"{_name(here)} does not allow wildcards: {listed(found)}."


def ca(material: Material, here: Ruled) -> str | None:
    if here.rules.no_ca_certificates is None or not material.ca:
        return None
    return f"{_name(here)} does not allow certificates for CAs (CA:TRUE)."


def issuer(material: Material, here: Ruled) -> str | None:
    rule = here.rules.issuers
    if rule is None or material.certificate_pem is None:
        return None
    with unwarned():
        certificate = x509.load_der_x509_certificate(der(material.certificate_pem))
        if any(_issued(pattern, material, certificate) for pattern in rule.allow):
            return None
    return f"{_name(here)} does not know the CA that issued this certificate: {listed([material.issuer or 'no name'])}."


def _issued(pin: str, material: Material, certificate: x509.Certificate) -> bool:
    """Whether *certificate* is from the CA that *pin* names. Only a pin that is a certificate proves it, by the signature."""
    if pin.startswith(PEM_BEGINS):
        try:
            certificate.verify_directly_issued_by(x509.load_der_x509_certificate(der(pin)))
        except (InvalidSignature, *UNREADABLE):
            return False
        return True
    if pin.startswith(KEY_ID):
        try:
            found = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
        except x509.ExtensionNotFound:
            return False
        return found is not None and found.hex(":") == pin.removeprefix(KEY_ID)
    return subject_text(material.issuer or "").casefold() == pin.casefold()


def _names(
    here: Ruled, kind: str, names: Iterable[str], allow: tuple[str, ...], matches: Callable[[str, str], bool]
) -> str | None:
    wrong = [name for name in names if not any(matches(pattern, name) for pattern in allow)]
    if not wrong:
        return None
    plural = "" if len(wrong) == 1 else "es" if kind.endswith("s") else "s"
    return f"{_name(here)} does not allow the {kind}{plural} {listed(wrong)}, only {listed(allow)}."


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _name(here: Ruled) -> str:
    return f"“{visible(here.resource)}”"  # a name may have commas of its own
