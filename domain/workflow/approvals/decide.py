"""Decide, cancel, override and comment: SPEC.md section 3."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.approvals import moves
from domain.approvals.changes import Change
from domain.approvals.decisions import Verdict
from domain.approvals.profiles import Approvers
from domain.approvals.requests import Request, RequestId, StepRef
from domain.audit.entries import Source
from domain.common.errors import NoSuchRequest
from domain.common.frozen import Frozen
from domain.people.people import PersonId
from domain.ports import Reading, Store, Transaction
from domain.workflow.locking import Somebody, move, somebody


class Click(Frozen):
    """Where a button was pressed: a message that shows a request is proof that whoever presses it may know of the request."""

    channel: str
    ts: str


async def decide(
    store: Store,
    by: PersonId,
    on: StepRef,
    verdict: Verdict,
    at: datetime,
    *,
    comment: str = "",
    click: Click | None = None,
    pressed_at: datetime | None = None,
    once_in: timedelta = timedelta(),
    source: Source = Source.SLACK,
) -> Request:
    """*by* says *verdict* on the step that the button named. Gives the request with the decision counted.

    What is delivered twice counts once, and is nobody's mistake: what was pressed at *pressed_at*, before the same was recorded, or, where
    that is not known, comes less than *once_in* after it.

    Raises NoSuchRequest to those who may not know of it, and the refusals of `domain.approvals.moves.decide`.
    """

    async def change(tx: Transaction, request: Request) -> Change | None:
        who = await somebody(tx, by, at)
        await _must_know(tx, request, who, click)
        said = [
            decision
            for decision in request.decisions_in(on.gate, on.step)
            if (decision.by, decision.verdict) == (by, verdict)
        ]
        if said and said[0].comment == comment.strip() and _is_again(said[0].at, at, pressed_at, once_in):
            return None
        return moves.decide(request, who.person, verdict, at, on=on, comment=comment, delegators=who.delegators)

    return await move(store, source, RequestId(on.request), at, change)


def _is_again(recorded: datetime, at: datetime, pressed_at: datetime | None, once_in: timedelta) -> bool:
    """Whether what comes at *at* is what was recorded at *recorded*, delivered once more."""
    return pressed_at <= recorded if pressed_at is not None else abs(at - recorded) < once_in


async def admitted(store: Store, by: PersonId, on: StepRef, at: datetime, *, click: Click | None = None) -> Request:
    """The request that *by* could decide on now, before they are asked for words; nothing changes. Raises what `decide` would."""
    async with store.reading() as reading:
        request = await reading.requests.get(RequestId(on.request))
        if request is None:
            raise NoSuchRequest(request=on.request)
        who = await somebody(reading, by, at)
        await _must_know(reading, request, who, click)
        moves.admit(request, who.person, at, on=on, delegators=who.delegators)
        return request


async def cancel(
    store: Store,
    by: PersonId,
    id: RequestId,
    at: datetime,
    *,
    reason: str = "",
    once_in: timedelta = timedelta(),
    source: Source = Source.SLACK,
) -> Request:
    """*by* withdraws the request; again in the same words within *once_in* is the same. Raises NoSuchRequest and the refusals of
    `domain.approvals.moves.cancel`.
    """

    async def change(tx: Transaction, request: Request) -> Change | None:
        who = await somebody(tx, by, at)
        must_see(request, who)
        done = request.cancellation
        if done is not None and (done.by, done.reason) == (by, reason.strip()) and abs(at - done.at) < once_in:
            return None
        return moves.cancel(request, who.person, at, reason)

    return await move(store, source, id, at, change)


async def remind(
    store: Store,
    by: PersonId,
    id: RequestId,
    at: datetime,
    *,
    pressed_at: datetime | None = None,
    source: Source = Source.SLACK,
) -> Request:
    """The requester has those reminded who have not decided; a press that was recorded already is the same. Raises NoSuchRequest and the
    refusals of `domain.approvals.moves.remind`.
    """

    async def change(tx: Transaction, request: Request) -> Change | None:
        who = await somebody(tx, by, at)
        must_see(request, who)
        last = request.reminded_at if by == request.requester else None
        if last is not None and _is_again(last, at, pressed_at, timedelta()):
            return None
        return moves.remind(request, who.person, at)

    return await move(store, source, id, at, change)


async def override(
    store: Store,
    by: PersonId,
    id: RequestId,
    verdict: Verdict,
    at: datetime,
    *,
    reason: str,
    once_in: timedelta = timedelta(),
    source: Source = Source.SLACK,
) -> Request:
    """An administrator's word in place of what is missing; again in the same words within *once_in* is the same. Raises NoSuchRequest and
    the refusals of `domain.approvals.moves.override`.
    """

    async def change(tx: Transaction, request: Request) -> Change | None:
        who = await somebody(tx, by, at)
        must_see(request, who)
        word = request.override
        same = word is not None and (word.by, word.verdict, word.reason) == (by, verdict, reason.strip())
        if word is not None and same and abs(at - word.at) < once_in:
            return None
        people = await _authorised(tx, request)
        delegates = await tx.delegations.delegates_of({person for found in people.values() for person in found}, at)
        return moves.override(
            request, who.person, verdict, at, reason, people=lambda one: people.get(one, ()), delegates=delegates
        )

    return await move(store, source, id, at, change)


async def _authorised(reading: Reading, request: Request) -> Mapping[Approvers, frozenset[PersonId]]:
    """Who could decide, now, for each step of *request* that has any approvers."""
    steps = {item.approvers(number) for item in request.work_items for number in range(len(item.profile.steps))}
    return {approvers: await reading.people.matching(approvers) for approvers in steps if approvers}


async def comment(
    store: Store,
    by: PersonId,
    id: RequestId,
    text: str,
    at: datetime,
    *,
    once_in: timedelta = timedelta(),
    source: Source = Source.SLACK,
) -> Request:
    """*by* says something beside any decision. Raises NoSuchRequest and the refusals of `domain.approvals.moves.comment`.

    The same words of the same person again within *once_in* are one comment that was delivered twice.
    """

    async def change(tx: Transaction, request: Request) -> Change | None:
        who = await somebody(tx, by, at)
        must_see(request, who)
        said = [comment for comment in request.comments if (comment.by, comment.text) == (by, text.strip())]
        if said and abs(at - said[-1].at) < once_in:
            return None
        return moves.comment(request, who.person, text, at, delegators=who.delegators)

    return await move(store, source, id, at, change)


async def cancellable(store: Store, by: PersonId, id: RequestId, at: datetime) -> Request:
    """The request that *by* could cancel now. Raises what `cancel` would, but for what is typed; so do the next two."""
    request, who = await _seen(store, by, id, at)
    moves.may_cancel(request, who.person, at)
    return request


async def overridable(store: Store, by: PersonId, id: RequestId, at: datetime) -> Request:
    """The request that *by* could override now."""
    request, who = await _seen(store, by, id, at)
    moves.may_override(request, who.person)
    return request


async def commentable(store: Store, by: PersonId, id: RequestId, at: datetime) -> Request:
    """The request that *by* could comment on now."""
    request, who = await _seen(store, by, id, at)
    moves.may_comment(request, who.person, who.delegators)
    return request


async def _seen(store: Store, by: PersonId, id: RequestId, at: datetime) -> tuple[Request, Somebody]:
    async with store.reading() as reading:
        who = await somebody(reading, by, at)
        request = await reading.requests.get(id)
        if request is None:
            raise NoSuchRequest(request=id)
        must_see(request, who)
        return request, who


def must_see(request: Request, somebody: Somebody) -> None:
    """Raises NoSuchRequest to everybody who may not know of it."""
    if not request.is_seen_by(somebody.person, somebody.delegators):
        raise NoSuchRequest(request=request.id)


async def _must_know(reading: Reading, request: Request, somebody: Somebody, click: Click | None) -> None:
    """Raises NoSuchRequest to everybody who may not see *request*, and did not press a message that shows it."""
    if not request.is_seen_by(somebody.person, somebody.delegators) and not await shown_in(reading, request, click):
        raise NoSuchRequest(request=request.id)  # asked in this order: most who press need no look at the messages


async def shown_in(reading: Reading, request: Request, click: Click | None) -> bool:
    """Whether the message that was pressed shows the request."""
    notice = await reading.notices.at(click.channel, click.ts) if click is not None else None
    return notice is not None and notice.request == request.id
