"""The buttons that turn the pages of a list, and the line that says where its reader is."""

from collections.abc import Callable

from slack_sdk.models.blocks import InteractiveElement

from bot.slack.kit.blocks.layout import button
from bot.slack.kit.ids import Action
from domain.workflow.configuration.profile_pages import Slice


def turns(part: Slice, previous: Action, following: Action, place: Callable[[int], str]) -> list[InteractiveElement]:
    """The buttons beside a page; *place* writes what the button to a page carries."""
    found: list[InteractiveElement] = []
    if part.page > 0:
        found.append(button("Previous", previous, place(part.page - 1), "Previous page"))
    if part.page + 1 < part.pages:
        found.append(button("Next", following, place(part.page + 1), "Next page"))
    return found


def range_of(part: Slice, counted: Callable[[int], str]) -> str:
    """`34 approval profiles, page 2 of 5`; *counted* says how many of what."""
    return counted(part.total) + (f", page {part.page + 1} of {part.pages}" if part.pages > 1 else "")
