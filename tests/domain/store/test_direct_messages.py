"""Direct messages that are about no request, in the database: each is there once, and one worker at a time posts it."""

from datetime import timedelta

from domain.approvals.delegation import Delegation
from domain.audit.entries import Source
from domain.notices.direct_messages import (
    DirectMessage,
    Occasion,
    about_appointment,
    about_delegation,
    about_no_administrator,
)
from domain.ports import ClaimedDirectMessage
from domain.store import SqlStore
from tests.databases import seed
from tests.rules.build import ADMIN, ANN, BOB, DAN, HOUR, NOON

LEASE = timedelta(minutes=1)
AT_ONCE = timedelta()


async def add(store: SqlStore, *messages: DirectMessage) -> None:
    async with store.transaction(Source.SLACK) as tx:
        await tx.direct_messages.add(messages, NOON)


async def claim(store: SqlStore, at: timedelta = AT_ONCE, limit: int = 10) -> tuple[ClaimedDirectMessage, ...]:
    async with store.transaction(Source.CLOCK) as tx:
        return await tx.direct_messages.claim(NOON + at, LEASE, limit)


async def test_one_key_is_there_once_and_one_process_has_it(store: SqlStore) -> None:
    first, second = about_appointment(ANN.id, NOON), about_no_administrator(BOB.id, NOON)
    await add(store, first, second)
    await add(store, second, about_no_administrator(BOB.id, NOON + HOUR))
    claimed = await claim(store)
    assert {item.message for item in claimed} == {first, second}
    assert {(item.written_at, item.attempt) for item in claimed} == {(NOON, 1)}
    assert await claim(store) == ()
    again = await claim(store, LEASE, limit=1)
    assert [item.attempt for item in again] == [2]


async def test_delegate_and_delegator_are_told_of_what_they_did_not_do_themselves(store: SqlStore) -> None:
    await seed(store, people=[ANN, DAN])
    delegation = Delegation(number=0, delegator=ANN.id, delegate=DAN.id, starts_at=NOON, ends_at=NOON + HOUR)
    async with store.transaction(Source.SLACK) as tx:
        saved = await tx.delegations.add(delegation)
        await tx.direct_messages.add(about_delegation(saved, ANN.id), NOON)
        await tx.direct_messages.add(about_delegation(saved.replace(revoked_at=NOON), ADMIN.id), NOON)
    told = {(item.message.person, item.message.occasion, item.message.by) for item in await claim(store)}
    assert told == {
        (DAN.id, Occasion.DELEGATED, ANN.id),
        (DAN.id, Occasion.REVOKED, ADMIN.id),
        (ANN.id, Occasion.REVOKED, ADMIN.id),
    }
