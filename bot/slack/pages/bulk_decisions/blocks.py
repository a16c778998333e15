"""Deciding on several requests at once: what to tick, that it is being done, and what came of each."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from slack_sdk.models.blocks import ActionsBlock, Block, CheckboxesElement, InteractiveElement
from slack_sdk.models.views import View

from bot.slack.kit.blocks.buttons import details_button
from bot.slack.kit.blocks.fields import choice, typed
from bot.slack.kit.blocks.layout import context, option, packed, section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.rows import decidable
from bot.slack.kit.blocks.text import inline, line
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts import home as texts
from bot.slack.kit.texts.grammar import count
from bot.slack.kit.texts.words import deed_on, short_name
from domain.approvals.decisions import Verdict
from domain.approvals.requests import Request, StepRef, request_name
from domain.ports import Page

MOST: Final = 20
"""How many can be decided at once."""


class Came(StrEnum):
    """What came of one of them."""

    DECIDED = "decided"
    ALREADY = "already"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    COMMENT = "comment"
    NOT_IN_TIME = "not_in_time"
    REFUSED = "refused"


class Result(NamedTuple):
    """One that was ticked, what came of it, and how that is said."""

    on: StepRef
    came: Came
    sentence: str
    request: Request | None = None
    """As it is now; None where the reader may not see it."""


_SUMS: Final[dict[Came, Callable[[int], str]]] = {
    Came.ALREADY: texts.already_decided,
    Came.EXPIRED: texts.expired,
    Came.CANCELLED: texts.cancelled,
    Came.COMMENT: texts.lacking_comment,
    Came.NOT_IN_TIME: texts.not_in_time,
    Came.REFUSED: texts.not_decided,
}


def choosing(page: Page, at: datetime) -> View:
    """The requests of *page*, each with a box to tick, and what to say of them. What is ticked carries the step that was shown."""
    shown = [request for request in page.requests if request.here is not None][:MOST]
    if not shown:
        return _view([section("Nothing is waiting for you there any longer.")], texts.TITLE)
    blocks: list[Block] = [
        context(
            "Tick the requests you have checked. Each one is decided separately, as if you had "
            "pressed its own button. If one can no longer be decided, the others still go through."
        )
    ]
    for one in shown:
        blocks.extend(_item(one, at))
    if page.next is not None or len(page.requests) > MOST:
        blocks.append(context(f"These are the first {len(shown)}. Decide them, then open this again for the others."))
    blocks.append(
        choice(
            Field.VERDICT,
            Action.VERDICT,
            "Outcome",
            [
                option("Approve the ticked requests", Verdict.APPROVE),
                option("Reject the ticked requests", Verdict.REJECT),
            ],
        )
    )
    blocks.append(
        typed(
            Field.COMMENT,
            Action.COMMENT_TEXT,
            "Comment",
            optional=True,
            hint="It is added to each of them. Everybody on those requests sees it.",
        )
    )
    blocks.extend(context(words) for words in _rules(shown))
    return View(
        type="modal",
        callback_id=Callback.SEVERAL,
        title=texts.TITLE,
        submit="Decide",
        close=common.CLOSE,
        blocks=blocks,
    )


def _item(request: Request, at: datetime) -> list[Block]:
    step = str(request.here)
    box = CheckboxesElement(action_id=Action.SEVERAL_TICK, options=[option(f"Decide on {request.name}", step)])
    elements: list[InteractiveElement] = [box, details_button(request)]
    return [section(decidable(request, at)), ActionsBlock(block_id=f"{Field.SEVERAL}:{step}", elements=elements)]


def _rules(shown: Sequence[Request]) -> list[str]:
    found = []
    for verdict in Verdict:
        names = [request.name for request in shown if needs_comment(request, verdict)]
        if names:
            found.append(texts.needs_comment(verdict.value, names, len(shown)))
    return found


def needs_comment(request: Request, verdict: Verdict) -> bool:
    """Whether *verdict* where *request* stands now requires a comment."""
    item = request.current
    return item is not None and item.profile.definition.comment_required.requires(verdict)


def deciding(number: int) -> View:
    """While it is being done."""
    return _view(
        [
            section(f"Deciding {count(number, 'request')}…"),
            context(
                "The results appear here in a moment. If you close this, they come as a message. Your "
                "Home always shows what is still waiting for you."
            ),
        ],
        texts.TITLE,
    )


def results(verdict: Verdict, found: Sequence[Result]) -> View:
    """What came of all of them: the sum, then each."""
    lines = [_line(result) for result in found]
    return _view([section(f"*{summed_up(verdict, found)}*"), *packed(lines)], "Results")


def results_message(verdict: Verdict, found: Sequence[Result]) -> Message:
    """The same for who closed the modal before it was done."""
    text = summed_up(verdict, found)
    return Message(line(text, 300), (section(f"*{text}*"), *packed([_line(result) for result in found])))


def summed_up(verdict: Verdict, found: Sequence[Result]) -> str:
    """`18 approved, 1 already decided, 1 expired.`"""
    numbers = Counter(result.came for result in found)
    parts = [f"{numbers[Came.DECIDED]} {terms.verdict_past(verdict)}"]
    parts += [say(numbers[came]) for came, say in _SUMS.items() if numbers[came]]
    return f"{', '.join(parts)}."


def _line(result: Result) -> str:
    sentence = inline(result.sentence, 300)
    if result.request is None:
        return texts.result(request_name(result.on.request), None, sentence)
    what = deed_on(result.request.operation, inline(short_name(result.request.material), 100, shown=True))
    return texts.result(result.request.name, what, sentence)


def _view(blocks: Sequence[Block], title: str) -> View:
    return View(
        type="modal", callback_id=Callback.SEVERAL_RESULTS, title=title, close=common.CLOSE, blocks=list(blocks)
    )
