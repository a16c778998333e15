"""Everything that can happen to a request: SPEC.md section 3.

Each function takes a request and returns a `Change`. Nothing is mutated and nothing else is saved, so every state has its audit entries.
Guards come first, general ones before particular ones; each raises its own refusal.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from domain.approvals.changes import (
    Cause,
    Change,
    advance,
    close_request,
    open_item,
    release_operation,
    subject_of,
    with_items,
)
from domain.approvals.decisions import Cancellation, Comment, Decision, Override, Verdict, clean_text
from domain.approvals.delegation import NO_DELEGATES, Capacity, Delegates
from domain.approvals.eligibility import People, bars_requester, capacity
from domain.approvals.profiles import ProfileVersion
from domain.approvals.requests import Escalated, Request, RequestId, StepRef, WorkItem
from domain.approvals.resources import Gate, Resource, ResourceId
from domain.approvals.skipped_steps import skipped
from domain.approvals.status import MOVES, OperationStatus, RequestStatus, WorkItemStatus
from domain.audit.entries import Action
from domain.common.errors import (
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
    NotYoursToRemind,
    OverridingYourOwn,
    ReasonRequired,
    Refusal,
    RemindedAlready,
    StepMovedOn,
    YouRequestedThis,
)
from domain.common.operations import Operation
from domain.people.people import Person, PersonId
from domain.pki import Material, Note

REMIND_AGAIN: Final = timedelta(hours=4)
"""The time between two reminders that a requester sends by hand."""


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
    noted: Sequence[Note] = (),
    certificate_profile: ResourceId | None = None,
    certificate_authority: ResourceId | None = None,
    resubmission_of: int | None = None,
    submission_key: str | None = None,
    client: str | None = None,
) -> Change:
    """A new request under *chain*, which never changes afterwards. Its first gate opens; without gates it is approved at once.

    *noted* is shown to the approvers with the material. *certificate_profile* and *certificate_authority* say who carries it out.

    Raises NotAMember, ReasonRequired, TextTooLong.
    """
    _must_take_part(by)
    if not (reason := clean_text(reason)):
        raise ReasonRequired(action="submit a request")
    items = tuple(WorkItem(position=position, gate=gate) for position, gate in enumerate(chain))
    cause = Cause(at=at, by=by.id, reason=reason)
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
        "noted": tuple(noted),
        "created_at": at,
        "certificate_profile": certificate_profile,
        "certificate_authority": certificate_authority,
        "resubmission_of": resubmission_of,
        "submission_key": submission_key,
        "client": client,
    }
    submitted = cause.entry(
        Action.SUBMITTED,
        subject_of(id),
        after={
            "operation": operation,
            "resource": entry.key,
            "digest": material.digest,
            "certificate_profile": certificate_profile,
            "certificate_authority": certificate_authority,
            "resubmission_of": resubmission_of,
            **({"client": client} if client is not None else {}),
            "gates": [
                f"{gate.kind}:{gate.resource} under {gate.profile.profile} version {gate.profile.number}"
                for gate in chain
            ],
            **({"noted": [note.text for note in noted]} if noted else {}),
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
        ungated = cause.entry(Action.APPROVED_UNGATED, subject_of(id), after={"status": request.status})
        return Change(request=request, audit=(submitted, ungated)).then(lambda r: release_operation(r, cause))
    first, opened = open_item(id, items[0], cause)
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
    """*by* decides on the step *on*, which must still be open.

    *delegators* are the people who have named *by* their delegate, with the groups and roles of this moment.
    Raises what `admit` raises, CommentRequired, and what `clean_text` raises.
    """
    item, capacity = admit(request, by, at, on=on, delegators=delegators)
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
    cause = Cause(at=at, by=capacity.by, on_behalf_of=capacity.on_behalf_of)
    had = request.approvals(item.position, item.step)
    request = request.replace(decisions=(*request.decisions, decision))
    recorded = cause.replace(reason=comment).entry(
        Action.DECIDED,
        subject_of(request.id, item.position),
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
        return change.then(lambda r: close_request(r, RequestStatus.REJECTED, WorkItemStatus.REJECTED, cause))
    return change.then(lambda r: advance(r, cause))


def admit(
    request: Request, by: Person, at: datetime, *, on: StepRef, delegators: Sequence[Person] = ()
) -> tuple[WorkItem, Capacity]:
    """The open work item, and the capacity in which *by* may decide on its step *on*. Changes nothing.

    Raises NotAMember, NoSuchRequest, AlreadyClosed, NotCommenced, AlreadyExpired, ContentChanged, or the refusal that says why *by*
    may not decide: YouRequestedThis, AlreadyDecided, DecidedForYou, StepMovedOn, NotAnApprover.
    """
    _must_take_part(by)
    if on.request != request.id or on.gate >= len(request.work_items):
        raise NoSuchRequest(request=request.id)
    item = _open_item(request, at)
    decides_as = capacity(request, by, delegators)
    if decides_as is None or on != request.here:
        raise _why_not(request, item, by, on)
    if request.material.digest != request.digest:
        raise ContentChanged(request=request.id)
    return item, decides_as


def _why_not(request: Request, item: WorkItem, by: Person, on: StepRef) -> Refusal:
    """Why *by* may not decide on the step *on*; *item* is the open work item."""
    if by.id == request.requester and bars_requester(request, item.position):
        return YouRequestedThis()
    for decision in request.decisions_in(on.gate):
        if decision.by == by.id:
            return AlreadyDecided(verdict=decision.verdict)
        if decision.on_behalf_of == by.id:
            return DecidedForYou(verdict=decision.verdict)
    if on != request.here:
        return StepMovedOn(request=request.id, number=item.step + 1, step=item.current_step.name)
    return NotAnApprover(number=item.step + 1, step=item.current_step.name)


def _open_item(request: Request, at: datetime) -> WorkItem:
    """The pending work item, before its deadline. Raises AlreadyClosed, NotCommenced, AlreadyExpired."""
    item = request.current
    if item is None:
        raise AlreadyClosed(request=request.id, status=request.status)
    if item.status is WorkItemStatus.BLOCKED:
        raise NotCommenced(request=request.id)
    _must_be_in_time(request, at)
    return item


def _must_be_in_time(request: Request, at: datetime) -> None:
    item = request.current
    if item is not None and item.deadline is not None and at >= item.deadline:
        raise AlreadyExpired(request=request.id, deadline=item.deadline)


def cancel(request: Request, by: Person, at: datetime, reason: str = "") -> Change:
    """The requester or an administrator cancels a waiting request.

    Raises NotAMember, NotYours, AlreadyClosed, AlreadyExpired (also if the sweep has not closed it yet), and what `clean_text` raises.
    """
    may_cancel(request, by, at)
    cancellation = Cancellation(by=by.id, at=at, reason=clean_text(reason))
    cause = Cause(at=at, by=by.id, reason=cancellation.reason)
    return close_request(
        request.replace(cancellation=cancellation), RequestStatus.CANCELLED, WorkItemStatus.CANCELLED, cause
    )


def expire(request: Request, at: datetime) -> Change | None:
    """The sweep closes a request if the deadline of its current work item has passed; None if there is nothing to do."""
    item = request.current
    if item is None or item.deadline is None or at < item.deadline:
        return None
    return close_request(request, RequestStatus.EXPIRED, WorkItemStatus.EXPIRED, Cause(at=at))


def escalate(request: Request, at: datetime) -> Change | None:
    """The sweep authorises the escalation approvers of a step that has waited long enough; None if there is nothing to do.

    A request past its deadline expires and does not escalate.
    """
    item = request.current
    if item is None or item.escalates_at is None or at < item.escalates_at:
        return None
    if item.deadline is not None and at >= item.deadline:
        return None
    escalated = item.replace(escalations=(*item.escalations, Escalated(step=item.step, at=at)))
    entry = Cause(at=at).entry(
        Action.ESCALATED,
        subject_of(request.id, item.position),
        before={"step": item.step, "escalated": False},
        after={"step": item.step, "escalated": True},
    )
    return Change(request=with_items(request, escalated), audit=(entry,))


def remind(request: Request, by: Person, at: datetime) -> Change:
    """The requester reminds the approvers who have not decided, at most once in four hours.

    Raises NotAMember, NotYoursToRemind, AlreadyClosed, NotCommenced, AlreadyExpired, RemindedAlready.
    """
    _must_take_part(by)
    if by.id != request.requester:
        raise NotYoursToRemind(request=request.id)
    item = _open_item(request, at)
    last = request.reminded_at
    if last is not None and at < last + REMIND_AGAIN:
        raise RemindedAlready(last=last, again=last + REMIND_AGAIN)
    entry = Cause(at=at, by=by.id).entry(
        Action.REMINDED,
        subject_of(request.id, item.position),
        before={"step": item.step},
        after={"step": item.step},
    )
    return Change(request=with_items(request, item.replace(reminded_at=at)), audit=(entry,))


def override(
    request: Request,
    by: Person,
    verdict: Verdict,
    at: datetime,
    reason: str,
    *,
    people: People = lambda _: (),
    delegates: Delegates = NO_DELEGATES,
) -> Change:
    """An administrator, never the requester, closes a waiting request, or approves one that was rejected or has expired.

    If the deadline has passed and the sweep has not come yet, the request expires first. *people* and *delegates* say who was skipped.
    Raises NotAMember, NotAnAdministrator, OverridingYourOwn, CannotOverride, ReasonRequired, ContentChanged, and what `clean_text` raises.
    """
    if (expired := expire(request, at)) is not None:
        return expired.then(lambda r: override(r, by, verdict, at, reason, people=people, delegates=delegates))
    may_override(request, by)
    outcome = RequestStatus.APPROVED if verdict is Verdict.APPROVE else RequestStatus.REJECTED
    if outcome not in MOVES[request.status]:
        raise CannotOverride(request=request.id, status=request.status)
    if not (reason := clean_text(reason)):
        raise ReasonRequired(action="override a request")
    if request.material.digest != request.digest:
        raise ContentChanged(request=request.id)
    steps = skipped(request, people, delegates)
    overriding = Override(by=by.id, at=at, verdict=verdict, reason=reason, over=request.status, skipped=steps)
    cause = Cause(at=at, by=by.id, reason=reason)
    entry = cause.entry(
        Action.OVERRIDDEN,
        subject_of(request.id),
        before={"status": request.status},
        after={"verdict": verdict, "skipped": [step.model_dump() for step in steps]},
    )
    change = Change(request=request.replace(override=overriding), audit=(entry,))
    if outcome is RequestStatus.REJECTED:
        return change.then(lambda r: close_request(r, outcome, WorkItemStatus.REJECTED, cause, overridden=True))
    return change.then(lambda r: close_request(r, outcome, WorkItemStatus.APPROVED, cause, overridden=True)).then(
        lambda r: release_operation(r, cause)
    )


def comment(request: Request, by: Person, text: str, at: datetime, *, delegators: Sequence[Person] = ()) -> Change:
    """A participant comments. Raises NotAMember, NotAParticipant, EmptyComment, and what `clean_text` raises."""
    may_comment(request, by, delegators)
    if not (text := clean_text(text)):
        raise EmptyComment
    comment = Comment(number=len(request.comments) + 1, by=by.id, text=text, at=at)
    entry = Cause(at=at, by=by.id, reason=text).entry(
        Action.COMMENTED, subject_of(request.id), after={"comment": comment.number}
    )
    return Change(request=request.replace(comments=(*request.comments, comment)), comments=(comment,), audit=(entry,))


def follow(request: Request, version: ProfileVersion, at: datetime, by: PersonId | None = None) -> Change | None:
    """A blocked work item takes *version* of its profile and opens, if every step of it has approvers; otherwise None.

    Only blocked work items follow an edit of their profile: SPEC.md section 1.
    """
    item = request.current
    if (
        item is None
        or item.status is not WorkItemStatus.BLOCKED
        or item.profile.id != version.id
        or not version.definition.has_approvers
    ):
        return None
    cause = Cause(at=at, by=by)
    followed = cause.entry(
        Action.PROFILE_FOLLOWED,
        subject_of(request.id, item.position),
        before={"version": item.profile.number},
        after={"version": version.number},
    )
    blocked = item.replace(gate=item.gate.replace(profile=version), step=0)
    opened, entry = open_item(request.id, blocked, cause)
    return Change(request=with_items(request, opened), audit=(followed, entry))


def may_cancel(request: Request, by: Person, at: datetime) -> None:
    """Raises NotAMember, NotYours, AlreadyClosed or AlreadyExpired if *by* may not cancel *request* at *at*."""
    _must_take_part(by)
    if by.id != request.requester and not by.is_administrator:
        raise NotYours(request=request.id)
    if request.status.is_closed:
        raise AlreadyClosed(request=request.id, status=request.status)
    _must_be_in_time(request, at)


def may_override(request: Request, by: Person) -> None:
    """Raises NotAMember, NotAnAdministrator, OverridingYourOwn or CannotOverride if *by* may not override *request* at all."""
    _must_take_part(by)
    if not by.is_administrator:
        raise NotAnAdministrator
    if by.id == request.requester:
        raise OverridingYourOwn
    if not request.may_be_overridden:
        raise CannotOverride(request=request.id, status=request.status)


def may_comment(request: Request, by: Person, delegators: Sequence[Person] = ()) -> None:
    """Raises NotAMember or NotAParticipant if *by* may not comment on *request*."""
    _must_take_part(by)
    if not request.concerns(by, delegators):
        raise NotAParticipant(request=request.id)


def _must_take_part(person: Person) -> None:
    if not person.takes_part:
        raise NotAMember(standing=person.standing)
