"""The rules of resources: each is kept or broken, breaking it is a note or a refusal, and they are read in one spelling."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from pydantic import ValidationError

from domain.common.operations import Operation
from domain.pki import BadMaterial, Material, NoteKind, RevocationReason, Ruled, Rules, noted, notes, parse
from domain.pki.notes import RULES
from domain.pki.rules.rules import issuer_pin, pin_subject
from tests.material_factory import (
    NOT_BEFORE,
    KeyKind,
    certificate,
    certificate_pem,
    csr_pem,
    csr_with,
    material,
    name,
    private_key,
    private_key_pem,
)

NOW = NOT_BEFORE + timedelta(days=30)
CA_NAME = name("Example Issuing CA", o="Example")
CA_KEY = private_key("ec384")


def ca_pem(subject: x509.Name = CA_NAME, key: Any = CA_KEY) -> str:
    return certificate_pem(subject=subject, issuer=subject, key=key, sans=(), ca=True)


def web(on_violation: str = "warn", **rules: Any) -> Ruled:
    """A resource with these rules, each of which allows what is given, or is there at all where that is True."""
    parts = {
        name: {"on_violation": on_violation} | ({} if value is True else {"most" if name == "most_names" else "allow": value})
        for name, value in rules.items()
    }  # fmt: skip
    return Ruled(resource="Public web", rules=Rules.model_validate(parts))


def issue(*sans: str | x509.GeneralName, cn: str = "api.example.com", key: KeyKind = "ec", **more: Any) -> Material:
    return parse(Operation.ISSUE, csr=csr_pem(cn, sans or (cn,), key, **more))


def said(found: Material, *resources: Ruled) -> list[str]:
    return [note.text for note in noted(found, NOW, resources)]


SAN_BESIDE = csr_with(
    [
        (
            "1.3.6.1.4.1.311.13.2.1",
            bytes.fromhex("301c" + "1e06" + "00530041004e" + "1e12") + "dns=*.b.c".encode("utf-16-be"),
        )
    ]
)


@pytest.mark.parametrize(
    ("rules", "kept", "broken", "sentence"),
    [
        (
            {"keys": ["EC P-256", "RSA 3072+"]},
            issue(),
            issue(key="rsa"),
            "“Public web” does not allow the key RSA 2048, only EC P-256, RSA 3072+.",
        ),
        (
            {"dns_names": ["*.example.com"]},
            issue("www.example.com"),
            issue("a.b.example.com", "www.example.com", "evil.org"),
            "“Public web” does not allow the DNS names a.b.example.com, evil.org, only *.example.com.",
        ),
        (
            {"dns_names": ["*.example.com"]},
            parse(Operation.ISSUE, csr=csr_pem("Jane Doe", ())),
            parse(Operation.ISSUE, csr=csr_pem("evil.org", ())),
            "“Public web” does not allow the DNS name evil.org, only *.example.com.",
        ),
        (
            {"dns_names": ["**.example.com"]},
            issue(),
            parse(Operation.ISSUE, csr=SAN_BESIDE),
            "“Public web” does not allow the DNS name *.b.c, only **.example.com.",
        ),
        (
            {"email_addresses": ["*@example.com"]},
            issue("jane@example.com"),
            issue("jane@example.org"),
            "“Public web” does not allow the e-mail address jane@example.org, only *@example.com.",
        ),
        (
            {"email_addresses": ["*@example.com"]},
            parse(Operation.ISSUE, csr=csr_pem("jane@example.com", ())),
            parse(Operation.ISSUE, csr=csr_pem("jane@example.org", ())),
            "“Public web” does not allow the e-mail address jane@example.org, only *@example.com.",
        ),
        (
            {"ip_addresses": ["10.0.0.0/8"]},
            issue("10.2.3.4"),
            issue("192.168.0.1", x509.DNSName("172.16.0.1")),
            "“Public web” does not allow the IP addresses 192.168.0.1, 172.16.0.1, only 10.0.0.0/8.",
        ),
        (
            {"subject": {"O": ["Example*"], "C": ["DE", "AT"]}},
            issue(subject=name(o="Example GmbH", c="DE")),
            issue(subject=name(o="Evil Corp", c="US")),
            "“Public web” does not allow C=US, O=Evil Corp in the subject, only C=DE, C=AT, O=Example*.",
        ),
        (
            {"name_kinds": ["dns", "ip"]},
            issue("www.example.com", "10.0.0.1"),
            issue("https://example.com/x"),
            "“Public web” does not allow URI:https://example.com/x, only names of these kinds: DNS, IP.",
        ),
        (
            {"name_kinds": ["dns"]},
            issue(),
            parse(Operation.ISSUE, csr=SAN_BESIDE),
            "“Public web” does not allow SAN = dns=*.b.c, only names of these kinds: DNS.",
        ),
        (
            {"most_names": 2},
            issue("a.example.com", "b.example.com"),
            issue("a.example.com", "b.example.com", "c.example.com"),
            "“Public web” allows at most 2 alternative names, and this request has 3.",
        ),
        (
            {"no_wildcards": True},
            issue(),
            issue("*.example.com"),
            "“Public web” does not allow wildcards: *.example.com.",
        ),
        (
            {"no_ca_certificates": True},
            issue(),
            issue(ca=True),
            "“Public web” does not allow certificates for CAs (CA:TRUE).",
        ),
        (
            {"issuers": [ca_pem()]},
            material(Operation.RENEW),
            parse(Operation.RENEW, certificate=certificate_pem(issuer=name("Other CA"))),
            "“Public web” does not know the CA that issued this certificate: CN=Other CA.",
        ),
    ],
)
def test_a_rule_is_kept_or_broken(rules: dict[str, Any], kept: Material, broken: Material, sentence: str) -> None:
    assert said(kept, web(**rules)) == []
    assert said(broken, web(**rules)) == [sentence]
    with pytest.raises(BadMaterial) as refused:
        noted(broken, NOW, [web("refuse", **rules)])
    assert refused.value.message == sentence
    assert refused.value.field == ("certificate" if "issuers" in rules else "csr")
    assert said(broken) == []


def test_every_rule_of_a_resource_has_its_row_in_the_table() -> None:
    assert {rule.of for rule in RULES} == {"material", "record", *Rules.model_fields}


def test_every_resource_is_heard_and_refusals_are_told_together() -> None:
    wild = issue("*.evil.org")
    strict, mild = web("refuse", dns_names=["*.example.com"], no_wildcards=True), web(keys=["Ed25519"])
    assert [note.kind for note in noted(wild, NOW, [mild])] == [NoteKind.KEY_NOT_ALLOWED]
    with pytest.raises(
        BadMaterial, match=r"^“Public web” does not allow the DNS name .* “Public web” does not allow wildcards"
    ):
        noted(wild, NOW, [mild, strict])


def test_notes_stand_out_with_the_others() -> None:
    wild = issue("*.intranet", cn="*.intranet")
    found = notes(wild, NOW, noted(wild, NOW, [web(no_wildcards=True)]))
    assert [note.kind for note in found] == [NoteKind.WILDCARD_NOT_ALLOWED, NoteKind.WILDCARD, NoteKind.PRIVATE_NAME]


@pytest.mark.parametrize("operation", [Operation.RENEW, Operation.REKEY, Operation.REVOKE])
def test_what_was_revoked_already_is_noted(operation: Operation) -> None:
    [note] = noted(material(operation), NOW, [], "REQ-7")
    assert (note.kind, note.severity) == (NoteKind.REVOKED, "warning")
    assert note.text == "Today's certificate was revoked already, by REQ-7."
    assert noted(material(operation), NOW, []) == ()


def test_a_revocation_breaks_no_rule_about_what_is_signed() -> None:
    everything = web("refuse", keys=["Ed25519"], dns_names=["evil.org"], most_names=0, name_kinds=["ip"])
    assert said(material(Operation.REVOKE), everything) == []
    with pytest.raises(BadMaterial) as refused:
        noted(material(Operation.RENEW), NOW, [everything])
    assert refused.value.field == "certificate"


def with_key_id(identifier: bytes) -> Material:
    extension = x509.AuthorityKeyIdentifier(identifier, None, None)
    found = certificate_pem(extensions=[extension])
    return parse(Operation.REVOKE, certificate=found, reason=RevocationReason.SUPERSEDED)


def test_issuers_by_certificate_subject_and_key_identifier() -> None:
    ours = material(Operation.RENEW)
    impostor = ca_pem(key=private_key("ec", 5))
    assert said(ours, web(issuers=[ca_pem()])) == []
    assert len(said(ours, web(issuers=[impostor]))) == 1, "the name is right, and the signature is not"
    assert said(ours, web(issuers=["cn=example issuing ca,O=Example"])) == []
    assert len(said(ours, web(issuers=["O=Example, CN=Example Issuing CA"]))) == 1
    assert said(with_key_id(b"\x0a\x1b"), web(issuers=["key-id:0A1B"])) == []
    assert len(said(with_key_id(b"\x0a\x1c"), web(issuers=["key-id:0a:1b"]))) == 1
    assert len(said(ours, web(issuers=["key-id:0a:1b"]))) == 1
    assert said(ours, web(issuers=[impostor, "key-id:0a", "CN=Example Issuing CA, O=Example"])) == []


def test_pins_have_one_spelling() -> None:
    assert issuer_pin("CN=A,O=B") == issuer_pin("  CN=A,   O=B ") == "CN=A, O=B"
    assert issuer_pin("CN=A\\, Inc,O=B") == "CN=A\\, Inc, O=B"
    assert issuer_pin("KEY-ID: 0A:1b") == issuer_pin("key-id:0a1b") == "key-id:0a:1b"
    assert issuer_pin(ca_pem().replace("\n", "\r\n")) == ca_pem()
    assert pin_subject(ca_pem()) == "CN=Example Issuing CA, O=Example"
    assert pin_subject("CN=A, O=B") is None


@pytest.mark.parametrize(
    "pin",
    ["", "nobody", "key-id:", "key-id:xyz", "key-id:0", "CN=\u202eA", private_key_pem(), ca_pem()[:200], csr_pem(), "=" * 9000],
)  # fmt: skip
def test_what_names_no_ca_is_refused_and_not_repeated(pin: str) -> None:
    with pytest.raises(ValueError, match=r"^(is not|does not name|must) ") as refused:
        issuer_pin(pin)
    assert "PRIVATE" not in str(refused.value)
    assert pin[30:60] not in str(refused.value) or not pin[30:60]


@pytest.mark.parametrize(
    "rules",
    [
        {"keys": {"allow": ["EC"]}},
        {"keys": {"allow": [], "on_violation": "warn"}},
        {"keys": {"allow": ["EC"], "on_violation": "panic"}},
        {"most_names": {"most": -1, "on_violation": "warn"}},
        {"most_names": {"most": 501, "on_violation": "warn"}},
        {"no_wildcards": {"allow": ["x"], "on_violation": "warn"}},
        {"subject": {"allow": {}, "on_violation": "warn"}},
        {"subject": {"allow": {"O": ["a"], "o": ["b"]}, "on_violation": "warn"}},
        {"dns_names": {"allow": ["a.de"] * 101, "on_violation": "warn"}},
        {"names": {"on_violation": "warn"}},
    ],
)
def test_impossible_rules_cannot_be_built(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rules.model_validate(rules)


def test_rules_survive_json_and_no_rules_are_none() -> None:
    rules = web("refuse", keys=["EC"], subject={"o": ["x"]}, most_names=0, issuers=[ca_pem()], no_wildcards=True).rules
    assert Rules.model_validate_json(rules.model_dump_json(exclude_none=True)) == rules
    assert rules
    assert not Rules()


def test_a_certificate_of_the_factory_is_from_its_ca() -> None:
    certificate().verify_directly_issued_by(x509.load_pem_x509_certificate(ca_pem().encode()))
