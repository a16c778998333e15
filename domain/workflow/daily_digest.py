"""A word a day to each administrator about what is stuck, failed, not reported or not delivered, and webhooks that were paused."""

from datetime import datetime

from domain.approvals.requests import RequestId
from domain.audit.entries import Source
from domain.notices.daily_digest import mornings, word
from domain.notices.reminders import QuietHours
from domain.ports import Reading, Store, Troubles
from domain.workflow.health import given_up


async def tell_daily(store: Store, at: datetime, quiet: QuietHours | None) -> int:
    """Have those told for whom it is morning at *at* and who have not been told today, if there is something to say: how many.

    Every replica may call it at the same moment: the key of each word is there once.
    """
    async with store.reading() as reading:
        administrators = await reading.people.administrators()
        zones = {
            identity.id: identity.time_zone for identity in (await reading.people.identities(administrators)).values()
        }
        due = [word(person, day, at) for person, day in mornings(administrators, at, zones, quiet).items()]
        told = await reading.health.daily_keys({one.key for one in due}) if due else frozenset()
        due = [one for one in due if one.key not in told]
        about = await _first_named(reading, await reading.health.troubles(at), at) if due else None
    if about is None:
        return 0
    async with store.transaction(Source.CLOCK) as tx:
        added = await tx.health.add_daily(about, due)
        if added:
            await tx.updates.mark([about])
    return added


async def _first_named(reading: Reading, troubles: Troubles, at: datetime) -> RequestId | None:
    """The request that the word belongs to; None where there is nothing to say."""
    if troubles.stuck:
        found = await reading.health.stuck(1, 0)
    elif troubles.failed:
        found = await reading.health.failed_operations(1, 0)
    elif troubles.unreported:
        found = await reading.health.unreported(at, 1, 0)
    elif troubles.undelivered_lately:
        found = tuple(RequestId(one.request) for one in await reading.health.undelivered(1, 0))
    elif troubles.paused:
        waiting = [
            delivery
            for endpoint in await given_up(reading)
            for delivery in await reading.webhooks.deliveries(endpoint.key, waiting=True, limit=1)
        ]
        found = tuple(RequestId(one.request) for one in waiting)
    else:
        return None
    return next(iter(found), None)
