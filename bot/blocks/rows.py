"""One request as an entry of a list: in the Home and in answers to `/approval list`."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block, SectionBlock

from bot.blocks.buttons import decision_buttons, details_button
from bot.blocks.layout import actions, mrkdwn, section
from bot.blocks.steps import closing_line, step_name
from bot.blocks.text import count, inline, mention, sentence_case, when
from bot.texts.words import REQUEST, deed_on, short_name
from domain.material import notes
from domain.ports import Page
from domain.requests import Request
from domain.status import WorkItemStatus

PAGE = 10
"""How many requests stand on a page of a list."""


def fitted(page: Page, most: int = PAGE) -> Page:
    """*page*, or its beginning where it is longer than a list can show."""
    if len(page.requests) <= most:
        return page
    return Page(requests=page.requests[:most], next=page.requests[most - 1].id)


def waiting_row(request: Request, at: datetime, block_id: str) -> list[Block]:
    """Something that its reader can decide, with the buttons to do it."""
    item = request.current
    if item is None or item.status is not WorkItemStatus.PENDING:
        return row(request)
    approved, required = request.approvals(item.position, item.step), item.current_step.required
    looks = len(notes(request.material, at, request.noted))
    lines = [
        f"{_title(request)}, requested by {mention(request.requester)}",
        f"{sentence_case(step_name(item, item.step))}: {approved} of {required} approved. "
        + (f"Expires {when(item.deadline)}." if item.deadline is not None else "Does not expire."),
        *([f"{count(looks, 'note')} worth a second look, in Details."] if looks else []),
    ]
    return [section("\n".join(lines)), *actions(block_id, decision_buttons(request, item, item.step))]


def row(request: Request, *, requester: bool = False) -> list[Block]:
    """A request and how it stands, with the button to look at it."""
    by = f", requested by {mention(request.requester)}" if requester else ""
    text = f"{_title(request)}{by}\n{_standing(request)}"
    return [SectionBlock(text=mrkdwn(text), accessory=details_button(request))]


def line_of(requests: Sequence[Request]) -> str:
    """The numbers of *requests* for the one-line text: `REQ-12, REQ-11`."""
    return ", ".join(request.name for request in requests)


def _title(request: Request) -> str:
    return f"*{request.name}* {deed_on(request.operation, inline(short_name(request.material), 120, shown=True))}"


def _standing(request: Request) -> str:
    if request.status.is_closed:
        return closing_line(request)
    item = request.current
    if item is None or item.status is WorkItemStatus.BLOCKED:
        return "Blocked: its approval profile has a step without approvers."
    approved, required = request.approvals(item.position, item.step), item.current_step.required
    until = f", expires {when(item.deadline)}" if item.deadline is not None else ""
    return f"{REQUEST[request.status].text}: {step_name(item, item.step)}, {approved} of {required} approved{until}."
