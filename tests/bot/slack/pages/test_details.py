"""The details of a request: everything that SPEC.md section 5 names."""

from typing import Any

from slack_sdk.models.views import View

from bot.slack.kit.blocks.labels import Labels
from bot.slack.pages.details.blocks import details
from domain.approvals.changes import Change
from domain.approvals.decisions import Verdict
from domain.approvals.delegation import Capacity
from domain.approvals.moves import comment, decide, expire, override, submit
from domain.approvals.requests import Request, RequestId
from domain.audit.entries import GENESIS, AuditEntry, Source
from domain.common.operations import Operation
from domain.people.people import GroupId, PersonId
from domain.pki import Note, NoteKind
from domain.ports import RecordedEntry
from domain.workflow import Details
from tests.bot.slack.limits import elements, texts
from tests.material_factory import material
from tests.rules.build import (
    ADMIN,
    ANN,
    BOB,
    CAT,
    DAN,
    HOUR,
    NOON,
    REQUESTER,
    WEB,
    approve,
    gates,
    here,
    people_among,
    pid,
    profile,
    step,
    waiting,
)  # fmt: skip

LABELS = Labels(groups={GroupId("pki"): "PKI people"})
TWO = profile(step(ANN, BOB, required=2), step(CAT, groups=["pki"], name="PKI"), expires_after=6 * HOUR)
ADMIN_TOO = pid("Zoe")


def new() -> Change:
    return submit(
        id=RequestId(12), by=REQUESTER, operation=Operation.ISSUE, entry=WEB, chain=gates(TWO), material=material(),
        reason="The old one runs out", at=NOON,
    )  # fmt: skip


def found(request: Request, entries: tuple[AuditEntry, ...] = (), **more: Any) -> Details:
    recorded = tuple(
        RecordedEntry(
            id=n, chain="request:12", number=n, source=Source.SLACK, entry=entry, previous=GENESIS, hash=GENESIS
        )
        for n, entry in enumerate(entries, 1)
    )
    rights = dict.fromkeys(("may_decide", "may_cancel", "may_override", "may_comment"), False)
    return Details(request=request, audit=recorded, resubmissions=(), **(rights | more))


def said(view: View) -> str:
    return "\n".join(text for text, _ in texts(view.to_dict()["blocks"]))


def test_everything_about_a_request_stands_in_its_details() -> None:
    request = comment(new().request, REQUESTER, "Any news?", NOON).request
    request = decide(request, DAN, Verdict.APPROVE, NOON, on=here(request), comment="Fine", delegators=[ANN]).request
    told = said(details(found(request, new().audit), LABELS, NOON))
    for part in (
        "Waiting for approval",  # status
        "*Operation*\nIssue at Web servers",
        "*Requester*\n<@RITA>",
        "*Created*\n<!date^",
        "*Closed*\nNot yet",
        "The old one runs out",
        f"*Bound to the digest* `{request.digest}`",
        "Profile Profile web, version 1",
        "Opened <!date^",
        "deadline <!date^",
        "Step 1 of 2, Security: *open*, 1 of 2 approved",
        "Approvers: <@ANN>, <@BOB>",
        "*Approved* by <@DAN> for <@ANN>, <!date^",  # a delegation, on the record
        "“Fine”",
        "Step 2 of 2, PKI: *not reached*, 0 of 1 approved\nApprovers: group PKI people, <@CAT>",
        "“Any news?”",
        "Audit trail",
        "*Submitted* by <@RITA>",
        GENESIS,
    ):
        assert part in told, part


def test_what_the_rules_of_a_resource_noted_stands_in_the_details_too() -> None:
    note = Note(kind=NoteKind.KEY_NOT_ALLOWED, severity="warning", text="RSA 1024 is not among the keys of Web servers")
    request = new().request.replace(noted=(note,))
    assert note.text in said(details(found(request), LABELS, NOON))


