"""The forms for approval profiles: one for the profile with the list of its steps, and one for a step, which opens on top of it.

A form carries only ids and versions in its metadata; steps that were changed are in a draft that the store keeps.
"""

from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import Block, DividerBlock
from slack_sdk.models.views import View

from bot.slack.kit.admin_places import FormPlace, StepPlace
from bot.slack.kit.blocks.admin_pages import form_end
from bot.slack.kit.blocks.inputs import Teams, channel, line_of_text, number, people, span, tick
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.layout import actions, button, context, header, packed, section
from bot.slack.kit.blocks.text import cut
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import common
from bot.slack.pages.profiles.descriptions import preview_lines, step_lines
from bot.slack.pages.profiles.terms import term_fields
from domain.approvals.profiles import MOST_STEPS, Approvers, Definition, Escalation, Notify, Step
from domain.workflow.configuration.profile_drafts import Edited
from domain.workflow.configuration.profile_pages import Preview

NAMED: Final = 8
"""How many approvers of each step the list of steps names."""
STEP_PREVIEWED: Final = (
    Action.STEP_REQUIRED,
    Action.STEP_PEOPLE,
    Action.STEP_TEAMS,
    Action.STEP_DIRECT,
    Action.STEP_CHANNEL,
    Action.STEP_SILENT_PEOPLE,
    Action.STEP_SILENT_TEAMS,
    Action.STEP_ESCALATION,
    Action.STEP_ESCALATION_UNIT,
    Action.STEP_ESCALATION_PEOPLE,
    Action.STEP_ESCALATION_TEAMS,
)
"""Fields of the form for a step that change its preview."""


def profile_form(edited: Edited, preview: Preview, labels: Labels, place: FormPlace) -> View:
    """The form to create or edit a profile."""
    old = edited.version.definition if edited.version is not None else None
    definition = old or Definition(name="A new profile", steps=edited.steps)
    key = edited.version.profile if edited.version is not None else None
    add = button("Add a step", Action.STEP_ADD, str(len(edited.steps)), "Add a step after the last")
    blocks: list[Block] = [
        *term_fields(definition, place.nonce, name=old.name if old is not None else ""),
        header("Steps"),
        *(block for at, step in enumerate(edited.steps) for block in _step(at, step, len(edited.steps), labels)),
        *actions("steps:add", [add] if len(edited.steps) < MOST_STEPS else []),
        header("What this would do now"),
        *packed(preview_lines(preview, edited.steps)),
        *form_end(key, Action.PROFILE_OPEN, Action.PROFILES),
    ]
    return View(
        type="modal", callback_id=Callback.PROFILE_FORM, title="Edit profile" if key else "New profile",
        submit=common.SAVE, close=common.CLOSE, blocks=blocks, private_metadata=str(place),
    )  # fmt: skip


def _step(place: int, step: Step, steps: int, labels: Labels) -> list[Block]:
    """The step at *place*, from 0, of so many *steps*, with its buttons."""
    named = f"step {place + 1}, {cut(step.name, 40)}"
    shown = [
        ("Edit", Action.STEP_EDIT, True),
        ("Move up", Action.STEP_UP, place > 0),
        ("Move down", Action.STEP_DOWN, place + 1 < steps),
        ("Remove", Action.STEP_REMOVE, steps > 1),
    ]
    buttons = [button(verb, action, str(place), f"{verb} {named}") for verb, action, is_shown in shown if is_shown]
    return [section("\n".join(step_lines(place + 1, step, labels, NAMED))), *actions(f"step:{place}", buttons)]


def step_form(step: Step | None, preview: Preview, steps: Sequence[Step], teams: Teams, place: StepPlace) -> View:
    """The form for one step, None for a new one, with the *preview* of all *steps* of the profile, which include it."""
    shown = step or Step(name="New step")
    blocks: list[Block] = [
        line_of_text(Field.STEP_NAME, Action.STEP_NAME, common.NAME, most=80, initial=step.name if step is not None else ""),
        number(
            Field.STEP_REQUIRED, Action.STEP_REQUIRED, "How many people must approve", initial=shown.required,
            most=1000, dispatch=True,
        ),
        people(Field.STEP_PEOPLE, Action.STEP_PEOPLE, "Who may approve: people", shown.approvers.users),
        *teams.field(Field.STEP_TEAMS, Action.STEP_TEAMS, "Who may approve: groups and roles", shown.approvers),
        *_notify(shown.notify, teams),
        DividerBlock(),
        *_escalation(shown.escalation, teams),
        header("What the profile would do now"),
        *packed(preview_lines(preview, steps)),
        context("Changes take effect when you save the profile."),
    ]  # fmt: skip
    return View(
        type="modal", callback_id=Callback.STEP_FORM, private_metadata=str(place),
        title=f"Step {place.step + 1}" if place.step is not None else "New step",
        submit="Done", close="Back", blocks=blocks,
    )  # fmt: skip


def _notify(notify: Notify, teams: Teams) -> list[Block]:
    return [
        tick(
            Field.STEP_DIRECT, Action.STEP_DIRECT, "Notifications", "Each approver gets a direct message", ticked=notify.direct,
            dispatch=True,
        ),
        channel(
            Field.STEP_CHANNEL, Action.STEP_CHANNEL, "Channel to notify", notify.channel,
            hint="Invite Countersign to it if it is private.",
        ),
        people(
            Field.STEP_SILENT_PEOPLE, Action.STEP_SILENT_PEOPLE, "Approvers without a direct message: people",
            notify.silent.users,
        ),
        *teams.field(
            Field.STEP_SILENT_TEAMS, Action.STEP_SILENT_TEAMS, "Approvers without a direct message: groups and roles",
            notify.silent,
        ),
    ]  # fmt: skip


def _escalation(further: Escalation | None, teams: Teams) -> list[Block]:
    after, others = (further.after, further.approvers) if further is not None else (None, Approvers())
    return [
        *span(
            Field.STEP_ESCALATION, Action.STEP_ESCALATION, Field.STEP_ESCALATION_UNIT, Action.STEP_ESCALATION_UNIT,
            "Escalate to others after", after, never="Never", dispatch=True,
        ),
        people(
            Field.STEP_ESCALATION_PEOPLE, Action.STEP_ESCALATION_PEOPLE, "Escalate to: people", others.users,
        ),
        *teams.field(
            Field.STEP_ESCALATION_TEAMS, Action.STEP_ESCALATION_TEAMS, "Escalate to: groups and roles", others,
        ),
    ]  # fmt: skip
