"""What happens as time passes: expiry, escalation, reminders."""

from datetime import datetime

from domain.approvals import moves
from domain.audit.entries import Source
from domain.ports import Store


async def expire_due(store: Store, at: datetime, *, limit: int = 20) -> int:
    """Expire up to *limit* requests whose deadline has passed at *at*, earliest first; how many were.

    Every replica may call it at the same moment: those that another one holds are left to it.
    """
    expired = 0
    async with store.transaction(Source.CLOCK) as tx:
        for due in await tx.requests.due(at, limit):
            request = await tx.requests.lock(due)
            change = moves.expire(request, at) if request is not None else None
            if change is not None:
                await tx.requests.save(change)
                expired += 1
    return expired


async def remind_due(store: Store, at: datetime, *, limit: int = 100) -> int:
    """Have up to *limit* requests announced again of which a reminder is due at *at*; how many were."""
    async with store.transaction(Source.CLOCK) as tx:
        return await tx.updates.mark_due_reminders(at, limit)


async def escalate_due(store: Store, at: datetime, *, limit: int = 20) -> int:
    """Escalate up to *limit* requests whose step nobody has decided for so long at *at*, earliest first; how many were.

    Whoever calls it has called `expire_due` before, or will. Every replica may call it at the same moment, as with that.
    """
    escalated = 0
    async with store.transaction(Source.CLOCK) as tx:
        for due in await tx.requests.escalating(at, limit):
            request = await tx.requests.lock(due)
            change = moves.escalate(request, at) if request is not None else None
            if change is not None:
                await tx.requests.save(change)
                escalated += 1
    return escalated
