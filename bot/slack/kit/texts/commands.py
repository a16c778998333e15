"""The catalogue of what can be typed: one table, from which help, usage and the nearest match are made."""

from collections.abc import Sequence
from enum import StrEnum, unique
from typing import Final, NamedTuple

from bot.slack.kit.ids import COMMAND


@unique
class Subcommand(StrEnum):
    SUBMIT = "submit"
    LIST = "list"
    SHOW = "show"
    CANCEL = "cancel"
    RESUBMIT = "resubmit"
    COMMENT = "comment"
    OVERRIDE = "override"
    PROFILES = "profiles"
    RESOURCES = "resources"
    PEOPLE = "people"
    DELEGATE = "delegate"
    HEALTH = "health"
    HELP = "help"


class Usage(NamedTuple):
    """How a subcommand is written, and what it does in a sentence."""

    arguments: str
    does: str


USAGES: Final[dict[Subcommand, Usage]] = {
    Subcommand.SUBMIT: Usage("[operation]", "Ask for a certificate operation, in a form."),
    Subcommand.LIST: Usage("[mine|waiting|recent|all] [status]", "List requests. Without more: your own."),
    Subcommand.SHOW: Usage("REQ-12", "Show one request with all its details."),
    Subcommand.CANCEL: Usage("REQ-12 [reason]", "Withdraw a request of yours that still waits."),
    Subcommand.RESUBMIT: Usage("REQ-12", "Ask again for what was closed, with everything filled in."),
    Subcommand.COMMENT: Usage("REQ-12 text", "Say something that everybody on the request sees."),
    Subcommand.OVERRIDE: Usage(
        "REQ-12 approve|reject [reason]", "Decide in place of what is missing. For administrators."
    ),
    Subcommand.PROFILES: Usage("[name]", "Approval profiles: look, create, edit, delete."),
    Subcommand.RESOURCES: Usage("[name]", "Resources, and which profile gates what at them; try out an operation."),
    Subcommand.PEOPLE: Usage("[@user]", "Groups and roles: who is in, why, and what hangs on whom; change them."),
    Subcommand.DELEGATE: Usage(
        "[@user until DATE [from DATE] [reason]]",
        "Have somebody decide for you while you are away; alone: who does now.",
    ),
    Subcommand.HEALTH: Usage("", "What could not be delivered, what is stuck or late; send again."),
    Subcommand.HELP: Usage("", "This list."),
}

FOR_ADMINISTRATORS: Final = frozenset({Subcommand.OVERRIDE})
FOR_READERS: Final = frozenset({Subcommand.HEALTH, Subcommand.PEOPLE, Subcommand.PROFILES, Subcommand.RESOURCES})
"""For administrators and auditors."""

LIST_FILTERS: Final = (
    "Narrow a list with operation:issue, resource:web-servers, by:@somebody, from:2026-11-01 and to:2026-11-30, "
    "or with a status: waiting, approved, rejected, expired, cancelled, closed."
)


def usage(subcommand: Subcommand) -> str:
    """`/approval cancel REQ-12 [reason]`."""
    return f"{COMMAND} {subcommand} {USAGES[subcommand].arguments}".rstrip()


# What is answered


# What was typed wrongly

LIST_DATES: Final = f"{COMMAND} list all from:2026-11-01 to:2026-11-30"


@unique
class Argument(StrEnum):
    """What a word of a command is to be; its value is what it is called."""

    OPERATION = "operation"
    OUTCOME = "outcome"
    STATUS = "status"
    FILTER = "filter"


def there_is_no(what: Argument, word: str, nearest: str | None, names: Sequence[str]) -> str:
    """*word* is none of *names*, and looks most like *nearest*, if like anything."""
    meant = f"Did you mean {nearest}?" if nearest is not None else f"There are {', '.join(names)}."
    return f"There is no {what} “{word}”. {meant}"
