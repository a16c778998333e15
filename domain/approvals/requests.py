"""A request and its work items. `domain.approvals.moves` changes them; `domain.approvals.eligibility` says who may decide."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, NewType, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from domain.approvals.decisions import Cancellation, Comment, Decision, Override, Text, Verdict
from domain.approvals.execution import Execution
from domain.approvals.profiles import Approvers, ProfileVersion, Step
from domain.approvals.resources import Gate
from domain.approvals.status import MOVES, OperationStatus, RequestStatus, WorkItemStatus
from domain.common.errors import NoSuchRequest
from domain.common.frozen import Frozen, whole
from domain.common.operations import Operation
from domain.people.people import Key, Person, PersonId
from domain.pki import Material, Note

RequestId = NewType("RequestId", int)

Reason = Annotated[Text, StringConstraints(min_length=1)]


def request_name(request: int) -> str:
    """The name of a request: `REQ-12`."""
    return f"REQ-{request}"


def request_id(text: str) -> RequestId:
    """The number in *text*, which somebody typed: `REQ-12`, `req-12`, `12` or `#12`. Raises NoSuchRequest."""
    match = re.fullmatch(r"(?:req-?|#)?0*([1-9][0-9]{0,17})", text.strip().lower())
    if match is None:
        raise NoSuchRequest(request=text.strip()[:40] or "request")
    return RequestId(int(match[1]))


class StepRef(Frozen):
    """One step of one request. Buttons carry it, so that an old button never acts on a later step."""

    request: int
    gate: int = Field(ge=0)
    step: int = Field(ge=0)

    def __str__(self) -> str:
        return f"{self.request}.{self.gate}.{self.step}"

    @classmethod
    def parse(cls, text: str) -> "StepRef":
        """Parses what `str` wrote. Raises ValueError."""
        match = re.fullmatch(r"([1-9][0-9]{0,17})\.([0-9]{1,3})\.([0-9]{1,3})", text)
        if match is None:
            raise ValueError("not a step reference")
        return cls(request=int(match[1]), gate=int(match[2]), step=int(match[3]))


class Escalated(Frozen):
    """A step that has escalated: from *at* on, the approvers of its escalation are authorised too."""

    step: int = Field(ge=0)
    at: AwareDatetime


class WorkItem(Frozen):
    """One gate of one request, with its progress."""

    position: int = Field(ge=0)
    gate: Gate  # with the profile as it was at submission; later edits reach it only while it is blocked
    status: WorkItemStatus = WorkItemStatus.QUEUED
    step: int = Field(default=0, ge=0)
    """The step that is open, or was open last; counted from 0."""
    opened_at: AwareDatetime | None = None
    step_opened_at: AwareDatetime | None = None
    deadline: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    overridden: bool = False
    escalations: tuple[Escalated, ...] = ()
    """The steps that have escalated, in order."""
    reminded_at: AwareDatetime | None = None
    """When the requester last reminded the approvers who have not decided."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.step >= len(self.profile.steps):
            raise ValueError("a work item stands at a step that its profile does not have")
        if self.status is WorkItemStatus.PENDING and (
            self.opened_at is None or not self.profile.definition.has_approvers
        ):
            raise ValueError("a pending work item has been opened, and each of its steps has approvers")
        numbers = [escalation.step for escalation in self.escalations]
        if numbers != sorted(set(numbers)) or any(
            number > self.step or self.profile.steps[number].escalation is None for number in numbers
        ):
            raise ValueError("a step that was reached and has an escalation escalates once")
        return self

    @property
    def profile(self) -> ProfileVersion:
        return self.gate.profile

    @property
    def current_step(self) -> Step:
        return self.profile.steps[self.step]

    @property
    def escalated_at(self) -> datetime | None:
        """When the current step escalated; None if it has not."""
        return next((escalation.at for escalation in self.escalations if escalation.step == self.step), None)

    @property
    def escalates_at(self) -> datetime | None:
        """When the current step will escalate if nobody decides on it; None if it never will."""
        further = self.current_step.escalation
        if self.status is not WorkItemStatus.PENDING or further is None or self.escalated_at is not None:
            return None
        at = self.step_opened_at + further.after if self.step_opened_at is not None else None
        return None if at is None or (self.deadline is not None and at >= self.deadline) else at

    def approvers(self, step: int) -> Approvers:
        """The approvers of *step*, including those of its escalation if it has escalated."""
        escalated = any(escalation.step == step for escalation in self.escalations)
        return self.profile.steps[step].may_be_decided_by(escalated=escalated)

    @property
    def is_last_step(self) -> bool:
        return self.step + 1 == len(self.profile.steps)


