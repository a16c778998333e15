"""Whatever is given, there is Material or BadMaterial: no other exception, no warning, nothing of a private key."""

from unittest.mock import patch

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.common.operations import Operation
from domain.pki import BadMaterial, Material, RevocationReason, notes, object_key, parse, parsing
from domain.pki.pasted import pem
from tests.material_factory import NOT_AFTER, NOT_BEFORE, certificate, csr, csr_with, name, private_key

SANS: list[str | x509.GeneralName] = [
    "api.example.com",
    "xn--mnchen-3ya.example",
    "10.0.0.1",
    "ops@example.com",
    "https://example.com/x",
    x509.DirectoryName(name("Jane", o="Example")),
    x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4")),
    x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x04jane"),
]
EXTENSIONS = [
    x509.KeyUsage(True, False, False, False, True, False, False, True, False),
    x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
    x509.PrivateKeyUsagePeriod(NOT_BEFORE, NOT_AFTER),
    x509.NameConstraints([x509.DNSName("example.com")], None),
]
SUBJECT = name("api.example.com", o="Müller", c="DE")
CSRS = [
    csr(sans=SANS, subject=SUBJECT, extensions=EXTENSIONS, challenge_password=b"hunter2").public_bytes(Encoding.DER),
    csr(key=private_key("ec", 1)).public_bytes(Encoding.DER),
    csr(key="rsa", ca=True).public_bytes(Encoding.DER),
    csr_with([("1.3.6.1.4.1.311.13.2.1", bytes.fromhex("300c1e0600530041004e1e020061"))]),
]
CERTIFICATES = [
    certificate(sans=SANS, subject=SUBJECT, extensions=EXTENSIONS).public_bytes(Encoding.DER),
    certificate(key="ed25519").public_bytes(Encoding.DER),
]
PRIVATE_KEYS = [
    private_key("rsa").private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    private_key("ec").private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    private_key("ec").private_bytes(Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")),
]
TAGS = [0x03, 0x04, 0x06, 0x0C, 0x13, 0x16, 0x1C, 0x1E, 0x30, 0x31, 0x80, 0x82, 0x86, 0x87, 0xA0, 0xA3, 0xA5]
FUZZ = settings(max_examples=250)


@st.composite
def damaged(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    """One of *originals* with a few octets changed, lost or added."""
    octets = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(octets) - 1))
        cut = draw(st.sampled_from([1, 1, 1, 1, 0, 2, 8]))
        octets[at : at + cut] = draw(st.sampled_from(TAGS).map(lambda tag: bytes([tag])) | st.binary(max_size=3))
    return bytes(octets)


def as_text(der: bytes, label: str) -> str:
    return pem(label, der)


def material_or_refusal(
    operation: Operation, csr: str | bytes | None, certificate: str | bytes | None, reason: RevocationReason | None
) -> Material | None:
    try:
        found = parse(operation, csr=csr, certificate=certificate, reason=reason)
    except BadMaterial as caught:
        refused = caught
    else:
        check(found)
        return found
    assert refused.field in {"csr", "certificate", "reason"}
    assert 20 < len(refused.message) < 200
    assert refused.message.endswith(".")
    return None


def check(found: Material) -> None:
    """It can be kept and found again, and nothing in what is shown is invisible."""
    kept = Material.model_validate_json(found.model_dump_json())
    assert kept == found
    assert object_key(kept) == object_key(found)
    shown = [
        found.subject,
        found.issuer or "",
        *(san.text for san in found.sans),
        *(note.text for note in notes(kept, NOT_AFTER)),
    ]
    assert all(text.isprintable() for text in shown)


@FUZZ
@given(damaged(CERTIFICATES), st.booleans())
def test_damaged_certificates(der: bytes, pasted: bool) -> None:
    given = as_text(der, "CERTIFICATE") if pasted else der
    material_or_refusal(Operation.REVOKE, None, given, RevocationReason.SUPERSEDED)
    material_or_refusal(Operation.RENEW, None, given, None)


@FUZZ
@given(damaged(CSRS), st.booleans())
def test_damaged_requests(der: bytes, pasted: bool) -> None:
    found = material_or_refusal(Operation.ISSUE, as_text(der, "CERTIFICATE REQUEST") if pasted else der, None, None)
    assert found is None or der in CSRS, "the signature of a changed request was accepted"


@FUZZ
@given(damaged(CSRS), damaged(CERTIFICATES))
def test_damaged_requests_whose_signature_would_hold(csr: bytes, certificate: bytes) -> None:
    """As if an attacker had signed the damage: what comes after the signature is as robust as what comes before."""
    with patch.object(parsing, "signature_holds", lambda _csr: True):
        material_or_refusal(Operation.ENROLL, csr, None, None)
        material_or_refusal(Operation.REKEY, csr, certificate, None)


@FUZZ
@given(damaged(PRIVATE_KEYS), st.booleans())
def test_damaged_private_keys(der: bytes, pasted: bool) -> None:
    given = as_text(der, "CERTIFICATE REQUEST") if pasted else der
    assert material_or_refusal(Operation.ISSUE, given, None, None) is None


LINES = st.sampled_from(
    [
        "-----BEGIN CERTIFICATE REQUEST-----",
        "-----END CERTIFICATE REQUEST-----",
        "-----BEGIN CERTIFICATE-----",
        "-----END CERTIFICATE-----",
        "-----BEGIN EC PRIVATE KEY-----",
        "-----BEGIN -----",
        "MIIB",
        "MAA=",
        "====",
        "\ufeff",
        "\x00",
        "\r\n",
    ]
)
PASTED = st.lists(LINES | st.text(max_size=8), max_size=8).map("\n".join)


@FUZZ
@given(
    st.sampled_from(Operation),
    PASTED | st.binary() | st.none(),
    PASTED | st.binary() | st.none(),
    st.sampled_from([None, *RevocationReason]),
)
def test_anything_at_all(
    operation: Operation, csr: str | bytes | None, certificate: str | bytes | None, reason: RevocationReason | None
) -> None:
    assert material_or_refusal(operation, csr, certificate, reason) is None


@FUZZ
@given(st.text(), st.lists(st.text(st.characters(max_codepoint=127), min_size=1), max_size=5))
def test_names_of_any_characters(organization: str, sans: list[str]) -> None:
    subject = name("api.example.com", o=organization) if organization else name("api.example.com")
    names: list[str | x509.GeneralName] = [x509.DNSName(san) for san in sans]
    made = csr(sans=names, subject=subject)
    found = material_or_refusal(Operation.ISSUE, made.public_bytes(Encoding.DER), None, None)
    assert found is not None
    assert len(found.sans) == len(sans)


@pytest.mark.parametrize("filler", ["-----BEGIN A-----", "BEGIN ", "-", "\\", "A ", "BEGIN A PRIVATE ", "0" * 7 + "\n"])
def test_long_nonsense_is_refused_like_short(filler: str) -> None:
    given = filler * (60_000 // len(filler))
    assert material_or_refusal(Operation.ISSUE, given, None, None) is None
