"""The result of a move of a request, and the functions that moves are built from."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime

from domain.approvals.decisions import Comment, Decision
from domain.approvals.requests import Request, WorkItem
from domain.approvals.status import MOVES, WORK_ITEM_MOVES, OperationStatus, RequestStatus, WorkItemStatus
from domain.audit.entries import Action, AuditEntry
from domain.common.errors import AlreadyClosed
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.people.people import PersonId


class Release(Frozen):
    """The operation that an approval lets go, bound to the content that was approved."""

    request: int
    number: int = 1
    """One more for each retry."""
    operation: Operation
    digest: str
    at: AwareDatetime


class Change(Frozen):
    """What one move makes of a request: the state after it, what is new in it, and the audit entries that say so."""

    request: Request
    decisions: tuple[Decision, ...] = ()
    comments: tuple[Comment, ...] = ()
    releases: tuple[Release, ...] = ()
    audit: tuple[AuditEntry, ...] = ()

    def then(self, move: Callable[[Request], "Change"]) -> "Change":
        """This change and, on the state it leaves, the next one: saved as one."""
        after = move(self.request)
        return Change(
            request=after.request,
            decisions=self.decisions + after.decisions,
            comments=self.comments + after.comments,
            releases=self.releases + after.releases,
            audit=self.audit + after.audit,
        )


class Cause(Frozen):
    """Who moves something, for whom, when and why: the same for every entry that one move leaves."""

    at: datetime
    by: PersonId | None = None
    on_behalf_of: PersonId | None = None
    reason: str = ""

    def entry(
        self, action: Action, subject: str, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
    ) -> AuditEntry:
        return AuditEntry(
            action=action,
            subject=subject,
            at=self.at,
            by=self.by,
            on_behalf_of=self.on_behalf_of,
            before=before or {},
            after=after or {},
            reason=self.reason,
        )


def advance(request: Request, cause: Cause) -> Change:
    """After an approval: nothing more until the step has its people; then the next step, the next gate, or the end."""
    item = request.current
    assert item is not None, "an approval was recorded in an open work item"  # noqa: S101 - held by Request's own validator
    if request.approvals(item.position, item.step) < item.current_step.required:
        return Change(request=request)
    if not item.is_last_step:
        onward = item.replace(step=item.step + 1, step_opened_at=cause.at)
        entry = cause.entry(
            Action.STEP_OPENED,
            subject_of(request.id, item.position),
            before={"step": item.step},
            after={"step": onward.step},
        )
        return Change(request=with_items(request, onward), audit=(entry,))
    if item.position + 1 == len(request.work_items):
        closed = close_request(request, RequestStatus.APPROVED, WorkItemStatus.APPROVED, cause)
        return closed.then(lambda r: release_operation(r, cause))
    approved, entry = close_item(request.id, item, WorkItemStatus.APPROVED, cause)
    following, opening = open_item(request.id, request.work_items[item.position + 1], cause)
    return Change(request=with_items(request, approved, following), audit=(entry, opening))


def open_item(request: int, item: WorkItem, cause: Cause) -> tuple[WorkItem, AuditEntry]:
    """A work item as its gate is reached: pending, or blocked while its profile has a step without approvers."""
    before = {"status": item.status}
    if not item.profile.definition.has_approvers:
        blocked = item.replace(status=_moved(item, WorkItemStatus.BLOCKED))
        return blocked, cause.entry(
            Action.WORK_ITEM_BLOCKED, subject_of(request, item.position), before, {"status": blocked.status}
        )
    deadline = item.profile.deadline(cause.at)
    pending = item.replace(
        status=_moved(item, WorkItemStatus.PENDING),
        step=0,
        opened_at=cause.at,
        step_opened_at=cause.at,
        deadline=deadline,
    )
    after = {"status": pending.status, "step": 0, "deadline": deadline.isoformat() if deadline else None}
    return pending, cause.entry(Action.WORK_ITEM_OPENED, subject_of(request, item.position), before, after)


def close_item(
    request: int, item: WorkItem, status: WorkItemStatus, cause: Cause, *, overridden: bool = False
) -> tuple[WorkItem, AuditEntry]:
    closed = item.replace(status=_moved(item, status), closed_at=cause.at, overridden=overridden)
    after = {"status": status, "overridden": overridden}
    return closed, cause.entry(
        Action.WORK_ITEM_CLOSED, subject_of(request, item.position), {"status": item.status}, after
    )


def close_request(
    request: Request, status: RequestStatus, current: WorkItemStatus, cause: Cause, *, overridden: bool = False
) -> Change:
    """Close the request and every work item that is not approved: the reached one as *current*, those never opened as cancelled.

    Under an override to approved they all take the outcome: SPEC.md section 3.
    """
    if status not in MOVES[request.status]:
        raise AlreadyClosed(request=request.id, status=request.status)
    sweeping = status is RequestStatus.APPROVED
    items, entries = [], []
    for item in request.work_items:
        if item.status is WorkItemStatus.APPROVED:
            items.append(item)
            continue
        outcome = current if sweeping or item.status.is_current else WorkItemStatus.CANCELLED
        closed, entry = close_item(request.id, item, outcome, cause, overridden=overridden and outcome is current)
        items.append(closed)
        entries.append(entry)
    entries.append(cause.entry(Action.CLOSED, subject_of(request.id), {"status": request.status}, {"status": status}))
    return Change(
        request=request.replace(status=status, closed_at=cause.at, work_items=tuple(items)), audit=tuple(entries)
    )


def release_operation(request: Request, cause: Cause) -> Change:
    """Let the operation go, with the digest of what was approved."""
    release = Release(request=request.id, operation=request.operation, digest=request.digest, at=cause.at)
    entry = cause.entry(
        Action.RELEASED,
        subject_of(request.id),
        {"operation_status": OperationStatus.NONE},
        {"operation_status": OperationStatus.RELEASED, "digest": request.digest},
    )
    return Change(
        request=request.replace(operation_status=OperationStatus.RELEASED), releases=(release,), audit=(entry,)
    )


def _moved(item: WorkItem, status: WorkItemStatus) -> WorkItemStatus:
    if status not in WORK_ITEM_MOVES[item.status]:
        raise ValueError(f"a work item does not go from {item.status} to {status}")
    return status


def with_items(request: Request, *items: WorkItem) -> Request:
    changed = {item.position: item for item in items}
    return request.replace(work_items=tuple(changed.get(item.position, item) for item in request.work_items))


def subject_of(request: int, gate: int | None = None) -> str:
    return f"request:{request}" if gate is None else f"request:{request}/{gate}"
