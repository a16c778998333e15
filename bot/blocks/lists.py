"""Answers that only the person who asked sees: to `/approval …`, and to a click that could not count."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement

from bot.blocks.buttons import details_button
from bot.blocks.labels import Labels
from bot.blocks.layout import SECTION, actions, button, context, divider, fields, header, packed, said, section
from bot.blocks.message import Message
from bot.blocks.rows import fitted, line_of, row, waiting_row
from bot.blocks.steps import closing_blocks, next_line, progress_lines
from bot.blocks.text import code, inline, line, mention, when
from bot.ids import COMMAND, Action
from bot.texts.commands import FOR_ADMINISTRATORS, FOR_READERS, LIST_FILTERS, USAGES, usage
from bot.texts.words import REQUEST, deed, deed_on, short_name
from domain.decisions import Verdict
from domain.errors import Refusal
from domain.material import BadMaterial
from domain.ports import Page
from domain.requests import Request
from domain.status import RequestStatus, WorkItemStatus

MOST: Final = 10
_TEACH: Final = (
    f"`{COMMAND} list` shows your own requests, `{COMMAND} submit` makes one, `{COMMAND} help` says what else there is."
)
_SORRY: Final = (
    "Something went wrong here, and it is not your fault. It may not have been recorded: "
    "look at the request before you try again."
)


def waiting(page: Page, at: datetime, *, older: str = "", newest: str = "") -> Message:
    """What waits on the reader, with the buttons to decide. *older* and *newest* are the lists to turn to, as one would type them."""
    page = fitted(page, MOST)
    blocks: list[Block] = [header("Waiting on you")]
    if not page.requests:
        blocks.append(section("Nothing waits on you."))
        if not newest:
            blocks.append(context(_TEACH))
    for one in page.requests:
        blocks.extend(waiting_row(one, at, f"waiting:{one.id}"))
    blocks.extend(_turn(older, newest))
    return Message(f"Waiting on you: {line_of(page.requests) or 'nothing'}", tuple(blocks))


def requests(title: str, page: Page, *, requester: bool = False, older: str = "", newest: str = "") -> Message:
    """A page of requests under *title*; *requester* says whose each one is. Lists to turn to as in `waiting`."""
    page = fitted(page, MOST)
    blocks: list[Block] = [header(title)]
    if not page.requests:
        blocks.append(section("There is nothing that matches."))
        blocks.append(context(LIST_FILTERS))
    for one in page.requests:
        blocks.extend(row(one, requester=requester))
    blocks.extend(_turn(older, newest))
    return Message(f"{line(title)}: {line_of(page.requests) or 'none'}", tuple(blocks))


def _turn(older: str, newest: str) -> list[Block]:
    buttons: list[ButtonElement] = []
    if newest:
        buttons.append(button("Newest", Action.LIST_NEWEST, newest, "Newest of this list"))
    if older:
        buttons.append(button("Older", Action.LIST_OLDER, older, "Older of this list"))
    return actions("page:list", buttons)


def show(request: Request, labels: Labels, at: datetime) -> Message:
    """One request in short, with the button to all of it: for where no modal can be opened."""
    name = inline(short_name(request.material), 150, shown=True)
    sentence = next_line(request, labels, at)
    blocks: list[Block] = [
        header(f"{request.name}: {deed(request.operation)}"),
        fields(
            [
                ("Subject", name),
                ("Status", str(REQUEST[request.status])),
                ("Requester", mention(request.requester)),
                ("Created", when(request.created_at)),
            ]
        ),
        *packed(progress_lines(request, labels)),
        *closing_blocks(request),
        *([section(sentence)] if sentence else []),
        *actions(f"request:{request.id}", [details_button(request)]),
    ]
    what = deed_on(request.operation, line(short_name(request.material), 100))
    return Message(f"{request.name}: {what}, {request.status.label}", tuple(blocks))


def commands(*, is_administrator: bool = False, reads_all: bool = False) -> Message:
    """Everything that its reader can type, and where the buttons are."""
    offered = {
        one: does
        for one, (_, does) in USAGES.items()
        if (one not in FOR_ADMINISTRATORS or is_administrator) and (one not in FOR_READERS or reads_all)
    }
    lines = [f"{code(usage(one), 100)}  {does}" for one, does in offered.items()]
    blocks: list[Block] = [
        header("What you can type"),
        *packed([f"{code(COMMAND)}  What waits on you.", *lines]),
        context(LIST_FILTERS),
        divider(),
        section("The same is behind buttons: in the messages you get, and in my *Home* tab."),
        *actions(
            "help",
            [
                button("New request", Action.NEW_REQUEST, "new", "New request for a certificate operation"),
                button("What waits on me", Action.SHOW_WAITING, "waiting", "Show what waits on me"),
            ],
        ),
    ]
    names = ", ".join(one.value for one in offered)
    return Message(f"You can type {COMMAND} followed by {names}", tuple(blocks))


def refusal(refused: Refusal | BadMaterial) -> Message:
    """Why something cannot be done, in the refusal's own words."""
    return Message(line(str(refused), 500), (said(str(refused), SECTION),))


def apology(reference: str) -> Message:
    """Something went wrong that is no fault of the reader; *reference* is in the log beside it."""
    return Message(
        f"{_SORRY} Reference: {line(reference, 60)}",
        (section(_SORRY), context(f"If it happens again, tell an administrator this reference: {code(reference, 60)}")),
    )


def nearest(word: str, near: Sequence[str]) -> Message:
    """A subcommand that there is not, with those it looks like."""
    shown = " or ".join(f"{COMMAND} {one}" for one in near)
    hint = f"Did you mean {shown}?" if near else f"{COMMAND} help lists what there is."
    text = f"There is no {COMMAND} {word}. {hint}"
    return Message(line(text, 300), (said(text),))


def recorded(request: Request, verdict: Verdict) -> Message:
    """That a decision counts, and what it led to."""
    text = f"Recorded: you {verdict.past} {request.name}. {_led_to(request)}"
    return Message(text, (section(text),))


def _led_to(request: Request) -> str:
    if request.status is not RequestStatus.WAITING:
        return f"The request is {request.status.label}."
    item = request.current
    if item is None or item.status is WorkItemStatus.BLOCKED:
        return "Its next gate is blocked: the approval profile there has a step without approvers."
    approved = request.approvals(item.position, item.step)
    step = f"step {item.step + 1} of {len(item.profile.steps)}, {inline(item.current_step.name, 80)}"
    return f"It is at {step}: {approved} of {item.current_step.required} approved."


def submitted(request: Request) -> Message:
    """That a request was made, and where to follow it."""
    plain, shown = line(short_name(request.material), 100), inline(short_name(request.material), 100, shown=True)
    return Message(
        _submitted(request, plain),
        (section(_submitted(request, shown)), *actions(f"request:{request.id}", [details_button(request)])),
    )


def _submitted(request: Request, name: str) -> str:
    what = deed_on(request.operation, name)
    if request.status is RequestStatus.APPROVED:
        return f"{request.name}, {what}, was approved at once: nothing gates this operation here."
    return f"{request.name}, {what}, was submitted. I keep you up to date in our direct messages."


def done(text: str) -> Message:
    """That something of ours was done; *text* holds nothing that somebody typed."""
    return Message(text, (section(text),))
