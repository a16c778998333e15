"""Payloads of this page."""

from typing import Any

from bot.slack.kit.payloads.clicks import Click, carried
from bot.slack.kit.payloads.who import Who
from bot.slack.pages.lists.query import List, parse_list


class ListPageClick(Click):
    list: List


def list_page_click(body: Any) -> ListPageClick:
    """A button under a list, which carries the list it leads to as one would type it. Raises BadInput, Misused."""
    value, facts = carried(body)
    who: Who = facts["who"]
    return ListPageClick(**facts, list=parse_list(value, who.workspace))
