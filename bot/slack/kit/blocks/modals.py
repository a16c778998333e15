"""The frames of modals: forms about a request, and what is shown when something changed."""

from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.slack.kit.blocks.layout import actions, button
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.text import cut
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.places import Origin
from bot.slack.kit.texts import buttons, common
from domain.approvals.requests import request_name

TITLE: Final = 24


def changed(word: Message, *, moved_on: int | None = None, again: Sequence[ButtonElement] = ()) -> View:
    """What is shown in place of a form that can no longer be sent, or on top of it: *word* says why.

    *moved_on* is the request that is not any more as it was, *again* are the buttons to look at what stands in the way.
    """
    blocks = list(word.blocks)
    if moved_on is not None:
        again = [as_it_is_now(moved_on), *again]
    blocks.extend(actions("again", again))
    title = f"Changed: {request_name(moved_on)}" if moved_on is not None else "This cannot be done"
    return View(type="modal", callback_id=Callback.CHANGED, title=_title(title), close=common.CLOSE, blocks=blocks)


def as_it_is_now(request: int) -> ButtonElement:
    """To the details of *request*, in the place of the modal that the button stands in."""
    return button(
        buttons.DETAILS, Action.RELOAD, str(request), f"Details of request {request_name(request)} as it is now"
    )


def _form(
    callback: Callback, title: str, submit: str, blocks: Sequence[Block], origin: Origin, *, close: str = common.CLOSE
) -> View:
    return View(
        type="modal",
        callback_id=callback,
        title=_title(title),
        submit=submit,
        close=close,
        blocks=blocks,
        private_metadata=str(origin),
    )


def _title(text: str) -> str:
    """*text*, at most 24 characters; a request's number is never cut."""
    if len(text) <= TITLE:
        return text
    first, _, last = text.rpartition(" ")
    return f"{first[: TITLE - len(last) - 2]}… {last}" if len(last) < TITLE - 6 else cut(last, TITLE)
