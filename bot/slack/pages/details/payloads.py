"""Payloads of this page."""

from typing import Any

from bot.slack.kit.payloads.clicks import Click, carried
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.places import DetailsPlace
from bot.slack.kit.texts import bad_input


class DetailsPageClick(Click):
    place: DetailsPlace


def details_page_click(body: Any) -> DetailsPageClick:
    """A button that turns a page of the details. Raises BadInput."""
    value, facts = carried(body)
    return DetailsPageClick(**facts, place=parsed(DetailsPlace.parse, value, bad_input.NOT_OUR_BUTTON))
