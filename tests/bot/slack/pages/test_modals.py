"""The forms: what they ask for, what they carry, and which refusal belongs beside which field."""

from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.slack.error_fields import beside
from bot.slack.kit.blocks import modals as shared_modals
from bot.slack.kit.blocks import private_answers
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.places import DetailsPlace, Origin
from bot.slack.kit.texts import submitting as texts
from bot.slack.pages.decisions import blocks as modals
from bot.slack.pages.details import blocks as details_blocks
from bot.slack.pages.submission import blocks as submission_blocks
from domain.approvals.decisions import Verdict
from domain.approvals.moves import comment, override
from domain.approvals.profiles import CommentRule
from domain.approvals.requests import RequestId, StepRef
from domain.approvals.resources import Resource, ResourceKind
from domain.approvals.status import RequestStatus
from domain.common.errors import (
    AlreadyClosed,
    CommentRequired,
    NoSuchResource,
    OpenRequestExists,
    ReasonRequired,
    Refusal,
    TextTooLong,
)
from domain.common.operations import Operation
from domain.pki import NEEDS, BadMaterial
from domain.workflow import Click
from tests.bot.slack.cast import HOSTILE, details_of, labels, materials
from tests.bot.slack.limits import elements
from tests.bot.slack.limits import texts as texts_in
from tests.material_factory import csr_pem, material, private_key_pem
from tests.rules.build import ADMIN, ANN, BOB, NOON, REQUESTER, WEB, approve, profile, reject, step, waiting

SECURITY = profile(step(ANN, name="Security"))
CSR, CERTIFICATE = ("csr", "csr_file"), ("certificate", "certificate_file")
FIRST = StepRef(request=12, gate=0, step=0)


def fields(view: View) -> list[str]:
    """The block ids of the fields, in order."""
    return [block["block_id"] for block in view.to_dict()["blocks"] if block["type"] == "input"]


def field(view: View, block_id: str) -> Any:
    return next(block for block in view.to_dict()["blocks"] if block.get("block_id") == block_id)


def said(view: View) -> str:
    return "\n".join(text for text, _ in texts_in(view.to_dict()["blocks"]))


def origin(view: View) -> Origin:
    return Origin.parse(view.private_metadata or "")


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (None, ["operation"]),
        (Operation.ISSUE, ["operation", "resource:ra_profile", *CSR, "reason"]),
        (Operation.RENEW, ["operation", "resource:ra_profile", *CERTIFICATE, "reason"]),
        (Operation.REKEY, ["operation", "resource:ra_profile", *CERTIFICATE, *CSR, "reason"]),
        (Operation.REVOKE, ["operation", "resource:ra_profile", *CERTIFICATE, "revocation_reason", "reason"]),
        (Operation.ENROLL, ["operation", "resource:end_entity_profile", *CSR, "reason"]),
        (Operation.RE_ENROLL, ["operation", "resource:end_entity_profile", *CSR, "reason"]),
    ],
)
def test_the_form_asks_for_what_the_operation_needs(operation: Operation | None, expected: list[str]) -> None:
    view = submission_blocks.submit([WEB], operation)
    assert fields(view) == expected
    assert field(view, "operation")["dispatch_action"] is True
    assert view.callback_id == Callback.SUBMIT
    assert origin(view) == Origin()


def test_a_resubmission_fills_everything_in() -> None:
    request = reject(waiting(SECURITY), ANN)
    view = submission_blocks.submit([WEB], draft=submission_blocks.Draft.of(request))
    assert field(view, "operation")["element"]["initial_option"]["value"] == "issue"
    assert field(view, "resource:ra_profile")["element"]["initial_option"]["value"] == "web-servers"
    assert field(view, "csr")["element"]["initial_value"] == request.material.csr_pem.strip()  # type: ignore[union-attr]  # issued by CSR
    assert field(view, "reason")["element"]["initial_value"] == "The old one runs out"
    assert origin(view) == Origin(request=12)
    revoked = waiting(SECURITY, operation=Operation.REVOKE, material=material(Operation.REVOKE))
    again = submission_blocks.submit([WEB], draft=submission_blocks.Draft.of(revoked))
    assert field(again, "revocation_reason")["element"]["initial_option"]["value"] == "superseded"


