"""Hostile input instead of CSRs and certificates: a clear sentence or material that can be kept, and never anything else.

`python -m tests.faults.material --count 100000 --seed 1` prints what was tried, and ends with 1 where something else came out.
"""

import argparse
import base64
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from domain.common.operations import Operation
from domain.pki import BadMaterial, Material, RevocationReason, Ruled, Rules, noted, notes, object_key, parse
from domain.pki.pasted import LARGEST, PRIVATE_KEY, pem
from tests.material_factory import NOT_AFTER, NOT_BEFORE, certificate, csr, csr_with, name, private_key, tlv

SANS: Final[list[str | x509.GeneralName]] = [
    "api.example.com", "*.example.com", "xn--mnchen-3ya.example", "10.0.0.1", "ops@example.com", "https://example.com/x",
    x509.DirectoryName(name("Jane", o="Example")), x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4")),
    x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x04jane"),
]  # fmt: skip
MORE: Final = [
    x509.KeyUsage(True, False, False, False, True, False, False, True, False),
    x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]),
    x509.TLSFeature([x509.TLSFeatureType.status_request]),
    x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.1"), ["https://example.com"])]
    ),
    x509.NameConstraints([x509.DNSName("example.com")], None),
    x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.5"), b"\x05\x00"),
]
SUBJECT: Final = name("api.example.com", o="Müller", c="DE")
SIGNER: Final = private_key("ed25519")
CSRS: Final = [
    csr(sans=SANS, subject=SUBJECT, extensions=MORE, challenge_password=b"hunter2").public_bytes(Encoding.DER),
    csr(key="rsa", ca=True).public_bytes(Encoding.DER),
    csr_with([("1.3.6.1.4.1.311.13.2.1", bytes.fromhex("300c1e0600530041004e1e020061"))]),
]
SIGNED: Final = csr(sans=SANS, subject=SUBJECT, extensions=MORE, key=SIGNER)
CERTIFICATES: Final = [
    certificate(sans=SANS, subject=SUBJECT, extensions=MORE).public_bytes(Encoding.DER),
    certificate(key="ed25519").public_bytes(Encoding.DER),
]
_SECRET: Final = BestAvailableEncryption(b"secret")
_KEY: Final = private_key("ec")
PRIVATE_KEYS: Final = {
    "PRIVATE KEY": _KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    "EC PRIVATE KEY": _KEY.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    "RSA PRIVATE KEY": private_key("rsa").private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    "ENCRYPTED PRIVATE KEY": _KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, _SECRET),
}
_ANY: Final = x509.ObjectIdentifier("1.2.3.4")
_POINT: Final = x509.DistributionPoint(
    [x509.UniformResourceIdentifier("http://example.com/crl")], None, frozenset([x509.ReasonFlags.key_compromise]), None
)
EXTENSIONS: Final = [
    (one.oid, one.public_bytes())
    for one in (
        *MORE[:5],
        x509.SubjectAlternativeName([san for san in SANS if isinstance(san, x509.GeneralName)]),
        x509.BasicConstraints(ca=True, path_length=2),
        x509.PrivateKeyUsagePeriod(NOT_BEFORE, NOT_AFTER),
        x509.MSCertificateTemplate(_ANY, 1, 2),
        x509.CRLDistributionPoints([_POINT]),
        x509.FreshestCRL([_POINT]),
        x509.PolicyConstraints(1, 2),
        x509.InhibitAnyPolicy(3),
        x509.AuthorityKeyIdentifier(b"\x01\x02", None, None),
        x509.SubjectKeyIdentifier(b"\x01\x02"),
        x509.IssuerAlternativeName([x509.DNSName("example.com")]),
        x509.AuthorityInformationAccess([x509.AccessDescription(_ANY, x509.DNSName("example.com"))]),
        x509.OCSPNoCheck(),
    )
]
CONTAINERS: Final = [
    pkcs7.serialize_certificates([certificate()], Encoding.DER),
    serialize_key_and_certificates(b"a", _KEY, certificate(), None, _SECRET),
]
STRINGS: Final = (0x0C, 0x13, 0x14, 0x16, 0x1C, 0x1E)  # UTF8, Printable, T61, IA5, Universal and BMP
RULES: Final = Rules.model_validate(
    {
        "keys": {"allow": ["RSA 3072+", "EC P-256"], "on_violation": "warn"},
        "dns_names": {"allow": ["**.example.com"], "on_violation": "warn"},
        "email_addresses": {"allow": ["*@example.com"], "on_violation": "warn"},
        "ip_addresses": {"allow": ["10.0.0.0/8"], "on_violation": "warn"},
        "subject": {"allow": {"O": ["Example*"]}, "on_violation": "warn"},
        "name_kinds": {"allow": ["dns"], "on_violation": "warn"},
        "most_names": {"most": 3, "on_violation": "warn"},
        "no_wildcards": {"on_violation": "warn"},
        "no_ca_certificates": {"on_violation": "warn"},
        "issuers": {"allow": ["CN=A", pem("CERTIFICATE", CERTIFICATES[0])], "on_violation": "warn"},
    }
)