def test_the_audit_trail_counts_steps_as_everything_does_and_tells_the_readers_time() -> None:
    change = decide(new().request, ANN, Verdict.APPROVE, NOON, on=here(new().request))
    told = said(details(found(change.request, (*new().audit, *change.audit)), LABELS, NOON))
    deadline = int((NOON + 6 * HOUR).timestamp())
    assert f"`status: pending, step: 1, deadline:` <!date^{deadline}^" in told
    assert "`step: 1, approved: 0` → `step: 1, approved: 1" in told
    assert (NOON + 6 * HOUR).isoformat() not in told


def test_who_may_still_decide_is_named_and_very_many_are_counted() -> None:
    request = approve(new().request, BOB)
    two = (Capacity(by=ANN.id), Capacity(by=DAN.id, on_behalf_of=ANN.id))
    assert "May still decide: <@ANN>, <@DAN> for <@ANN>" in said(
        details(found(request, may_still_decide=two), LABELS, NOON)
    )
    crowd = tuple(Capacity(by=pid(f"U{number:02}")) for number in range(24))
    told = said(details(found(request, may_still_decide=crowd), LABELS, NOON))
    assert "<@U11> and 12 more" in told
    assert "<@U12>" not in told
    assert "May still decide: nobody" in said(details(found(request), LABELS, NOON))


def test_an_override_says_whom_it_went_past() -> None:
    people = people_among(ANN, BOB, CAT)
    request = override(approve(new().request, BOB), ADMIN, Verdict.APPROVE, NOON, "It burns", people=people).request
    told = said(details(found(request), LABELS, NOON))
    assert "*Overridden to approved* by <@ADAM>" in told
    assert "It burns" in told
    assert "1 of 2 approved\nApprovers: <@ANN>, <@BOB>\nCould still have decided: <@ANN>" in told
    assert "Could still have decided: <@CAT>" in told
    assert "May still decide" not in told


def test_an_override_that_another_came_after_is_shown_as_well() -> None:
    first = override(new().request, ADMIN, Verdict.REJECT, NOON, "No need")
    second = override(first.request, ADMIN.replace(id=ADMIN_TOO), Verdict.APPROVE, NOON + HOUR, "There is")
    told = said(details(found(second.request, (*first.audit, *second.audit)), LABELS, NOON + HOUR))
    assert "*Overridden to approved* by <@ZOE>" in told
    assert "It had been rejected." in told
    assert "Before that: *overridden to rejected* by <@ADAM>" in told
    assert "“No need”" in told
    once = said(details(found(first.request, first.audit), LABELS, NOON))
    assert "Before that" not in once


def test_what_has_ended_says_when_and_how() -> None:
    change = expire(new().request, NOON + 6 * HOUR)
    assert change is not None
    told = said(details(found(change.request), LABELS, NOON + 7 * HOUR))
    assert "*Expired*, <!date^" in told
    assert "*Closed*\n<!date^" in told


def test_the_requester_has_the_approvers_reminded_while_somebody_can_decide() -> None:
    request = new().request

    def offered(request: Request, reader: PersonId) -> set[str]:
        blocks = details(found(request), LABELS, NOON, reader=reader).to_dict()["blocks"]
        return {str(element["action_id"]) for element in elements(blocks)}

    assert "remind" in offered(request, REQUESTER.id)
    assert "remind" not in offered(request, ANN.id)
    closed = override(request, ADMIN, Verdict.REJECT, NOON, "Outage").request
    assert "remind" not in offered(closed, REQUESTER.id)


def test_the_reason_of_an_override_is_quoted_as_in_messages() -> None:
    done = override(new().request, ADMIN, Verdict.APPROVE, NOON, "Outage").request
    assert "“Outage”" in said(details(found(done), LABELS, NOON))


def test_that_nothing_gates_it_is_said_once() -> None:
    text = said(details(found(waiting()), LABELS, NOON))
    assert text.lower().count("gates") == 1


def test_the_record_says_nothing_of_what_there_never_was() -> None:
    change = new()
    text = said(details(found(change.request, change.audit), LABELS, NOON))
    assert "operation: issue" in text
    assert "null" not in text
