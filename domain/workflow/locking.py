"""How every use case changes a request: lock, read, decide, save, and retry if another transaction was faster."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, NamedTuple

from domain.approvals import moves
from domain.approvals.changes import Change
from domain.approvals.requests import Request, RequestId
from domain.approvals.status import WorkItemStatus
from domain.audit.entries import Source
from domain.common.errors import Busy, Conflict, NoSuchRequest, NotAMember
from domain.people.people import Person, PersonId, Standing
from domain.ports import Reading, Store, Transaction

ATTEMPTS: Final = 5


class Somebody(NamedTuple):
    """Who acts, and for whom they may stand in, as of now."""

    person: Person
    delegators: tuple[Person, ...]


async def somebody(reading: Reading, id: PersonId, at: datetime) -> Somebody:
    """The active member *id*, looked up live. Raises NotAMember for everybody else, known or not: SPEC.md section 5."""
    person, delegators = await reading.people.acting(id, at) or (Person(id=id, standing=Standing.STRANGER), ())
    if not person.takes_part:
        raise NotAMember(standing=person.standing)
    return Somebody(person, delegators)


async def move(
    store: Store,
    source: Source,
    id: RequestId,
    at: datetime,
    change: Callable[[Transaction, Request], Awaitable[Change | None]],
) -> Request:
    """Lock request *id*, let *change* decide on what it finds, save, and give the request as it is then: as it was, for None.

    A lost race is decided again on what the winner left, a few times; then Busy. Raises NoSuchRequest, and whatever *change* raises.
    """
    for _ in range(ATTEMPTS):
        try:
            async with store.transaction(source) as tx:
                request = await tx.requests.lock(id)
                if request is None:
                    raise NoSuchRequest(request=id)
                changed = await change(tx, request)
                return request if changed is None else await tx.requests.save(await caught_up(tx, changed, at))
        except Conflict:
            continue
    raise Busy


async def caught_up(reading: Reading, change: Change, at: datetime) -> Change:
    """*change*, and where it reached a gate that is blocked: what follows if the gate's profile has got its approvers since."""
    item = change.request.current
    if item is None or item.status is not WorkItemStatus.BLOCKED:
        return change
    present = await reading.profiles.get(item.profile.id)
    followed = moves.follow(change.request, present, at) if present is not None else None
    return change if followed is None else change.then(lambda _: followed)
