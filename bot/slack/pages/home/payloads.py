"""The forms of the Home."""

from datetime import date
from typing import Any

from bot.slack.kit.ids import Callback, Field
from bot.slack.kit.list_filter import Filter
from bot.slack.kit.payloads.clicks import Click, carried
from bot.slack.kit.payloads.faults import FormFaults
from bot.slack.kit.payloads.fields import Fields
from bot.slack.kit.payloads.forms import Form, form_parts
from bot.slack.kit.payloads.raw import RawHomeOpened, parsed, read
from bot.slack.kit.payloads.who import Who, member
from bot.slack.kit.places import HomePlace
from bot.slack.kit.texts import bad_input
from bot.slack.kit.texts.bad_input import FORM_WITHOUT_DAY, NOT_OUR_FORM
from bot.slack.pages.home.filter_form import ANY
from domain.approvals.status import RequestStatus
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.people.people import person_id


class FilterForm(Form):
    """What the lists of the Home are to be narrowed by."""

    place: HomePlace
    """Each list from its newest on."""


def filter_form(body: Any) -> FilterForm:
    """The filter of the Home. Raises BadInput, and FormFaults where the days are in the wrong order."""
    form, fields, _ = form_parts(body, Callback.FILTER)
    who: Who = form["who"]
    first, last = _day(fields, Field.FILTER_FROM), _day(fields, Field.FILTER_TO)
    if first is not None and last is not None and last < first:
        raise FormFaults({Field.FILTER_TO.value: "This day is before the first one."})
    operation = fields.choice(Field.FILTER_OPERATION)
    resource = fields.choice(Field.FILTER_RESOURCE)
    requesters = fields.users(Field.FILTER_REQUESTER)
    statuses = [parsed(RequestStatus, choice, NOT_OUR_FORM) for choice in fields.choices(Field.FILTER_STATUS)]
    chosen = Filter(
        statuses=frozenset(statuses) or None,
        operation=parsed(Operation, operation, NOT_OUR_FORM) if operation not in {"", ANY} else None,
        resource=resource if resource not in {"", f"{ANY}:"} else None,
        requester=person_id(who.workspace, requesters[0]) if requesters else None,
        created_from=first,
        created_to=last,
    )
    place = parsed(HomePlace.parse, str(HomePlace(filter=chosen)), NOT_OUR_FORM)
    return FilterForm(**form, place=place)


def _day(fields: Fields, field: Field) -> date | None:
    chosen = fields.day(field)
    return parsed(date.fromisoformat, chosen, FORM_WITHOUT_DAY) if chosen else None


class HomeOpened(Frozen):
    """Somebody looks at the Home tab, or at the messages tab."""

    who: Who
    is_home: bool
    place: HomePlace


def home_opened(body: Any) -> HomeOpened:
    """The event `app_home_opened`. Raises BadInput."""
    raw = read(RawHomeOpened, body)
    place = HomePlace()
    if raw.event.view is not None and raw.event.view.callback_id == Callback.HOME:
        place = parsed(HomePlace.parse, raw.event.view.private_metadata, bad_input.NOT_OUR_HOME)
    return HomeOpened(who=member(raw.team_id, raw.event.user), is_home=raw.event.tab == "home", place=place)


class HomePageClick(Click):
    place: HomePlace


def home_page_click(body: Any) -> HomePageClick:
    """A button that turns a page of the Home. Raises BadInput."""
    value, facts = carried(body)
    return HomePageClick(**facts, place=parsed(HomePlace.parse, value, bad_input.NOT_OUR_BUTTON))
