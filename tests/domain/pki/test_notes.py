"""Each rule of the notes speaks when it should, and is silent on ordinary material."""

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from domain.common.operations import Operation
from domain.pki import Material, NoteKind, RevocationReason, notes, parse
from domain.pki.notes import MANY_SANS, RULES
from tests.material_factory import (
    NOT_AFTER,
    NOT_BEFORE,
    PrivateKey,
    certificate_pem,
    csr_pem,
    material,
    name,
    private_key,
)

NOW = NOT_BEFORE + timedelta(days=30)


def issue(cn: str | None = "api.example.com", *sans: str | x509.GeneralName) -> Material:
    return parse(Operation.ISSUE, csr=csr_pem(cn, sans or (() if cn is None else (cn,))))


def texts(found: Material, at: datetime = NOW) -> dict[NoteKind, str]:
    return {note.kind: note.text for note in notes(found, at)}


@pytest.mark.parametrize("operation", Operation)
def test_ordinary_material_has_no_notes(operation: Operation) -> None:
    assert notes(material(operation), NOW) == ()


def test_every_kind_has_exactly_one_rule() -> None:
    assert sorted(rule.kind for rule in RULES) == sorted(NoteKind)


def test_a_wildcard() -> None:
    assert texts(issue("*.example.com")) == {
        NoteKind.WILDCARD: "Wildcard: *.example.com matches every name in its place."
    }


@pytest.mark.parametrize(
    ("key", "note"),
    [
        (private_key("rsa1024"), "Weak key: RSA 1024 has fewer than 2048 bits."),
        (private_key("rsa"), None),
        (ec.derive_private_key(7, ec.SECP192R1()), "Weak key: EC P-192 has fewer than 224 bits."),
        (private_key("ed25519"), None),
    ],
)
def test_weak_keys(key: PrivateKey, note: str | None) -> None:
    assert texts(parse(Operation.ISSUE, csr=csr_pem(key=key))).get(NoteKind.WEAK_KEY) == note


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-1"])
def test_weak_hashes(algorithm: str) -> None:
    found = material().replace(signature_hash=algorithm)
    assert texts(found)[NoteKind.WEAK_HASH] == f"This CSR is signed with {algorithm}, which is broken."


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("api.example.com", False),
        ("intranet", True),
        ("db.corp", True),
        ("printer.local", True),
        ("x.internal", True),
        ("nas.lan", True),
        ("router.home.arpa", True),
        ("*.Corp.", True),
        ("a.test", True),
        ("local.example.com", False),
        ("notlocal", True),
        ("xlocal.example.org", False),
        ("in-addr.arpa", False),
        ("10.0.0.1", False),
    ],
)
def test_private_names(host: str, private: bool) -> None:
    found = parse(Operation.ISSUE, csr=csr_pem(None, (x509.DNSName(host),)))
    assert (NoteKind.PRIVATE_NAME in texts(found)) == private


@pytest.mark.parametrize(
    ("address", "note"),
    [
        ("10.1.2.3", "IP address: 10.1.2.3 (private)."),
        ("9.9.9.9", "IP address: 9.9.9.9."),
        ("fd00::1", "IP address: fd00::1 (private)."),
        ("2620:fe::fe", "IP address: 2620:fe::fe."),
    ],
)
def test_addresses(address: str, note: str) -> None:
    assert texts(issue(None, address))[NoteKind.IP_ADDRESS] == note
    assert texts(issue(None, x509.DNSName(address)))[NoteKind.IP_ADDRESS] == note
    assert texts(issue(address, "api.example.com"))[NoteKind.IP_ADDRESS] == note


def test_names_that_today_s_certificate_does_not_have() -> None:
    new = csr_pem(sans=("api.example.com", "a.example.com", "b.example.com"), key=private_key("ec", 1))
    found = parse(Operation.REKEY, certificate=certificate_pem(), csr=new)
    assert texts(found) == {NoteKind.NEW_SAN: "Not in today's certificate: DNS:a.example.com, DNS:b.example.com."}


def test_what_is_asked_for_beside_the_extensions() -> None:
    found = material().replace(request_attributes=(("SAN", "dns=www.evil.example"),))
    assert texts(found) == {
        NoteKind.REQUEST_ATTRIBUTES: (
            "This CSR also contains attributes that some CAs act on: SAN = dns=www.evil.example."
        )
    }


def test_a_request_to_be_a_ca() -> None:
    found = parse(Operation.ISSUE, csr=csr_pem(ca=True))
    assert texts(found)[NoteKind.CA_REQUESTED] == (
        "This requests a CA certificate (CA:TRUE): its holder could issue certificates."
    )
    limited = x509.BasicConstraints(ca=True, path_length=0)
    found = parse(Operation.ISSUE, csr=csr_pem(extensions=[limited]))
    assert texts(found)[NoteKind.CA_REQUESTED].endswith("certificates, at most 0 deep below it.")


