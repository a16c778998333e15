"""SPEC.md section 3, submit: who may, what opens, what is fixed, and what happens where nothing gates the request."""

import pytest
from pydantic import ValidationError

from domain.approvals.changes import Release
from domain.approvals.requests import Request
from domain.approvals.status import OperationStatus, RequestStatus, WorkItemStatus
from domain.audit.entries import Action
from domain.common.errors import NotAMember, PrivateKeyInText, ReasonRequired, Refusal, TextTooLong
from domain.common.operations import Operation
from domain.people.people import AUDITOR, Person
from domain.pki import digest_of
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
    profile,
    someone,
    step,
    submission,
    waiting,
)  # fmt: skip

TWO_STEPS = profile(step(ANN, BOB, required=2), step(CAT, name="PKI"), expires_after=2 * HOUR)
CA_PROFILE = profile(step(ANN), key="ca", expires_after=HOUR)


@pytest.mark.parametrize("person", [REQUESTER, NOBODY, ADMIN, ANN, someone("Audrey", roles=[AUDITOR])])
def test_any_active_full_member_may_submit(person: Person) -> None:
    assert waiting(TWO_STEPS, by=person).requester == person.id


@pytest.mark.parametrize("person", OUTSIDERS, ids=lambda one: one.standing.value)
def test_nobody_else_may(person: Person) -> None:
    with pytest.raises(NotAMember) as refused:
        submission(TWO_STEPS, by=person)
    assert str(refused.value) == (
        f"Only active full members of this workspace can use Countersign, and you are {person.standing.described}."
    )


@pytest.mark.parametrize(
    ("by", "reason", "refusal"),
    [
        (REQUESTER, "", ReasonRequired),
        (REQUESTER, " \n\t ", ReasonRequired),
        (REQUESTER, "x" * 2001, TextTooLong),
        (OUTSIDERS[0], "", NotAMember),
    ],
)
def test_a_request_says_why(by: Person, reason: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        submission(TWO_STEPS, by=by, reason=reason)


def test_a_reason_has_up_to_2000_characters_and_is_kept_as_it_is() -> None:
    text = "<!channel> *why*: " + "x" * (2000 - 18)
    assert waiting(TWO_STEPS, reason=f"  {text}\n").reason == text


@pytest.mark.parametrize(
    "text", ["-----BEGIN PRIVATE KEY-----", "see —BEGIN EC PRIVATE KEY— below", "BEGIN OPENSSH PRIVATE KEY"]
)
def test_a_reason_is_no_place_for_a_private_key(text: str) -> None:
    with pytest.raises(PrivateKeyInText, match="treat the key as compromised"):
        submission(TWO_STEPS, reason=text)


def test_the_first_gate_opens_and_the_others_queue() -> None:
    request = waiting(TWO_STEPS, CA_PROFILE)
    first, second = request.work_items
    assert (request.status, request.closed_at, request.operation_status) == ("waiting_for_approval", None, "none")
    assert (first.status, first.step, first.opened_at, first.step_opened_at) == (WorkItemStatus.PENDING, 0, NOON, NOON)
    assert (second.status, second.opened_at, second.deadline) == (WorkItemStatus.QUEUED, None, None)
    assert str(request.here) == "12.0.0"


def test_the_clock_of_a_work_item_starts_when_it_opens() -> None:
    first, second = waiting(TWO_STEPS, CA_PROFILE).work_items
    assert first.deadline == NOON + 2 * HOUR
    assert second.deadline is None


def test_the_chain_is_kept_as_it_was_given() -> None:
    request = waiting(TWO_STEPS, CA_PROFILE)
    assert [(item.position, item.profile) for item in request.work_items] == [(0, TWO_STEPS), (1, CA_PROFILE)]


def test_without_gates_it_is_approved_at_once_and_the_record_says_so() -> None:
    change = submission()
    request = change.request
    assert (request.status, request.closed_at, request.work_items) == (RequestStatus.APPROVED, NOON, ())
    assert request.operation_status is OperationStatus.RELEASED
    assert change.releases == (Release(request=12, operation=Operation.ISSUE, digest=request.digest, at=NOON),)
    assert [entry.action for entry in change.audit] == [Action.SUBMITTED, Action.APPROVED_UNGATED, Action.RELEASED]


def test_with_a_gate_nothing_is_released() -> None:
    change = submission(TWO_STEPS)
    assert change.releases == ()
    assert [(entry.action, entry.subject, entry.by) for entry in change.audit] == [
        (Action.SUBMITTED, "request:12", REQUESTER.id),
        (Action.WORK_ITEM_OPENED, "request:12/0", REQUESTER.id),
    ]


def test_the_record_says_what_was_asked_under_which_versions() -> None:
    entry, opened = submission(TWO_STEPS, CA_PROFILE, reason="Because").audit
    assert entry.reason == "Because"
    assert entry.after == {
        "operation": "issue",
        "resource": "web-servers",
        "digest": material().digest,
        "resubmission_of": None,
        "certificate_profile": None,
        "certificate_authority": None,
        "gates": [
            "ra_profile:at-web under web version 1",
            "certificate_profile:at-ca under ca version 1",
        ],
    }
    assert opened.after == {"status": "pending", "step": 0, "deadline": "2026-11-21T14:00:00+00:00"}


def test_the_request_is_bound_to_the_digest_of_its_material() -> None:
    assert waiting(TWO_STEPS).digest == material().digest


def test_the_digest_is_of_the_operation_too() -> None:
    """Issuing and enrolling with the same CSR are not the same thing to approve."""
    assert digest_of(Operation.ISSUE, b"x", None, None) != digest_of(Operation.ENROLL, b"x", None, None)


def test_a_resubmission_names_the_request_it_comes_from() -> None:
    change = submission(TWO_STEPS, resubmission_of=7)
    assert change.request.resubmission_of == 7
    assert change.audit[0].after["resubmission_of"] == 7


# What cannot be built


def test_a_waiting_request_has_exactly_one_current_work_item() -> None:
    request = waiting(TWO_STEPS, CA_PROFILE)
    first, second = request.work_items
    for items in (
        (),
        (first.replace(status=WorkItemStatus.QUEUED), second),
        (first, second.replace(status=WorkItemStatus.BLOCKED)),
    ):
        with pytest.raises(ValidationError, match="exactly one work item"):
            request.replace(work_items=items)


def test_a_closed_request_has_no_current_work_item() -> None:
    with pytest.raises(ValidationError, match="exactly one work item"):
        waiting(TWO_STEPS).replace(status=RequestStatus.APPROVED)


def test_work_items_stand_in_order() -> None:
    request = waiting(TWO_STEPS, CA_PROFILE)
    with pytest.raises(ValidationError, match="order of their positions"):
        request.replace(work_items=tuple(reversed(request.work_items)))


def test_a_request_is_never_without_a_reason() -> None:
    with pytest.raises(ValidationError):
        waiting(TWO_STEPS).replace(reason=" ")


def test_a_request_survives_json() -> None:
    request = waiting(TWO_STEPS, CA_PROFILE)
    assert Request.model_validate_json(request.model_dump_json()) == request
