"""`Material`: the content of a request as its approvers see it (SPEC.md section 4)."""

import hashlib
from enum import StrEnum
from typing import Final, Self

from pydantic import AwareDatetime, model_validator

from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.pki.pasted import Field, der
from domain.pki.summary import NameAttribute, San

NEEDS: Final[dict[Operation, tuple[Field, ...]]] = {
    Operation.ENROLL: ("csr",),
    Operation.RE_ENROLL: ("csr",),
    Operation.ISSUE: ("csr",),
    Operation.RENEW: ("certificate",),
    Operation.REKEY: ("certificate", "csr"),
    Operation.REVOKE: ("certificate", "reason"),
}
"""What each operation takes: exactly this, nothing missing and nothing besides."""


class RevocationReason(StrEnum):
    """Why a certificate is to be revoked (RFC 5280 section 5.3.1), as far as a person can ask for it.

    removeFromCRL is for delta CRLs alone, so it is not here.
    """

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "key_compromise"
    CA_COMPROMISE = "ca_compromise"
    AFFILIATION_CHANGED = "affiliation_changed"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessation_of_operation"
    CERTIFICATE_HOLD = "certificate_hold"
    PRIVILEGE_WITHDRAWN = "privilege_withdrawn"
    AA_COMPROMISE = "aa_compromise"

    @property
    def label(self) -> str:
        """The reason in words."""
        return _REASON_LABELS[self]


_REASON_LABELS = {
    RevocationReason.UNSPECIFIED: "unspecified",
    RevocationReason.KEY_COMPROMISE: "key compromise",
    RevocationReason.CA_COMPROMISE: "CA compromise",
    RevocationReason.AFFILIATION_CHANGED: "affiliation changed",
    RevocationReason.SUPERSEDED: "superseded",
    RevocationReason.CESSATION_OF_OPERATION: "cessation of operation",
    RevocationReason.CERTIFICATE_HOLD: "certificate hold (can be lifted)",
    RevocationReason.PRIVILEGE_WITHDRAWN: "privilege withdrawn",
    RevocationReason.AA_COMPROMISE: "attribute authority compromise",
}


class Key(Frozen):
    """A public key: its algorithm (RSA, EC, Ed25519, …), its size in bits and its curve, where it has them."""

    algorithm: str
    size: int | None = None
    curve: str | None = None

    @property
    def text(self) -> str:
        """As in "RSA 3072", "EC P-256", "Ed25519"."""
        detail = self.curve or self.size
        return f"{self.algorithm} {detail}" if detail else self.algorithm


class Extension(Frozen):
    """An X.509 extension that is asked for, or that the certificate has."""

    oid: str
    name: str
    """Its name in RFC 5280, or the dotted OID."""
    critical: bool
    value: str = ""
    """What it says, in words, where it is one whose words are shown nowhere else; made visible."""


class Change(Frozen):
    """One thing that will differ from today's certificate. Nothing before: it is added; nothing after: it is gone."""

    field: str
    before: str | None
    after: str | None


class Material(Frozen):
    """What is asked for, and what it says. Made by `domain.pki.parse`; kept as JSON.

    The first four fields and `digest` are the content: what is executed. All else is read from it, for people to see.
    For a rekey the CSR says what will be signed; issuer, serial and validity are those of today's certificate.
    """

    operation: Operation
    csr_pem: str | None = None
    certificate_pem: str | None = None
    revocation_reason: RevocationReason | None = None
    digest: str
    """`digest_of` the content, in hex; a Material whose digest is another cannot be built."""

    subject: str
    """As RFC 4514 writes it, with a space after commas; empty where there are only alternative names."""
    subject_rdns: tuple[tuple[NameAttribute, ...], ...]
    sans: tuple[San, ...]
    key: Key
    spki_sha256: str
    """SHA-256 of the public key (SubjectPublicKeyInfo, DER), in hex: equal for equal keys, however they were encoded."""
    signature_hash: str | None
    """As in "SHA-256"; None where the algorithm has its own (Ed25519, Ed448, ML-DSA)."""
    extensions: tuple[Extension, ...]
    ca: bool
    path_length: int | None
    key_usage: tuple[str, ...]
    extended_key_usage: tuple[str, ...]
    requested_validity: str | None = None
    request_attributes: tuple[tuple[str, str], ...] = ()
    """Names and values outside the extensions, on which Microsoft's CAs act: these may even add alternative names."""
    challenge_password: bool = False
    """Whether the CSR has one (RFC 2985 section 5.4.1). Its value is nowhere but in the CSR."""

    csr_sha256: str | None = None
    certificate_sha256: str | None = None
    issuer: str | None = None
    serial: str | None = None
    """Hex in pairs with colons, as in "0a:1b"."""
    not_before: AwareDatetime | None = None
    not_after: AwareDatetime | None = None
    changes: tuple[Change, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        given = {"csr": self.csr_pem, "certificate": self.certificate_pem, "reason": self.revocation_reason}
        if {field for field, value in given.items() if value is not None} != set(NEEDS[self.operation]):
            raise ValueError(f"{self.operation.label} takes {' and '.join(NEEDS[self.operation])}")
        csr, certificate = (None if text is None else der(text) for text in (self.csr_pem, self.certificate_pem))
        if self.digest != digest_of(self.operation, csr, certificate, self.revocation_reason):
            raise ValueError("the digest is not that of the content")
        return self

    @property
    def sha256(self) -> str:
        """SHA-256 in hex of the DER that the operation is about: of the CSR where there is one, else of the certificate."""
        return self.csr_sha256 or self.certificate_sha256 or ""


_DOMAIN: Final = b"countersign material v1\x00"
_LENGTH_OCTETS = 8


def digest_of(
    operation: Operation, csr: bytes | None, certificate: bytes | None, reason: RevocationReason | None
) -> str:
    """SHA-256, in hex, of exactly the content that is approved and then executed.

    Hashed are the octets `countersign material v1` and a zero octet, which keep this digest apart from every other use
    of SHA-256, and then four fields, always in this order: the operation's value, the CSR (DER), the certificate (DER),
    the revocation reason's value. A field that is absent is one octet 0; one that is present is one octet 1, its length
    as 8 octets, most significant first, and its octets. No two contents have the same encoding.
    """
    fields = (
        operation.value.encode("ascii"),
        csr,
        certificate,
        None if reason is None else reason.value.encode("ascii"),
    )
    hashed = hashlib.sha256(_DOMAIN)
    for field in fields:
        if field is None:
            hashed.update(b"\x00")
        else:
            hashed.update(b"\x01" + len(field).to_bytes(_LENGTH_OCTETS, "big") + field)
    return hashed.hexdigest()
