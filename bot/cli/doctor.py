"""`countersign doctor`: is everything there that Countersign needs, and if not, what to do about it."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.clock import Clock, system_clock
from bot.environment.database import PATIENT, DatabaseUnreachable, is_pending
from bot.environment.settings import HOW_TO_GET, Mode, Settings, SettingsError
from bot.runtime.configuration_file import ConfigurationError, ConfigurationFile
from bot.slack.platform import manifest
from bot.slack.platform.client import slack_session
from bot.slack.platform.directory import SLACK_FAILED
from domain.configuration.refusals import NothingMirrored
from domain.ports import Store
from domain.store import open_store
from domain.workflow.configuration import configure

MOST_DRIFT: Final = 30
"""Seconds by which this clock may differ from Slack's. Signatures hold for five minutes, but deadlines are to the second."""


ANOTHER_SLACK: Final = "Is COUNTERSIGN_SLACK_API_URL the address of Slack's Web API?"
CORRECT_FILE: Final = "Correct the file; docs/configuration.md explains each key."


class Finding(NamedTuple):
    """One thing that was looked at."""

    good: bool
    said: str
    remedy: str = ""
    """What to do about it. What is good and has one works, but deserves a look."""

    def __str__(self) -> str:
        word = "MISSING" if not self.good else "look" if self.remedy else "ok"
        first = f"{word:8} {self.said}"
        return f"{first}\n         {self.remedy}" if self.remedy else first


async def examine(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Finding]:
    """Look at everything, one finding after the other; nothing is changed, in Slack or in the database."""
    async with _client(settings) as client:
        async for finding in _bot_token(settings, client, clock):
            yield finding
        yield await _way_in(settings, client)
    database = await _database(settings)
    yield database
    file = None
    if settings.config is not None:
        file, finding = _configuration_file(settings.config)
        yield finding
    if database.good:
        async for finding in _configured(settings, file):
            yield finding


@asynccontextmanager
async def _client(settings: Settings) -> AsyncIterator[AsyncWebClient]:
    async with slack_session() as session:
        yield AsyncWebClient(base_url=settings.slack_api_url, session=session, retry_handlers=[])


# Slack


async def _bot_token(settings: Settings, client: AsyncWebClient, clock: Clock) -> AsyncIterator[Finding]:
    """The bot token, its scopes, and Slack's clock: all of it is in the answer to auth.test."""
    remedy = HOW_TO_GET["SLACK_BOT_TOKEN"]
    if settings.slack_bot_token is None:
        yield Finding(False, "bot token: SLACK_BOT_TOKEN is not set", remedy)
        return
    try:
        answer = await client.auth_test(token=settings.slack_bot_token.get_secret_value())
    except SlackApiError as error:
        yield Finding(False, f"bot token: Slack says {error.response['error']}", remedy)
        return
    except SLACK_FAILED as error:
        yield _unreachable(settings, error)
        return
    yield Finding(True, f"bot token: {answer['user']} in {answer['team']} ({answer['team_id']})")
    headers = {name.lower(): value for name, value in (answer.headers or {}).items()}
    yield _scopes(headers.get("x-oauth-scopes"))
    yield _clock(headers.get("date"), clock())


def _scopes(header: Any) -> Finding:
    needed = manifest.scopes(manifest.load())
    if header is None:
        return Finding(False, "scopes: Slack did not say which ones the bot token has", ANOTHER_SLACK)
    granted = {scope.strip() for scope in str(header).split(",")}
    if missing := sorted(needed - granted):
        return Finding(
            False,
            f"scopes: the bot token lacks {', '.join(missing)}",
            (
                "At https://api.slack.com/apps, open the app, App Manifest, paste what `countersign manifest` "
                "prints, and reinstall the app."
            ),
        )
    return Finding(True, f"scopes: all {len(needed)} of the manifest")


def _clock(header: Any, here: datetime) -> Finding:
    if header is None:
        return Finding(False, "clock: Slack did not say what time it is", ANOTHER_SLACK)
    drift = round((here - parsedate_to_datetime(str(header))).total_seconds())
    if abs(drift) > MOST_DRIFT:
        return Finding(
            False,
            f"clock: this machine is {abs(drift)} seconds {('ahead of' if drift > 0 else 'behind')} Slack",
            "Synchronise this machine's clock (systemd-timesyncd, chrony): requests expire by it.",
        )
    return Finding(True, "clock: agrees with Slack's")


