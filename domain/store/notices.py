"""Which requests have to be announced again, and the messages that were sent."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, bindparam, case, delete, func, or_, select, update

from domain.approvals.requests import RequestId
from domain.approvals.status import RequestStatus
from domain.notices.notices import Notice
from domain.notices.update_queue import Claim, Held, Queue
from domain.ports import SentNotice
from domain.store.session import AnyRow, Session, per_dialect, upsert
from domain.store.tables import announcers, notices, requests, stale

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

_ADD: Final = per_dialect(lambda insert: insert(notices).on_conflict_do_nothing(index_elements=["request", "key"]))
_SAVE: Final = (
    update(notices)
    .where(notices.c.id == bindparam("notice"))
    .values(
        conversation=bindparam("new_conversation"),
        ts=bindparam("new_ts"),
        shown=bindparam("new_shown"),
        attempted_at=bindparam("new_attempted_at"),
        doubtful_until=bindparam("new_doubtful_until"),
        failure=bindparam("new_failure"),
        failed_at=bindparam("new_failed_at"),
        settled_at=bindparam("new_settled_at"),
        drawn=bindparam("new_drawn"),
    )
)
_DOUBT: Final = update(notices).where(notices.c.id.in_(bindparam("ids", expanding=True))).values(shown=0, drawn="")
_OF_REQUEST: Final = select(notices).where(notices.c.request == bindparam("request")).order_by(notices.c.id)
_AT: Final = select(notices).where(notices.c.conversation == bindparam("conversation"), notices.c.ts == bindparam("ts"))
_FAILED: Final = (
    select(notices).where(notices.c.failure.is_not(None)).order_by(notices.c.id.desc()).limit(bindparam("limit"))
)

_HERE: Final = upsert(announcers)
_PRESENT: Final = select(func.count()).select_from(announcers).where(announcers.c.seen_at >= bindparam("since"))
_GONE: Final = delete(announcers).where(announcers.c.name == bindparam("who"))
_LONG_GONE: Final = delete(announcers).where(announcers.c.seen_at < bindparam("since"))


def claim_stale(session: Session, at: datetime, lease: timedelta, limit: int, queue: Queue | None) -> tuple[Claim, ...]:
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


def hold(session: Session, claim: Claim, until: datetime) -> Held | None:
    """Keep what was claimed until *until*; None where somebody else has it. The row is locked until the transaction ends."""
    row = session.execute(_HOLD, {"request": claim.request, "held": claim.lease, "until": until}).one_or_none()
    return None if row is None else Held(version=row.version, marked=row.marked)


def doubt(session: Session, ids: Collection[int]) -> None:
    """What these messages show is not known."""
    if ids:
        session.execute(_DOUBT, {"ids": sorted(ids)})


def here(session: Session, name: str, at: datetime, since: datetime) -> int:
    """*name* is at work at *at*; how many are that were seen at or after *since*."""
    session.execute(_HERE[session.dialect], {"name": name, "seen_at": at})
    session.execute(_LONG_GONE, {"since": since})
    return int(session.execute(_PRESENT, {"since": since}).scalar_one())


def gone(session: Session, name: str) -> None:
    """*name* is at work no more."""
    session.execute(_GONE, {"who": name})


def mark_stale(session: Session, ids: Collection[RequestId]) -> None:
    if ids:
        session.execute(_MARK, {"ids": sorted(set(ids))})


def announced(
    session: Session,
    id: RequestId,
    version: int,
    next: datetime,
    queue: Queue,
    remind_at: datetime | None,
    *,
    wholly: bool,
) -> None:
    """Let go of the request: it is not stale at *version* where that was announced *wholly*.

    If it is stale, its turn is in *queue* at *next*.
    """
    shown = version if wholly else _NEVER
    session.execute(
        _ANNOUNCED,
        {"request": id, "shown": shown, "seen": version, "moment": next, "queue": int(queue), "reminding": remind_at},
    )


def mark_for_reminding(session: Session, at: datetime, limit: int) -> int:
    """Have requests announced again whose reminders are due at *at*, earliest first; how many were."""
    ids = session.execute(_REMINDING, {"moment": at, "limit": limit}).scalars().all()
    if ids:
        session.execute(_MARK_REMINDED, {"ids": ids})
    return len(ids)


def mark_open_stale(session: Session) -> None:
    """Have every open request announced again, in one statement however many there are."""
    session.execute(_MARK_OPEN)


def end_leases(session: Session) -> None:
    """Let go of every claimed request."""
    session.execute(_END_LEASES)


def add(session: Session, id: RequestId, new: Collection[Notice]) -> None:
    """Notices that are new by their key; those that exist stay as they are."""
    if new:
        session.execute(_ADD[session.dialect], [{**one.model_dump(), "request": id, "shown": 0} for one in new])


def save(session: Session, notice: SentNotice) -> None:
    """Channel, ts, shown version, attempt, failure and end of one that exists."""
    session.execute(
        _SAVE,
        {
            "notice": notice.id,
            "new_conversation": notice.channel,
            "new_ts": notice.ts,
            "new_shown": notice.shown,
            "new_attempted_at": notice.attempted_at,
            "new_doubtful_until": notice.doubtful_until,
            "new_failure": notice.failure,
            "new_failed_at": notice.failed_at,
            "new_settled_at": notice.settled_at,
            "new_drawn": notice.drawn,
        },
    )


def notices_of(session: Session, id: RequestId) -> tuple[SentNotice, ...]:
    """All of one request, in the order in which they were added."""
    return tuple(read_notice(row) for row in session.execute(_OF_REQUEST, {"request": id}))


def notice_at(session: Session, conversation: str, ts: str) -> SentNotice | None:
    row = session.execute(_AT, {"conversation": conversation, "ts": ts}).one_or_none()
    return None if row is None else read_notice(row)


def failed(session: Session, limit: int) -> tuple[SentNotice, ...]:
    """The latest that Slack refused for good."""
    return tuple(read_notice(row) for row in session.execute(_FAILED, {"limit": limit}))


def read_notice(row: AnyRow) -> SentNotice:
    """One that a row of the table tells of."""
    notice = Notice(
        kind=row.kind,
        key=row.key,
        person=row.person,
        channel=row.channel,
        gate=row.gate,
        step=row.step,
        decision=row.decision,
        since=row.since,
        under=row.under,
    )
    return SentNotice(
        id=row.id,
        request=row.request,
        notice=notice,
        channel=row.conversation,
        ts=row.ts,
        shown=row.shown,
        attempted_at=row.attempted_at,
        doubtful_until=row.doubtful_until,
        failure=row.failure,
        failed_at=row.failed_at,
        settled_at=row.settled_at,
        drawn=row.drawn,
    )
