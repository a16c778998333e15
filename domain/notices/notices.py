"""Who is to be told what about a request: derived from its state alone, so that after any crash the next look finds what is missing.

A notice has a key that says what it is for; a request never has two of the same key, so nothing is ever posted twice.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from typing import Final

from pydantic import AwareDatetime

from domain.approvals.decisions import Override
from domain.approvals.delegation import NO_DELEGATES, Delegates
from domain.approvals.eligibility import People, eligible_among
from domain.approvals.profiles import Approvers
from domain.approvals.requests import Request, WorkItem
from domain.approvals.solvability import request_shortages
from domain.approvals.status import OperationStatus, WorkItemStatus
from domain.common.frozen import Frozen
from domain.people.people import PersonId


class NoticeKind(StrEnum):
    ASK = "ask"
    """An approver, or a channel, is asked to decide on a step."""
    PROGRESS = "progress"
    """The requester's one message that is kept up to date."""
    OUTCOME = "outcome"
    """The requester's new message at the end."""
    REVIEW = "review"
    """A thread reply under an ask, for one decision."""
    REMINDER = "reminder"
    """A thread reply under an ask, by the clock: it still waits."""
    NUDGE = "nudge"
    """The same, because the requester pressed a button."""
    WARNING = "warning"
    """A thread reply before it expires, under an ask or the requester's own message."""
    ALERT = "alert"
    """A request that nobody can move on: its work item is blocked, or too few people are left for it."""
    OVERRIDDEN = "overridden"
    """A word to somebody whom an override skipped: under what asked them, or a message of its own."""
    OPERATION = "operation"
    """How the released operation ended: to the requester, and where it failed or is in doubt to administrators."""
    DAILY = "daily"
    """A word to an administrator about everything that there is to look after; it belongs to the request that it names first."""


class Notice(Frozen):
    """One message that has to exist, to a person or to a channel."""

    kind: NoticeKind
    key: str
    person: PersonId | None = None
    channel: str | None = None
    gate: int = 0
    step: int = 0
    decision: int = 0
    """For a review: the number of the decision."""
    since: AwareDatetime | None = None
    """For an ask: when somebody was first to be asked; reminders leave them some time from then."""
    under: str = ""
    """For a thread reply: the key of the notice it belongs under."""


def wanted(
    request: Request,
    *,
    people: People,
    administrators: Collection[PersonId],
    asked: Collection[Notice],
    delegates: Delegates = NO_DELEGATES,
    at: datetime | None = None,
    mute: Collection[str] = (),
    settled: Collection[str] = (),
) -> tuple[Notice, ...]:
    """Every notice that *request*, as it is, asks for.

    *people* gives who is an active member and one of some approvers now; *asked* are the notices that exist already: a review goes under
    each ask. *at* is noted on those that are new. *mute* are channels that take no message of it: their approvers are asked directly.
    *settled* are the keys of alerts that told of what is over: what begins after that is told anew.
    """
    asks = {n.key: n for n in open_asks(request, people, delegates, at, mute)} | {
        notice.key: notice for notice in asked if notice.kind is NoticeKind.ASK
    }
    return (
        *asks.values(),
        *_to_the_requester(request),
        *_reviews(request, asks.values()),
        *_to_the_skipped(request, asked, mute),
        *_alerts(request, administrators, people, settled),
        *_of_the_operation(request, administrators),
    )


def open_asks(
    request: Request,
    people: People,
    delegates: Delegates = NO_DELEGATES,
    at: datetime | None = None,
    mute: Collection[str] = (),
) -> Iterator[Notice]:
    """The asks of the open step: for those who could decide now, and its channel."""
    item = request.current
    if item is None or item.status is not WorkItemStatus.PENDING:
        return
    step, spot = item.current_step, f"ask:{item.position}.{item.step}"
    ask = Notice(kind=NoticeKind.ASK, key=spot, gate=item.position, step=item.step, since=at)
    if step.notify.channel:
        channel = step.notify.channel
        yield ask.replace(key=f"{spot}:{channel}", channel=channel)
    notified = _notified_directly(item, mute)
    # nobody is asked on behalf of an approver who is not to be notified either
    silent = frozenset(people(step.notify.silent)) if step.notify.silent else frozenset[PersonId]()
    approvers = frozenset(people(notified)) - silent if notified else frozenset[PersonId]()
    for person in sorted(eligible_among(request, item.position, approvers, delegates).everybody - silent):
        yield ask.replace(key=f"{spot}:{person}", person=person)


def _notified_directly(item: WorkItem, mute: Collection[str]) -> Approvers:
    """Those of the open step who get a direct message.

    Its approvers where it says so, or where its channel is mute and nobody would be asked at all; always those of an escalation that came.
    """
    step = item.current_step
    own = step.approvers if step.notify.direct or step.notify.channel in mute else Approvers()
    return own | step.escalation.approvers if step.escalation is not None and item.escalated_at is not None else own


def asks_no_approver(request: Request, notice: Notice, people: People) -> bool:
    """Whether *notice* asks somebody about the open step who is not an approver of it: a delegate, or somebody who was an approver."""
    item = request.current
    if notice.kind is not NoticeKind.ASK or notice.person is None or item is None:
        return False
    if (notice.gate, notice.step) != (item.position, item.step) or notice.person in request.spent(notice.gate):
        return False
    return notice.person not in people(item.approvers(item.step))


