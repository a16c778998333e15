"""Requests whose messages are out of date, and the workers that bring them up to date."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, bindparam, case, delete, func, or_, select, update

from domain.approvals.requests import RequestId
from domain.approvals.status import RequestStatus
from domain.notices.update_queue import Claim, Held, Queue
from domain.store.repository import Repository, query
from domain.store.session import Session, upsert
from domain.store.tables import announcers, requests, stale

_NEVER: Final = -1
"""Announced so: stale at any version."""

_ANY_QUEUE: Final = (
    select(requests.c.id, requests.c.announce_queue, requests.c.announce_at)
    .where(
        stale,
        requests.c.announce_at <= bindparam("moment"),
        or_(requests.c.leased_until.is_(None), requests.c.leased_until <= bindparam("moment")),
    )
    .order_by(requests.c.announce_queue, requests.c.announce_at, requests.c.id)
    .limit(bindparam("limit"))
    .with_for_update(key_share=True, skip_locked=True)
)
_CLAIMABLE: Final = _ANY_QUEUE.where(requests.c.announce_queue == bindparam("queue"))
_LEASE: Final = (
    update(requests)
    .where(requests.c.id.in_(bindparam("ids", expanding=True)))
    # the mark goes when the request is claimed, not when it is announced: what is marked in between is drawn once more
    .values(
        leased_until=bindparam("until"),
        lease=requests.c.lease + 1,
        announced=_NEVER,
        marked=False,
    )
    .returning(requests.c.id, requests.c.lease)
)
_HOLD: Final = (
    update(requests)
    .where(requests.c.id == bindparam("request"), requests.c.lease == bindparam("held"))
    .values(leased_until=bindparam("until"))
    .returning(requests.c.version, requests.c.marked)
)
_marked_queue: Final = case(
    # one that changed stays where it is; of others nobody knows any more what they wait for
    (and_(stale, requests.c.announce_queue == int(Queue.CHANGED)), requests.c.announce_queue),
    else_=int(Queue.MARKED),
)
_MARK: Final = (
    update(requests)
    .where(requests.c.id.in_(bindparam("ids", expanding=True)), requests.c.marked.is_(False))
    .values(marked=True, announce_queue=_marked_queue)
)
_left_queue: Final = bindparam("queue", type_=requests.c.announce_queue.type)
_ANNOUNCED: Final = (
    update(requests)
    .where(requests.c.id == bindparam("request"))
    .values(
        announced=bindparam("shown"),
        leased_until=None,
        announce_at=bindparam("moment"),
        announce_queue=case(
            # what happened while it was held put it in a queue that it stays in where that is the quicker one
            (
                and_(
                    or_(requests.c.version > bindparam("seen"), requests.c.marked),
                    requests.c.announce_queue < _left_queue,
                ),
                requests.c.announce_queue,
            ),
            else_=_left_queue,
        ),
        remind_at=bindparam("reminding"),
    )
)
_MARK_OPEN: Final = (
    update(requests)
    .where(requests.c.status == RequestStatus.WAITING, requests.c.marked.is_(False))
    .values(marked=True, announce_queue=_marked_queue)
)
_REMINDING: Final = (
    select(requests.c.id)
    .where(requests.c.remind_at <= bindparam("moment"))
    .order_by(requests.c.remind_at, requests.c.id)
    .limit(bindparam("limit"))
    .with_for_update(key_share=True, skip_locked=True)
)
_MARK_REMINDED: Final = (
    update(requests)
    .where(requests.c.id.in_(bindparam("ids", expanding=True)))
    .values(marked=True, remind_at=None, announce_queue=_marked_queue)
)
_END_LEASES: Final = (
    update(requests).where(requests.c.leased_until.is_not(None)).values(leased_until=None, lease=requests.c.lease + 1)
)

_HEARTBEAT: Final = upsert(announcers)
_PRESENT: Final = select(func.count()).select_from(announcers).where(announcers.c.seen_at >= bindparam("since"))
_DEREGISTER: Final = delete(announcers).where(announcers.c.name == bindparam("who"))
_FORGET_SILENT: Final = delete(announcers).where(announcers.c.seen_at < bindparam("since"))


def claim(
    session: Session, at: datetime, lease: timedelta, limit: int, queue: Queue | None = None
) -> tuple[Claim, ...]:
    """Stale requests that nobody else holds, held until *at* + *lease*: of *queue*, or of any, in the order of the queues."""
    if queue is None:
        found = session.execute(_ANY_QUEUE, {"moment": at, "limit": limit}).all()
    else:
        found = session.execute(_CLAIMABLE, {"moment": at, "limit": limit, "queue": int(queue)}).all()
    if not found:
        return ()
    until = at + lease
    held = session.execute(_LEASE, {"ids": [row.id for row in found], "until": until}).all()
    leases = {row.id: row.lease for row in held}
    return tuple(
        Claim(request=row.id, lease=leases[row.id], queue=row.announce_queue, since=row.announce_at, until=until)
        for row in found
    )


def extend(session: Session, claim: Claim, until: datetime) -> Held | None:
    """Keep what was claimed until *until*; None where somebody else has it. The row is locked until the transaction ends."""
    row = session.execute(_HOLD, {"request": claim.request, "held": claim.lease, "until": until}).one_or_none()
    return None if row is None else Held(version=row.version, marked=row.marked)


def heartbeat(session: Session, name: str, at: datetime, since: datetime) -> int:
    """*name* is at work at *at*; how many are that were seen at or after *since*."""
    session.execute(_HEARTBEAT[session.dialect], {"name": name, "seen_at": at})
    session.execute(_FORGET_SILENT, {"since": since})
    return int(session.execute(_PRESENT, {"since": since}).scalar_one())


def deregister(session: Session, name: str) -> None:
    """*name* is at work no more."""
    session.execute(_DEREGISTER, {"who": name})


def mark(session: Session, requests: Collection[RequestId]) -> None:
    """Have these requests' messages updated though nothing in them changed."""
    if requests:
        session.execute(_MARK, {"ids": sorted(set(requests))})


def finish(
    session: Session,
    request: RequestId,
    version: int,
    at: datetime,
    *,
    again_at: datetime | None = None,
    queue: Queue = Queue.CHANGED,
    remind_at: datetime | None = None,
) -> None:
    """Let go of the request: its messages show *version*. With *again_at*, not all could be shown: its turn is in *queue* then."""
    session.execute(
        _ANNOUNCED,
        {
            "request": request,
            "shown": version if again_at is None else _NEVER,
            "seen": version,
            "moment": again_at or at,
            "queue": int(queue),
            "reminding": remind_at,
        },
    )


def mark_due_reminders(session: Session, at: datetime, limit: int) -> int:
    """Have requests announced again whose reminders are due at *at*, earliest first; how many were."""
    ids = session.execute(_REMINDING, {"moment": at, "limit": limit}).scalars().all()
    if ids:
        session.execute(_MARK_REMINDED, {"ids": ids})
    return len(ids)


def mark_open(session: Session) -> None:
    """Have every open request announced again, in one statement however many there are."""
    session.execute(_MARK_OPEN)


def end_leases(session: Session) -> None:
    """Let go of every claimed request."""
    session.execute(_END_LEASES)


class SqlUpdateQueue(Repository):
    """`domain.ports.messages.UpdateQueue`."""

    claim = query(claim)
    extend = query(extend)
    heartbeat = query(heartbeat)
    deregister = query(deregister)
    mark = query(mark)
    mark_open = query(mark_open)
    finish = query(finish)
    mark_due_reminders = query(mark_due_reminders)
