"""Webhooks: managed on the command line, filled from the audit trail, and emptied by the sender."""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from domain.approvals.requests import Request, RequestId
from domain.audit.entries import Action, AuditEntry, Source
from domain.platforms.webhooks import (
    AlreadyPaused,
    Delivery,
    Endpoint,
    EndpointExists,
    NoSuchDelivery,
    NoSuchEndpoint,
    NotPaused,
)
from domain.ports import RecordedEntry, Store

LEASE: Final = timedelta(seconds=60)
"""How long one attempt may take before another replica makes the next; an attempt itself is given up much earlier."""


class Outgoing(NamedTuple):
    """What is to be sent now: a delivery, to whom, and what it is about."""

    delivery: Delivery
    endpoint: Endpoint
    request: Request
    entry: RecordedEntry

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        return self.delivery.attempts


async def add_endpoint(store: Store, endpoint: Endpoint) -> Endpoint:
    """A new one, which is told of everything from its `created_at` on. Raises EndpointExists."""
    async with store.transaction(Source.CLI) as tx:
        if await tx.webhooks.endpoint(endpoint.key) is not None:
            raise EndpointExists(endpoint=endpoint.key)
        await tx.webhooks.save_endpoint(endpoint)
        await tx.audit.record(_entry(Action.WEBHOOK_SAVED, endpoint, endpoint.created_at, {}, _recorded(endpoint)))
    return endpoint


async def remove_endpoint(store: Store, key: str, at: datetime) -> None:
    """It is told nothing more, and what it was told is forgotten. Raises NoSuchEndpoint."""
    async with store.transaction(Source.CLI) as tx:
        found = await _one(tx, key)
        await tx.webhooks.delete_endpoint(key)
        await tx.audit.record(_entry(Action.WEBHOOK_DELETED, found, at, _recorded(found), {}))


async def rotate_secret(store: Store, key: str, at: datetime) -> Endpoint:
    """A new secret; the former one goes on signing for a day. Raises NoSuchEndpoint."""
    return await _changed(store, key, at, lambda one: one.replace(generation=one.generation + 1, rotated_at=at))


async def pause(store: Store, key: str, at: datetime, reason: str) -> Endpoint:
    """Nothing is sent to it until it is resumed; nothing is lost. Raises NoSuchEndpoint, AlreadyPaused."""

    def paused(endpoint: Endpoint) -> Endpoint:
        if endpoint.paused_at is not None:
            raise AlreadyPaused(endpoint=key)
        return endpoint.replace(paused_at=at, paused_because=reason)

    return await _changed(store, key, at, paused)


async def resume(store: Store, key: str, at: datetime) -> Endpoint:
    """Send it what waits for it, in order. Raises NoSuchEndpoint, NotPaused."""

    def resumed(endpoint: Endpoint) -> Endpoint:
        if endpoint.paused_at is None:
            raise NotPaused(endpoint=key)
        return endpoint.replace(paused_at=None, paused_because="", failures=0, failing_since=None)

    return await _changed(store, key, at, resumed)


async def endpoints(store: Store) -> tuple[Endpoint, ...]:
    """All of them, by name."""
    async with store.reading() as reading:
        return await reading.webhooks.endpoints()


async def deliveries(store: Store, key: str, *, waiting: bool, limit: int) -> tuple[Delivery, ...]:
    """The newest *limit* to this endpoint, or, *waiting*, the oldest that it has not taken. Raises NoSuchEndpoint."""
    async with store.reading() as reading:
        await _one(reading, key)
        return await reading.webhooks.deliveries(key, waiting=waiting, limit=limit)


async def send_again(store: Store, number: int, at: datetime) -> Delivery:
    """Send a delivery again, taken or not, now. Raises NoSuchDelivery."""
    async with store.transaction(Source.CLI) as tx:
        found = await tx.webhooks.delivery(number)
        if found is None:
            raise NoSuchDelivery(delivery=number)
        await tx.webhooks.send_again(number, at)
        entry = AuditEntry(
            action=Action.TRIED_AGAIN,
            subject=f"webhook:{found.endpoint}",
            at=at,
            before={"delivery": number, "message": found.message_id, "taken": found.delivered_at is not None},
            after={"delivery": number, "message": found.message_id, "taken": False},
        )
        await tx.audit.record(entry)
        return found.replace(due_at=at, delivered_at=None)


