"""`countersign token` and `countersign webhook`, as an administrator types them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import main
from bot.webhooks.secrets import NOT_CONFIGURED

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COUNTERSIGN_DATABASE_URL", f"sqlite:///{tmp_path / 'c.db'}")
    monkeypatch.setenv("COUNTERSIGN_WEBHOOK_SECRET", "s" * 32)
    monkeypatch.setenv("COUNTERSIGN_WEBHOOK_ALLOW", "10.0.0.0/8")

    def typed(line: str) -> Result:
        return CliRunner().invoke(main, line.split(), catch_exceptions=False)

    return typed


def test_a_token_is_printed_once_listed_and_revoked(run: Run) -> None:
    assert "No tokens yet." in run("token list").output
    made = run("token create acme --scope requests:submit --scope requests:read --expires 36h").output
    token = made.split()[0]
    assert token.startswith("csgn_")
    assert "The token is shown only once." in made
    listed = run("token list").output
    assert "acme" in listed
    assert "good" in listed
    assert token not in listed
    name = token.split("_")[1]
    assert "is revoked" in run(f"token revoke {name}").output
    assert "revoked" in run("token list").output
    again = run(f"token revoke {name}")
    assert (again.exit_code, again.output) == (1, f"Error: The token {name} is already revoked.\n")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("token create Acme --scope requests:read", "The client 'Acme' is not a key"),
        ("token create acme --scope requests:read --expires 400d", "at most 366 days"),
        ("token create acme --scope everything", "'everything' is not one of"),
        ("token create acme", "Missing option '--scope'"),
        ("token create acme --scope requests:read --expires soon", "is not a span of time"),
        ("token revoke nosuchtoken1", "The token nosuchtoken1 does not exist"),
        ("webhook add Ra https://ra.example.com", "The name is not a key"),
        ("webhook add ra ftp://ra.example.com", "The address is not a web address"),
        ("webhook add ra http://ra.example.com", "not called over https"),
        ("webhook add ra https://127.0.0.1/x", "127.0.0.1 is not on the internet"),
        ("webhook add ra https://ra.example.com --event nothing", "'nothing' is not one of"),
        ("webhook rotate ra", "There is no webhook ra"),
        ("webhook pause ra", "There is no webhook ra"),
        ("webhook resume ra", "There is no webhook ra"),
        ("webhook secret ra", "There is no webhook ra"),
        ("webhook deliveries ra", "There is no webhook ra"),
        ("webhook remove ra --yes", "There is no webhook ra"),
        ("webhook resend 7", "There is no delivery 7"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run: Run, line: str, said: str) -> None:
    refused = run(line)
    assert refused.exit_code != 0
    assert said in refused.output


def test_a_webhook_from_its_beginning_to_its_end(run: Run) -> None:
    assert "No webhooks yet." in run("webhook list").output
    added = run("webhook add ra http://10.1.2.3/hook --event request.closed").output
    secret = added.split()[-1]
    assert secret.startswith("whsec_")
    assert run("webhook secret ra").output.strip() == secret
    assert "There is a webhook ra already" in run("webhook add ra https://ra.example.com").output
    rotated = run("webhook rotate ra").output
    assert "signed with the old one as well for one day" in rotated
    assert rotated.split()[-1] != secret
    assert "is paused" in run("webhook pause ra").output
    assert "paused since" in run("webhook list").output
    assert "is paused already" in run("webhook pause ra").output
    assert "is resumed" in run("webhook resume ra").output
    assert "is not paused" in run("webhook resume ra").output
    assert "No deliveries." in run("webhook deliveries ra").output
    assert "is removed" in run("webhook remove ra --yes").output


def test_without_a_secret_nothing_can_be_signed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COUNTERSIGN_WEBHOOK_SECRET")
    assert NOT_CONFIGURED in run("webhook add ra https://ra.example.com").output
