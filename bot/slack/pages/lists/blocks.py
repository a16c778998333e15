"""Answers that only the person who asked sees: to `/approval …`, and to a click that could not count."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, SectionBlock

from bot.slack.kit.blocks.buttons import details_button
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.layout import (
    SECTION,
    actions,
    button,
    context,
    divider,
    fields,
    header,
    mrkdwn,
    packed,
    said,
    section,
)
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.rows import fitted, line_of, row, waiting_row
from bot.slack.kit.blocks.steps import closing_blocks, next_line, progress_lines
from bot.slack.kit.blocks.text import code, inline, line, mention, when
from bot.slack.kit.ids import COMMAND, Action
from bot.slack.kit.texts import home as home_texts
from bot.slack.kit.texts import lists as texts
from bot.slack.kit.texts import refusals, submitting, terms
from bot.slack.kit.texts.commands import FOR_ADMINISTRATORS, FOR_READERS, LIST_FILTERS, USAGES, usage
from bot.slack.kit.texts.words import REQUEST, deed, deed_on, short_name
from domain.approvals.decisions import Verdict
from domain.approvals.requests import Request
from domain.approvals.status import RequestStatus, WorkItemStatus
from domain.common.errors import Refusal
from domain.common.frozen import Frozen
from domain.people.people import PersonId
from domain.pki import BadMaterial
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
        blocks.append(section(texts.NOTHING_MATCHES if narrowed else texts.NOTHING_WAITS))
        if not turns.newest:
            blocks.append(context(LIST_FILTERS if narrowed else texts.TEACH))
    for one in page.requests:
        blocks.extend(waiting_row(one, at, f"waiting:{one.id}"))
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
    for one in page.requests:
        blocks.extend(row(one, requester=requester, reader=reader))
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
        buttons.append(button(texts.NEWEST, Action.LIST_NEWEST, turns.newest, texts.NEWEST_LABEL))
    if turns.older:
        buttons.append(button(texts.OLDER, Action.LIST_OLDER, turns.older, texts.OLDER_LABEL))
    return actions("page:list", buttons)


def show(request: Request, labels: Labels, at: datetime) -> Message:
    """One request in short, with the button to all of it: for where no modal can be opened."""
    name = inline(short_name(request.material), 150, shown=True)
    sentence = next_line(request, labels, at)
    blocks: list[Block] = [
        header(texts.heading(request.name, deed(request.operation))),
        fields(
            [
                (texts.SUBJECT, name),
                (texts.STATUS, str(REQUEST[request.status])),
                (texts.REQUESTER, mention(request.requester)),
                (texts.CREATED, when(request.created_at)),
            ]
        ),
        *packed(progress_lines(request, labels)),
        *closing_blocks(request),
        *([section(sentence)] if sentence else []),
        *actions(f"request:{request.id}", [details_button(request)]),
    ]
    what = deed_on(request.operation, line(short_name(request.material), 100))
    return Message(texts.in_short(request.name, what, terms.request_status(request.status)), tuple(blocks))


def commands(*, is_administrator: bool = False, reads_all: bool = False) -> Message:
    """Everything that its reader can type, and where the buttons are."""
    offered = {
        one: does
        for one, (_, does) in USAGES.items()
        if (one not in FOR_ADMINISTRATORS or is_administrator) and (one not in FOR_READERS or reads_all)
    }
    lines = [texts.usage_line(code(usage(one), 100), does) for one, does in offered.items()]
    blocks: list[Block] = [
        header(texts.WHAT_YOU_CAN_TYPE),
        *packed([texts.usage_line(code(COMMAND), texts.WHAT_WAITS), *lines]),
        context(LIST_FILTERS),
        divider(),
        section(texts.BEHIND_BUTTONS),
        context(submitting.SHORTCUTS),
        *actions(
            "help",
            [
                button(home_texts.NEW_REQUEST, Action.NEW_REQUEST, "new", home_texts.NEW_REQUEST_LABEL),
                button(texts.SHOW_WAITING, Action.SHOW_WAITING, "waiting", texts.SHOW_WAITING_LABEL),
            ],
        ),
    ]
    return Message(texts.can_type([one.value for one in offered]), tuple(blocks))


def refusal(refused: Refusal | BadMaterial) -> Message:
    """Why something cannot be done, in the refusal's own words; moments in it in the reader's own time zone."""
    sentence = refusals.sentence(refused)
    if not isinstance(refused, Refusal) or not any(isinstance(fact, datetime) for fact in refused.facts.values()):
        return in_words(sentence)
    return Message(line(sentence, 500), (section(refused.written(moment=when, text=inline)),))


def not_submitted(why: str) -> Message:
    """A request was refused after its form was closed: *why* is a sentence."""
    return in_words(submitting.not_submitted(why))


def in_words(sentence: str) -> Message:
    """*sentence*, which may hold what somebody typed."""
    return Message(line(sentence, 500), (said(sentence, SECTION),))


def apology(reference: str) -> Message:
    """Something went wrong that is no fault of the reader; *reference* is in the log beside it."""
    return Message(
        texts.sorry(line(reference, 60)),
        (section(texts.SORRY), context(texts.tell_the_reference(code(reference, 60)))),
    )


def nearest(word: str, near: Sequence[str]) -> Message:
    """A subcommand that there is not, with those it looks like."""
    text = texts.no_such_command(word, near)
    return Message(line(text, 300), (said(text),))


def recorded(request: Request, verdict: Verdict) -> Message:
    """That a decision counts, and what it led to."""
    text = texts.recorded(terms.verdict_past(verdict), request.name, _led_to(request))
    return Message(text, (section(text),))


def _led_to(request: Request) -> str:
    if request.status is not RequestStatus.WAITING:
        return texts.now_is(terms.request_status(request.status))
    item = request.current
    if item is None or item.status is WorkItemStatus.BLOCKED:
        return texts.NEXT_IS_BLOCKED
    approved = request.approvals(item.position, item.step)
    name, number, of = inline(item.current_step.name, 80), item.step + 1, len(item.profile.steps)
    return texts.now_at(number, of, name, approved, item.current_step.required)


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


def done(text: str) -> Message:
    """That something of ours was done; *text* holds nothing that somebody typed."""
    return Message(text, (section(text),))
