"""The page about what is wrong: which page of it, and which message is to be sent again."""

from typing import Any

from bot.slack.kit.ids import Callback
from bot.slack.kit.payloads.clicks import Click, ViewRef, carried
from bot.slack.kit.payloads.faults import BadInput
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.team_places import page
from bot.slack.kit.texts import bad_input
from bot.slack.pages.health.blocks import FILE
from domain.approvals.requests import RequestId


class HealthClick(Click):
    page: int


class TryAgainClick(Click):
    """Which message or file; neither for everything."""

    notice: int | None = None
    file_of: RequestId | None = None
    page: int
    """Where the reader is."""


def health_click(body: Any) -> HealthClick:
    """A button that leads to a page. Raises BadInput."""
    value, facts = carried(body)
    return HealthClick(**facts, page=parsed(page, value or "0", bad_input.NO_PAGE))


def try_again_click(body: Any) -> TryAgainClick:
    """A button that carries the number of a message, or of the request whose certificate it is about. Raises BadInput."""
    value, facts = carried(body)
    number = value.removeprefix(FILE)
    if not (number.isascii() and number.isdecimal() and len(number) <= 18):
        raise BadInput(what="the button names no message")
    which = {"notice": int(number)} if number == value else {"file_of": RequestId(int(number))}
    return TryAgainClick(**facts, **which, page=_page_of(facts["view"]))


def try_all_click(body: Any) -> TryAgainClick:
    """The button that means them all. Raises BadInput."""
    _, facts = carried(body)
    return TryAgainClick(**facts, page=_page_of(facts["view"]))


def _page_of(view: ViewRef | None) -> int:
    metadata = view.metadata if view is not None and view.callback == Callback.HEALTH else ""
    return parsed(page, metadata, bad_input.NO_PAGE)
