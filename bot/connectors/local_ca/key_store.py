"""The folder of a local CA: `key.pem` (encrypted), `ca.pem`, `ca.yml`, and its revocation list in `crl.pem`."""

import os
import re
from pathlib import Path
from typing import Final

import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from pydantic import SecretStr, ValidationError

from bot.connectors.local_ca.authority import Authority
from bot.connectors.local_ca.profiles import CaFile
from bot.environment.operator_error import Mistake
from domain.common.validation_sentences import validation_sentence

KEY: Final = "key.pem"
CERTIFICATE: Final = "ca.pem"
FILE: Final = "ca.yml"
CRL: Final = "crl.pem"


class CaTrouble(Mistake):
    """A local CA cannot be used or made; the message says which file is in the way and why, and nothing of a key."""


def names(folder: Path) -> tuple[str, ...]:
    """The CAs in *folder*, by name; none where it is not there."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{CERTIFICATE}"))) if folder.is_dir() else ()


def load(folder: Path, name: str, passphrase: SecretStr | None) -> tuple[Authority, CaFile]:
    """The CA called *name*. Raises CaTrouble."""
    here = folder / must_be_a_name(name)
    try:
        certificate = x509.load_pem_x509_certificate((here / CERTIFICATE).read_bytes())
        encrypted = (here / KEY).read_bytes()
        written = (here / FILE).read_text(encoding="utf-8") if (here / FILE).exists() else ""
    except OSError as error:
        raise CaTrouble(f"{error.filename or here!s} cannot be read: {error.strerror or ''}.") from None
    except ValueError:
        raise CaTrouble(f"{here / CERTIFICATE!s} is not a certificate in PEM.") from None
    if passphrase is None:
        raise CaTrouble(f"COUNTERSIGN_CA_PASSPHRASE is not set. It opens the key of the local CA {name}.")
    try:
        key = load_pem_private_key(encrypted, passphrase.get_secret_value().encode())
    except (ValueError, TypeError):
        raise CaTrouble(f"{here / KEY!s} does not open with COUNTERSIGN_CA_PASSPHRASE.") from None
    if (
        not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
        or key.public_key() != certificate.public_key()
    ):
        raise CaTrouble(
            f"In {here!s} the key is not that of the certificate, or of a kind that a local CA does not have."
        )
    return Authority(certificate, key), parse_file(written, str(here / FILE))


def parse_file(written: str, path: str) -> CaFile:
    """What `ca.yml` says. Raises CaTrouble."""
    try:
        return CaFile.model_validate(yaml.safe_load(written) or {})
    except yaml.YAMLError as error:
        raise CaTrouble(f"{path}: is not YAML: {str(error).splitlines()[0]}") from None
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, fault["loc"])) or FILE
        raise CaTrouble(f"{path}: {where}: {validation_sentence(fault)}") from None


def create(folder: Path, name: str, authority: Authority, passphrase: SecretStr, content: str) -> Path:
    """Write a new CA's folder, which must not be there. Raises CaTrouble."""
    here = folder / must_be_a_name(name)
    secret = BestAvailableEncryption(passphrase.get_secret_value().encode())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        here.mkdir(mode=0o700)
        _write(here / KEY, authority.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret), 0o600)
        _write(here / FILE, content.encode(), 0o644)
        _write(here / CERTIFICATE, authority.pem.encode("ascii"), 0o644)  # last: without it the folder is no CA
    except FileExistsError:
        raise CaTrouble(f"{here!s} exists. A CA is made once; choose another name.") from None
    except OSError as error:
        raise CaTrouble(f"{error.filename or here} cannot be written: {error.strerror}.") from None
    return here


def put_crl(folder: Path, name: str, pem: str) -> Path:
    """Put the revocation list where a web server may take it from, all at once. Raises OSError."""
    path = folder / name / CRL
    beside = path.with_name(f"{CRL}.{os.getpid()}")
    beside.write_text(pem, encoding="ascii")
    beside.replace(path)
    return path


def must_be_a_name(name: str) -> str:
    """Raises CaTrouble where *name* cannot be that of a CA."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,46}", name):
        raise CaTrouble(f"{name!r} cannot be the name of a CA: use a-z, 0-9, dot, dash and underscore, 47 at most.")
    return name


def _write(path: Path, content: bytes, mode: int) -> None:
    """A new file with exactly this *mode* from its first moment."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as to:
        to.write(content)
        to.flush()
        os.fsync(to.fileno())