async def _way_in(settings: Settings, client: AsyncWebClient) -> Finding:
    """How Slack reaches the bot: an app-level token that opens sockets, or the secret that proves who calls."""
    if settings.mode is Mode.HTTP:
        if settings.slack_signing_secret is None:
            return Finding(False, "signing secret: SLACK_SIGNING_SECRET is not set", HOW_TO_GET["SLACK_SIGNING_SECRET"])
        return Finding(
            True,
            (
                f"HTTP: Countersign waits for Slack's requests at {settings.http_host}:{settings.http_port}{manifest.HTTP_PATH}"
            ),
        )
    remedy = HOW_TO_GET["SLACK_APP_TOKEN"]
    if settings.slack_app_token is None:
        return Finding(False, "app-level token: SLACK_APP_TOKEN is not set", remedy)
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SlackApiError as error:
        return Finding(False, f"app-level token: Slack says {error.response['error']}", remedy)
    except SLACK_FAILED as error:
        return _unreachable(settings, error)
    return Finding(True, "app-level token: Socket Mode connections can be opened")


def _unreachable(settings: Settings, error: BaseException) -> Finding:
    said = f"Slack: {settings.slack_api_url} cannot be reached: {str(error) or type(error).__name__}"
    return Finding(False, said, "Check the network, the proxy (HTTPS_PROXY), and COUNTERSIGN_SLACK_API_URL.")


# What is kept


async def _database(settings: Settings) -> Finding:
    try:
        if await is_pending(settings):
            return Finding(False, f"database: {settings.database} is not up to date", "Run `countersign migrate`.")
    except (SettingsError, DatabaseUnreachable) as error:
        return Finding(False, f"database: {error}", "Set COUNTERSIGN_DATABASE_URL, and see that the database runs.")
    return Finding(True, f"database: {settings.database} is up to date")


def _configuration_file(path: Path) -> tuple[ConfigurationFile | None, Finding]:
    try:
        file = ConfigurationFile.read(path)
    except ConfigurationError as error:
        return None, Finding(False, f"configuration file: {error}", CORRECT_FILE)
    return file, Finding(True, f"configuration file: {path} can be read")


async def _configured(settings: Settings, file: ConfigurationFile | None) -> AsyncIterator[Finding]:
    """Whether the configuration file can be applied, and whether somebody is an administrator."""
    store = await open_store(settings.database_url.get_secret_value(), deadline=PATIENT)
    try:
        if file is not None:
            for finding in await _applicable(file, store):
                yield finding
        async with store.reading() as reading:
            administrators = await reading.people.administrators()
            people = await reading.people.identities(administrators)
    finally:
        await store.close()
    appointed = bool(settings.administrators or (file is not None and file.configuration.administrators))
    yield _administrators([people[person].name for person in administrators], appointed)


async def _applicable(file: ConfigurationFile, store: Store) -> list[Finding]:
    try:
        with file.located():
            plan = await configure.plan(store, file.configuration)
    except NothingMirrored:
        return []  # nobody can be looked up before the first start
    except ConfigurationError as error:
        return [Finding(False, f"configuration: {error}", CORRECT_FILE)]
    refused = [
        Finding(False, f"configuration: {warning}", "Close those requests, or keep it in the file.")
        for warning in plan.refusals
    ]
    return [
        *refused,
        *(Finding(True, f"configuration: {warning}", "The file can be applied as it is.") for warning in plan.warnings),
    ]


def _administrators(names: Iterable[str], appointed: bool) -> Finding:
    """*appointed* is whether somebody will be at the next start."""
    if found := sorted(names):
        return Finding(True, f"administrators: {', '.join(found)}")
    if appointed:
        return Finding(True, "administrators: nobody yet; they get the role at the next start")
    return Finding(
        False,
        "administrators: nobody has this role",
        ("Set COUNTERSIGN_ADMINISTRATORS to your Slack user id (U…; a profile's ⋮ menu copies it) or e-mail address."),
    )
