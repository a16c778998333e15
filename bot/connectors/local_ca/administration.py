"""`countersign ca`: creates a local CA and writes its revocation list."""

import asyncio
import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from bot.connectors.local_ca import key_store
from bot.connectors.local_ca.authority import KEYS, found
from bot.connectors.registry import local_cas
from bot.environment.clock import Clock
from bot.environment.database import opened
from bot.environment.settings import Settings
from domain.common.time_text import utc
from domain.releases.local_ca import Crl

LEAST_PASSPHRASE: Final = 12
PURPOSE: Final = (
    "A local CA is for trying out and for small private PKIs. Its key is stored encrypted on this disk; anybody with the "
    "disk and the passphrase can issue in its name. It has no OCSP, no hardware key and no auditor."
)
FIRST_PROFILES: Final = """\
# What this CA issues. Every key is described in docs/local-ca.md.

# profiles:
#   device: {valid_for: 2d, extended_key_usage: [client_auth], names: {kinds: [dns], domains: [example.com]}}

# certificate_profiles:      # which issuing profile belongs to which certificate profile (a resource's key)
#   device-identity: client

otherwise: server            # for all others; null refuses them
crl_for: 7d
"""
"""The `ca.yml` of a new CA."""


def init(settings: Settings, name: str, subject: str, key: str, days: int, at: datetime) -> str:
    """Make a CA; gives what there is to say about it. Raises bot.connectors.local_ca.key_store.CaTrouble."""
    passphrase = settings.ca_passphrase
    if passphrase is None or len(passphrase.get_secret_value()) < LEAST_PASSPHRASE:
        raise key_store.CaTrouble(
            "COUNTERSIGN_CA_PASSPHRASE is not set, or shorter than 12 characters. The key of the new CA is "
            "encrypted with it."
        )
    try:
        named = x509.Name.from_rfc4514_string(subject)
    except ValueError:
        raise key_store.CaTrouble(
            f"{subject!r} is not a valid subject. Example: CN=Example Issuing CA,O=Example"
        ) from None
    key_store.must_be_a_name(name)
    authority = found(named, KEYS[key](), at, timedelta(days=days))
    here = key_store.create(
        settings.ca_folder,
        name,
        authority,
        passphrase,
        FIRST_PROFILES,
    )
    certificate = authority.certificate
    digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
    return (
        f"Created {named.rfc4514_string()}, valid until {utc(certificate.not_valid_after_utc)}, in {here}.\n"
        f"SHA-256 of its certificate: {digest}\n\n"
        f"{PURPOSE}\n\n"
        f"To have it carry out approved operations, write at the resource of kind certificate_authority:\n"
        f"    connector: local-ca:{name}\n"
        f"{here}/ca.yml says what it issues; clients must trust {here}/ca.pem.\n"
    )


def crl(settings: Settings, name: str, to: Path | None, clock: Clock) -> str:
    """Make a new revocation list, in the CA's folder and at *to*; gives what there is to say. Raises CaTrouble."""
    made = asyncio.run(_new_crl(settings, name, clock))
    path = settings.ca_folder / name / key_store.CRL
    if to is not None:
        try:
            to.write_text(made.pem, encoding="ascii")
        except OSError as error:
            raise key_store.CaTrouble(f"{to} cannot be written: {error.strerror}.") from None
        path = to
    entries = len(x509.load_pem_x509_crl(made.pem.encode("ascii")))
    return (
        f"Revocation list {made.number} with {entries} "
        f"{('certificate' if entries == 1 else 'certificates')}, valid until {utc(made.next_update)}, in "
        f"{path!s}."
    )


async def _new_crl(settings: Settings, name: str, clock: Clock) -> Crl:
    async with opened(settings) as store:
        cas = local_cas(settings, store, clock)
        if name not in cas:
            known = ", ".join(cas) or "none"
            raise key_store.CaTrouble(f"There is no local CA {name} in {settings.ca_folder}. Known: {known}.")
        return await cas[name].new_crl()
