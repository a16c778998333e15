"""What is said of the operation after the approval: how it ended, its certificate, and what administrators may do."""

from typing import Final

RETRY: Final = "Retry"
RETRY_TITLE: Final = "Try it again?"
RETRY_SURE: Final = (
    "The operation is handed over once more, exactly as it was approved. It carries the same key as before, "
    "so that what was done already is not done twice."
)
KEEP: Final = "Not now"
CERTIFICATE: Final = "Certificate"
CERTIFICATE_TITLE: Final = "Certificate"
CLOSE: Final = "Close"
ABOVE_IT: Final = "*Above it*, in the order in which a server sends them"
NOTHING_ABOVE: Final = "Nothing was said of who stands above it."
RELEASED: Final = "*Released*: it is bound to exactly what was approved, and waits to be carried out."
ASK_WHO_HAS_IT: Final = (
    "Ask whoever runs what it was handed to: the word that it was executed, or that it failed, still counts."
)
RESUBMIT_ANEW: Final = "Resubmit makes a new request with everything filled in."
DELIVERY_HEADER: Final = "Carrying it out"
BY_HAND: Final = "Nothing is configured to carry this out, so somebody does it by hand."


def retry_label(request: str) -> str:
    return f"Retry the operation of request {request}"


def certificate_label(request: str) -> str:
    return f"Certificate of request {request}"


def executed(when: str, serial: str, until: str) -> str:
    """*when* and *until* are moments, *serial* is empty where no certificate came back."""
    if not serial:
        return f"*Executed*, {when}."
    return f"*Executed*, {when}: certificate {serial}, valid until {until}."


def failed(when: str) -> str:
    return f"*Failed*, {when}. It was approved, and could not be carried out:"


def failed_then() -> str:
    return "Administrators were told, and can try it again."


def lapsed(when: str) -> str:
    return f"*Lapsed*, {when}. It was approved, and not carried out in time:"


def ended_header(status: str, deed: str) -> str:
    """*status* is how it ended, `Executed`; *deed* what was asked for, `issue certificate`."""
    return f"{status}: {deed}"


def ended_line(status: str, deed_on: str, request: str) -> str:
    """The whole message in one line."""
    return f"{status}: {deed_on} ({request})"


def failed_line(deed_on: str, request: str, why: str) -> str:
    return f"Failed: {deed_on} ({request}): {why}"


def lapsed_in_doubt(when: str) -> str:
    return f"*Lapsed*, {when}. It was approved, and whether it was carried out in time is not known:"


def went_on(status: str) -> str:
    """For a message about an end that was none: an administrator had it tried again, or it was reported since that it was done."""
    return f"It went on after this, and is *{status}* now."


def told_as_administrator(requester: str) -> str:
    return f"You are told as an administrator. Requested by {requester}."


def release_line(number: int, at: str, by: str) -> str:
    """*at* is a moment; *by* a connector, or empty."""
    what = "Released" if number == 1 else f"Released again, the {ordinal(number)} time,"
    return f"{what} {at}" + (f", to {by}" if by else "")


def ordinal(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def attempts(number: int) -> str:
    return "handed over once" if number == 1 else f"handed over {number} times"


def accepted(at: str) -> str:
    return f"accepted {at}, and its result is reported later"


def at_work(since: str) -> str:
    return f"being carried out since {since}"


def again(at: str) -> str:
    return f"looked at again {at}"


def valid_until(at: str) -> str:
    return f"The approval is valid until {at}; past it this is not carried out any more."


def file_name(request: str) -> str:
    """What the requester's file is called."""
    return f"{request}.pem"


def file_title(request: str) -> str:
    return f"Certificate of {request}"


def file_comment(request: str) -> str:
    """What stands above it."""
    return f"The certificate of {request}, with what stands above it"


def facts(serial: str, sha256: str, begin: str, end: str) -> list[tuple[str, str]]:
    return [("Serial number", serial), ("SHA-256", sha256), ("Valid from", begin), ("Valid until", end)]
