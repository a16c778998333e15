"""SPEC.md section 6: what becomes of an operation after the approval, move by move."""

import ssl
from datetime import timedelta
from itertools import product

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import ValidationError

from domain.approvals.execution import Certificate, Executed, Failed
from domain.approvals.requests import Request
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
from domain.common.operations import Operation
from domain.people.people import Person, Standing
from domain.pki import RevocationReason, keys_on_same_object, object_key, parse
from domain.releases.moves import Deed, approved, conclude, lapse, obstacle, retry
from tests.material_factory import certificate, certificate_pem, material, name, private_key, private_key_pem
from tests.rules.build import (
    ADMIN,
    ANN,
    BOB,
    HOUR,
    INSTANT,
    NOON,
    OUTSIDERS,
    REQUESTER,
    approve,
    profile,
    someone,
    step,
    waiting,
)

MINUTE = timedelta(minutes=1)
MOVES = {
    "none": {"released"},
    "released": {"executed", "failed", "lapsed"},
    "failed": {"released", "executed"},
    "executed": set(),
    "lapsed": {"executed", "failed"},
}


def released(operation: Operation = Operation.ISSUE, valid_for: timedelta | None = None) -> Request:
    """A request that was approved at noon."""
    return approve(
        waiting(profile(step(ANN), valid_for=valid_for), operation=operation, material=material(operation)), ANN
    )


def its_certificate() -> Certificate:
    """A certificate for the key that was approved."""
    return Certificate(pem=certificate_pem(serial=7), chain_pem=certificate_pem("Root", serial=8))


@pytest.mark.parametrize(("before", "after"), list(product(OperationStatus, OperationStatus)))
def test_an_operation_makes_exactly_the_moves_of_the_table(before: OperationStatus, after: OperationStatus) -> None:
    assert (after in OPERATION_MOVES[before]) == (after.value in MOVES[before.value])


def test_what_was_done_is_on_record_with_its_certificate() -> None:
    request = released()
    change = conclude(request, Executed(certificate=its_certificate()), NOON + MINUTE, via="local-ca:g2")
    end = change.request.execution
    assert change.request.operation_status is OperationStatus.EXECUTED
    assert end is not None
    assert end.certificate is not None
    assert (end.at, end.by, end.certificate.serial) == (NOON + MINUTE, "local-ca:g2", "07")
    [entry] = change.audit
    assert (entry.action, entry.subject, entry.at, entry.by) == (Action.EXECUTED, "request:12", NOON + MINUTE, None)
    assert entry.before == {"operation_status": "released"}
    assert entry.after == {
        "operation_status": "executed",
        "via": "local-ca:g2",
        "serial": "07",
        "sha256": end.certificate.sha256,
    }
    assert change.releases == ()


def test_a_certificate_for_another_key_is_not_what_was_approved() -> None:
    other = Certificate(pem=certificate_pem(key=private_key("ec", 9)))
    change = conclude(released(), Executed(certificate=other), NOON, via="webhook:ca")
    assert change.request.operation_status is OperationStatus.FAILED
    assert change.request.execution is not None
    assert change.request.execution.reason == (
        "The certificate that the connector returned has a different key than the approved one."
    )


def negative_serial() -> str:
    """A certificate with the serial number -1, as some CAs have made them."""
    der = certificate(serial=0x7F).public_bytes(Encoding.DER)
    return ssl.DER_cert_to_PEM_cert(der.replace(b"\x02\x01\x7f", b"\x02\x01\xff", 1))


def test_of_what_came_back_only_the_certificates_are_kept() -> None:
    one, above = certificate_pem(), certificate_pem("Root", serial=8)
    mixed = f"Bag Attributes\n{private_key_pem()}{one.strip()}"
    found = Certificate(pem=mixed, chain_pem=above.strip())
    assert (found.pem, found.chain_pem) == (one, above)
    assert found.pem + found.chain_pem == one + above, "as a file they can be read"


@pytest.mark.parametrize(
    ("came", "why"),
    [
        (certificate_pem(sans=("api.example.com", "bank.example.com")), "DNS:bank.example.com"),
        (certificate_pem(sans=("api.example.com", "10.0.0.1")), "IP:10.0.0.1"),
        (certificate_pem(cn="bank.example.com"), "CN=bank.example.com"),
        (certificate_pem(sans=[f"{n}.example.com" for n in range(5)]), "DNS:2.example.com and 2 more"),
        (certificate_pem(ca=True), "is a CA certificate"),
        (negative_serial(), "cannot be read"),
    ],
)
def test_a_certificate_with_more_than_was_approved_is_not_what_was_approved(came: str, why: str) -> None:
    change = conclude(released(), Executed(certificate=Certificate(pem=came)), NOON, via="webhook:ca")
    assert change.request.operation_status is OperationStatus.FAILED
    assert change.request.execution is not None
    assert why in change.request.execution.reason


