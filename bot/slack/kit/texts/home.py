"""The App Home, its filter, and deciding on several requests at once."""

from collections.abc import Sequence
from typing import Final

# headings
MANY: Final = 100
"""From here on nobody counts."""


def counted(title: str, number: int | None) -> str:
    """`Waiting on me (3)`, `Waiting on me (99+)`; without a number where nobody counted, or there is nothing."""
    if not number:
        return title
    return f"{title} ({number if number < MANY else f'{MANY - 1}+'})"


# where there is nothing

# buttons
NEW_REQUEST: Final = "New request"
NEW_REQUEST_LABEL: Final = "New request for a certificate operation"
FILTER: Final = "Filter"
CALLED: Final = {"waiting": "what waits on me", "mine": "my requests", "recent": "recent", "everything": "all requests"}
"""The lists, in what a screen reader says of their buttons."""


# the filter


# deciding on several
TITLE: Final = "Decide several"


def needs_comment(verb: str, requests: Sequence[str], shown: int) -> str:
    """Which of the *shown* requests ask for a comment; *verb* is `approve` or `reject`."""
    if len(requests) == shown:
        return f"To {verb}, each of these requires a comment."
    return f"To {verb}, a comment is required for {', '.join(requests)}."


def result(request: str, what: str | None, came: str) -> str:
    """One request and what came of it, a sentence; without *what* it is where the reader may not see it any more."""
    return f"*{request}* {what}. {came}" if what is not None else f"*{request}*. {came}"


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
