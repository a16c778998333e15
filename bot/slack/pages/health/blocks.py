"""The page about what could not be delivered, what is stuck and what is late. Nothing on it hides anything else: all of it has pages."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, InteractiveElement, SectionBlock
from slack_sdk.models.views import View

from bot.slack.kit.blocks.buttons import details_button
from bot.slack.kit.blocks.layout import actions, button, context, divider, fields, header, mrkdwn, packed, said, section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.operation import retry_button
from bot.slack.kit.blocks.text import code, inline, line, mention, when
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts import people as people_texts
from bot.slack.kit.texts.grammar import roughly
from bot.slack.kit.texts.words import deed_on, short_name
from bot.slack.pages.health import texts
from domain.approvals.requests import Request, request_name
from domain.common.frozen import Frozen
from domain.ports import MANY, SentNotice, Troubles, UnsharedFile
from domain.workflow.health import Health, Stuck, Unreported

FILE: Final = "file:"
"""Before the number of a request: *Try again* is about its certificate, and no message."""
MOST_PAUSED: Final = 10
"""Webhooks on the page; the command line shows all."""


class Running(Frozen):
    """What this process is and relies on."""

    version: str
    revision: str
    """Of the tables."""
    mirror_max_age: timedelta


def health_page(found: Health, running: Running, at: datetime, note: str = "") -> View:
    """A page of *found*; *note* says what was just done."""
    blocks: list[Block] = [
        *([section(note)] if note else []),
        *(_overview(found, running, at) if found.page == 0 else []),
        *_part("Stuck requests", [block for one in found.stuck for block in _stuck(one)]),
        *_part("Operations that failed", [block for one in found.failed for block in _failed(one, found)]),
        *_part("Operations without a result", [block for one in found.unreported for block in _unreported(one, at)]),
        *_part("Messages that could not be delivered", [_undelivered(one, found) for one in found.undelivered]),
        *_part("Certificates that could not be handed over as files", [_file(file, found) for file in found.files]),
        *_part("Webhooks that are paused", _paused(found)),
        *([context(f"Page {found.page + 1} of {found.pages}")] if found.pages > 1 else []),
        *actions("health:do", _buttons(found)),
    ]
    if (found.undelivered or found.files) and not found.may_try_again:
        blocks.append(context(texts.ONLY_ADMINISTRATORS))
    return View(
        type="modal", callback_id=Callback.HEALTH, title=texts.TITLE, close=common.CLOSE, blocks=blocks,
        private_metadata=str(found.page),
    )  # fmt: skip


def _overview(found: Health, running: Running, at: datetime) -> Iterator[Block]:
    wrong, late = found.troubles, found.troubles.oldest_due
    if not found.administered:
        yield section(people_texts.NOBODY_ADMINISTERS)
    yield fields(
        [
            ("To look after", texts.wrong(wrong)),
            ("People and user groups", _mirror(found, running, at)),
            (
                "Deadlines",
                (
                    f"A request has been due for {roughly(at - late)}, and the clock has not come by. Nobody can "
                    "decide it any more."
                )
                if late is not None
                else texts.NOTHING_OVERDUE,
            ),
            ("Messages", _messages(found)),
            (
                "Running",
                (
                    f"Countersign {inline(running.version)} on {inline(found.database)}, tables of "
                    f"{inline(running.revision)}."
                ),
            ),
        ]
    )


def _mirror(found: Health, running: Running, at: datetime) -> str:
    if found.mirrored_at is None:
        return "Never taken over from Slack yet, so nobody can decide."
    old = at - found.mirrored_at > running.mirror_max_age
    return (texts.mirror_too_old if old else texts.mirrored)(when(found.mirrored_at), running.mirror_max_age)


def _messages(found: Health) -> str:
    since = found.troubles.unannounced_since
    return (
        (
            f"{texts.many(found.troubles.unannounced, 'request has', 'requests have')} messages that do not "
            f"show the state yet; the oldest since {when(since)}."
        )
        if since is not None
        else texts.ALL_SHOWN
    )


def _part(title: str, rows: list[Block]) -> list[Block]:
    return [divider(), header(title), *rows] if rows else []


def _stuck(one: Stuck) -> Iterator[Block]:
    if one.is_blocked or not one.shortages:
        yield _row(one.request, texts.BLOCKED if one.is_blocked else texts.REPAIRED)
    else:
        yield _row(one.request, "")
    for short in one.shortages:
        yield said(terms.shortage(short), 800)


def _failed(request: Request, found: Health) -> Iterator[Block]:
    why = request.execution.reason if request.execution is not None else ""
    yield _row(request, line(why, 300) if why else texts.FAILED_OPERATION)
    if found.may_try_again:
        yield from actions(f"health:retry:{request.id}", [retry_button(request)])


def _unreported(one: Unreported, at: datetime) -> Iterator[Block]:
    release, by = one.release, code(one.release.connector, 80)
    if release.accepted_at is None or not release.is_accepted:
        last = f" {line(release.said, 300)}" if release.said else ""
        yield _row(one.request, texts.not_accepted(by, roughly(at - release.at), release.attempts) + last)
        return
    until = one.request.valid_until
    told = texts.ASK_AND_RETRY if one.may_retry else texts.ASK_ONLY if until is not None and at >= until else texts.ASK
    yield _row(one.request, f"{texts.accepted(by, roughly(at - release.accepted_at))} {told}")
    if one.may_retry:
        yield from actions(f"health:retry:{one.request.id}", [retry_button(one.request)])


def _row(request: Request, why: str) -> Block:
    text = _one_line(request)
    return SectionBlock(
        block_id=f"request:{request.id}",
        text=mrkdwn(f"{text}\n{why}" if why else text),
        accessory=details_button(request),
    )


def _undelivered(one: SentNotice, found: Health) -> Block:
    notice = one.notice
    whom = mention(notice.person) if notice.person is not None else _channel(notice.channel or "")
    kind = texts.KINDS.get(notice.kind, "Message")
    why = line(texts.why(one.failure or ""), 200)
    since = f", {texts.since(when(one.failed_at))}" if one.failed_at is not None else ""
    again = button(texts.TRY_AGAIN, Action.TRY_AGAIN, str(one.id), f"Try again to send message {one.id}")
    return SectionBlock(
        block_id=f"notice:{one.id}",
        text=mrkdwn(f"{texts.what_failed(kind, request_name(one.request), whom)}: {why}{since}."),
        accessory=again if found.may_try_again else None,
    )


def _file(one: UnsharedFile, found: Health) -> Block:
    name = request_name(one.request)
    again = button(
        texts.TRY_AGAIN,
        Action.TRY_AGAIN,
        f"{FILE}{one.request}",
        f"Try again to hand over the certificate of request {name}",
    )
    return SectionBlock(
        block_id=f"file:{one.request}",
        text=mrkdwn(f"{texts.file_failed(name, mention(one.person))}: {line(texts.why(one.failure), 200)}."),
        accessory=again if found.may_try_again else None,
    )


def _paused(found: Health) -> list[Block]:
    rows: list[Block] = []
    for one in found.paused[:MOST_PAUSED]:
        if one.paused_at is not None:
            why = line(one.paused_because.rstrip("."), 300)
            resume = code(f"countersign webhook resume {one.key}", 120)
            rows.append(
                section(
                    f"{code(one.key, 80)} has taken nothing for too long, and is paused since {when(one.paused_at)}: "
                    f"{why}. Nothing is lost; {resume} sends what waits."
                )
            )
    more = len(found.paused) - MOST_PAUSED
    return [*rows, context(f"And {more} more, which `countersign webhook list` shows.")] if more > 0 else rows


def _channel(id: str) -> str:
    return f"<#{id}>" if id.isascii() and id.isalnum() else code(id, 40)


def _buttons(found: Health) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = [
        button("Look again", Action.HEALTH, str(found.page), "Look again at how everything is")
    ]
    if found.may_try_again and found.troubles.undelivered + found.troubles.files > 1:
        buttons.append(
            button("Try all again", Action.TRY_ALL_AGAIN, "all", "Try all again: every message that was refused")
        )
    if found.page > 0:
        buttons.append(
            button("Previous", Action.HEALTH_PREVIOUS, str(found.page - 1), "Previous page of what is wrong")
        )
    if found.page + 1 < found.pages:
        buttons.append(button("Next", Action.HEALTH_NEXT, str(found.page + 1), "Next page of what is wrong"))
    return buttons


def daily(troubles: Troubles, stuck: Sequence[Request]) -> Message:
    """The daily word to an administrator: how much of what there is, and the first *stuck* requests."""
    wrong = texts.wrong(troubles)
    more = min(troubles.stuck, MANY) - len(stuck)
    blocks: list[Block] = [
        header(texts.DAILY),
        section(wrong),
        *packed(_one_line(one) for one in stuck),
        *([context(f"And {more} more, on the page that Health opens.")] if more > 0 else []),
        *actions("health:daily", [health_button()]),
    ]
    return Message(f"{texts.DAILY}: {wrong}", tuple(blocks))


def _one_line(request: Request) -> str:
    what = deed_on(request.operation, inline(short_name(request.material), 100, shown=True))
    return texts.request(request.name, what, mention(request.requester))


def health_button(page: int = 0) -> ButtonElement:
    """To the page, from wherever somebody is told of something wrong."""
    return button(texts.TITLE, Action.HEALTH, str(page), "Health: what could not be delivered, what is stuck or late")
