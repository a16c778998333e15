"""The local CA issues what its profiles allow and nothing else, once for each operation, and what it makes holds before openssl."""

import shutil
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pydantic import SecretStr, ValidationError

from bot.connectors.local_ca import key_store as keeping
from bot.connectors.local_ca.authority import KEYS, Authority, found
from bot.connectors.local_ca.connector import LocalCa
from bot.connectors.local_ca.profiles import CaFile, IssuingProfile
from domain.approvals.execution import ApprovedOperation, Executed, Failed, Later, Outcome, operation_key
from domain.audit.entries import Source
from domain.common.errors import Conflict
from domain.common.operations import Operation
from domain.pki import Material, RevocationReason, parse
from domain.releases.local_ca import serial_key
from domain.store import SqlStore
from domain.store.repositories.local_cas import SqlLocalCaReader
from tests.material_factory import certificate_pem, csr_pem, private_key
from tests.rules.build import REQUESTER

NOW = datetime.now(UTC).replace(microsecond=0)
"""openssl looks at the real clock."""
PASSPHRASE = SecretStr("correct horse battery")
SUBJECT = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")])


class Bench:
    """A CA in a folder, with its store and a clock."""

    def __init__(self, store: SqlStore, folder: Path, authority: Authority, file: CaFile) -> None:
        self.now = NOW
        self.folder = folder
        self.authority = authority
        self.ca = LocalCa("test", authority, file, folder, store, lambda: self.now)
        self.store = store
        (folder / "test").mkdir(parents=True, exist_ok=True)
        (folder / "ca.pem").write_text(authority.pem)

    async def issue(self, csr: str, number: int = 1, **more: Any) -> Outcome:
        return await self.ca.execute(operation(parse(Operation.ISSUE, csr=csr), number, **more))

    async def issued(self, cn: str = "api.example.com", number: int = 1) -> str:
        """The PEM of a certificate."""
        outcome = await self.issue(csr_pem(cn, (cn,)), number)
        return pem_of(outcome)

    async def revokes(
        self, pem: str, reason: RevocationReason = RevocationReason.KEY_COMPROMISE, number: int = 50
    ) -> Outcome:
        return await self.ca.execute(operation(parse(Operation.REVOKE, certificate=pem, reason=reason), number))

    def openssl(self, pem: str, *options: str) -> str:
        """What `openssl verify` says of *pem*, with the CA's revocation list."""
        (self.folder / "leaf.pem").write_text(pem)
        openssl = shutil.which("openssl")
        assert openssl is not None, "openssl is not installed"
        crl = ["-crl_check", "-CRLfile", str(self.folder / "test" / keeping.CRL)]
        done = subprocess.run(  # noqa: S603 - the machine's openssl, on files of this test
            [openssl, "verify", "-x509_strict", "-CAfile", str(self.folder / "ca.pem"), *crl, *options, str(self.folder / "leaf.pem")],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr


def operation(
    material: Material, number: int = 1, *, certificate_profile: str | None = None, at: datetime = NOW
) -> ApprovedOperation:
    """The approved operation of request *number*."""
    return ApprovedOperation(
        key=operation_key(number, material.digest, at),
        release=1,
        attempt=1,
        request=number,
        operation=material.operation,
        entry="public-web",
        certificate_profile=certificate_profile,
        certificate_authority="ca",
        material=material,
        digest=material.digest,
        requester=REQUESTER.id,
        reason="New",
        approved_at=at,
        valid_until=None,
    )


def pem_of(outcome: Outcome) -> str:
    assert isinstance(outcome, Executed), outcome
    assert outcome.certificate is not None
    return outcome.certificate.pem


def loaded(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def refusal(outcome: Outcome) -> str:
    assert isinstance(outcome, Failed), outcome
    return outcome.reason


@pytest.fixture
async def bench(store: SqlStore, tmp_path: Path) -> Bench:
    made = Bench(store, tmp_path, found(SUBJECT, KEYS["ec-p256"](), NOW, timedelta(days=3650)), CaFile())
    await made.ca.renew_crl()
    return made


async def test_a_certificate_is_what_was_asked_for_and_what_the_profile_adds(bench: Bench) -> None:
    pem = pem_of(await bench.issue(csr_pem("api.example.com", ("api.example.com", "10.0.0.1"))))
    made = loaded(pem)
    assert made.subject.rfc4514_string() == "CN=api.example.com"
    assert made.not_valid_after_utc - made.not_valid_before_utc == timedelta(days=90)
    assert made.not_valid_before_utc == NOW - timedelta(minutes=1)
    assert 2**100 < made.serial_number < 2**159, "positive, at most 20 octets, and random"
    held = {extension.oid.dotted_string: extension for extension in made.extensions}
    constraints = made.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca) == (True, False)
    usage = made.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.key_encipherment, "an EC key enciphers no keys"
    assert not usage.value.key_cert_sign
    assert list(made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [
        ExtendedKeyUsageOID.SERVER_AUTH
    ]
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert [str(name.value) for name in names.value] == ["api.example.com", "10.0.0.1"]
    own = bench.authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    named = made.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    assert named == own
    assert made.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    assert len(held) == 6, "and nothing besides"
    assert ": OK" in bench.openssl(pem, "-purpose", "sslserver")


@pytest.mark.parametrize("kind", ["rsa", "ec384", "ed25519", "ed448"])
async def test_every_kind_of_key_verifies(bench: Bench, kind: Any) -> None:
    pem = pem_of(await bench.issue(csr_pem("a.example.com", ("a.example.com",), kind)))
    assert ": OK" in bench.openssl(pem, "-purpose", "sslserver")
    usage = loaded(pem).extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.key_encipherment == (kind == "rsa")


@pytest.mark.parametrize("kind", ["ec-p384", "rsa-3072"])
async def test_every_kind_of_ca_verifies(store: SqlStore, tmp_path: Path, kind: str) -> None:
    bench = Bench(
        store,
        tmp_path,
        found(SUBJECT, KEYS[kind](), NOW, timedelta(days=30)),
        CaFile(crl_url="http://pki.example.com/crl"),
    )
    await bench.ca.renew_crl()
    pem = await bench.issued()
    assert ": OK" in bench.openssl(pem)
    assert loaded(pem).not_valid_after_utc == bench.authority.certificate.not_valid_after_utc, "not longer than the CA"
    points = loaded(pem).extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert points[0].full_name == [x509.UniformResourceIdentifier("http://pki.example.com/crl")]


async def test_an_operation_makes_one_certificate_however_often_it_is_handed_over(bench: Bench) -> None:
    asked = operation(parse(Operation.ISSUE, csr=csr_pem()))
    assert isinstance(await bench.ca.recall(asked), Later)
    first = await bench.ca.execute(asked)
    assert await bench.ca.execute(asked.model_copy(update={"attempt": 2, "release": 2})) == first
    assert await bench.ca.recall(asked) == first
    assert pem_of(await bench.issue(csr_pem(), 2)) != pem_of(first), "another operation makes another one"


async def test_what_an_approval_that_ran_out_allowed_is_not_done_any_more_and_stays_done(bench: Bench) -> None:
    asked = operation(parse(Operation.ISSUE, csr=csr_pem()), 1).replace(valid_until=NOW)
    assert isinstance(await bench.ca.execute(asked), Later)
    in_time = asked.replace(valid_until=NOW + timedelta(hours=1))
    pem = pem_of(await bench.ca.execute(in_time))
    assert pem_of(await bench.ca.execute(asked)) == pem
    revoked = operation(parse(Operation.REVOKE, certificate=pem, reason=RevocationReason.SUPERSEDED), 2)
    assert isinstance(await bench.ca.execute(revoked.replace(valid_until=NOW)), Later)
    assert "OK" in bench.openssl(pem, "-attime", str(int(NOW.timestamp())))


async def test_two_processes_at_the_same_moment_make_one(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = operation(parse(Operation.ISSUE, csr=csr_pem()))
    other = LocalCa("test", bench.authority, CaFile(), bench.folder, bench.store, lambda: NOW)
    async with bench.store.reading() as reading:
        assert await reading.local_cas.issued_for("test", asked.key) is None
    first = await other.execute(asked)

    async def nothing_yet(_self: Any, _authority: str, _key: str) -> None:
        """What is found by somebody who looked a moment before the other one committed."""

    with monkeypatch.context() as patched:
        patched.setattr(SqlLocalCaReader, "issued_for", nothing_yet)
        with pytest.raises(Conflict):
            await bench.ca.execute(asked)
    assert await bench.ca.recall(asked) == first


async def test_a_renewal_keeps_the_key_and_the_names(bench: Bench) -> None:
    old = await bench.issued()
    bench.now += timedelta(days=60)
    new = pem_of(await bench.ca.execute(operation(parse(Operation.RENEW, certificate=old), 2)))
    before, after = loaded(old), loaded(new)
    assert after.public_key() == before.public_key()
    assert after.subject == before.subject
    kind = x509.SubjectAlternativeName
    assert after.extensions.get_extension_for_class(kind) == before.extensions.get_extension_for_class(kind)
    assert after.serial_number != before.serial_number
    assert after.not_valid_after_utc == before.not_valid_after_utc + timedelta(days=60)


async def test_a_rekey_has_the_new_key(bench: Bench) -> None:
    old = await bench.issued()
    csr = csr_pem("api.example.com", ("api.example.com",), private_key("ec", 5))
    new = pem_of(await bench.ca.execute(operation(parse(Operation.REKEY, certificate=old, csr=csr), 2)))
    assert loaded(new).public_key() == private_key("ec", 5).public_key()
    assert ": OK" in bench.openssl(new)


async def test_what_is_revoked_is_in_the_next_list(bench: Bench) -> None:
    good, bad = await bench.issued(number=1), await bench.issued("b.example.com", 2)
    asked = operation(parse(Operation.REVOKE, certificate=bad, reason=RevocationReason.KEY_COMPROMISE), 3)
    assert isinstance(await bench.ca.recall(asked), Later)
    assert await bench.ca.execute(asked) == Executed()
    assert "certificate revoked" in bench.openssl(bad)
    assert ": OK" in bench.openssl(good)
    crl = x509.load_pem_x509_crl((bench.folder / "test" / keeping.CRL).read_bytes())
    [entry] = list(crl)
    assert entry.serial_number == loaded(bad).serial_number
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.key_compromise
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 2
    assert await bench.ca.recall(asked) == Executed()
    assert await bench.ca.execute(asked) == Executed(), "again is nothing more"
    crl = x509.load_pem_x509_crl((bench.folder / "test" / keeping.CRL).read_bytes())
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 2


async def test_a_revoked_certificate_is_not_renewed_nor_revoked_again(bench: Bench) -> None:
    old = await bench.issued()
    await bench.revokes(old, RevocationReason.CERTIFICATE_HOLD, 2)
    said = "The certificate authority has already revoked this certificate."
    assert refusal(await bench.ca.execute(operation(parse(Operation.RENEW, certificate=old), 3))) == said
    assert await bench.revokes(old, RevocationReason.SUPERSEDED, 4) == Executed(), (
        "from hold it may be revoked for good"
    )
    assert refusal(await bench.revokes(old, RevocationReason.SUPERSEDED, 5)) == said
    async with bench.store.transaction(Source.CLI) as tx:
        known = await tx.local_cas.issued_as("test", serial_key(loaded(old).serial_number))
    assert known is not None
    assert known.revocation_reason is RevocationReason.SUPERSEDED


async def test_what_it_did_not_issue_is_no_business_of_its(bench: Bench) -> None:
    foreign = certificate_pem(issuer=SUBJECT, not_after=NOW + timedelta(days=30))
    said = "This certificate authority did not issue the certificate."
    assert refusal(await bench.revokes(foreign)) == said
    assert refusal(await bench.ca.execute(operation(parse(Operation.RENEW, certificate=foreign), 2))) == said


async def test_an_expired_certificate_leaves_the_list_and_is_not_revoked(bench: Bench) -> None:
    early, late = await bench.issued(number=1), await bench.issued(number=2)
    await bench.revokes(early, number=3)
    bench.now += timedelta(days=91)
    assert refusal(await bench.revokes(late, number=4)) == "The certificate has expired."
    assert len(x509.load_pem_x509_crl((await bench.ca.new_crl()).pem.encode())) == 1, "in one list after it expired"
    assert len(x509.load_pem_x509_crl((await bench.ca.new_crl()).pem.encode())) == 0


async def test_the_list_is_renewed_in_the_middle_of_its_time(bench: Bench) -> None:
    first = await bench.ca.renew_crl()
    assert (first.number, first.next_update) == (1, NOW + timedelta(days=7))
    bench.now += timedelta(days=3.5) - timedelta(seconds=1)
    assert (await bench.ca.renew_crl()).number == 1
    bench.now += timedelta(seconds=1)
    assert (await bench.ca.renew_crl()).number == 2


SIGNING = x509.KeyUsage(
    digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
    key_cert_sign=True, crl_sign=False, encipher_only=False, decipher_only=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("csr", "said"),
    [
        ({"ca": True}, "The request is for a CA certificate. This CA never issues those."),
        ({"extensions": [SIGNING]}, "The request is for a key that signs certificates or revocation lists. This CA never issues those."),
        ({"extensions": [x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])]},
         "The request asks for key purposes that the issuing profile does not allow: 1.3.6.1.5.5.7.3.2."),
        ({"extensions": [x509.TLSFeature([x509.TLSFeatureType.status_request])]},
         "The request asks for the extension 1.3.6.1.5.5.7.1.24, which the issuing profile does not have."),
        ({"sans": ()}, "The issuing profile requires an alternative name, and the request has none."),
        ({"sans": ("*.example.com",)}, "The issuing profile allows no wildcards, and the request has *.example.com."),
        ({"sans": ("a@example.com",)}, "The issuing profile does not allow the alternative name a@example.com."),
        ({"sans": tuple(f"{n}.example.com" for n in range(101))},
         "The request has 101 alternative names, and the issuing profile allows 100."),
        ({"key": "rsa1024"}, "The RSA key has 1024 bits, and the issuing profile requires at least 2048."),
    ],
)  # fmt: skip
async def test_what_the_profile_does_not_allow_fails_with_the_reason(
    bench: Bench, csr: dict[str, Any], said: str
) -> None:
    outcome = await bench.issue(csr_pem(**csr))
    assert refusal(outcome) == said
    async with bench.store.reading() as reading:
        assert (
            await reading.local_cas.issued_for("test", operation(parse(Operation.ISSUE, csr=csr_pem(**csr))).key)
            is None
        )


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("example.com", True),
        ("a.b.Example.com", True),
        ("notexample.com", False),
        ("example.com.evil.net", False),
        ("10.0.0.1", True),
    ],
)
async def test_domains_bound_the_names(store: SqlStore, tmp_path: Path, name: str, within: bool) -> None:
    file = CaFile(profiles={"server": IssuingProfile.model_validate({"names": {"domains": [".Example.COM"]}})})
    bench = Bench(store, tmp_path, found(SUBJECT, KEYS["ec-p256"](), NOW, timedelta(days=30)), file)
    assert isinstance(await bench.issue(csr_pem("x", (name,))), Executed) is within


