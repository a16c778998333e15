"""The buttons that turn the pages of a list, and the line that says where its reader is."""

from collections.abc import Callable

from slack_sdk.models.blocks import InteractiveElement

from bot.slack.kit.blocks.layout import button
from bot.slack.kit.ids import Action
from bot.slack.kit.texts import common
from domain.workflow.configuration.profile_pages import Slice


def turns(part: Slice, previous: Action, following: Action, place: Callable[[int], str]) -> list[InteractiveElement]:
    """The buttons beside a page; *place* writes what the button to a page carries."""
    found: list[InteractiveElement] = []
    if part.page > 0:
        found.append(button(common.PREVIOUS, previous, place(part.page - 1), common.PREVIOUS_LABEL))
    if part.page + 1 < part.pages:
        found.append(button(common.NEXT, following, place(part.page + 1), common.NEXT_LABEL))
    return found


def range_of(part: Slice, counted: Callable[[int], str]) -> str:
    """`34 approval profiles, page 2 of 5`; *counted* says how many of what."""
    return common.on_page(counted(part.total), part.page + 1, part.pages)
