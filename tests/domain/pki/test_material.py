"""What is read from CSRs and certificates, what is refused, and what a rekey changes."""

import hashlib
import ipaddress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, mldsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from domain.common.operations import Operation
from domain.pki import (
    MOST_SANS,
    NEEDS,
    BadMaterial,
    Change,
    Key,
    Material,
    RevocationReason,
    SanKind,
    object_key,
    parse,
)
from tests.material_factory import (
    NOT_AFTER,
    NOT_BEFORE,
    SERIAL,
    KeyKind,
    certificate,
    certificate_pem,
    csr,
    csr_pem,
    material,
    name,
    private_key,
    tlv,
)

SAMPLES = Path(__file__).parent / "samples"
"""Made by `openssl req -new -sha1 -newkey rsa:2048 -nodes` and its like: `cryptography` signs nothing so weak any more."""
SAN_OID = x509.SubjectAlternativeName.oid


def issue(given: str | bytes) -> Material:
    return parse(Operation.ISSUE, csr=given)


def refusal(given: str | bytes) -> str:
    with pytest.raises(BadMaterial) as refused:
        issue(given)
    assert refused.value.field == "csr"
    return str(refused.value)


def der(made: x509.CertificateSigningRequest | x509.Certificate) -> bytes:
    return made.public_bytes(Encoding.DER)


# Reading


def test_a_csr_says_what_will_be_signed() -> None:
    usage = x509.KeyUsage(True, False, False, False, True, False, True, False, True)
    more = [
        usage,
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, x509.ObjectIdentifier("1.2.3.4")]),
        x509.PrivateKeyUsagePeriod(NOT_BEFORE, NOT_AFTER),
        x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.5"), b"\x05\x00"),
    ]
    made = csr(subject=name("api.example.com", c="DE", o="Example"), ca=True, extensions=more)
    found = issue(der(made))
    assert found.operation is Operation.ISSUE
    assert found.subject == "CN=api.example.com, O=Example, C=DE"
    assert [[part.type for part in rdn] for rdn in found.subject_rdns] == [["CN"], ["O"], ["C"]]
    assert [san.text for san in found.sans] == ["DNS:api.example.com"]
    assert found.key == Key(algorithm="EC", size=256, curve="P-256")
    assert found.signature_hash == "SHA-256"
    assert found.ca
    assert found.path_length is None
    assert found.key_usage == ("digital signature", "key agreement", "CRL signing", "decipher only")
    assert found.extended_key_usage == ("TLS server", "1.2.3.4")
    assert found.requested_validity == "from 2026-01-01 00:00 UTC until 2027-01-01 00:00 UTC"
    assert [(extension.name, extension.critical) for extension in found.extensions] == [
        ("subjectAltName", False),
        ("basicConstraints", True),
        ("keyUsage", False),
        ("extKeyUsage", False),
        ("privateKeyUsagePeriod", False),
        ("1.2.3.5", False),
    ]
    assert found.csr_sha256 == found.sha256 == hashlib.sha256(der(made)).hexdigest()
    spki = private_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert found.spki_sha256 == hashlib.sha256(spki).hexdigest()
    assert (found.certificate_pem, found.certificate_sha256, found.issuer, found.serial) == (None, None, None, None)
    assert found.changes == ()


def test_a_certificate_says_what_it_is() -> None:
    made = certificate()
    found = parse(Operation.REVOKE, certificate=der(made), reason=RevocationReason.KEY_COMPROMISE)
    assert found.revocation_reason is RevocationReason.KEY_COMPROMISE
    assert found.issuer == "CN=Example Issuing CA, O=Example"
    assert found.serial == "0a:1b:2c:3d:4e:5f"
    assert (found.not_before, found.not_after) == (NOT_BEFORE, NOT_AFTER)
    assert found.certificate_sha256 == found.sha256 == hashlib.sha256(der(made)).hexdigest()
    assert found.changes == ()
    assert found.csr_pem is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [("ec", "EC P-256"), ("ec384", "EC P-384"), ("rsa", "RSA 2048"), ("ed25519", "Ed25519"), ("ed448", "Ed448")],
)
def test_keys_in_words(kind: KeyKind, text: str) -> None:
    found = issue(csr_pem(key=kind))
    assert found.key.text == text
    assert (found.signature_hash is None) == kind.startswith("ed")