def test_what_is_too_long_for_a_field_is_kept_where_it_is() -> None:
    request = waiting(SECURITY, material=materials()["many"])
    view = submission_blocks.submit([WEB], draft=submission_blocks.Draft.of(request))
    csr = field(view, "csr:kept")
    assert "initial_value" not in csr["element"]
    assert "Leave this empty to use what REQ-12 asked for" in csr["hint"]["text"]


def test_what_a_message_had_is_never_cut_to_fit() -> None:
    long = materials()["many"].csr_pem or ""
    csr = field(submission_blocks.submit([WEB], Operation.ISSUE, submission_blocks.Draft(csr=long)), "csr")
    assert "initial_value" not in csr["element"]
    assert csr["hint"]["text"] == texts.TOO_LONG_TO_PASTE


def test_a_private_key_is_not_put_into_the_form_again() -> None:
    draft = submission_blocks.Draft.typed(
        csr=private_key_pem(), reason=f"It is {private_key_pem()}", entry="web-servers"
    )
    assert (draft.csr, draft.reason, draft.entry) == ("", "", "web-servers")


def test_what_is_said_once_stands_above_the_fields() -> None:
    view = submission_blocks.submit(
        [WEB], Operation.ISSUE, submission_blocks.Draft(csr=csr_pem(), note=texts.FROM_MESSAGE)
    )
    assert view.to_dict()["blocks"][0]["text"]["text"] == texts.FROM_MESSAGE


@pytest.mark.parametrize("operation", Operation)
def test_a_file_may_be_given_in_place_of_what_is_pasted(operation: Operation) -> None:
    view = submission_blocks.submit([WEB], operation)
    for needed in set(NEEDS[operation]) - {"reason"}:
        pasted, uploaded = field(view, needed), field(view, f"{needed}_file")
        assert pasted["optional"] is uploaded["optional"] is True
        assert uploaded["element"]["max_files"] == 1
        assert {"pem", "der", "csr", "crt", "cer", "p10", "txt"} == set(uploaded["element"]["filetypes"])


def test_the_words_beside_the_form() -> None:
    request = waiting(SECURITY)
    shown = submission_blocks.submitted(request)
    assert "REQ-12 is submitted." in said(shown)
    assert [element["value"] for element in elements(shown.to_dict()["blocks"])] == ["12"]
    assert [element["action_id"] for element in elements(submission_blocks.nothing_found().to_dict()["blocks"])] == [
        Action.NEW_REQUEST
    ]
    reading = submission_blocks.reading(texts.READING, "reading:V1").to_dict()
    assert reading["external_id"] == "reading:V1"
    assert "submit" not in reading


def test_a_resource_that_is_gone_is_not_chosen() -> None:
    view = submission_blocks.submit([WEB], draft=submission_blocks.Draft(operation=Operation.ISSUE, entry="gone"))
    assert "initial_option" not in field(view, "resource:ra_profile")["element"]


def test_where_nothing_offers_it_the_form_says_so() -> None:
    view = submission_blocks.submit([], Operation.ENROLL)
    assert fields(view) == ["operation"]
    assert "Nothing offers to enroll yet." in said(view)


