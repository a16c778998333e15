"""Lists of requests, and short answers that only their reader sees; in mrkdwn, but for headings, buttons and one-line texts."""

from collections.abc import Sequence
from typing import Final

from bot.slack.kit.ids import COMMAND

# headings, and the one line that a notification shows
WAITING: Final = "Waiting for you"


# where there is nothing
NOTHING_MATCHES: Final = "No requests match."

# buttons
CLEAR_FILTER: Final = "Clear filter"
CLEAR_FILTER_LABEL: Final = "Clear filter and show everything"


# one request in a list


def at_step(step: str, approved: int, required: int, until: str | None) -> str:
    """Of something that its reader can decide."""
    expires = f"Expires {until}." if until is not None else "Does not expire."
    return f"{step}: {approved} of {required} approved. {expires}"


def standing_at(status: str, step: str, approved: int, required: int, until: str | None) -> str:
    """How a request stands that still waits."""
    expires = f", expires {until}" if until is not None else ""
    return f"{status}: {step}, {approved} of {required} approved{expires}."


def you_decided(verdict: str, when: str, on_behalf_of: str | None) -> str:
    """*verdict* is `approved` or `rejected`; *on_behalf_of* whom the reader stood in for."""
    return f"You {verdict} it {when}{f', for {on_behalf_of}' if on_behalf_of is not None else ''}."


# what a list is narrowed by


# help


def usage_line(usage: str, does: str) -> str:
    return f"{usage}  {does}"


# answers
SORRY: Final = (
    "Something went wrong, and it is not your fault. Your action may not have been "
    "recorded: check the request before you try again."
)


def no_such_command(word: str, near: Sequence[str]) -> str:
    shown = " or ".join(f"{COMMAND} {subcommand}" for subcommand in near)
    hint = f"Did you mean {shown}?" if near else f"{COMMAND} help lists all commands."
    return f"{COMMAND} {word} is not a command. {hint}"


def submitted(request: str, what: str) -> str:
    return f"{request}, {what}, was submitted. I keep you up to date in our direct messages."


def approved_at_once(request: str, what: str) -> str:
    return f"{request}, {what}, was approved at once: no approval is required for this operation here."
