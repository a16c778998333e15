"""The buttons about a request: what stands on them, and what a screen reader says."""

from typing import Final

APPROVE: Final = "Approve"
APPROVE_WITH_COMMENT: Final = "Approve with comment"
REJECT: Final = "Reject"
DETAILS: Final = "Details"
CANCEL: Final = "Cancel request"
RESUBMIT: Final = "Resubmit"
REMIND: Final = "Remind"
OVERRIDE: Final = "Override"
COMMENT: Final = "Comment"


def approve_label(request: str) -> str:
    return f"Approve request {request}"


def approve_with_comment_label(request: str) -> str:
    return f"Approve with comment: request {request}"


def reject_label(request: str) -> str:
    return f"Reject request {request}"


def details_label(request: str) -> str:
    return f"Details of request {request}"


def cancel_label(request: str) -> str:
    return f"Cancel request {request}"


def resubmit_label(request: str) -> str:
    return f"Resubmit request {request}"


def remind_label(request: str) -> str:
    return f"Remind the approvers of request {request}"


def override_label(request: str) -> str:
    return f"Override request {request}"


def comment_label(request: str) -> str:
    return f"Comment on request {request}"