async def note_events(store: Store, at: datetime, *, limit: int = 50) -> int:
    """Make deliveries of what happened to up to *limit* requests since this was last looked at; how many requests there were.

    Every replica may call it at the same moment: those that another one holds are left to it.
    """
    async with store.transaction(Source.CLOCK) as tx:
        told = await tx.webhooks.endpoints()
        if not told:
            return 0
        found = await tx.webhooks.requests_with_new_events(limit)
        for request, after in found:
            entries = [recorded for recorded in await tx.audit.chain(f"request:{request}") if recorded.number > after]
            for endpoint in told:
                for entry in entries:
                    if endpoint.wants(entry.entry.action) and entry.entry.at >= endpoint.created_at:
                        await tx.webhooks.add_delivery(endpoint.key, request, entry.number, entry.entry.action, at)
            if entries:
                await tx.webhooks.advance_cursor(request, entries[-1].number)
        return len(found)


async def claim_deliveries(store: Store, key: str, at: datetime, *, limit: int) -> tuple[Outgoing, ...]:
    """What is to be sent to *key* at *at*, and nobody else sends: at most the oldest of each request; nothing while it is paused.

    It is ours until `LEASE` is over; whoever sends says what became of it with `delivered` or `failed`.
    """
    found = []
    async with store.transaction(Source.CLOCK) as tx:
        endpoint = await tx.webhooks.endpoint(key)
        if endpoint is None or endpoint.paused_at is not None:
            return ()
        for delivery in await tx.webhooks.claim(key, at, LEASE, limit):
            request = await tx.requests.get(RequestId(delivery.request))
            entries = await tx.audit.chain(f"request:{delivery.request}")
            if request is None or delivery.number > len(entries):
                raise LookupError(f"delivery {delivery.id} is of something that is not there")  # never deleted
            found.append(Outgoing(delivery, endpoint, request, entries[delivery.number - 1]))
    return tuple(found)


async def delivered(store: Store, delivery: Delivery, at: datetime, status: int) -> None:
    """The endpoint has taken it, and said so with *status*. Nothing changes where another worker has claimed *delivery* since."""
    async with store.transaction(Source.CLOCK) as tx:
        if not await tx.webhooks.finish(delivery, at, status):
            return
        endpoint = await tx.webhooks.lock_endpoint(delivery.endpoint)
        if endpoint is not None and endpoint.failures:
            await tx.webhooks.save_endpoint(endpoint.after_success())


async def failed(
    store: Store, delivery: Delivery, at: datetime, *, status: int | None, why: str, after: timedelta
) -> None:
    """The endpoint has not taken it: it is sent again after *after*, and if this has gone on for too long, the endpoint is paused.

    Nothing changes where another worker has claimed *delivery* since.
    """
    async with store.transaction(Source.CLOCK) as tx:
        if not await tx.webhooks.retry(delivery, at + after, status=status, failure=why):
            return
        endpoint = await tx.webhooks.lock_endpoint(delivery.endpoint)
        if endpoint is None:
            return
        changed = endpoint.after_failure(at, why)
        await tx.webhooks.save_endpoint(changed)
        if endpoint.paused_at is None and changed.paused_at is not None:
            entry = _entry(Action.WEBHOOK_SAVED, changed, at, _recorded(endpoint), _recorded(changed), why)
            await tx.audit.record(entry)


async def forget_deliveries(store: Store, at: datetime, *, limit: int = 500) -> int:
    """Forget up to *limit* deliveries that were taken long ago; how many were."""
    async with store.transaction(Source.CLOCK) as tx:
        return await tx.webhooks.forget(at, limit)


async def _changed(store: Store, key: str, at: datetime, change: Any) -> Endpoint:
    async with store.transaction(Source.CLI) as tx:
        found = await tx.webhooks.lock_endpoint(key)
        if found is None:
            raise NoSuchEndpoint(endpoint=key)
        after: Endpoint = change(found)
        await tx.webhooks.save_endpoint(after)
        entry = _entry(Action.WEBHOOK_SAVED, after, at, _recorded(found), _recorded(after), after.paused_because)
        await tx.audit.record(entry)
        return after


async def _one(reading: Any, key: str) -> Endpoint:
    found: Endpoint | None = await reading.webhooks.endpoint(key)
    if found is None:
        raise NoSuchEndpoint(endpoint=key)
    return found


def _recorded(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "url": endpoint.url,
        "events": sorted(endpoint.events),
        "generation": endpoint.generation,
        "paused": endpoint.paused_at is not None,
    }


def _entry(
    action: Action, endpoint: Endpoint, at: datetime, before: dict[str, Any], after: dict[str, Any], reason: str = ""
) -> AuditEntry:
    return AuditEntry(
        action=action, subject=f"webhook:{endpoint.key}", at=at, before=before, after=after, reason=reason
    )
