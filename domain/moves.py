"""Everything that can happen to a request: SPEC.md section 3.

Each function takes a request as it is and returns a `Change`; nothing is mutated and nothing else is ever saved, so no state exists
without its line in the audit. Guards stand first, the most general before the particular; each raises a refusal of its own.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime

from domain.audit import Action, AuditEntry
from domain.base import Frozen
from domain.decisions import Cancellation, Comment, Decision, Override, Skipped, Verdict, clean_text, utc
from domain.delegation import Capacity
from domain.errors import (
    AlreadyClosed,
    AlreadyDecided,
    AlreadyExpired,
    CannotOverride,
    CommentRequired,
    ContentChanged,
    DecidedForYou,
    EmptyComment,
    NoSuchRequest,
    NotAMember,
    NotAnAdministrator,
    NotAnApprover,
    NotAParticipant,
    NotCommenced,
    NotYours,
    OverridingYourOwn,
    ReasonRequired,
    StepMovedOn,
    YouRequestedThis,
)
from domain.material import Material
from domain.operations import Operation
from domain.people import Person, PersonId
from domain.profiles import ProfileVersion
from domain.requests import Request, RequestId, StepRef, WorkItem
from domain.resources import Gate, Resource
from domain.status import MOVES, WORK_ITEM_MOVES, OperationStatus, RequestStatus, WorkItemStatus


class Release(Frozen):
    """The operation that an approval lets go, bound to the content that was approved."""

    request: int
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


class _Cause(Frozen):
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


def submit(
    *,
    id: RequestId,
    by: Person,
    operation: Operation,
    entry: Resource,
    chain: Sequence[Gate],
    material: Material,
    reason: str,
    at: datetime,
    resubmission_of: int | None = None,
) -> Change:
    """A new request under *chain*, which is fixed from here on. Its first gate opens; without gates it is approved at once.

    Raises NotAMember, ReasonRequired, TextTooLong.
    """
    _must_take_part(by)
    if not (reason := clean_text(reason)):
        raise ReasonRequired(deed="submit a request")
    items = tuple(WorkItem(position=position, gate=gate) for position, gate in enumerate(chain))
    cause = _Cause(at=at, by=by.id, reason=reason)
    facts: dict[str, Any] = {
        "id": id,
        "version": 0,
        "operation": operation,
        "entry": entry.key,
        "entry_name": entry.name,
        "requester": by.id,
        "reason": reason,
        "material": material,
        "digest": material.digest,
        "created_at": at,
        "resubmission_of": resubmission_of,
    }
    submitted = cause.entry(
        Action.SUBMITTED,
        _subject(id),
        after={
            "operation": operation,
            "resource": entry.key,
            "digest": material.digest,
            "resubmission_of": resubmission_of,
            "gates": [
                f"{gate.kind}:{gate.resource} under {gate.profile.profile} version {gate.profile.number}"
                for gate in chain
            ],
        },
    )
    cause = cause.replace(reason="")
    if not items:
        request = Request(
            **facts,
            status=RequestStatus.APPROVED,
            closed_at=at,
            work_items=(),
            operation_status=OperationStatus.RELEASED,
        )
        ungated = cause.entry(Action.APPROVED_UNGATED, _subject(id), after={"status": request.status})
        return Change(request=request, audit=(submitted, ungated)).then(lambda r: _release(r, cause))
    first, opened = _opened(id, items[0], cause)
    return Change(request=Request(**facts, work_items=(first, *items[1:])), audit=(submitted, opened))


def decide(
    request: Request,
    by: Person,
    verdict: Verdict,
    at: datetime,
    *,
    on: StepRef,
    comment: str = "",
    delegators: Sequence[Person] = (),
) -> Change:
    """*by* says *verdict* on the step *on*, which must still be the open one.

    *delegators* are the people who have named *by* their delegate for this moment, with their groups and roles of this moment.
    Raises the refusal that says why it cannot count.
    """
    item = _decidable(request, by, at, on)
    capacity = _capacity(request, item, by, on, delegators)
    if request.material.digest != request.digest:
        raise ContentChanged(request=request.name)
    comment = clean_text(comment)
    if not comment and item.profile.definition.comment_required.requires(verdict):
        raise CommentRequired(verdict=verdict)

    decision = Decision(
        number=len(request.decisions) + 1,
        gate=item.position,
        step=item.step,
        by=capacity.by,
        on_behalf_of=capacity.on_behalf_of,
        verdict=verdict,
        comment=comment,
        at=at,
        digest=request.digest,
    )
    cause = _Cause(at=at, by=capacity.by, on_behalf_of=capacity.on_behalf_of)
    had = request.approvals(item.position, item.step)
    request = request.replace(decisions=(*request.decisions, decision))
    recorded = cause.replace(reason=comment).entry(
        Action.DECIDED,
        _subject(request.id, item.position),
        before={"step": item.step, "approved": had},
        after={
            "step": item.step,
            "approved": request.approvals(item.position, item.step),
            "verdict": verdict,
            "digest": request.digest,
            "decision": decision.number,
        },
    )
    change = Change(request=request, decisions=(decision,), audit=(recorded,))
    if verdict is Verdict.REJECT:
        return change.then(lambda r: _close(r, RequestStatus.REJECTED, WorkItemStatus.REJECTED, cause))
    return change.then(lambda r: _advance(r, cause))


def _decidable(request: Request, by: Person, at: datetime, on: StepRef) -> WorkItem:
    """The work item that is open for decisions, if *by* may decide at all and in time."""
    _must_take_part(by)
    if on.request != request.id or on.gate >= len(request.work_items):
        raise NoSuchRequest(request=request.name)
    item = request.current
    if item is None:
        raise AlreadyClosed(request=request.name, status=request.status.label)
    if item.status is WorkItemStatus.BLOCKED:
        raise NotCommenced(request=request.name)
    if item.deadline is not None and at >= item.deadline:
        raise AlreadyExpired(request=request.name, deadline=utc(item.deadline))
    return item


def _capacity(request: Request, item: WorkItem, by: Person, on: StepRef, delegators: Sequence[Person]) -> Capacity:
    """As whom *by* decides here and now; refused, with the reason, where they may not."""
    if not request.may_be_decided_by(by, item.position):
        raise YouRequestedThis
    for decision in request.decisions_in(on.gate):
        if decision.by == by.id:
            raise AlreadyDecided(decided=decision.verdict.past)
        if decision.on_behalf_of == by.id:
            raise DecidedForYou(decided=decision.verdict.past)
    if (on.gate, on.step) != (item.position, item.step):
        raise StepMovedOn(request=request.name, number=item.step + 1, step=item.current_step.name)
    capacity = request.capacity(by, delegators)
    if capacity is None:
        raise NotAnApprover(number=item.step + 1, step=item.current_step.name)
    return capacity


def cancel(request: Request, by: Person, at: datetime, reason: str = "") -> Change:
    """The requester, or an administrator, withdraws a request that still waits.

    Raises NotAMember, NotYours, AlreadyClosed, TextTooLong.
    """
    _must_take_part(by)
    if by.id != request.requester and not by.is_administrator:
        raise NotYours(request=request.name)
    if request.status.is_closed:
        raise AlreadyClosed(request=request.name, status=request.status.label)
    cancellation = Cancellation(by=by.id, at=at, reason=clean_text(reason))
    cause = _Cause(at=at, by=by.id, reason=cancellation.reason)
    return _close(request.replace(cancellation=cancellation), RequestStatus.CANCELLED, WorkItemStatus.CANCELLED, cause)


def expire(request: Request, at: datetime) -> Change | None:
    """The clock closes a request whose open work item's deadline has passed; None where there is nothing to close."""
    item = request.current
    if item is None or item.deadline is None or at < item.deadline:
        return None
    return _close(request, RequestStatus.EXPIRED, WorkItemStatus.EXPIRED, _Cause(at=at))