def test_other_curves_and_post_quantum_keys() -> None:
    assert issue(csr_pem(key=ec.derive_private_key(7, ec.SECP256K1()))).key.text == "EC secp256k1"
    signer = mldsa.MLDSA65PrivateKey.generate()
    made = x509.CertificateSigningRequestBuilder().subject_name(name()).sign(signer, None)
    assert issue(der(made)).key.text == "ML-DSA-65"


def test_every_kind_of_alternative_name() -> None:
    names: list[str | x509.GeneralName] = [
        "www.example.com",
        "10.0.0.1",
        "2001:db8::1",
        "ops@example.com",
        "https://example.com/x",
        x509.DirectoryName(name("Jane", o="Example")),
        x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4")),
        x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x04jane"),
        x509.OtherName(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"),
        x509.OtherName(x509.ObjectIdentifier("1.2.3"), b"\x0c\x01\xff"),
    ]
    assert [san.text for san in issue(csr_pem(sans=names)).sans] == [
        "DNS:www.example.com",
        "IP:10.0.0.1",
        "IP:2001:db8::1",
        "email:ops@example.com",
        "URI:https://example.com/x",
        "directory name:CN=Jane, O=Example",
        "registered ID:1.2.3.4",
        "other name:UPN jane",
        "other name:1.2.3 #0500",
        "other name:1.2.3 #0c01ff",
    ]
    assert {san.kind for san in issue(csr_pem(sans=names)).sans} == set(SanKind)


def test_alternative_names_alone_are_enough() -> None:
    found = issue(csr_pem(cn=None))
    assert found.subject == ""
    assert found.subject_rdns == ()


@pytest.mark.parametrize(("sample", "weak"), [("sha1-ec", "SHA-1"), ("sha1-rsa", "SHA-1"), ("md5-rsa", "MD5")])
def test_old_signatures_are_checked_all_the_same(sample: str, weak: str) -> None:
    text = (SAMPLES / f"{sample}.csr.pem").read_text()
    found = issue(text)
    assert found.signature_hash == weak
    made = x509.load_pem_x509_csr(text.encode())
    cut = der(made)[:-4] + bytes(octet ^ 1 for octet in der(made)[-4:])
    assert (
        refusal(cut) == "The signature of this CSR does not match its key: it was changed or cut after it was signed."
    )


def test_names_longer_than_they_may_be_are_shown_not_hidden() -> None:
    long = "a" * 200
    assert issue(csr_pem(cn=long)).subject == f"CN={long}"


def test_a_certificate_with_a_negative_serial_number_can_still_be_revoked() -> None:
    serial = SERIAL.to_bytes(6, "big")
    negative = der(certificate()).replace(b"\x02\x06" + serial, b"\x02\x06\x80" + serial[1:])
    found = parse(Operation.REVOKE, certificate=negative, reason=RevocationReason.UNSPECIFIED)
    assert found.serial == "-7f:e4:d3:c2:b1:a1"
    assert object_key(found) != object_key(material(Operation.REVOKE))


# Refusing


@pytest.mark.parametrize(
    ("operation", "field", "sentence"),
    [
        (Operation.ENROLL, "csr", "Paste the certificate request (CSR), as PEM."),
        (Operation.RENEW, "certificate", "Paste the certificate, as PEM."),
        (Operation.REVOKE, "certificate", "Paste the certificate, as PEM."),
    ],
)
def test_what_is_missing_is_asked_for(operation: Operation, field: str, sentence: str) -> None:
    with pytest.raises(BadMaterial) as refused:
        parse(operation, csr=" ", certificate=b"", reason=None)
    assert (refused.value.field, str(refused.value)) == (field, sentence)


def test_a_revocation_needs_a_reason() -> None:
    with pytest.raises(BadMaterial, match="Choose why the certificate is to be revoked") as refused:
        parse(Operation.REVOKE, certificate=certificate_pem())
    assert refused.value.field == "reason"


@pytest.mark.parametrize("operation", Operation)
def test_nothing_is_taken_that_the_operation_does_not_need(operation: Operation) -> None:
    reason = RevocationReason.SUPERSEDED
    new = csr_pem(key=private_key("ec", 1))
    for extra in {"csr", "certificate", "reason"} - set(NEEDS[operation]):
        taken = {*NEEDS[operation], extra}
        with pytest.raises(BadMaterial, match=f"A request to {operation.label} does not need") as refused:
            parse(
                operation,
                csr=new if "csr" in taken else None,
                certificate=certificate_pem() if "certificate" in taken else None,
                reason=reason if "reason" in taken else None,
            )
        assert refused.value.field == extra


def test_a_changed_csr_is_refused() -> None:
    changed = der(csr()).replace(b"api.example.com", b"apl.example.com")
    assert (
        refusal(changed)
        == "The signature of this CSR does not match its key: it was changed or cut after it was signed."
    )


def test_a_csr_for_nobody_is_refused() -> None:
    sentence = "This certificate request has neither a subject nor a subject alternative name."
    assert refusal(csr_pem(cn=None, sans=())) == sentence
    assert refusal(csr_pem(cn=None, sans=(), extensions=[x509.SubjectAlternativeName([])])) == sentence


def test_as_many_alternative_names_as_allowed_and_no_more() -> None:
    names = [f"host-{number}.example.com" for number in range(MOST_SANS + 1)]
    assert len(issue(csr_pem(sans=names[:-1])).sans) == MOST_SANS
    assert refusal(csr_pem(sans=names)) == "This CSR has 501 subject alternative names. The maximum is 500."


def huge_rsa(bits: int) -> bytes:
    """A request with an RSA key of this size, and a signature that is none."""
    numbers = tlv(0x02, b"\x00" + (2**bits - 1).to_bytes(bits // 8, "big")) + tlv(0x02, b"\x01\x00\x01")
    spki = tlv(0x30, bytes.fromhex("300d06092a864886f70d0101010500") + tlv(0x03, b"\x00" + tlv(0x30, numbers)))
    info = tlv(0x30, tlv(0x02, b"\x00") + name().public_bytes() + spki + tlv(0xA0, b""))
    return tlv(0x30, info + bytes.fromhex("300d06092a864886f70d01010b0500") + tlv(0x03, b"\x00" + bytes(bits // 8)))


def test_an_rsa_key_that_nobody_could_use() -> None:
    assert refusal(huge_rsa(32768)) == "This CSR has a key of 32768 bits. The maximum is 16384."
    assert "signature" in refusal(huge_rsa(16384))


def test_extensions_whose_words_are_shown_nowhere_else() -> None:
    networks = [x509.DNSName("example.com"), x509.IPAddress(ipaddress.ip_network("10.0.0.0/8"))]
    more: list[x509.ExtensionType] = [
        x509.TLSFeature([x509.TLSFeatureType.status_request]),
        x509.CertificatePolicies(
            [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in ("2.23.140.1.2.1", "1.2.3")]
        ),
        x509.NameConstraints(networks, [x509.DNSName("x.example.com")]),
        x509.MSCertificateTemplate(x509.ObjectIdentifier("1.2.3.4"), 100, 3),
        x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.5"), b"\x04" + bytes(40)),
    ]
    found = {extension.name: extension.value for extension in issue(csr_pem(extensions=more)).extensions}
    assert found == {
        "subjectAltName": "",
        "tlsFeature": "must staple (an OCSP answer)",
        "certificatePolicies": "domain validated, 1.2.3",
        "nameConstraints": "only DNS:example.com, IP:10.0.0.0/8; not DNS:x.example.com",
        "msCertificateTemplate": "1.2.3.4 100 3",
        "1.2.3.5": "#04" + "00" * 31 + "…",
    }


def test_a_tls_feature_that_has_no_name() -> None:
    feature = x509.UnrecognizedExtension(x509.TLSFeature.oid, bytes.fromhex("3003020163"))
    assert refusal(csr_pem(extensions=[feature])) == (
        "An extension of this CSR cannot be read: it is damaged, duplicated or not supported."
    )


def test_keys_that_cannot_be_in_a_new_certificate() -> None:
    sample = (SAMPLES / "dsa.csr.pem").read_text()
    assert refusal(sample) == "This CSR has a key that is not supported: DSA 1024."


def test_a_certificate_with_an_unusual_key_can_still_be_revoked() -> None:
    builder = x509.CertificateBuilder().subject_name(name()).issuer_name(name("CA")).serial_number(1)
    builder = builder.not_valid_before(NOT_BEFORE).not_valid_after(NOT_AFTER)
    made = builder.public_key(x25519.X25519PrivateKey.generate().public_key()).sign(private_key(), hashes.SHA256())
    found = parse(Operation.REVOKE, certificate=der(made), reason=RevocationReason.UNSPECIFIED)
    assert found.key.text == "X25519"


@pytest.mark.parametrize(
    "value",
    [
        b"\x30\x03\x82\x05a",  # a length that does not fit
        b"\x30\x05\xa3\x03\x04\x01\x00",  # x400Address
        b"\x30\x03\x87\x01\x0a",  # an address of one octet
        b"\x30\x03\x82\x01\xff",  # a DNS name that is not ASCII
        b"",
    ],
)
def test_extensions_that_cannot_be_read(value: bytes) -> None:
    given = csr_pem(sans=(), extensions=[x509.UnrecognizedExtension(SAN_OID, value)])
    assert refusal(given) == ("An extension of this CSR cannot be read: it is damaged, duplicated or not supported.")


def test_unknown_keys_and_signatures_are_said_to_be_so() -> None:
    curve = bytes.fromhex("06082a8648ce3d030107")
    assert "public key" in refusal(der(csr()).replace(curve, bytes.fromhex("06082a8648ce3d030163")))
    ecdsa = bytes.fromhex("06082a8648ce3d040302")
    assert "algorithm that is not supported" in refusal(
        der(csr()).replace(ecdsa, bytes.fromhex("06082a8648ce3d040363"))
    )


# Renewal and rekey


def test_a_renewal_keeps_all_but_what_the_ca_gives_anew() -> None:
    found = parse(Operation.RENEW, certificate=certificate_pem())
    assert found.changes == (
        Change(field="validity", before="2026-01-01 00:00 UTC to 2027-01-01 00:00 UTC", after="new, from the CA"),
        Change(field="serial", before="0a:1b:2c:3d:4e:5f", after="new, from the CA"),
    )


def test_a_rekey_must_bring_a_new_key() -> None:
    with pytest.raises(BadMaterial, match="A rekey needs a new key") as refused:
        parse(Operation.REKEY, certificate=certificate_pem(), csr=csr_pem())
    assert refused.value.field == "csr"


def test_the_same_key_in_another_encoding_is_no_new_key() -> None:
    given = _with_compressed_point(csr())
    assert given != der(csr())
    assert issue(given).spki_sha256 == issue(csr_pem()).spki_sha256
    with pytest.raises(BadMaterial, match="A rekey needs a new key"):
        parse(Operation.REKEY, certificate=certificate_pem(), csr=given)


def _with_compressed_point(made: x509.CertificateSigningRequest) -> bytes:
    """*made*, its key's point written compressed (RFC 5480 section 2.2), signed anew by the same key."""
    public = private_key().public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    algorithm = spki[2 : 4 + spki[3]]
    point = public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    body = made.tbs_certrequest_bytes[2 + (made.tbs_certrequest_bytes[1] & 0x7F) :]
    info = tlv(0x30, body.replace(spki, tlv(0x30, algorithm + tlv(0x03, b"\x00" + point))))
    signer = private_key()
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    signature = signer.sign(info, ec.ECDSA(hashes.SHA256()))
    return tlv(0x30, info + bytes.fromhex("300a06082a8648ce3d040302") + tlv(0x03, b"\x00" + signature))


def test_a_rekey_lists_what_changes() -> None:
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    client = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    old = certificate_pem(sans=("API.example.com", "old.example.com"), extensions=[usage])
    new = csr_pem("api", ("api.example.com", "new.example.com"), "rsa", ca=True, extensions=[client])
    found = parse(Operation.REKEY, certificate=old, csr=new)
    assert found.subject == "CN=api"
    assert found.key.text == "RSA 2048"
    assert found.sha256 == found.csr_sha256
    assert [(change.field, change.before, change.after) for change in found.changes] == [
        ("subject", "CN=api.example.com", "CN=api"),
        ("alternative name", None, "DNS:new.example.com"),
        ("alternative name", "DNS:old.example.com", None),
        ("CA", "no", "yes"),
        ("key algorithm", "EC P-256", "RSA 2048"),
        ("key SHA-256", issue(csr_pem()).spki_sha256, found.spki_sha256),
        ("extended key usage", "TLS server", "TLS client"),
        ("validity", "2026-01-01 00:00 UTC to 2027-01-01 00:00 UTC", "new, from the CA"),
        ("serial", "0a:1b:2c:3d:4e:5f", "new, from the CA"),
    ]


def test_key_usages_that_the_csr_leaves_to_the_ca_are_no_change() -> None:
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    for more in ([], [usage]):
        new = csr_pem(key=private_key("ec", 1), extensions=more)
        found = parse(Operation.REKEY, certificate=certificate_pem(extensions=[usage]), csr=new)
        assert [change.field for change in found.changes] == ["key SHA-256", "validity", "serial"]