def test_resources_of_the_same_name_can_be_told_apart() -> None:
    twins = [Resource(key=key, kind=ResourceKind.RA_PROFILE, name="Web servers") for key in ("b", "a")]
    view = submission_blocks.submit(
        [*twins, Resource(key="c", kind=ResourceKind.RA_PROFILE, name="Alone")], Operation.ISSUE
    )
    options = field(view, "resource:ra_profile")["element"]["options"]
    assert [(option["text"]["text"], option["value"]) for option in options] == [
        ("Alone", "c"), ("Web servers (a)", "a"), ("Web servers (b)", "b")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "approving", "rejecting"),
    [(CommentRule.REJECT, True, False), (CommentRule.ALWAYS, False, False), (CommentRule.NEVER, True, True)],
)
def test_a_comment_is_optional_where_the_profile_lets_it_be(
    rule: CommentRule, approving: bool, rejecting: bool
) -> None:
    request = waiting(profile(step(ANN), comment_required=rule))
    pressed = Click(channel="C1", ts="1.1")
    for view, optional in (
        (modals.approve(request, FIRST, pressed=pressed), approving),
        (modals.reject(request, FIRST, pressed=pressed), rejecting),
    ):
        assert field(view, "comment").get("optional", False) is optional
        assert origin(view) == Origin(step=FIRST, pressed=pressed)


def test_titles_name_the_request_and_stay_short() -> None:
    request = waiting(SECURITY)
    assert [modals.reject(request, FIRST).to_dict()[part]["text"] for part in ("title", "submit", "close")] == [
        "Reject REQ-12", "Reject", "Close"
    ]  # fmt: skip
    big = waiting(SECURITY, id=RequestId(10**17))
    for view in (
        modals.comment(big),
        modals.override(big, labels(big)),
        shared_modals.changed(private_answers.in_words("x"), moved_on=big.id),
    ):
        title = view.to_dict()["title"]["text"]
        assert len(title) <= 24
        assert title.endswith("REQ-100000000000000000")


def test_an_override_warns_of_what_it_goes_past() -> None:
    request = approve(waiting(profile(step(ANN, name="Security"), step(BOB, groups=["pki"], name="PKI"))), ANN)
    view = modals.override(request, labels(request, "pki-admins"), Verdict.REJECT, "Outage")
    assert "*Warning*: this goes past everything that is still missing" in said(view)
    assert "step 2 of 2, PKI: 0 of 1 approved; goes past group pki-admins, <@BOB>" in said(view)
    assert "Security" not in said(view)
    assert [one["value"] for one in field(view, "verdict")["element"]["options"]] == ["approve", "reject"]
    assert field(view, "verdict")["element"]["initial_option"]["value"] == "reject"
    assert field(view, "reason")["element"]["initial_value"] == "Outage"
    rejected = reject(waiting(SECURITY), ANN)
    assert [
        one["value"] for one in field(modals.override(rejected, labels(rejected)), "verdict")["element"]["options"]
    ] == ["approve"]
    done = override(rejected, ADMIN, Verdict.APPROVE, NOON, "x").request
    assert fields(modals.override(done, labels(done))) == []


def test_what_changed_meanwhile_can_be_looked_at() -> None:
    view = shared_modals.changed(private_answers.in_words("REQ-12 is already approved."), moved_on=12)
    assert "REQ-12 is already approved." in said(view)
    [button] = elements(view.to_dict()["blocks"])
    assert (button["action_id"], button["value"]) == (Action.RELOAD, "12")
    assert "submit" not in view.to_dict()
    assert not list(elements(shared_modals.changed(private_answers.in_words("No.")).to_dict()["blocks"]))


def test_the_details_have_everything() -> None:
    request = approve(waiting(profile(step(ANN, name="Security"), step(BOB, name="PKI")), resubmission_of=7), ANN)
    request = comment(request, REQUESTER, HOSTILE, NOON).request
    view = details_blocks.details(details_of(request, decide=True, comment=True), labels(request), NOON, reader=BOB.id)
    text = said(view)
    for part in (
        "*Status*\nWaiting for approval", "*Operation*\nIssue at Web servers", "*Requester*\n<@RITA>", "*Closed*\nNot yet",
        "*Resubmission of*\nREQ-7", "*Resubmitted as*\nREQ-20, REQ-21", "Profile web, version 1", "1. `DNS:api.example.com`",
        "Step 1 of 2, Security: *approved*, 1 of 1 approved", "Step 2 of 2, PKI: *open*, 0 of 1 approved", "Approvers: <@BOB>",
        f"*Bound to the digest* `{request.digest}`", "Audit trail", "*Submitted* by <@ANN>, in Slack", "<!channel> *b* _i_",
    ):  # fmt: skip
        assert part in text, part
    assert [element["action_id"] for element in elements(view.to_dict()["blocks"])] == [
        "approve", "reject", "approve_with_comment", "comment"
    ]  # fmt: skip
    assert DetailsPlace.parse(view.private_metadata or "") == DetailsPlace(request=12)


