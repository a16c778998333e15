"""`countersign ca`, as an administrator types it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509

from bot.cli.main import main
from bot.connectors.local_ca.administration import PURPOSE

Run = Callable[..., Result]
PASSPHRASE = "correct horse battery"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COUNTERSIGN_DATABASE_URL", f"sqlite:///{tmp_path / 'c.db'}")
    monkeypatch.setenv("COUNTERSIGN_CA_PASSPHRASE", PASSPHRASE)
    return lambda *words: CliRunner().invoke(main, list(words), catch_exceptions=False)


def test_a_ca_is_made_once_and_says_what_it_is_for(run: Run, tmp_path: Path) -> None:
    made = run("ca", "init", "issuing", "--subject", "CN=Example Issuing CA,O=Example")
    assert made.exit_code == 0, made.output
    assert PURPOSE in made.output
    assert "connector: local-ca:issuing" in made.output
    certificate = x509.load_pem_x509_certificate((tmp_path / "ca" / "issuing" / "ca.pem").read_bytes())
    assert certificate.subject.rfc4514_string() == "CN=Example Issuing CA,O=Example"
    assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    again = run("ca", "init", "issuing")
    assert (again.exit_code, again.output) == (1, "Error: ca/issuing exists. A CA is made once; choose another name.\n")
    for file in (tmp_path / "ca" / "issuing").iterdir():
        assert PASSPHRASE not in file.read_text()


def test_revocation_lists_are_numbered(run: Run, tmp_path: Path) -> None:
    run("ca", "init", "issuing")
    assert "Revocation list 1 with 0 certificates, valid until " in run("ca", "crl", "issuing").output
    second = run("ca", "crl", "issuing", "--out", "list.pem")
    assert second.output.startswith("Revocation list 2 with 0 certificates")
    assert second.output.endswith(", in list.pem.\n")
    crl = x509.load_pem_x509_crl((tmp_path / "list.pem").read_bytes())
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 2
    assert (tmp_path / "ca" / "issuing" / "crl.pem").read_bytes() == (tmp_path / "list.pem").read_bytes()


@pytest.mark.parametrize(
    ("words", "passphrase", "said"),
    [
        (("init", "issuing"), None, "COUNTERSIGN_CA_PASSPHRASE is not set, or shorter than 12 characters."),
        (("init", "issuing"), "short", "COUNTERSIGN_CA_PASSPHRASE is not set, or shorter than 12 characters."),
        (("init", "../up"), PASSPHRASE, "cannot be the name of a CA"),
        (("init", "issuing", "--subject", "nonsense"), PASSPHRASE, "'nonsense' is not a valid subject."),
        (("crl", "issuing"), PASSPHRASE, "There is no local CA issuing in ca. Known: none."),
    ],
)
def test_what_cannot_be_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], passphrase: str | None, said: str
) -> None:
    if passphrase is None:
        monkeypatch.delenv("COUNTERSIGN_CA_PASSPHRASE")
    else:
        monkeypatch.setenv("COUNTERSIGN_CA_PASSPHRASE", passphrase)
    refused = run("ca", *words)
    assert refused.exit_code == 1
    assert said in refused.output
    assert not Path("ca").exists()
