"""What Slack sends is read strictly, and what is malformed or forged ends in one clear refusal, never in a traceback."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.commands import parser as commands
from bot.slack.kit.ids import Action, Field
from bot.slack.kit.list_filter import Filter
from bot.slack.kit.payloads import clicks, faults
from bot.slack.kit.places import DetailsPlace, HomePlace, Origin
from bot.slack.kit.texts import submitting
from bot.slack.pages.decisions import blocks as modals
from bot.slack.pages.decisions import payloads as decisions_payloads
from bot.slack.pages.details import payloads as details_payloads
from bot.slack.pages.home import blocks as home
from bot.slack.pages.home import payloads as home_payloads
from bot.slack.pages.home.payloads import filter_form
from bot.slack.pages.lists import payloads as lists_payloads
from bot.slack.pages.lists.query import List, Scope
from bot.slack.pages.submission import blocks as submission_blocks
from bot.slack.pages.submission import payloads as submission_payloads
from domain.approvals.decisions import Verdict
from domain.approvals.requests import StepRef
from domain.approvals.status import RequestStatus
from domain.common.errors import Refusal
from domain.common.operations import Operation
from domain.people.people import PersonId
from domain.pki import RevocationReason
from domain.ports import Page
from domain.workflow import Click
from tests.bot.slack.cast import labels
from tests.rules.build import ANN, NOON, WEB, profile, step, waiting

REQUEST = waiting(profile(step(ANN)))
STEP = StepRef(request=12, gate=0, step=1)


def pressed(action: str, value: str = "", **more: Any) -> dict[str, Any]:
    """`block_actions` of a button in a message."""
    return {
        "type": "block_actions",
        "user": {"id": "U1", "username": "ann", "team_id": "T1"},
        "api_app_id": "A1",
        "token": "x",
        "container": {"type": "message", "message_ts": "1795.000100", "channel_id": "C1", "is_ephemeral": False},
        "trigger_id": "1.2.abc",
        "team": {"id": "T1", "domain": "halvorsen"},
        "channel": {"id": "C1", "name": "pki"},
        "message": {"ts": "1795.000100", "text": "…"},
        "response_url": "https://hooks.slack.com/actions/T1/1/x",
        "actions": [{"action_id": action, "block_id": "b", "value": value, "type": "button", "action_ts": "1.1"}],
        **more,
    }


def sent(view: Any, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    """`view_submission` of a modal of ours."""
    shown = {**view.to_dict(), "id": "V1", "hash": "1.abc", "state": {"values": values}}
    return {
        "type": "view_submission",
        "team": {"id": "T1", "domain": "halvorsen"},
        "user": {"id": "U1", "team_id": "T1"},
        "trigger_id": "1.2.abc",
        "view": shown,
        **more,
    }


def text(value: str | None) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": value}


def choice(value: str | None) -> dict[str, Any]:
    option = None if value is None else {"text": {"type": "plain_text", "text": "…", "emoji": True}, "value": value}
    return {"type": "static_select", "selected_option": option}


def test_a_click_says_who_where_and_on_what() -> None:
    click = clicks.step_click(pressed(Action.APPROVE, "12.0.1"))
    assert click.who.person == PersonId("T1/U1")
    assert not click.who.is_foreign
    assert click.who.user == "U1"
    assert click.step == STEP
    assert click.action is Action.APPROVE
    assert click.pressed == Click(channel="C1", ts="1795.000100")
    assert click.trigger_id == "1.2.abc"
    assert click.view is None
    assert clicks.request_click(pressed(Action.DETAILS, "12")).request == 12
    assert clicks.click(pressed(Action.NEW_REQUEST, "new")).action is Action.NEW_REQUEST


def test_people_of_other_workspaces_keep_the_team_that_is_theirs() -> None:
    who = clicks.click(pressed("approve", user={"id": "U9", "team_id": "T9"})).who
    assert who.person == PersonId("T9/U9")
    assert who.workspace == "T1"
    assert who.is_foreign


def test_a_click_in_an_answer_is_no_proof_that_its_message_is_ours() -> None:
    container = {"type": "message", "message_ts": "1.1", "channel_id": "C1", "is_ephemeral": True}
    assert clicks.click(pressed("approve", container=container)).pressed is None


def test_a_click_in_the_home_knows_its_page() -> None:
    narrowed = Filter(
        statuses=frozenset({RequestStatus.APPROVED}), operation=Operation.ISSUE, resource="web-servers",
        requester=PersonId("T1/U2"), created_from=date(2026, 11, 1), created_to=date(2026, 11, 30),
    )  # fmt: skip
    place = HomePlace(waiting=57, mine=0, everything=3, recent=9, filter=narrowed)
    view = {"id": "V1", "type": "home", "hash": "1", "callback_id": "home", "private_metadata": str(place)}
    click = clicks.step_click(
        pressed("approve", "12.0.1", view=view, container={"type": "view", "view_id": "V1"}, channel=None)
    )
    assert click.view is not None
    assert click.view.is_home
    assert click.home_place == place
    assert click.pressed is None
    assert home_payloads.home_page_click(pressed("home_older", str(place))).place == place
    before = HomePlace(waiting=57, everything=3)  # as Homes wrote it that were drawn before there was Recent
    assert home_payloads.home_page_click(pressed("home_older", "57.0.3")).place == before


def test_pages_and_lists_come_back_as_they_were_written() -> None:
    assert details_payloads.details_page_click(pressed("details_next", "12/1")).place == DetailsPlace(
        request=12, page=1
    )
    listed = List(
        scope=Scope.ALL, statuses=frozenset({RequestStatus.APPROVED}), operation=Operation.RE_ENROLL, resource="Web “servers” 1",
        requester=PersonId("T1/U2"), before=57,
    )  # fmt: skip
    assert lists_payloads.list_page_click(pressed("list_older", str(listed))).list == listed


@pytest.mark.parametrize(
    "value",
    [
        "",
        "12",
        "12.0",
        "12.0.1.2",
        "0.0.1",
        "12.-1.0",
        "12.0.1 ",
        "12.0.x",
        "\uff11\uff12.0.1",
        "9" * 400 + ".0.1",
        "12.0.1\n",
        "null",
    ],
)
def test_a_forged_step_is_refused_in_words(value: str) -> None:
    with pytest.raises(faults.BadInput, match=r"does not belong to Countersign.*nothing was recorded"):
        clicks.step_click(pressed("approve", value))


@pytest.mark.parametrize("value", ["", "0", "012", "-1", "1.0", "x", "\uff11\uff12", "9" * 30, "12\n"])
def test_a_forged_request_is_refused_in_words(value: str) -> None:
    with pytest.raises(faults.BadInput):
        clicks.request_click(pressed("details", value))


def test_unknown_buttons_and_several_at_once_are_refused() -> None:
    with pytest.raises(faults.BadInput):
        clicks.click(pressed("launch"))
    with pytest.raises(faults.BadInput):
        clicks.click(pressed("approve", actions=[]))
    with pytest.raises(faults.BadInput):
        clicks.click({**pressed("approve"), "actions": pressed("approve")["actions"] * 2})
    with pytest.raises(faults.BadInput, match="names no workspace"):
        clicks.click(pressed("approve", user={"id": "U1"}, team=None))


def test_the_form_for_a_new_request() -> None:
    view = submission_blocks.submit([WEB], Operation.ISSUE)
    form = submission_payloads.submit_form(
        sent(
            view,
            {
                "operation": {"operation": choice("issue")},
                "resource:ra_profile": {"resource": choice("web-servers")},
                "csr": {"csr": text("  -----BEGIN…  ")},
                "reason": {"reason": text(" Needed\n")},
            },
        )
    )
    assert form.who.person == PersonId("T1/U1")
    assert form.view.id == "V1"
    submission = form.submission
    assert (submission.operation, submission.entry, submission.csr) == (Operation.ISSUE, "web-servers", "-----BEGIN…")
    assert (submission.reason, submission.certificate, submission.revocation_reason) == ("Needed", None, None)
    assert submission.resubmission_of is None


def test_a_revocation_and_a_resubmission() -> None:
    view = submission_blocks.submit([WEB], Operation.REVOKE, submission_blocks.Draft(resubmission_of=7))
    form = submission_payloads.submit_form(
        sent(
            view,
            {
                "operation": {"operation": choice("revoke")},
                "resource:ra_profile": {"resource": choice("web-servers")},
                "certificate:kept": {"certificate": text(None)},
                "revocation_reason": {"revocation_reason": choice("key_compromise")},
                "reason": {"reason": text("Lost laptop")},
            },
        )
    )
    assert form.submission.revocation_reason is RevocationReason.KEY_COMPROMISE
    assert form.submission.resubmission_of == 7
    assert form.submission.certificate is None


CSR_FILE = {"csr_file": {"csr_file": {"type": "file_input", "files": [{"id": "F1", "user": "U9", "size": 3}]}}}
CERTIFICATE_FILE = {"certificate_file": {"certificate_file": {"type": "file_input", "files": [{"id": "F2"}]}}}


def asks(operation: str, values: dict[str, Any]) -> submission_payloads.SubmitForm:
    there = {"operation": {"operation": choice(operation)}, "resource:ra_profile": {"resource": choice("web")}}
    return submission_payloads.submit_form(sent(submission_blocks.submit([WEB], Operation(operation)), there | values))


def test_each_thing_is_pasted_or_a_file() -> None:
    pasted = {"csr": {"csr": text("-----BEGIN…")}}
    assert asks("issue", pasted | {"csr_file": {"csr_file": {"type": "file_input", "files": []}}}).files == {}
    alone = asks("issue", CSR_FILE)
    assert (alone.files, alone.submission.csr) == ({Field.CSR_FILE: "F1"}, None)
    both = asks("rekey", CSR_FILE | CERTIFICATE_FILE)
    assert both.files == {Field.CERTIFICATE_FILE: "F2", Field.CSR_FILE: "F1"}
    mixed = asks("rekey", pasted | CERTIFICATE_FILE)
    assert (mixed.files, mixed.submission.csr) == ({Field.CERTIFICATE_FILE: "F2"}, "-----BEGIN…")
    assert asks("renew", CERTIFICATE_FILE | CSR_FILE).files == {Field.CERTIFICATE_FILE: "F2"}, "of another operation"


@pytest.mark.parametrize(
    ("operation", "values", "errors"),
    [
        ("issue", {}, {"csr": submitting.GIVE_CSR}),
        ("issue", {"csr": {"csr": text("  ")}}, {"csr": submitting.GIVE_CSR}),
        ("issue", CSR_FILE | {"csr": {"csr": text("x")}}, {"csr_file": submitting.BOTH_GIVEN}),
        ("rekey", CSR_FILE, {"certificate": submitting.GIVE_CERTIFICATE}),
        ("rekey", {}, {"certificate": submitting.GIVE_CERTIFICATE, "csr": submitting.GIVE_CSR}),
        (
            "issue",
            {"csr_file": {"csr_file": {"type": "file_input", "files": [{"id": "F1"}, {"id": "F2"}]}}},
            {"csr_file": submitting.ONE_FILE},
        ),
    ],
)
def test_what_is_given_twice_or_not_at_all_is_said_beside_its_field(
    operation: str, values: dict[str, Any], errors: dict[str, str]
) -> None:
    with pytest.raises(faults.FormFaults) as raised:
        asks(operation, values)
    assert raised.value.errors == errors


def test_a_forged_file_is_refused_in_words() -> None:
    for forged in ({"id": "../F1"}, {"id": 7}, {}, "F1"):
        with pytest.raises(faults.BadInput):
            asks("issue", {"csr_file": {"csr_file": {"type": "file_input", "files": [forged]}}})


def test_a_choice_that_is_missing_is_said_beside_its_field() -> None:
    view = submission_blocks.submit([WEB], Operation.ISSUE)
    with pytest.raises(faults.FormFaults) as raised:
        submission_payloads.submit_form(
            sent(view, {"operation": {"operation": choice(None)}, "resource:ra_profile": {"resource": choice(None)}})
        )
    assert set(raised.value.errors) == {"operation", "resource:ra_profile"}
    with pytest.raises(faults.FormFaults) as raised:
        submission_payloads.submit_form(
            sent(submission_blocks.submit([]), {"operation": {"operation": choice("issue")}})
        )
    assert set(raised.value.errors) == {"operation"}


def test_another_operation_was_chosen() -> None:
    view = {
        **submission_blocks.submit([WEB], draft=submission_blocks.Draft(resubmission_of=7)).to_dict(),
        "id": "V1",
        "hash": "1.abc",
    }
    action = {"action_id": "operation", "type": "static_select", **choice("revoke")}
    change = submission_payloads.form_change(pressed("operation", view=view, actions=[action]))
    assert (change.operation, change.resubmission_of, change.view.hash) == (Operation.REVOKE, 7, "1.abc")
    assert (change.csr, change.certificate, change.reason) == ("", "", "")
    state = {"values": {"csr": {"csr": text(" -----BEGIN… ")}, "reason": {"reason": text("New")}}}
    kept = submission_payloads.form_change(pressed("operation", view={**view, "state": state}, actions=[action]))
    assert (kept.csr, kept.certificate, kept.reason) == ("-----BEGIN…", "", "New")
    with pytest.raises(faults.BadInput):
        submission_payloads.form_change(pressed("operation", view=view, actions=[{**action, **choice("launch")}]))
    with pytest.raises(faults.BadInput):
        submission_payloads.form_change(pressed("operation", actions=[action]))


def test_the_forms_to_decide_bring_back_the_message_that_opened_them() -> None:
    where = Click(channel="C1", ts="1795.000100")
    step = StepRef(request=12, gate=0, step=0)
    for view, parse in (
        (modals.approve(REQUEST, step, pressed=where), decisions_payloads.approve_form),
        (modals.reject(REQUEST, step, pressed=where), decisions_payloads.reject_form),
    ):
        form = parse(sent(view, {"comment": {"comment_text": text(" Looks right ")}}))
        assert (form.step, form.comment, form.pressed) == (step, "Looks right", where)
    assert (
        decisions_payloads.approve_form(
            sent(modals.approve(REQUEST, step), {"comment": {"comment_text": text(None)}})
        ).comment
        == ""
    )


def test_the_other_forms() -> None:
    over = modals.override(REQUEST, labels(REQUEST))
    form = decisions_payloads.override_form(
        sent(over, {"verdict": {"verdict": choice("approve")}, "reason": {"reason": text("Outage")}})
    )
    assert (form.request, form.verdict, form.reason) == (12, Verdict.APPROVE, "Outage")
    with pytest.raises(faults.FormFaults):
        decisions_payloads.override_form(
            sent(over, {"verdict": {"verdict": choice(None)}, "reason": {"reason": text("Outage")}})
        )
    gone = decisions_payloads.cancel_form(sent(modals.cancel(REQUEST), {"reason": {"reason": text(None)}}))
    assert (gone.request, gone.reason) == (12, "")
    said = decisions_payloads.comment_form(sent(modals.comment(REQUEST), {"comment": {"comment_text": text("Hello")}}))
    assert (said.request, said.text) == (12, "Hello")


def test_forged_metadata_is_refused() -> None:
    step = StepRef(request=12, gate=0, step=0)
    body = sent(modals.reject(REQUEST, step), {"comment": {"comment_text": text("No")}})
    for metadata in (
        "",
        "{}",
        "x",
        "[]",
        '{"step": {"request": 1}}',
        '{"request": 12}',
        '{"step": null, "admin": true}',
        "{" * 2000,
    ):
        with pytest.raises(faults.BadInput):
            decisions_payloads.reject_form({**body, "view": {**body["view"], "private_metadata": metadata}})
    with pytest.raises(faults.BadInput, match="another form"):
        decisions_payloads.approve_form(body)


def test_the_home_was_opened() -> None:
    event = {"type": "app_home_opened", "user": "U1", "tab": "home", "channel": "D1"}
    body = {"team_id": "T1", "event": event}
    opened = home_payloads.home_opened(body)
    assert (opened.who.person, opened.is_home, opened.place) == ("T1/U1", True, HomePlace())
    shown = home.home(ANN, NOON, waiting=Page(requests=()), mine=Page(requests=()), place=HomePlace(mine=9)).to_dict()
    again = home_payloads.home_opened({**body, "event": {**event, "view": {**shown, "id": "V1"}}})
    assert again.place == HomePlace(mine=9)
    assert not home_payloads.home_opened({**body, "event": {"user": "U1", "tab": "messages"}}).is_home


def chosen(**values: Any) -> dict[str, Any]:
    """The filter of the Home as it is sent, with *values* by field."""
    view = {"id": "V1", "type": "modal", "callback_id": "filter", "private_metadata": "9.0.0.0", "state": {"values": {
        block: {block: entry} for block, entry in values.items()
    }}}  # fmt: skip
    return {"type": "view_submission", "user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}, "view": view}


def option(value: str) -> dict[str, Any]:
    return {"selected_option": {"value": value}}


def test_the_filter_of_the_home_begins_every_list_anew() -> None:
    form = filter_form(
        chosen(
            filter_status={"selected_options": [{"value": "approved"}, {"value": "expired"}]},
            filter_operation=option("issue"),
            filter_resource=option("web-servers"),
            filter_requester={"selected_users": ["U2"]},
            filter_from={"selected_date": "2026-11-01"},
            filter_to={"selected_date": "2026-11-30"},
        )
    )
    assert form.place == HomePlace(
        filter=Filter(
            statuses=frozenset({RequestStatus.APPROVED, RequestStatus.EXPIRED}), operation=Operation.ISSUE, resource="web-servers",
            requester=PersonId("T1/U2"), created_from=date(2026, 11, 1), created_to=date(2026, 11, 30),
        )
    )  # fmt: skip
    nothing = chosen(
        filter_status={"selected_options": []},
        filter_operation=option("any"),
        filter_resource=option("any:"),
        filter_requester={"selected_users": []},
        filter_from={"selected_date": None},
    )
    assert filter_form(nothing).place == HomePlace()
    assert filter_form(chosen()).place == HomePlace()


def test_a_filter_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(faults.FormFaults) as raised:
        filter_form(chosen(filter_from={"selected_date": "2026-11-30"}, filter_to={"selected_date": "2026-11-01"}))
    assert raised.value.errors == {"filter_to": "This day is before the start."}
    for wrong in (
        {"filter_operation": option("destroy")},
        {"filter_resource": option("../etc")},
        {"filter_status": {"selected_options": [{"value": "lost"}]}},
        {"filter_from": {"selected_date": "yesterday"}},
    ):
        with pytest.raises(faults.BadInput):
            filter_form(chosen(**wrong))


def test_what_places_write_they_read_and_nothing_else() -> None:
    origin = Origin(step=STEP, pressed=Click(channel="C1", ts="1.1"))
    assert Origin.parse(str(origin)) == origin
    assert Origin.parse("") == Origin()
    assert HomePlace.parse("") == HomePlace()
    for parse, wrong in (
        (HomePlace.parse, "1.2"),
        (HomePlace.parse, '0.0.0.0{"statuses":["lost"]}'),
        (HomePlace.parse, '0.0.0.0{"resource":"../etc"}'),
        (HomePlace.parse, '0.0.0.0{"requester":"ann"}'),
        (HomePlace.parse, '0.0.0.0{"approved":true}'),
        (HomePlace.parse, "0.0.0.0{"),
        (DetailsPlace.parse, "12"),
        (DetailsPlace.parse, "0/1"),
        (Origin.parse, "12"),
    ):
        with pytest.raises(ValueError, match="not"):
            parse(wrong)


def test_every_field_has_an_error_place() -> None:
    assert {field.value for field in Field} >= {"csr", "certificate", "reason", "comment"}


PARSERS: list[Callable[[Any], Any]] = [
    clicks.click, clicks.step_click, clicks.request_click, details_payloads.details_page_click,
    home_payloads.home_page_click,
    lists_payloads.list_page_click, submission_payloads.form_change, filter_form, submission_payloads.submit_form,
    decisions_payloads.approve_form, decisions_payloads.reject_form,
    decisions_payloads.override_form, decisions_payloads.cancel_form, decisions_payloads.comment_form,
    home_payloads.home_opened, commands.read_command,
]  # fmt: skip

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.just("\ud800")
    | st.sampled_from(["U1", "T1", "12.0.1"])
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=15,
)

GOOD = [
    pressed("approve", "12.0.1"),
    pressed("list_older", "all approved"),
    sent(
        submission_blocks.submit([WEB], Operation.ISSUE),
        {"operation": {"operation": choice("issue")}, "resource:ra_profile": {"resource": choice("w")}},
    ),
    sent(modals.reject(REQUEST, StepRef(request=12, gate=0, step=0)), {"comment": {"comment_text": text("No")}}),
    {
        "team_id": "T1",
        "user_id": "U1",
        "channel_id": "C1",
        "command": "/approval",
        "text": "list all from:2026-11-01",
        "trigger_id": "1",
    },
    {"team_id": "T1", "event": {"user": "U1", "tab": "home"}},
]


def _refused(parse: Callable[[Any], Any], body: Any) -> str | None:
    """The sentence with which *body* was refused, if it was."""
    try:
        parse(body)
    except Refusal as refused:
        return str(refused)
    return None


def _read(parse: Callable[[Any], Any], body: Any) -> None:
    sentence = _refused(parse, body)
    assert sentence is None or 10 < len(sentence) < 1500


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
def test_what_is_nested_very_deeply_is_read_or_refused(parse: Callable[[Any], Any]) -> None:
    deep: Any = {}
    for _ in range(5_000):
        deep = {"actions": [deep], "user": deep, "team": deep, "view": deep, "event": deep}
    assert _refused(parse, deep)


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@settings(max_examples=50)
@given(body=anything)
def test_whatever_json_comes_is_read_or_refused(parse: Callable[[Any], Any], body: Any) -> None:
    _read(parse, body)


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_is_changed_in_a_good_payload_is_read_or_refused(
    parse: Callable[[Any], Any], data: st.DataObject
) -> None:
    _read(parse, spoilt(data.draw(st.sampled_from(GOOD)), data))


def spoilt(part: Any, data: st.DataObject) -> Any:
    """*part* with one thing in it replaced or left out, somewhere."""
    if not isinstance(part, dict | list) or not part or data.draw(st.integers(0, 5)) == 0:
        return data.draw(anything)
    keys = list(part) if isinstance(part, dict) else list(range(len(part)))
    key = data.draw(st.sampled_from(keys))
    if isinstance(part, dict) and data.draw(st.booleans()):
        return {name: value for name, value in part.items() if name != key}
    if isinstance(part, dict):
        return {**part, key: spoilt(part[key], data)}
    return [spoilt(one, data) if at == key else one for at, one in enumerate(part)]
