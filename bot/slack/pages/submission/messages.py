"""Private answers about a new request."""

from bot.slack.kit.blocks.buttons import details_button
from bot.slack.kit.blocks.layout import actions, section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.private_answers import in_words
from bot.slack.kit.blocks.text import inline, line
from bot.slack.kit.texts import lists as texts
from bot.slack.kit.texts import submitting
from bot.slack.kit.texts.words import deed_on, short_name
from domain.approvals.requests import Request
from domain.approvals.status import RequestStatus


def not_submitted(why: str) -> Message:
    """A request was refused after its form was closed: *why* is a sentence."""
    return in_words(submitting.not_submitted(why))


def submitted(request: Request) -> Message:
    """That a request was made, and where to follow it."""
    plain, shown = line(short_name(request.material), 100), inline(short_name(request.material), 100, shown=True)
    return Message(
        _submitted(request, plain),
        (section(_submitted(request, shown)), *actions(f"request:{request.id}", [details_button(request)])),
    )


def _submitted(request: Request, name: str) -> str:
    what = deed_on(request.operation, name)
    sentence = texts.approved_at_once if request.status is RequestStatus.APPROVED else texts.submitted
    return sentence(request.name, what)
