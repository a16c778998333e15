"""Reads all facts of a CSR or certificate from `cryptography`'s objects at once.

Those objects read lazily and raise many kinds of exception when they do, so this is the one place that touches them.
"""

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, mlkem, padding, rsa, x448, x25519
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.utils import CryptographyDeprecationWarning

from domain.pki.content import Key
from domain.pki.pasted import BadMaterial, Field
from domain.pki.requested import Asked, asked

UNREADABLE: Final = (
    ValueError,  # with UnicodeError, and ASN.1 that does not parse
    TypeError,
    OverflowError,
    LookupError,  # as of a TLS feature that it has no name for
    NotImplementedError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""Whatever `cryptography` raises, early or late, about bytes it cannot make sense of."""

_HASHES: Final = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha224": "SHA-224",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
}
_CURVES: Final = {
    "secp192r1": "P-192",
    "secp224r1": "P-224",
    "secp256r1": "P-256",
    "secp384r1": "P-384",
    "secp521r1": "P-521",
}
_PLAIN_KEYS: Final[tuple[tuple[type, str], ...]] = (
    (ed25519.Ed25519PublicKey, "Ed25519"),
    (ed448.Ed448PublicKey, "Ed448"),
    (mldsa.MLDSA44PublicKey, "ML-DSA-44"),
    (mldsa.MLDSA65PublicKey, "ML-DSA-65"),
    (mldsa.MLDSA87PublicKey, "ML-DSA-87"),
    (x25519.X25519PublicKey, "X25519"),
    (x448.X448PublicKey, "X448"),
    (mlkem.MLKEM768PublicKey, "ML-KEM-768"),
    (mlkem.MLKEM1024PublicKey, "ML-KEM-1024"),
)
SIGNING_KEYS: Final = {"RSA", "EC", "Ed25519", "Ed448", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"}
"""What a new certificate may be asked for. Certificates that exist may have other kinds: they can still be revoked."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a CSR and a certificate have in common."""

    name: x509.Name
    key: Key
    spki_sha256: str
    signature_hash: str | None
    asked: Asked


@contextmanager
def unwarned() -> Iterator[None]:
    """Within, `cryptography` does not warn of what it reads all the same: names that exceed X.520's lengths, serial
    numbers that are not positive. Those are in certificates of others, and no reason to print or to stop.

    Warning filters are the process's before Python 3.14, so nothing within may await.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Attribute's length must be")
        warnings.filterwarnings("ignore", category=CryptographyDeprecationWarning)
        yield


@contextmanager
def reading(field: Field, sentence: str) -> Iterator[None]:
    """Whatever `cryptography` cannot read within becomes BadMaterial for *field*, saying *sentence*."""
    try:
        yield
    except BadMaterial:
        raise
    except UNREADABLE:
        raise BadMaterial(field, sentence) from None


def facts_of(field: Field, material: x509.CertificateSigningRequest | x509.Certificate) -> Facts:
    """Everything *material* says about its subject. Raises BadMaterial for *field* where any of it cannot be read."""
    this = "CSR" if field == "csr" else "certificate"
    with reading(field, f"The subject of this {this} cannot be read: its encoding does not follow RFC 5280."):
        name = material.subject
    with reading(field, f"The public key of this {this} is damaged or not supported."):
        key, spki_sha256 = read_key(material.public_key())
    with reading(field, f"This {this} is signed with an algorithm that is not supported."):
        signature_hash = material.signature_hash_algorithm
    with reading(field, f"An extension of this {this} cannot be read: it is damaged, duplicated or not supported."):
        return Facts(
            name=name,
            key=key,
            spki_sha256=spki_sha256,
            signature_hash=None
            if signature_hash is None
            else _HASHES.get(signature_hash.name, signature_hash.name.upper()),
            asked=asked(material.extensions),
        )


def read_key(key: CertificatePublicKeyTypes) -> tuple[Key, str]:
    """What kind of key it is, and the SHA-256 (hex) of its canonical SubjectPublicKeyInfo."""
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return _kind(key), hashlib.sha256(spki).hexdigest()


def signature_holds(csr: x509.CertificateSigningRequest) -> bool:
    """Whether the CSR's signature was made with its own key (RFC 2986 section 3: proof of possession)."""
    if csr.is_signature_valid:
        return True
    # `cryptography` calls every MD5 or SHA-1 signature invalid here. For proof of possession they will do; notes warn.
    key, weak = csr.public_key(), csr.signature_hash_algorithm
    if not isinstance(weak, hashes.MD5 | hashes.SHA1):
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(csr.signature, csr.tbs_certrequest_bytes, padding.PKCS1v15(), weak)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(csr.signature, csr.tbs_certrequest_bytes, ec.ECDSA(weak))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _kind(key: CertificatePublicKeyTypes) -> Key:
    if isinstance(key, rsa.RSAPublicKey):
        return Key(algorithm="RSA", size=key.key_size)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return Key(algorithm="EC", size=key.key_size, curve=_CURVES.get(key.curve.name, key.curve.name))
    if isinstance(key, dsa.DSAPublicKey):
        return Key(algorithm="DSA", size=key.key_size)
    for kind, name in _PLAIN_KEYS:
        if isinstance(key, kind):
            return Key(algorithm=name)
    raise UnsupportedAlgorithm("a kind of key that is not known here")
