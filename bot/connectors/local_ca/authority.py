"""The key and the certificate of a local CA."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

CaKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Hash = hashes.SHA256 | hashes.SHA384

KEYS: Final[Mapping[str, Callable[[], CaKey]]] = {
    "ec-p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ec-p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "rsa-3072": lambda: rsa.generate_private_key(65537, 3072),
    "rsa-4096": lambda: rsa.generate_private_key(65537, 4096),
}
"""The kinds of key that a CA may have."""
BACKDATED: Final = timedelta(minutes=1)
"""What is issued is valid from a little before, for clocks that are a little behind."""


@dataclass(frozen=True, slots=True)
class Authority:
    """What signs. Its key never leaves the process, and is shown nowhere."""

    certificate: x509.Certificate
    key: CaKey

    def __repr__(self) -> str:
        return f"Authority({self.certificate.subject.rfc4514_string()!r})"

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode("ascii")

    @property
    def hash(self) -> Hash:
        return hash_for(self.key)

    @property
    def key_identifier(self) -> x509.AuthorityKeyIdentifier:
        """What certificates and revocation lists of this CA name it by (RFC 5280 section 4.2.1.1)."""
        own = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)

    def issued(self, certificate: x509.Certificate) -> bool:
        """Whether *certificate* carries this CA's name and signature."""
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (
            ValueError,
            TypeError,
            InvalidSignature,
        ):  # another name, another kind of key, a signature that does not hold
            return False
        return True


def found(subject: x509.Name, key: CaKey, at: datetime, lasts: timedelta) -> Authority:
    """A new CA: a certificate for *key*, signed with it, which may sign end entities' certificates and revocation lists only."""
    begins = at.replace(microsecond=0) - BACKDATED
    public = key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + lasts)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_signs(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    return Authority(builder.sign(key, hash_for(key)), key)


def hash_for(key: CaKey) -> Hash:
    """What *key* signs with: as strong as it is."""
    strong = isinstance(key, ec.EllipticCurvePrivateKey) and key.key_size > 256
    return hashes.SHA384() if strong else hashes.SHA256()


def _signs() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
