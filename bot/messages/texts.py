"""What the messages about a request say. Values have been made safe to show where they go."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.slack.kit.texts.grammar import span

# Headings and fields

APPROVAL_NEEDED: Final = "Approval needed"
DEADLINE_PASSED: Final = "Deadline passed"
STEP_APPROVED: Final = "Step approved"
BLOCKED: Final = "Blocked"
NOBODY_LEFT: Final = "Nobody left to approve"
NO_LONGER_STUCK: Final = "No longer stuck"

RESOURCE: Final = "Resource"


def heading(what: str, deed: str) -> str:
    """*what* is one of those above, or what a request came to; *deed* is `issue certificate`."""
    return f"{what}: {deed}"


def about(request: str, what: str) -> str:
    return f"{request}, {what}"


def requested_by(request: str, what: str, who: str) -> str:
    return f"{request}, {what}, requested by {who}."


def gate(name: str, number: int, of: int) -> str:
    return f"{name} (gate {number} of {of})" if of > 1 else name


def profile(name: str, version: int) -> str:
    return f"{name}, version {version}"


def step(number: int, of: int) -> str:
    """The name of the field."""
    return f"Step {number} of {of}"


# Why somebody is asked


def asked_late(after: timedelta, how: str, *, begun: bool) -> str:
    """By an escalation; *begun* where somebody has approved already."""
    waited = "This has been waiting" if begun else "There was no decision"
    return f"{waited} for {span(after)}, so you are also asked, {how}"


# How far it has come


# What the end means


# The one line of a message: notifications show only this


def needed(
    what: str, who: str, number: int, of: int, approved: int, required: int, deadline: str | None, name: str
) -> str:
    so_far = f", {approved} of {required} approved" if approved else ""
    ends = f"expires {deadline}" if deadline is not None else "does not expire"
    return f"{APPROVAL_NEEDED}: {what}, from {who}, step {number} of {of}{so_far}, {ends} ({name})"


def one_line(word: str, by: str, what: str, name: str) -> str:
    """What became of a request; *by* is empty where nobody did it."""
    return f"{word}{f' by {by}' if by else ''}: {what} ({name})"


# Replies


# Alerts


def without_approvers(profile: str, version: int, gate: str, steps: Sequence[tuple[int, str]]) -> str:
    empty = "; ".join(f"step {number}, {name}" for number, name in steps)
    return f"The approval profile {profile}, version {version}, of {gate} has no approvers in {empty}."


# Reminders


def so_far(step: str, approved: int, required: int) -> str:
    """After "at"."""
    return f"{step}: {approved} of {required} approved"


def asks_again(who: str, so_far: str, deadline: str | None) -> str:
    return f"{who} asks again: this is still waiting for you at {so_far}.{_expires(deadline)}"


def reminder(waited: str, so_far: str, deadline: str | None) -> str:
    return f"*Reminder*: this has been waiting{f' for {waited}' if waited else ''} at {so_far}.{_expires(deadline)}"


def expires_soon(left: str, deadline: str, so_far: str) -> str:
    return f"*Expires in {left}*, {deadline}. After that nobody can decide it. It is at {so_far}."


def yours_expires_soon(left: str, deadline: str, so_far: str) -> str:
    """To the requester."""
    return f"*Expires in {left}*, {deadline}. It is at {so_far}. *Remind* asks the approvers who have not decided once more."


def _expires(deadline: str | None) -> str:
    return f" It expires {deadline}." if deadline is not None else ""
