"""`parse`: turns a person's input into `Material`, or raises one clear sentence about what is wrong with it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509

from domain.common.operations import Operation
from domain.pki.attributes import Attributes, attributes_of
from domain.pki.changes import changes_by_csr, changes_by_the_ca
from domain.pki.content import NEEDS, Change, Material, RevocationReason, digest_of
from domain.pki.facts import SIGNING_KEYS, UNREADABLE, Facts, facts_of, reading, signature_holds, unwarned
from domain.pki.pasted import NAMED, PRIVATE_KEY, BadMaterial, Field, der_in, is_private_key, pem
from domain.pki.summary import dn, rdns

MOST_SANS: Final = 500
MOST_RSA_BITS: Final = (
    16384  # what OpenSSL takes (OPENSSL_RSA_MAX_MODULUS_BITS): whoever would use it could not check its signatures
)

_CSR_LABELS: Final = {"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"}
_CERTIFICATE_LABELS: Final = {"CERTIFICATE", "X509 CERTIFICATE"}
_CERTIFICATE_GIVEN: Final = "This is a certificate. Provide a certificate request (CSR) here."
_CSR_GIVEN: Final = "This is a certificate request (CSR). Provide a certificate here."
_UNREADABLE: Final = "This cannot be read as a {}: it is damaged, incomplete or something else."
_NOUNS: Final[dict[Field, str]] = {"csr": "CSR", "certificate": "certificate", "reason": "revocation reason"}
_MISSING: Final[dict[Field, str]] = {
    "csr": "Paste the certificate request (CSR), as PEM.",
    "certificate": "Paste the certificate, as PEM.",
    "reason": "Choose why the certificate is to be revoked.",
}


def parse(
    operation: Operation,
    *,
    csr: str | bytes | None = None,
    certificate: str | bytes | None = None,
    reason: RevocationReason | None = None,
) -> Material:
    """The material of a request for *operation*.

    *csr* and *certificate* are PEM or base64 as text, or the bytes of an uploaded file (PEM, base64 or DER); blank is
    the same as None. Each operation takes exactly what `NEEDS` says.

    Raises BadMaterial, whatever is given: its `field` says beside which field its sentence belongs.
    """
    csr, certificate = _unless_blank(csr), _unless_blank(certificate)
    _check_fields(operation, {"csr": csr, "certificate": certificate, "reason": reason})
    with unwarned():
        current = None if certificate is None else _read_certificate(certificate)
        request = None if csr is None else _read_csr(csr)
    if request and current and request.facts.spki_sha256 == current.facts.spki_sha256:
        raise BadMaterial("csr", "This CSR has the same key as today's certificate. A rekey needs a new key.")
    return _material(operation, request, current, reason)


@dataclass(frozen=True, slots=True)
class _Request:
    der: bytes
    facts: Facts
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class _Current:
    der: bytes
    facts: Facts
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime


def _material(
    operation: Operation, request: _Request | None, current: _Current | None, reason: RevocationReason | None
) -> Material:
    about = request or current
    if about is None:
        raise ValueError(f"{operation.label} takes neither a CSR nor a certificate")  # unreachable: see NEEDS
    facts, asked = about.facts, about.facts.asked
    csr, certificate = request.der if request else None, current.der if current else None
    return Material(
        operation=operation,
        csr_pem=csr and pem("CERTIFICATE REQUEST", csr),
        certificate_pem=certificate and pem("CERTIFICATE", certificate),
        revocation_reason=reason,
        digest=digest_of(operation, csr, certificate, reason),
        subject=dn(facts.name),
        subject_rdns=rdns(facts.name),
        sans=asked.sans,
        key=facts.key,
        spki_sha256=facts.spki_sha256,
        signature_hash=facts.signature_hash,
        extensions=asked.extensions,
        ca=asked.ca,
        path_length=asked.path_length,
        key_usage=asked.key_usage,
        extended_key_usage=asked.extended_key_usage,
        requested_validity=(request.attributes.validity or asked.validity) if request else None,
        request_attributes=request.attributes.request_attributes if request else (),
        challenge_password=request is not None and request.attributes.challenge_password,
        csr_sha256=csr and hashlib.sha256(csr).hexdigest(),
        certificate_sha256=certificate and hashlib.sha256(certificate).hexdigest(),
        issuer=current and current.issuer,
        serial=current and current.serial,
        not_before=current and current.not_before,
        not_after=current and current.not_after,
        changes=_changes(operation, request, current),
    )


def _changes(operation: Operation, request: _Request | None, current: _Current | None) -> tuple[Change, ...]:
    if current is None or operation is Operation.REVOKE:
        return ()
    by_the_ca = changes_by_the_ca(current.serial, current.not_before, current.not_after)
    return by_the_ca if request is None else changes_by_csr(current.facts, request.facts) + by_the_ca


def _unless_blank(given: str | bytes | None) -> str | bytes | None:
    return given if given and given.strip() else None


def _check_fields(operation: Operation, given: dict[Field, object]) -> None:
    for field, value in given.items():
        if value is None and field in NEEDS[operation]:
            raise BadMaterial(field, _MISSING[field])
        if value is not None and field not in NEEDS[operation]:
            raise BadMaterial(
                field, f"A request to {operation.label} does not need a {_NOUNS[field]}. Leave this empty."
            )


def _read_csr(given: str | bytes) -> _Request:
    content = _unwrap("csr", given, _CSR_LABELS)
    try:
        csr = x509.load_der_x509_csr(content)
    except UNREADABLE:
        raise BadMaterial("csr", _instead_of_csr(content)) from None
    facts = facts_of("csr", csr)
    if facts.key.algorithm not in SIGNING_KEYS:
        raise BadMaterial("csr", f"This CSR has a key that is not supported: {facts.key.text}.")
    if facts.key.algorithm == "RSA" and (facts.key.size or 0) > MOST_RSA_BITS:
        raise BadMaterial("csr", f"This CSR has a key of {facts.key.size} bits. The maximum is {MOST_RSA_BITS}.")
    with reading("csr", "The signature of this CSR cannot be checked: it is damaged or not supported."):
        holds = signature_holds(csr)
    if not holds:
        raise BadMaterial(
            "csr", "The signature of this CSR does not match its key: it was changed or cut after it was signed."
        )
    if not facts.name.rdns and not facts.asked.sans:
        raise BadMaterial("csr", "This certificate request has neither a subject nor a subject alternative name.")
    if len(facts.asked.sans) > MOST_SANS:
        raise BadMaterial(
            "csr", f"This CSR has {len(facts.asked.sans)} subject alternative names. The maximum is {MOST_SANS}."
        )
    with reading("csr", "An attribute of this CSR cannot be read: it is damaged, or has more than one value."):
        attributes = attributes_of(csr)
    return _Request(der=content, facts=facts, attributes=attributes)


def _read_certificate(given: str | bytes) -> _Current:
    content = _unwrap("certificate", given, _CERTIFICATE_LABELS)
    try:
        certificate = x509.load_der_x509_certificate(content)
    except UNREADABLE:
        raise BadMaterial("certificate", _instead_of_certificate(content)) from None
    facts = facts_of("certificate", certificate)
    with reading("certificate", "The issuer or the validity of this certificate cannot be read: it is damaged."):
        return _Current(
            der=content,
            facts=facts,
            issuer=dn(certificate.issuer),
            serial=_serial(certificate.serial_number),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
        )


def _unwrap(field: Field, given: str | bytes, labels: set[str]) -> bytes:
    """The DER in *given*, which must not say that it is something else."""
    content, label = der_in(field, given)
    if label and label not in labels:
        if field == "csr" and label in _CERTIFICATE_LABELS:
            raise BadMaterial(field, _CERTIFICATE_GIVEN)
        if field == "certificate" and label in _CSR_LABELS:
            raise BadMaterial(field, _CSR_GIVEN)
        raise BadMaterial(field, f"This PEM block is a {label}. Provide a {NAMED[field]} here.")
    return content


def _instead_of_csr(content: bytes) -> str:
    if _loads(x509.load_der_x509_certificate, content):
        return _CERTIFICATE_GIVEN
    return PRIVATE_KEY["csr"] if is_private_key(content) else _UNREADABLE.format("CSR")


def _instead_of_certificate(content: bytes) -> str:
    if _loads(x509.load_der_x509_csr, content):
        return _CSR_GIVEN
    return PRIVATE_KEY["certificate"] if is_private_key(content) else _UNREADABLE.format("certificate")


def _loads(load: Callable[[bytes], object], content: bytes) -> bool:
    try:
        load(content)
    except UNREADABLE:
        return False
    return True


def _serial(number: int) -> str:
    """RFC 5280 asks for a positive number; some certificates have a negative one all the same."""
    octets = abs(number).to_bytes((number.bit_length() + 7) // 8 or 1, "big")
    return ("-" if number < 0 else "") + octets.hex(":")
