"""The buttons that turn the pages of a list, and the line that says where its reader is."""

from collections.abc import Callable

from slack_sdk.models.blocks import InteractiveElement

from bot.blocks.layout import button
from bot.blocks.text import count
from bot.ids import Action
from domain.workflow.profile_pages import Slice


def turns(part: Slice, previous: Action, following: Action, place: Callable[[int], str]) -> list[InteractiveElement]:
    """The buttons beside a page; *place* writes what the button to a page carries."""
    found: list[InteractiveElement] = []
    if part.page > 0:
        found.append(button("Previous", previous, place(part.page - 1), "Previous page"))
    if part.page + 1 < part.pages:
        found.append(button("Next", following, place(part.page + 1), "Next page"))
    return found


def range_of(part: Slice, one: str, many: str = "") -> str:
    """`34 approval profiles, page 2 of 5`."""
    page = f", page {part.page + 1} of {part.pages}" if part.pages > 1 else ""
    return f"{count(part.total, one, many)}{page}"
