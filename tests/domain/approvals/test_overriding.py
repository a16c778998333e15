"""SPEC.md section 3, override: an administrator's word in place of what is missing, and the mark it leaves."""

import pytest

from domain.approvals.decisions import Skipped, Verdict
from domain.approvals.moves import cancel, decide, expire, override
from domain.approvals.profiles import ProfileVersion
from domain.approvals.requests import Request, StepRef
from domain.approvals.status import OperationStatus, RequestStatus
from domain.audit.entries import Action
from domain.common.errors import (
    CannotOverride,
    ContentChanged,
    NotAMember,
    NotAnAdministrator,
    OverridingYourOwn,
    ReasonRequired,
    Refusal,
    TextTooLong,
)
from domain.people.people import ADMINISTRATOR, AUDITOR, Person
from tests.material_factory import material
from tests.rules.build import (
    ADMIN,
    ANN,
    BOB,
    CAT,
    HOUR,
    NOBODY,
    NOON,
    OUTSIDERS,
    REQUESTER,
    approve,
    profile,
    reject,
    someone,
    step,
    waiting,
)  # fmt: skip

WEB = profile(step(ANN, BOB, required=2), step(CAT, name="PKI"), expires_after=2 * HOUR)
CP = profile(step(ANN), key="cp")
CA = profile(step(ANN), key="ca")
LATER = NOON + HOUR


def refusal(request: Request, by: Person, verdict: Verdict = Verdict.APPROVE, reason: str = "Outage") -> Refusal:
    with pytest.raises(Refusal) as found:
        override(request, by, verdict, LATER, reason)
    return found.value


def expired(request: Request) -> Request:
    change = expire(request, NOON + 2 * HOUR)
    assert change is not None
    return change.request


def marks(request: Request) -> list[tuple[str, bool]]:
    return [(item.status.value, item.overridden) for item in request.work_items]


# Who may


@pytest.mark.parametrize("person", [ANN, NOBODY, someone("Audrey", roles=[AUDITOR])])
def test_only_administrators_override(person: Person) -> None:
    assert isinstance(refusal(waiting(WEB), person), NotAnAdministrator)


@pytest.mark.parametrize("person", OUTSIDERS)
def test_an_administrator_who_takes_no_part_does_not(person: Person) -> None:
    assert isinstance(refusal(waiting(WEB), person), NotAMember)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("version", [WEB, profile(step(ADMIN, ANN), requester_may_approve=True)])
def test_never_the_requester_whatever_the_profile_says(verdict: Verdict, version: ProfileVersion) -> None:
    found = refusal(waiting(version, by=ADMIN), ADMIN, verdict)
    assert isinstance(found, OverridingYourOwn)
    assert str(found) == "You requested this, so another administrator has to override it."


def test_never_the_requester_of_what_was_rejected_either() -> None:
    assert isinstance(refusal(reject(waiting(WEB, by=ADMIN), ANN), ADMIN), OverridingYourOwn)


def test_an_administrator_who_has_decided_may_still_override() -> None:
    """The override is an administrator's right, not an approver's; it stands apart in the record."""
    both = someone("Ann", roles=[ADMINISTRATOR])
    request = approve(waiting(WEB), both)
    assert override(request, both, Verdict.APPROVE, LATER, "Outage").request.status is RequestStatus.APPROVED


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_required(reason: str) -> None:
    found = refusal(waiting(WEB), ADMIN, reason=reason)
    assert isinstance(found, ReasonRequired)
    assert str(found) == "A reason is required to override a request."
    assert isinstance(refusal(waiting(WEB), ADMIN, reason="x" * 2001), TextTooLong)


def test_who_may_comes_before_what_is_missing() -> None:
    cancelled = cancel(waiting(WEB, by=ADMIN), ADMIN, NOON).request
    assert isinstance(refusal(cancelled, ANN, reason=""), NotAnAdministrator)
    assert isinstance(refusal(cancelled, ADMIN, reason=""), OverridingYourOwn)
    assert isinstance(refusal(cancelled, someone("Eve", roles=[ADMINISTRATOR]), reason=""), CannotOverride)


# From where to where: every status, both ways


def in_every_status() -> dict[RequestStatus, Request]:
    return {
        RequestStatus.WAITING: waiting(WEB),
        RequestStatus.APPROVED: approve(waiting(CA), ANN),
        RequestStatus.REJECTED: reject(waiting(WEB), ANN),
        RequestStatus.EXPIRED: expired(waiting(WEB)),
        RequestStatus.CANCELLED: cancel(waiting(WEB), REQUESTER, NOON).request,
    }


ALLOWED = {
    (RequestStatus.WAITING, Verdict.APPROVE), (RequestStatus.WAITING, Verdict.REJECT),
    (RequestStatus.REJECTED, Verdict.APPROVE), (RequestStatus.EXPIRED, Verdict.APPROVE),
}  # fmt: skip


@pytest.mark.parametrize("status", RequestStatus)
@pytest.mark.parametrize("verdict", Verdict)
def test_what_can_be_overridden(status: RequestStatus, verdict: Verdict) -> None:
    request = in_every_status()[status]
    assert request.status is status
    if (status, verdict) in ALLOWED:
        after = override(request, ADMIN, verdict, LATER, "Outage").request
        assert after.status.value == verdict.past
        assert after.closed_at == LATER
    else:
        assert isinstance(refusal(request, ADMIN, verdict), CannotOverride)


def test_an_overridden_request_is_not_overridden_again() -> None:
    for first in Verdict:
        request = override(waiting(WEB), ADMIN, first, NOON, "Outage").request
        for second in Verdict:
            if (first, second) == (Verdict.REJECT, Verdict.APPROVE):
                continue  # rejected is rejected: that may be overridden to approved
            assert isinstance(refusal(request, ADMIN, second), CannotOverride)