@pytest.mark.parametrize(
    "came",
    [
        certificate_pem(cn=None),
        certificate_pem(sans=()),
        certificate_pem(sans=("API.example.com",)),
        certificate_pem(subject=name(o="Others")),
    ],
)
def test_a_ca_may_leave_names_out_and_write_the_rest_as_its_policy_says(came: str) -> None:
    change = conclude(released(), Executed(certificate=Certificate(pem=came)), NOON, via="webhook:ca")
    assert change.request.operation_status is OperationStatus.EXECUTED


def test_why_it_failed_is_kept_as_far_as_it_can_be() -> None:
    change = conclude(released(), Failed(reason=f"\0No {'x' * 600}"), NOON, via="webhook:ca")
    assert change.request.execution is not None
    assert change.request.execution.reason.startswith("No xxx")
    assert len(change.request.execution.reason) == 500
    assert change.audit[0].action is Action.FAILED
    assert change.audit[0].reason == change.request.execution.reason


@pytest.mark.parametrize("status", [OperationStatus.NONE, OperationStatus.EXECUTED, OperationStatus.FAILED])
def test_what_has_ended_does_not_end_again(status: OperationStatus) -> None:
    request = {
        OperationStatus.NONE: waiting(profile(step(ANN))),
        OperationStatus.EXECUTED: conclude(released(), Executed(), NOON, via="x:y").request,
        OperationStatus.FAILED: conclude(released(), Failed(reason="No"), NOON, via="x:y").request,
    }[status]
    assert request.operation_status is status
    for outcome in (Executed(), Failed(reason="No")):
        with pytest.raises(OperationOver):
            conclude(request, outcome, NOON, via="x:y")
    assert lapse(request, NOON + 100 * HOUR) is None


def lapsed(*, unsure: bool = False) -> Request:
    change = lapse(released(valid_for=HOUR), NOON + HOUR, unsure=unsure)
    assert change is not None
    return change.request


def test_an_approval_holds_for_as_long_as_the_shortest_of_its_profiles_says() -> None:
    gates = (
        profile(step(ANN), valid_for=3 * HOUR),
        profile(step(BOB), key="ca", valid_for=2 * HOUR),
        profile(step(ANN), key="x"),
    )
    request = waiting(*gates)
    assert request.valid_until is None, "before the approval there is nothing that could run out"
    request = approve(approve(approve(request, ANN), BOB, at=NOON + HOUR), ANN, at=NOON + HOUR)
    assert request.valid_until == NOON + 3 * HOUR, "from the approval of the whole request"
    assert released().valid_until is None
    assert lapse(released(), NOON + 10_000 * HOUR) is None


def test_past_it_the_release_lapses_and_not_before() -> None:
    request = released(valid_for=HOUR)
    assert lapse(request, NOON + HOUR - INSTANT) is None
    change = lapse(request, NOON + HOUR)
    assert change is not None
    assert change.request.operation_status is OperationStatus.LAPSED
    assert change.request.execution is not None
    assert change.request.execution.reason == (
        "The approval was valid until 21 Nov 2026, 13:00 UTC. The operation was not carried out before that."
    )
    assert [entry.action for entry in change.audit] == [Action.LAPSED]


def test_what_may_have_been_done_lapses_without_saying_that_it_was_not() -> None:
    end = lapsed(unsure=True).execution
    assert end is not None
    assert end.in_doubt
    assert end.reason == (
        "The approval was valid until 21 Nov 2026, 13:00 UTC. The connector had got it by then, "
        "and there was no answer, so it is not known whether it was carried out."
    )


@pytest.mark.parametrize("unsure", [True, False])
def test_that_it_was_executed_is_a_fact_also_when_the_approval_has_run_out(unsure: bool) -> None:
    change = conclude(lapsed(unsure=unsure), Executed(certificate=its_certificate()), NOON + 2 * HOUR, via="api:ra")
    end = change.request.execution
    assert change.request.operation_status is OperationStatus.EXECUTED
    assert end is not None
    assert end.certificate is not None
    assert end.in_doubt, "administrators are to hear of it"
    assert end.reason == (
        "This was reported when it had lapsed already on 21 Nov 2026, 13:00 UTC; it is not known whether it was done before."
    )
    [entry] = change.audit
    assert (entry.action, entry.before) == (Action.EXECUTED, {"operation_status": "lapsed"})
    assert entry.reason == end.reason


