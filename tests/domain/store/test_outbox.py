"""The outbox, for each of the four tables that share it: one worker at a time, and a late one changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest

from domain.audit.entries import Action, Source
from domain.notices.direct_messages import on_nobody
from domain.platforms.webhooks import Endpoint
from domain.ports import Transaction
from domain.store import SqlStore
from tests.databases import seed
from tests.domain.store.build import decided, submitted
from tests.rules.build import ANN, HOUR, INSTANT, NOON, profile, step

GATE = profile(step(ANN))
LEASE = timedelta(minutes=1)
ITEMS = 3


class Kind(NamedTuple):
    """What one of the four tables calls the operations of its outbox."""

    fill: Callable[[SqlStore], Awaitable[None]]
    """Makes `ITEMS` items that are due at noon."""
    claim: Callable[[Transaction, datetime, int], Awaitable[Sequence[Any]]]
    finish: Callable[[Transaction, Any], Awaitable[bool]]
    retry: Callable[[Transaction, Any, datetime], Awaitable[bool]]


async def write_messages(store: SqlStore) -> None:
    async with store.transaction(Source.CLOCK) as tx:
        await tx.direct_messages.add([on_nobody(ANN.id, NOON + day * 24 * HOUR) for day in range(ITEMS)], NOON)


async def make_certificates(store: SqlStore) -> None:
    await seed(store, profiles=[GATE])
    for _ in range(ITEMS):
        request = await submitted(store, GATE)
        async with store.transaction(Source.CLOCK) as tx:
            await tx.certificate_files.add(request.id, NOON)


async def approve_requests(store: SqlStore) -> None:
    await seed(store, profiles=[GATE])
    for _ in range(ITEMS):
        request = await submitted(store, GATE)
        await decided(store, request.id, ANN)


async def note_events(store: SqlStore) -> None:
    await seed(store, profiles=[GATE])
    async with store.transaction(Source.CLI) as tx:
        await tx.webhooks.save_endpoint(Endpoint(key="ra", url="https://ra.example.com/hook", created_at=NOON))
    for _ in range(ITEMS):
        request = await submitted(store, GATE)
        async with store.transaction(Source.CLOCK) as tx:
            await tx.webhooks.add_delivery("ra", request.id, 1, Action.SUBMITTED, NOON)


KINDS = {
    "direct messages": Kind(
        write_messages,
        lambda tx, at, limit: tx.direct_messages.claim(at, LEASE, limit),
        lambda tx, claimed: tx.direct_messages.finish(claimed),
        lambda tx, claimed, due: tx.direct_messages.retry(claimed, due),
    ),
    "certificate files": Kind(
        make_certificates,
        lambda tx, at, limit: tx.certificate_files.claim(at, LEASE, limit),
        lambda tx, claimed: tx.certificate_files.finish(claimed),
        lambda tx, claimed, due: tx.certificate_files.retry(claimed, due),
    ),
    "releases": Kind(
        approve_requests,
        lambda tx, at, limit: tx.releases.claim(at, LEASE, limit),
        lambda tx, claimed: tx.releases.finish(claimed),
        lambda tx, claimed, due: tx.releases.retry(claimed, due),
    ),
    "webhook deliveries": Kind(
        note_events,
        lambda tx, at, limit: tx.webhooks.claim("ra", at, LEASE, limit),
        lambda tx, claimed: tx.webhooks.finish(claimed, NOON, 200),
        lambda tx, claimed, due: tx.webhooks.retry(claimed, due, status=500, failure="it answered 500"),
    ),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


async def claim(store: SqlStore, kind: Kind, at: timedelta, limit: int = 10) -> Sequence[Any]:
    async with store.transaction(Source.CLOCK) as tx:
        return await kind.claim(tx, NOON + at, limit)


async def finish(store: SqlStore, kind: Kind, claimed: Any) -> bool:
    async with store.transaction(Source.CLOCK) as tx:
        return await kind.finish(tx, claimed)


async def retry(store: SqlStore, kind: Kind, claimed: Any, due: timedelta) -> bool:
    async with store.transaction(Source.CLOCK) as tx:
        return await kind.retry(tx, claimed, NOON + due)


async def test_an_item_is_held_by_one_worker_until_its_lease_ends(store: SqlStore, kind: Kind) -> None:
    await kind.fill(store)
    assert await claim(store, kind, -INSTANT) == ()
    assert len(await claim(store, kind, timedelta(), limit=1)) == 1
    assert len(await claim(store, kind, timedelta())) == ITEMS - 1
    assert await claim(store, kind, LEASE - INSTANT) == ()
    assert len(await claim(store, kind, LEASE)) == ITEMS


async def test_workers_share_the_items(store: SqlStore, kind: Kind) -> None:
    await kind.fill(store)
    shares = await asyncio.gather(*(claim(store, kind, timedelta(), limit=1) for _ in range(2 * ITEMS)))
    claimed = [repr(item) for share in shares for item in share]
    left = [repr(item) for item in await claim(store, kind, timedelta())]
    assert len({*claimed, *left}) == len([*claimed, *left]) == ITEMS


async def test_what_is_finished_is_not_due_and_what_is_retried_is_due_then(store: SqlStore, kind: Kind) -> None:
    await kind.fill(store)
    [first, second, third] = await claim(store, kind, timedelta())
    assert await finish(store, kind, first)
    assert await retry(store, kind, second, HOUR)
    assert await retry(store, kind, third, HOUR)
    assert await claim(store, kind, HOUR - INSTANT) == ()
    assert len(await claim(store, kind, HOUR)) == ITEMS - 1


async def test_a_worker_that_lost_its_lease_changes_nothing(store: SqlStore, kind: Kind) -> None:
    await kind.fill(store)
    late = await claim(store, kind, timedelta())
    held = await claim(store, kind, LEASE)
    for item in late:
        assert not await finish(store, kind, item)
        assert not await retry(store, kind, item, timedelta())
    assert await claim(store, kind, 2 * LEASE - INSTANT) == (), "the other worker holds them still"
    for item in held:
        assert await finish(store, kind, item)
    for item in [*late, *held]:
        assert not await retry(store, kind, item, timedelta())
        assert not await finish(store, kind, item), "an attempt ends once"
    assert await claim(store, kind, 99 * HOUR) == ()


async def test_a_worker_that_is_late_but_that_nobody_replaced_may_finish(store: SqlStore, kind: Kind) -> None:
    await kind.fill(store)
    for item in await claim(store, kind, timedelta()):
        assert await finish(store, kind, item)
    assert await claim(store, kind, HOUR) == ()


async def test_a_file_of_a_worker_that_lost_its_lease_is_not_kept(store: SqlStore) -> None:
    await make_certificates(store)
    kind = KINDS["certificate files"]
    [late, *_] = await claim(store, kind, timedelta())
    [held, *_] = await claim(store, kind, LEASE)
    async with store.transaction(Source.CLOCK) as tx:
        assert await tx.certificate_files.save_file(held, "F2")
        assert not await tx.certificate_files.save_file(late, "F1")
    assert [item.file for item in await claim(store, kind, 2 * LEASE)] == ["F2", None, None]


async def test_a_delivery_that_is_sent_again_by_hand_is_not_held_any_more(store: SqlStore) -> None:
    await note_events(store)
    kind = KINDS["webhook deliveries"]
    [late, *_] = await claim(store, kind, timedelta(), limit=1)
    async with store.transaction(Source.CLI) as tx:
        await tx.webhooks.send_again(late.id, NOON)
    assert not await finish(store, kind, late)
    [again, *_] = await claim(store, kind, timedelta())
    assert (again.id, again.attempts) == (late.id, 2)
