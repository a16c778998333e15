"""What a local CA has issued and revoked, and its revocation list."""

from pydantic import AwareDatetime

from domain.common.frozen import Frozen
from domain.pki import RevocationReason


class IssuedHere(Frozen):
    """A certificate that one of our own authorities issued, and whether it still counts."""

    authority: str
    """The name of the authority."""
    serial: str
    """Hex, 40 digits."""
    operation_key: str
    """The operation that it was issued for: one certificate for each."""
    certificate: str
    """PEM."""
    issued_at: AwareDatetime
    not_after: AwareDatetime
    revoked_at: AwareDatetime | None = None
    revocation_reason: RevocationReason | None = None
    revoked_for: str | None = None
    """The operation that it was revoked for."""


class Crl(Frozen):
    """A certificate revocation list: RFC 5280 section 5."""

    authority: str
    number: int
    this_update: AwareDatetime
    next_update: AwareDatetime
    pem: str


def serial_key(serial: int) -> str:
    """*serial* as it is kept: 20 octets (RFC 5280 section 4.1.2.2) in hex. Raises OverflowError for more."""
    return serial.to_bytes(20, "big").hex()
