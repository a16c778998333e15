"""Webhooks: what is on its way is taken in order per request, nothing is lost, and whoever keeps failing is paused."""

from datetime import timedelta
from typing import Final

import pytest
from pydantic import ValidationError

from domain.audit.entries import Action, Source
from domain.platforms.webhooks import (
    BACKOFF,
    KEPT,
    OLD_SECRET,
    PAUSE_AFTER,
    PAUSE_AT_LEAST,
    AlreadyPaused,
    Delivery,
    Endpoint,
    EndpointExists,
    NoSuchDelivery,
    NoSuchEndpoint,
    NotPaused,
)
from domain.store import SqlStore
from domain.workflow.platforms import webhooks
from domain.workflow.platforms.webhooks import LEASE, Outgoing
from tests.databases import seed
from tests.domain.store.build import decided, submitted
from tests.rules.build import ANN, HOUR, INSTANT, NOON, REQUESTER, profile, step

PAUSE: Final = BACKOFF.pauses[0]
RA: Final = Endpoint(key="ra", url="https://ra.example.com/hook", created_at=NOON)


async def told(store: SqlStore, *endpoints: Endpoint, requests: int = 1) -> None:
    """*endpoints*, and what happened as *requests* were submitted and the first of them approved."""
    for endpoint in endpoints:
        await webhooks.add_endpoint(store, endpoint)
    version = profile(step(ANN))
    await seed(store, profiles=[version])
    for _ in range(requests):
        await submitted(store, version)
    await decided(store, 1, ANN, at=NOON + HOUR)
    while await webhooks.note_events(store, NOON + HOUR):
        pass


async def claimed(store: SqlStore, at: timedelta = HOUR, limit: int = 10, key: str = "ra") -> tuple[Outgoing, ...]:
    return await webhooks.claim_deliveries(store, key, NOON + at, limit=limit)


async def refused(store: SqlStore, one: Delivery, at: timedelta, *, why: str = "it answered 500") -> None:
    await webhooks.failed(store, one, NOON + at, status=500, why=why, after=PAUSE)


def test_an_endpoint_is_a_web_address_and_is_told_of_requests_alone() -> None:
    for url in (
        "ftp://ra.example.com",
        "ra.example.com",
        "https://",
        "https://me:pw@ra.example.com/",
        "https://a b.com",
    ):
        with pytest.raises(ValidationError):
            RA.replace(url=url)
    with pytest.raises(ValidationError):
        RA.replace(events=frozenset({Action.ROLE_SAVED}))
    assert RA.wants(Action.CLOSED)
    assert not RA.wants(Action.ROLE_SAVED)
    assert not RA.replace(events=frozenset({Action.SUBMITTED})).wants(Action.CLOSED)


def test_whoever_takes_nothing_for_a_day_is_paused_and_not_before() -> None:
    endpoint = RA
    for number in range(PAUSE_AT_LEAST + 5):
        endpoint = endpoint.after_failure(NOON + number * HOUR, "it answered 500")
    assert endpoint.paused_at is None
    endpoint = endpoint.after_failure(NOON + PAUSE_AFTER, "it answered 500")
    assert (endpoint.paused_at, endpoint.paused_because) == (NOON + PAUSE_AFTER, "it answered 500")
    quiet = RA.after_failure(NOON, "no answer").after_failure(NOON + 3 * PAUSE_AFTER, "no answer")
    assert quiet.paused_at is None
    assert RA.after_failure(NOON, "no answer").after_success() == RA


def test_the_former_secret_signs_for_a_day() -> None:
    rotated = RA.replace(generation=2, rotated_at=NOON)
    assert rotated.generations(NOON + OLD_SECRET - INSTANT) == (2, 1)
    assert rotated.generations(NOON + OLD_SECRET) == (2,)


async def test_deliveries_of_one_request_go_one_after_the_other(store: SqlStore) -> None:
    await told(store, RA, requests=2)
    [first, other] = await claimed(store)
    assert {first.request.id, other.request.id} == {1, 2}
    assert [one.delivery.number for one in (first, other)] == [1, 1]
    assert await claimed(store) == ()  # the rest waits for these
    await refused(store, first.delivery, HOUR)
    assert await claimed(store) == ()
    await webhooks.delivered(store, other.delivery, NOON + HOUR, 200)
    assert [one.request.id for one in await claimed(store)] == [2]
    [again] = [one for one in await claimed(store, HOUR + PAUSE * 2) if one.request.id == 1]
    assert (again.delivery.number, again.delivery.attempts, again.delivery.failure) == (1, 2, "it answered 500")
    assert again.delivery.message_id == first.delivery.message_id


async def test_every_entry_is_taken_once_in_its_order(store: SqlStore) -> None:
    await told(store, RA)
    taken = []
    while found := await claimed(store):
        [out] = found
        taken.append(out.entry.entry.action)
        await webhooks.delivered(store, out.delivery, NOON + HOUR, 200)
    async with store.reading() as reading:
        assert taken == [one.entry.action for one in await reading.audit.chain("request:1")]
    assert Action.RELEASED in taken
    assert await webhooks.deliveries(store, "ra", waiting=True, limit=99) == ()
    assert await webhooks.note_events(store, NOON + HOUR) == 0


async def test_an_endpoint_hears_only_what_it_asked_for_and_nothing_from_before_it(store: SqlStore) -> None:
    picky = RA.replace(key="picky", events=frozenset({Action.CLOSED}))
    late = RA.replace(key="late", created_at=NOON + HOUR)
    await told(store, picky, late)
    assert [delivery.event for delivery in await webhooks.deliveries(store, "picky", waiting=True, limit=99)] == [
        Action.CLOSED
    ]
    [first, *_] = await webhooks.deliveries(store, "late", waiting=True, limit=99)
    assert first.event is Action.DECIDED


