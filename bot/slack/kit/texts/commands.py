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
    Subcommand.SUBMIT: Usage("[operation]", "Request a certificate operation, in a form."),
    Subcommand.LIST: Usage("[mine|waiting|recent|all] [status]", "List requests. Without more: your own."),
    Subcommand.SHOW: Usage("REQ-12", "Show one request with all its details."),
    Subcommand.CANCEL: Usage("REQ-12 [reason]", "Cancel a request of yours that is still waiting."),
    Subcommand.RESUBMIT: Usage("REQ-12", "Submit a closed request again, with everything filled in."),
    Subcommand.COMMENT: Usage("REQ-12 text", "Add a comment that everybody on the request sees."),
    Subcommand.OVERRIDE: Usage("REQ-12 approve|reject [reason]", "Skip the missing approvals. For administrators."),
    Subcommand.PROFILES: Usage("[name]", "View, create, edit and delete approval profiles."),
    Subcommand.RESOURCES: Usage("[name]", "View and edit resources and the profiles that gate them; try an operation."),
    Subcommand.PEOPLE: Usage(
        "[@user]", "View and edit groups and roles, their members, and the approvals that depend on them."
    ),
    Subcommand.DELEGATE: Usage(
        "[@user until DATE [from DATE] [reason]]",
        "Have somebody decide for you while you are away. Without arguments: show current delegates.",
    ),
    Subcommand.HEALTH: Usage("", "Show what needs attention: undelivered messages, stuck requests, failed operations."),
    Subcommand.HELP: Usage("", "This list."),
}

FOR_ADMINISTRATORS: Final = frozenset({Subcommand.OVERRIDE})
FOR_READERS: Final = frozenset({Subcommand.HEALTH, Subcommand.PEOPLE, Subcommand.PROFILES, Subcommand.RESOURCES})
"""For administrators and auditors."""

LIST_FILTERS: Final = (
    "Filter a list with operation:issue, resource:web-servers, by:@somebody, from:2026-11-01 and to:2026-11-30, "
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