def test_revoking_a_ca() -> None:
    found = parse(Operation.REVOKE, certificate=certificate_pem(ca=True), reason=RevocationReason.CA_COMPROMISE)
    assert texts(found)[NoteKind.CA_REQUESTED] == (
        "This is the certificate of a CA: everything it issued will no longer be trusted."
    )


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(days=15), {}),
        (timedelta(days=14), {NoteKind.EXPIRING: "Today's certificate expires on 2027-01-01, in 14 days."}),
        (timedelta(hours=30), {NoteKind.EXPIRING: "Today's certificate expires on 2027-01-01, in 1 day."}),
        (timedelta(0), {NoteKind.EXPIRING: "Today's certificate expires on 2027-01-01, in 0 days."}),
        (timedelta(seconds=-1), {NoteKind.EXPIRED: "Today's certificate expired on 2027-01-01."}),
    ],
)
def test_the_end_of_today_s_certificate(before: timedelta, expected: dict[NoteKind, str]) -> None:
    assert texts(material(Operation.RENEW), NOT_AFTER - before) == expected


def test_a_common_name_that_is_not_an_alternative_name() -> None:
    assert texts(issue("api.example.com", "www.example.com")) == {
        NoteKind.CN_NOT_IN_SANS: "The common name api.example.com is not among the alternative names."
    }
    assert texts(issue("API.example.com", "api.example.com")) == {}
    assert texts(issue("Jane Doe", "jane@example.com")) == {}


def test_mixed_scripts_and_international_names() -> None:
    mixed = "xn--" + "p\u0430ypal".encode("punycode").decode() + ".example.com"
    assert texts(issue(None, mixed)) == {
        NoteKind.MIXED_SCRIPT: ("Mixes letters of different scripts, which can look alike: p\u0430ypal.example.com."),
        NoteKind.INTERNATIONAL_NAME: f"Internationalised: {mixed} is p\u0430ypal.example.com.",
    }
    for fine in ("münchen", "пример", "東京タワー", "ひらがなabc"):
        ascii_form = "xn--" + fine.encode("punycode").decode() + ".example.com"
        assert NoteKind.MIXED_SCRIPT not in texts(issue(None, ascii_form))
        assert NoteKind.INTERNATIONAL_NAME in texts(issue(None, ascii_form))
        assert texts(issue(ascii_form))[NoteKind.INTERNATIONAL_NAME].count(fine) == 1
        assert NoteKind.INTERNATIONAL_NAME in texts(issue(ascii_form, "other.example.com"))


def test_mixed_scripts_in_the_subject() -> None:
    found = parse(Operation.ISSUE, csr=csr_pem(subject=name("api.example.com", o="Ex\u0430mple")))
    assert NoteKind.MIXED_SCRIPT in texts(found)
    found = parse(Operation.ISSUE, csr=csr_pem(subject=name("api.example.com", o="Example Москва")))
    assert NoteKind.MIXED_SCRIPT not in texts(found)


def test_characters_that_hide() -> None:
    found = parse(Operation.ISSUE, csr=csr_pem(subject=name("api.example.com", o="Ex\u202eample")))
    assert texts(found)[NoteKind.HIDDEN_CHARACTERS] == (
        "Contains invisible characters, shown here as codes: CN=api.example.com, O=Ex\\u202eample."
    )
    found = parse(Operation.ISSUE, csr=csr_pem(subject=name("api.example.com", o="not \\u202e")))
    assert NoteKind.HIDDEN_CHARACTERS not in texts(found)


def test_very_many_names() -> None:
    names = [f"host-{number}.example.com" for number in range(MANY_SANS + 1)]
    assert texts(issue(None, *names))[NoteKind.MANY_SANS] == "There are 101 alternative names in this one certificate."
    assert texts(issue(None, *names[:-1])) == {}


def test_a_challenge_password() -> None:
    found = parse(Operation.ISSUE, csr=csr_pem(challenge_password=b"hunter2"))
    assert texts(found) == {
        NoteKind.CHALLENGE_PASSWORD: "This CSR contains a challenge password. Everybody who sees the CSR can read it."
    }


def test_warnings_come_first_and_long_lists_are_cut_value_by_value() -> None:
    found = notes(issue(None, "intranet", *(f"*.{'a' * 60}.{'b' * 60}{number}.com" for number in range(5))), NOW)
    assert [note.severity for note in found] == ["warning", "info"]
    assert found[0].text.endswith("… and 2 more matches every name in its place.")
    assert len(found[0].text) < 400


def test_a_revocation_is_not_about_the_quality_of_the_key() -> None:
    old = certificate_pem("*.example.com", ("*.example.com", "10.0.0.1"), "rsa1024")
    assert texts(parse(Operation.REVOKE, certificate=old, reason=RevocationReason.SUPERSEDED)) == {}


def test_several_common_names() -> None:
    two = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn) for cn in ("a.example.com", "b.example.com")])
    found = parse(Operation.ISSUE, csr=csr_pem(subject=two, sans=("a.example.com",)))
    assert texts(found)[NoteKind.CN_NOT_IN_SANS] == "The common name b.example.com is not among the alternative names."


def test_the_moment_must_have_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        notes(material(), NOW.replace(tzinfo=None))
