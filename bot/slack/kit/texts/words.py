"""The words for everything there is a status of: one table each, and a test that none is missing."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from domain.approvals.status import OperationStatus, RequestStatus, WorkItemStatus
from domain.common.operations import Operation
from domain.pki import Material


class Word(NamedTuple):
    """How a status is shown: the word, and a sign after it that nobody has to see."""

    text: str
    sign: str

    def __str__(self) -> str:
        return f"{self.text} {self.sign}" if self.sign else self.text


class StepState(StrEnum):
    """How far one step has come; it follows from the work item and its decisions."""

    APPROVED = "approved"
    OPEN = "open"
    NOT_REACHED = "not_reached"
    NO_APPROVERS = "no_approvers"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


REQUEST: Final[Mapping[RequestStatus, Word]] = {
    RequestStatus.WAITING: Word("Waiting for approval", "●"),
    RequestStatus.APPROVED: Word("Approved", "✓"),
    RequestStatus.REJECTED: Word("Rejected", "✗"),
    RequestStatus.EXPIRED: Word("Expired", "✗"),
    RequestStatus.CANCELLED: Word("Cancelled", "⊘"),
}

WORK_ITEM: Final[Mapping[WorkItemStatus, Word]] = {
    WorkItemStatus.QUEUED: Word("Not reached yet", "○"),
    WorkItemStatus.BLOCKED: Word("Blocked: a step has no approvers", ""),
    WorkItemStatus.PENDING: Word("Waiting for approval", "●"),
    WorkItemStatus.APPROVED: Word("Approved", "✓"),
    WorkItemStatus.REJECTED: Word("Rejected", "✗"),
    WorkItemStatus.EXPIRED: Word("Expired", "✗"),
    WorkItemStatus.CANCELLED: Word("Cancelled", "⊘"),
}

STEP: Final[Mapping[StepState, Word]] = {
    StepState.APPROVED: Word("approved", "✓"),
    StepState.OPEN: Word("open", "●"),
    StepState.NOT_REACHED: Word("not reached", "○"),
    StepState.NO_APPROVERS: Word("has no approvers", "!"),
    StepState.REJECTED: Word("rejected", "✗"),
    StepState.EXPIRED: Word("expired", "✗"),
    StepState.CANCELLED: Word("cancelled", "⊘"),
    StepState.SKIPPED: Word("skipped by override", "⊘"),
}

OPERATION: Final[Mapping[OperationStatus, Word]] = {
    OperationStatus.NONE: Word("Not released", ""),
    OperationStatus.RELEASED: Word("Released", ""),
    OperationStatus.EXECUTED: Word("Executed", "✓"),
    OperationStatus.FAILED: Word("Failed", "✗"),
    OperationStatus.LAPSED: Word("Lapsed", "✗"),
}

_OBJECTS: Final[Mapping[Operation, str]] = {
    Operation.ENROLL: "enroll end entity",
    Operation.RE_ENROLL: "re-enroll end entity",
    Operation.ISSUE: "issue certificate",
    Operation.RENEW: "renew certificate",
    Operation.REKEY: "rekey certificate",
    Operation.REVOKE: "revoke certificate",
}

CONTENT: Final[Mapping[Operation, str]] = {
    Operation.ENROLL: "What will be enrolled",
    Operation.RE_ENROLL: "What will be re-enrolled",
    Operation.ISSUE: "What will be signed",
    Operation.RENEW: "What will be renewed",
    Operation.REKEY: "What will be signed",
    Operation.REVOKE: "What will be revoked",
}
"""The heading over the material."""


def deed(operation: Operation) -> str:
    """What is asked for, after "Approval needed:": `issue certificate`."""
    return _OBJECTS[operation]


def deed_on(operation: Operation, what: str) -> str:
    """What is asked for on what: `issue certificate for api.example.com`."""
    joint = " " if operation in {Operation.ENROLL, Operation.RE_ENROLL} else " for "
    return f"{_OBJECTS[operation]}{joint}{what}"


def short_name(material: Material) -> str:
    """What people call the thing: its common name, else its first alternative name, else its subject."""
    common = next((part.value for rdn in material.subject_rdns for part in rdn if part.type == "CN"), "")
    return common or (material.sans[0].value if material.sans else "") or material.subject or "an empty subject"
