"""From approval to result: SPEC.md section 6. Released operations are claimed, checked again, delivered and ended.

Each step is a transaction of its own. What lies between two of them may be cut off at any point; then the release is due again when its
lease ends, with the same idempotency key, and whoever claims it knows that nobody knows what came of the last delivery.
"""

from datetime import datetime, timedelta

from domain.approvals.changes import Change
from domain.approvals.execution import Accepted, ApprovedOperation, Certificate, Executed, Failed, shortened
from domain.approvals.requests import Request, RequestId
from domain.approvals.status import OperationStatus
from domain.audit.entries import Source
from domain.common.errors import NoCertificate, NoSuchRequest
from domain.notices.daily_digest import RESULT_WITHIN
from domain.people.people import Person, PersonId, Standing
from domain.pki import keys_on_same_object
from domain.ports import ClaimedRelease, Store, Transaction
from domain.releases import moves as releasing
from domain.workflow.approvals.decide import must_see
from domain.workflow.locking import move, somebody


async def claim(store: Store, at: datetime, lease: timedelta, limit: int) -> tuple[ClaimedRelease, ...]:
    """Up to *limit* releases that are due at *at*, earliest first, held for the caller until *at* + *lease*.

    Every replica may call it at the same moment: those that another one holds are left to it.
    """
    async with store.transaction(Source.CLOCK) as tx:
        return await tx.releases.claim(at, lease, limit)


async def operation(store: Store, claimed: ClaimedRelease) -> ApprovedOperation | None:
    """What is to be handed over for *claimed*; None where the operation has ended meanwhile, or its content is another one."""
    async with store.reading() as reading:
        request = await reading.requests.get(claimed.request)
    if request is None or request.operation_status is not OperationStatus.RELEASED:
        return None
    if request.material.digest != request.digest:
        return None
    return releasing.approved(request, release=claimed.number, attempt=claimed.attempt)


async def check(store: Store, claimed: ClaimedRelease, at: datetime) -> bool:
    """Whether it may be carried out now. Where not, it has ended with this: lapsed, or failed for the reason that stands on record.

    Looked at are the validity of the approval, the digest of the content, what was executed on the same object meanwhile, and the
    requester's standing.
    """

    async def change(tx: Transaction, request: Request) -> Change | None:
        if request.operation_status is not OperationStatus.RELEASED:
            await tx.releases.end(claimed.request)
            return None
        if (lapsed := releasing.lapse(request, at, unsure=claimed.unsure)) is not None:
            await tx.releases.end(claimed.request)
            return lapsed
        requester = await tx.people.person(request.requester) or Person(
            id=request.requester, standing=Standing.STRANGER
        )
        deeds = await tx.releases.executed_on(keys_on_same_object(request.material))
        if (why := releasing.obstacle(request, requester, deeds, at)) is None:
            return None
        await tx.releases.end(claimed.request)
        return releasing.conclude(request, Failed(reason=why), at, via="", unsure=claimed.unsure)

    request = await move(store, Source.CLOCK, claimed.request, at, change)
    return request.operation_status is OperationStatus.RELEASED


async def record(
    store: Store,
    claimed: ClaimedRelease,
    outcome: Executed | Failed | Accepted,
    at: datetime,
    *,
    via: str,
    within: timedelta = RESULT_WITHIN,
) -> bool:
    """What came of handing *claimed* to *via*; whether it counted: where the operation has ended meanwhile, the first answer stands.

    *within* is how long after it was first handed over its result may be missing before administrators hear of that.
    """
    if isinstance(outcome, Executed | Failed):
        return await _end(store, claimed, outcome, at, via=via)
    async with store.transaction(Source.CLOCK) as tx:
        expected = claimed.expected_at or at + within
        return await tx.releases.finish(claimed, via=via, accepted_at=at, expected_at=expected)


