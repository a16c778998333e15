"""Naming a delegate: the form, and the button that revokes."""

import re
from datetime import date
from typing import Any

from bot.slack.kit.ids import Callback, Field
from bot.slack.kit.payloads.clicks import Click, carried, view_of
from bot.slack.kit.payloads.faults import BadInput, FormFaults
from bot.slack.kit.payloads.forms import Form
from bot.slack.kit.payloads.raw import RawEntry, RawInteraction, parsed, read
from bot.slack.kit.payloads.who import who_of
from bot.slack.kit.texts import bad_input
from bot.slack.kit.texts import fields as texts
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
    raw = read(RawInteraction, body)
    view = view_of(raw)
    if raw.view is None or view is None or view.callback != Callback.DELEGATION:
        raise BadInput(what=bad_input.ANOTHER_FORM)
    who = who_of(raw)
    values = raw.view.state.values if raw.view.state is not None else {}

    def entry(field: Field) -> RawEntry:
        return next(iter(values.get(field, {}).values()), RawEntry())

    delegate, last, first = (entry(one) for one in (Field.DELEGATE, Field.DELEGATE_UNTIL, Field.DELEGATE_FROM))
    missing = {
        field.value: sentence
        for field, given, sentence in (
            (Field.DELEGATE, delegate.selected_user, texts.CHOOSE_DELEGATE),
            (Field.DELEGATE_UNTIL, last.selected_date, texts.CHOOSE_LAST_DAY),
        )
        if not given
    }
    if missing or not delegate.selected_user or not last.selected_date:
        raise FormFaults(missing)
    absent = entry(Field.DELEGATE_FOR).selected_user
    return DelegationForm(
        who=who,
        view=view,
        trigger_id=raw.trigger_id,
        delegate=person_id(who.workspace, delegate.selected_user),
        days=Days(
            last=_chosen(last.selected_date), first=_chosen(first.selected_date) if first.selected_date else None
        ),
        delegator=person_id(who.workspace, absent) if absent else None,
        reason=(entry(Field.REASON).value or "").strip(),
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
