"""The forms of the Home."""

from datetime import date
from typing import Any

from bot.slack.kit.ids import Callback, Field
from bot.slack.kit.list_filter import Filter
from bot.slack.kit.payloads.clicks import view_of
from bot.slack.kit.payloads.faults import BadInput, FormFaults
from bot.slack.kit.payloads.fields import Fields
from bot.slack.kit.payloads.forms import Form
from bot.slack.kit.payloads.raw import RawInteraction, RawView, parsed, read
from bot.slack.kit.payloads.who import Who, who_of
from bot.slack.kit.places import HomePlace
from bot.slack.kit.texts import home as texts
from bot.slack.kit.texts.bad_input import ANOTHER_FORM, FORM_WITHOUT_DAY, NOT_OUR_FORM, UNKNOWN_OUTCOME
from bot.slack.kit.texts.fields import CHOOSE_OUTCOME
from bot.slack.pages.bulk_decisions.blocks import MOST
from bot.slack.pages.home.filter_form import ANY
from domain.approvals.decisions import Verdict
from domain.approvals.requests import StepRef
from domain.approvals.status import RequestStatus
from domain.common.operations import Operation
from domain.people.people import person_id


class FilterForm(Form):
    """What the lists of the Home are to be narrowed by."""

    place: HomePlace
    """Each list from its newest on."""


class SeveralForm(Form):
    """Several requests to decide on, each by the step that was shown."""

    steps: tuple[StepRef, ...]
    verdict: Verdict
    comment: str


def several_form(body: Any) -> SeveralForm:
    """What was ticked, and what is said of it. Raises BadInput, and FormFaults where nothing was ticked, or no outcome chosen."""
    raw, view = _form(body, Callback.SEVERAL)
    fields = Fields(raw)
    ticked = [parsed(StepRef.parse, one, NOT_OUR_FORM) for one in fields.ticked(Field.SEVERAL)]
    verdict = fields.choice(Field.VERDICT)
    if not ticked or not verdict:
        raise FormFaults({Field.VERDICT.value: CHOOSE_OUTCOME if ticked else texts.TICK_ONE})
    if len(ticked) > MOST:
        raise BadInput(what=NOT_OUR_FORM)
    return SeveralForm(
        **view,
        steps=tuple(dict.fromkeys(ticked)),
        verdict=parsed(Verdict, verdict, UNKNOWN_OUTCOME),
        comment=fields.text(Field.COMMENT),
    )


def filter_form(body: Any) -> FilterForm:
    """The filter of the Home. Raises BadInput, and FormFaults where the days are in the wrong order."""
    raw, view = _form(body, Callback.FILTER)
    who: Who = view["who"]
    fields = Fields(raw)
    first, last = _day(fields, Field.FILTER_FROM), _day(fields, Field.FILTER_TO)
    if first is not None and last is not None and last < first:
        raise FormFaults({Field.FILTER_TO.value: texts.ENDS_FIRST})
    operation = fields.choice(Field.FILTER_OPERATION)
    resource = fields.choice(Field.FILTER_RESOURCE)
    requesters = fields.users(Field.FILTER_REQUESTER)
    statuses = [parsed(RequestStatus, one, NOT_OUR_FORM) for one in fields.choices(Field.FILTER_STATUS)]
    chosen = Filter(
        statuses=frozenset(statuses) or None,
        operation=parsed(Operation, operation, NOT_OUR_FORM) if operation not in {"", ANY} else None,
        resource=resource if resource not in {"", f"{ANY}:"} else None,
        requester=person_id(who.workspace, requesters[0]) if requesters else None,
        created_from=first,
        created_to=last,
    )
    place = parsed(HomePlace.parse, str(HomePlace(filter=chosen)), NOT_OUR_FORM)
    return FilterForm(**view, place=place)


def _form(body: Any, callback: Callback) -> tuple[RawView, dict[str, Any]]:
    raw = read(RawInteraction, body)
    view = view_of(raw)
    if raw.view is None or view is None or view.callback != callback:
        raise BadInput(what=ANOTHER_FORM)
    return raw.view, {"who": who_of(raw), "view": view, "trigger_id": raw.trigger_id}


def _day(fields: Fields, field: Field) -> date | None:
    chosen = fields.day(field)
    return parsed(date.fromisoformat, chosen, FORM_WITHOUT_DAY) if chosen else None
