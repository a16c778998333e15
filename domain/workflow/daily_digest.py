"""The daily digest for each administrator: what is stuck, failed, unreported or undelivered, and paused webhooks."""

from datetime import datetime

from domain.approvals.requests import RequestId
from domain.audit.entries import Source
from domain.notices.daily_digest import mornings, word
from domain.notices.reminders import QuietHours
from domain.ports import Reading, Store, Troubles
from domain.workflow.health import given_up


async def tell_daily(store: Store, at: datetime, quiet: QuietHours | None) -> int:
    """If there are problems, queue the digest for administrators who have morning at *at* and got none today.

    Returns how many. Every replica may call it at the same moment: the key of each digest is unique.
    """
    async with store.reading() as reading:
        administrators = await reading.people.administrators()
        zones = {
            identity.id: identity.time_zone for identity in (await reading.people.identities(administrators)).values()
        }
        due = [word(person, day, at) for person, day in mornings(administrators, at, zones, quiet).items()]
        sent = await reading.health.daily_keys({digest.key for digest in due}) if due else frozenset()
        due = [digest for digest in due if digest.key not in sent]
        about = await _first_named(reading, await reading.health.troubles(at), at) if due else None
    if about is None:
        return 0
    async with store.transaction(Source.CLOCK) as tx:
        added = await tx.health.add_daily(about, due)
        if added:
            await tx.updates.mark([about])
    return added


async def _first_named(reading: Reading, troubles: Troubles, at: datetime) -> RequestId | None:
    """The request that the digest is stored with; None if there are no problems."""
    if troubles.stuck:
        requests = await reading.health.stuck(1, 0)
    elif troubles.failed:
        requests = await reading.health.failed_operations(1, 0)
    elif troubles.unreported:
        requests = await reading.health.unreported(at, 1, 0)
    elif troubles.undelivered_lately:
        requests = tuple(RequestId(sent.request) for sent in await reading.health.undelivered(1, 0))
    elif troubles.paused:
        waiting = [
            delivery
            for endpoint in await given_up(reading)
            for delivery in await reading.webhooks.deliveries(endpoint.key, waiting=True, limit=1)
        ]
        requests = tuple(RequestId(delivery.request) for delivery in waiting)
    else:
        return None
    return next(iter(requests), None)