async def postpone(
    store: Store,
    claimed: ClaimedRelease,
    at: datetime,
    after: timedelta,
    why: str,
    *,
    via: str,
    unsure: bool,
    within: timedelta = RESULT_WITHIN,
) -> bool:
    """The delivery is due again after *after*, or when the approval runs out, if that is sooner; whether *claimed* was still held.

    *unsure* says that the operation may have been done; *via* is empty where it was not handed over; *within* is as in `record`.
    """
    async with store.transaction(Source.CLOCK) as tx:
        request = await tx.requests.get(claimed.request)
        valid_until = request.valid_until if request is not None else None
        return await tx.releases.retry(
            claimed,
            at + after if valid_until is None else min(at + after, valid_until),  # so that it lapses in time
            via=via,
            said=shortened(why),
            begun_at=at if unsure else None,
            expected_at=claimed.expected_at or (at + within if via else None),
        )


async def leave(store: Store, claimed: ClaimedRelease) -> None:
    """Nothing carries this out: it stays released, for somebody to do by hand; if the approval runs out before, it lapses."""
    async with store.transaction(Source.CLOCK) as tx:
        request = await tx.requests.get(claimed.request)
        if request is None or request.valid_until is None:
            await tx.releases.finish(claimed)
        else:
            await tx.releases.retry(claimed, request.valid_until)


async def report(
    store: Store,
    id: RequestId,
    outcome: Executed | Failed,
    at: datetime,
    *,
    via: str,
    by: PersonId | None = None,
    source: Source = Source.API,
) -> Request:
    """A receiver that had accepted the operation, or somebody who did it by hand, says how it ended. Gives the request as it is then.

    Raises NoSuchRequest; domain.common.errors.OperationOver where it was never released, or has ended and takes no such word any more.
    """

    async def change(tx: Transaction, request: Request) -> Change:
        return await _ended(tx, request, outcome, at, via=via, by=by)

    return await move(store, source, id, at, change)


async def retry(store: Store, by: PersonId, id: RequestId, at: datetime, *, source: Source = Source.SLACK) -> Request:
    """An administrator has an operation delivered again that failed, or that was accepted and not reported.

    Raises NoSuchRequest and the refusals of `domain.releases.moves.retry`.
    """

    async def change(tx: Transaction, request: Request) -> Change:
        who = await somebody(tx, by, at)
        must_see(request, who)
        releases = await tx.releases.of_request(id)
        if request.operation_status is OperationStatus.RELEASED and releases[-1].is_accepted:
            again = releasing.ask_again(request, who.person, at)
            await tx.releases.deliver_again(id, at)
            return again
        return releasing.retry(request, who.person, at, release=len(releases) + 1)

    return await move(store, source, id, at, change)


async def certificate(store: Store, by: PersonId, id: RequestId, at: datetime) -> tuple[Request, Certificate]:
    """What the operation of request *id* made, for somebody who may see the request. Raises NotAMember, NoSuchRequest, NoCertificate."""
    async with store.reading() as reading:
        who = await somebody(reading, by, at)
        request = await reading.requests.get(id)
        if request is None:
            raise NoSuchRequest(request=id)
        must_see(request, who)
        found = await reading.releases.certificate_of(id)
        if found is None:
            raise NoCertificate(request=request.id)
        return request, found


async def _end(store: Store, claimed: ClaimedRelease, outcome: Executed | Failed, at: datetime, *, via: str) -> bool:
    """What is done is done, whoever says so; that it failed has a say only who still holds it, or another delivery may be doing it."""
    counted = False

    async def change(tx: Transaction, request: Request) -> Change | None:
        nonlocal counted
        held = await tx.releases.finish(claimed, via=via)
        counted = releasing.takes(request, outcome) and (held or isinstance(outcome, Executed))
        return await _ended(tx, request, outcome, at, via=via, by=None) if counted else None

    await move(store, Source.CLOCK, claimed.request, at, change)
    return counted


async def _ended(
    tx: Transaction, request: Request, outcome: Executed | Failed, at: datetime, *, via: str, by: PersonId | None
) -> Change:
    change = releasing.conclude(request, outcome, at, via=via, by=by)
    await tx.releases.end(request.id)
    executed = change.request.operation_status is OperationStatus.EXECUTED
    if executed and isinstance(outcome, Executed) and outcome.certificate is not None:
        await tx.releases.save_certificate(request.id, outcome.certificate)
        await tx.certificate_files.add(request.id, at)
    return change
