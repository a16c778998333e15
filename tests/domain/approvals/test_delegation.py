"""SPEC.md section 3, delegation: the delegate decides where the delegator may, and what it never does."""

from datetime import timedelta
from itertools import permutations

import pytest
from pydantic import ValidationError

from domain.approvals.decisions import Verdict
from domain.approvals.delegation import Capacity, Delegation
from domain.approvals.eligibility import capacity
from domain.approvals.moves import cancel, decide, override
from domain.approvals.requests import Request
from domain.approvals.status import RequestStatus
from domain.common.errors import AlreadyDecided, DecidedForYou, NotAnApprover, Refusal, YouRequestedThis
from domain.people.people import ADMINISTRATOR, Person
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
    pid,
    profile,
    someone,
    step,
    waiting,
)  # fmt: skip

ONE = profile(step(ANN, BOB, required=2), step(CAT, ANN, name="PKI"))


def refusal(request: Request, by: Person, *delegators: Person) -> Refusal:
    with pytest.raises(Refusal) as found:
        decide(request, by, Verdict.APPROVE, NOON, on=here(request), delegators=delegators)
    return found.value


# The period


@pytest.mark.parametrize(
    ("offset", "holds"),
    [(-INSTANT, False), (0 * HOUR, True), (HOUR - INSTANT, True), (HOUR, False)],
)
def test_it_holds_from_its_first_moment_until_it_ends(offset: timedelta, holds: bool) -> None:
    delegation = Delegation(number=1, delegator=ANN.id, delegate=DAN.id, starts_at=NOON, ends_at=NOON + HOUR)
    assert delegation.holds(NOON + offset) is holds


def test_it_holds_no_more_once_revoked() -> None:
    revoked = Delegation(
        number=1, delegator=ANN.id, delegate=DAN.id, starts_at=NOON, ends_at=NOON + 2 * HOUR, revoked_at=NOON + HOUR
    )
    assert revoked.holds(NOON + HOUR - INSTANT)
    assert not revoked.holds(NOON + HOUR)


def test_it_is_for_somebody_else_and_for_some_time() -> None:
    for delegate, ends in ((ANN.id, NOON + HOUR), (DAN.id, NOON), (DAN.id, NOON - HOUR)):
        with pytest.raises(ValidationError):
            Delegation(number=1, delegator=ANN.id, delegate=delegate, starts_at=NOON, ends_at=ends)


# The delegate decides where the delegator may


def test_the_delegate_decides_on_the_record_as_b_for_a() -> None:
    request = approve(waiting(ONE), DAN, delegators=[ANN])
    [decision] = request.decisions
    assert (decision.by, decision.on_behalf_of) == (DAN.id, ANN.id)
    assert request.approvals(0, 0) == 1


def test_the_record_says_for_whom() -> None:
    request = waiting(profile(step(ANN)))
    change = decide(request, DAN, Verdict.APPROVE, NOON, on=here(request), delegators=[ANN])
    assert {(entry.by, entry.on_behalf_of) for entry in change.audit} == {(DAN.id, ANN.id)}


def test_a_delegate_may_reject_too() -> None:
    request = waiting(ONE)
    change = decide(request, DAN, Verdict.REJECT, NOON, on=here(request), comment="No", delegators=[ANN])
    assert change.request.status is RequestStatus.REJECTED


def test_live_membership_holds_for_the_delegator() -> None:
    request = waiting(profile(step(groups=["pki"])))
    assert isinstance(refusal(request, DAN, someone("Zoe")), NotAnApprover)
    assert approve(request, DAN, delegators=[someone("Zoe", groups=["pki"])]).decisions[0].on_behalf_of == pid("Zoe")


def test_ones_own_right_comes_before_anybody_elses() -> None:
    [decision] = approve(waiting(ONE), BOB, delegators=[ANN]).decisions
    assert (decision.by, decision.on_behalf_of) == (BOB.id, None)


