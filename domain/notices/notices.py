"""Which messages a request needs, and for whom.

This follows from the state of the request alone, so after a crash the missing messages are found.

The key of a notice says what it is for. A request never has two notices with the same key, so nothing is posted twice.
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

PROGRESS_KEY: Final = "progress"
"""The key of the requester's message that is kept up to date: each request has one."""


class NoticeKind(StrEnum):
    ASK = "ask"
    """An approver, or a channel, is asked to decide on a step."""
    PROGRESS = "progress"
    """The one message of the requester, which is kept up to date."""
    OUTCOME = "outcome"
    """A new message to the requester at the end."""
    REVIEW = "review"
    """A thread reply under an ask, for one decision."""
    REMINDER = "reminder"
    """A scheduled thread reply under an ask: the request still waits."""
    NUDGE = "nudge"
    """The same because the requester pressed Remind."""
    WARNING = "warning"
    """A thread reply before the request expires, under an ask or under the message of the requester."""
    ALERT = "alert"
    """The request is stuck: its work item is blocked, or too few people may still decide."""
    OVERRIDDEN = "overridden"
    """Somebody was skipped by an override: a thread reply under their ask, or a message of its own."""
    OPERATION = "operation"
    """The released operation ended: to the requester, and also to administrators if it failed or the result is not certain."""
    DAILY = "daily"
    """The daily digest for an administrator. It belongs to the first request that it names."""


class Notice(Frozen):
    """A message that has to exist, to a person or to a channel."""

    kind: NoticeKind
    key: str
    person: PersonId | None = None
    channel: str | None = None
    gate: int = 0
    step: int = 0
    decision: int = 0
    """For a review: the number of the decision."""
    since: AwareDatetime | None = None
    """For an ask: when it was first wanted. Reminders count from then."""
    under: str = ""
    """For a thread reply: the key of its parent notice."""


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
    """Every notice that *request* needs in its current state.

    *asked* are the notices that exist already: a review goes under each ask among them. *at* is when new ones are first wanted. *mute* are
    channels in which Countersign cannot post about it: their approvers are asked directly. *settled* are the keys of alerts about problems
    that are over: if the problem comes back, it is a new alert.
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
    """The asks of the open step: to its channel, and to those who may decide now and are notified directly."""
    item = request.current
    if item is None or item.status is not WorkItemStatus.PENDING:
        return
    step, prefix = item.current_step, f"ask:{item.position}.{item.step}"
    ask = Notice(kind=NoticeKind.ASK, key=prefix, gate=item.position, step=item.step, since=at)
    if step.notify.channel:
        channel = step.notify.channel
        yield ask.replace(key=f"{prefix}:{channel}", channel=channel)
    notified = _notified_directly(item, mute)
    # nobody is asked on behalf of an approver who is not to be notified either
    silent = frozenset(people(step.notify.silent)) if step.notify.silent else frozenset[PersonId]()
    approvers = frozenset(people(notified)) - silent if notified else frozenset[PersonId]()
    for person in sorted(eligible_among(request, item.position, approvers, delegates).everybody - silent):
        yield ask.replace(key=f"{prefix}:{person}", person=person)


def _notified_directly(item: WorkItem, mute: Collection[str]) -> Approvers:
    """The approvers of the open step who get a direct message.

    These are its approvers if the step says so or its channel is mute, and always those of its escalation once it has escalated.
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
    """A request without gates is approved when it is submitted: the progress message is enough."""
    yield Notice(kind=NoticeKind.PROGRESS, key=PROGRESS_KEY, person=request.requester)
    if request.status.is_closed and request.work_items:
        yield Notice(kind=NoticeKind.OUTCOME, key=f"outcome:{request.status}", person=request.requester)


def end_key(request: Request) -> str:
    """Identifies one end of the operation: after a retry by an administrator there is another."""
    at = request.execution.at if request.execution is not None else request.created_at
    return f"{request.operation_status}:{at.astimezone(UTC):%Y%m%dT%H%M%S%f}"


