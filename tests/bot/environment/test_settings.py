"""Settings: where they come from, what is refused and in which words, and that secrets stay out of sight."""

import os
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.environment.settings import SLACK_API_URL, LogLevel, Mode, Settings, SettingsError
from domain.notices.reminders import QuietHours


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("SLACK_", "COUNTERSIGN_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def refused(**environment: str) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        with pytest.raises(SettingsError) as raised:
            Settings.from_environment()
    return str(raised.value).splitlines()


def test_what_holds_when_nothing_is_said() -> None:
    found = Settings.from_environment()
    assert found.slack_api_url == SLACK_API_URL
    assert found.database_url.get_secret_value() == "sqlite:///countersign.db"
    assert (found.http_host, found.http_port) == ("127.0.0.1", 3000)
    assert (found.administrators, found.config) == ((), None)
    assert found.mirror_every < found.mirror_max_age == timedelta(minutes=15)
    assert found.log_level is LogLevel.INFO


def test_everything_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_SIGNING_SECRET": "s3cret",
        "COUNTERSIGN_DATABASE_URL": "postgresql://u:p@db/c",
        "COUNTERSIGN_SLACK_API_URL": "http://127.0.0.1:8400/api",
        "COUNTERSIGN_MODE": "HTTP",
        "COUNTERSIGN_HTTP_HOST": "0.0.0.0",  # noqa: S104 - only read here
        "COUNTERSIGN_HTTP_PORT": "0",
        "COUNTERSIGN_ADMINISTRATORS": "U01INGRID, tomasz@halvorsen.example.com",
        "COUNTERSIGN_CONFIG": "countersign.yml",
        "COUNTERSIGN_MIRROR_MAX_AGE": "1h30m",
        "COUNTERSIGN_SWEEP_EVERY": "10s",
        "COUNTERSIGN_ANNOUNCE_EVERY": "0.5s",
        "COUNTERSIGN_LOG_LEVEL": "debug",
    }.items():
        monkeypatch.setenv(name, value)
    found = Settings.from_environment()
    assert found.slack_bot_token is not None
    assert found.slack_bot_token.get_secret_value() == "xoxb-1"
    assert found.slack_api_url == "http://127.0.0.1:8400/api/"
    assert (found.mode, found.http_port, found.log_level) == (Mode.HTTP, 0, LogLevel.DEBUG)
    assert found.administrators == ("U01INGRID", "tomasz@halvorsen.example.com")
    assert found.config == Path("countersign.yml")
    assert found.mirror_max_age == timedelta(minutes=90)
    assert (found.sweep_every, found.announce_every) == (timedelta(seconds=10), timedelta(seconds=0.5))
    assert found.lacking() == ()


def test_the_environment_goes_before_dotenv_and_an_empty_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(
        "SLACK_BOT_TOKEN=xoxb-file\nSLACK_APP_TOKEN=xapp-file\nCOUNTERSIGN_CONFIG=\nSOMETHING_ELSE=1\n"
    )
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-environment")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "")
    found = Settings.from_environment()
    assert found.slack_bot_token is not None
    assert found.slack_app_token is not None
    assert found.slack_bot_token.get_secret_value() == "xoxb-file"
    assert found.slack_app_token.get_secret_value() == "xapp-environment"
    assert (found.slack_signing_secret, found.config) == (None, None)


def test_what_is_given_in_code_knows_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-environment")
    monkeypatch.setenv("COUNTERSIGN_HTTP_PORT", "99")
    found = Settings.given(slack_app_token="xapp-1")
    assert (found.slack_bot_token, found.http_port) == (None, 3000)


@pytest.mark.parametrize(
    ("given", "mode"),
    [
        ({}, Mode.SOCKET),
        ({"slack_app_token": "xapp-1"}, Mode.SOCKET),
        ({"slack_signing_secret": "s"}, Mode.HTTP),
        ({"slack_app_token": "xapp-1", "slack_signing_secret": "s"}, Mode.SOCKET),
        ({"slack_app_token": "xapp-1", "slack_signing_secret": "s", "mode": "http"}, Mode.HTTP),
    ],
)
def test_how_slack_reaches_us(given: dict[str, str], mode: Mode) -> None:
    assert Settings.given(**given).mode is mode


def test_what_is_lacking_is_said_with_where_to_get_it() -> None:
    bot, app = Settings.given().lacking()
    assert bot.startswith("SLACK_BOT_TOKEN is not set. At https://api.slack.com/apps")
    assert app.startswith("SLACK_APP_TOKEN is not set. At https://api.slack.com/apps")
    [secret] = Settings.given(slack_bot_token="xoxb-1", mode="http").lacking()
    assert secret.startswith("SLACK_SIGNING_SECRET is not set.")


