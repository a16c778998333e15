"""The forms for profiles and resources are read strictly: what is missing is shown beside its field, what is forged is refused."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.slack.kit.admin_places import FormPlace, ResourcePlace, StepPlace
from bot.slack.kit.blocks.inputs import Teams
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.payloads.faults import BadInput, FormFaults
from bot.slack.pages.profiles import form_blocks as profile_forms
from bot.slack.pages.profiles import payloads as profiles
from bot.slack.pages.resources import blocks as resources
from bot.slack.pages.resources import form_blocks as resource_forms
from bot.slack.pages.resources import payloads as of_resources
from domain.approvals.profiles import Approvers, CommentRule, Escalation, Notify, Step
from domain.approvals.resources import ResourceKind
from domain.common.operations import Operation
from domain.people.people import GroupId, RoleId, person_id
from domain.workflow.configuration.profile_drafts import Base, Edited
from domain.workflow.configuration.profile_pages import Preview, StepPreview
from domain.workflow.configuration.resource_pages import Choices
from tests.bot.slack.kit.test_payloads import anything, pressed, sent, spoilt, text
from tests.rules.build import ANN, profile, step

PLACE = FormPlace(base=Base(profile="web", seen=1), nonce="7f")
STEP = StepPlace(form=PLACE, view="V1", step=0)
PREVIEW = Preview(steps=(StepPreview(people=1, told=1),), told=1, warnings=())
VERSION = profile(step(ANN))


def form_view() -> View:
    edited = Edited(base=PLACE.base, version=VERSION, steps=VERSION.steps)
    return profile_forms.profile_form(edited, PREVIEW, Labels(), PLACE)


def step_view() -> View:
    teams = Teams({GroupId("pki"): "PKI"}, {RoleId("ca"): "CA"})
    return profile_forms.step_form(VERSION.steps[0], PREVIEW, VERSION.steps, teams, STEP)


def resource_view(kind: ResourceKind | None = ResourceKind.RA_PROFILE) -> View:
    return resource_forms.resource_form(None, Choices(resources=(), profiles={}), ResourcePlace(kind=kind, nonce="7f"))


def picked(value: str) -> dict[str, Any]:
    return {"type": "static_select", "selected_option": {"value": value}}


def several(*values: str) -> dict[str, Any]:
    return {"type": "multi_static_select", "selected_options": [{"value": value} for value in values]}


def users(*ids: str) -> dict[str, Any]:
    return {"type": "multi_users_select", "selected_users": list(ids)}


def filled(**fields: Any) -> dict[str, Any]:
    return {f"{name}:7f": {name: entry} for name, entry in fields.items()}


def placed(**fields: Any) -> dict[str, Any]:
    return {name: {name: entry} for name, entry in fields.items()}


PROFILE: dict[str, Any] = {
    "profile_name": text(" Web servers "),
    "profile_expiry": text("36"),
    "profile_expiry_unit": picked("hours"),
    "profile_reminder_unit": picked("usual"),
    "profile_validity": text("8"),
    "profile_validity_unit": picked("hours"),
    "profile_comment": picked("always"),
    "profile_requester": several("yes"),
}
A_STEP: dict[str, Any] = {
    "step_name": text("Security"),
    "step_required": text("2"),
    "step_people": users("U2", "U1"),
    "step_teams": several("group:pki", "role:ca"),
    "step_direct": several(),
    "step_channel": {"type": "multi_conversations_select", "selected_conversations": ["C1"]},
    "step_silent_people": users("U1"),
    "step_escalation": text("8"),
    "step_escalation_unit": picked("hours"),
    "step_escalation_teams": several("role:ca"),
}


def faults(parse: Callable[[Any], Any], body: Any) -> dict[str, str]:
    with pytest.raises(FormFaults) as refused:
        parse(body)
    return refused.value.errors


def test_a_profile_is_read_as_it_was_filled_in() -> None:
    form = profiles.profile_form(sent(form_view(), filled(**PROFILE)))
    assert form.place == PLACE
    assert form.terms == {
        "name": "Web servers",
        "description": "",
        "expires_after": timedelta(hours=36),
        "remind_every": timedelta(hours=24),
        "valid_for": timedelta(hours=8),
        "requester_may_approve": True,
        "comment_required": CommentRule.ALWAYS,
    }


@pytest.mark.parametrize(
    ("fields", "span"),
    [
        ({"profile_expiry_unit": picked("never")}, None),
        ({"profile_expiry": text("3"), "profile_expiry_unit": picked("days")}, timedelta(days=3)),
        ({"profile_expiry_unit": picked("exactly:1.5s")}, timedelta(seconds=1.5)),
    ],
)
def test_spans(fields: dict[str, Any], span: timedelta | None) -> None:
    assert profiles.profile_form(sent(form_view(), filled(**PROFILE | fields))).terms["expires_after"] == span


@pytest.mark.parametrize(
    ("fields", "block", "sentence"),
    [
        ({"profile_name": text("ab")}, "profile_name:7f", "3 to 80"),
        ({"profile_name": text("x" * 81)}, "profile_name:7f", "3 to 80"),
        ({"profile_expiry": text("")}, "profile_expiry:7f", "whole number"),
        ({"profile_expiry": text("0")}, "profile_expiry:7f", "whole number"),
        ({"profile_expiry": text("1.5")}, "profile_expiry:7f", "whole number"),
        ({"profile_expiry": text("99999999")}, "profile_expiry:7f", "ten years"),
    ],
)
def test_what_is_wrong_with_a_profile_is_said_beside_its_field(
    fields: dict[str, Any], block: str, sentence: str
) -> None:
    assert sentence in faults(profiles.profile_form, sent(form_view(), filled(**PROFILE | fields)))[block]


@pytest.mark.parametrize(
    "fields",
    [
        {"profile_expiry_unit": picked("weeks")}, {"profile_expiry_unit": picked("exactly:0s")},
        {"profile_expiry_unit": picked("exactly:9999999h")}, {"profile_comment": picked("sometimes")},
    ],
)  # fmt: skip
def test_choices_that_there_are_not_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        profiles.profile_form(sent(form_view(), filled(**PROFILE | fields)))


def test_a_step_is_read_as_it_was_filled_in() -> None:
    one, two = person_id("T1", "U1"), person_id("T1", "U2")
    form = profiles.step_form(sent(step_view(), placed(**A_STEP)))
    assert form.place == STEP
    assert form.step == Step(
        name="Security",
        required=2,
        approvers=Approvers(users=(one, two), groups=(GroupId("pki"),), roles=(RoleId("ca"),)),
        notify=Notify(direct=False, channel="C1", silent=Approvers(users=(one,))),
        escalation=Escalation(after=timedelta(hours=8), approvers=Approvers(roles=(RoleId("ca"),))),
    )


@pytest.mark.parametrize(
    ("fields", "block"),
    [
        ({"step_name": text(" ")}, "step_name"),
        ({"step_required": text("0")}, "step_required"),
        ({"step_required": text("1001")}, "step_required"),
        ({"step_required": text("٣")}, "step_required"),
        ({"step_escalation": text("")}, "step_escalation"),
        ({"step_escalation_unit": picked("never")}, "step_escalation_unit"),
        ({"step_escalation_teams": several()}, "step_escalation_people"),
    ],
)
def test_what_is_wrong_with_a_step_is_said_beside_its_field(fields: dict[str, Any], block: str) -> None:
    assert block in faults(profiles.step_form, sent(step_view(), placed(**A_STEP | fields)))


def test_a_step_that_is_half_filled_in_is_read_as_far_as_it_goes() -> None:
    half = {"step_required": text("many"), "step_people": users("U1"), "step_escalation_unit": picked("hours")}
    change = profiles.step_change(sent(step_view(), placed(**half)))
    assert (change.step.name, change.step.required, change.step.escalation) == ("unnamed", 1, None)
    assert change.step.approvers.users == (person_id("T1", "U1"),)


def test_a_resource_is_read_as_it_was_filled_in() -> None:
    fields = {
        "resource_name": text("Web servers"),
        "link_certificate_authority": picked("ca"),
        "link_certificate_profile": picked("-"),
        "gate_issue": picked("web"),
        "gate_renew": picked("-"),
        "gate_enroll": picked("web"),  # a field that this kind does not have
    }
    parsed = of_resources.resource_form(sent(resource_view(), filled(**fields))).resource
    assert (parsed.kind, parsed.name, parsed.certificate_authority) == (ResourceKind.RA_PROFILE, "Web servers", "ca")
    assert (parsed.certificate_profile, parsed.approvals) == (None, {Operation.ISSUE: "web"})
    assert "resource_name:7f" in faults(
        of_resources.resource_form, sent(resource_view(), filled(resource_name=text("a")))
    )
    nothing = sent(resource_view(None), filled(resource_kind={"type": "static_select", "selected_option": None}))
    assert "resource_kind:7f" in faults(of_resources.resource_form, nothing)
    with pytest.raises(BadInput):
        of_resources.resource_form(sent(resource_view(), filled(**fields | {"gate_issue": picked("NOT A KEY")})))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("local-ca:issuing", "local-ca:issuing"), ("  ", None), (" webhook:acme.prod ", "webhook:acme.prod")],
)
def test_a_certificate_authority_names_its_connector(typed: str, meant: str | None) -> None:
    view, name = resource_view(ResourceKind.CERTIFICATE_AUTHORITY), text("Issuing CA")
    form = sent(view, filled(resource_name=name, resource_connector=text(typed)))
    assert of_resources.resource_form(form).resource.connector == meant


@pytest.mark.parametrize("typed", ["issuing", "local-ca:", "Local:x", "a:b c", "a" * 40 + ":b"])
def test_what_is_no_connector_is_said_beside_its_field(typed: str) -> None:
    view, name = resource_view(ResourceKind.CERTIFICATE_AUTHORITY), text("Issuing CA")
    form = sent(view, filled(resource_name=name, resource_connector=text(typed)))
    assert list(faults(of_resources.resource_form, form)) == ["resource_connector:7f"]


def test_buttons_say_what_they_carry() -> None:
    assert profiles.profile_click(pressed("profile_open", "web-servers")).profile == "web-servers"
    assert profiles.version_click(pressed("profile_delete", "web/3")).place.number == 3
    assert profiles.profiles_click(pressed("profiles_next", "2/a")).place.page == 2
    assert profiles.profiles_click(pressed("profiles", "whatever")).place.page == 0
    assert of_resources.dry_run_click(pressed("dry_run", "none")).resource is None
    shown = {**form_view().to_dict(), "id": "V1", "hash": "1.a"}
    click = profiles.form_click(pressed("step_up", "1", view=shown))
    assert (click.form, click.step) == (PLACE, 1)
    for parse, body in (
        (profiles.profile_click, pressed("profile_open", "Web servers")),
        (profiles.version_click, pressed("profile_delete", "web")),
        (profiles.form_click, pressed("step_up", "1")),
        (profiles.form_click, pressed("step_up", "-1", view=shown)),
        (of_resources.seen_click, pressed("resource_delete", "web/3")),
        (of_resources.resource_click, pressed("resource_open", "")),
    ):
        with pytest.raises(BadInput):
            parse(body)


PARSERS = [
    profiles.profile_click, profiles.profiles_click, profiles.version_click, profiles.form_click, profiles.profiles_form,
    profiles.profile_form, profiles.expiry_change, profiles.step_form, profiles.step_change,
    of_resources.resource_click, of_resources.resources_click,
    of_resources.seen_click, of_resources.dry_run_click, of_resources.resources_form, of_resources.kind_change,
    of_resources.resource_form, of_resources.dry_run_form,
]  # fmt: skip
GOOD = [
    pressed("profile_open", "web"),
    sent(form_view(), filled(**PROFILE)),
    sent(step_view(), placed(**A_STEP)),
    sent(resource_view(), filled(resource_name=text("Web servers"), gate_issue=picked("web"))),
    sent(
        resources.dry_run((), Operation.ISSUE), placed(dry_run_operation=picked("issue"), dry_run_entry=picked("web"))
    ),
]


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_comes_is_read_or_refused(parse: Callable[[Any], Any], data: st.DataObject) -> None:
    body = data.draw(anything) if data.draw(st.booleans()) else spoilt(data.draw(st.sampled_from(GOOD)), data)
    with suppress(BadInput, FormFaults):
        parse(body)