Given = str | bytes


def damaged(chance: random.Random, octets: bytes) -> bytes:
    """*octets* with a few of them changed, lost, doubled, cut off, or with another tag or length than they had."""
    made = bytearray(octets)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(made)) if made else 0
        match chance.randrange(7):
            case 0:
                made[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del made[at : at + chance.choice((1, 2, 8, 64))]
            case 2:
                made[at:at] = made[at : at + chance.choice((1, 4, 32))]
            case 3:
                made[at : at + 1] = bytes([chance.choice(STRINGS)])
            case 4:
                made[at : at + 2] = bytes([made[at] if made else 0x30, chance.choice((0x80, 0x84, 0xFF, 0x00, 0x7F))])
            case 5:
                del made[at:]
            case _:
                made[at:at] = chance.choice((b"\x00", b"\x02\x01\xff", b"\x1e\x02\xd8\x00", b"\x30\x80", b"\xa0\x03"))
    return bytes(made)


def resigned(chance: random.Random) -> bytes:
    """A damaged request that its attacker signed after the damage."""
    assert isinstance(SIGNER, ed25519.Ed25519PrivateKey)
    info = damaged(chance, SIGNED.tbs_certrequest_bytes)
    return tlv(0x30, info + bytes.fromhex("300506032b6570") + tlv(0x03, b"\x00" + SIGNER.sign(info)))


def odd_extension(chance: random.Random) -> bytes:
    """A request with an extension of a known kind whose value is not quite one, signed as it is."""
    oid, value = chance.choice(EXTENSIONS)
    value = chance.choice((damaged(chance, value), value[:-1] + bytes([chance.randrange(256)]), chance.randbytes(8)))
    extension = x509.UnrecognizedExtension(oid, value)
    return csr(key=SIGNER, extensions=[extension], sans=()).public_bytes(Encoding.DER)


def deep(chance: random.Random) -> bytes:
    """Values within values, hundreds of them; of a definite length or not."""
    if chance.random() < 0.3:
        return b"\x30\x80" * chance.randint(1, LARGEST // 2)
    found = chance.choice((b"", CSRS[0]))
    for _ in range(chance.randint(1, 300)):
        found = tlv(chance.choice((0x30, 0x31, 0xA0, 0x24)), found)
    return found


def pasted(chance: random.Random, octets: bytes, label: str) -> Given:
    """*octets* as people paste and upload them, well or badly."""
    text = pem(label, octets)
    body = base64.b64encode(octets).decode()
    spellings: list[Callable[[], Given]] = [
        lambda: octets,
        lambda: text,
        lambda: text.replace("\n", chance.choice(("\r\n", " ", "\n\n", "\t"))),
        lambda: body,
        lambda: text.encode("utf-16"),
        lambda: f"Dear CA,\n{text}\nThanks",
        lambda: text + text,
        lambda: text[: chance.randrange(len(text))],
        lambda: text.replace("-----", chance.choice(("----", "—", "- - -"))),
        lambda: body[: chance.randrange(len(body) + 1)],
    ]
    return chance.choice(spellings)()


def nonsense(chance: random.Random) -> Given:
    match chance.randrange(4):
        case 0:
            return chance.randbytes(chance.randint(0, 200))
        case 1:
            return b"\x30" + chance.randbytes(chance.randint(1, 100))
        case 2:
            return chance.choice(("A", "\x00", "-----BEGIN ", "\ud800", "=", "MII")) * chance.randint(1, 30_000)
        case _:
            return b"A" * chance.choice((LARGEST, LARGEST + 1, 3_000_000))


def secret(chance: random.Random) -> Given:
    """A private key, in one of the ways in which it comes whole."""
    label, octets = chance.choice(list(PRIVATE_KEYS.items()))
    text = pem(label, octets)
    return chance.choice(
        (octets, text, text.encode("utf-16"), f"{pem('CERTIFICATE REQUEST', CSRS[0])}{text}", text[:60])
    )


KINDS: Final[Mapping[str, Callable[[random.Random], Given]]] = {
    "damaged requests": lambda chance: pasted(chance, damaged(chance, chance.choice(CSRS)), "CERTIFICATE REQUEST"),
    "damaged, then signed": resigned,
    "odd extensions": odd_extension,
    "damaged certificates": lambda chance: pasted(chance, damaged(chance, chance.choice(CERTIFICATES)), "CERTIFICATE"),
    "good, badly pasted": lambda chance: pasted(chance, chance.choice(CSRS + CERTIFICATES), "CERTIFICATE REQUEST"),
    "deep values": deep,
    "containers": lambda chance: pasted(chance, chance.choice(CONTAINERS), chance.choice(("PKCS7", "PKCS12", "CMS"))),
    "private keys": secret,
    "nonsense": nonsense,
}


@dataclass
class Figures:
    """What came of it, by kind of input."""

    tried: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    """Seconds."""


def fuzz(count: int, seed: int) -> Figures:
    """Try *count* inputs, the same for the same *seed*."""
    chance = random.Random(seed)  # noqa: S311 - to be had again, not to be secret
    figures = Figures()
    for number in range(count):
        kind = list(KINDS)[number % len(KINDS)]
        given = KINDS[kind](chance)
        operation = chance.choice((Operation.ISSUE, Operation.RENEW, Operation.REVOKE, Operation.REKEY))
        figures.tried[kind] += 1
        begun = time.perf_counter()
        try:
            figures.accepted[kind] += _tried(kind, operation, given)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
            shown = given[:60] if isinstance(given, str) else given[:60].hex()
            figures.faults.append(f"{kind}, number {number}, {operation}: {error!r} over {shown!r}")
        figures.slowest = max(figures.slowest, time.perf_counter() - begun)
    return figures


def _tried(kind: str, operation: Operation, given: Given) -> bool:
    """Whether it was accepted. Raises AssertionError where what came out is not what may."""
    fields: dict[str, Given] = {"certificate": given} if operation is not Operation.ISSUE else {"csr": given}
    if operation is Operation.REKEY:
        fields = {"certificate": CERTIFICATES[0], "csr": given}
    reason = RevocationReason.SUPERSEDED if operation is Operation.REVOKE else None
    try:
        found = parse(operation, reason=reason, **fields)
    except BadMaterial as refused:
        said = refused.message
        assert 20 < len(said) < 250, said
        assert said.endswith("."), said
        if refused.__cause__ is not None:
            raise AssertionError("what is refused takes the bytes that it came from into the log") from refused
        assert kind != "private keys" or said in PRIVATE_KEY.values(), said
        return False
    assert kind != "private keys"
    _check(found)
    return True


def _check(found: Material) -> None:
    """It can be kept and found again, held against rules and shown, and nothing in what is shown is invisible."""
    kept = Material.model_validate_json(found.model_dump_json())
    assert kept == found
    assert object_key(kept) == object_key(found)
    by_rules = noted(kept, NOT_AFTER, [Ruled(resource="A", rules=RULES)])
    shown = [
        found.subject,
        found.issuer or "",
        *(san.text for san in found.sans),
        *(f"{extension.name} {extension.value}" for extension in found.extensions),
        *(note.text for note in notes(kept, NOT_AFTER, by_rules)),
    ]
    assert all(text.isprintable() for text in shown), "something invisible is shown"


def main() -> int:
    """Try, and print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    begun = time.perf_counter()
    figures = fuzz(given.count, given.seed)
    sys.stdout.write(f"{'input':24}{'tried':>10}{'accepted':>10}{'refused':>10}\n")
    for kind, tried in figures.tried.items():
        accepted = figures.accepted[kind]
        sys.stdout.write(f"{kind:24}{tried:>10}{accepted:>10}{tried - accepted:>10}\n")
    took = time.perf_counter() - begun
    sys.stdout.write(f"{given.count} inputs in {took:.0f} s, the slowest in {figures.slowest * 1000:.0f} ms\n")
    sys.stdout.write(f"{len(figures.faults)} neither material nor a clear sentence\n")
    sys.stdout.writelines(f"  {fault}\n" for fault in figures.faults[:20])
    return 1 if figures.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