def test_what_may_have_been_done_fails_without_saying_that_it_was_not() -> None:
    change = conclude(released(), Failed(reason="The requester left."), NOON, via="", unsure=True)
    end = change.request.execution
    assert end is not None
    assert end.in_doubt
    assert end.reason == (
        "The requester left. The connector got it before, and there was no answer, so it is not known whether it was carried out."
    )
    with pytest.raises(OperationOver):
        conclude(change.request, Failed(reason="No."), NOON, via="api:ra")
    done = conclude(change.request, Executed(), NOON, via="api:ra").request
    assert done.operation_status is OperationStatus.EXECUTED
    assert done.execution is not None
    assert done.execution.reason.startswith("This was reported when it had failed already on 21 Nov 2026, 12:00 UTC;")


def test_that_it_was_not_done_settles_what_lapsed() -> None:
    change = conclude(lapsed(unsure=True), Failed(reason="The HSM was off."), NOON + 2 * HOUR, via="api:ra")
    assert change.request.operation_status is OperationStatus.FAILED
    assert change.request.execution is not None
    assert (change.request.execution.reason, change.request.execution.in_doubt) == ("The HSM was off.", False)


def failed(valid_for: timedelta | None = None) -> Request:
    return conclude(released(valid_for=valid_for), Failed(reason="The CA is closed."), NOON, via="x:y").request


def test_an_administrator_has_a_failed_operation_released_again() -> None:
    change = retry(failed(), ADMIN, NOON + HOUR, release=2)
    assert change.request.operation_status is OperationStatus.RELEASED
    assert change.request.execution is None
    [release] = change.releases
    assert (release.number, release.digest, release.at) == (2, change.request.digest, NOON + HOUR)
    [entry] = change.audit
    assert (entry.action, entry.by, entry.before, entry.after) == (
        Action.RETRIED,
        ADMIN.id,
        {"operation_status": "failed"},
        {"operation_status": "released", "release": 2},
    )


def test_it_is_the_same_operation_however_often_it_is_released() -> None:
    first = approved(released(), release=1, attempt=1)
    again = approved(retry(failed(), ADMIN, NOON + HOUR, release=2).request, release=2, attempt=5)
    assert first.key == again.key
    assert first.key.startswith("req12-")
    later = approve(waiting(profile(step(ANN))), ANN, at=NOON + INSTANT)
    assert approved(later, release=1, attempt=1).key != first.key


