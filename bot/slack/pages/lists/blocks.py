"""Answers that only the person who asked sees: to `/approval …`, and to a click that could not count."""

from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, SectionBlock

from bot.slack.kit.blocks.layout import (
    actions,
    button,
    context,
    header,
    mrkdwn,
    section,
)
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.rows import fitted, line_of, row, waiting_row
from bot.slack.kit.blocks.text import line
from bot.slack.kit.ids import COMMAND, Action
from bot.slack.kit.texts import lists as texts
from bot.slack.kit.texts.commands import LIST_FILTERS
from domain.common.frozen import Frozen
from domain.people.people import PersonId
from domain.ports import Page

MOST: Final = 10


class Turns(Frozen):
    """Where the buttons under a list lead, each as one would type it; empty where there is none."""

    older: str = ""
    newest: str = ""
    everything: str = ""
    """The same list without its filter."""


NOWHERE: Final = Turns()


def waiting(page: Page, at: datetime, *, narrowed: str = "", turns: Turns = NOWHERE) -> Message:
    """What waits on the reader, with the buttons to decide. *narrowed* is the line that says by what, if it is."""
    page = fitted(page, MOST)
    blocks: list[Block] = [header(texts.WAITING), *_narrowed(narrowed, turns)]
    if not page.requests:
        blocks.append(section(texts.NOTHING_MATCHES if narrowed else "Nothing waits on you."))
        if not turns.newest:
            blocks.append(
                context(
                    LIST_FILTERS
                    if narrowed
                    else (
                        f"`{COMMAND} list` shows your own requests, `{COMMAND} submit` makes one, `{COMMAND} help` says "
                        "what else there is."
                    )
                )
            )
    for request in page.requests:
        blocks.extend(waiting_row(request, at, f"waiting:{request.id}"))
    blocks.extend(_turn(turns))
    return Message(line_of(texts.WAITING, page.requests), tuple(blocks))


def requests(
    title: str,
    page: Page,
    *,
    requester: bool = False,
    reader: PersonId | None = None,
    narrowed: str = "",
    turns: Turns = NOWHERE,
) -> Message:
    """A page of requests under *title*; *requester* says whose each one is, *reader* what they decided. The rest as in `waiting`."""
    page = fitted(page, MOST)
    blocks: list[Block] = [header(title), *_narrowed(narrowed, turns)]
    if not page.requests:
        blocks.append(section(texts.NOTHING_MATCHES))
        blocks.append(context(LIST_FILTERS))
    for request in page.requests:
        blocks.extend(row(request, requester=requester, reader=reader))
    blocks.extend(_turn(turns))
    return Message(line_of(line(title), page.requests), tuple(blocks))


def _narrowed(words: str, turns: Turns) -> list[Block]:
    if not words:
        return []
    clear = button(texts.CLEAR_FILTER, Action.LIST_CLEAR, turns.everything, texts.CLEAR_FILTER_LABEL)
    return [SectionBlock(text=mrkdwn(words), accessory=clear if turns.everything else None)]


def _turn(turns: Turns) -> list[Block]:
    buttons: list[ButtonElement] = []
    if turns.newest:
        buttons.append(button("Newest", Action.LIST_NEWEST, turns.newest, "Newest of this list"))
    if turns.older:
        buttons.append(button("Older", Action.LIST_OLDER, turns.older, "Older of this list"))
    return actions("page:list", buttons)
