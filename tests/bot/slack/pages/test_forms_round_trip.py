"""A form that is sent as it was opened changes nothing, whatever it shows: what is drawn is read back the same."""

from typing import Any

from hypothesis import Phase, given, settings
from slack_sdk.models.views import View

from bot.devslack.block_kit.inputs import state_values
from bot.slack.kit.admin_places import FormPlace, ResourcePlace, StepPlace
from bot.slack.kit.blocks.inputs import Teams
from bot.slack.kit.blocks.labels import Labels
from bot.slack.pages.profiles import form_blocks as profile_forms
from bot.slack.pages.profiles import payloads as profiles
from bot.slack.pages.resources import form_blocks as resource_forms
from bot.slack.pages.resources import payloads as resources
from bot.slack.pages.resources import rule_blocks
from bot.slack.pages.resources.rule_payloads import rules_form
from domain.approvals.profiles import Definition
from domain.approvals.resources import Resource, ResourceKind
from domain.configuration.current_state import CurrentState
from domain.people.people import GroupId, RoleId
from domain.pki import Rules
from domain.workflow.configuration.edit_conflicts import fingerprint
from domain.workflow.configuration.profile_drafts import Base, Edited
from domain.workflow.configuration.profile_pages import Preview, StepPreview
from domain.workflow.configuration.resource_pages import Choices
from tests.domain.configuration.states import RULES, TEAM, states

# not shrunk: that takes minutes with states as large as these
MANY = settings(phases=[Phase.reuse, Phase.generate], max_examples=30)


def sent_as_opened(view: View) -> dict[str, Any]:
    """`view_submission` of *view* by somebody who touched nothing in it."""
    shown = view.to_dict()
    state = {"values": state_values(shown["blocks"], {})}
    return {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": "U1", "team_id": TEAM},
        "trigger_id": "1.2.abc",
        "view": {**shown, "id": "V1", "hash": "1.abc", "state": state},
    }


@MANY
@given(present=states())
def test_a_profile_and_its_steps_come_back_as_they_were(present: CurrentState) -> None:
    teams = Teams(
        {GroupId(key): group.name for key, group in present.groups.items()},
        {RoleId(key): role.name for key, role in present.roles.items()},
    )
    for version in present.profiles.values():
        form = FormPlace(base=Base(profile=version.profile, seen=version.number), nonce="7f")
        preview = Preview(steps=(StepPreview(people=0, told=0),) * len(version.steps), told=0, warnings=())
        edited = Edited(base=form.base, version=version, steps=version.steps)
        parsed = profiles.profile_form(sent_as_opened(profile_forms.profile_form(edited, preview, Labels(), form)))
        assert parsed.place == form
        assert Definition(**parsed.terms, steps=version.steps) == version.definition
        for place, step in enumerate(version.steps):
            where = StepPlace(form=form, view="V0", step=place)
            view = profile_forms.step_form(step, preview, version.steps, teams, where)
            assert profiles.step_form(sent_as_opened(view)).step == step
            assert profiles.step_change(sent_as_opened(view)).step == step


@MANY
@given(present=states())
def test_a_resource_comes_back_as_it_was(present: CurrentState) -> None:
    choices = Choices(
        resources=tuple(present.resources.values()),
        profiles={key: profile.name for key, profile in present.profiles.items()},
    )
    for resource in present.resources.values():
        place = ResourcePlace(key=resource.key, kind=resource.kind, seen=fingerprint(resource), nonce="7f")
        parsed = resources.resource_form(sent_as_opened(resource_forms.resource_form(resource, choices, place)))
        assert (parsed.place, parsed.resource.replace(rules=resource.rules)) == (place, resource)


@MANY
@given(rules=RULES)
def test_rules_come_back_as_they_were(rules: Rules) -> None:
    resource = Resource(key="one", kind=ResourceKind.RA_PROFILE, name="One", rules=rules)
    place = ResourcePlace(key="one", kind=resource.kind, seen=fingerprint(resource), nonce="7f")
    parsed = rules_form(sent_as_opened(rule_blocks.rules_form(resource, place)))
    assert (parsed.place, parsed.resource, parsed.rules) == (place, "one", rules)
