"""What is said of the operation after the approval: how it ended, its certificate, and what administrators may do."""

from typing import Final

RETRY: Final = "Retry"
ASK_WHO_HAS_IT: Final = (
    "Ask whoever runs what it was handed to: the word that it was executed, or that it failed, still counts."
)
RESUBMIT_ANEW: Final = "Resubmit makes a new request with everything filled in."
BY_HAND: Final = "Nothing is configured to carry this out, so somebody does it by hand."


def executed(when: str, serial: str, until: str) -> str:
    """*when* and *until* are moments, *serial* is empty where no certificate came back."""
    if not serial:
        return f"*Executed*, {when}."
    return f"*Executed*, {when}: certificate {serial}, valid until {until}."


def lapsed(when: str) -> str:
    return f"*Lapsed*, {when}. It was approved, and not carried out in time:"


def lapsed_in_doubt(when: str) -> str:
    return f"*Lapsed*, {when}. It was approved, and whether it was carried out in time is not known:"


def release_line(number: int, at: str, by: str) -> str:
    """*at* is a moment; *by* a connector, or empty."""
    what = "Released" if number == 1 else f"Released again, the {ordinal(number)} time,"
    return f"{what} {at}" + (f", to {by}" if by else "")


def ordinal(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
