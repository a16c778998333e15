"""What a CSR carries beside its extensions, where things to sign can hide."""

import pytest
from cryptography import x509

from domain.common.operations import Operation
from domain.pki import BadMaterial, Material, parse
from tests.material_factory import csr_pem, csr_with, tlv

PKCS9, MICROSOFT = "1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14"
PAIR = "1.3.6.1.4.1.311.13.2.1"


def issue(given: str | bytes) -> Material:
    return parse(Operation.ISSUE, csr=given)


def refusal(given: str | bytes) -> str:
    with pytest.raises(BadMaterial) as refused:
        issue(given)
    assert refused.value.field == "csr"
    return refused.value.message


def names_asked_for(dns: str) -> bytes:
    """The value of an extension request for one DNS name."""
    san = x509.SubjectAlternativeName([x509.DNSName(dns)]).public_bytes()
    return tlv(0x30, tlv(0x30, bytes.fromhex("0603551d11") + tlv(0x04, san)))


def pair(name: str, value: str) -> bytes:
    """An EnrollmentNameValuePair."""
    return tlv(0x30, b"".join(tlv(0x1E, text.encode("utf-16-be")) for text in (name, value)))


def test_extensions_may_be_asked_for_in_the_old_microsoft_way() -> None:
    found = issue(csr_with([(MICROSOFT, names_asked_for("api.example.com"))]))
    assert [san.text for san in found.sans] == ["DNS:api.example.com"]


@pytest.mark.parametrize("second", [PKCS9, MICROSOFT])
def test_extensions_that_are_asked_for_twice_could_hide_one_another(second: str) -> None:
    given = csr_with([(PKCS9, names_asked_for("api.example.com")), (second, names_asked_for("www.evil.example"))])
    assert refusal(given) == "This CSR requests extensions more than once, so it is not clear which ones it wants."


def test_what_microsoft_s_cas_act_upon_is_shown() -> None:
    long = "dns=" + "a" * 100
    asked = [("ValidityPeriod", "Years"), ("ValidityPeriodUnits", "2"), ("SAN", long), ("x\u202e", "")]
    found = issue(csr_with([(PAIR, pair(*each)) for each in asked]))
    assert set(found.request_attributes) == {*asked[:-1], ("x\\u202e", "")}
    assert found.requested_validity == "2 Years"


@pytest.mark.parametrize(
    "value",
    [
        tlv(0x30, b""),
        tlv(0x30, tlv(0x1E, b"\x00A")),
        tlv(0x30, tlv(0x1E, b"\x00A") + tlv(0x0C, b"A")),
        tlv(0x30, tlv(0x1E, b"\x00A") + tlv(0x1E, b"A")),
        tlv(0x30, tlv(0x1E, b"\x00A") * 3),
        tlv(0x30, tlv(0x1E, b"\x00A") + b"\x1e\x7f\x00A"),
        tlv(0x30, tlv(0x1E, b"\x00A") + b"\x1e\x82\x00"),
        tlv(0x30, b"") * 2,
    ],
)
def test_attributes_that_cannot_be_read(value: bytes) -> None:
    assert refusal(csr_with([(PAIR, value)])) == (
        "An attribute of this CSR cannot be read: it is damaged, or has more than one value."
    )


def test_a_challenge_password_is_noticed_and_not_repeated() -> None:
    found = issue(csr_pem(challenge_password=b"hunter2"))
    assert found.challenge_password
    assert "hunter2" not in found.model_dump_json()
    assert not issue(csr_pem()).challenge_password