def override(request: Request, by: Person, verdict: Verdict, at: datetime, reason: str) -> Change:
    """An administrator, never the requester, decides in place of what is missing, or approves what was rejected or expired.

    Raises NotAMember, NotAnAdministrator, OverridingYourOwn, CannotOverride, ReasonRequired, TextTooLong.
    """
    _must_take_part(by)
    if not by.is_administrator:
        raise NotAnAdministrator
    if by.id == request.requester:
        raise OverridingYourOwn
    outcome = RequestStatus.APPROVED if verdict is Verdict.APPROVE else RequestStatus.REJECTED
    if outcome not in MOVES[request.status]:
        raise CannotOverride(request=request.name, status=request.status.label)
    if not (reason := clean_text(reason)):
        raise ReasonRequired(deed="override a request")
    if request.material.digest != request.digest:
        raise ContentChanged(request=request.name)
    skipped = tuple(
        Skipped(gate=item.position, step=number, approved=approved, required=step.required)
        for item in request.work_items
        for number, step in enumerate(item.profile.steps)
        if (approved := request.approvals(item.position, number)) < step.required
    )
    word = Override(by=by.id, at=at, verdict=verdict, reason=reason, over=request.status, skipped=skipped)
    cause = _Cause(at=at, by=by.id, reason=reason)
    entry = cause.entry(
        Action.OVERRIDDEN,
        _subject(request.id),
        before={"status": request.status},
        after={"verdict": verdict, "skipped": [one.model_dump() for one in skipped]},
    )
    change = Change(request=request.replace(override=word), audit=(entry,))
    if outcome is RequestStatus.REJECTED:
        return change.then(lambda r: _close(r, outcome, WorkItemStatus.REJECTED, cause, overridden=True))
    return change.then(lambda r: _close(r, outcome, WorkItemStatus.APPROVED, cause, overridden=True)).then(
        lambda r: _release(r, cause)
    )


