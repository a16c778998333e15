"""Everything that the App Home shows a person, read in one snapshot."""

from datetime import datetime
from typing import Final

from domain.approvals.requests import RequestId
from domain.common.frozen import Frozen
from domain.people.people import Person, PersonId
from domain.ports import ListFilter, Page, Reading, Store
from domain.workflow.locking import Somebody, somebody

MOST: Final = 100
"""So far is counted; from then on it is many."""


class Starts(Frozen):
    """The request before which the page of each list begins; None for the newest."""

    waiting: RequestId | None = None
    mine: RequestId | None = None
    recent: RequestId | None = None
    everything: RequestId | None = None


NEWEST: Final = Starts()


class Overview(Frozen):
    """A page of each list; numbers where they cost no more than a page, up to `MOST`."""

    person: Person
    waiting: Page
    waiting_number: int | None
    mine: Page
    mine_number: int | None
    recent: Page
    everything: Page | None
    """For those who read all."""


async def overview(
    store: Store,
    by: PersonId,
    at: datetime,
    *,
    starts: Starts = NEWEST,
    filter: ListFilter | None = None,
    limit: int = 10,
) -> Overview:
    """What waits on *by*, what they asked for, what last concerned them, and for those who read all everything. Raises NotAMember."""
    async with store.reading() as reading:
        who = await somebody(reading, by, at)
        waiting = await reading.lists.waiting_on(
            who.person, delegators=who.delegators, filter=filter, limit=limit, before=starts.waiting
        )
        mine = await reading.lists.requested_by(by, filter=filter, limit=limit, before=starts.mine)
        everything = None
        if who.person.reads_all:
            everything = await reading.lists.all(filter=filter, limit=limit, before=starts.everything)
        return Overview(
            person=who.person,
            waiting=waiting,
            waiting_number=await _waiting(reading, who, waiting, starts, filter),
            mine=mine,
            mine_number=await _requested(reading, by, mine, starts, filter),
            recent=await reading.lists.recent(by, filter=filter, limit=limit, before=starts.recent),
            everything=everything,
        )


async def _waiting(
    reading: Reading, somebody: Somebody, page: Page, starts: Starts, filter: ListFilter | None
) -> int | None:
    if starts.waiting is None and page.next is None:
        return len(page.requests)
    if filter is not None:
        return None
    return await reading.lists.count_waiting(somebody.person, delegators=somebody.delegators, most=MOST)


async def _requested(
    reading: Reading, by: PersonId, page: Page, starts: Starts, filter: ListFilter | None
) -> int | None:
    if starts.mine is None and page.next is None:
        return len(page.requests)
    return None if filter is not None else await reading.lists.count_requested(by, most=MOST)
