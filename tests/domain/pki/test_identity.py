"""What binds a decision to its content, and which requests are about the same object."""

import hashlib

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import ValidationError

from domain.common.operations import Operation
from domain.pki import NEEDS, Material, RevocationReason, digest_of, object_key, parse
from tests.material_factory import certificate, certificate_pem, csr_pem, material, name, private_key


def issue(given: str) -> Material:
    return parse(Operation.ISSUE, csr=given)


@pytest.mark.parametrize("operation", Operation)
def test_material_survives_being_kept(operation: Operation) -> None:
    made = material(operation)
    kept = Material.model_validate_json(made.model_dump_json())
    assert kept == made
    assert kept.digest == made.digest
    assert object_key(kept) == object_key(made)
    read_again = parse(operation, csr=made.csr_pem, certificate=made.certificate_pem, reason=made.revocation_reason)
    assert read_again == made


def test_the_digest_is_the_documented_one() -> None:
    der = certificate().public_bytes(Encoding.DER)
    content = b"countersign material v1\x00"
    content += b"\x01" + (6).to_bytes(8, "big") + b"revoke"
    content += b"\x00"
    content += b"\x01" + len(der).to_bytes(8, "big") + der
    content += b"\x01" + (10).to_bytes(8, "big") + b"superseded"
    found = parse(Operation.REVOKE, certificate=certificate_pem(), reason=RevocationReason.SUPERSEDED)
    assert found.digest == hashlib.sha256(content).hexdigest()


def test_every_part_of_the_content_changes_the_digest() -> None:
    values = (None, b"", b"\x00", b"a", b"ab", b"b")
    reasons = (None, *RevocationReason)
    contents = [(o, c, k, r) for o in Operation for c in values for k in values for r in reasons]
    assert len({digest_of(*content) for content in contents}) == len(contents)


def test_material_whose_content_and_digest_differ_cannot_be_built() -> None:
    made = material(Operation.REVOKE)
    other = certificate_pem(serial=99)
    for change in (
        {"digest": "0" * 64},
        {"certificate_pem": other},
        {"revocation_reason": RevocationReason.UNSPECIFIED},
        {"operation": Operation.RENEW},
        {"revocation_reason": None},
        {"csr_pem": csr_pem()},
        {"certificate_pem": None},
    ):
        with pytest.raises(ValidationError):
            made.replace(**change)


def test_enrollments_are_of_a_subject() -> None:
    first = parse(Operation.ENROLL, csr=csr_pem(subject=name("API.example.com", o="Example  GmbH")))
    same = csr_pem(sans=(), key="rsa", subject=name("api.example.com", o=" example gmbh"))
    assert object_key(first) == object_key(parse(Operation.RE_ENROLL, csr=same))
    assert object_key(first).startswith("enroll:")
    other = csr_pem(subject=name("api.example.com", o="Example"))
    assert object_key(first) != object_key(parse(Operation.ENROLL, csr=other))


def test_without_a_subject_the_alternative_names_are_the_subject() -> None:
    def key(*names: str) -> str:
        return object_key(parse(Operation.ENROLL, csr=csr_pem(None, names)))

    assert key("a.example.com", "b.example.com") == key("B.example.com", "a.example.com")
    assert key("a.example.com") != key("b.example.com")


def test_issuing_is_of_a_key_and_a_subject() -> None:
    first = object_key(issue(csr_pem(sans=("a.example.com",))))
    assert first == object_key(issue(csr_pem(sans=("b.example.com",))))
    assert first != object_key(issue(csr_pem(key=private_key("ec", 1))))
    assert first != object_key(issue(csr_pem("www.example.com")))
    assert first != object_key(parse(Operation.ENROLL, csr=csr_pem()))


def test_certificates_are_of_an_issuer_and_a_serial_number() -> None:
    def key(operation: Operation = Operation.RENEW, issuer: str = "CA", serial: int = 1, cn: str = "a") -> str:
        pem = certificate_pem(cn, issuer=name(issuer), serial=serial)
        new = csr_pem(key=private_key("ec", 1)) if operation is Operation.REKEY else None
        reason = RevocationReason.UNSPECIFIED if operation is Operation.REVOKE else None
        return object_key(parse(operation, certificate=pem, csr=new, reason=reason))

    assert key() == key(cn="b")
    assert len({key(), key(issuer="CB"), key(serial=2), key(Operation.REKEY), key(Operation.REVOKE)}) == 5


def test_every_operation_has_what_it_needs_and_its_own_words() -> None:
    assert set(NEEDS) == set(Operation)
    assert Operation.RE_ENROLL.label == "re-enroll"
    assert all("_" not in reason.label for reason in RevocationReason)