def comment(request: Request, by: Person, text: str, at: datetime, *, delegators: Sequence[Person] = ()) -> Change:
    """A participant says something. Raises NotAMember, NotAParticipant, EmptyComment, TextTooLong."""
    _must_take_part(by)
    if not request.concerns(by, delegators):
        raise NotAParticipant(request=request.name)
    if not (text := clean_text(text)):
        raise EmptyComment
    said = Comment(number=len(request.comments) + 1, by=by.id, text=text, at=at)
    entry = _Cause(at=at, by=by.id, reason=text).entry(
        Action.COMMENTED, _subject(request.id), after={"comment": said.number}
    )
    return Change(request=request.replace(comments=(*request.comments, said)), comments=(said,), audit=(entry,))


def follow(request: Request, version: ProfileVersion, at: datetime, by: PersonId | None = None) -> Change | None:
    """A blocked work item takes *version* of its profile, and opens, if every step has approvers there; otherwise None.

    Only a blocked work item ever follows an edit: SPEC.md section 1.
    """
    item = request.current
    if (
        item is None
        or item.status is not WorkItemStatus.BLOCKED
        or item.profile.id != version.id
        or not version.definition.has_approvers
    ):
        return None
    cause = _Cause(at=at, by=by)
    followed = cause.entry(
        Action.PROFILE_FOLLOWED,
        _subject(request.id, item.position),
        before={"version": item.profile.number},
        after={"version": version.number},
    )
    blocked = item.replace(gate=item.gate.replace(profile=version), step=0)
    opened, entry = _opened(request.id, blocked, cause)
    return Change(request=_with(request, opened), audit=(followed, entry))


# The moves below are parts of the ones above.


