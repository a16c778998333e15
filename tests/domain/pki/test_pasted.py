"""However it is pasted or uploaded, the same CSR is the same material; and what is no CSR gets its own sentence."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, serialize_certificates
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from pydantic import ValidationError

from domain.common.operations import Operation
from domain.pki import LARGEST, BadMaterial, Material, RevocationReason, parse
from tests.material_factory import certificate, certificate_pem, csr, csr_pem, private_key, private_key_pem

PEM = csr_pem()
DER = csr().public_bytes(Encoding.DER)
BASE64 = base64.b64encode(DER).decode("ascii")
OPENSSL_TEXT = f"Certificate Request:\n    Data:\n        Version: 1 (0x0)\n        Subject: CN = Müller\n{PEM}"

SPELLINGS = {
    "PEM": PEM,
    "blanks around": f"\n\n  {PEM}  \n\t",
    "Windows line ends": PEM.replace("\n", "\r\n"),
    "old Mac line ends": PEM.replace("\n", "\r"),
    "one line": PEM.replace("\n", " "),
    "indented": PEM.replace("\n", "\n    "),
    "NEW": PEM.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
    "openssl -text": OPENSSL_TEXT,
    "text after": f"{PEM}\nThank you, Jane --- PKI\n",
    "base64": BASE64,
    "base64 in lines": "\n".join(BASE64[at : at + 76] for at in range(0, len(BASE64), 76)),
    "byte order mark": f"\ufeff{PEM}",
    "DER bytes": DER,
    "PEM bytes": PEM.encode(),
    "base64 bytes": BASE64.encode(),
    "UTF-8 with mark": b"\xef\xbb\xbf" + PEM.encode(),
    "UTF-16 from a Windows shell": b"\xff\xfe" + PEM.encode("utf-16-le"),
    "UTF-16, the other way": b"\xfe\xff" + PEM.encode("utf-16-be"),
    "old encoding around": OPENSSL_TEXT.encode("latin-1"),
}


def issue(given: str | bytes | None) -> Material:
    return parse(Operation.ISSUE, csr=given)


def refusal(given: str | bytes | None) -> str:
    with pytest.raises(BadMaterial) as refused:
        issue(given)
    assert refused.value.field == "csr"
    assert str(refused.value) == refused.value.message
    return refused.value.message


def revoke_refusal(given: str | bytes) -> str:
    with pytest.raises(BadMaterial) as refused:
        parse(Operation.REVOKE, certificate=given, reason=RevocationReason.UNSPECIFIED)
    assert refused.value.field == "certificate"
    return refused.value.message


@pytest.mark.parametrize("given", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_every_spelling_is_the_same_material(given: str | bytes) -> None:
    assert issue(given) == issue(PEM)
    assert issue(given).csr_pem == PEM


@pytest.mark.parametrize("label", ["CERTIFICATE", "X509 CERTIFICATE"])
def test_certificates_have_an_old_label_too(label: str) -> None:
    given = certificate_pem().replace("CERTIFICATE", label)
    found = parse(Operation.RENEW, certificate=given)
    assert found.certificate_pem == certificate_pem()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (None, "Paste the certificate request (CSR), as PEM."),
        ("", "Paste the certificate request (CSR), as PEM."),
        (b" \r\n ", "Paste the certificate request (CSR), as PEM."),
        ("A" * (LARGEST + 1), "This is too long to be a certificate request (CSR): the maximum is 64 KiB."),
        (b"\x30" * (LARGEST + 1), "This is too long to be a certificate request (CSR): the maximum is 64 KiB."),
        (PEM + PEM, "This contains more than one PEM block. Provide only the certificate request (CSR)."),
        (
            PEM + certificate_pem(),
            "This contains more than one PEM block. Provide only the certificate request (CSR).",
        ),
        (PEM[:200], "This PEM block is not complete: a part is missing, or its first and last lines do not match."),
        (PEM[100:], "This PEM block is not complete: a part is missing, or its first and last lines do not match."),
        (
            PEM.replace("END CERTIFICATE REQUEST", "END CERTIFICATE"),
            "This PEM block is not complete: a part is missing, or its first and last lines do not match.",
        ),
        (
            "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----",
            "This contains no certificate request (CSR). Provide it as PEM, with its BEGIN and END lines.",
        ),
        (
            "please sign this",
            "This is not a certificate request (CSR) in PEM or base64, or a part was lost or changed when it was copied.",
        ),
        (
            PEM.replace("\n", "\n…", 2),
            "This is not a certificate request (CSR) in PEM or base64, or a part was lost or changed when it was copied.",
        ),
        (BASE64[:-8], "This cannot be read as a CSR: it is damaged, incomplete or something else."),
        (DER + b"\x00", "This cannot be read as a CSR: it is damaged, incomplete or something else."),
        (b"\x30\x80\x00\x00", "This cannot be read as a CSR: it is damaged, incomplete or something else."),
        (certificate_pem(), "This is a certificate. Provide a certificate request (CSR) here."),
        (
            certificate().public_bytes(Encoding.DER),
            "This is a certificate. Provide a certificate request (CSR) here.",
        ),
        (
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
            "This PEM block is a PUBLIC KEY. Provide a certificate request (CSR) here.",
        ),
        (
            b"\xfe\xed\xfe\xed\x00\x00\x00\x02",
            "This is a Java keystore, which can contain a private key. Provide only the certificate request (CSR).",
        ),
    ],
)
def test_what_is_no_csr_gets_its_sentence(given: str | bytes | None, sentence: str) -> None:
    assert refusal(given) == sentence


def test_a_csr_is_no_certificate() -> None:
    sentence = "This is a certificate request (CSR). Provide a certificate here."
    assert revoke_refusal(PEM) == sentence
    assert revoke_refusal(DER) == sentence


def der_key(protection: NoEncryption | BestAvailableEncryption, form: PrivateFormat) -> bytes:
    return private_key().private_bytes(Encoding.DER, form, protection)


SECRET = BestAvailableEncryption(b"correct horse")
PRIVATE = {
    "PKCS#8": private_key_pem(),
    "with its CSR": PEM + private_key_pem(),
    "cut": private_key_pem()[:80],
    "dashes changed by a word processor": private_key_pem().replace("--", "—"),
    "old RSA": private_key("rsa").private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    "encrypted": private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, SECRET),
    "OpenSSH": private_key().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
    "DER": der_key(NoEncryption(), PrivateFormat.PKCS8),
    "encrypted DER": der_key(SECRET, PrivateFormat.PKCS8),
    "SEC1 DER": der_key(NoEncryption(), PrivateFormat.TraditionalOpenSSL),
    "base64": base64.b64encode(der_key(NoEncryption(), PrivateFormat.PKCS8)),
}


@pytest.mark.parametrize("given", PRIVATE.values(), ids=PRIVATE.keys())
def test_a_private_key_is_sent_back_unread(given: str | bytes) -> None:
    assert refusal(given) == (
        "This is a private key. Countersign did not store it, but treat the key as compromised: generate a new one, and paste only "
        "the certificate request (CSR) that you made with that."
    )
    assert revoke_refusal(given) == (
        "This is a private key. Countersign did not store it, but treat the key as compromised: have its certificates revoked, "
        "and paste only the certificate."
    )


def test_a_pkcs12_file_is_named_as_such() -> None:
    key = private_key()
    pfx = serialize_key_and_certificates(b"a", key, certificate(), None, BestAvailableEncryption(b"secret"))
    for given in (pfx, base64.b64encode(pfx)):
        assert (
            revoke_refusal(given)
            == "This is a PKCS#12 file, which can contain a private key. Provide only the certificate."
        )


def bundle(encoding: Encoding) -> bytes:
    return serialize_certificates([certificate()], encoding)


@pytest.mark.parametrize(
    "given", [bundle(Encoding.PEM), bundle(Encoding.DER), base64.b64encode(bundle(Encoding.DER))], ids=["PEM", "DER", "base64"]
)  # fmt: skip
def test_a_bundle_of_certificates_is_named_as_such(given: bytes) -> None:
    sentence = "This is a PKCS#7 file, which can contain several certificates. Provide only the {}."
    assert revoke_refusal(given) == sentence.format("certificate")
    assert refusal(given) == sentence.format("certificate request (CSR)")


def test_what_is_encrypted_is_said_to_be() -> None:
    receiver = x509.load_pem_x509_certificate(certificate_pem(key="rsa").encode())
    enveloped = PKCS7EnvelopeBuilder().set_data(b"x").add_recipient(receiver)
    for encoding in (Encoding.PEM, Encoding.DER):
        sentence = "This is encrypted (CMS). Provide the certificate request (CSR) without encryption."
        assert refusal(enveloped.encrypt(encoding, [])) == sentence
    message = "-----BEGIN PGP MESSAGE-----\n\nhQEMA=\n-----END PGP MESSAGE-----"
    assert revoke_refusal(message) == "This is encrypted (PGP). Provide the certificate without encryption."


def test_nothing_of_what_was_pasted_comes_back() -> None:
    body = private_key_pem().splitlines()[1]
    for given in (private_key_pem(), body, f"-----BEGIN CERTIFICATE REQUEST-----\n{body}", f"x {body}"):
        with pytest.raises(BadMaterial) as refused:
            issue(given)
        assert body[:20] not in str(refused.value)
        assert refused.value.__cause__ is None
        assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_pem_is_kept_in_one_spelling_alone() -> None:
    kept = issue(PEM)
    for other in (PEM.replace("\n", "\r\n"), PEM.strip(), f"\n{PEM}", "", "\n", BASE64):
        with pytest.raises(ValidationError):
            kept.replace(csr_pem=other)


def test_material_is_what_cryptography_reads() -> None:
    assert x509.load_pem_x509_csr((issue(DER).csr_pem or "").encode()) == csr()
