"""The modals for approval profiles: what was pressed, searched for, filled in and sent."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from bot.slack.kit.admin_places import FormPlace, StepPlace, VersionPlace, key, place_in_list
from bot.slack.kit.blocks.inputs import EXACTLY, NEVER, UNITS, USUAL
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.payloads.admin_forms import ListClick, SearchForm, list_click, search_form
from bot.slack.kit.payloads.clicks import Click, ViewRef, carried
from bot.slack.kit.payloads.faults import BadInput, FormFaults
from bot.slack.kit.payloads.fields import Fields
from bot.slack.kit.payloads.forms import Form, form_parts
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.payloads.who import Who
from bot.slack.kit.texts import bad_input
from bot.slack.kit.texts import fields as fields_texts
from domain.approvals.profiles import (
    LONGEST_EXPIRY,
    Approvers,
    CommentRule,
    Description,
    Escalation,
    Name,
    Notify,
    ProfileId,
    Step,
    usual_reminder,
)
from domain.configuration.durations import parse_duration
from domain.people.people import GroupId, PersonId, RoleId, person_id

_NAME: Final = TypeAdapter[str](Name)
_DESCRIPTION: Final = TypeAdapter[str](Description)


class ProfileClick(Click):
    profile: ProfileId


class VersionClick(Click):
    place: VersionPlace


class FormClick(Click):
    """A button in the form for a profile."""

    form: FormPlace
    step: int
    """The place of the step that it is about."""


class StepChange(Form):
    """The form for a step while it is filled in, as far as it can be read."""

    place: StepPlace
    step: Step


class StepForm(Form):
    place: StepPlace
    step: Step


class ExpiryChange(Form):
    """The form for a profile while its expiry is filled in."""

    place: FormPlace
    expires_after: timedelta | None


class ProfileForm(Form):
    place: FormPlace
    terms: Mapping[str, Any]
    """The parts of a `Definition` beside its steps."""


def profile_click(body: Any) -> ProfileClick:
    """A button that carries the key of a profile. Raises BadInput."""
    action, facts = carried(body)
    return ProfileClick(**facts, profile=ProfileId(parsed(key, action, bad_input.NO_PROFILE)))


def profiles_click(body: Any) -> ListClick:
    """A button that leads to a page of the list. Raises BadInput."""
    return list_click(body, {Action.PROFILES_PREVIOUS, Action.PROFILES_NEXT})


def version_click(body: Any) -> VersionClick:
    """A button that carries a key and a number. Raises BadInput."""
    action, facts = carried(body)
    return VersionClick(**facts, place=parsed(VersionPlace.parse, action, bad_input.NO_VERSION))


def form_click(body: Any) -> FormClick:
    """A button in the form for a profile. Raises BadInput."""
    action, facts = carried(body)
    view: ViewRef | None = facts["view"]
    if view is None or view.callback != Callback.PROFILE_FORM:
        raise BadInput(what=bad_input.NOT_THE_PROFILE_FORM)
    return FormClick(
        **facts,
        form=parsed(FormPlace.parse, view.metadata, bad_input.NOT_OUR_FORM),
        step=parsed(place_in_list, action, bad_input.NO_STEP),
    )


def profiles_form(body: Any) -> SearchForm:
    """What is searched for in the list. Raises BadInput."""
    return search_form(body, Callback.PROFILES, Field.PROFILE_SEARCH)


def profile_form(body: Any) -> ProfileForm:
    """The form for a profile, without its steps. Raises BadInput, FormFaults."""
    form, fields, metadata = form_parts(body, Callback.PROFILE_FORM)
    place = parsed(FormPlace.parse, metadata, bad_input.NOT_OUR_FORM)
    faults = _Faults(fields)
    expiry = _span(fields, Field.PROFILE_EXPIRY, Field.PROFILE_EXPIRY_UNIT, faults)
    reminder = _span(fields, Field.PROFILE_REMINDER, Field.PROFILE_REMINDER_UNIT, faults)
    validity = _span(fields, Field.PROFILE_VALIDITY, Field.PROFILE_VALIDITY_UNIT, faults)
    rule = fields.choice(Field.PROFILE_COMMENT)
    name = _by(_NAME, fields.typed(Field.PROFILE_NAME))
    description = _by(_DESCRIPTION, fields.typed(Field.PROFILE_DESCRIPTION))
    facts = {
        "name": name,
        "description": description,
        "expires_after": expiry.length,
        "remind_every": usual_reminder(expiry.length) if reminder.unit == USUAL else reminder.length,
        "valid_for": validity.length,
        "requester_may_approve": bool(fields.choices(Field.PROFILE_REQUESTER)),
        "comment_required": parsed(CommentRule, rule, bad_input.UNKNOWN_COMMENT_RULE) if rule else CommentRule.REJECT,
    }  # fmt: skip
    if name is None:
        faults.add(Field.PROFILE_NAME, fields_texts.from_to(3, 80))
    if description is None:
        faults.add(Field.PROFILE_DESCRIPTION, fields_texts.at_most(500))
    faults.tell()
    return ProfileForm(**form, place=place, terms=facts)


def expiry_change(body: Any) -> ExpiryChange:
    """Another expiry in the form for a profile, never where it cannot be read. Raises BadInput."""
    form, fields, metadata = form_parts(body, Callback.PROFILE_FORM)
    place = parsed(FormPlace.parse, metadata, bad_input.NOT_OUR_FORM)
    expiry = _span(fields, Field.PROFILE_EXPIRY, Field.PROFILE_EXPIRY_UNIT, _Faults(fields))
    return ExpiryChange(**form, place=place, expires_after=expiry.length)


def step_form(body: Any) -> StepForm:
    """The form for a step. Raises BadInput, FormFaults."""
    form, fields, metadata = form_parts(body, Callback.STEP_FORM)
    place = parsed(StepPlace.parse, metadata, bad_input.NOT_OUR_FORM)
    faults = _Faults(fields)
    name, required = fields.typed(Field.STEP_NAME), fields.text(Field.STEP_REQUIRED)
    if not 1 <= len(name.strip()) <= 80:
        faults.add(Field.STEP_NAME, fields_texts.from_to(1, 80))
    if not (required.isascii() and required.isdecimal() and 1 <= int(required[:9]) <= 1000):
        faults.add(Field.STEP_REQUIRED, fields_texts.whole_number(1, 1000))
    escalation = _escalation(fields, form["who"], faults)
    faults.tell()
    try:
        step = Step(
            name=name,
            required=int(required),
            approvers=_approvers(fields, Field.STEP_PEOPLE, Field.STEP_TEAMS, form["who"]),
            notify=_notify(fields, form["who"]),
            escalation=escalation,
        )
    except ValidationError:
        raise BadInput(what=bad_input.IMPOSSIBLE_STEP) from None
    return StepForm(**form, place=place, step=step)


def step_change(body: Any) -> StepChange:
    """The form for a step while it is filled in: what is missing is taken for what it is at first. Raises BadInput."""
    form, fields, metadata = form_parts(body, Callback.STEP_FORM)
    required = fields.text(Field.STEP_REQUIRED)
    number = int(required) if required.isascii() and required.isdecimal() and len(required) <= 4 else 1
    try:
        step = Step(
            name=fields.typed(Field.STEP_NAME)[:80] if fields.text(Field.STEP_NAME) else "this one",
            required=min(max(number, 1), 1000),
            approvers=_approvers(fields, Field.STEP_PEOPLE, Field.STEP_TEAMS, form["who"]),
            notify=_notify(fields, form["who"]),
            escalation=_escalation(fields, form["who"], _Faults(fields)),
        )
    except ValidationError:
        raise BadInput(what=bad_input.IMPOSSIBLE_STEP) from None
    return StepChange(**form, place=parsed(StepPlace.parse, metadata, bad_input.NOT_OUR_FORM), step=step)


def _by(rule: TypeAdapter[str], text: str) -> str | None:
    """*text* as *rule* has it, or None where it cannot be that."""
    try:
        return rule.validate_python(text)
    except ValidationError:
        return None


class _Faults:
    """What is to be said beside fields, all of it at once."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._said: dict[str, str] = {}

    def add(self, field: Field, sentence: str) -> None:
        self._said.setdefault(self._fields.block(field) or field, sentence)

    def tell(self) -> None:
        if self._said:
            raise FormFaults(self._said)


