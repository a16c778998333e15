"""Naming a delegate: the form, and the button that revokes."""

import re
from datetime import date
from typing import Any

from bot.slack.kit.ids import Callback, Field
from bot.slack.kit.payloads.clicks import Click, carried
from bot.slack.kit.payloads.faults import FormFaults
from bot.slack.kit.payloads.forms import Form, form_parts
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.payloads.who import Who
from bot.slack.kit.texts import bad_input
from domain.approvals.delegation import Day, Days
from domain.people.people import PersonId, person_id


class DelegationForm(Form):
    delegate: PersonId
    days: Days
    delegator: PersonId | None
    """Who is away, where that is somebody else."""
    reason: str


class DelegationClick(Click):
    """Revoke."""

    number: int


def delegation_form(body: Any) -> DelegationForm:
    """The form to name a delegate. Raises BadInput, and FormFaults where somebody or the last day is missing."""
    form, fields, _ = form_parts(body, Callback.DELEGATION)
    who: Who = form["who"]
    delegate, last, first = (
        fields.user(Field.DELEGATE),
        fields.day(Field.DELEGATE_UNTIL),
        fields.day(Field.DELEGATE_FROM),
    )
    missing = {
        field.value: sentence
        for field, given, sentence in (
            (Field.DELEGATE, delegate, "Choose who stands in."),
            (Field.DELEGATE_UNTIL, last, "Choose the last day."),
        )
        if not given
    }
    if missing:
        raise FormFaults(missing)
    absent = fields.user(Field.DELEGATE_FOR)
    return DelegationForm(
        **form,
        delegate=person_id(who.workspace, delegate),
        days=Days(last=_chosen(last), first=_chosen(first) if first else None),
        delegator=person_id(who.workspace, absent) if absent else None,
        reason=fields.text(Field.REASON),
    )


def delegation_click(body: Any) -> DelegationClick:
    """A button that carries the number of a delegation. Raises BadInput."""
    value, facts = carried(body)
    return DelegationClick(**facts, number=parsed(_number, value, bad_input.NOT_OUR_BUTTON))


def _number(text: str) -> int:
    if re.fullmatch(r"[1-9][0-9]{0,17}", text) is None:
        raise ValueError("not the number of a delegation")
    return int(text)


def _chosen(text: str) -> Day:
    return Day(on=parsed(date.fromisoformat, text, bad_input.FORM_WITHOUT_DAY))