def test_an_override_to_rejected_can_be_put_right() -> None:
    request = override(waiting(WEB, CA), ADMIN, Verdict.REJECT, NOON, "Mistake").request
    assert marks(request) == [("rejected", True), ("cancelled", False)]
    request = override(request, ADMIN, Verdict.APPROVE, LATER, "That was a mistake").request
    assert marks(request) == [("approved", True), ("approved", True)]


# What becomes of the work items


def test_an_override_to_approved_takes_all_that_is_left() -> None:
    """The open one and those that never opened take the outcome and the mark; what people approved stays theirs."""
    request = approve(waiting(CP, WEB, CA), ANN)
    change = override(request, ADMIN, Verdict.APPROVE, LATER, "Outage")
    assert marks(change.request) == [("approved", False), ("approved", True), ("approved", True)]
    assert [item.closed_at for item in change.request.work_items] == [NOON, LATER, LATER]
    assert change.request.operation_status is OperationStatus.RELEASED
    [release] = change.releases
    assert release.digest == request.digest == material().digest


def test_an_override_to_rejected_rejects_the_open_one_and_cancels_those_never_opened() -> None:
    request = approve(waiting(CP, WEB, CA), ANN)
    change = override(request, ADMIN, Verdict.REJECT, LATER, "Wrong CA")
    assert marks(change.request) == [("approved", False), ("rejected", True), ("cancelled", False)]
    assert change.releases == ()
    assert change.request.operation_status is OperationStatus.NONE


def test_a_rejected_request_is_approved_with_those_that_never_opened() -> None:
    request = reject(approve(waiting(CP, WEB, CA), ANN), BOB)
    change = override(request, ADMIN, Verdict.APPROVE, LATER, "Bob agrees now")
    assert marks(change.request) == [("approved", False), ("approved", True), ("approved", True)]
    assert len(change.releases) == 1


def test_an_expired_request_is_approved_with_those_that_never_opened() -> None:
    change = override(expired(waiting(WEB, CA)), ADMIN, Verdict.APPROVE, LATER, "Still needed")
    assert marks(change.request) == [("approved", True), ("approved", True)]
    assert len(change.releases) == 1


@pytest.mark.parametrize("verdict", Verdict)
def test_a_blocked_request_can_be_overridden(verdict: Verdict) -> None:
    request = waiting(profile(step(ANN), step()), CA)
    after = override(request, ADMIN, verdict, LATER, "Nobody set it up").request
    assert marks(after) == [
        (verdict.past, True),
        ("approved", True) if verdict is Verdict.APPROVE else ("cancelled", False),
    ]


# The badge, and what was skipped


def test_it_leaves_a_badge_that_says_who_why_and_over_what() -> None:
    for request in (waiting(WEB), reject(waiting(WEB), ANN), expired(waiting(WEB))):
        word = override(request, ADMIN, Verdict.APPROVE, LATER, "  Outage ").request.override
        assert word is not None
        assert (word.by, word.at, word.verdict, word.reason, word.over) == (
            ADMIN.id, LATER, Verdict.APPROVE, "Outage", request.status.value,
        )  # fmt: skip


def test_it_says_which_steps_were_skipped_and_how_far_they_had_come() -> None:
    request = approve(waiting(CP, WEB, CA), ANN, BOB)
    word = override(request, ADMIN, Verdict.APPROVE, LATER, "Outage").request.override
    assert word is not None
    assert word.skipped == (
        Skipped(gate=1, step=0, approved=1, required=2),
        Skipped(gate=1, step=1, approved=0, required=1),
        Skipped(gate=2, step=0, approved=0, required=1),
    )


def test_a_rejection_is_no_approval_in_the_count_of_what_was_skipped() -> None:
    word = override(reject(waiting(WEB), ANN), ADMIN, Verdict.APPROVE, LATER, "Outage").request.override
    assert word is not None
    assert word.skipped[0] == Skipped(gate=0, step=0, approved=0, required=2)


def test_decisions_made_before_stay_on_the_record() -> None:
    request = reject(approve(waiting(WEB), ANN), BOB)
    assert override(request, ADMIN, Verdict.APPROVE, LATER, "Outage").request.decisions == request.decisions


def test_the_record_tells_the_whole_of_it() -> None:
    change = override(waiting(WEB, CA), ADMIN, Verdict.APPROVE, LATER, "Outage")
    assert [(entry.action, entry.subject) for entry in change.audit] == [
        (Action.OVERRIDDEN, "request:12"), (Action.WORK_ITEM_CLOSED, "request:12/0"), (Action.WORK_ITEM_CLOSED, "request:12/1"),
        (Action.CLOSED, "request:12"), (Action.RELEASED, "request:12"),
    ]  # fmt: skip
    assert {(entry.by, entry.reason, entry.at) for entry in change.audit} == {(ADMIN.id, "Outage", LATER)}
    assert len(change.audit[0].after["skipped"]) == 3
    assert [entry.after["overridden"] for entry in change.audit[1:3]] == [True, True]


def test_nobody_decides_after_it() -> None:
    request = override(waiting(WEB), ADMIN, Verdict.APPROVE, NOON, "Outage").request
    with pytest.raises(Refusal, match="already approved"):
        decide(request, ANN, Verdict.APPROVE, NOON, on=StepRef(request=12, gate=0, step=0))


def test_what_was_approved_is_what_is_executed_here_too() -> None:
    for request in (waiting(WEB), reject(waiting(WEB), ANN)):
        assert isinstance(refusal(request.replace(digest="0" * 64), ADMIN), ContentChanged)
