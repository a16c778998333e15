"""Thread replies that say that something still waits: by the clock, because the requester asked, or before it expires."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.messages import texts
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.layout import section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.steps import step_name
from bot.slack.kit.blocks.text import line, mention, when, when_plain
from bot.slack.kit.texts.grammar import listed, roughly
from bot.slack.kit.texts.words import deed_on, short_name
from domain.approvals.requests import Request
from domain.notices.notices import PROGRESS_KEY, Notice, NoticeKind
from domain.people.people import PersonId

MOST_NAMED: Final = 10


def reminder(
    request: Request, notice: Notice, labels: Labels, at: datetime, *, naming: Sequence[PersonId] = ()
) -> Message:
    """What *notice*, of a step that waits at *at*, says; it is never drawn again. *naming* are people who are told by naming them."""
    item = request.work_items[notice.gate]
    step = item.profile.steps[notice.step]
    approved = request.approvals(notice.gate, notice.step)
    so_far = texts.so_far(step_name(item, notice.step), approved, step.required)
    what, name = deed_on(request.operation, line(short_name(request.material), 100)), request.name
    ends = when(item.deadline) if item.deadline is not None else None
    match notice.kind:
        case NoticeKind.NUDGE:
            said = texts.asks_again(mention(request.requester), so_far, ends)
            text = f"{line(labels.person(request.requester), 60)} asks again: {what} ({name})"
        case NoticeKind.WARNING if item.deadline is not None:
            said = _warning(notice, item.deadline, at, so_far)
            text = f"Expires {when_plain(item.deadline)} and is not approved yet: {what} ({name})"
        case _:
            waited = _roughly(at - item.step_opened_at) if item.step_opened_at is not None else ""
            said = texts.reminder(waited, so_far, ends)
            text = f"Reminder, approval needed: {what} ({name})"
    if naming:
        said = f"{said}\nNot decided yet: {listed([mention(person) for person in naming], MOST_NAMED)}"
    return Message(text, (section(said),))


def _warning(notice: Notice, deadline: datetime, at: datetime, so_far: str) -> str:
    sentence = texts.yours_expires_soon if notice.under == PROGRESS_KEY else texts.expires_soon
    return sentence(_roughly(deadline - at), when(deadline), so_far)


def _roughly(length: timedelta) -> str:
    """*length* in words, to the hour where it is more than two."""
    hour = timedelta(hours=1)
    return roughly(round(length / hour) * hour if length > 2 * hour else length)
