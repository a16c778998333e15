"""The App Home, its filter, and deciding on several requests at once."""

from collections.abc import Sequence
from typing import Final

from bot.slack.kit.ids import COMMAND
from bot.slack.kit.texts.grammar import count

# headings
WAITING: Final = "Waiting on me"
MINE: Final = "My requests"
RECENT: Final = "Recent"
ALL: Final = "All requests"
MANY: Final = 100
"""From here on nobody counts."""


def counted(title: str, number: int | None) -> str:
    """`Waiting on me (3)`, `Waiting on me (99+)`; without a number where nobody counted, or there is nothing."""
    if not number:
        return title
    return f"{title} ({number if number < MANY else f'{MANY - 1}+'})"


# where there is nothing
NOTHING_WAITS: Final = (
    "Nothing waits on you. When a request reaches a step that you may approve, it appears here, "
    "and I send you a message."
)
NOTHING_ASKED: Final = (
    "You have not asked for anything yet. Press *New request* with a certificate request (CSR) or a certificate at hand, "
    f"or type `{COMMAND} submit` anywhere."
)
NOTHING_RECENT: Final = "Nothing yet. What you decide, and what becomes of your requests, stays here to look up."
NOTHING_AT_ALL: Final = "Nobody has asked for anything yet."
NOTHING_WAITS_THERE: Final = "Nothing that waits on you passes the filter."
NOTHING_THERE: Final = "Nothing here passes the filter."
NOT_A_MEMBER: Final = "Only active full members of this workspace can use Countersign."

# buttons
NEW_REQUEST: Final = "New request"
NEW_REQUEST_LABEL: Final = "New request for a certificate operation"
FILTER: Final = "Filter"
FILTER_LABEL: Final = "Filter all lists here"
OUT_OF_OFFICE: Final = "Out of office"
OUT_OF_OFFICE_LABEL: Final = "Out of office: have somebody decide for me"
PROFILES: Final = "Profiles"
PROFILES_LABEL: Final = "Approval profiles"
RESOURCES: Final = "Resources"
RESOURCES_LABEL: Final = "Resources, and what gates them"
PEOPLE: Final = "People"
PEOPLE_LABEL: Final = "Groups, roles and people"
SEVERAL: Final = "Decide several"
SEVERAL_LABEL: Final = "Decide several requests at once"
NEWEST: Final = "Newest"
OLDER: Final = "Older"
CALLED: Final = {"waiting": "what waits on me", "mine": "my requests", "recent": "recent", "everything": "all requests"}
"""The lists, in what a screen reader says of their buttons."""


def newest_of(called: str) -> str:
    return f"Newest of {called}"


def older_of(called: str) -> str:
    return f"Older of {called}"


def as_of(when: str) -> str:
    return f"As of {when}. Type `{COMMAND} help` for everything you can type."


# the filter
SHOW: Final = "Show"
EXPLAIN_FILTER: Final = "It narrows every list in your Home, and stays until you clear it."
STATUS: Final = "Status"
STATUS_HINT: Final = "Any, if none is ticked."
OPERATION: Final = "Operation"
ANY_OPERATION: Final = "Any operation"
RESOURCE: Final = "Resource"
ANY_RESOURCE: Final = "Any resource"
RESOURCE_HINT: Final = "Where the request begins, or a gate that it goes through."
REQUESTER: Final = "Requested by"
ANYBODY: Final = "Anybody"
FROM: Final = "Submitted from"
TO: Final = "Submitted until"
TO_HINT: Final = "To the end of that day, in your time zone."
ANY_DAY: Final = "Any day"
ENDS_FIRST: Final = "This day is before the first one."
TYPE_IT_TOO: Final = f"The same words narrow a list that you type: `{COMMAND} list all approved operation:issue`."


# deciding on several
TITLE: Final = "Decide several"
DECIDE: Final = "Decide"
VERDICT: Final = "Outcome"
APPROVE_TICKED: Final = "Approve what is ticked"
REJECT_TICKED: Final = "Reject what is ticked"
COMMENT: Final = "Comment"
COMMENT_HINT: Final = "It goes with each of them, and everybody on those requests sees it."
TICK_ONE: Final = "Tick at least one request above."
COMMENT_NEEDED: Final = "Everything that is ticked requires a comment for this."
EXPLAIN_SEVERAL: Final = (
    "Tick what you have looked at. Each request is decided by itself, as if you had pressed its own button: "
    "one that cannot be decided any more keeps none of the others from it."
)
NONE_LEFT: Final = "Nothing waits on you there any more."


def tick(request: str) -> str:
    return f"Decide on {request}"


def first_only(shown: int) -> str:
    """Under the last that is shown, where more wait."""
    return f"These are {shown}. Decide on them, and open this again for the others."


def needs_comment(verb: str, requests: Sequence[str], shown: int) -> str:
    """Which of the *shown* requests ask for a comment; *verb* is `approve` or `reject`."""
    if len(requests) == shown:
        return f"To {verb}, each of these requires a comment."
    return f"To {verb}, a comment is required for {', '.join(requests)}."


def deciding(number: int) -> str:
    return f"Deciding {count(number, 'request')}…"


IN_A_MOMENT: Final = (
    "The results appear here in a moment. If you close this meanwhile, they come as a message. "
    "Your Home always shows what still waits on you."
)
RESULTS: Final = "Results"


def result(request: str, what: str | None, came: str) -> str:
    """One request and what came of it, a sentence; without *what* it is where the reader may not see it any more."""
    return f"*{request}* {what}. {came}" if what is not None else f"*{request}*. {came}"


def you_decided(verdict: str) -> str:
    return f"You {verdict} it."


def moved_on(number: str, step: str) -> str:
    """Somebody else's decision was quicker."""
    return f"Others have decided: it is at step {number}, {step}, now."


EXPIRED_MEANWHILE: Final = "It expired before this was recorded."


def already(status: str) -> str:
    """*status* is the word for it: `approved`."""
    return f"It is already {status}."


COMMENT_LACKING: Final = "It was not decided: it requires a comment. It still waits on you."


def went_wrong(reference: str) -> str:
    return f"Something went wrong, and it may not have been recorded. Tell an administrator this reference: {reference}"


def decided(number: int, verdict: str) -> str:
    """In the sum, where *verdict* is `approved` or `rejected`."""
    return f"{number} {verdict}"


def already_decided(number: int) -> str:
    return f"{number} already decided"


def expired(number: int) -> str:
    return f"{number} expired"


def cancelled(number: int) -> str:
    return f"{number} cancelled"


def lacking_comment(number: int) -> str:
    return f"{number} without the required comment"


def not_in_time(number: int) -> str:
    return f"{number} not recorded in time"


def not_decided(number: int) -> str:
    return f"{number} not decided"


def summed_up(parts: Sequence[str]) -> str:
    """`18 approved, 1 already decided, 1 expired.`"""
    return f"{', '.join(parts)}."
