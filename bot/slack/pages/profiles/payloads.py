"""What the modals for approval profiles send: clicks, searches and forms."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from bot.slack.kit.admin_places import FormPlace, StepPlace, VersionPlace, key, place_in_list
from bot.slack.kit.blocks.inputs import NEVER
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.payloads.admin_forms import ListClick, SearchForm, list_click, search_form
from bot.slack.kit.payloads.clicks import Click, ViewRef, carried
from bot.slack.kit.payloads.faults import BadInput
from bot.slack.kit.payloads.fields import FieldFaults, Fields
from bot.slack.kit.payloads.forms import Form, form_parts
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.payloads.spans import read_span
from bot.slack.kit.payloads.who import Who
from bot.slack.kit.texts import bad_input
from bot.slack.kit.texts import fields as fields_texts
from bot.slack.pages.profiles.terms import read_expiry, read_terms
from domain.approvals.profiles import Approvers, Escalation, Notify, ProfileId, Step
from domain.people.people import GroupId, RoleId, person_id


class ProfileClick(Click):
    profile: ProfileId


class VersionClick(Click):
    place: VersionPlace


class FormClick(Click):
    """A button in the form for a profile."""

    form: FormPlace
    step: int
    """The place of the step that it is about."""


class StepForm(Form):
    """The form for a step, sent or still being filled in."""

    place: StepPlace
    step: Step


class ExpiryChange(Form):
    """The form for a profile while its expiry is filled in."""

    place: FormPlace
    expires_after: timedelta | None


class ProfileForm(Form):
    place: FormPlace
    terms: Mapping[str, Any]
    """The parts of a `Definition` other than its steps."""


def profile_click(body: Any) -> ProfileClick:
    """A button that carries the key of a profile. Raises BadInput."""
    action, facts = carried(body)
    return ProfileClick(**facts, profile=ProfileId(parsed(key, action, "the button names no profile")))


def profiles_click(body: Any) -> ListClick:
    """A button that leads to a page of the list. Raises BadInput."""
    return list_click(body, {Action.PROFILES_PREVIOUS, Action.PROFILES_NEXT})


def version_click(body: Any) -> VersionClick:
    """A button that carries a key and a number. Raises BadInput."""
    action, facts = carried(body)
    return VersionClick(**facts, place=parsed(VersionPlace.parse, action, "the button names no version"))


def form_click(body: Any) -> FormClick:
    """A button in the form for a profile. Raises BadInput."""
    action, facts = carried(body)
    view: ViewRef | None = facts["view"]
    if view is None or view.callback != Callback.PROFILE_FORM:
        raise BadInput(what=bad_input.NOT_THE_PROFILE_FORM)
    return FormClick(
        **facts,
        form=parsed(FormPlace.parse, view.metadata, bad_input.NOT_OUR_FORM),
        step=parsed(place_in_list, action, "the button names no step"),
    )


def profiles_form(body: Any) -> SearchForm:
    """What is searched for in the list. Raises BadInput."""
    return search_form(body, Callback.PROFILES, Field.PROFILE_SEARCH)


def profile_form(body: Any) -> ProfileForm:
    """The form for a profile, without its steps. Raises BadInput, FormFaults."""
    form, fields, metadata = form_parts(body, Callback.PROFILE_FORM)
    place = parsed(FormPlace.parse, metadata, bad_input.NOT_OUR_FORM)
    return ProfileForm(**form, place=place, terms=read_terms(fields))


def expiry_change(body: Any) -> ExpiryChange:
    """Another expiry in the form for a profile. Raises BadInput."""
    form, fields, metadata = form_parts(body, Callback.PROFILE_FORM)
    place = parsed(FormPlace.parse, metadata, bad_input.NOT_OUR_FORM)
    return ExpiryChange(**form, place=place, expires_after=read_expiry(fields))


def step_form(body: Any) -> StepForm:
    """The form for a step. Raises BadInput, FormFaults."""
    form, fields, metadata = form_parts(body, Callback.STEP_FORM)
    place = parsed(StepPlace.parse, metadata, bad_input.NOT_OUR_FORM)
    faults = FieldFaults(fields)
    name, required = fields.typed(Field.STEP_NAME), fields.text(Field.STEP_REQUIRED)
    if not 1 <= len(name.strip()) <= 80:
        faults.add(Field.STEP_NAME, fields_texts.from_to(1, 80))
    if not (required.isascii() and required.isdecimal() and 1 <= int(required[:9]) <= 1000):
        faults.add(Field.STEP_REQUIRED, "Write a whole number from 1 to 1000.")
    escalation = _escalation(fields, form["who"], faults)
    faults.raise_any()
    return StepForm(**form, place=place, step=_step(fields, form["who"], name, int(required), escalation))


def step_change(body: Any) -> StepForm:
    """The form for a step while it is filled in; a field that is missing or cannot be read has its default. Raises BadInput."""
    form, fields, metadata = form_parts(body, Callback.STEP_FORM)
    required = fields.text(Field.STEP_REQUIRED)
    number = int(required) if required.isascii() and required.isdecimal() and len(required) <= 4 else 1
    name = fields.typed(Field.STEP_NAME)[:80] if fields.text(Field.STEP_NAME) else "unnamed"
    escalation = _escalation(fields, form["who"], FieldFaults(fields))
    step = _step(fields, form["who"], name, min(max(number, 1), 1000), escalation)
    return StepForm(**form, place=parsed(StepPlace.parse, metadata, bad_input.NOT_OUR_FORM), step=step)


def _step(fields: Fields, who: Who, name: str, required: int, escalation: Escalation | None) -> Step:
    channels = fields.conversations(Field.STEP_CHANNEL)
    try:
        return Step(
            name=name,
            required=required,
            approvers=_approvers(fields, Field.STEP_PEOPLE, Field.STEP_TEAMS, who),
            notify=Notify(
                direct=bool(fields.choices(Field.STEP_DIRECT)),
                channel=channels[0] if channels else None,
                silent=_approvers(fields, Field.STEP_SILENT_PEOPLE, Field.STEP_SILENT_TEAMS, who),
            ),
            escalation=escalation,
        )
    except ValidationError:
        raise BadInput(what=bad_input.IMPOSSIBLE_STEP) from None


def _escalation(fields: Fields, who: Who, faults: FieldFaults) -> Escalation | None:
    after = read_span(fields, Field.STEP_ESCALATION, Field.STEP_ESCALATION_UNIT, faults)
    others = _approvers(fields, Field.STEP_ESCALATION_PEOPLE, Field.STEP_ESCALATION_TEAMS, who)
    if after.unit == NEVER:
        if others:
            faults.add(
                Field.STEP_ESCALATION_UNIT, "Choose when to escalate, or remove the people, groups and roles below."
            )
        return None
    if not others:
        faults.add(Field.STEP_ESCALATION_PEOPLE, "Choose who to escalate to.")
    return Escalation(after=after.length, approvers=others) if after.length is not None and others else None


def _approvers(fields: Fields, people: Field, teams: Field, who: Who) -> Approvers:
    chosen = [choice.partition(":") for choice in fields.choices(teams)]
    if any(kind not in {"group", "role"} for kind, _, _ in chosen):
        raise BadInput(what="there is no such group or role")
    return Approvers(
        users=tuple(person_id(who.workspace, user) for user in fields.users(people)),
        groups=tuple(GroupId(key) for kind, _, key in chosen if kind == "group"),
        roles=tuple(RoleId(key) for kind, _, key in chosen if kind == "role"),
    )
