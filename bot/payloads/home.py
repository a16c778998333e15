"""The forms of the Home."""

from datetime import date
from typing import Any

from bot.blocks.home_forms import ANY
from bot.blocks.places import HomePlace
from bot.filters import Filter
from bot.ids import Callback, Field
from bot.payloads.clicks import view_of
from bot.payloads.faults import BadInput, FormFaults
from bot.payloads.fields import Fields
from bot.payloads.forms import Form
from bot.payloads.raw import RawInteraction, parsed, read
from bot.payloads.who import who_of
from bot.texts import home as texts
from bot.texts.bad_input import ANOTHER_FORM, FORM_WITHOUT_DAY, NOT_OUR_FORM
from domain.operations import Operation
from domain.people import person_id
from domain.status import RequestStatus


class FilterForm(Form):
    """What the lists of the Home are to be narrowed by."""

    place: HomePlace
    """Each list from its newest on."""


def filter_form(body: Any) -> FilterForm:
    """The filter of the Home. Raises BadInput, and FormFaults where the days are in the wrong order."""
    raw = read(RawInteraction, body)
    view = view_of(raw)
    if raw.view is None or view is None or view.callback != Callback.FILTER:
        raise BadInput(what=ANOTHER_FORM)
    who, fields = who_of(raw), Fields(raw.view)
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
    return FilterForm(who=who, view=view, trigger_id=raw.trigger_id, place=place)


def _day(fields: Fields, field: Field) -> date | None:
    chosen = fields.day(field)
    return parsed(date.fromisoformat, chosen, FORM_WITHOUT_DAY) if chosen else None
