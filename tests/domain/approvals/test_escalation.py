"""SPEC.md section 1, escalation: after so long these further approvers are authorised and asked too."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.approvals.decisions import Verdict
from domain.approvals.eligibility import capacity
from domain.approvals.moves import decide, escalate, expire
from domain.approvals.profiles import Escalation, Notify, ProfileVersion
from domain.approvals.requests import Escalated, Request
from domain.audit.entries import Action
from domain.common.errors import NotAnApprover
from domain.notices.notices import NoticeKind, wanted
from domain.people.people import Person
from tests.rules.build import (
    ANN,
    BOB,
    CAT,
    DAN,
    HOUR,
    INSTANT,
    NOON,
    REQUESTER,
    approve,
    approvers,
    here,
    people_among,
    profile,
    step,
    waiting,
)  # fmt: skip

LATER = NOON + 8 * HOUR
FURTHER = Escalation(after=8 * HOUR, approvers=approvers(BOB, REQUESTER))
WEB = profile(step(ANN, escalation=FURTHER), step(CAT, escalation=FURTHER, name="PKI"))


def escalated(*profiles: ProfileVersion) -> Request:
    change = escalate(waiting(*profiles), LATER)
    assert change is not None
    return change.request


def asked(request: Request, *everybody: Person) -> list[str]:
    found = wanted(request, people=people_among(*everybody), administrators=(), asked=())
    return sorted(one.person or one.channel or "" for one in found if one.kind is NoticeKind.ASK)


def test_it_comes_so_long_after_the_step_opened_and_once() -> None:
    request = waiting(WEB)
    assert escalate(request, LATER - INSTANT) is None
    change = escalate(request, LATER)
    assert change is not None
    assert change.request.work_items[0].escalated_at == LATER
    assert escalate(change.request, LATER + 100 * HOUR) is None
    late = escalate(request, LATER + HOUR)
    assert late is not None
    assert late.request.work_items[0].escalated_at == LATER + HOUR, "when it came, not when it was due"


def test_it_is_on_the_record() -> None:
    change = escalate(waiting(WEB), LATER)
    assert change is not None
    [entry] = change.audit
    assert (entry.action, entry.subject, entry.by, entry.at) == (Action.ESCALATED, "request:12/0", None, LATER)
    assert (entry.before["escalated"], entry.after["escalated"]) == (False, True)


def test_from_then_on_its_approvers_may_decide_like_the_others() -> None:
    request = waiting(WEB)
    with pytest.raises(NotAnApprover):
        decide(request, BOB, Verdict.APPROVE, LATER, on=here(request))
    assert not request.concerns(BOB)
    request = escalated(WEB)
    assert request.concerns(BOB)
    assert capacity(request, DAN, [BOB]) is not None, "and whoever stands in for them"
    assert capacity(request, REQUESTER) is None, "but never the requester"
    assert approve(request, ANN, at=LATER).current == approve(request, BOB, at=LATER).current


def test_a_new_step_begins_without_and_counts_from_its_own_opening() -> None:
    request = approve(escalated(WEB), ANN, at=LATER + HOUR)
    assert capacity(request, BOB) is None
    assert request.concerns(BOB), "who was asked still sees what became of it"
    assert escalate(request, LATER + 9 * HOUR - INSTANT) is None
    again = escalate(request, LATER + 9 * HOUR)
    assert again is not None
    assert [escalation.step for escalation in again.request.work_items[0].escalations] == [0, 1]


@pytest.mark.parametrize(("lives", "comes"), [(8, False), (7, False), (9, True), (None, True)])
def test_the_deadline_goes_first_where_both_are_due(lives: int | None, comes: bool) -> None:
    expires_after = None if lives is None else lives * HOUR
    request = waiting(profile(step(ANN, escalation=FURTHER), expires_after=expires_after))
    assert (escalate(request, LATER) is not None) == comes
    if lives is not None:
        overdue = NOON + timedelta(hours=lives)
        assert escalate(request, overdue) is None, "a late sweep escalates nothing that is overdue"
        assert expire(request, overdue) is not None


def test_nothing_escalates_that_waits_on_nobody() -> None:
    for request in (waiting(profile(step(ANN))), waiting(profile(step(ANN, escalation=FURTHER), step())), waiting()):
        assert escalate(request, LATER) is None
    assert escalate(approve(waiting(profile(step(ANN, escalation=FURTHER))), ANN), LATER) is None


def test_who_is_added_is_asked_directly_however_the_step_tells_its_own() -> None:
    assert asked(waiting(WEB), ANN, BOB) == [ANN.id]
    assert asked(escalated(WEB), ANN, BOB, REQUESTER) == [ANN.id, BOB.id]
    in_channel = profile(step(ANN, escalation=FURTHER, notify=Notify(direct=False, channel="C1")))
    assert asked(escalated(in_channel), ANN, BOB) == ["C1", BOB.id]
    silent = profile(step(ANN, escalation=FURTHER, notify=Notify(silent=approvers(BOB))))
    assert asked(escalated(silent), ANN, BOB) == [ANN.id]


def test_a_work_item_cannot_have_escalated_where_nothing_escalates() -> None:
    item = waiting(profile(step(ANN), step(BOB, escalation=FURTHER))).work_items[0]
    for number in (0, 1):
        with pytest.raises(ValidationError):
            item.replace(escalations=(Escalated(step=number, at=LATER),))
    item = waiting(WEB).work_items[0]
    with pytest.raises(ValidationError):
        item.replace(escalations=(Escalated(step=0, at=LATER), Escalated(step=0, at=LATER)))
