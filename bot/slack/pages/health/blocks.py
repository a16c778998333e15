"""The *Health* page and the daily digest: stuck requests, failed operations, undelivered messages."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, InteractiveElement, SectionBlock
from slack_sdk.models.views import View

from bot.slack.kit.blocks.buttons import details_button
from bot.slack.kit.blocks.layout import actions, button, context, divider, fields, header, mrkdwn, packed, said, section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.operation import retry_button
from bot.slack.kit.blocks.paging import turns
from bot.slack.kit.blocks.text import code, inline, line, mention, when
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.texts import common
from bot.slack.kit.texts.grammar import roughly, span
from bot.slack.kit.texts.words import deed_on, short_name
from bot.slack.pages.health import texts
from domain.approvals.requests import Request, request_name
from domain.common.frozen import Frozen
from domain.ports import MANY, SentNotice, Troubles, UnsharedFile
from domain.workflow.configuration.profile_pages import Slice
from domain.workflow.health import Health, Stuck, Unreported

FILE: Final = "file:"
"""Prefix of a request number in the value of a *Try again* that sends its certificate file, not a message."""
MOST_PAUSED: Final = 10
"""Most paused webhooks that the page shows; the command line shows all."""


class Running(Frozen):
    """The version of this process and of its tables, and how old the synced people may be."""

    version: str
    revision: str
    """Of the tables."""
    mirror_max_age: timedelta


def health_page(health: Health, running: Running, at: datetime, note: str = "") -> View:
    """One page of *health*; *note* says what was just done."""
    blocks: list[Block] = [
        *([section(note)] if note else []),
        *(_overview(health, running, at) if health.page == 0 else []),
        *_part("Stuck requests", [block for stuck in health.stuck for block in _stuck(stuck)]),
        *_part("Failed operations", [block for request in health.failed for block in _failed(request, health)]),
        *_part(
            "Operations without a result",
            [block for unreported in health.unreported for block in _unreported(unreported, at)],
        ),
        *_part("Undelivered messages", [_undelivered(sent, health) for sent in health.undelivered]),
        *_part("Certificates that were not sent as files", [_file(file, health) for file in health.files]),
        *_part("Paused webhooks", _paused(health)),
        *([context(f"Page {health.page + 1} of {health.pages}")] if health.pages > 1 else []),
        *actions("health:do", _buttons(health)),
    ]
    if (health.undelivered or health.files) and not health.may_try_again:
        blocks.append(context("Only administrators can send undelivered messages and files again."))
    return View(
        type="modal",
        callback_id=Callback.HEALTH,
        title=texts.TITLE,
        close=common.CLOSE,
        blocks=blocks,
        private_metadata=str(health.page),
    )


def _overview(health: Health, running: Running, at: datetime) -> Iterator[Block]:
    troubles = health.troubles
    if not health.administered:
        yield section(texts.NO_ADMINISTRATOR)
    if troubles.oldest_due is None:
        deadlines = "No request is past its deadline."
    else:
        deadlines = (
            f"A request passed its deadline {roughly(at - troubles.oldest_due)} ago and has not been closed yet. "
            "It can no longer be decided."
        )
    if troubles.unannounced_since is None:
        messages = "Every message shows the current state of its request."
    else:
        requests = texts.count_up_to_many(troubles.unannounced, "request has", "requests have")
        since = when(troubles.unannounced_since)
        messages = f"{requests} messages that do not show the current state yet, the oldest since {since}."
    version, revision = inline(running.version), inline(running.revision)
    yield fields(
        [
            (texts.NEEDS_ATTENTION, texts.problems(troubles)),
            ("People and user groups", _last_sync(health, running.mirror_max_age, at)),
            ("Deadlines", deadlines),
            ("Messages", messages),
            ("Version", f"Countersign {version} on {inline(health.database)}, schema {revision}."),
        ]
    )


def _last_sync(health: Health, max_age: timedelta, at: datetime) -> str:
    if health.mirrored_at is None:
        return "Not synced from Slack yet. Nobody can decide before the first sync."
    synced = f"Last synced from Slack {when(health.mirrored_at)}"
    if at - health.mirrored_at > max_age:
        return f"{synced}, more than {span(max_age)} ago. Decisions are paused until the next sync."
    return f"{synced}. Decisions are paused if this is more than {span(max_age)} old."


def _part(title: str, rows: list[Block]) -> list[Block]:
    return [divider(), header(title), *rows] if rows else []


def _stuck(stuck: Stuck) -> Iterator[Block]:
    why = ""
    if stuck.is_blocked:
        why = (
            "Blocked: a step of its approval profile has no approvers. "
            "The request continues automatically when every step has one."
        )
    elif not stuck.shortages:
        why = "This request is no longer stuck. Its messages will be updated soon."
    yield _row(stuck.request, why)
    for shortage in stuck.shortages:
        yield said(str(shortage), 800)


def _failed(request: Request, health: Health) -> Iterator[Block]:
    reason = request.execution.reason if request.execution is not None else ""
    yield _row(request, line(reason, 300) if reason else "The request was approved, but the operation failed.")
    if health.may_try_again:
        yield from actions(f"health:retry:{request.id}", [retry_button(request)])


def _unreported(unreported: Unreported, at: datetime) -> Iterator[Block]:
    request, release = unreported.request, unreported.release
    connector = code(release.connector, 80)
    if release.accepted_at is None or not release.is_accepted:
        times = "once" if release.attempts == 1 else f"{release.attempts} times"
        answer = f" {line(release.said, 300)}" if release.said else ""
        yield _row(
            request,
            f"Released {roughly(at - release.at)} ago and sent to {connector} {times} without a result. "
            f"Countersign tries again automatically.{answer}",
        )
        return
    ask = "Ask the people who run the connected system."
    if unreported.may_retry:
        advice = f"{ask} *Retry* sends the operation again with the same key, so that it is not carried out twice."
    elif request.valid_until is not None and at >= request.valid_until:
        advice = (
            f"{ask} It can still report a result. The approval is no longer valid, so the operation is not sent again."
        )
    else:
        advice = f"{ask} It can still report a result."
    ago = roughly(at - release.accepted_at)
    yield _row(request, f"{connector} accepted the operation {ago} ago and has not reported a result. {advice}")
    if unreported.may_retry:
        yield from actions(f"health:retry:{request.id}", [retry_button(request)])


def _row(request: Request, why: str) -> Block:
    text = _request_line(request)
    return SectionBlock(
        block_id=f"request:{request.id}",
        text=mrkdwn(f"{text}\n{why}" if why else text),
        accessory=details_button(request),
    )


def _undelivered(sent: SentNotice, health: Health) -> Block:
    notice = sent.notice
    if notice.person is not None:
        recipient = mention(notice.person)
    else:
        channel = notice.channel or ""
        recipient = f"<#{channel}>" if channel.isascii() and channel.isalnum() else code(channel, 40)
    kind = texts.KINDS.get(notice.kind, "Message")
    why = line(texts.why(sent.failure or ""), 200)
    since = f", since {when(sent.failed_at)}" if sent.failed_at is not None else ""
    return SectionBlock(
        block_id=f"notice:{sent.id}",
        text=mrkdwn(f"*{kind}* for {request_name(sent.request)} to {recipient}: {why}{since}."),
        accessory=_try_again(str(sent.id), f"Try again to send message {sent.id}") if health.may_try_again else None,
    )


def _file(file: UnsharedFile, health: Health) -> Block:
    request = request_name(file.request)
    again = _try_again(f"{FILE}{file.request}", f"Try again to send the certificate of {request}")
    return SectionBlock(
        block_id=f"file:{file.request}",
        text=mrkdwn(f"*Certificate* for {request} to {mention(file.person)}: {line(texts.why(file.failure), 200)}."),
        accessory=again if health.may_try_again else None,
    )


def _try_again(value: str, label: str) -> ButtonElement:
    return button("Try again", Action.TRY_AGAIN, value, label)


def _paused(health: Health) -> list[Block]:
    rows: list[Block] = []
    for endpoint in health.paused[:MOST_PAUSED]:
        if endpoint.paused_at is not None:
            why = line(endpoint.paused_because.rstrip("."), 300)
            resume = code(f"countersign webhook resume {endpoint.key}", 120)
            rows.append(
                section(
                    f"{code(endpoint.key, 80)} kept failing and has been paused since {when(endpoint.paused_at)}: "
                    f"{why}. No event is lost. Run {resume} to send the waiting events."
                )
            )
    more = len(health.paused) - MOST_PAUSED
    return [*rows, context(f"And {more} more. `countersign webhook list` shows all of them.")] if more > 0 else rows


def _buttons(health: Health) -> list[InteractiveElement]:
    again = button("Look again", Action.HEALTH, str(health.page), "Look again at the Health page")
    part = Slice(page=health.page, pages=health.pages)
    buttons: list[InteractiveElement] = [again]
    if health.may_try_again and health.troubles.undelivered + health.troubles.files > 1:
        label = "Try all again: send every undelivered message and file"
        buttons.append(button("Try all again", Action.TRY_ALL_AGAIN, "all", label))
    return [*buttons, *turns(part, Action.HEALTH_PREVIOUS, Action.HEALTH_NEXT, str)]


def daily(troubles: Troubles, stuck: Sequence[Request]) -> Message:
    """The daily digest for an administrator: how many problems there are, and the first *stuck* requests."""
    title, problems = f"{texts.NEEDS_ATTENTION} today", texts.problems(troubles)
    more = min(troubles.stuck, MANY) - len(stuck)
    blocks: list[Block] = [
        header(title),
        section(problems),
        *packed(_request_line(request) for request in stuck),
        *([context(f"And {more} more, on the Health page.")] if more > 0 else []),
        *actions("health:daily", [health_button()]),
    ]
    return Message(f"{title}: {problems}", tuple(blocks))


def _request_line(request: Request) -> str:
    deed = deed_on(request.operation, inline(short_name(request.material), 100, shown=True))
    return f"*{request.name}*: {deed}, requested by {mention(request.requester)}."


def health_button(page: int = 0) -> ButtonElement:
    """The button that opens the *Health* page, in the Home and in messages about problems."""
    label = "Health: stuck requests, failed operations, undelivered messages"
    return button(texts.TITLE, Action.HEALTH, str(page), label)
