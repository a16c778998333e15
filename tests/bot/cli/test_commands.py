"""The commands as somebody at a terminal meets them: what they print, how they exit, and never a traceback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Final

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli import main as cli
from bot.cli.main import main
from bot.demo.demo import CONFIGURATION, workspace
from bot.devslack import DevSlack
from bot.environment.clock import system_clock
from bot.environment.settings import Settings
from bot.runtime import apply_configuration as configuring
from bot.slack.platform import manifest
from tests.databases import Databases

Run = Callable[..., Awaitable[Result]]

SMALL: Final = """\
administrators: [U01INGRID]
profiles:
  web:
    name: Web servers
    expires_after: {expires}
    steps:
      - {{name: Security, required: 1, approvers: {{users: [U05SARA, U06DAVID]}}}}
resources:
  public: {{kind: ra_profile, name: Public web, approvals: {{{bound}}}}}
"""


@pytest.fixture(autouse=True)
def _somewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without `.env`, and nothing in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "COUNTERSIGN_DATABASE_URL",
        "COUNTERSIGN_CONFIG",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def slack(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DevSlack]:
    """The sample company's Slack, which the environment leads to."""
    async with DevSlack(workspace=workspace(), manifest=manifest.load(), rates="off") as running:
        monkeypatch.setenv("SLACK_BOT_TOKEN", running.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", running.app_token)
        monkeypatch.setenv("COUNTERSIGN_SLACK_API_URL", running.api_url)
        yield running


async def countersign(*words: str | Path, typed: str | None = None) -> Result:
    """What `countersign` with these *words* does. An exception that it lets through is raised here."""
    return await asyncio.to_thread(
        CliRunner().invoke, main, [str(word) for word in words], typed, catch_exceptions=False
    )


@pytest.fixture
async def run(slack: DevSlack, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`countersign` in the sample company, with a database of each kind."""
    monkeypatch.setenv("COUNTERSIGN_SLACK_API_URL", slack.api_url)
    monkeypatch.setenv("COUNTERSIGN_DATABASE_URL", database_url)
    return countersign


def small(path: Path, expires: str = "72h", bound: str = "issue: web") -> Path:
    path.write_text(SMALL.format(expires=expires, bound=bound))
    return path


# config


async def test_the_sample_is_planned_applied_and_exported(run: Run, tmp_path: Path) -> None:
    planned = await run("config", "plan", CONFIGURATION)
    assert planned.exit_code == cli.CHANGES_PENDING
    assert '+ profile web-servers "Web server certificates", version 1\n' in planned.output
    assert "    bind issue to web-servers\n" in planned.output
    assert "! Profile code-signing: Step 2, Release engineers, has no approvers." in planned.output
    assert planned.output.endswith("\n19 to create, 2 to change.\n")

    applied = await run("config", "apply", "--yes", CONFIGURATION)
    assert (applied.exit_code, applied.output) == (0, f"{planned.output}Applied.\n")

    again = await run("config", "plan", CONFIGURATION)
    assert again.exit_code == 0
    assert again.output.endswith("Nothing to change: what is configured is what the file says.\n")

    exported = tmp_path / "exported.yml"
    assert (await run("config", "export", exported)).output == ""
    assert (await run("config", "plan", exported)).exit_code == 0
    printed = await run("config", "export")
    assert printed.output == exported.read_text()
    kept = await run("config", "export", exported)
    assert (kept.exit_code, kept.output) == (1, f"Error: {exported} exists. Give --force to replace it.\n")
    assert (await run("config", "export", "--force", exported)).exit_code == 0


async def test_what_changes_is_shown_from_and_to(run: Run, tmp_path: Path) -> None:
    file = small(tmp_path / "c.yml")
    await run("config", "apply", "--yes", file)
    planned = await run("config", "plan", small(file, expires="24h", bound="renew: web"))
    assert planned.exit_code == cli.CHANGES_PENDING
    assert planned.output == (
        '~ profile web "Web servers", version 1 → 2\n'
        "    expires_after: 3d → 1d\n"
        "    no open request is under it\n"
        '~ resource public "Public web"\n'
        "    unbind issue from web\n"
        "    bind renew to web\n"
        "\n"
        "2 to change.\n"
    )


async def test_who_is_asked_may_say_no(run: Run, tmp_path: Path) -> None:
    file = small(tmp_path / "c.yml")
    said = await run("config", "apply", file, typed="n\n")
    assert said.exit_code == 1
    assert "Apply this? [y/N]" in said.output
    assert (await run("config", "plan", file)).exit_code == cli.CHANGES_PENDING
    assert (await run("config", "apply", file, typed="y\n")).output.endswith("Applied.\n")
    assert (await run("config", "apply", file)).exit_code == 0  # nothing to ask about


async def test_a_plan_that_went_stale_is_shown_again(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, other = small(tmp_path / "c.yml"), small(tmp_path / "other.yml", expires="24h")
    asked = []

    def somebody_is_quicker(question: str, **_: object) -> bool:
        asked.append(question)
        if len(asked) == 1:
            asyncio.run(configuring.apply(Settings.from_environment(), other, system_clock()))
        return True

    monkeypatch.setattr(click, "confirm", somebody_is_quicker)
    done = await run("config", "apply", file)
    assert len(asked) == 2
    assert "The configuration changed while you looked at this plan." in done.output
    assert "expires_after: 1d → 3d" in done.output
    assert done.output.endswith("Applied.\nProfile web: no open request is under it.\n")


async def test_a_file_with_faults_is_refused_line_by_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "c.yml"
    file.write_text("groups: {a: {name: 7}}\nadministrators: [ingrid@halvorsen.example.com, nobody@example.com]\n")
    for command in ("plan", "apply"):
        said = await run("config", command, file)
        assert (said.exit_code, said.output) == (
            1,
            f"Error: {file}:1:20: groups.a.name: must be text; put it in quotes\n",
        )
    file.write_text("administrators: [ingrid@halvorsen.example.com, nobody@example.com]\n")
    said = await run("config", "plan", file)
    assert said.output == (
        f"Error: {file}:1:48: administrators[1]: nobody who is an active member has the address 'nobody@example.com'\n"
    )


async def test_what_is_still_used_is_refused_with_the_plan(run: Run, tmp_path: Path) -> None:
    await run("config", "apply", "--yes", small(tmp_path / "c.yml"))
    file = tmp_path / "less.yml"
    file.write_text("profiles: {}\n")
    said = await run("config", "plan", file)
    assert said.exit_code == 1
    assert '- profile web "Web servers"\n' in said.output
    assert "Refused:\n  ! The profile web cannot be deleted: resource public still uses it.\n" in said.output
    said = await run("config", "apply", "--yes", file)
    assert said.exit_code == 1
    assert said.output.endswith("Error: This cannot be applied as it is; see above.\n")


async def test_a_workspace_that_cannot_be_met(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    said = await run("config", "export", "-")
    assert (said.exit_code, said.output) == (
        1,
        "Error: Slack refused: invalid_auth. `countersign doctor` says what to do.\n",
    )
    monkeypatch.setenv("COUNTERSIGN_SLACK_API_URL", "http://127.0.0.1:9/")
    said = await run("config", "export", "-")
    assert said.output.startswith("Error: Slack cannot be reached at http://127.0.0.1:9/: ")
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    said = await run("config", "export", "-")
    assert said.output.startswith("Error: Countersign has not synced this workspace yet")


async def test_a_file_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    said = await run("config", "export", tmp_path / "no" / "folder.yml")
    assert (said.exit_code, said.output) == (
        1,
        f"Error: {tmp_path}/no/folder.yml cannot be written: No such file or directory\n",
    )


# migrate, run, doctor, manifest


async def test_a_database_is_brought_up_to_date_once(
    databases: Databases, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with databases.empty(database_kind) as url:
        monkeypatch.setenv("COUNTERSIGN_DATABASE_URL", url)
        if database_kind == "postgresql":
            early = await countersign("config", "export", "-")
            assert early.output == "Error: The database is not up to date. Run `countersign migrate` first.\n"
        assert (await countersign("migrate")).output.endswith(" is up to date now.\n")
        assert (await countersign("migrate")).output.endswith(" was up to date already.\n")


@pytest.mark.parametrize("command", [["migrate"], ["config", "export", "-"], ["config", "plan", str(CONFIGURATION)]])
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://u:hunter2@127.0.0.1:9/c", "Error: The database postgresql://u:…@127.0.0.1:9/c cannot be used: "),
        (
            "oracle://u:hunter2@db/c",
            "Error: COUNTERSIGN_DATABASE_URL: Countersign keeps its record in SQLite or PostgreSQL",
        ),
        ("hunter2", "Error: COUNTERSIGN_DATABASE_URL: This is not the address of a database."),
    ],
)
async def test_a_database_that_cannot_be_used(
    command: list[str], url: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_DATABASE_URL", url)
    done = await countersign(*command)
    assert done.exit_code == 1
    assert done.output.startswith(said)
    assert "hunter2" not in done.output


def test_running_needs_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    def said() -> str:
        done = CliRunner().invoke(main, ["run"], catch_exceptions=False)  # in the main thread, where signals are taken
        assert done.exit_code == 1
        return done.output

    assert [line.partition(" is not set. At https")[0] for line in said().splitlines()] == [
        "Error: SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
    ]
    monkeypatch.setenv("COUNTERSIGN_HTTP_PORT", "many")
    assert said() == "Error: COUNTERSIGN_HTTP_PORT: must be a whole number\n"


async def test_the_doctor_exits_by_what_it_finds(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_ADMINISTRATORS", "U01INGRID")
    done = await run("doctor")
    assert done.exit_code == 0
    assert all(line.startswith("ok ") for line in done.output.splitlines())
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    done = await run("doctor")
    assert done.exit_code == 1
    assert done.output.startswith("MISSING  bot token: Slack says invalid_auth\n         At https://api.slack.com/apps")


async def test_the_manifest_is_printed() -> None:
    assert (await countersign("manifest")).output == manifest.text()
    assert (await countersign("manifest", "--http", "https://a.example.com")).output == manifest.text(
        http="https://a.example.com"
    )
    done = await countersign("manifest", "--http", "http://a.example.com")
    assert done.exit_code == 2
    assert "Invalid value for --http: Slack calls HTTPS addresses only" in done.output


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["run"],
        ["demo"],
        ["migrate"],
        ["doctor"],
        ["manifest"],
        ["config"],
        *(["config", one] for one in ("plan", "apply", "export")),
    ],
)
async def test_every_command_says_what_it_does(words: list[str]) -> None:
    for flag in ("--help", "-h"):
        done = await countersign(*words, flag)
        assert done.exit_code == 0
        assert done.output.startswith("Usage: main")
