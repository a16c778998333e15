"""Certificate requests and certificates for the tests of all rooms. Keys are made once and kept."""

import ipaddress
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, wraps
from typing import Literal, ParamSpec

from cryptography import x509
from cryptography.hazmat.asn1 import encode_der
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from domain.common.operations import Operation
from domain.pki import Material, RevocationReason, parse
from domain.pki.facts import unwarned

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey
P = ParamSpec("P")
KeyKind = Literal["ec", "ec384", "rsa", "rsa1024", "ed25519", "ed448"]

NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
NOT_AFTER = datetime(2027, 1, 1, tzinfo=UTC)
SERIAL = 0x0A1B2C3D4E5F


@cache
def private_key(kind: KeyKind = "ec", which: int = 0) -> PrivateKey:
    """The private key of *kind* numbered *which*: the same one each time, and where that is cheap, in every run."""
    match kind:
        case "ec":
            return ec.derive_private_key(0xC0FFEE + which, ec.SECP256R1())
        case "ec384":
            return ec.derive_private_key(0xC0FFEE + which, ec.SECP384R1())
        case "rsa":
            return rsa.generate_private_key(65537, 2048)
        case "rsa1024":
            return rsa.generate_private_key(65537, 1024)  # noqa: S505 - weak, to see that it is noticed
        case "ed25519":
            return ed25519.Ed25519PrivateKey.from_private_bytes(which.to_bytes(32, "big"))
        case "ed448":
            return ed448.Ed448PrivateKey.from_private_bytes(which.to_bytes(57, "big"))


def private_key_pem(kind: KeyKind = "ec") -> str:
    """A private key as somebody might paste it by mistake."""
    return private_key(kind).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def name(cn: str | None = "api.example.com", **parts: str) -> x509.Name:
    """A distinguished name; *parts* such as `o="Example"` or `c="DE"` stand before the CN, as they do in practice."""
    oids = {"c": NameOID.COUNTRY_NAME, "o": NameOID.ORGANIZATION_NAME, "ou": NameOID.ORGANIZATIONAL_UNIT_NAME}
    attributes = [x509.NameAttribute(oids[part], value) for part, value in parts.items()]
    if cn is not None:
        with unwarned():  # a CN of more than 64 characters is what some test is about
            attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, cn, _validate=False))
    return x509.Name(attributes)


def general_name(san: str | x509.GeneralName) -> x509.GeneralName:
    """*san* itself, or what its text looks like: an IP address, an email address, a URI, and else a DNS name."""
    if isinstance(san, x509.GeneralName):
        return san
    try:
        return x509.IPAddress(ipaddress.ip_address(san))
    except ValueError:
        if "://" in san:
            return x509.UniformResourceIdentifier(san)
        return x509.RFC822Name(san) if "@" in san else x509.DNSName(san)


def _as_pem(make: Callable[P, x509.CertificateSigningRequest | x509.Certificate]) -> Callable[P, str]:
    """*make*, with the same arguments, answering PEM."""

    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> str:
        return make(*args, **kwargs).public_bytes(Encoding.PEM).decode("ascii")

    return made


def csr(
    cn: str | None = "api.example.com",
    sans: Sequence[str | x509.GeneralName] = ("api.example.com",),
    key: KeyKind | PrivateKey = "ec",
    *,
    ca: bool = False,
    subject: x509.Name | None = None,
    extensions: Sequence[x509.ExtensionType] = (),
    challenge_password: bytes | None = None,
) -> x509.CertificateSigningRequest:
    """A signed certificate request. *subject* goes before *cn*; *extensions* are added, not critical."""
    signer = private_key(key) if isinstance(key, str) else key
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject if subject is not None else name(cn))
    for value, critical in _extensions(sans, ca, extensions):
        builder = builder.add_extension(value, critical=critical)
    if challenge_password is not None:
        builder = builder.add_attribute(x509.oid.AttributeOID.CHALLENGE_PASSWORD, challenge_password)
    return builder.sign(signer, _hash(signer), ecdsa_deterministic=_deterministic(signer))


csr_pem = _as_pem(csr)