class Request(Frozen):
    """A certificate operation that waits or waited for approval."""

    id: RequestId
    version: int = Field(ge=0)
    """The number of saved changes; 0 before the first."""
    operation: Operation
    entry: Key
    entry_name: str
    requester: PersonId
    reason: Reason
    material: Annotated[Material, whole(Material)]
    digest: str
    """SHA-256 of the material at submission. Decisions and releases are bound to it."""
    noted: tuple[Note, ...] = ()
    """Notes for the approvers, made at submission by the rules of that moment. Later edits do not change them."""
    status: RequestStatus = RequestStatus.WAITING
    operation_status: OperationStatus = OperationStatus.NONE
    created_at: AwareDatetime
    closed_at: AwareDatetime | None = None
    work_items: tuple[WorkItem, ...]
    decisions: tuple[Decision, ...] = ()
    comments: tuple[Comment, ...] = ()
    certificate_profile: Key | None = None
    certificate_authority: Key | None = None
    """The resources that carry it out, as they were linked at submission. Later edits do not change them."""
    execution: Execution | None = None
    """How the operation ended; None until then."""
    override: Override | None = None
    cancellation: Cancellation | None = None
    resubmission_of: int | None = None
    submission_key: str | None = Field(default=None, min_length=1, max_length=255)
    """The idempotency key: a submission that is sent twice makes one request."""
    client: Key | None = None
    """The platform whose token was used, if it came through the HTTP API."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        current = [item for item in self.work_items if item.status.is_current]
        if len(current) != (0 if self.status.is_closed else 1):
            raise ValueError(
                "a waiting request has exactly one work item that is reached and not closed; a closed one has none"
            )
        if [item.position for item in self.work_items] != list(range(len(self.work_items))):
            raise ValueError("work items stand in the order of their positions")
        ended = self.operation_status in {OperationStatus.EXECUTED, OperationStatus.FAILED, OperationStatus.LAPSED}
        if ended != (self.execution is not None):
            raise ValueError("an operation that has ended, and no other, says how")
        return self

    @property
    def name(self) -> str:
        return request_name(self.id)

    @property
    def current(self) -> WorkItem | None:
        """The work item that is pending or blocked; None once the request is closed."""
        return next((item for item in self.work_items if item.status.is_current), None)

    @property
    def here(self) -> StepRef | None:
        """The step that is open for decisions; None if there is none."""
        item = self.current
        if item is None or item.status is not WorkItemStatus.PENDING:
            return None
        return StepRef(request=self.id, gate=item.position, step=item.step)

    @property
    def reminded_at(self) -> datetime | None:
        """When the requester last reminded approvers, at any step."""
        return max((item.reminded_at for item in self.work_items if item.reminded_at is not None), default=None)

    @property
    def is_approved(self) -> bool:
        return self.status is RequestStatus.APPROVED

    @property
    def valid_until(self) -> datetime | None:
        """When the approval ends, by the shortest validity among the profiles of its gates; None if never, or if it is not approved."""
        spans = [item.profile.definition.valid_for for item in self.work_items]
        shortest = min((span for span in spans if span is not None), default=None)
        if not self.is_approved or self.closed_at is None or shortest is None:
            return None
        return self.closed_at + shortest

    @property
    def may_be_overridden(self) -> bool:
        """Whether its status leaves anything for an administrator to override."""
        return bool(MOVES[self.status])

    def decisions_in(self, gate: int, step: int | None = None) -> tuple[Decision, ...]:
        """The decisions at *gate*, or only at one *step* of it, oldest first."""
        return tuple(d for d in self.decisions if d.gate == gate and (step is None or d.step == step))

    def approvals(self, gate: int, step: int) -> int:
        """The number of distinct people who have approved this step."""
        return len({d.by for d in self.decisions_in(gate, step) if d.verdict is Verdict.APPROVE})

    def spent(self, gate: int) -> frozenset[PersonId]:
        """Everybody whose one decision at *gate* has been used."""
        return frozenset[PersonId]().union(*(d.spends for d in self.decisions_in(gate)))

    def concerns(self, person: Person, delegators: Sequence[Person] = ()) -> bool:
        """Whether *person* is a participant: the requester, somebody authorised for any step now, or somebody who decided."""
        return person.takes_part and (
            person.id == self.requester
            or any(person.id in d.spends for d in self.decisions)
            or any(
                item.approvers(number).include(candidate)
                for item in self.work_items
                for number in range(len(item.profile.steps))
                for candidate in (person, *(d for d in delegators if d.takes_part and d.id != self.requester))
            )
        )

    def is_seen_by(self, person: Person, delegators: Sequence[Person] = ()) -> bool:
        """Whether *person* may know that this request exists: SPEC.md section 5."""
        return person.reads_all or self.concerns(person, delegators)
