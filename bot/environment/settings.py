"""Settings of the process: the only code that reads environment variables and `.env`."""

import os
import re
from collections.abc import Iterable
from datetime import time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit, urlunsplit

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.environment.operator_error import Mistake
from domain.common.validation_sentences import validation_sentence
from domain.configuration.durations import parse_duration, write_duration
from domain.notices.daily_digest import RESULT_WITHIN
from domain.notices.reminders import QuietHours

SLACK_API_URL: Final = "https://slack.com/api/"


class Mode(StrEnum):
    """How Slack reaches this process."""

    SOCKET = "socket"
    """This process opens a WebSocket to Slack; nothing has to be reachable from outside."""
    HTTP = "http"
    """Slack calls an HTTPS address that leads here."""


class SettingsError(Mistake):
    """A setting is missing or wrong. The message has one line for each, and never the value of a secret."""


def _span(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


def _hours(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "never":
        return None
    found = re.fullmatch(
        r"([01][0-9]|2[0-3]):([0-5][0-9])\s*-\s*([01][0-9]|2[0-3]):([0-5][0-9])", value.strip(), re.ASCII
    )
    if found is None or found.group(1, 2) == found.group(3, 4):
        raise ValueError("is not from one time of day to another, as in 20:00-07:00, nor never")
    hours, minutes, until_hours, until_minutes = map(int, found.groups())
    return QuietHours(begin=time(hours, minutes), end=time(until_hours, until_minutes))


def _listed(value: object) -> object:
    return tuple(part for part in re.split(r"[,\s]+", value) if part) if isinstance(value, str) else value


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not a web address such as https://slack.com/api/")
    return value.rstrip("/") + "/"


def _networks(value: object) -> object:
    listed = _listed(value)
    if not isinstance(listed, tuple):
        return value
    try:
        return tuple(ip_network(network) for network in listed)
    except ValueError as error:
        raise ValueError("is not a list of networks such as 10.1.0.0/16, 192.0.2.7") from error


def _rate(value: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,6}/(second|minute|hour|day)", value):
        raise ValueError("is not a number of calls in a second, minute, hour or day, as in 120/minute")
    return value


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


class LogLevel(StrEnum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


def _within(low: timedelta, high: timedelta) -> AfterValidator:
    def check(value: timedelta) -> timedelta:
        if not low <= value <= high:
            raise ValueError(f"must be between {write_duration(low)} and {write_duration(high)}")
        return value

    return AfterValidator(check)


Interval = Annotated[timedelta, BeforeValidator(_span), _within(timedelta(milliseconds=50), timedelta(hours=1))]
Age = Annotated[timedelta, BeforeValidator(_span), _within(timedelta(seconds=1), timedelta(days=7))]


class Settings(BaseModel):
    """Everything that can be set. `from_environment` reads it; made directly it holds what is given and the defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True)

    slack_bot_token: SecretStr | None = Field(default=None, validation_alias="SLACK_BOT_TOKEN")
    """Begins with `xoxb-`: what the bot may do in the workspace."""
    slack_app_token: SecretStr | None = Field(default=None, validation_alias="SLACK_APP_TOKEN")
    """Begins with `xapp-`: opens Socket Mode connections."""
    slack_signing_secret: SecretStr | None = Field(default=None, validation_alias="SLACK_SIGNING_SECRET")
    """Proves that an HTTP request comes from Slack."""
    slack_api_url: Annotated[str, AfterValidator(_web_address)] = Field(
        default=SLACK_API_URL, validation_alias="COUNTERSIGN_SLACK_API_URL"
    )
    """Where Slack's Web API is; another one for devslack. Ends with a slash."""

    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///countersign.db"), validation_alias="COUNTERSIGN_DATABASE_URL"
    )
    """`sqlite:///FILE`, or `postgresql://USER:PASSWORD@HOST/DATABASE`."""

    mode: Annotated[Mode, BeforeValidator(_lower)] = Field(
        default_factory=lambda facts: (
            Mode.SOCKET if facts.get("slack_app_token") or not facts.get("slack_signing_secret") else Mode.HTTP
        ),
        validation_alias="COUNTERSIGN_MODE",
    )
    """Unless it is said: HTTP where there is a signing secret and no app token, else Socket Mode."""
    http_host: str = Field(default="127.0.0.1", min_length=1, validation_alias="COUNTERSIGN_HTTP_HOST")
    http_port: int = Field(default=3000, ge=0, le=65535, validation_alias="COUNTERSIGN_HTTP_PORT")
    """0 takes any free port."""

    api: bool = Field(default=False, validation_alias="COUNTERSIGN_API")
    """Whether other platforms are served: the HTTP API under `/v1`, for tokens of `countersign token create`."""
    api_rate: Annotated[str, AfterValidator(_rate)] = Field(
        default="120/minute", validation_alias="COUNTERSIGN_API_RATE"
    )
    """How often one token may call one process."""

    ca_folder: Path = Field(default=Path("ca"), validation_alias="COUNTERSIGN_CA_FOLDER")
    """Where the local CAs are, each in a folder of its own."""
    ca_passphrase: SecretStr | None = Field(default=None, validation_alias="COUNTERSIGN_CA_PASSPHRASE")
    """Opens the keys of the local CAs."""
    webhook_secret: SecretStr | None = Field(default=None, min_length=32, validation_alias="COUNTERSIGN_WEBHOOK_SECRET")
    """From which the secret of each webhook is made; whoever has it can sign as Countersign."""
    webhook_allow: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)] = Field(
        default=(), validation_alias="COUNTERSIGN_WEBHOOK_ALLOW"
    )
    """Networks that are not on the internet and may be sent to all the same: `10.1.0.0/16`, `127.0.0.1`."""

    administrators: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(), validation_alias="COUNTERSIGN_ADMINISTRATORS"
    )
    """The first administrators: Slack user ids or e-mail addresses. They count only while nobody else is one."""
    config: Path | None = Field(default=None, validation_alias="COUNTERSIGN_CONFIG")
    """A configuration file that is applied at every start."""

    mirror_max_age: Age = Field(default=timedelta(minutes=15), validation_alias="COUNTERSIGN_MIRROR_MAX_AGE")
    """How old what is known of people and user groups may be when a decision relies on it."""
    sweep_every: Interval = Field(default=timedelta(seconds=5), validation_alias="COUNTERSIGN_SWEEP_EVERY")
    """How often overdue requests are looked for and closed."""
    announce_every: Interval = Field(default=timedelta(seconds=1), validation_alias="COUNTERSIGN_ANNOUNCE_EVERY")
    """How often Slack messages that are out of date are looked for and redrawn."""
    quiet_hours: Annotated[QuietHours | None, BeforeValidator(_hours)] = Field(
        default=QuietHours(), validation_alias="COUNTERSIGN_QUIET_HOURS"
    )
    """When nobody is reminded by the clock, in each one's own time zone: `20:00-07:00`, or `never`."""
    result_within: Annotated[timedelta, BeforeValidator(_span), _within(timedelta(seconds=1), timedelta(days=365))] = (
        Field(default=RESULT_WITHIN, validation_alias="COUNTERSIGN_RESULT_WITHIN")
    )
    """How long the result of an operation that was handed over may be missing before administrators are told."""
    log_level: Annotated[LogLevel, BeforeValidator(_upper)] = Field(
        default=LogLevel.INFO, validation_alias="COUNTERSIGN_LOG_LEVEL"
    )

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _is_that_kind_of_token(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        prefix, kind = ("xoxb-", "bot") if info.field_name == "slack_bot_token" else ("xapp-", "app-level")
        if value is not None and not value.get_secret_value().startswith(prefix):
            raise ValueError(f"is not {'an' if kind[0] == 'a' else 'a'} {kind} token: those begin with {prefix}")
        return value

    @field_validator("administrators")
    @classmethod
    def _name_people(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for who in value:
            if not re.fullmatch(r"[UW][A-Z0-9]+|[^@\s]+@[^@\s]+", who):
                raise ValueError(f"{who!r} is neither a Slack user id (U…) nor an e-mail address")
        return value

    @classmethod
    def from_environment(cls, env_file: Path | None = Path(".env")) -> "Settings":
        """The settings of this process. Raises SettingsError, one line for each setting that is wrong."""
        try:
            if near := _near_misses({*os.environ, *(dotenv_values(env_file) if env_file is not None else ())}):
                raise SettingsError("\n".join(near))
            return _Environment(_env_file=env_file)
        except ValidationError as error:
            raise SettingsError("\n".join(_line(fault) for fault in error.errors(include_input=False))) from None
        except UnicodeDecodeError:
            raise SettingsError(f"{env_file}: is not UTF-8 text") from None

    @classmethod
    def given(cls, **values: Any) -> "Settings":
        """These settings, as plain values, and the defaults. Raises pydantic.ValidationError."""
        return cls(**values)

    @property
    def mirror_every(self) -> timedelta:
        """How often the mirror is brought up to date, so that it does not reach its limit in the course of things."""
        return self.mirror_max_age / 3

    @property
    def database(self) -> str:
        """The database's address as a log may show it: without its password."""
        parts = urlsplit(self.database_url.get_secret_value())
        if parts.password is None and "password" not in parts.query:
            return self.database_url.get_secret_value()
        user, _, host = parts.netloc.rpartition("@")
        return urlunsplit((parts.scheme, f"{user.partition(':')[0]}:…@{host}" if user else host, parts.path, "", ""))

    def lacking(self) -> tuple[str, ...]:
        """What `countersign run` cannot do without and is not set: one sentence each, with where to get it."""
        needed = [("SLACK_BOT_TOKEN", self.slack_bot_token)]
        needed.append(
            ("SLACK_APP_TOKEN", self.slack_app_token)
            if self.mode is Mode.SOCKET
            else ("SLACK_SIGNING_SECRET", self.slack_signing_secret)
        )
        return tuple(f"{name} is not set. {HOW_TO_GET[name]}" for name, value in needed if value is None)


class _Environment(BaseSettings, Settings):
    """The same, read from the environment first, then from `.env`."""

    model_config = SettingsConfigDict(
        extra="ignore",  # both hold other programs' settings as well
        env_file_encoding="utf-8",
        env_ignore_empty=True,
    )


HOW_TO_GET: Final = {
    "SLACK_BOT_TOKEN": "At https://api.slack.com/apps, open the app, OAuth & Permissions, install it to the workspace and copy "
    "the Bot User OAuth Token (xoxb-…).",
    "SLACK_APP_TOKEN": "At https://api.slack.com/apps, open the app, Basic Information, App-Level Tokens, and generate one with "
    "the scope connections:write (xapp-…).",
    "SLACK_SIGNING_SECRET": "At https://api.slack.com/apps, open the app, Basic Information, App Credentials, and copy the "
    "Signing Secret.",
}

_PREFIX: Final = "COUNTERSIGN_"


def _near_misses(names: Iterable[str]) -> list[str]:
    """Variables that are no settings and look like one: a database that was misspelt would quietly be another one."""
    known = {str(field.validation_alias).removeprefix(_PREFIX) for field in Settings.model_fields.values()}
    given = {name: name.removeprefix(_PREFIX) for name in sorted(names) if name.startswith(_PREFIX)}
    return [
        f"{name}: is not a setting; did you mean {_PREFIX}{found[0]}?"
        for name, rest in given.items()
        if rest not in known and (found := get_close_matches(rest, sorted(known), n=1, cutoff=0.85))
    ]


def _line(fault: Any) -> str:
    """A fault of pydantic's as a person reads it; the input, which may be a secret, stays out."""
    name = ".".join(str(part) for part in fault["loc"]) or "settings"
    return f"{name}: {validation_sentence(fault)}"