async def test_who_died_while_sending_is_followed_by_somebody_else(store: SqlStore) -> None:
    await told(store, RA)
    [held] = await claimed(store)
    assert await claimed(store, HOUR + LEASE - INSTANT) == ()
    [again] = await claimed(store, HOUR + LEASE)
    assert again.delivery.message_id == held.delivery.message_id


async def test_a_worker_that_lost_its_lease_changes_nothing(store: SqlStore) -> None:
    await told(store, RA)
    [late] = await claimed(store)
    [held] = await claimed(store, HOUR + LEASE)
    await refused(store, late.delivery, HOUR + LEASE)
    assert await claimed(store, HOUR + LEASE + PAUSE * 2) == (), "the other worker still holds it"
    await webhooks.delivered(store, held.delivery, NOON + HOUR + LEASE, 200)
    await refused(store, late.delivery, HOUR + LEASE)
    [*_, first] = await webhooks.deliveries(store, "ra", waiting=False, limit=99)
    assert (first.delivered_at, first.due_at, first.status) == (NOON + HOUR + LEASE, None, 200)
    [endpoint] = await webhooks.endpoints(store)
    assert endpoint.failures == 0
    assert [outgoing.delivery.number for outgoing in await claimed(store, HOUR + LEASE)] == [2]


async def test_paused_and_resumed_and_nothing_is_lost(store: SqlStore) -> None:
    await told(store, RA)
    await webhooks.pause(store, "ra", NOON + HOUR, "maintenance")
    assert await claimed(store) == ()
    with pytest.raises(AlreadyPaused):
        await webhooks.pause(store, "ra", NOON + HOUR, "")
    await webhooks.resume(store, "ra", NOON + HOUR)
    assert len(await claimed(store)) == 1
    with pytest.raises(NotPaused):
        await webhooks.resume(store, "ra", NOON + HOUR)


async def test_one_that_fails_for_too_long_is_paused_on_the_record(store: SqlStore) -> None:
    await told(store, RA)
    at = HOUR
    while found := await claimed(store, at):
        [out] = found
        await refused(store, out.delivery, at)
        at += 10 * HOUR
    [endpoint] = await webhooks.endpoints(store)
    assert endpoint.paused_because == "it answered 500"
    async with store.reading() as reading:
        last = (await reading.audit.about("webhook:ra"))[-1]
    assert (last.source, last.entry.before["paused"], last.entry.after["paused"]) == (Source.CLOCK, False, True)
    assert last.entry.reason == "it answered 500"


async def test_sent_again_whether_it_was_taken_or_not(store: SqlStore) -> None:
    await told(store, RA)
    [out] = await claimed(store)
    await webhooks.delivered(store, out.delivery, NOON + HOUR, 200)
    again = await webhooks.send_again(store, out.delivery.id, NOON + 2 * HOUR)
    async with store.reading() as reading:
        [*_, entry] = [one.entry for one in await reading.audit.about("webhook:ra")]
    assert (entry.action, entry.before["message"]) == (Action.TRIED_AGAIN, out.delivery.message_id)
    assert again.message_id == out.delivery.message_id
    assert out.delivery.id in [one.delivery.id for one in await claimed(store, 2 * HOUR)]
    with pytest.raises(NoSuchDelivery):
        await webhooks.send_again(store, 999, NOON)


async def test_what_was_taken_long_ago_is_forgotten_and_what_waits_is_not(store: SqlStore) -> None:
    await told(store, RA)
    [out] = await claimed(store)
    await webhooks.delivered(store, out.delivery, NOON + HOUR, 200)
    before = len(await webhooks.deliveries(store, "ra", waiting=False, limit=99))
    assert await webhooks.forget_deliveries(store, NOON + HOUR + KEPT - INSTANT) == 0
    assert await webhooks.forget_deliveries(store, NOON + HOUR + KEPT) == 1
    assert len(await webhooks.deliveries(store, "ra", waiting=False, limit=99)) == before - 1


async def test_names_are_one_endpoints_each_and_rotations_are_on_the_record(store: SqlStore) -> None:
    await webhooks.add_endpoint(store, RA)
    with pytest.raises(EndpointExists):
        await webhooks.add_endpoint(store, RA)
    assert (await webhooks.rotate_secret(store, "ra", NOON + HOUR)).generations(NOON + HOUR) == (2, 1)
    await webhooks.remove_endpoint(store, "ra", NOON + HOUR)
    for gone in (
        webhooks.rotate_secret(store, "ra", NOON),
        webhooks.pause(store, "ra", NOON, ""),
        webhooks.remove_endpoint(store, "ra", NOON),
        webhooks.deliveries(store, "ra", waiting=False, limit=1),
    ):
        with pytest.raises(NoSuchEndpoint):
            await gone
    async with store.reading() as reading:
        actions = [one.entry.action for one in await reading.audit.about("webhook:ra")]
    assert actions == [Action.WEBHOOK_SAVED, Action.WEBHOOK_SAVED, Action.WEBHOOK_DELETED]


async def test_an_endpoint_with_deliveries_can_be_removed_while_one_is_sent(store: SqlStore) -> None:
    await told(store, RA)
    [out] = await claimed(store)
    await webhooks.remove_endpoint(store, "ra", NOON + HOUR)
    await webhooks.delivered(store, out.delivery, NOON + HOUR, 200)
    await refused(store, out.delivery, HOUR)
    assert await webhooks.endpoints(store) == ()
    assert REQUESTER.id == out.request.requester
