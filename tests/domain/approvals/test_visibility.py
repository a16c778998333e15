"""SPEC.md sections 3 and 5: who sees a request, and who comments on it."""

import pytest

from domain.approvals.moves import cancel, comment
from domain.approvals.requests import Request
from domain.approvals.status import RequestStatus
from domain.audit.entries import Action
from domain.common.errors import EmptyComment, NotAMember, NotAParticipant, Refusal, TextTooLong
from domain.people.people import AUDITOR, Person
from tests.rules.build import (
    ADMIN,
    ANN,
    BOB,
    CAT,
    DAN,
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

AUDREY = someone("Audrey", roles=[AUDITOR])
WEB = profile(step(ANN), step(BOB, groups=["pki"]))
CA = profile(step(CAT), key="ca")


def refusal(request: Request, by: Person, text: str = "Hello", *delegators: Person) -> Refusal:
    with pytest.raises(Refusal) as found:
        comment(request, by, text, NOON, delegators=delegators)
    return found.value


# Who sees what


@pytest.mark.parametrize("person", [REQUESTER, ANN, BOB, CAT, someone("Zoe", groups=["pki"])])
def test_participants_see_it_in_whatever_step_or_gate_they_stand(person: Person) -> None:
    request = waiting(WEB, CA)
    assert request.concerns(person)
    assert request.is_seen_by(person)


@pytest.mark.parametrize("person", [ADMIN, AUDREY])
def test_administrators_and_auditors_see_all_and_are_no_participants(person: Person) -> None:
    assert waiting(WEB).is_seen_by(person)
    assert not waiting(WEB).concerns(person)


@pytest.mark.parametrize("person", [NOBODY, DAN, someone("Zoe", groups=["left"])])
def test_nobody_else_sees_that_it_exists(person: Person) -> None:
    assert not waiting(WEB, CA).is_seen_by(person)


def test_who_decided_keeps_seeing_it_after_leaving() -> None:
    request = approve(waiting(WEB), ANN, someone("Zoe", groups=["pki"]))
    assert request.is_seen_by(someone("Zoe"))


def test_both_sides_of_a_delegated_decision_see_it() -> None:
    request = approve(waiting(WEB), DAN, delegators=[ANN])
    assert request.is_seen_by(DAN)
    assert request.is_seen_by(ANN)


def test_a_delegate_sees_what_the_delegator_may_decide() -> None:
    assert waiting(WEB).is_seen_by(DAN, [ANN])
    assert not waiting(WEB).is_seen_by(DAN, [NOBODY])


def test_a_delegate_does_not_see_as_an_administrator() -> None:
    assert not waiting(WEB).is_seen_by(DAN, [ADMIN, AUDREY])


def test_standing_in_for_the_requester_shows_nothing() -> None:
    """Nobody may decide as the requester's delegate, so nobody is authorised by it, though the requester is an approver."""
    request = waiting(profile(step(REQUESTER, ANN), requester_may_approve=True))
    assert not request.is_seen_by(DAN, [REQUESTER])


@pytest.mark.parametrize("person", OUTSIDERS)
def test_who_takes_no_part_sees_nothing_whatever_they_were(person: Person) -> None:
    request = waiting(profile(step(person, ANN)))
    assert not request.replace(requester=person.id).is_seen_by(person)
    assert not request.is_seen_by(person)
    assert not request.is_seen_by(DAN, [person])


# Comments


@pytest.mark.parametrize("person", [REQUESTER, ANN, BOB, CAT])
def test_any_participant_comments(person: Person) -> None:
    change = comment(waiting(WEB, CA), person, "  Why <!channel>? \n", NOON)
    [said] = change.comments
    assert (said.number, said.by, said.text, said.at) == (1, person.id, "Why <!channel>?", NOON)
    assert change.request.comments == (said,)
    [entry] = change.audit
    assert (entry.action, entry.by, entry.reason, entry.after) == (
        Action.COMMENTED, person.id, "Why <!channel>?", {"comment": 1},
    )  # fmt: skip


@pytest.mark.parametrize("person", [NOBODY, AUDREY, ADMIN])
def test_nobody_else_comments(person: Person) -> None:
    found = refusal(waiting(WEB), person)
    assert isinstance(found, NotAParticipant)
    assert str(found) == "Only the requester and the approvers of REQ-12 can comment on it."


@pytest.mark.parametrize("person", OUTSIDERS)
def test_only_members_comment(person: Person) -> None:
    assert isinstance(refusal(waiting(profile(step(person))), person, ""), NotAMember)


def test_a_delegate_comments_in_their_own_name() -> None:
    assert comment(waiting(WEB), DAN, "I stand in for Ann", NOON, delegators=[ANN]).comments[0].by == DAN.id


def test_a_comment_has_text_and_up_to_2000_characters_of_it() -> None:
    assert isinstance(refusal(waiting(WEB), ANN, " \n"), EmptyComment)
    assert isinstance(refusal(waiting(WEB), ANN, "x" * 2001), TextTooLong)
    assert comment(waiting(WEB), ANN, "x" * 2000, NOON).comments[0].text == "x" * 2000


def test_comments_are_counted_and_move_nothing() -> None:
    request = waiting(WEB)
    for number in (1, 2, 3):
        change = comment(request, ANN, "Again", NOON)
        assert change.request.replace(comments=request.comments) == request
        request = change.request
        assert [said.number for said in request.comments] == list(range(1, number + 1))


@pytest.mark.parametrize(
    "request_",
    [
        reject(waiting(WEB), ANN),
        cancel(waiting(WEB), REQUESTER, NOON).request,
        approve(waiting(WEB), ANN, BOB),
        waiting(profile(step(ANN), step())),
    ],
    ids=["rejected", "cancelled", "approved", "blocked"],
)
def test_one_can_comment_on_what_is_closed_or_blocked(request_: Request) -> None:
    change = comment(request_, ANN, "For the record", NOON)
    assert change.request.status is request_.status
    assert (change.request.status is RequestStatus.WAITING) == (request_.closed_at is None)