async def test_the_profile_follows_the_certificate_profile(store: SqlStore, tmp_path: Path) -> None:
    file = CaFile(certificate_profiles={"device": "client"}, otherwise=None)
    bench = Bench(store, tmp_path, found(SUBJECT, KEYS["ec-p256"](), NOW, timedelta(days=30)), file)
    await bench.ca.renew_crl()
    client = pem_of(await bench.issue(csr_pem("device-7", ()), certificate_profile="device"))
    assert ": OK" in bench.openssl(client, "-purpose", "sslclient")
    assert ": OK" not in bench.openssl(client, "-purpose", "sslserver")
    said = "The certificate authority has no issuing profile for the certificate profile server."
    assert refusal(await bench.issue(csr_pem(), 2, certificate_profile="server")) == said


async def test_a_request_without_a_subject_has_critical_names(bench: Bench) -> None:
    pem = pem_of(await bench.issue(csr_pem(subject=x509.Name([]), sans=("a.example.com",))))
    assert loaded(pem).extensions.get_extension_for_class(x509.SubjectAlternativeName).critical
    assert ": OK" in bench.openssl(pem)


async def test_an_expired_ca_issues_nothing(bench: Bench) -> None:
    bench.now += timedelta(days=3651)
    assert refusal(await bench.issue(csr_pem())) == "The certificate authority itself has expired."


