"""The private answer to a decision."""

from bot.slack.kit.blocks.layout import section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.text import inline
from bot.slack.kit.texts import terms
from domain.approvals.decisions import Verdict
from domain.approvals.requests import Request
from domain.approvals.status import RequestStatus, WorkItemStatus


def recorded(request: Request, verdict: Verdict) -> Message:
    """That a decision counts, and what it led to."""
    text = f"Recorded: you {terms.verdict_past(verdict)} {request.name}. {_led_to(request)}"
    return Message(text, (section(text),))


def _led_to(request: Request) -> str:
    if request.status is not RequestStatus.WAITING:
        return f"The request is {terms.request_status(request.status)}."
    item = request.current
    if item is None or item.status is WorkItemStatus.BLOCKED:
        return "Its next gate is blocked: the approval profile there has a step without approvers."
    approved = request.approvals(item.position, item.step)
    name, number, of = inline(item.current_step.name, 80), item.step + 1, len(item.profile.steps)
    return f"It is at step {number} of {of}, {name}: {approved} of {item.current_step.required} approved."
