"""Thread replies that say that something still waits: by the clock, because the requester asked, or before it expires."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.blocks.labels import Labels
from bot.blocks.layout import section
from bot.blocks.message import Message
from bot.blocks.steps import step_name
from bot.blocks.text import line, mention, span, when, when_plain
from bot.texts.words import deed_on, short_name
from domain.notices import Notice, NoticeKind
from domain.people import PersonId
from domain.requests import Request

MOST_NAMED: Final = 10


def reminder(
    request: Request, notice: Notice, labels: Labels, at: datetime, *, naming: Sequence[PersonId] = ()
) -> Message:
    """What *notice*, of a step that waits at *at*, says; it is never drawn again. *naming* are people who are told by naming them."""
    item = request.work_items[notice.gate]
    step = item.profile.steps[notice.step]
    approved = request.approvals(notice.gate, notice.step)
    so_far = f"{step_name(item, notice.step)}, {approved} of {step.required} approved"
    ends = f" It expires {when(item.deadline)}." if item.deadline is not None else ""
    what = f"{deed_on(request.operation, line(short_name(request.material), 100))} ({request.name})"
    match notice.kind:
        case NoticeKind.NUDGE:
            said = f"{mention(request.requester)} asks again: this still waits for you, {so_far}.{ends}"
            text = f"{line(labels.person(request.requester), 60)} asks again: {what}"
        case NoticeKind.WARNING if item.deadline is not None:
            said = _warning(request, notice, item.deadline, at, so_far)
            text = f"Expires {when_plain(item.deadline)}, and is not approved yet: {what}"
        case _:
            waited = f" for {_roughly(at - item.step_opened_at)}" if item.step_opened_at is not None else ""
            said = f"*Reminder*: this has waited{waited}, {so_far}.{ends}"
            text = f"Reminder: approval needed: {what}"
    return Message(text, (section(f"{said}{_named(naming)}"),))


def _warning(request: Request, notice: Notice, deadline: datetime, at: datetime, so_far: str) -> str:
    ends = f"*Expires in {_roughly(deadline - at)}*, {when(deadline)}: {so_far}."
    if notice.person == request.requester and not notice.under.startswith("ask:"):
        return f"{ends} Remind asks those who have not decided once more."
    return f"{ends} Nobody can decide after that."


def _roughly(length: timedelta) -> str:
    """*length* in words, to the hour where it is more than two."""
    hour = timedelta(hours=1)
    return span(round(length / hour) * hour if length > 2 * hour else length)


def _named(people: Sequence[PersonId]) -> str:
    """The people whom a reply in a channel calls, who are told nowhere else."""
    if not people:
        return ""
    more = len(people) - MOST_NAMED
    return f"\nNot decided yet: {', '.join(map(mention, people[:MOST_NAMED]))}" + (
        f" and {more} more" if more > 0 else ""
    )
