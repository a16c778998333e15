"""Read a request: SPEC.md section 5 says who can see what."""

from collections.abc import Sequence
from datetime import datetime

from domain.approvals import moves
from domain.approvals.delegation import Capacity
from domain.approvals.eligibility import deciders
from domain.approvals.requests import Request, RequestId
from domain.approvals.resources import Resource
from domain.common.errors import NoSuchRequest, NotAnAuditor, OnlyParticipants, allows
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.people.people import Person, PersonId
from domain.ports import ListFilter, Page, Reading, RecordedEntry, ReleaseState, Store
from domain.releases import moves as releasing
from domain.workflow.approvals.decide import Click, shown_in
from domain.workflow.locking import somebody


class Details(Frozen):
    """Everything there is about one request, for somebody who may see it."""

    request: Request
    audit: tuple[RecordedEntry, ...]
    releases: tuple[ReleaseState, ...] = ()
    """Each release of its operation."""
    resubmissions: tuple[int, ...]
    may_decide: bool
    """Whether the reader could decide at its current step now."""
    may_cancel: bool
    may_override: bool
    may_comment: bool
    may_retry: bool = False
    may_still_decide: tuple[Capacity, ...] = ()
    """Everybody who could decide at its current step now: those who are asked for themselves first."""


async def details(store: Store, by: PersonId, id: RequestId, at: datetime, *, click: Click | None = None) -> Details:
    """The whole of request *id*.

    Raises NotAMember, NoSuchRequest to everybody who may not know that it exists, OnlyParticipants to those who press a message of it.
    """
    async with store.reading() as reading:
        person, delegators = await somebody(reading, by, at)
        request = await reading.requests.get(id)
        if request is None:
            raise NoSuchRequest(request=id)
        if not request.is_seen_by(person, delegators):
            raise (
                OnlyParticipants(request=request.id)
                if await shown_in(reading, request, click)
                else NoSuchRequest(request=request.id)
            )
        releases = await reading.releases.of_request(id) if request.is_approved else ()
        return Details(
            request=request,
            audit=await reading.audit.chain(f"request:{id}"),
            releases=releases,
            resubmissions=await reading.requests.resubmissions_of(id),
            may_decide=request.here is not None
            and allows(moves.admit, request, person, at, on=request.here, delegators=delegators),
            may_cancel=allows(moves.may_cancel, request, person, at),
            may_override=allows(moves.may_override, request, person),
            may_comment=allows(moves.may_comment, request, person, delegators),
            may_still_decide=await _deciders(reading, request, at),
            may_retry=may_retry(request, releases, person, at),
        )


def may_retry(request: Request, releases: Sequence[ReleaseState], person: Person, at: datetime) -> bool:
    """Whether *person* may have the operation handed over again, of which *releases* are known."""
    accepted = bool(releases) and releases[-1].is_accepted
    return allows(releasing.may_retry, request, person, at, accepted=accepted)


async def _deciders(reading: Reading, request: Request, at: datetime) -> tuple[Capacity, ...]:
    item = request.current
    if item is None or request.here is None or (item.deadline is not None and at >= item.deadline):
        return ()
    authorised = await reading.people.matching(item.approvers(item.step))
    delegates = await reading.delegations.delegates_of(authorised, at)
    return deciders(request, lambda _: authorised, delegates).capacities


async def waiting_on(
    store: Store,
    by: PersonId,
    at: datetime,
    *,
    filter: ListFilter | None = None,
    limit: int = 10,
    before: RequestId | None = None,
) -> Page:
    """What *by* could decide now, newest first; not where they have decided, and none of their own but where the profile lets requesters
    approve.

    Raises NotAMember.
    """
    async with store.reading() as reading:
        person, delegators = await somebody(reading, by, at)
        return await reading.lists.waiting_on(person, delegators=delegators, filter=filter, limit=limit, before=before)


async def recent(
    store: Store,
    by: PersonId,
    at: datetime,
    *,
    filter: ListFilter | None = None,
    limit: int = 10,
    before: RequestId | None = None,
) -> Page:
    """What last concerned *by*, newest first: their requests that closed, and those they decided on. Raises NotAMember."""
    async with store.reading() as reading:
        await somebody(reading, by, at)
        return await reading.lists.recent(by, filter=filter, limit=limit, before=before)


async def requested_by(
    store: Store,
    by: PersonId,
    at: datetime,
    *,
    filter: ListFilter | None = None,
    limit: int = 10,
    before: RequestId | None = None,
) -> Page:
    """*by*'s own requests, newest first. Raises NotAMember."""
    async with store.reading() as reading:
        await somebody(reading, by, at)
        return await reading.lists.requested_by(by, filter=filter, limit=limit, before=before)


async def all_requests(
    store: Store,
    by: PersonId,
    at: datetime,
    *,
    filter: ListFilter | None = None,
    limit: int = 10,
    before: RequestId | None = None,
) -> Page:
    """Everybody's requests, newest first, for administrators and auditors. Raises NotAnAuditor for others, NotAMember."""
    async with store.reading() as reading:
        person, _ = await somebody(reading, by, at)
        if not person.reads_all:
            raise NotAnAuditor
        return await reading.lists.all(filter=filter, limit=limit, before=before)


async def admit(store: Store, by: PersonId, at: datetime) -> Person:
    """*by*, who may use Countersign, as they are now. Raises NotAMember."""
    async with store.reading() as reading:
        return (await somebody(reading, by, at)).person


async def offered(store: Store, by: PersonId, operation: Operation, at: datetime) -> tuple[Resource, ...]:
    """The resources at which *operation* may begin. Raises NotAMember."""
    async with store.reading() as reading:
        await somebody(reading, by, at)
        return tuple(resource for resource in await reading.resources.listed() if resource.offers(operation))


async def resources(store: Store, by: PersonId, at: datetime) -> tuple[Resource, ...]:
    """All resources that a list can be narrowed by. Raises NotAMember."""
    async with store.reading() as reading:
        await somebody(reading, by, at)
        return await reading.resources.listed()
