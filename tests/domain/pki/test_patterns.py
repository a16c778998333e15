"""What a resource allows: how patterns are written, and what they match; never in more time than their lengths multiplied."""

import fnmatch
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pki import Key
from domain.pki.rules.patterns import (
    attribute_type,
    dns_matches,
    dns_pattern,
    email_matches,
    email_pattern,
    globs,
    key_matches,
    key_pattern,
    network,
    network_holds,
    value_matches,
    value_pattern,
)

LETTERS = st.text("ab*", max_size=8)


@given(LETTERS, st.text("ab", max_size=8))
def test_a_star_stands_for_any_characters(pattern: str, text: str) -> None:
    assert globs(pattern, text) == fnmatch.fnmatchcase(text, pattern)


def test_many_stars_take_no_longer_than_their_number() -> None:
    steps = 0

    class Counted(str):
        __slots__ = ()

        def __getitem__(self, place: object) -> str:
            nonlocal steps
            steps += 1
            return str.__getitem__(self, place)  # type: ignore[index]  # whatever str takes

    assert not globs(Counted("*a" * 100 + "b"), "a" * 200)
    assert steps < 3 * 201 * 200


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("example.com", ["example.com", "EXAMPLE.com", "example.com."], ["www.example.com", "example.org", "xexample.com"]),
        (
            "*.example.com",
            ["www.example.com", "*.example.com", "xn--mnchen-3ya.example.com"],
            ["example.com", "a.b.example.com", "*.b.example.com", ".example.com", "www.example.com.evil.org"],
        ),
        ("**.example.com", ["www.example.com", "a.b.c.example.com", "*.b.example.com"], ["example.com", "wexample.com"]),
        ("web-*.example.com", ["web-1.example.com", "web-.example.com"], ["www.example.com", "*.example.com"]),
        ("*.*.example.com", ["a.b.example.com"], ["b.example.com", "a.b.c.example.com"]),
        ("**.example.com", [], ["a\\u0000.example.com", "a b.example.com", "ä.example.com", "a..example.com", ""]),
    ],
)  # fmt: skip
def test_dns_names(pattern: str, inside: list[str], outside: list[str]) -> None:
    assert dns_pattern(pattern) == pattern
    assert [name for name in inside if not dns_matches(pattern, name)] == []
    assert [name for name in outside if dns_matches(pattern, name)] == []


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("*@example.com", ["jane@example.com", "Jane@EXAMPLE.com"], ["jane@www.example.com", "example.com", "@b.org"]),
        ("jane@**.example.com", ["jane@a.b.example.com"], ["john@a.example.com", "jane@example.com"]),
        ("*@example.com", [], ["evil@evil.org@example.org", "jane@example.com@evil.org"]),
    ],
)
def test_email_addresses(pattern: str, inside: list[str], outside: list[str]) -> None:
    assert email_pattern(pattern.upper()) == pattern
    assert [name for name in inside if not email_matches(pattern, name)] == []
    assert [name for name in outside if email_matches(pattern, name)] == []


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("10.0.0.0/8", ["10.1.2.3", "10.0.0.0/16"], ["11.0.0.1", "10.0.0.0/7", "::1", "x"]),
        ("2001:db8::/32", ["2001:db8::1"], ["2001:db9::1", "10.0.0.1"]),
        ("10.0.0.1/32", ["10.0.0.1"], ["10.0.0.2"]),
    ],
)
def test_addresses(pattern: str, inside: list[str], outside: list[str]) -> None:
    assert network(pattern) == pattern
    assert [one for one in inside if not network_holds(pattern, one)] == []
    assert [one for one in outside if network_holds(pattern, one)] == []


RSA2048, RSA3072, RSA4096 = (Key(algorithm="RSA", size=size) for size in (2048, 3072, 4096))
P256 = Key(algorithm="EC", size=256, curve="P-256")
K256 = Key(algorithm="EC", size=256, curve="secp256k1")
ED = Key(algorithm="Ed25519")
KEYS = [RSA2048, RSA3072, RSA4096, P256, K256, ED]


@pytest.mark.parametrize(
    ("written", "pattern", "matching"),
    [
        ("rsa", "RSA", [RSA2048, RSA3072, RSA4096]),
        ("RSA  3072", "RSA 3072", [RSA3072]),
        ("RSA 3072+", "RSA 3072+", [RSA3072, RSA4096]),
        ("rsa 2048-3072", "RSA 2048-3072", [RSA2048, RSA3072]),
        ("ec p-256", "EC P-256", [P256]),
        ("EC", "EC", [P256, K256]),
        ("ec SECP256K1", "EC secp256k1", [K256]),
        ("ed25519", "Ed25519", [ED]),
        ("ML-DSA-65", "ML-DSA-65", []),
        ("dsa 2048+", "DSA 2048+", []),
    ],
)
def test_keys(written: str, pattern: str, matching: list[Key]) -> None:
    assert key_pattern(written) == pattern == key_pattern(pattern)
    assert [key for key in KEYS if key_matches(pattern, key)] == matching


def test_values_of_a_subject() -> None:
    assert value_matches("Example*", "EXAMPLE GmbH")
    assert not value_matches("Example", "Example GmbH")
    assert value_pattern("  Example ") == "Example"


@pytest.mark.parametrize(
    ("given", "meant"), [("o", "O"), ("EMAILADDRESS", "emailAddress"), ("2.5.4.10", "O"), ("1.2.3.4", "1.2.3.4")]
)
def test_parts_of_a_subject(given: str, meant: str) -> None:
    assert attribute_type(given) == meant


@pytest.mark.parametrize(
    ("read", "texts"),
    [
        (dns_pattern, ["", ".", "**", "a..b", "*.münchen.de", "**a.de", "a.**.de", "-a.de", "a_-.de", "x" * 64, "[a-z].de"]),
        (email_pattern, ["example.com", "@example.com", "a b@example.com", "a@", "*@**"]),
        (network, ["10.0.0.1/8", "10.0.0.0/33", "example.com", ""]),
        (key_pattern, ["", "RSA 3072 bits", "RSA big", "RSA 4096-2048", "EC P-257", "Ed25519 256", "X25519", "RSA 3072++"]),
        (attribute_type, ["", "Organisation", "1", "1.2.", "3.2.1"]),
        (value_pattern, ["", "  ", "a\u202eb", "a\nb", "x" * 254]),
    ],
)  # fmt: skip
def test_what_is_no_pattern_is_refused(read: Callable[[str], str], texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(ValueError, match=r"^(is not|must) "):
            read(text)
