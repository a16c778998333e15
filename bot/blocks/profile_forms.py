"""The forms for approval profiles: the profile with the list of its steps, and one step, which lies upon it.

What a form is about stands in its metadata, ids and versions only; steps that were touched are a draft that the store keeps.
"""

from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import Block, DividerBlock, InteractiveElement
from slack_sdk.models.views import View

from bot.blocks.fields import choice, typed
from bot.blocks.inputs import Teams, channel, line_of_text, number, people, span, tick
from bot.blocks.labels import Labels
from bot.blocks.layout import actions, button, context, header, option, packed, section
from bot.blocks.managing_places import FormPlace, ListPlace, StepPlace
from bot.blocks.profile_words import preview_lines, step_lines
from bot.blocks.text import cut, inline
from bot.ids import Action, Callback, Field
from domain.profiles import (
    MOST_STEPS,
    Approvers,
    CommentRule,
    Definition,
    Escalation,
    Notify,
    Step,
    usual_reminder,
)
from domain.workflow.drafting import Edited
from domain.workflow.profile_pages import Preview

NAMED: Final = 8
"""How many approvers of each step the list of steps names."""
_USUAL: Final = "As usual: 24 hours, where it expires later"
_COMMENTS: Final = {
    CommentRule.REJECT: "To reject",
    CommentRule.ALWAYS: "To approve and to reject",
    CommentRule.NEVER: "Never",
}


def profile_form(edited: Edited, preview: Preview, labels: Labels, place: FormPlace) -> View:
    """The form to create or edit a profile."""
    old = edited.version.definition if edited.version is not None else None
    definition = old or Definition(name="A new profile", steps=edited.steps)
    key = edited.version.profile if edited.version is not None else None
    about = (
        f"Key {inline(key, 80)}: it never changes."
        if key
        else "Its key follows from its name, and never changes after that."
    )
    back = (
        button("Back without saving", Action.PROFILE_OPEN, key, f"Back to {key}")
        if key
        else button("Back without saving", Action.PROFILES, str(ListPlace()), "Back to all approval profiles")
    )
    blocks: list[Block] = [
        *_terms(definition, place.nonce, name=old.name if old is not None else ""),
        header("Steps"),
        *(block for at, step in enumerate(edited.steps) for block in _step(at, step, len(edited.steps), labels)),
        *actions("steps:add", _add(len(edited.steps))),
        header("What this would do now"),
        *packed(preview_lines(preview, edited.steps)),
        context(about),
        *actions("form:back", [back]),
    ]
    return View(
        type="modal", callback_id=Callback.PROFILE_FORM, title="Edit profile" if key else "New profile", submit="Save", close="Close",
        blocks=blocks, private_metadata=str(place),
    )  # fmt: skip


def _terms(definition: Definition, nonce: str, *, name: str) -> list[Block]:
    def named(field: Field) -> str:
        return f"{field}:{nonce}"

    usual = definition.remind_every == usual_reminder(definition.expires_after)
    return [
        line_of_text(named(Field.PROFILE_NAME), Action.PROFILE_NAME, "Name", least=3, most=80, initial=name),
        typed(
            named(Field.PROFILE_DESCRIPTION), Action.PROFILE_DESCRIPTION, "Description", optional=True, most=500,
            initial=definition.description,
        ),
        *span(
            named(Field.PROFILE_EXPIRY), Action.PROFILE_EXPIRY, named(Field.PROFILE_EXPIRY_UNIT), Action.PROFILE_EXPIRY_UNIT,
            "A request expires after", definition.expires_after, never="It never expires", dispatch=True,
            hint="At each gate, from when that gate opens.",
        ),
        *span(
            named(Field.PROFILE_REMINDER), Action.PROFILE_REMINDER, named(Field.PROFILE_REMINDER_UNIT),
            Action.PROFILE_REMINDER_UNIT, "Who has not decided is reminded after", definition.remind_every,
            never="Nobody is reminded", usual=_USUAL, is_usual=usual,
        ),
        choice(
            named(Field.PROFILE_COMMENT), Action.PROFILE_COMMENT, "A comment is required",
            [option(text, rule.value) for rule, text in _COMMENTS.items()], chosen=definition.comment_required,
        ),
        tick(
            named(Field.PROFILE_REQUESTER), Action.PROFILE_REQUESTER, "Own requests",
            "Requesters may approve their own requests", ticked=definition.requester_may_approve,
        ),
    ]  # fmt: skip