@pytest.mark.parametrize(
    ("by", "refusal"),
    [(REQUESTER, NotAnAdministrator), (ANN, NotAnAdministrator), *((outsider, NotAMember) for outsider in OUTSIDERS)],
)
def test_nobody_else_does(by: Person, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        retry(failed(), by, NOON, release=2)


@pytest.mark.parametrize("which", ["released", "executed", "lapsed", "waiting"])
def test_only_what_failed_is_tried_again(which: str) -> None:
    request = {
        "released": released(),
        "executed": conclude(released(), Executed(), NOON, via="x:y").request,
        "lapsed": lapsed(),
        "waiting": waiting(profile(step(ANN))),
    }[which]
    with pytest.raises(NothingToRetry):
        retry(request, ADMIN, NOON, release=2)


def test_an_approval_that_has_run_out_is_not_tried_again() -> None:
    retry(failed(valid_for=HOUR), ADMIN, NOON + HOUR - INSTANT, release=2)
    with pytest.raises(ApprovalRanOut):
        retry(failed(valid_for=HOUR), ADMIN, NOON + HOUR, release=2)


def test_what_a_connector_is_given_is_what_was_approved() -> None:
    request = released(Operation.REVOKE)
    given = approved(request, release=1, attempt=1)
    assert (given.material, given.digest, given.requester) == (request.material, request.digest, REQUESTER.id)
    assert given.digest == given.material.digest
    with pytest.raises(ContentChanged):
        approved(request.replace(digest="0" * 64), release=1, attempt=1)


# Looked at once more


@pytest.mark.parametrize("operation", list(Operation))
def test_nothing_stands_in_the_way_of_most(operation: Operation) -> None:
    assert obstacle(released(operation), REQUESTER, (), NOON) is None


@pytest.mark.parametrize("standing", [standing for standing in Standing if standing is not Standing.MEMBER])
def test_whoever_requested_it_must_still_be_a_member(standing: Standing) -> None:
    gone = someone("Rita", standing=standing)
    assert obstacle(released(), gone, (), NOON) == f"The requester is {standing.described} now."


def test_the_content_must_be_what_was_approved() -> None:
    assert obstacle(released().replace(digest="0" * 64), REQUESTER, (), NOON) == "The content is not what was approved."


def revoked(reason: RevocationReason = RevocationReason.SUPERSEDED) -> Deed:
    return Deed(request=9, operation=Operation.REVOKE, at=NOON - 100 * HOUR, revocation_reason=reason)


@pytest.mark.parametrize("operation", [Operation.RENEW, Operation.REKEY, Operation.REVOKE])
def test_nothing_is_done_to_a_certificate_that_we_revoked(operation: Operation) -> None:
    why = obstacle(released(operation), REQUESTER, [revoked()], NOON)
    assert why == "The certificate was revoked on 17 Nov 2026, 08:00 UTC (REQ-9)."


def test_a_certificate_on_hold_may_be_revoked_for_good_and_not_renewed() -> None:
    hold = revoked(RevocationReason.CERTIFICATE_HOLD)
    assert obstacle(released(Operation.REVOKE), REQUESTER, [hold], NOON) is None
    assert obstacle(released(Operation.RENEW), REQUESTER, [hold], NOON) is not None
    again = parse(Operation.REVOKE, certificate=certificate_pem(), reason=RevocationReason.CERTIFICATE_HOLD)
    request = approve(waiting(profile(step(ANN)), operation=Operation.REVOKE, material=again), ANN)
    assert obstacle(request, REQUESTER, [hold], NOON) is not None


@pytest.mark.parametrize("operation", [Operation.RENEW, Operation.REKEY, Operation.REVOKE])
def test_a_certificate_that_expired_since_it_was_submitted(operation: Operation) -> None:
    request = released(operation)
    ends = request.material.not_after
    assert ends is not None
    assert obstacle(request, REQUESTER, (), ends - INSTANT) is None
    assert (
        obstacle(request, REQUESTER, (), ends)
        == "The certificate expired on 1 Jan 2027, 00:00 UTC, after this was submitted."
    )
    known = request.replace(created_at=ends)  # those who approved it saw that it had expired
    assert obstacle(known, REQUESTER, (), ends + HOUR) is None


@pytest.mark.parametrize("operation", [operation for operation in Operation if operation is not Operation.REVOKE])
def test_another_operation_on_the_same_object_meanwhile(operation: Operation) -> None:
    other = Deed(request=13, operation=Operation.RENEW, at=NOON + MINUTE)
    assert obstacle(released(operation), REQUESTER, [other], NOON + HOUR) == (
        "REQ-13 was carried out for the same object after this was submitted, on 21 Nov 2026, 12:01 UTC."
    )
    known = other.replace(at=NOON - HOUR)
    assert obstacle(released(operation), REQUESTER, [known], NOON) is None, "whoever approved could know it"


def test_a_certificate_that_was_renewed_may_be_revoked() -> None:
    other = Deed(request=13, operation=Operation.RENEW, at=NOON + MINUTE)
    assert obstacle(released(Operation.REVOKE), REQUESTER, [other], NOON + HOUR) is None


def test_operations_on_a_certificate_know_of_each_other() -> None:
    renew, revoke = material(Operation.RENEW), material(Operation.REVOKE)
    assert keys_on_same_object(renew) == keys_on_same_object(revoke)
    assert object_key(revoke) in keys_on_same_object(renew)
    issue = material(Operation.ISSUE)
    assert keys_on_same_object(issue) == {object_key(issue)}


@pytest.mark.parametrize("pem", ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", "ü"])
def test_what_is_no_certificate_is_none(pem: str) -> None:
    with pytest.raises(ValidationError):
        Certificate(pem=pem)
    with pytest.raises(ValidationError):
        Certificate(pem=certificate_pem(), chain_pem=pem or "x")


def test_one_certificate_is_one() -> None:
    with pytest.raises(ValidationError, match="several"):
        Certificate(pem=certificate_pem() * 2)
    with pytest.raises(ValidationError, match="too large"):
        Certificate(pem=certificate_pem(), chain_pem=certificate_pem() * 200)