def is_of_present_end(request: Request, notice: Notice) -> bool:
    """Whether *notice* is about how the operation of *request* has ended; False for an end that was overtaken by a retry."""
    return request.execution is not None and notice.key.startswith(f"operation:{end_key(request)}")


def _of_the_operation(request: Request, administrators: Collection[PersonId]) -> Iterator[Notice]:
    """To the requester at each end; to administrators if it failed or the result is not certain."""
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
    """One notice of the override to everybody whom it skipped: a thread reply if they were asked, otherwise a message.

    The requester and the administrator know already. Whoever had decided the same was not skipped: their ask shows the outcome.
    """
    override = request.override
    if override is None:
        return
    key, know = f"overridden:{override.verdict}", {override.by, request.requester}
    steps = {(skipped.gate, skipped.step) for skipped in override.skipped}
    agreed = {
        (decision.gate, person)
        for decision in request.decisions
        if decision.verdict is override.verdict
        for person in decision.spends
    }
    asks = [
        notice
        for notice in asked
        if notice.kind is NoticeKind.ASK
        and (notice.gate, notice.step) in steps
        and (notice.gate, notice.person) not in agreed
    ]
    last_asks = {
        ask.person or ask.channel or "": ask for ask in asks if ask.person not in know and ask.channel not in mute
    }
    for recipient, ask in last_asks.items():
        yield ask.replace(kind=NoticeKind.OVERRIDDEN, key=f"{key}:{recipient}", since=None, under=ask.key)
    for gate, step, recipient in _skipped_unasked(request, override, mute, known={*know, *last_asks}):
        to = {"person": recipient} if "/" in recipient else {"channel": recipient}
        yield Notice(kind=NoticeKind.OVERRIDDEN, key=f"{key}:{recipient}", gate=gate, step=step, **to)


def _skipped_unasked(
    request: Request, override: Override, mute: Collection[str], known: set[str]
) -> Iterator[tuple[int, int, str]]:
    """Gate, step, and a person who could have decided on it and was never asked; its channel, if only that would have been asked."""
    for skipped in override.skipped:
        notify = request.work_items[skipped.gate].profile.steps[skipped.step].notify
        in_channel = notify.channel is not None and not notify.direct and notify.channel not in mute
        for recipient in [notify.channel or ""] if in_channel else skipped.people:
            if recipient not in known:
                known.add(recipient)
                yield skipped.gate, skipped.step, recipient


def _alerts(
    request: Request, administrators: Collection[PersonId], people: People, settled: Collection[str]
) -> Iterator[Notice]:
    """To administrators if a work item is blocked; to the requester as well if too few people may decide: SPEC.md section 1."""
    item = request.current
    if item is not None and item.status is WorkItemStatus.BLOCKED:
        for person in sorted(administrators):
            yield Notice(
                kind=NoticeKind.ALERT, key=f"{_BLOCKED}{item.position}:{person}", person=person, gate=item.position
            )
    for short_item, _ in request_shortages(request, people):
        for person in sorted({*administrators, request.requester}):
            key = next(key for key in _shortages(short_item.position, person) if key not in settled)
            yield Notice(kind=NoticeKind.ALERT, key=key, person=person, gate=short_item.position)


_BLOCKED: Final = "alert:blocked:"


def _shortages(gate: int, person: PersonId) -> Iterator[str]:
    """The keys of the alerts to *person* about a shortage at *gate*: the first, the second after that was over, and so on."""
    yield f"alert:short:{gate}:{person}"
    for number in count(2):
        yield f"alert:short:{gate}:{person}:{number}"


def is_over(request: Request, alert: Notice, short: Collection[int]) -> bool:
    """Whether the problem of *alert* is over. *short* are the gates that have too few people now."""
    if request.status.is_closed:
        return True
    if alert.key.startswith(_BLOCKED):
        return request.work_items[alert.gate].status is not WorkItemStatus.BLOCKED
    return alert.gate not in short
