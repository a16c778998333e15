"""`countersign ca`: making a local CA, and writing its revocation list."""

import asyncio
import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from bot.connectors.local_ca import key_store as keeping
from bot.connectors.local_ca import texts
from bot.connectors.local_ca.authority import KEYS, found
from bot.connectors.registry import local_cas
from bot.environment.clock import Clock
from bot.environment.database import opened
from bot.environment.settings import Settings
from domain.common.time_text import utc
from domain.releases.local_ca import Crl

LEAST_PASSPHRASE: Final = 12


def init(settings: Settings, name: str, subject: str, key: str, days: int, at: datetime) -> str:
    """Make a CA; gives what there is to say about it. Raises bot.connectors.local_ca.key_store.CaTrouble."""
    passphrase = settings.ca_passphrase
    if passphrase is None or len(passphrase.get_secret_value()) < LEAST_PASSPHRASE:
        raise keeping.CaTrouble(texts.no_passphrase_yet())
    try:
        named = x509.Name.from_rfc4514_string(subject)
    except ValueError:
        raise keeping.CaTrouble(texts.no_subject(subject)) from None
    keeping.must_be_a_name(name)
    authority = found(named, KEYS[key](), at, timedelta(days=days))
    here = keeping.create(settings.ca_folder, name, authority, passphrase, texts.FILE)
    certificate = authority.certificate
    digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
    return texts.made(named.rfc4514_string(), digest, utc(certificate.not_valid_after_utc), str(here), name)


def crl(settings: Settings, name: str, to: Path | None, clock: Clock) -> str:
    """Make a new revocation list, in the CA's folder and at *to*; gives what there is to say. Raises CaTrouble."""
    made = asyncio.run(_new_crl(settings, name, clock))
    path = settings.ca_folder / name / keeping.CRL
    if to is not None:
        try:
            to.write_text(made.pem, encoding="ascii")
        except OSError as error:
            raise keeping.CaTrouble(texts.unwritable(str(to), error.strerror or "")) from None
        path = to
    entries = len(x509.load_pem_x509_crl(made.pem.encode("ascii")))
    return texts.listed(made.number, entries, utc(made.next_update), str(path))


async def _new_crl(settings: Settings, name: str, clock: Clock) -> Crl:
    async with opened(settings) as store:
        cas = local_cas(settings, store, clock)
        if name not in cas:
            raise keeping.CaTrouble(texts.unknown(name, list(cas), str(settings.ca_folder)))
        return await cas[name].new_crl()