def _advance(request: Request, cause: _Cause) -> Change:
    """After an approval: nothing more until the step has its people; then the next step, the next gate, or the end."""
    item = request.current
    assert item is not None, "an approval was recorded in an open work item"  # noqa: S101 - held by Request's own validator
    if request.approvals(item.position, item.step) < item.current_step.required:
        return Change(request=request)
    if not item.is_last_step:
        onward = item.replace(step=item.step + 1, step_opened_at=cause.at)
        entry = cause.entry(
            Action.STEP_OPENED,
            _subject(request.id, item.position),
            before={"step": item.step},
            after={"step": onward.step},
        )
        return Change(request=_with(request, onward), audit=(entry,))
    if item.position + 1 == len(request.work_items):
        closed = _close(request, RequestStatus.APPROVED, WorkItemStatus.APPROVED, cause)
        return closed.then(lambda r: _release(r, cause))
    approved, entry = _closed(request.id, item, WorkItemStatus.APPROVED, cause)
    following, opening = _opened(request.id, request.work_items[item.position + 1], cause)
    return Change(request=_with(request, approved, following), audit=(entry, opening))


def _opened(request: int, item: WorkItem, cause: _Cause) -> tuple[WorkItem, AuditEntry]:
    """A work item as its gate is reached: pending, or blocked while its profile has a step without approvers."""
    before = {"status": item.status}
    if not item.profile.definition.has_approvers:
        blocked = item.replace(status=_moved(item, WorkItemStatus.BLOCKED))
        return blocked, cause.entry(
            Action.WORK_ITEM_BLOCKED, _subject(request, item.position), before, {"status": blocked.status}
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
    return pending, cause.entry(Action.WORK_ITEM_OPENED, _subject(request, item.position), before, after)


def _closed(
    request: int, item: WorkItem, status: WorkItemStatus, cause: _Cause, *, overridden: bool = False
) -> tuple[WorkItem, AuditEntry]:
    closed = item.replace(status=_moved(item, status), closed_at=cause.at, overridden=overridden)
    after = {"status": status, "overridden": overridden}
    return closed, cause.entry(
        Action.WORK_ITEM_CLOSED, _subject(request, item.position), {"status": item.status}, after
    )


def _close(
    request: Request, status: RequestStatus, current: WorkItemStatus, cause: _Cause, *, overridden: bool = False
) -> Change:
    """Close the request and every work item that is not approved: the reached one as *current*, those never opened as cancelled.

    Under an override to approved they all take the outcome: SPEC.md section 3.
    """
    if status not in MOVES[request.status]:
        raise AlreadyClosed(request=request.name, status=request.status.label)
    sweeping = status is RequestStatus.APPROVED
    items, entries = [], []
    for item in request.work_items:
        if item.status is WorkItemStatus.APPROVED:
            items.append(item)
            continue
        outcome = current if sweeping or item.status.is_current else WorkItemStatus.CANCELLED
        closed, entry = _closed(request.id, item, outcome, cause, overridden=overridden and outcome is current)
        items.append(closed)
        entries.append(entry)
    entries.append(cause.entry(Action.CLOSED, _subject(request.id), {"status": request.status}, {"status": status}))
    return Change(
        request=request.replace(status=status, closed_at=cause.at, work_items=tuple(items)), audit=tuple(entries)
    )


def _release(request: Request, cause: _Cause) -> Change:
    """Let the operation go, with the digest of what was approved."""
    release = Release(request=request.id, operation=request.operation, digest=request.digest, at=cause.at)
    entry = cause.entry(
        Action.RELEASED,
        _subject(request.id),
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


def _with(request: Request, *items: WorkItem) -> Request:
    changed = {item.position: item for item in items}
    return request.replace(work_items=tuple(changed.get(item.position, item) for item in request.work_items))


def _must_take_part(person: Person) -> None:
    if not person.takes_part:
        raise NotAMember(standing=person.standing.described)


def _subject(request: int, gate: int | None = None) -> str:
    return f"request:{request}" if gate is None else f"request:{request}/{gate}"
