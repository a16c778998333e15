"""The statuses of a request and all moves between them: SPEC.md section 3. Closed statuses are derived from the moves."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class RequestStatus(StrEnum):
    WAITING = "waiting_for_approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def is_closed(self) -> bool:
        return self is not RequestStatus.WAITING

    @property
    def label(self) -> str:
        return self.replace("_", " ")


class WorkItemStatus(StrEnum):
    QUEUED = "queued"
    BLOCKED = "blocked"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def is_closed(self) -> bool:
        return self not in _OPEN_WORK_ITEM

    @property
    def is_current(self) -> bool:
        """Reached and not closed: the one work item of a request where something can happen."""
        return self in {WorkItemStatus.BLOCKED, WorkItemStatus.PENDING}


class OperationStatus(StrEnum):
    """What became of the operation after the approval: SPEC.md section 6."""

    NONE = "none"
    RELEASED = "released"
    EXECUTED = "executed"
    FAILED = "failed"
    LAPSED = "lapsed"


_R, _W, _O = RequestStatus, WorkItemStatus, OperationStatus
_OPEN_WORK_ITEM: Final = frozenset({_W.QUEUED, _W.BLOCKED, _W.PENDING})

MOVES: Final[Mapping[RequestStatus, frozenset[RequestStatus]]] = {
    _R.WAITING: frozenset({_R.APPROVED, _R.REJECTED, _R.EXPIRED, _R.CANCELLED}),
    _R.REJECTED: frozenset({_R.APPROVED}),
    _R.EXPIRED: frozenset({_R.APPROVED}),
    _R.APPROVED: frozenset(),
    _R.CANCELLED: frozenset(),
}
"""Rejected and expired move only by an administrator's override."""

WORK_ITEM_MOVES: Final[Mapping[WorkItemStatus, frozenset[WorkItemStatus]]] = {
    _W.QUEUED: frozenset({_W.BLOCKED, _W.PENDING, _W.APPROVED, _W.CANCELLED}),
    _W.BLOCKED: frozenset({_W.PENDING, _W.APPROVED, _W.REJECTED, _W.CANCELLED}),
    _W.PENDING: frozenset({_W.APPROVED, _W.REJECTED, _W.EXPIRED, _W.CANCELLED}),
    _W.REJECTED: frozenset({_W.APPROVED}),
    _W.EXPIRED: frozenset({_W.APPROVED}),
    _W.CANCELLED: frozenset({_W.APPROVED}),
    _W.APPROVED: frozenset(),
}
"""Out of a closed work item there is one way: an override of its request to approved."""

OPERATION_MOVES: Final[Mapping[OperationStatus, frozenset[OperationStatus]]] = {
    _O.NONE: frozenset({_O.RELEASED}),
    _O.RELEASED: frozenset({_O.EXECUTED, _O.FAILED, _O.LAPSED}),
    _O.FAILED: frozenset({_O.RELEASED, _O.EXECUTED}),
    _O.EXECUTED: frozenset(),
    _O.LAPSED: frozenset({_O.EXECUTED, _O.FAILED}),
}
"""A failed operation is released again only by an administrator. What lapsed, or failed in doubt, takes the word of who was handed it."""
