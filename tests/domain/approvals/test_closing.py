"""SPEC.md section 3, cancel and expire."""

from datetime import timedelta

import pytest

from domain.approvals.moves import cancel, expire
from domain.approvals.requests import Request
from domain.approvals.status import OperationStatus, RequestStatus
from domain.audit.entries import Action
from domain.common.errors import AlreadyClosed, NotAMember, NotYours, Refusal, TextTooLong
from domain.people.people import AUDITOR, Person
from tests.rules.build import (
    ADMIN,
    ANN,
    BOB,
    HOUR,
    INSTANT,
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

WEB = profile(step(ANN, BOB, required=2), step(ANN), expires_after=2 * HOUR)
CA = profile(step(ANN), key="ca", expires_after=HOUR)
LATE = NOON + 2 * HOUR


def refusal(request: Request, by: Person, reason: str = "") -> Refusal:
    with pytest.raises(Refusal) as found:
        cancel(request, by, NOON, reason)
    return found.value


# Cancel


@pytest.mark.parametrize("person", [REQUESTER, ADMIN])
def test_the_requester_or_an_administrator_cancels(person: Person) -> None:
    request = cancel(waiting(WEB, CA), person, NOON + HOUR, " Not needed \n").request
    assert (request.status, request.closed_at) == (RequestStatus.CANCELLED, NOON + HOUR)
    assert [item.status.value for item in request.work_items] == ["cancelled", "cancelled"]
    assert request.cancellation is not None
    assert (request.cancellation.by, request.cancellation.reason) == (person.id, "Not needed")
    assert request.operation_status is OperationStatus.NONE


def test_a_cancellation_needs_no_reason() -> None:
    assert cancel(waiting(WEB), REQUESTER, NOON).request.status is RequestStatus.CANCELLED


@pytest.mark.parametrize("person", [ANN, NOBODY, someone("Audrey", roles=[AUDITOR])])
def test_nobody_else_cancels(person: Person) -> None:
    found = refusal(waiting(WEB), person)
    assert isinstance(found, NotYours)
    assert str(found) == "Only the requester or an administrator can cancel REQ-12."


@pytest.mark.parametrize("person", OUTSIDERS)
def test_somebody_who_takes_no_part_cancels_nothing_not_even_their_own(person: Person) -> None:
    request = waiting(WEB).replace(requester=person.id)
    assert isinstance(refusal(request, person), NotAMember)


def test_a_blocked_request_can_be_cancelled() -> None:
    assert cancel(waiting(profile(step())), REQUESTER, NOON).request.status is RequestStatus.CANCELLED


def test_gates_that_were_passed_stay_approved() -> None:
    request = approve(waiting(profile(step(ANN)), CA), ANN)
    assert [item.status.value for item in cancel(request, ADMIN, NOON).request.work_items] == ["approved", "cancelled"]


def test_a_reason_is_not_cut_but_refused() -> None:
    assert isinstance(refusal(waiting(WEB), REQUESTER, "x" * 2001), TextTooLong)


def test_a_closed_request_is_not_cancelled() -> None:
    for closed in (
        reject(waiting(WEB), ANN),
        approve(waiting(CA), ANN),
        cancel(waiting(WEB), REQUESTER, NOON).request,
        _expired(waiting(WEB)),
    ):
        assert isinstance(refusal(closed, REQUESTER), AlreadyClosed)
        assert isinstance(refusal(closed, ADMIN), AlreadyClosed)
        assert isinstance(refusal(closed, NOBODY), NotYours), "who may, before whether it can be"


def test_the_record_of_a_cancellation_says_who_and_why() -> None:
    *_, entry = cancel(waiting(WEB), ADMIN, NOON, "Superseded").audit
    assert (entry.action, entry.by, entry.reason) == (Action.CLOSED, ADMIN.id, "Superseded")
    assert (entry.before, entry.after) == ({"status": "waiting_for_approval"}, {"status": "cancelled"})


# Expire


def _expired(request: Request, at: timedelta = 2 * HOUR) -> Request:
    change = expire(request, NOON + at)
    assert change is not None
    return change.request


def test_at_the_deadline_it_expires_and_not_an_instant_before() -> None:
    assert expire(waiting(WEB), LATE - INSTANT) is None
    request = _expired(waiting(WEB, CA))
    assert (request.status, request.closed_at) == (RequestStatus.EXPIRED, LATE)
    assert [item.status.value for item in request.work_items] == ["expired", "cancelled"]
    assert request.operation_status is OperationStatus.NONE


def test_the_moments_in_which_one_can_decide_and_in_which_it_expires_leave_no_gap() -> None:
    """Whatever the clock shows, exactly one of the two is possible."""
    for at in (NOON, LATE - INSTANT, LATE, LATE + INSTANT):
        in_time = at < LATE
        assert (expire(waiting(WEB), at) is None) == in_time


def test_each_gates_own_deadline_counts() -> None:
    request = approve(waiting(profile(step(ANN), expires_after=HOUR), CA), ANN, at=NOON + HOUR / 2)
    assert expire(request, NOON + HOUR) is None
    change = expire(request, NOON + HOUR * 3 / 2)
    assert change is not None
    assert [item.status.value for item in change.request.work_items] == ["approved", "expired"]


def test_what_never_expires_does_not() -> None:
    assert expire(waiting(profile(step(ANN))), NOON + timedelta(days=10_000)) is None


def test_no_clock_runs_while_it_is_blocked() -> None:
    request = waiting(profile(step(ANN), step(), expires_after=HOUR))
    assert expire(request, NOON + timedelta(days=10_000)) is None


def test_the_clock_does_not_touch_what_is_closed() -> None:
    for closed in (reject(waiting(WEB), ANN), cancel(waiting(WEB), REQUESTER, NOON).request, _expired(waiting(WEB))):
        assert expire(closed, LATE + HOUR) is None


def test_nobody_did_it() -> None:
    change = expire(waiting(WEB), LATE)
    assert change is not None
    assert {(entry.by, entry.at) for entry in change.audit} == {(None, LATE)}
    assert change.releases == ()
