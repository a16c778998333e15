"""Moves of an operation after its approval: SPEC.md section 6. As in `domain.approvals.moves`, each function returns a `Change`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import AwareDatetime

from domain.approvals.changes import Cause, Change, Release, subject_of
from domain.approvals.execution import ApprovedOperation, Executed, Execution, Failed, Issued, operation_key, shortened
from domain.approvals.requests import Request, request_name
from domain.approvals.status import OPERATION_MOVES, OperationStatus
from domain.audit.entries import Action
from domain.common.errors import (
    ApprovalRanOut,
    ContentChanged,
    NotAMember,
    NotAnAdministrator,
    NothingToRetry,
    OperationOver,
)
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.common.time_text import utc
from domain.people.people import Person, PersonId
from domain.pki import RevocationReason, not_approved

_UNKNOWN: Final = "there was no answer, so it is not known whether it was carried out."
_ON_A_CERTIFICATE: Final = (Operation.RENEW, Operation.REKEY, Operation.REVOKE)


class Deed(Frozen):
    """An operation that was executed on the same object: what another one on it has to know."""

    request: int
    operation: Operation
    at: AwareDatetime
    revocation_reason: RevocationReason | None = None


def approved(request: Request, *, release: int, attempt: int) -> ApprovedOperation:
    """What a connector is given for *request*, which is approved. Raises ContentChanged where the content is another one."""
    if request.material.digest != request.digest or request.closed_at is None:
        raise ContentChanged(request=request.id)
    return ApprovedOperation(
        key=operation_key(request.id, request.digest, request.closed_at),
        release=release,
        attempt=attempt,
        request=request.id,
        operation=request.operation,
        entry=request.entry,
        certificate_profile=request.certificate_profile,
        certificate_authority=request.certificate_authority,
        material=request.material,
        digest=request.digest,
        requester=request.requester,
        reason=request.reason,
        approved_at=request.closed_at,
        valid_until=request.valid_until,
    )


def conclude(
    request: Request,
    outcome: Executed | Failed,
    at: datetime,
    *,
    via: str,
    by: PersonId | None = None,
    unsure: bool = False,
) -> Change:
    """The released operation ends as *via* says. Raises OperationOver where it has ended before, and does not take this word any more.

    Where a certificate came back that is not what was approved (`domain.pki.not_approved`), the operation failed. *unsure* says that
    it may have been carried out all the same: it was handed over, and nobody here knows what came of that.
    """
    if not takes(request, outcome):
        raise OperationOver(request=request.id, status=request.operation_status)
    if isinstance(outcome, Executed):
        why = refused(request, outcome)
        if why is None:
            issued = Issued.of(outcome.certificate) if outcome.certificate is not None else None
            execution = Execution(
                at=at,
                by=via,
                certificate=issued,
                reason=_after_its_end(request),
                in_doubt=request.execution is not None,
            )
            return _end(request, OperationStatus.EXECUTED, Action.EXECUTED, execution, by)
        outcome = Failed(reason=why)
    reason = f"{outcome.reason} The connector got it before, and {_UNKNOWN}" if unsure else outcome.reason
    execution = Execution(at=at, by=via, reason=shortened(reason), in_doubt=unsure)
    return _end(request, OperationStatus.FAILED, Action.FAILED, execution, by)


def refused(request: Request, outcome: Executed) -> str | None:
    """Why the certificate that came back is not what was approved, a sentence; None where it is, or none came."""
    return not_approved(request.material, outcome.certificate.parsed) if outcome.certificate is not None else None


def takes(request: Request, outcome: Executed | Failed) -> bool:
    """Whether this word about the operation counts now: decision 15.

    That it was executed is a fact, also where the approval ran out before that was said, and where nobody knew.
    """
    match request.operation_status:
        case OperationStatus.RELEASED | OperationStatus.LAPSED:
            return True
        case OperationStatus.FAILED:
            return isinstance(outcome, Executed) and request.execution is not None and request.execution.in_doubt
        case _:
            return False


def _after_its_end(request: Request) -> str:
    """What is to be said of what was executed where it had ended otherwise before; nothing where it had not."""
    if request.execution is None:
        return ""
    ended = f"had {request.operation_status} already on {utc(request.execution.at)}"
    return f"This was reported when it {ended}; it is not known whether it was done before."


def lapse(request: Request, at: datetime, *, unsure: bool = False) -> Change | None:
    """The clock ends a released operation whose approval has run out; None where there is nothing to end.

    *unsure* says that it was handed over, and that nobody here knows what came of that.
    """
    until = request.valid_until
    if request.operation_status is not OperationStatus.RELEASED or until is None or at < until:
        return None
    reason = (
        f"The approval was valid until {utc(until)}. The connector had got it by then, and {_UNKNOWN}"
        if unsure
        else f"The approval was valid until {utc(until)}. The operation was not carried out before that."
    )
    execution = Execution(at=at, reason=reason, in_doubt=unsure)
    return _end(request, OperationStatus.LAPSED, Action.LAPSED, execution, None)


def retry(request: Request, by: Person, at: datetime, *, release: int) -> Change:
    """An administrator has a failed operation delivered again, as release number *release*.

    Raises NotAMember, NotAnAdministrator, NothingToRetry, ApprovalRanOut.
    """
    may_retry(request, by, at)
    cause = Cause(at=at, by=by.id)
    entry = cause.entry(
        Action.RETRIED,
        subject_of(request.id),
        {"operation_status": request.operation_status},
        {"operation_status": OperationStatus.RELEASED, "release": release},
    )
    return Change(
        request=request.replace(operation_status=OperationStatus.RELEASED, execution=None),
        releases=(
            Release(request=request.id, number=release, operation=request.operation, digest=request.digest, at=at),
        ),
        audit=(entry,),
    )


def ask_again(request: Request, by: Person, at: datetime) -> Change:
    """An administrator has an operation that was accepted, and not reported, handed over once more, under the same key.

    Raises what `retry` raises.
    """
    may_retry(request, by, at, accepted=True)
    stays = {"operation_status": request.operation_status}
    return Change(
        request=request, audit=(Cause(at=at, by=by.id).entry(Action.RETRIED, subject_of(request.id), stays, stays),)
    )


def may_retry(request: Request, by: Person, at: datetime, *, accepted: bool = False) -> None:
    """Raises what `retry` raises, and, where it was *accepted*, what `ask_again` does."""
    if not by.takes_part:
        raise NotAMember(standing=by.standing)
    if not by.is_administrator:
        raise NotAnAdministrator
    waits = accepted and request.operation_status is OperationStatus.RELEASED
    if not (waits or (request.operation_status is OperationStatus.FAILED and request.is_approved)):
        raise NothingToRetry(request=request.id, status=request.operation_status)
    if request.valid_until is not None and at >= request.valid_until:
        raise ApprovalRanOut(request=request.id, until=request.valid_until)


def obstacle(request: Request, requester: Person, deeds: Sequence[Deed], at: datetime) -> str | None:
    """Why the operation must not be carried out now though it was approved: a sentence; None where nothing is in the way.

    *deeds* were executed on the same object. What approvers knew when they approved is no obstacle; what happened since is.
    """
    if request.material.digest != request.digest:
        return "The content is not what was approved."
    if not requester.takes_part:
        return f"The requester is {requester.standing.described} now."
    if request.operation in _ON_A_CERTIFICATE:
        revoked = [deed for deed in deeds if deed.operation is Operation.REVOKE and _blocks(deed, request)]
        if revoked:
            return f"The certificate was revoked on {utc(revoked[0].at)} ({request_name(revoked[0].request)})."
        ends = request.material.not_after
        if ends is not None and request.created_at < ends <= at:
            return f"The certificate expired on {utc(ends)}, after this was submitted."
    if request.operation is not Operation.REVOKE:
        newer = [deed for deed in deeds if deed.operation is not Operation.REVOKE and deed.at > request.created_at]
        if newer:
            other = request_name(newer[0].request)
            return f"{other} was carried out for the same object after this was submitted, on {utc(newer[0].at)}."
    return None


def _blocks(revoked: Deed, request: Request) -> bool:
    """A certificate on hold may still be revoked for good (RFC 5280 section 5.3.1)."""
    on_hold = revoked.revocation_reason is RevocationReason.CERTIFICATE_HOLD
    again = request.material.revocation_reason is not RevocationReason.CERTIFICATE_HOLD
    return not (request.operation is Operation.REVOKE and on_hold and again)


def _end(
    request: Request, status: OperationStatus, action: Action, execution: Execution, by: PersonId | None
) -> Change:
    if status not in OPERATION_MOVES[request.operation_status]:
        raise OperationOver(request=request.id, status=request.operation_status)
    after = {"operation_status": status, "via": execution.by}
    if execution.certificate is not None:
        after |= {"serial": execution.certificate.serial, "sha256": execution.certificate.sha256}
    entry = Cause(at=execution.at, by=by, reason=execution.reason).entry(
        action, subject_of(request.id), {"operation_status": request.operation_status}, after
    )
    return Change(request=request.replace(operation_status=status, execution=execution), audit=(entry,))
