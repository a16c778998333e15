"""Lists of requests, and short answers that only their reader sees; in mrkdwn, but for headings, buttons and one-line texts."""

from collections.abc import Sequence
from typing import Final

from bot.slack.kit.ids import COMMAND
from bot.slack.kit.texts.grammar import count

# headings, and the one line that a notification shows
WAITING: Final = "Waiting on you"
MINE: Final = "Your requests"
RECENT: Final = "Recently decided or closed"
ALL: Final = "All requests"


def line_of(title: str, names: Sequence[str]) -> str:
    """`Your requests: REQ-12, REQ-11`."""
    return f"{title}: {', '.join(names) or 'none'}"


# where there is nothing
NOTHING_WAITS: Final = "Nothing waits on you."
NOTHING_MATCHES: Final = "There is nothing that matches."
TEACH: Final = (
    f"`{COMMAND} list` shows your own requests, `{COMMAND} submit` makes one, `{COMMAND} help` says what else there is."
)

# buttons
NEWEST: Final = "Newest"
NEWEST_LABEL: Final = "Newest of this list"
OLDER: Final = "Older"
OLDER_LABEL: Final = "Older of this list"
CLEAR_FILTER: Final = "Clear filter"
CLEAR_FILTER_LABEL: Final = "Clear filter and show everything"
SHOW_WAITING: Final = "What waits on me"
SHOW_WAITING_LABEL: Final = "Show what waits on me"


# one request in a list


def title(name: str, what: str) -> str:
    return f"*{name}* {what}"


def title_by(name: str, what: str, requester: str) -> str:
    return f"*{name}* {what}, requested by {requester}"


def at_step(step: str, approved: int, required: int, until: str | None) -> str:
    """Of something that its reader can decide."""
    expires = f"Expires {until}." if until is not None else "Does not expire."
    return f"{step}: {approved} of {required} approved. {expires}"


def standing_at(status: str, step: str, approved: int, required: int, until: str | None) -> str:
    """How a request stands that still waits."""
    expires = f", expires {until}" if until is not None else ""
    return f"{status}: {step}, {approved} of {required} approved{expires}."


BLOCKED: Final = "Blocked: its approval profile has a step without approvers."


def worth_a_look(notes: int) -> str:
    return f"{count(notes, 'note')} worth a second look, in Details."


def you_decided(verdict: str, when: str, on_behalf_of: str | None) -> str:
    """*verdict* is `approved` or `rejected`; *on_behalf_of* whom the reader stood in for."""
    return f"You {verdict} it {when}{f', for {on_behalf_of}' if on_behalf_of is not None else ''}."


def decided_for_you(verdict: str, when: str, by: str) -> str:
    return f"{by} {verdict} it for you {when}."


# what a list is narrowed by


def filtered(words: Sequence[str]) -> str:
    return f"*Filtered*: {' · '.join(words)}"


def of_status(statuses: Sequence[str]) -> str:
    return " or ".join(statuses)


CLOSED: Final = "closed"


def of_operation(operation: str) -> str:
    return operation


def at_resource(resource: str) -> str:
    return f"at {resource}"


def requested_by(requester: str) -> str:
    return f"requested by {requester}"


def from_day(day: str) -> str:
    return f"from {day} on"


def to_day(day: str) -> str:
    return f"until {day}"


# help
WHAT_YOU_CAN_TYPE: Final = "What you can type"
WHAT_WAITS: Final = "What waits on you."
BEHIND_BUTTONS: Final = "The same is behind buttons: in the messages you get, and in my *Home* tab."


def can_type(names: Sequence[str]) -> str:
    return f"You can type {COMMAND} followed by {', '.join(names)}"


def usage_line(usage: str, does: str) -> str:
    return f"{usage}  {does}"


# answers
SORRY: Final = (
    "Something went wrong here, and it is not your fault. It may not have been recorded: "
    "look at the request before you try again."
)


def sorry(reference: str) -> str:
    return f"{SORRY} Reference: {reference}"


def tell_the_reference(reference: str) -> str:
    return f"If it happens again, tell an administrator this reference: {reference}"


def no_such_command(word: str, near: Sequence[str]) -> str:
    shown = " or ".join(f"{COMMAND} {one}" for one in near)
    hint = f"Did you mean {shown}?" if near else f"{COMMAND} help lists what there is."
    return f"There is no {COMMAND} {word}. {hint}"


def recorded(verdict: str, request: str, led_to: str) -> str:
    return f"Recorded: you {verdict} {request}. {led_to}"


def now_is(status: str) -> str:
    return f"The request is {status}."


NEXT_IS_BLOCKED: Final = "Its next gate is blocked: the approval profile there has a step without approvers."


def now_at(number: int, of: int, step: str, approved: int, required: int) -> str:
    return f"It is at step {number} of {of}, {step}: {approved} of {required} approved."


def submitted(request: str, what: str) -> str:
    return f"{request}, {what}, was submitted. I keep you up to date in our direct messages."


def approved_at_once(request: str, what: str) -> str:
    return f"{request}, {what}, was approved at once: nothing gates this operation here."


def in_short(request: str, what: str, status: str) -> str:
    return f"{request}: {what}, {status}"


def heading(request: str, what: str) -> str:
    return f"{request}: {what}"


SUBJECT: Final = "Subject"
STATUS: Final = "Status"
REQUESTER: Final = "Requester"
CREATED: Final = "Created"