# Its folder


def made(folder: Path, name: str = "test") -> Path:
    authority = found(SUBJECT, KEYS["ec-p256"](), NOW, timedelta(days=30))
    return keeping.create(folder, name, authority, PASSPHRASE, "otherwise: client\n")


def test_a_ca_comes_back_from_its_folder_and_its_key_is_encrypted(tmp_path: Path) -> None:
    here = made(tmp_path)
    authority, file = keeping.load(tmp_path, "test", PASSPHRASE)
    assert authority.certificate.subject == SUBJECT
    assert file.otherwise == "client"
    assert keeping.names(tmp_path) == ("test",)
    assert stat.S_IMODE((here / keeping.KEY).stat().st_mode) == 0o600
    assert stat.S_IMODE(here.stat().st_mode) == 0o700
    assert b"ENCRYPTED PRIVATE KEY" in (here / keeping.KEY).read_bytes()
    assert "PRIVATE" not in repr(authority)
    with pytest.raises(keeping.CaTrouble, match="exists"):
        made(tmp_path)


@pytest.mark.parametrize(
    ("breaks", "said"),
    [
        (lambda here: (here / "key.pem").unlink(), "cannot be read: No such file"),
        (lambda here: (here / "ca.pem").write_text("x"), "is not a certificate in PEM"),
        (
            lambda here: (here / "key.pem").write_bytes(made(here.parent, "other").joinpath("key.pem").read_bytes()),
            "is not that of the",
        ),
        (lambda here: (here / "ca.yml").write_text("otherwise: nothing"), "there is no issuing profile 'nothing'"),
        (lambda here: (here / "ca.yml").write_text("profiles: ["), "is not YAML"),
        (lambda here: (here / "ca.yml").write_text("surprise: 1"), "surprise"),
    ],
)
def test_what_is_wrong_with_it_is_said(tmp_path: Path, breaks: Any, said: str) -> None:
    breaks(made(tmp_path))
    with pytest.raises(keeping.CaTrouble, match=said):
        keeping.load(tmp_path, "test", PASSPHRASE)


@pytest.mark.parametrize(("passphrase", "said"), [(None, "is not set"), (SecretStr("wrong"), "does not open with")])
def test_without_its_passphrase_it_is_shut(tmp_path: Path, passphrase: SecretStr | None, said: str) -> None:
    made(tmp_path)
    with pytest.raises(keeping.CaTrouble, match=said) as refused:
        keeping.load(tmp_path, "test", passphrase)
    assert "wrong" not in str(refused.value)


@pytest.mark.parametrize("name", ["", "../x", "A", "a/b", "-a", "a" * 48])
def test_a_name_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(keeping.CaTrouble, match="cannot be the name of a CA"):
        keeping.load(tmp_path, name, PASSPHRASE)


@pytest.mark.parametrize(
    "wrong", [{"least_rsa": 1024}, {"valid_for": "0d"}, {"key_usage": ["key_cert_sign"]}, {"names": {"most": 0}}]
)
def test_a_profile_cannot_be_made_dangerous(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        IssuingProfile.model_validate(wrong)
