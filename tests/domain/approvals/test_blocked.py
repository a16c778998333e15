"""SPEC.md section 1, "no approvers": blocked work items, and the only edits that a request ever follows."""

from datetime import timedelta

import pytest

from domain.approvals.decisions import Verdict
from domain.approvals.eligibility import capacity
from domain.approvals.moves import cancel, decide, follow
from domain.approvals.requests import Request, StepRef
from domain.approvals.status import RequestStatus, WorkItemStatus
from domain.audit.entries import Action
from domain.common.errors import NotCommenced
from tests.rules.build import (
    ADMIN,
    ANN,
    BOB,
    HOUR,
    NOON,
    REQUESTER,
    approve,
    profile,
    reject,
    step,
    submission,
    waiting,
)  # fmt: skip

EMPTY = profile(step(ANN), step(name="PKI"), expires_after=HOUR)
FIXED = profile(step(ANN), step(BOB, name="PKI"), number=2, expires_after=2 * HOUR)
OTHER = profile(step(ANN), key="cp")
LATER = NOON + 5 * HOUR


def followed(request: Request) -> Request:
    change = follow(request, FIXED, LATER, ADMIN.id)
    assert change is not None
    return change.request


def test_a_request_under_a_profile_without_approvers_is_blocked() -> None:
    request = waiting(EMPTY, OTHER)
    first, second = request.work_items
    assert request.status is RequestStatus.WAITING
    assert (first.status, first.opened_at, first.deadline) == (WorkItemStatus.BLOCKED, None, None)
    assert second.status is WorkItemStatus.QUEUED
    assert request.here is None


def test_one_empty_step_is_enough() -> None:
    for steps in ((step(), step(ANN)), (step(ANN), step()), (step(),)):
        assert waiting(profile(*steps)).work_items[0].status is WorkItemStatus.BLOCKED


def test_the_record_says_that_it_is_blocked() -> None:
    entry = submission(EMPTY).audit[-1]
    assert (entry.action, entry.before, entry.after) == (
        Action.WORK_ITEM_BLOCKED, {"status": "queued"}, {"status": "blocked"},
    )  # fmt: skip


@pytest.mark.parametrize("verdict", Verdict)
def test_nobody_can_decide_on_it(verdict: Verdict) -> None:
    with pytest.raises(NotCommenced) as refused:
        decide(waiting(EMPTY), ANN, verdict, NOON, on=StepRef(request=12, gate=0, step=0), comment="x")
    assert str(refused.value) == (
        "REQ-12 is on hold: its approval profile has a step without approvers. Nobody can decide it yet."
    )
    assert capacity(waiting(EMPTY), ANN) is None


def test_a_later_gate_is_blocked_when_it_is_reached() -> None:
    request = approve(waiting(OTHER, EMPTY), ANN)
    assert [item.status.value for item in request.work_items] == ["approved", "blocked"]
    assert request.status is RequestStatus.WAITING


def test_it_takes_the_new_version_and_opens_when_every_step_has_approvers() -> None:
    change = follow(waiting(EMPTY, OTHER), FIXED, LATER, ADMIN.id)
    assert change is not None
    item = change.request.work_items[0]
    assert (item.status, item.profile, item.step) == (WorkItemStatus.PENDING, FIXED, 0)
    assert (item.opened_at, item.step_opened_at, item.deadline) == (LATER, LATER, LATER + 2 * HOUR)
    assert (item.gate.kind, item.gate.resource) == ("ra_profile", "at-web")
    assert [(entry.action, entry.by) for entry in change.audit] == [
        (Action.PROFILE_FOLLOWED, ADMIN.id),
        (Action.WORK_ITEM_OPENED, ADMIN.id),
    ]
    assert (change.audit[0].before, change.audit[0].after) == ({"version": 1}, {"version": 2})
    assert (change.audit[1].before["status"], change.audit[1].after["status"]) == ("blocked", "pending")
    assert approve(change.request, ANN, BOB, ANN, at=LATER).status is RequestStatus.APPROVED


def test_an_edit_that_leaves_a_step_empty_changes_nothing() -> None:
    assert follow(waiting(EMPTY), profile(step(BOB), step(), number=2), LATER) is None


def test_another_profiles_edit_changes_nothing() -> None:
    assert follow(waiting(EMPTY), profile(step(ANN), key="other", number=2), LATER) is None


def test_only_a_blocked_work_item_ever_follows_an_edit() -> None:
    """Neither one that is open, nor one that waits for its gate, nor one that is closed, with or without approvers."""
    commenced = waiting(profile(step(ANN), step(BOB)), EMPTY.replace(profile="cp"))
    for request in (
        commenced,
        approve(commenced, ANN),
        reject(waiting(profile(step(ANN))), ANN),
        cancel(waiting(EMPTY), REQUESTER, NOON).request,
        approve(waiting(profile(step(ANN))), ANN),
        followed(waiting(EMPTY)),
    ):
        assert follow(request, FIXED.replace(number=3), LATER) is None


def test_a_queued_gate_of_the_same_profile_keeps_its_version() -> None:
    """The profile stands at two gates; the first is blocked and follows, the second is not reached and does not."""
    request = followed(waiting(EMPTY, EMPTY))
    assert [item.profile.number for item in request.work_items] == [2, 1]
    request = approve(request, ANN, BOB, at=LATER)
    assert [item.status.value for item in request.work_items] == ["approved", "blocked"]
    assert [item.profile.number for item in followed(request).work_items] == [2, 2]


def test_the_clock_runs_only_from_when_it_opens() -> None:
    long_after = NOON + timedelta(days=365)
    change = follow(waiting(EMPTY), FIXED, long_after)
    assert change is not None
    assert change.request.work_items[0].deadline == long_after + 2 * HOUR


def test_once_open_it_follows_no_more() -> None:
    assert follow(followed(waiting(EMPTY)), profile(step(ADMIN), number=3), LATER) is None