def asks_after_escalation(request: Request, notice: Notice, people: People) -> bool:
    """Whether *notice* asks somebody only because the step has escalated."""
    item = request.work_items[notice.gate]
    return (
        notice.person is not None
        and item.step == notice.step
        and item.escalated_at is not None
        and notice.person not in people(item.current_step.approvers)
    )


def _to_the_requester(request: Request) -> Iterator[Notice]:
    """What nothing gates is at its end when it begins: one message says both."""
    yield Notice(kind=NoticeKind.PROGRESS, key="progress", person=request.requester)
    if request.status.is_closed and request.work_items:
        yield Notice(kind=NoticeKind.OUTCOME, key=f"outcome:{request.status}", person=request.requester)


def end_key(request: Request) -> str:
    """What tells one end of the operation from another, which came after an administrator had it tried again."""
    at = request.execution.at if request.execution is not None else request.created_at
    return f"{request.operation_status}:{at.astimezone(UTC):%Y%m%dT%H%M%S%f}"


def _of_the_operation(request: Request, administrators: Collection[PersonId]) -> Iterator[Notice]:
    """The requester hears of each end, administrators of what failed and of what is in doubt."""
    if request.execution is None:
        return
    key = f"operation:{end_key(request)}"
    yield Notice(kind=NoticeKind.OPERATION, key=key, person=request.requester)
    if request.operation_status is OperationStatus.FAILED or request.execution.in_doubt:
        for person in sorted(set(administrators) - {request.requester}):
            yield Notice(kind=NoticeKind.OPERATION, key=f"{key}:{person}", person=person)


def _reviews(request: Request, asks: Collection[Notice]) -> Iterator[Notice]:
    for decision in request.decisions:
        for ask in asks:
            if (ask.gate, ask.step) == (decision.gate, decision.step):
                yield Notice(
                    kind=NoticeKind.REVIEW,
                    key=f"review:{decision.number}:{ask.key}",
                    person=ask.person,
                    channel=ask.channel,
                    gate=ask.gate,
                    step=ask.step,
                    decision=decision.number,
                    under=ask.key,
                )


def _to_the_skipped(request: Request, asked: Collection[Notice], mute: Collection[str]) -> Iterator[Notice]:
    """A word about the override to everybody whom it went past, once: under what asked them, where something did.

    The requester and whoever overrode it know. Nobody went past those who had decided the same: what asked them says what came of it.
    """
    word = request.override
    if word is None:
        return
    key, know = f"overridden:{word.verdict}", {word.by, request.requester}
    steps = {(one.gate, one.step) for one in word.skipped}
    agreed = {(one.gate, person) for one in request.decisions if one.verdict is word.verdict for person in one.spends}
    asks = [
        one
        for one in asked
        if one.kind is NoticeKind.ASK and (one.gate, one.step) in steps and (one.gate, one.person) not in agreed
    ]
    last = {one.person or one.channel or "": one for one in asks if one.person not in know and one.channel not in mute}
    for whom, ask in last.items():
        yield ask.replace(kind=NoticeKind.OVERRIDDEN, key=f"{key}:{whom}", since=None, under=ask.key)
    for gate, step, whom in _skipped_unasked(request, word, mute, known={*know, *last}):
        to = {"person": whom} if "/" in whom else {"channel": whom}
        yield Notice(kind=NoticeKind.OVERRIDDEN, key=f"{key}:{whom}", gate=gate, step=step, **to)


def _skipped_unasked(
    request: Request, word: Override, mute: Collection[str], known: set[str]
) -> Iterator[tuple[int, int, str]]:
    """Gate, step, and who could have decided it and was never asked: or its channel, where only that would have been asked."""
    for one in word.skipped:
        notify = request.work_items[one.gate].profile.steps[one.step].notify
        in_channel = notify.channel is not None and not notify.direct and notify.channel not in mute
        for whom in [notify.channel or ""] if in_channel else one.people:
            if whom not in known:
                known.add(whom)
                yield one.gate, one.step, whom


def _alerts(
    request: Request, administrators: Collection[PersonId], people: People, settled: Collection[str]
) -> Iterator[Notice]:
    """Administrators hear of what nobody can move on; where people are missing, the requester does too: SPEC.md section 1."""
    item = request.current
    if item is not None and item.status is WorkItemStatus.BLOCKED:
        for person in sorted(administrators):
            yield Notice(
                kind=NoticeKind.ALERT, key=f"{_BLOCKED}{item.position}:{person}", person=person, gate=item.position
            )
    for short, _ in request_shortages(request, people):
        for person in sorted({*administrators, request.requester}):
            key = next(key for key in _shortages(short.position, person) if key not in settled)
            yield Notice(kind=NoticeKind.ALERT, key=key, person=person, gate=short.position)


_BLOCKED: Final = "alert:blocked:"


def _shortages(gate: int, person: PersonId) -> Iterator[str]:
    """The keys under which *person* is told of the first shortage at *gate*, the second one after that was over, and so on."""
    yield f"alert:short:{gate}:{person}"
    for number in count(2):
        yield f"alert:short:{gate}:{person}:{number}"


def is_over(request: Request, alert: Notice, short: Collection[int]) -> bool:
    """Whether what *alert* told of is over: the gates in *short* have too few people now."""
    if request.status.is_closed:
        return True
    if alert.key.startswith(_BLOCKED):
        return request.work_items[alert.gate].status is not WorkItemStatus.BLOCKED
    return alert.gate not in short
