"""Checks whether a returned certificate is what was approved: SPEC.md section 4."""

from collections.abc import Iterator

from cryptography import x509

from domain.pki.content import Material
from domain.pki.facts import Facts, facts_of, unwarned
from domain.pki.pasted import BadMaterial
from domain.pki.summary import NameAttribute, rdns

_COMMON_NAME = "2.5.4.3"
_NAMED = 3
"""How many names that nobody approved are named."""


def not_approved(material: Material, certificate: x509.Certificate) -> str | None:
    """What *certificate* has that nobody approved with *material*, as a sentence; None where it is what was approved.

    A CA may leave names out, and writes organisation, usages and validity as its policy says. It may not take another key, add names,
    or make a CA of it.
    """
    try:
        with unwarned():
            facts = facts_of("certificate", certificate)
            dates = certificate.not_valid_before_utc, certificate.not_valid_after_utc
            whole = certificate.serial_number > 0 and dates[0] < dates[1]
    except (BadMaterial, ValueError):
        whole = False
    if not whole:
        return "The certificate that the connector returned cannot be read: its encoding does not follow RFC 5280."
    if facts.spki_sha256 != material.spki_sha256:
        return "The certificate that the connector returned has a different key than the approved one."
    if facts.asked.ca and not material.ca:
        return "The certificate that the connector returned is a CA certificate, which was not approved."
    if more := sorted(set(_more_names(material, facts))):
        rest = f" and {len(more) - _NAMED} more" if len(more) > _NAMED else ""
        return f"The certificate that the connector returned has names that were not approved: {', '.join(more[:_NAMED])}{rest}."
    return None


def _more_names(material: Material, facts: Facts) -> Iterator[str]:
    """Names for which it would count, and which were neither names nor common names of what was approved."""
    approved = {(san.kind, san.value.casefold()) for san in material.sans}
    texts = {value for _, value in approved} | _common(material.subject_rdns)
    # Microsoft's CAs take alternative names from attributes of the CSR, which approvers were shown
    attributes = " ".join(value for _, value in material.request_attributes).casefold()
    common = _common(material.subject_rdns)
    for san in facts.asked.sans:
        value = san.value.casefold()
        if (san.kind, value) not in approved and value not in common and value not in attributes:
            yield san.text
    for name in _common(rdns(facts.name)):
        if name not in texts and name not in attributes:
            yield f"CN={name}"


def _common(parts: tuple[tuple[NameAttribute, ...], ...]) -> set[str]:
    return {attribute.value.casefold() for part in parts for attribute in part if attribute.oid == _COMMON_NAME}
