"""Action, callback and block ids.

Messages live as long as the workspace does, and an old one still carries the ids it was posted with. So an id is **never renamed and
never given a second meaning**; one that is not used any more stays here, with what it did. A test holds this list.
"""

from enum import StrEnum, unique


@unique
class Action(StrEnum):
    """What a button or a menu says when it is used. What its value is stands beside it."""

    # a step, as `StepRef` writes it: request.gate.step
    APPROVE = "approve"
    APPROVE_WITH_COMMENT = "approve_with_comment"
    REJECT = "reject"

    # the number of a request
    DETAILS = "details"
    CANCEL = "cancel"
    OVERRIDE = "override"
    COMMENT = "comment"
    RESUBMIT = "resubmit"
    RELOAD = "reload"
    """In a modal that says that something changed: show the request as it is now."""

    # a place, as `bot.blocks.places` writes it
    DETAILS_NEXT = "details_next"
    DETAILS_PREVIOUS = "details_previous"
    HOME_OLDER = "home_older"
    HOME_NEWEST = "home_newest"
    LIST_OLDER = "list_older"
    LIST_NEWEST = "list_newest"

    # nothing
    NEW_REQUEST = "new_request"
    SHOW_WAITING = "show_waiting"

    # menus of the form for a new request
    OPERATION = "operation"
    RESOURCE = "resource"
    REVOCATION_REASON = "revocation_reason"

    # text fields and choices, read with the form they stand in
    CSR = "csr"
    CERTIFICATE = "certificate"
    REASON = "reason"
    COMMENT_TEXT = "comment_text"
    VERDICT = "verdict"


@unique
class Callback(StrEnum):
    """Which form a modal is."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    OVERRIDE = "override"
    CANCEL = "cancel"
    COMMENT = "comment"
    DETAILS = "details"
    CHANGED = "changed"
    HOME = "home"


@unique
class Field(StrEnum):
    """The block id of a field: what Slack is told to put an error beside."""

    OPERATION = "operation"
    RESOURCE = "resource"
    """Followed by a colon and the kind of resource: a choice made for another kind must not stay when the menu changes."""
    CSR = "csr"
    CERTIFICATE = "certificate"
    REVOCATION_REASON = "revocation_reason"
    REASON = "reason"
    COMMENT = "comment"
    VERDICT = "verdict"


COMMAND = "/approval"
