"""Recognises CSRs and certificates in a message or a file, before an operation is chosen."""

import binascii
import re
from collections.abc import Iterator
from typing import Final

from cryptography import x509

from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.pki.facts import UNREADABLE, unwarned
from domain.pki.pasted import LARGEST, PRIVATE_KEY, BadMaterial, Field, der_in, holds_private_key, pem

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,60})-----(.*?)-----END \1-----", re.DOTALL)
_MOST_BLOCKS: Final = 20


class Found(Frozen):
    """The first CSR and the first certificate that were found, as PEM; one of them at least."""

    csr: str | None = None
    certificate: str | None = None

    @property
    def operation(self) -> Operation:
        """What is most likely wanted: a CSR is there to be issued, a certificate to be renewed, both to be rekeyed."""
        if self.csr and self.certificate:
            return Operation.REKEY
        return Operation.ISSUE if self.csr else Operation.RENEW


def recognise(given: str | bytes) -> Found | None:
    """What *given* holds: text with PEM blocks anywhere in it, base64, or the bytes of a file of those or of DER.

    None where there is neither CSR nor certificate. What is found is only known to be readable; `parse` checks it.
    Raises BadMaterial for a private key: it is never looked at any further, nor is what stands beside it.
    """
    if len(given) > LARGEST:
        return None
    if isinstance(given, bytes) and (kind := _kind(given)):
        return _found([(kind, given)])
    text = given if isinstance(given, str) else _decoded(given)
    if holds_private_key(text):
        raise BadMaterial("csr", PRIVATE_KEY["csr"])
    return _found([(kind, der) for der in _candidates(text) if (kind := _kind(der))])


def _found(read: list[tuple[Field, bytes]]) -> Found | None:
    first: dict[Field, bytes] = {}
    for kind, der in read:
        first.setdefault(kind, der)
    if not first:
        return None
    csr, certificate = first.get("csr"), first.get("certificate")
    return Found(
        csr=pem("CERTIFICATE REQUEST", csr) if csr else None,
        certificate=pem("CERTIFICATE", certificate) if certificate else None,
    )


def _decoded(given: bytes) -> str:
    """Text in any encoding that tools write PEM in; PEM itself is ASCII."""
    if given[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return given.decode("utf-16", errors="replace")
    return given.decode("utf-8", errors="replace")


def _candidates(text: str) -> Iterator[bytes]:
    blocks = list(_BLOCK.finditer(text))[:_MOST_BLOCKS]
    for block in blocks:
        try:
            yield binascii.a2b_base64("".join(block[2].split()).encode("ascii"), strict_mode=True)
        except ValueError:
            continue
    if not blocks:
        try:
            yield der_in("csr", text.strip("` \n\r\t")).content
        except BadMaterial:
            return


def _kind(der: bytes) -> Field | None:
    """Whether *der* is a CSR or a certificate."""
    with unwarned():
        try:
            x509.load_der_x509_csr(der)
        except UNREADABLE:
            pass
        else:
            return "csr"
        try:
            x509.load_der_x509_certificate(der)
        except UNREADABLE:
            return None
    return "certificate"