def test_every_fault_is_told_at_once_in_words() -> None:
    assert refused(
        SLACK_BOT_TOKEN="hunter2",
        SLACK_APP_TOKEN="xoxb-hunter2",
        COUNTERSIGN_SLACK_API_URL="ftp://slack",
        COUNTERSIGN_MODE="pigeon",
        COUNTERSIGN_HTTP_PORT="70000",
        COUNTERSIGN_ADMINISTRATORS="ingrid",
        COUNTERSIGN_MIRROR_MAX_AGE="0s",
        COUNTERSIGN_SWEEP_EVERY="soon",
        COUNTERSIGN_ANNOUNCE_EVERY="2h",
        COUNTERSIGN_LOG_LEVEL="loud",
    ) == [
        "SLACK_BOT_TOKEN: is not a bot token: those begin with xoxb-",
        "SLACK_APP_TOKEN: is not an app-level token: those begin with xapp-",
        "COUNTERSIGN_SLACK_API_URL: is not a web address such as https://slack.com/api/",
        "COUNTERSIGN_MODE: must be one of socket, http",
        "COUNTERSIGN_HTTP_PORT: must be at most 65535",
        "COUNTERSIGN_ADMINISTRATORS: 'ingrid' is neither a Slack user id (U…) nor an e-mail address",
        "COUNTERSIGN_MIRROR_MAX_AGE: must be between 1s and 7d",
        "COUNTERSIGN_SWEEP_EVERY: is not a span of time: write days, hours, minutes or seconds, as in 3d, 72h, 90m or 1d12h",
        "COUNTERSIGN_ANNOUNCE_EVERY: must be between 0.05s and 1h",
        "COUNTERSIGN_LOG_LEVEL: must be one of DEBUG, INFO, WARNING, ERROR",
    ]
    assert refused(COUNTERSIGN_HTTP_PORT="many") == ["COUNTERSIGN_HTTP_PORT: must be a whole number"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("20:00-07:00", QuietHours()),
        (" 22:30 - 06:15 ", QuietHours(begin=time(22, 30), end=time(6, 15))),
        ("never", None),
    ],
)
def test_quiet_hours(monkeypatch: pytest.MonkeyPatch, said: str, meant: QuietHours | None) -> None:
    monkeypatch.setenv("COUNTERSIGN_QUIET_HOURS", said)
    assert Settings.from_environment(None).quiet_hours == meant


@pytest.mark.parametrize("said", ["20-07", "24:00-07:00", "07:00-07:00", "20:00", "at night"])
def test_other_quiet_hours_are_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("COUNTERSIGN_QUIET_HOURS", said)
    with pytest.raises(SettingsError, match="COUNTERSIGN_QUIET_HOURS: is not from one time of day to another"):
        Settings.from_environment(None)


def test_a_variable_that_looks_like_a_setting_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("COUNTERSIGN_DATABSE_URL=postgresql://db/c\n")
    monkeypatch.setenv("COUNTERSIGN_TEST_DATABASE_URL", "postgresql://db/test")
    monkeypatch.setenv("COUNTERSIGN_VERSION", "1.2")
    assert refused(COUNTERSIGN_DATABASE_URI="postgresql://db/c") == [
        "COUNTERSIGN_DATABASE_URI: is not a setting; did you mean COUNTERSIGN_DATABASE_URL?",
        "COUNTERSIGN_DATABSE_URL: is not a setting; did you mean COUNTERSIGN_DATABASE_URL?",
    ]


def test_a_dotenv_that_is_no_text_is_refused() -> None:
    Path(".env").write_bytes(b"SLACK_BOT_TOKEN=xoxb-\xff\n")
    assert refused() == [".env: is not UTF-8 text"]


def test_secrets_stay_out_of_sight() -> None:
    secrets = {
        "slack_bot_token": "xoxb-hunter2",
        "slack_app_token": "xapp-hunter2",
        "slack_signing_secret": "hunter2",
        "database_url": "postgresql://countersign:hunter2@db.example.com:5432/countersign?sslmode=require",
    }
    found = Settings.given(**secrets)
    for shown in (repr(found), str(found), str(found.model_dump()), found.model_dump_json(), found.database):
        assert "hunter2" not in shown
    assert found.database == "postgresql://countersign:…@db.example.com:5432/countersign"
    assert "hunter2" not in "\n".join(refused(SLACK_BOT_TOKEN="hunter2", SLACK_APP_TOKEN="hunter2"))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///countersign.db", "sqlite:///countersign.db"),
        ("postgresql://db/countersign", "postgresql://db/countersign"),
        ("postgresql://db/countersign?password=hunter2", "postgresql://db/countersign"),
    ],
)
def test_a_database_as_a_log_may_show_it(url: str, shown: str) -> None:
    assert Settings.given(database_url=url).database == shown


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings.given().http_port = 1  # type: ignore[misc]  # that it cannot be assigned is what is tested