def csr_with(attributes: Sequence[tuple[str, bytes]]) -> bytes:
    """A signed certificate request, as DER, with raw *attributes*: dotted OIDs, and the DER of their one value each.

    It has what `cryptography` makes no request with, such as the same attribute twice.
    """
    signer = private_key("ed25519")
    spki = signer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    encoded = b"".join(sorted(tlv(0x30, _oid(oid) + tlv(0x31, value)) for oid, value in attributes))  # a SET OF
    info = tlv(0x30, tlv(0x02, b"\x00") + name().public_bytes() + spki + tlv(0xA0, encoded))
    assert isinstance(signer, ed25519.Ed25519PrivateKey)
    algorithm = tlv(0x30, _oid("1.3.101.112"))
    return tlv(0x30, info + algorithm + tlv(0x03, b"\x00" + signer.sign(info)))


def tlv(tag: int, content: bytes) -> bytes:
    """One DER value: tag, length, content."""
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (length if len(content) < 0x80 else bytes([0x80 + len(length)]) + length) + content


def _oid(dotted: str) -> bytes:
    return encode_der(x509.ObjectIdentifier(dotted))


def certificate(
    cn: str | None = "api.example.com",
    sans: Sequence[str | x509.GeneralName] = ("api.example.com",),
    key: KeyKind | PrivateKey = "ec",
    *,
    ca: bool = False,
    subject: x509.Name | None = None,
    extensions: Sequence[x509.ExtensionType] = (),
    issuer: x509.Name | None = None,
    serial: int = SERIAL,
    not_before: datetime = NOT_BEFORE,
    not_after: datetime = NOT_AFTER,
) -> x509.Certificate:
    """A certificate for *key*, signed by one CA key whatever the *issuer* is called."""
    holder = private_key(key) if isinstance(key, str) else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject if subject is not None else name(cn))
        .issuer_name(issuer if issuer is not None else name("Example Issuing CA", o="Example"))
        .public_key(holder.public_key())
        .serial_number(serial)
        .not_valid_before(not_before)
        .not_valid_after(not_after)
    )
    for value, critical in _extensions(sans, ca, extensions):
        builder = builder.add_extension(value, critical=critical)
    return builder.sign(private_key("ec384"), hashes.SHA256(), ecdsa_deterministic=True)


certificate_pem = _as_pem(certificate)


@cache
def material(operation: Operation = Operation.ISSUE, cn: str = "api.example.com") -> Material:
    """Good material for *operation* about *cn*: equal arguments are about the same object."""
    match operation:
        case Operation.ENROLL | Operation.RE_ENROLL | Operation.ISSUE:
            return parse(operation, csr=csr_pem(cn, (cn,)))
        case Operation.RENEW:
            return parse(operation, certificate=certificate_pem(cn, (cn,), serial=_serial(cn)))
        case Operation.REKEY:
            new = csr_pem(cn, (cn,), private_key("ec", 1))
            return parse(operation, certificate=certificate_pem(cn, (cn,), serial=_serial(cn)), csr=new)
        case Operation.REVOKE:
            old = certificate_pem(cn, (cn,), serial=_serial(cn))
            return parse(operation, certificate=old, reason=RevocationReason.SUPERSEDED)


def _serial(cn: str) -> int:
    return int.from_bytes(b"\x01" + cn.encode()[-18:], "big")


def _extensions(
    sans: Sequence[str | x509.GeneralName], ca: bool, more: Sequence[x509.ExtensionType]
) -> list[tuple[x509.ExtensionType, bool]]:
    found: list[tuple[x509.ExtensionType, bool]] = []
    if sans:
        found.append((x509.SubjectAlternativeName([general_name(san) for san in sans]), False))
    if ca:
        found.append((x509.BasicConstraints(ca=True, path_length=None), True))
    return found + [(value, False) for value in more]


def _hash(key: PrivateKey) -> hashes.SHA256 | None:
    return None if isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey) else hashes.SHA256()


def _deterministic(key: PrivateKey) -> bool | None:
    return True if isinstance(key, ec.EllipticCurvePrivateKey) else None
