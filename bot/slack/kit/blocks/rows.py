"""One request as an entry of a list, and what a list is narrowed by: in the Home and in answers to `/approval list`."""

from collections.abc import Sequence
from datetime import date, datetime

from slack_sdk.models.blocks import Block, SectionBlock

from bot.slack.kit.blocks.buttons import decision_buttons, details_button
from bot.slack.kit.blocks.layout import actions, mrkdwn, section
from bot.slack.kit.blocks.steps import closing_line, step_at
from bot.slack.kit.blocks.text import inline, mention, when
from bot.slack.kit.list_filter import Filter
from bot.slack.kit.texts import lists as texts
from bot.slack.kit.texts import terms
from bot.slack.kit.texts.grammar import capital, count
from bot.slack.kit.texts.words import REQUEST, deed, deed_on, short_name
from domain.approvals.requests import Request
from domain.approvals.status import RequestStatus, WorkItemStatus
from domain.people.people import PersonId
from domain.pki import notes
from domain.ports import Page

PAGE = 10
"""How many requests stand on a page of a list."""
_CLOSED = frozenset(status for status in RequestStatus if status.is_closed)


def fitted(page: Page, most: int = PAGE) -> Page:
    """*page*, or its beginning where it is longer than a list can show."""
    if len(page.requests) <= most:
        return page
    return Page(requests=page.requests[:most], next=page.requests[most - 1].id)


def waiting_row(request: Request, at: datetime, block_id: str) -> list[Block]:
    """Something that its reader can decide, with the buttons to do it; to approve with a comment is in the details."""
    item = request.current
    if item is None or item.status is not WorkItemStatus.PENDING:
        return row(request)
    return [
        section(decidable(request, at)),
        *actions(block_id, decision_buttons(request, item, item.step, few=True)),
    ]


def decidable(request: Request, at: datetime) -> str:
    """Something that its reader can decide: what, for whom, where it stands, and whether it deserves a second look; mrkdwn."""
    item = request.current
    if item is None:
        return f"{_title(request, requester=True)}\n{_standing(request)}"
    approved, required = request.approvals(item.position, item.step), item.current_step.required
    until = when(item.deadline) if item.deadline is not None else None
    looks = len(notes(request.material, at, request.noted))
    lines = [
        _title(request, requester=True),
        texts.at_step(capital(step_at(request, item.position, item.step)), approved, required, until),
        *([f"{count(looks, 'note')} worth a second look, in Details."] if looks else []),
    ]
    return "\n".join(lines)


def row(request: Request, *, requester: bool = False, reader: PersonId | None = None) -> list[Block]:
    """A request and how it stands, with the button to look at it; with what *reader* decided on it, if they did."""
    said = [_title(request, requester=requester), _standing(request), *(_decided(request, reader) if reader else [])]
    return [SectionBlock(text=mrkdwn("\n".join(said)), accessory=details_button(request))]


def line_of(title: str, requests: Sequence[Request]) -> str:
    """The numbers of *requests* for the one-line text: `Your requests: REQ-12, REQ-11`."""
    return f"{title}: {', '.join([request.name for request in requests]) or 'none'}"


def filter_line(filter: Filter, resource: str) -> str:
    """What a list is narrowed by, in words, as mrkdwn. *resource* is what the resource is called."""
    words = []
    if filter.statuses is not None:
        all_closed = filter.statuses == _CLOSED
        words.append(
            "closed"
            if all_closed
            else " or ".join([terms.request_status(status) for status in sorted(filter.statuses)])
        )
    if filter.operation is not None:
        words.append(deed(filter.operation))
    if filter.resource is not None:
        words.append(f"at {inline(resource or filter.resource, 80)}")
    if filter.requester is not None:
        words.append(f"requested by {mention(filter.requester)}")
    if filter.created_from is not None:
        words.append(f"from {_day(filter.created_from)} on")
    if filter.created_to is not None:
        words.append(f"until {_day(filter.created_to)}")
    return f"*Filtered*: {' · '.join(words)}"


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"


def _title(request: Request, *, requester: bool = False) -> str:
    what = deed_on(request.operation, inline(short_name(request.material), 120, shown=True))
    return (
        f"*{request.name}* {what}, requested by {mention(request.requester)}"
        if requester
        else f"*{request.name}* {what}"
    )


def _decided(request: Request, reader: PersonId) -> list[str]:
    decision = next((decision for decision in reversed(request.decisions) if reader in decision.spends), None)
    if decision is None or (decision.by == reader and decision.at == request.closed_at):
        return []  # how it stands says so already
    verdict, at = terms.verdict_past(decision.verdict), when(decision.at)
    if decision.by != reader:
        return [f"{mention(decision.by)} {verdict} it for you {at}."]
    return [texts.you_decided(verdict, at, mention(decision.on_behalf_of) if decision.on_behalf_of else None)]


def _standing(request: Request) -> str:
    if request.status.is_closed:
        return closing_line(request)
    item = request.current
    if item is None or item.status is WorkItemStatus.BLOCKED:
        return "Blocked: its approval profile has a step without approvers."
    approved, required = request.approvals(item.position, item.step), item.current_step.required
    until = when(item.deadline) if item.deadline is not None else None
    return texts.standing_at(
        REQUEST[request.status].text, step_at(request, item.position, item.step), approved, required, until
    )
