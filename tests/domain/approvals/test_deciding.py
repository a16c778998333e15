"""SPEC.md section 3, approve and reject: who may, in which order they are told why not, and what a decision moves."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from domain.approvals.decisions import Verdict
from domain.approvals.moves import cancel, decide, expire
from domain.approvals.profiles import CommentRule
from domain.approvals.requests import Request, StepRef
from domain.approvals.status import OperationStatus, RequestStatus, WorkItemStatus
from domain.audit.entries import Action
from domain.common.errors import (
    AlreadyClosed,
    AlreadyDecided,
    AlreadyExpired,
    CommentRequired,
    ContentChanged,
    NoSuchRequest,
    NotAMember,
    NotAnApprover,
    NotCommenced,
    Refusal,
    StepMovedOn,
    TextTooLong,
    YouRequestedThis,
)  # fmt: skip
from domain.common.operations import Operation
from domain.people.people import Person
from tests.material_factory import material
from tests.rules.build import (
    ADMIN,
    ANN,
    BOB,
    CAT,
    DAN,
    HOUR,
    INSTANT,
    NOBODY,
    NOON,
    OUTSIDERS,
    REQUESTER,
    approve,
    here,
    profile,
    reject,
    someone,
    step,
    waiting,
)  # fmt: skip

TWO = profile(step(ANN, BOB, CAT, required=2), step(ANN, DAN, name="PKI"), expires_after=2 * HOUR)
CA = profile(step(ANN, BOB, name="CA officers"), key="ca", expires_after=HOUR)


def refused(request: Request, by: Person, verdict: Verdict = Verdict.APPROVE, **more: Any) -> Refusal:
    """The refusal that *by* gets; the frozen request is by construction as it was."""
    arguments: dict[str, Any] = {"at": NOON, "on": StepRef(request=12, gate=0, step=0), "comment": "No", **more}
    with pytest.raises(Refusal) as found:
        decide(request, by, verdict, **arguments)
    return found.value


# On quorum the next step opens, then the next gate, then the request is approved


def test_an_approval_moves_the_counter() -> None:
    request = approve(waiting(TWO), ANN)
    assert (request.approvals(0, 0), str(request.here)) == (1, "12.0.0")
    [decision] = request.decisions
    assert (decision.number, decision.by, decision.on_behalf_of, decision.verdict) == (1, ANN.id, None, Verdict.APPROVE)
    assert (decision.gate, decision.step, decision.at, decision.digest) == (0, 0, NOON, request.digest)


def test_on_quorum_the_next_step_opens() -> None:
    request = approve(waiting(TWO), ANN, BOB, at=NOON + HOUR)
    [item] = request.work_items
    assert (item.status, item.step, item.step_opened_at) == (WorkItemStatus.PENDING, 1, NOON + HOUR)
    assert (item.opened_at, item.deadline) == (NOON, NOON + 2 * HOUR), "one clock for the whole work item"


def test_after_the_last_step_the_next_gate_opens_with_a_clock_of_its_own() -> None:
    request = approve(waiting(TWO, CA), ANN, BOB, DAN, at=NOON + HOUR)
    first, second = request.work_items
    assert (first.status, first.closed_at, first.overridden) == (WorkItemStatus.APPROVED, NOON + HOUR, False)
    assert (second.status, second.opened_at, second.deadline) == (WorkItemStatus.PENDING, NOON + HOUR, NOON + 2 * HOUR)
    assert (request.status, str(request.here)) == (RequestStatus.WAITING, "12.1.0")


def test_after_the_last_gate_the_request_is_approved_and_released() -> None:
    request = approve(waiting(TWO, CA), ANN, BOB, DAN)
    change = decide(request, ANN, Verdict.APPROVE, NOON + HOUR / 2, on=here(request))
    assert (change.request.status, change.request.closed_at) == (RequestStatus.APPROVED, NOON + HOUR / 2)
    assert change.request.operation_status is OperationStatus.RELEASED
    [release] = change.releases
    assert (release.digest, release.operation) == (material().digest, Operation.ISSUE)
    assert [entry.action for entry in change.audit] == [
        Action.DECIDED, Action.WORK_ITEM_CLOSED, Action.CLOSED, Action.RELEASED,
    ]  # fmt: skip


def test_nothing_is_released_before_the_end() -> None:
    request = waiting(TWO, CA)
    for person in (ANN, BOB, DAN):
        change = decide(request, person, Verdict.APPROVE, NOON, on=here(request))
        assert change.releases == ()
        assert change.request.operation_status is OperationStatus.NONE
        request = change.request


def test_a_person_decides_again_in_another_work_item() -> None:
    assert approve(waiting(TWO, CA), ANN, BOB, DAN, ANN).status is RequestStatus.APPROVED


def test_any_one_rejection_rejects_the_request() -> None:
    request = reject(approve(waiting(TWO, CA), ANN), BOB, at=NOON + HOUR)
    assert (request.status, request.closed_at) == (RequestStatus.REJECTED, NOON + HOUR)
    assert [item.status for item in request.work_items] == [WorkItemStatus.REJECTED, WorkItemStatus.CANCELLED]
    assert request.operation_status is OperationStatus.NONE
    assert request.decisions[-1].comment == "No"


def test_gates_that_were_passed_stay_approved_when_a_later_one_rejects() -> None:
    request = reject(approve(waiting(TWO, CA, profile(step(ANN), key="third")), ANN, BOB, DAN), BOB)
    assert [item.status.value for item in request.work_items] == ["approved", "rejected", "cancelled"]


@pytest.mark.parametrize("person", [someone("Zoe", groups=["pki"]), someone("Zoe", roles=["officer"]), ANN])
def test_users_groups_and_roles_count_alike(person: Person) -> None:
    request = waiting(profile(step(ANN, groups=["pki"], roles=["officer"])))
    assert approve(request, person).status is RequestStatus.APPROVED


def test_one_person_in_many_ways_counts_once() -> None:
    everything = someone("Ann", groups=["pki"], roles=["officer"])
    request = approve(waiting(profile(step(ANN, groups=["pki"], roles=["officer"], required=2))), everything)
    assert request.approvals(0, 0) == 1
    assert isinstance(refused(request, everything), AlreadyDecided)


def test_membership_is_of_the_moment_of_the_click() -> None:
    request = waiting(profile(step(groups=["pki"])))
    assert isinstance(refused(request, someone("Zoe", groups=["left"])), NotAnApprover)
    assert approve(request, someone("Zoe", groups=["pki"])).status is RequestStatus.APPROVED


def test_a_decision_that_counted_stays_when_the_person_leaves() -> None:
    request = approve(waiting(profile(step(groups=["pki"], required=2))), someone("Zoe", groups=["pki"]))
    assert approve(request, someone("Yan", groups=["pki"])).status is RequestStatus.APPROVED


# Refusals, in words


def test_a_person_without_the_right_is_told_why_in_words() -> None:
    request = approve(waiting(TWO), ANN)
    assert str(refused(request, REQUESTER)) == "You requested this, so somebody else has to decide. You can cancel it."
    assert str(refused(request, NOBODY)) == "You are not an approver of step 1, Security."
    assert str(refused(request, ANN)) == "You already approved this. You can decide only once per gate."
    assert str(refused(request, DAN)) == "You are not an approver of step 1, Security."
    assert str(refused(approve(request, BOB), CAT)) == (
        "This changed: REQ-12 is now at step 2, PKI. The message shows it in a moment."
    )
    assert (
        str(refused(request, BOB, at=NOON + 2 * HOUR)) == "REQ-12 expired 21 Nov 2026, 14:00 UTC. Nothing was recorded."
    )


@pytest.mark.parametrize("person", OUTSIDERS, ids=lambda one: one.standing.value)
@pytest.mark.parametrize("verdict", Verdict)
def test_only_members_decide(person: Person, verdict: Verdict) -> None:
    request = waiting(profile(step(person, ANN)))
    assert isinstance(refused(request, person, verdict), NotAMember)


@pytest.mark.parametrize("verdict", Verdict)
def test_the_requester_does_not_decide(verdict: Verdict) -> None:
    request = waiting(profile(step(REQUESTER, ANN)))
    assert isinstance(refused(request, REQUESTER, verdict), YouRequestedThis)


def test_not_even_as_an_administrator() -> None:
    request = waiting(profile(step(ADMIN, ANN)), by=ADMIN)
    assert isinstance(refused(request, ADMIN), YouRequestedThis)


def test_the_requester_decides_where_the_profile_says_so_and_nowhere_else() -> None:
    own = profile(step(REQUESTER, BOB), requester_may_approve=True)
    strict = profile(step(REQUESTER, BOB), key="ca")
    request = approve(waiting(own, strict), REQUESTER)
    assert str(request.here) == "12.1.0"
    assert isinstance(refused(request, REQUESTER, on=here(request)), YouRequestedThis)


def test_a_profile_that_lets_requesters_approve_makes_nobody_an_approver() -> None:
    assert isinstance(refused(waiting(profile(step(ANN), requester_may_approve=True)), REQUESTER), NotAnApprover)


def test_an_administrator_is_no_approver_by_that() -> None:
    assert isinstance(refused(waiting(TWO), ADMIN), NotAnApprover)


def test_only_the_current_step_counts() -> None:
    request = approve(waiting(TWO), BOB, CAT)
    assert isinstance(refused(request, BOB, on=here(request)), AlreadyDecided)
    assert isinstance(refused(request, NOBODY, on=here(request)), NotAnApprover)


@pytest.mark.parametrize("step_", [0, 1])
def test_one_decision_in_a_work_item_whatever_the_steps(step_: int) -> None:
    """Ann is an approver of both steps, and has decided in the first."""
    request = approve(waiting(TWO), ANN, BOB)
    assert isinstance(refused(request, ANN, on=StepRef(request=12, gate=0, step=step_)), AlreadyDecided)


def test_a_stale_button_says_that_it_changed() -> None:
    request = approve(waiting(TWO, CA), ANN, BOB, DAN)
    assert isinstance(refused(request, CAT, on=StepRef(request=12, gate=0, step=0)), StepMovedOn)
    assert isinstance(refused(request, CAT, on=StepRef(request=12, gate=0, step=1)), StepMovedOn)


@pytest.mark.parametrize("on", [(0, 1), (0, 19), (1, 0), (0, 999)])
def test_a_step_that_is_not_reached_cannot_be_decided(on: tuple[int, int]) -> None:
    gate, number = on
    assert isinstance(refused(waiting(TWO, CA), DAN, on=StepRef(request=12, gate=gate, step=number)), StepMovedOn)


@pytest.mark.parametrize("on", ["13.0.0", "12.2.0", "12.999.0"])
def test_a_button_of_another_request_or_of_no_gate_does_nothing(on: str) -> None:
    assert isinstance(refused(waiting(TWO, CA), ANN, on=StepRef.parse(on)), NoSuchRequest)


def test_a_double_click_counts_once() -> None:
    request = approve(waiting(TWO), ANN)
    assert isinstance(refused(request, ANN), AlreadyDecided)
    assert isinstance(refused(approve(request, BOB), BOB), AlreadyDecided)


@pytest.mark.parametrize("verdict", Verdict)
def test_the_deadline_is_checked_in_the_decision_itself(verdict: Verdict) -> None:
    """At the very moment of the deadline it is too late, though no sweep has come by; the instant before is in time."""
    request = waiting(TWO)
    deadline = NOON + 2 * HOUR
    assert len(decide(request, ANN, verdict, deadline - INSTANT, on=here(request), comment="x").decisions) == 1
    for late in (deadline, deadline + INSTANT, deadline + timedelta(days=365)):
        assert isinstance(refused(request, ANN, verdict, at=late), AlreadyExpired)


def test_the_deadline_of_the_whole_work_item_holds_in_its_later_steps() -> None:
    request = approve(waiting(TWO), ANN, BOB, at=NOON + 2 * HOUR - INSTANT)
    assert isinstance(refused(request, DAN, at=NOON + 2 * HOUR, on=here(request)), AlreadyExpired)


def test_a_request_that_never_expires_can_be_decided_much_later() -> None:
    assert approve(waiting(profile(step(ANN))), ANN, at=NOON + timedelta(days=3650)).status is RequestStatus.APPROVED


def closed_requests() -> dict[str, Request]:
    expired = expire(waiting(TWO), NOON + 2 * HOUR)
    assert expired is not None
    return {
        "approved": approve(waiting(profile(step(ANN, BOB))), BOB),
        "rejected": reject(waiting(TWO), BOB),
        "expired": expired.request,
        "cancelled": cancel(waiting(TWO), REQUESTER, NOON).request,
    }


@pytest.mark.parametrize("status", ["approved", "rejected", "expired", "cancelled"])
@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("person", [ANN, BOB, NOBODY, REQUESTER, ADMIN])
def test_nobody_decides_on_a_closed_request(status: str, verdict: Verdict, person: Person) -> None:
    refusal = refused(closed_requests()[status], person, verdict)
    assert isinstance(refusal, AlreadyClosed)
    assert str(refusal) == f"REQ-12 is already {status}."


# Comments with a decision


@pytest.mark.parametrize(
    ("rule", "verdict", "needed"),
    [
        (CommentRule.REJECT, Verdict.APPROVE, False),
        (CommentRule.REJECT, Verdict.REJECT, True),
        (CommentRule.ALWAYS, Verdict.APPROVE, True),
        (CommentRule.ALWAYS, Verdict.REJECT, True),
        (CommentRule.NEVER, Verdict.APPROVE, False),
        (CommentRule.NEVER, Verdict.REJECT, False),
    ],
)
def test_a_comment_is_required_where_the_profile_says_so(rule: CommentRule, verdict: Verdict, needed: bool) -> None:
    request = waiting(profile(step(ANN), comment_required=rule))
    if needed:
        refusal = refused(request, ANN, verdict, comment=" \n ")
        assert isinstance(refusal, CommentRequired)
        assert str(refusal) == f"A comment is required to {verdict} this."
    else:
        assert decide(request, ANN, verdict, NOON, on=here(request)).request.status.is_closed
    kept = decide(request, ANN, verdict, NOON, on=here(request), comment=" seen \n").request.decisions[0].comment
    assert kept == "seen"


def test_a_comment_has_up_to_2000_characters() -> None:
    request = waiting(TWO)
    assert decide(request, ANN, Verdict.APPROVE, NOON, on=here(request), comment="x" * 2000).request.decisions
    refusal = refused(request, ANN, comment="x" * 2001)
    assert isinstance(refusal, TextTooLong)
    assert str(refusal) == "This text has 2001 characters; at most 2000 are allowed."


# What was approved is what is executed


def test_a_decision_is_refused_where_the_content_is_not_what_was_submitted() -> None:
    request = waiting(TWO)
    for tampered in (
        request.replace(material=material(cn="evil.example.com")),
        request.replace(digest="0" * 64),
    ):
        assert isinstance(refused(tampered, ANN), ContentChanged)


# The most general reason is the one that is told


class Case(NamedTuple):
    """A click that is wrong in several ways at once."""

    refusal: type[Refusal]
    by: Person
    late: bool = False
    gate: int = 0


BOTH = profile(step(REQUESTER, ANN, OUTSIDERS[0], required=2), step(CAT), expires_after=HOUR)


@pytest.mark.parametrize(
    "case",
    [
        Case(NotAMember, OUTSIDERS[0], late=True, gate=9),
        Case(NoSuchRequest, REQUESTER, late=True, gate=9),
        Case(AlreadyExpired, REQUESTER, late=True),
        Case(AlreadyExpired, NOBODY, late=True),
        Case(AlreadyExpired, ANN, late=True),
        Case(YouRequestedThis, REQUESTER),
        Case(AlreadyDecided, ANN),
        Case(NotAnApprover, NOBODY),
    ],
)
def test_the_most_general_reason_comes_first(case: Case) -> None:
    """Ann has approved; each click also lacks its comment, and nobody hears of that before who they are."""
    request = approve(waiting(BOTH), ANN)
    on = StepRef(request=12, gate=case.gate, step=0)
    at = NOON + 2 * HOUR if case.late else NOON
    assert type(refused(request, case.by, Verdict.REJECT, at=at, on=on, comment="")) is case.refusal


def test_a_blocked_request_says_so_to_everybody() -> None:
    request = waiting(profile(step(ANN), step(name="PKI")))
    for person in (ANN, REQUESTER, NOBODY):
        assert isinstance(refused(request, person), NotCommenced)
    assert isinstance(refused(request, OUTSIDERS[0]), NotAMember)
