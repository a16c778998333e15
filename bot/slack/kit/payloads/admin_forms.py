"""What the modals for profiles and resources have in common: a list with pages and a search, and forms."""

from collections.abc import Collection
from typing import Any

from bot.slack.kit.admin_places import ListPlace
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.payloads.clicks import Click, carried, view_of
from bot.slack.kit.payloads.faults import BadInput
from bot.slack.kit.payloads.fields import Fields
from bot.slack.kit.payloads.forms import Form
from bot.slack.kit.payloads.raw import RawInteraction, parsed, read
from bot.slack.kit.payloads.who import who_of
from bot.slack.kit.texts import bad_input

_LONGEST_SEARCH = 80


class ListClick(Click):
    """A button that leads to a list, or to a page of it."""

    place: ListPlace


class SearchForm(Form):
    """A list, with what is searched for in it."""

    search: str


def list_click(body: Any, turning: Collection[Action]) -> ListClick:
    """A button that leads to a list: those that are *turning* its pages carry a place in it. Raises BadInput."""
    carries, facts = carried(body)
    place = carries if facts["action"] in turning else ""
    return ListClick(**facts, place=parsed(ListPlace.parse, place, bad_input.NO_PAGE))


def search_form(body: Any, callback: Callback, field: Field) -> SearchForm:
    """What is searched for: the list that was sent, or Enter in its *field*. Raises BadInput."""
    form, fields, _ = form_parts(body, callback)
    return SearchForm(**form, search=fields.text(field)[:_LONGEST_SEARCH])


def form_parts(body: Any, callback: Callback) -> tuple[dict[str, Any], Fields, str]:
    """The facts of a `Form`, its fields and its metadata. Raises BadInput where it is another form than *callback*."""
    raw = read(RawInteraction, body)
    view = view_of(raw)
    if raw.view is None or view is None or view.callback != callback:
        raise BadInput(what=bad_input.ANOTHER_FORM)
    return {"who": who_of(raw), "view": view, "trigger_id": raw.trigger_id}, Fields(raw.view), view.metadata
