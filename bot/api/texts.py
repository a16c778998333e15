"""What the HTTP API says to people who read its answers."""

from domain.platforms.tokens import Scope

INVALID = "The input is not as it must be; see errors."
NO_TOKEN = "Send a token: Authorization: Bearer csgn_…. An administrator makes one with `countersign token create`."  # noqa: S105 - a sentence
BAD_TOKEN = "This token is unknown, expired or revoked."  # noqa: S105 - the same
NO_SUCH_PARAMETER = "There is no such parameter here."
WHY_IT_FAILED = "Say why it failed: the requester reads it."
BAD_CERTIFICATE = "This is not one certificate in PEM, or those above it are not."
TOO_LARGE = "The body is larger than 1 MB."
LENGTH_NEEDED = "Say how long the body is, in a Content-Length header."


def lacks_scope(*scopes: Scope) -> str:
    """One of *scopes* would do."""
    return f"This token may not do this. It would need the scope {' or '.join(scopes)}."


def too_many(seconds: int) -> str:
    return f"Too many calls. Try again in {seconds} {'second' if seconds == 1 else 'seconds'}."


def apology(reference: str) -> str:
    return f"Something went wrong here. The reference in the log is {reference}."
