"""Words that are about no request, in the database: each is there once, and one at a time posts it."""

from datetime import timedelta

from domain.approvals.delegation import Delegation
from domain.audit.entries import Source
from domain.notices.direct_messages import Letter, Occasion, on_appointment, on_delegation, on_nobody
from domain.ports import ClaimedDirectMessage
from domain.store import SqlStore
from tests.databases import seed
from tests.rules.build import ADMIN, ANN, BOB, DAN, HOUR, NOON

LEASE = timedelta(minutes=1)
AT_ONCE = timedelta()


async def add(store: SqlStore, *letters: Letter) -> None:
    async with store.transaction(Source.SLACK) as tx:
        await tx.direct_messages.add(letters, NOON)


async def claim(store: SqlStore, at: timedelta = AT_ONCE, limit: int = 10) -> tuple[ClaimedDirectMessage, ...]:
    async with store.transaction(Source.CLOCK) as tx:
        return await tx.direct_messages.claim(NOON + at, LEASE, limit)


async def test_one_key_is_there_once_and_one_process_has_it(store: SqlStore) -> None:
    first, second = on_appointment(ANN.id, NOON), on_nobody(BOB.id, NOON)
    await add(store, first, second)
    await add(store, second, on_nobody(BOB.id, NOON + HOUR))
    claimed = await claim(store)
    assert {one.message for one in claimed} == {first, second}
    assert {(one.written_at, one.attempt) for one in claimed} == {(NOON, 1)}
    assert await claim(store) == ()
    again = await claim(store, LEASE, limit=1)
    assert [one.attempt for one in again] == [2]


async def test_who_lost_it_has_no_say_and_what_was_posted_is_not_due(store: SqlStore) -> None:
    await add(store, on_appointment(ANN.id, NOON))
    [lost] = await claim(store)
    [held] = await claim(store, LEASE)
    async with store.transaction(Source.CLOCK) as tx:
        assert not await tx.direct_messages.finish(lost)
    [once_more] = await claim(store, 2 * LEASE)
    assert (lost.attempt, held.attempt, once_more.attempt) == (1, 2, 3)
    async with store.transaction(Source.CLOCK) as tx:
        assert await tx.direct_messages.retry(once_more, NOON + HOUR)
    assert await claim(store, 3 * LEASE) == ()
    [last] = await claim(store, HOUR)
    async with store.transaction(Source.CLOCK) as tx:
        assert await tx.direct_messages.finish(last)
    assert await claim(store, 9 * HOUR) == ()


async def test_delegate_and_delegator_are_told_of_what_they_did_not_do_themselves(store: SqlStore) -> None:
    await seed(store, people=[ANN, DAN])
    one = Delegation(number=0, delegator=ANN.id, delegate=DAN.id, starts_at=NOON, ends_at=NOON + HOUR)
    async with store.transaction(Source.SLACK) as tx:
        saved = await tx.delegations.add(one)
        await tx.direct_messages.add(on_delegation(saved, ANN.id), NOON)
        await tx.direct_messages.add(on_delegation(saved.replace(revoked_at=NOON), ADMIN.id), NOON)
    told = {(one.message.person, one.message.occasion, one.message.by) for one in await claim(store)}
    assert told == {
        (DAN.id, Occasion.DELEGATED, ANN.id),
        (DAN.id, Occasion.REVOKED, ADMIN.id),
        (ANN.id, Occasion.REVOKED, ADMIN.id),
    }
