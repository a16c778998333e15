"""What the modals for profiles and resources have in common: a list with pages and a search, and forms."""

from collections.abc import Collection
from typing import Any

from bot.slack.kit.admin_places import ListPlace
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.payloads.clicks import Click, carried
from bot.slack.kit.payloads.forms import Form, form_parts
from bot.slack.kit.payloads.raw import parsed
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
    value, facts = carried(body)
    place = value if facts["action"] in turning else ""
    return ListClick(**facts, place=parsed(ListPlace.parse, place, bad_input.NO_PAGE))


def search_form(body: Any, callback: Callback, field: Field) -> SearchForm:
    """What is searched for: the list that was sent, or Enter in its *field*. Raises BadInput."""
    form, fields, _ = form_parts(body, callback)
    return SearchForm(**form, search=fields.text(field)[:_LONGEST_SEARCH])
