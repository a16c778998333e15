"""Attributes of a CSR besides its subject, key and extensions (RFC 2986 section 4.1) that a CA may act on."""

from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.x509.oid import AttributeOID

from domain.pki.pasted import BadMaterial
from domain.pki.summary import visible

_EXTENSION_REQUESTS: Final = {"1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14"}  # PKCS#9, and Microsoft's older one
_NAME_AND_VALUE: Final = "1.3.6.1.4.1.311.13.2.1"  # szOID_ENROLLMENT_NAME_VALUE_PAIR ([MS-WCCE] section 2.2.2.7.10)
_BMP_STRING: Final = 0x1E


@dataclass(frozen=True, slots=True)
class Attributes:
    """The attributes that an approver should know of."""

    challenge_password: bool
    request_attributes: tuple[tuple[str, str], ...]
    """Names and values that Microsoft's CAs act upon, such as ("SAN", "dns=www.example.com"); made visible."""

    @property
    def validity(self) -> str | None:
        """The validity they ask for, as in "2 Years"; None where they ask for none."""
        found = {name.casefold(): value for name, value in self.request_attributes}
        if "validityperiod" in found and "validityperiodunits" in found:
            return f"{found['validityperiodunits']} {found['validityperiod']}"
        return None


def attributes_of(csr: x509.CertificateSigningRequest) -> Attributes:
    """The attributes of *csr*. Lets `cryptography`'s exceptions through where they do not parse.

    Raises BadMaterial where extensions are asked for twice: `cryptography` reads one of the two, a CA may read the
    other, and what is approved would not be what is executed.
    """
    found = list(csr.attributes)
    if sum(attribute.oid.dotted_string in _EXTENSION_REQUESTS for attribute in found) > 1:
        raise BadMaterial("csr", "This CSR requests extensions more than once, so it is not clear which ones it wants.")
    return Attributes(
        challenge_password=any(attribute.oid == AttributeOID.CHALLENGE_PASSWORD for attribute in found),
        request_attributes=tuple(
            _name_and_value(attribute.value) for attribute in found if attribute.oid.dotted_string == _NAME_AND_VALUE
        ),
    )


def _name_and_value(content: bytes) -> tuple[str, str]:
    """The two BMPStrings of an EnrollmentNameValuePair, whose SEQUENCE header is already off."""
    name, rest = _bmp_string(content)
    value, rest = _bmp_string(rest)
    if rest:
        raise ValueError("more than a name and a value")
    return visible(name), visible(value)


def _bmp_string(der: bytes) -> tuple[str, bytes]:
    """The BMPString at the start of *der*, and what follows it."""
    if len(der) < 2 or der[0] != _BMP_STRING:
        raise ValueError("no BMPString")
    octets_of_length = der[1] & 0x7F if der[1] & 0x80 else 0
    start = 2 + octets_of_length
    length = int.from_bytes(der[2:start], "big") if octets_of_length else der[1]
    if len(der) < start + length:
        raise ValueError("a BMPString that is cut")
    return der[start : start + length].decode("utf-16-be"), der[start + length :]
