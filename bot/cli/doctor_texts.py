"""What `countersign doctor` says: what it looked at, what it found, and what to do about it."""

from collections.abc import Sequence
from typing import Final

GOOD: Final = "ok"
LOOK: Final = "look"
MISSING: Final = "MISSING"
"""The word before a finding, at most eight characters."""

# Slack

NO_BOT_TOKEN: Final = "bot token: SLACK_BOT_TOKEN is not set"  # noqa: S105 - a sentence
NO_SCOPES: Final = "scopes: Slack did not say which ones the bot token has"
ANOTHER_SLACK: Final = "Is COUNTERSIGN_SLACK_API_URL Slack's?"
ADD_SCOPES: Final = (
    "At https://api.slack.com/apps, open the app, App Manifest, paste what `countersign manifest` prints, "
    "and reinstall the app."
)
NO_TIME: Final = "clock: Slack did not say what time it is"
KEEP_TIME: Final = "Let it keep time over the network (systemd-timesyncd, chrony); requests expire by this clock."
CLOCKS_AGREE: Final = "clock: agrees with Slack's"
NO_SIGNING_SECRET: Final = "signing secret: SLACK_SIGNING_SECRET is not set"  # noqa: S105 - a sentence
NO_APP_TOKEN: Final = "app-level token: SLACK_APP_TOKEN is not set"  # noqa: S105 - a sentence
SOCKETS_OPEN: Final = "app-level token: Socket Mode connections can be opened"
CHECK_NETWORK: Final = "Check the network, the proxy (HTTPS_PROXY), and COUNTERSIGN_SLACK_API_URL."


def bot_token_refused(error: str) -> str:
    return f"bot token: Slack says {error}"


def bot_token(user: str, team: str, team_id: str) -> str:
    return f"bot token: {user} in {team} ({team_id})"


def scopes_missing(missing: Sequence[str]) -> str:
    return f"scopes: the bot token lacks {', '.join(missing)}"


def scopes(number: int) -> str:
    return f"scopes: all {number} of the manifest"


def clock_differs(seconds: int) -> str:
    """By how much this machine is before Slack, or, below zero, after it."""
    return f"clock: this machine is {abs(seconds)} seconds {'ahead of' if seconds > 0 else 'behind'} Slack"


def http(host: str, port: int, path: str) -> str:
    return f"HTTP: Slack's calls are awaited at {host}:{port}{path}"


def app_token_refused(error: str) -> str:
    return f"app-level token: Slack says {error}"


def unreachable(url: str, why: str) -> str:
    return f"Slack: {url} cannot be reached: {why}"


# What is kept

MIGRATE: Final = "Run `countersign migrate`."
SET_DATABASE: Final = "Set COUNTERSIGN_DATABASE_URL, and see that the database runs."
CORRECT_FILE: Final = "Correct the file; docs/configuration.md says what each key means."
CLOSE_REQUESTS: Final = "Close those requests, or keep it."
CAN_BE_APPLIED: Final = "It can be applied as it is."
ADMINISTRATORS_TO_COME: Final = "administrators: nobody yet; they are appointed at the next start"
NO_ADMINISTRATOR: Final = "administrators: nobody is one"
SET_ADMINISTRATORS: Final = (
    "Set COUNTERSIGN_ADMINISTRATORS to your Slack user id (U…; a profile's ⋮ menu copies it) or e-mail address."
)


def database_pending(name: str) -> str:
    return f"database: {name} is not up to date"


def database_faulty(error: str) -> str:
    return f"database: {error}"


def database(name: str) -> str:
    return f"database: {name} is up to date"


def file_faulty(error: str) -> str:
    return f"configuration file: {error}"


def file(path: str) -> str:
    return f"configuration file: {path} can be read"


def configuration(said: str) -> str:
    return f"configuration: {said}"


def administrators(names: Sequence[str]) -> str:
    return f"administrators: {', '.join(names)}"