def _step(at: int, step: Step, several: int, labels: Labels) -> list[Block]:
    said = f"step {at + 1}, {cut(step.name, 40)}"
    buttons = [button("Edit", Action.STEP_EDIT, str(at), f"Edit {said}")]
    if at > 0:
        buttons.append(button("Move up", Action.STEP_UP, str(at), f"Move up {said}"))
    if at + 1 < several:
        buttons.append(button("Move down", Action.STEP_DOWN, str(at), f"Move down {said}"))
    if several > 1:
        buttons.append(button("Remove", Action.STEP_REMOVE, str(at), f"Remove {said}"))
    return [section("\n".join(step_lines(at + 1, step, labels, NAMED))), *actions(f"step:{at}", buttons)]


def _add(several: int) -> list[InteractiveElement]:
    if several >= MOST_STEPS:
        return []
    return [button("Add a step", Action.STEP_ADD, str(several), "Add a step after the last")]


def step_form(step: Step | None, preview: Preview, steps: Sequence[Step], teams: Teams, place: StepPlace) -> View:
    """The form for one step, None for a new one, with the *preview* of all *steps* of the profile, this one among them."""
    shown = step or Step(name="New step")
    blocks: list[Block] = [
        line_of_text(Field.STEP_NAME, Action.STEP_NAME, "Name", most=80, initial=step.name if step is not None else ""),
        number(
            Field.STEP_REQUIRED, Action.STEP_REQUIRED, "How many different people have to approve", initial=shown.required,
            most=1000, dispatch=True,
        ),
        people(Field.STEP_PEOPLE, Action.STEP_PEOPLE, "Who may approve: people", shown.approvers.users),
        *teams.field(Field.STEP_TEAMS, Action.STEP_TEAMS, "Who may approve: groups and roles", shown.approvers),
        *_told(shown.notify, teams),
        DividerBlock(),
        *_escalation(shown.escalation, teams),
        header("What the profile would do now"),
        *packed(preview_lines(preview, steps)),
        context("Nothing of it is in force until you save the profile."),
    ]  # fmt: skip
    return View(
        type="modal", callback_id=Callback.STEP_FORM, title=f"Step {place.step + 1}" if place.step is not None else "New step",
        submit="Done", close="Back", blocks=blocks, private_metadata=str(place),
    )  # fmt: skip


def _told(notify: Notify, teams: Teams) -> list[Block]:
    return [
        tick(
            Field.STEP_DIRECT, Action.STEP_DIRECT, "Who is told", "Each approver gets a direct message", ticked=notify.direct,
            dispatch=True,
        ),
        channel(
            Field.STEP_CHANNEL, Action.STEP_CHANNEL, "A channel that is told too", notify.channel,
            hint="Invite Countersign to it if it is private.",
        ),
        people(
            Field.STEP_SILENT_PEOPLE, Action.STEP_SILENT_PEOPLE, "May approve without a direct message: people",
            notify.silent.users,
        ),
        *teams.field(
            Field.STEP_SILENT_TEAMS, Action.STEP_SILENT_TEAMS, "May approve without a direct message: groups and roles",
            notify.silent,
        ),
    ]  # fmt: skip


def _escalation(further: Escalation | None, teams: Teams) -> list[Block]:
    after, others = (further.after, further.approvers) if further is not None else (None, Approvers())
    return [
        *span(
            Field.STEP_ESCALATION, Action.STEP_ESCALATION, Field.STEP_ESCALATION_UNIT, Action.STEP_ESCALATION_UNIT,
            "Without a decision, ask others too after", after, never="Nobody else is asked", dispatch=True,
        ),
        people(
            Field.STEP_ESCALATION_PEOPLE, Action.STEP_ESCALATION_PEOPLE, "Those others: people", others.users,
        ),
        *teams.field(
            Field.STEP_ESCALATION_TEAMS, Action.STEP_ESCALATION_TEAMS, "Those others: groups and roles", others,
        ),
    ]  # fmt: skip
