"""Revocation lists: RFC 5280 section 5."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from bot.connectors.local_ca.authority import Authority
from domain.pki import RevocationReason
from domain.releases.local_ca import Crl, IssuedHere


def revocation_list(
    authority: Authority, name: str, revoked: Iterable[IssuedHere], number: int, at: datetime, lasts: timedelta
) -> Crl:
    """List *number* of the CA called *name*, with everything in *revoked*, which counts for *lasts* from *at*."""
    begins = at.replace(microsecond=0)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(begins)
        .next_update(begins + lasts)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(authority.key_identifier, critical=False)
    )
    for certificate in revoked:
        builder = builder.add_revoked_certificate(_entry(certificate))
    signed = builder.sign(authority.key, authority.hash)
    return Crl(
        authority=name,
        number=number,
        this_update=begins,
        next_update=begins + lasts,
        pem=signed.public_bytes(Encoding.PEM).decode("ascii"),
    )


def _entry(issued: IssuedHere) -> x509.RevokedCertificate:
    if issued.revoked_at is None:
        raise ValueError("a certificate that was not revoked is in no revocation list")
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(int(issued.serial, 16))
        .revocation_date(issued.revoked_at.replace(microsecond=0))
    )
    reason = issued.revocation_reason
    if reason is not None and reason is not RevocationReason.UNSPECIFIED:  # which is to be left out: section 5.3.1
        entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags[reason.value]), critical=False)
    return entry.build()
