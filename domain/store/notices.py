"""Which requests have to be announced again, and the messages that were sent."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, or_, select, update

from domain.notices import Notice
from domain.ports import SentNotice
from domain.requests import RequestId
from domain.status import RequestStatus
from domain.store.session import AnyRow, Session, per_dialect
from domain.store.tables import notices, requests, stale

_NEVER: Final = -1
"""Announced so: stale at any version."""

_CLAIMABLE: Final = (
    select(requests.c.id)
    .where(
        stale,
        requests.c.announce_at <= bindparam("moment"),
        or_(requests.c.leased_until.is_(None), requests.c.leased_until <= bindparam("moment")),
    )
    .order_by(requests.c.announce_at, requests.c.id)
    .limit(bindparam("limit"))
    .with_for_update(key_share=True, skip_locked=True)
)
_LEASE: Final = (
    update(requests)
    .where(requests.c.id.in_(bindparam("ids", expanding=True)))
    # the mark goes when the request is claimed, not when it is announced: what is marked in between is drawn once more
    .values(
        leased_until=bindparam("until"),
        announced=_NEVER,
        marked=False,
    )
)
_MARK: Final = (
    update(requests)
    .where(requests.c.id.in_(bindparam("ids", expanding=True)), requests.c.marked.is_(False))
    .values(marked=True)
)
_ANNOUNCED: Final = (
    update(requests)
    .where(requests.c.id == bindparam("request"))
    .values(
        announced=bindparam("shown"),
        leased_until=None,
        announce_at=bindparam("moment"),
        remind_at=bindparam("reminding"),
    )
)
_MARK_OPEN: Final = (
    update(requests).where(requests.c.status == RequestStatus.WAITING, requests.c.marked.is_(False)).values(marked=True)
)
_REMINDING: Final = (
    select(requests.c.id)
    .where(requests.c.remind_at <= bindparam("moment"))
    .order_by(requests.c.remind_at, requests.c.id)
    .limit(bindparam("limit"))
    .with_for_update(key_share=True, skip_locked=True)
)
_MARK_REMINDED: Final = (
    update(requests).where(requests.c.id.in_(bindparam("ids", expanding=True))).values(marked=True, remind_at=None)
)
_END_LEASES: Final = update(requests).where(requests.c.leased_until.is_not(None)).values(leased_until=None)

_ADD: Final = per_dialect(lambda insert: insert(notices).on_conflict_do_nothing(index_elements=["request", "key"]))
_SAVE: Final = (
    update(notices)
    .where(notices.c.id == bindparam("notice"))
    .values(
        conversation=bindparam("new_conversation"),
        ts=bindparam("new_ts"),
        shown=bindparam("new_shown"),
        attempted_at=bindparam("new_attempted_at"),
        failure=bindparam("new_failure"),
        failed_at=bindparam("new_failed_at"),
        settled_at=bindparam("new_settled_at"),
    )
)
_OF_REQUEST: Final = select(notices).where(notices.c.request == bindparam("request")).order_by(notices.c.id)
_AT: Final = select(notices).where(notices.c.conversation == bindparam("conversation"), notices.c.ts == bindparam("ts"))
_FAILED: Final = (
    select(notices).where(notices.c.failure.is_not(None)).order_by(notices.c.id.desc()).limit(bindparam("limit"))
)


def claim_stale(session: Session, at: datetime, lease: timedelta, limit: int) -> tuple[RequestId, ...]:
    """Stale requests that nobody else holds, oldest change first, held until *at* + *lease*."""
    ids = session.execute(_CLAIMABLE, {"moment": at, "limit": limit}).scalars().all()
    if ids:
        session.execute(_LEASE, {"ids": ids, "until": at + lease})
    return tuple(map(RequestId, ids))


def mark_stale(session: Session, ids: Collection[RequestId]) -> None:
    if ids:
        session.execute(_MARK, {"ids": sorted(set(ids))})


def announced(
    session: Session, id: RequestId, version: int, next: datetime, remind_at: datetime | None, *, wholly: bool
) -> None:
    """Let go of the request: it is not stale at *version* where that was announced *wholly*. If it is stale, its turn is at *next*."""
    shown = version if wholly else _NEVER
    session.execute(_ANNOUNCED, {"request": id, "shown": shown, "moment": next, "reminding": remind_at})


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
            "new_failure": notice.failure,
            "new_failed_at": notice.failed_at,
            "new_settled_at": notice.settled_at,
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
        failure=row.failure,
        failed_at=row.failed_at,
        settled_at=row.settled_at,
    )