def test_only_the_requester_is_offered_to_ask_again() -> None:
    request = reject(waiting(SECURITY), ANN)
    mine = details_blocks.details(details_of(request), labels(request), NOON, reader=REQUESTER.id)
    theirs = details_blocks.details(details_of(request), labels(request), NOON, reader=ANN.id)
    assert [element["action_id"] for element in elements(mine.to_dict()["blocks"])] == ["resubmit"]
    assert not list(elements(theirs.to_dict()["blocks"]))


def test_no_name_is_missing_from_the_pages_of_the_details() -> None:
    many = materials()["many"]
    request = waiting(SECURITY, material=many)
    found = details_of(request)
    text = ""
    place: DetailsPlace | None = DetailsPlace(request=12)
    while place is not None:
        view = details_blocks.details(found, labels(request), NOON, place=place)
        text += said(view)
        onward = [
            element["value"]
            for element in elements(view.to_dict()["blocks"])
            if element["action_id"] == Action.DETAILS_NEXT
        ]
        place = DetailsPlace.parse(onward[0]) if onward else None
    assert all(f"`{san.text}`" in text for san in many.sans)
    beyond = details_blocks.details(found, labels(request), NOON, place=DetailsPlace(request=12, page=999))
    assert beyond.to_dict()["blocks"]


@pytest.mark.parametrize(
    ("error", "form", "operation", "expected"),
    [
        (BadMaterial("csr", "This is no CSR."), Callback.SUBMIT, Operation.ISSUE, "csr"),
        (BadMaterial("certificate", "No."), Callback.SUBMIT, Operation.RENEW, "certificate"),
        (BadMaterial("reason", "Choose."), Callback.SUBMIT, Operation.REVOKE, "revocation_reason"),
        (TextTooLong(length=3, limit=2), Callback.SUBMIT, Operation.ISSUE, "reason"),
        (TextTooLong(length=3, limit=2), Callback.REJECT, None, "comment"),
        (CommentRequired(verdict=Verdict.REJECT), Callback.REJECT, None, "comment"),
        (ReasonRequired(action="override a request"), Callback.OVERRIDE, None, "reason"),
        (NoSuchResource(resource="web"), Callback.SUBMIT, Operation.ENROLL, "resource:end_entity_profile"),
        (OpenRequestExists(request=3), Callback.SUBMIT, Operation.REVOKE, "certificate"),
        (OpenRequestExists(request=3), Callback.SUBMIT, Operation.ISSUE, "csr"),
        (AlreadyClosed(request=3, status=RequestStatus.APPROVED), Callback.REJECT, None, None),
    ],
)
def test_a_refusal_stands_beside_its_field(
    error: Refusal | BadMaterial, form: Callback, operation: Operation | None, expected: str | None
) -> None:
    assert beside(error, form, operation) == ({} if expected is None else {expected: str(error)})
    if expected is not None and form is Callback.SUBMIT:
        assert expected in fields(submission_blocks.submit([WEB], operation))


def test_pem_goes_into_the_form_and_comes_back_the_same() -> None:
    pem = csr_pem("round.example.com")
    view = submission_blocks.submit([WEB], Operation.ISSUE, submission_blocks.Draft(csr=pem))
    assert field(view, "csr")["element"]["initial_value"] == pem.strip()