def test_in_whatever_order_the_delegators_are_given_the_same_one_is_stood_in_for() -> None:
    request = waiting(ONE)
    found = {capacity(request, DAN, order) for order in permutations([ANN, BOB, CAT, NOBODY])}
    assert found == {Capacity(by=DAN.id, on_behalf_of=ANN.id)}


# It uses up both


def test_it_uses_up_the_delegators_decision() -> None:
    request = approve(waiting(ONE), DAN, delegators=[ANN])
    found = refusal(request, ANN)
    assert isinstance(found, DecidedForYou)
    assert str(found) == "Your delegate has already approved this for you. You can decide only once per gate."


def test_it_uses_up_the_delegates_decision() -> None:
    request = approve(waiting(ONE), CAT, delegators=[ANN])
    assert isinstance(refusal(request, CAT, BOB), AlreadyDecided)
    request = approve(request, BOB)
    assert isinstance(refusal(request, CAT), AlreadyDecided), "Cat is an approver of step 2, but has decided for Ann"


def test_a_delegate_cannot_decide_for_somebody_who_has() -> None:
    request = approve(waiting(ONE), ANN)
    assert isinstance(refusal(request, DAN, ANN), NotAnApprover)
    assert approve(request, DAN, delegators=[ANN, BOB]).decisions[-1].on_behalf_of == BOB.id


def test_two_delegates_of_one_person_count_once() -> None:
    request = approve(waiting(ONE), DAN, delegators=[ANN])
    assert isinstance(refusal(request, NOBODY, ANN), NotAnApprover)


def test_both_are_free_again_in_the_next_work_item() -> None:
    request = approve(waiting(profile(step(ANN)), profile(step(ANN), key="ca")), DAN, delegators=[ANN])
    assert approve(request, ANN).status is RequestStatus.APPROVED
    assert approve(request, DAN, delegators=[ANN]).status is RequestStatus.APPROVED


# What it never does


@pytest.mark.parametrize("lenient", [False, True])
def test_the_requester_never_decides_as_a_delegate(lenient: bool) -> None:
    found = refusal(waiting(profile(step(ANN), requester_may_approve=lenient)), REQUESTER, ANN)
    assert isinstance(found, NotAnApprover if lenient else YouRequestedThis)


@pytest.mark.parametrize("lenient", [False, True])
def test_nobody_decides_as_the_requesters_delegate(lenient: bool) -> None:
    request = waiting(profile(step(REQUESTER, ANN), requester_may_approve=lenient))
    assert isinstance(refusal(request, DAN, REQUESTER), NotAnApprover)


def test_it_does_not_chain() -> None:
    """Ann names Bob's delegate Dan hers; who stands in for Ann gets nothing from what Ann herself has been lent."""
    request = waiting(profile(step(ANN)))
    assert capacity(request, DAN, [BOB]) is None, "Bob may decide for Ann, but is no approver himself"


def test_it_moves_no_administrators_rights() -> None:
    """Nothing but a decision takes delegators at all."""
    with pytest.raises(Refusal, match="Only administrators"):
        override(waiting(ONE), DAN, Verdict.APPROVE, NOON, "Adam is away")
    with pytest.raises(Refusal, match="Only the requester or an administrator"):
        cancel(waiting(ONE), DAN, NOON)


def test_the_role_administrator_as_approver_is_delegated_as_an_approver_only() -> None:
    request = waiting(profile(step(roles=[ADMINISTRATOR])))
    assert approve(request, DAN, delegators=[ADMIN]).decisions[0].on_behalf_of == ADMIN.id


@pytest.mark.parametrize("person", OUTSIDERS)
def test_neither_side_may_be_somebody_who_takes_no_part(person: Person) -> None:
    request = waiting(profile(step(person, ANN)))
    assert isinstance(refusal(request, DAN, person), NotAnApprover)
    assert capacity(request, person, [ANN]) is None
