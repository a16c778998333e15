"""The execution of an approved operation: what a connector gets, what it answers, and what is stored. SPEC.md section 6."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Final, Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import AfterValidator, AwareDatetime, StringConstraints, model_validator

from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.people.people import PersonId
from domain.pki import Material
from domain.pki.facts import unwarned

LARGEST_CERTIFICATE: Final = 64 * 1024
"""Characters of PEM, with everything above it: more than any chain in use."""
LONGEST_REASON: Final = 500
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def shortened(reason: str) -> str:
    """*reason*, which comes from outside, as it is kept: without what no database keeps, and at most 500 characters."""
    kept = reason.replace("\0", "").strip()
    return kept if len(kept) <= LONGEST_REASON else f"{kept[: LONGEST_REASON - 1].rstrip()}…"


def _only_certificates(given: str) -> str:
    """The certificates in *given*, as PEM. Whatever else stands there, as a private key that came by mistake, is dropped."""
    if len(given) > LARGEST_CERTIFICATE:
        raise ValueError("is too large for a certificate and those above it")
    try:
        with unwarned():
            found = x509.load_pem_x509_certificates(given.encode("ascii")) if given.strip() else []
    except ValueError as error:
        raise ValueError("is not a certificate in PEM, or those above it are not") from error
    return "".join(certificate.public_bytes(Encoding.PEM).decode("ascii") for certificate in found)


class Certificate(Frozen):
    """A certificate that was issued, and those above it. Cannot be built from what does not parse."""

    pem: Annotated[str, AfterValidator(_only_certificates)]
    chain_pem: Annotated[str, AfterValidator(_only_certificates)] = ""
    """Its issuer, the issuer's issuer and so on, one after the other; the root may be among them. Empty where it is not known."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if len(self.pem) + len(self.chain_pem) > LARGEST_CERTIFICATE:
            raise ValueError("is too large for a certificate and those above it")
        if not self.pem:
            raise ValueError("is not a certificate in PEM")
        if self.pem.count("-----BEGIN") > 1:
            raise ValueError("is several certificates where one belongs")
        return self

    @property
    def parsed(self) -> x509.Certificate:
        with unwarned():
            return x509.load_pem_x509_certificate(self.pem.encode("ascii"))

    def issuers(self) -> tuple[x509.Certificate, ...]:
        """Those above it, nearest first."""
        with unwarned():
            return tuple(x509.load_pem_x509_certificates(self.chain_pem.encode("ascii"))) if self.chain_pem else ()


class Issued(Frozen):
    """What a message says of a certificate that was issued."""

    serial: str
    """Hex in pairs with colons, as in "0a:1b"."""
    sha256: str
    not_before: AwareDatetime
    not_after: AwareDatetime

    @classmethod
    def of(cls, certificate: Certificate) -> "Issued":
        found = certificate.parsed
        return cls(
            serial=serial_text(found.serial_number),
            sha256=hashlib.sha256(found.public_bytes(Encoding.DER)).hexdigest(),
            not_before=found.not_valid_before_utc,
            not_after=found.not_valid_after_utc,
        )


def serial_text(serial: int) -> str:
    """*serial* as people compare it: hex in pairs with colons."""
    octets = serial.to_bytes(max(1, (serial.bit_length() + 7) // 8), "big")
    return octets.hex(":")


class Execution(Frozen):
    """How a released operation ended."""

    at: AwareDatetime
    by: str = ""
    """What carried it out or refused it, `local-ca:issuing`; empty where Countersign itself ended it."""
    reason: str = ""
    """Why it failed or lapsed, or what is odd about its having been executed: a sentence for the requester."""
    in_doubt: bool = False
    """Whether it was carried out, or whether it was in time, is not known here: administrators are told."""
    certificate: Issued | None = None


class ApprovedOperation(Frozen):
    """What a connector is given: everything it needs, exactly as it was approved."""

    key: str
    """The idempotency key: the same for every delivery of this operation, also after a retry, and of no other one."""
    release: int
    """How many times it was released: 1, and one more for each retry by an administrator after it had failed."""
    attempt: int
    """How many times this release was handed over, from 1."""
    request: int
    operation: Operation
    entry: str
    """The key of the resource that the requester picked."""
    certificate_profile: str | None
    certificate_authority: str | None
    """Keys of the resources that it comes to, as they were at submission."""
    material: Material
    """The content, and what it says. Its digest is `digest`, or this would not be handed over."""
    digest: str
    requester: PersonId
    reason: str
    """What the requester gave."""
    approved_at: AwareDatetime
    valid_until: AwareDatetime | None
    """From then on it must not be carried out any more; None for ever."""


class Executed(Frozen):
    """It is done."""

    certificate: Certificate | None = None
    """None where the operation makes none, or the receiver keeps it."""


class Failed(Frozen):
    """It cannot be done; only an administrator has it tried again."""

    reason: Why
    """A sentence for the requester and administrators."""


class Accepted(Frozen):
    """It was taken over; what came of it is reported later. It is not delivered again."""


class Later(Frozen):
    """It was not done, and may be delivered again in a while."""

    reason: Why


Outcome = Executed | Failed | Accepted | Later
"""What a connector answers."""


def operation_key(request: int, digest: str, approved_at: datetime) -> str:
    """The idempotency key of the operation that was approved then: `req12-` and 32 hex digits."""
    said = f"countersign operation v1\n{request}\n{digest}\n{approved_at.astimezone(UTC).isoformat(timespec='microseconds')}"
    return f"req{request}-{hashlib.sha256(said.encode()).hexdigest()[:32]}"
