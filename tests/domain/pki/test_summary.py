"""Names as people see them: nothing hides, and what differs looks different."""

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from domain.common.operations import Operation
from domain.pki import Material, parse, visible
from domain.pki.summary import dn, rdns, sans, unicode_form
from tests.material_factory import csr_pem, name

TEXT = st.text(st.characters() | st.sampled_from("\\uU0123456789abcdef \u202e\u200b"))


def issue(subject: x509.Name | None = None, *sans: str) -> Material:
    return parse(Operation.ISSUE, csr=csr_pem(subject=subject, sans=sans))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("api.example.com", "api.example.com"),
        ("Müller Straße 東京", "Müller Straße 東京"),
        ("moc.elpmaxe\u202e.api", "moc.elpmaxe\\u202e.api"),
        ("a\u2066b\u2069", "a\\u2066b\\u2069"),
        ("a\x00.evil.example", "a\\u0000.evil.example"),
        ("two\r\nlines\t", "two\\u000d\\u000alines\\u0009"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("no\u00a0break", "no\\u00a0break"),
        ("blank\u3164\u2800\ufe0f", "blank\\u3164\\u2800\\ufe0f"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("half\ud800", "half\\ud800"),
        (" edge ", "\\u0020edge\\u0020"),
        ("  ", "\\u0020\\u0020"),
        ("not \\u202e", "not \\u005cu202e"),
        ("DOMAIN\\jane", "DOMAIN\\jane"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(TEXT, TEXT)
def test_different_texts_are_shown_differently(one: str, other: str) -> None:
    assert (visible(one) == visible(other)) == (one == other)
    assert visible(one).isprintable()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a, b+c", "CN=a\\, b\\+c"),
        ('"<;>" \\ =', 'CN=\\"\\<\\;\\>\\" \\\\ ='),
        ("#1", "CN=\\#1"),
        (" a ", "CN=\\ a\\ "),
        (" ", "CN=\\ "),
        ("a\u202eb", "CN=a\\u202eb"),
        ("a\\u202eb", "CN=a\\\\u202eb"),
    ],
)
def test_subjects_as_rfc_4514_writes_them(value: str, shown: str) -> None:
    assert dn(name(value)) == shown


@given(TEXT.filter(bool), TEXT.filter(bool))
def test_different_subjects_are_written_differently(one: str, other: str) -> None:
    first, second = (x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, text)]) for text in (one, other))
    assert (dn(first) == dn(second)) == (one == other)


def test_parts_that_stand_together_and_parts_without_a_name() -> None:
    together = x509.RelativeDistinguishedName(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "Jane"),
            x509.NameAttribute(x509.ObjectIdentifier("1.2.3.4"), "7"),
        ]
    )
    country = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COUNTRY_NAME, "DE")])
    found = x509.Name([country, together])
    assert dn(found) == "CN=Jane+1.2.3.4=7, C=DE"
    assert [[(part.type, part.oid, part.value) for part in rdn] for rdn in rdns(found)] == [
        [("CN", "2.5.4.3", "Jane"), ("1.2.3.4", "1.2.3.4", "7")],
        [("C", "2.5.4.6", "DE")],
    ]


def test_bits_in_a_name_are_hex() -> None:
    bits = x509.NameAttribute(NameOID.X500_UNIQUE_IDENTIFIER, b"\x0a\xff", x509.name._ASN1Type.BitString)
    assert dn(x509.Name([bits])) == "2.5.4.45=#0aff"
    assert rdns(x509.Name([bits]))[0][0].value == "#0aff"


def test_hidden_characters_do_not_hide_in_a_request() -> None:
    found = issue(name("x\u202emoc.elpmaxe"), "a\x00b.example")
    assert found.subject == "CN=x\\u202emoc.elpmaxe"
    assert found.subject_rdns[0][0].value == "x\\u202emoc.elpmaxe"
    assert found.sans[0].value == "a\\u0000b.example"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("api.example.com", None),
        ("xn--mnchen-3ya.example", "münchen.example"),
        ("*.XN--mnchen-3ya.example", "*.münchen.example"),
        ("ops@xn--mnchen-3ya.example", "ops@münchen.example"),
        ("xn--.example", ".example"),
        ("xn--\x00.example", None),
        ("xn--99999999.example", None),
        ("xn--" + "a" * 60 + ".example", None),
    ],
)
def test_international_names(value: str, shown: str | None) -> None:
    assert unicode_form(value) == shown


def test_an_international_name_stands_beside_its_ascii_form() -> None:
    found = issue(None, "xn--mnchen-3ya.example", "plain.example", "ops@xn--mnchen-3ya.example").sans
    assert [san.unicode for san in found] == ["münchen.example", None, "ops@münchen.example"]


@pytest.mark.parametrize(
    ("uri", "unicode"),
    [
        ("https://XN--mnchen-3ya.example/a?b", "https://münchen.example/a?b"),
        ("https://jane@xn--mnchen-3ya.example:8443", "https://jane@münchen.example:8443"),
        ("https://example.com/xn--mnchen-3ya", None),
        ("urn:xn--mnchen-3ya", None),
        ("https://[xn--mnchen-3ya", None),
    ],
)
def test_an_international_host_in_a_uri(uri: str, unicode: str | None) -> None:
    [found] = sans([x509.UniformResourceIdentifier(uri)])
    assert found.unicode == unicode
