"""The forms about a request: to submit, approve, reject, override, cancel and comment; and what is said when one can no longer be sent."""

from typing import Final

EVERYBODY_SEES: Final = "Everybody who can see this request can read it."

# To submit

SUBMIT_TITLE: Final = "New request"


# To decide


# To override


def override_title(request: str) -> str:
    return f"Override {request}"


# To cancel and to comment


# What happened meanwhile