class _Span(NamedTuple):
    length: timedelta | None
    unit: str


def _span(fields: Fields, number: Field, unit: Field, faults: _Faults) -> _Span:
    """A number and what it counts; nothing for never, and for what is usual."""
    chosen, written = fields.choice(unit) or NEVER, fields.text(number)
    if chosen in {NEVER, USUAL}:
        return _Span(None, chosen)
    if chosen.startswith(EXACTLY):
        length = parsed(parse_duration, chosen.removeprefix(EXACTLY), bad_input.UNKNOWN_SPAN)
        if not timedelta() < length <= LONGEST_EXPIRY:
            raise BadInput(what=bad_input.UNKNOWN_SPAN)
        return _Span(length, chosen)
    size = UNITS.get(chosen)
    if size is None:
        raise BadInput(what=bad_input.UNKNOWN_UNIT)
    if not (written.isascii() and written.isdecimal() and len(written) <= 9 and int(written) > 0):
        faults.add(number, "Write a whole number, or choose in the field below that it never happens.")
        return _Span(None, chosen)
    if int(written) > LONGEST_EXPIRY // size:
        faults.add(number, "Write at most ten years.")
        return _Span(None, chosen)
    return _Span(int(written) * size, chosen)


def _notify(fields: Fields, who: Who) -> Notify:
    channels = fields.conversations(Field.STEP_CHANNEL)
    return Notify(
        direct=bool(fields.choices(Field.STEP_DIRECT)),
        channel=channels[0] if channels else None,
        silent=_approvers(fields, Field.STEP_SILENT_PEOPLE, Field.STEP_SILENT_TEAMS, who),
    )


def _escalation(fields: Fields, who: Who, faults: _Faults) -> Escalation | None:
    after = _span(fields, Field.STEP_ESCALATION, Field.STEP_ESCALATION_UNIT, faults)
    others = _approvers(fields, Field.STEP_ESCALATION_PEOPLE, Field.STEP_ESCALATION_TEAMS, who)
    if after.unit == NEVER:
        if others:
            faults.add(Field.STEP_ESCALATION_UNIT, "Choose after how long they are asked, or take them out below.")
        return None
    if not others:
        faults.add(Field.STEP_ESCALATION_PEOPLE, "Choose who is asked then.")
    return Escalation(after=after.length, approvers=others) if after.length is not None and others else None


def _approvers(fields: Fields, people: Field, teams: Field, who: Who) -> Approvers:
    chosen = [choice.partition(":") for choice in fields.choices(teams)]
    if any(kind not in {"group", "role"} for kind, _, _ in chosen):
        raise BadInput(what=bad_input.UNKNOWN_TEAM)
    return Approvers(
        users=tuple(_person(who, user) for user in fields.users(people)),
        groups=tuple(GroupId(name) for kind, _, name in chosen if kind == "group"),
        roles=tuple(RoleId(name) for kind, _, name in chosen if kind == "role"),
    )


def _person(who: Who, user: str) -> PersonId:
    return person_id(who.workspace, user)
