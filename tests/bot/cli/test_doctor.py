"""The doctor, against a Slack on localhost and both databases: what is there, what is not, and what to do about it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli.doctor import Finding, examine
from bot.demo.demo import CONFIGURATION, workspace
from bot.devslack import DevSlack
from bot.environment.clock import Clock, system_clock
from bot.environment.settings import Settings
from bot.slack.platform import manifest
from domain.audit.entries import Source
from domain.people.people import ADMINISTRATOR, Identity, Role, person_id
from domain.ports import Workspace
from domain.store import SqlStore
from tests.databases import Databases, seed


@pytest.fixture
async def slack() -> AsyncIterator[DevSlack]:
    async with DevSlack(workspace=workspace(), manifest=manifest.load(), rates="off") as running:
        yield running


def settings(slack: DevSlack, database_url: str, **more: Any) -> Settings:
    given = {
        "slack_bot_token": slack.bot_token,
        "slack_app_token": slack.app_token,
        "slack_api_url": slack.api_url,
        "database_url": database_url,
        "administrators": ("U01INGRID",),
    }
    return Settings.given(**{**given, **more})


async def found(settings: Settings, clock: Clock = system_clock) -> dict[str, Finding]:
    """What the doctor found, by the word before the colon."""
    return {finding.said.partition(":")[0]: finding async for finding in examine(settings, clock)}


def bad(findings: dict[str, Finding]) -> dict[str, Finding]:
    return {what: finding for what, finding in findings.items() if not finding.good}


async def test_everything_is_there(slack: DevSlack, database_url: str) -> None:
    findings = await found(settings(slack, database_url))
    assert not bad(findings)
    assert list(findings) == ["bot token", "scopes", "clock", "app-level token", "database", "administrators"]
    assert findings["bot token"].said == "bot token: countersign in Halvorsen Maritime (T01HALVORSEN)"
    assert str(findings["scopes"]) == "ok       scopes: all 13 of the manifest"


async def test_over_http_a_signing_secret_takes_the_place_of_the_app_token(slack: DevSlack, database_url: str) -> None:
    http = {"slack_app_token": None, "mode": "http"}
    findings = await found(settings(slack, database_url, **http))
    assert list(bad(findings)) == ["signing secret"]
    assert "Signing Secret" in findings["signing secret"].remedy
    findings = await found(settings(slack, database_url, **http, slack_signing_secret="s"))
    assert findings["HTTP"].said == "HTTP: Countersign waits for Slack's requests at 127.0.0.1:3000/slack/events"


async def test_tokens_that_are_not_set(slack: DevSlack, database_url: str) -> None:
    findings = await found(settings(slack, database_url, slack_bot_token=None, slack_app_token=None))
    assert list(bad(findings)) == ["bot token", "app-level token"]
    shown = str(findings["bot token"]).splitlines()
    assert shown[0] == "MISSING  bot token: SLACK_BOT_TOKEN is not set"
    assert shown[1].strip().startswith("At https://api.slack.com/apps")


async def test_tokens_that_slack_does_not_take(slack: DevSlack, database_url: str) -> None:
    findings = bad(
        await found(settings(slack, database_url, slack_bot_token="xoxb-wrong", slack_app_token="xapp-wrong"))
    )
    assert {what: finding.said for what, finding in findings.items()} == {
        "bot token": "bot token: Slack says invalid_auth",
        "app-level token": "app-level token: Slack says invalid_auth",
    }
    assert "wrong" not in str(findings)


async def test_scopes_that_the_token_lacks(database_url: str) -> None:
    less = manifest.load()
    less["oauth_config"]["scopes"]["bot"] = ["chat:write", "commands", "users:read"]
    async with DevSlack(workspace=workspace(), manifest=less, rates="off") as slack:
        [finding] = bad(await found(settings(slack, database_url))).values()
    assert finding.said.startswith(
        "scopes: the bot token lacks channels:history, channels:join, chat:write.public, files:read, files:write, groups:history"
    )
    assert "reinstall" in finding.remedy


@pytest.mark.parametrize(("drift", "said"), [(120, "120 seconds ahead of"), (-120, "120 seconds behind"), (10, None)])
async def test_a_clock_that_differs(slack: DevSlack, database_url: str, drift: int, said: str | None) -> None:
    finding = (await found(settings(slack, database_url), lambda: datetime.now(UTC) + timedelta(seconds=drift)))[
        "clock"
    ]
    assert finding.good == (said is None)
    if said is not None:
        assert said in finding.said.replace("119", "120").replace("121", "120")


async def test_a_slack_that_does_not_answer(slack: DevSlack, database_url: str) -> None:
    nowhere = settings(slack, database_url, slack_api_url="http://127.0.0.1:9/api/")
    findings = [finding async for finding in examine(nowhere)]
    assert [finding.said.partition(":")[0] for finding in findings if not finding.good] == ["Slack", "Slack"]
    assert "http://127.0.0.1:9/api/ cannot be reached" in findings[0].said


async def test_a_database_that_is_not_up_to_date(slack: DevSlack, databases: Databases, database_kind: str) -> None:
    async with databases.empty(database_kind) as url:
        [finding] = bad(await found(settings(slack, url))).values()
    assert finding.said.endswith("is not up to date")
    assert finding.remedy == "Run `countersign migrate`."


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "postgresql://u:hunter2@127.0.0.1:9/c",
            "database: The database postgresql://u:…@127.0.0.1:9/c cannot be used: connection",
        ),
        (
            "mysql://u:hunter2@db/c",
            "database: COUNTERSIGN_DATABASE_URL: Countersign keeps its record in SQLite or PostgreSQL",
        ),
        ("sqlite:////no/such/folder/c.db", "database: COUNTERSIGN_DATABASE_URL: The folder /no/such/folder"),
    ],
)
async def test_a_database_that_cannot_be_used(slack: DevSlack, url: str, said: str) -> None:
    [finding] = bad(await found(settings(slack, url))).values()
    assert finding.said.startswith(said)
    assert "hunter2" not in str(finding)


async def test_nobody_is_an_administrator(slack: DevSlack, database_url: str, store: SqlStore) -> None:
    nobody = settings(slack, database_url, administrators=())
    [finding] = bad(await found(nobody)).values()
    assert finding.said == "administrators: nobody has this role"
    assert "COUNTERSIGN_ADMINISTRATORS" in finding.remedy
    ann = person_id("T01HALVORSEN", "UANN")
    await seed(
        store,
        people=[Identity(id=ann, name="Ann")],
        roles=[Role(key=ADMINISTRATOR, name="Administrator", holders=(ann,))],
    )
    assert (await found(nobody))["administrators"].said == "administrators: Ann"


async def test_a_configuration_file_that_can_be_applied(slack: DevSlack, database_url: str) -> None:
    assert not bad(await found(settings(slack, database_url, administrators=(), config=CONFIGURATION)))


async def test_a_configuration_file_with_a_fault(slack: DevSlack, database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "countersign.yml"
    path.write_text("groups: {a: {name: 7}}\n")
    [finding] = bad(await found(settings(slack, database_url, config=path))).values()
    assert finding.said == f"configuration file: {path}:1:20: groups.a.name: must be text; put it in quotes"


async def test_what_a_configuration_file_would_do_to_a_workspace_that_is_known(
    slack: DevSlack, database_url: str, store: SqlStore, tmp_path: Path
) -> None:
    async with store.transaction(Source.SLACK) as tx:
        await tx.directory.save_workspace(Workspace(team="T01HALVORSEN"))
    path = tmp_path / "countersign.yml"
    path.write_text("auditors: [nobody@example.com]\n")
    said = [finding.said async for finding in examine(settings(slack, database_url, config=path)) if not finding.good]
    assert said == [
        f"configuration: {path}:1:12: auditors[0]: nobody who is an active member has the address 'nobody@example.com'"
    ]
    path.write_text("administrators: [U404]\n")
    findings = [finding async for finding in examine(settings(slack, database_url, config=path))]
    assert all(finding.good for finding in findings)
    assert [str(finding).partition(":")[0] for finding in findings if finding.remedy] == ["look     configuration"] * 2


async def test_a_configuration_file_without_administrators_appoints_none(
    slack: DevSlack, database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "countersign.yml"
    path.write_text("groups: {}\n")
    assert list(bad(await found(settings(slack, database_url, administrators=(), config=path)))) == ["administrators"]
