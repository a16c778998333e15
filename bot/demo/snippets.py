"""Certificate requests to paste in the demo, made when it starts."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_COMPANY: Final = "Halvorsen Maritime AS"
_DOMAIN: Final = "halvorsen.example.com"
_WEAK_RSA: Final = 1024  # bits; too few since 2013 (NIST SP 800-131A), and so a note for the approver


class Snippet(NamedTuple):
    """A text with a word about what it is; devslack's page offers it for pasting."""

    label: str
    text: str


def snippets() -> list[Snippet]:
    """Requests of distinct character, each shorter than Slack's 3,000 characters for an input."""
    return [
        Snippet("CSR: Web server", _csr(_server("portal"), _ec_key(), [f"portal.{_DOMAIN}", f"www.{_DOMAIN}"])),
        Snippet("CSR: Wildcard with a weak key", _csr(_server("*.apps"), _weak_key(), [f"*.apps.{_DOMAIN}", f"apps.{_DOMAIN}"])),
        Snippet("CSR: Many names, one internal, one IP address", _csr(_server("fleet"), _ec_key(), *_fleet())),
        Snippet("CSR: Enrollment of an onboard device", _device()),
        Snippet("CSR: VPN gateway with a new key, to rekey its certificate", gateway()),
    ]  # fmt: skip


def _server(host: str) -> x509.Name:
    return _name(
        (NameOID.COUNTRY_NAME, "NO"), (NameOID.ORGANIZATION_NAME, _COMPANY), (NameOID.COMMON_NAME, f"{host}.{_DOMAIN}")
    )


def _name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def _fleet() -> tuple[list[str], list[str]]:
    """The names of a load balancer that has served too many purposes."""
    ships = [
        "astrid",
        "bergljot",
        "dagny",
        "eldrid",
        "frida",
        "gudrun",
        "hild",
        "idunn",
        "jorunn",
        "kari",
        "liv",
        "magnhild",
    ]
    return [f"fleet.{_DOMAIN}", *(f"{ship}.fleet.{_DOMAIN}" for ship in ships), "scheduler.bergen.internal"], [
        "10.20.0.15"
    ]


def _ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _weak_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_WEAK_RSA)


def _sans(names: Sequence[str], addresses: Sequence[str] = ()) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName(
        [*(x509.DNSName(name) for name in names), *(x509.IPAddress(ip_address(address)) for address in addresses)]
    )


def _csr(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    names: Sequence[str],
    addresses: Sequence[str] = (),
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
) -> str:
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(subject)
        .add_extension(_sans(names, addresses), critical=False)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return request.public_bytes(Encoding.PEM).decode()


def _device() -> str:
    subject = _name(
        (NameOID.ORGANIZATION_NAME, _COMPANY),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, "MS Astrid"),
        (NameOID.COMMON_NAME, "bridge-gateway-07"),
        (NameOID.SERIAL_NUMBER, "HM-BG-000731"),
    )
    return _csr(
        subject, _ec_key(), [f"bridge-gateway-07.astrid.fleet.{_DOMAIN}"], usage=ExtendedKeyUsageOID.CLIENT_AUTH
    )


def gateway() -> str:
    """A CSR of the VPN gateway, with a key that is new each time."""
    return _csr(_server("vpn"), _ec_key(), [f"vpn.{_DOMAIN}"])
