"""Problems: undelivered messages, stuck requests, missing results.

Every count ends at `domain.ports.MANY`, so that looking costs the same on the worst day.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, exists, func, or_, select, text, union, update

from domain.approvals.requests import RequestId
from domain.approvals.status import RequestStatus, WorkItemStatus
from domain.notices.daily_digest import LATELY
from domain.notices.notices import Notice, NoticeKind
from domain.ports import MANY, SentNotice, Troubles
from domain.store.repositories.deliveries.certificate_files import unshared
from domain.store.repositories.messages.notices import read_notice
from domain.store.repository import Repository, query
from domain.store.session import Session, per_dialect
from domain.store.tables import (
    blocked,
    failed,
    handovers,
    notices,
    releases,
    requests,
    stale,
    unsettled,
    webhooks,
    work_items,
)
from domain.store.tables.types import literally

_FAILING: Final = notices.c.failure.is_not(None)
_waiting: Final = requests.c.status == literally(RequestStatus.WAITING)
_STUCK: Final = union(
    select(work_items.c.request).where(blocked),
    select(notices.c.request).where(unsettled, exists(select(1).where(requests.c.id == notices.c.request, _waiting))),
).subquery("stuck")
_UNDELIVERED: Final = (
    select(notices).where(_FAILING).order_by(notices.c.id.desc()).limit(bindparam("limit")).offset(bindparam("skipped"))
)
_STUCK_IDS: Final = (
    select(_STUCK.c.request).order_by(_STUCK.c.request).limit(bindparam("limit")).offset(bindparam("skipped"))
)
_FAILED_IDS: Final = (
    select(requests.c.id)
    .where(failed)
    .order_by(requests.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("skipped"))
)


_MISSING: Final = select(releases.c.request).where(releases.c.expected_at <= bindparam("moment"))  # one of each request
_UNREPORTED: Final = (
    _MISSING.order_by(releases.c.expected_at, releases.c.request).limit(bindparam("limit")).offset(bindparam("skipped"))
)


def _count(found: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(found.limit(MANY + 1).subquery("counted"))


_COUNTS: Final = {
    "undelivered": _count(select(notices.c.id).where(_FAILING)),
    "undelivered_lately": _count(
        select(notices.c.id).where(
            _FAILING,
            or_(
                notices.c.failed_at >= bindparam("lately"),
                exists(select(1).where(requests.c.id == notices.c.request, _waiting)),
            ),
        )
    ),
    "stuck": _count(select(_STUCK.c.request)),
    "failed": _count(select(requests.c.id).where(failed)),
    "unreported": _count(_MISSING),
    "files": _count(select(handovers.c.request).where(handovers.c.failure.is_not(None))),
    "paused": _count(select(webhooks.c.key).where(webhooks.c.paused_at.is_not(None), webhooks.c.paused_because != "")),
    "unannounced": _count(select(requests.c.id).where(stale)),
}
_OLDEST_STALE: Final = select(requests.c.announce_at).where(stale).order_by(requests.c.announce_at).limit(1)
_OLDEST_DUE: Final = (
    select(work_items.c.deadline)
    .where(
        work_items.c.status == literally(WorkItemStatus.PENDING),
        work_items.c.deadline.is_not(None),
        work_items.c.deadline <= bindparam("moment"),
    )
    .order_by(work_items.c.deadline)
    .limit(1)
)
_TOLD: Final = select(notices.c.key).where(
    notices.c.kind == literally(NoticeKind.DAILY), notices.c.key.in_(bindparam("keys", expanding=True))
)
_ADD_DAILY: Final = per_dialect(lambda insert: insert(notices).on_conflict_do_nothing().returning(notices.c.id))
_DELIVERED_AGAIN: Final = {"failure": None, "failed_at": None}
_TRY_ONE: Final = (
    update(notices)
    .where(notices.c.id == bindparam("notice"), _FAILING)
    .values(_DELIVERED_AGAIN)
    .returning(notices.c.id, notices.c.request)
)
_TRY_ALL: Final = update(notices).where(_FAILING).values(_DELIVERED_AGAIN).returning(notices.c.id, notices.c.request)


def troubles(session: Session, at: datetime) -> Troubles:
    """How much of everything there is at *at*."""
    moments = {"undelivered_lately": {"lately": at - LATELY}, "unreported": {"moment": at}}
    counts = {name: session.execute(statement, moments.get(name)).scalar_one() for name, statement in _COUNTS.items()}
    return Troubles(
        **counts,
        unannounced_since=session.execute(_OLDEST_STALE).scalar_one_or_none(),
        oldest_due=session.execute(_OLDEST_DUE, {"moment": at}).scalar_one_or_none(),
    )


def undelivered(session: Session, limit: int, skipped: int) -> tuple[SentNotice, ...]:
    """Those that Slack refused for good, the latest first."""
    return tuple(map(read_notice, session.execute(_UNDELIVERED, {"limit": limit, "skipped": skipped})))


def stuck(session: Session, limit: int, skipped: int) -> tuple[RequestId, ...]:
    """Open requests that are blocked or, as the message worker last found, have too few people left; oldest first."""
    return _ids(session.execute(_STUCK_IDS, {"limit": limit, "skipped": skipped}).scalars().all())


def failed_operations(session: Session, limit: int, skipped: int) -> tuple[RequestId, ...]:
    """Requests whose operation failed, the latest first."""
    return _ids(session.execute(_FAILED_IDS, {"limit": limit, "skipped": skipped}).scalars().all())


def unreported(session: Session, at: datetime, limit: int, skipped: int) -> tuple[RequestId, ...]:
    """Requests whose operation was handed over, and whose result was expected before *at*; longest missing first."""
    return _ids(session.execute(_UNREPORTED, {"moment": at, "limit": limit, "skipped": skipped}).scalars().all())


def retry_notices(session: Session, notice: int | None) -> tuple[tuple[int, int], ...]:
    """Forget that *notice*, or every one, was refused: each with its request."""
    found = session.execute(_TRY_ALL) if notice is None else session.execute(_TRY_ONE, {"notice": notice})
    return tuple((row.id, row.request) for row in found)


def daily_keys(session: Session, keys: Collection[str]) -> frozenset[str]:
    """Those of *keys* for which there is a daily digest."""
    return frozenset(session.execute(_TOLD, {"keys": sorted(keys)}).scalars())


def add_daily(session: Session, request: RequestId, digests: Collection[Notice]) -> int:
    """Those that are new by their key, whatever the request; how many were."""
    rows = [{**digest.model_dump(), "request": request, "shown": 0} for digest in digests]
    return sum(len(session.execute(_ADD_DAILY[session.dialect], row).all()) for row in rows)


def database(session: Session) -> str:
    """The database and its version: `SQLite 3.40.1`, `PostgreSQL 18.4`."""
    if session.dialect == "sqlite":
        return f"SQLite {session.execute(text('SELECT sqlite_version()')).scalar_one()}"
    return f"PostgreSQL {str(session.execute(text('SHOW server_version')).scalar_one()).split()[0]}"


def _ids(found: Sequence[int]) -> tuple[RequestId, ...]:
    return tuple(map(RequestId, found))


class SqlHealthReader(Repository):
    """`domain.ports.messages.HealthReader`."""

    troubles = query(troubles)
    undelivered = query(undelivered)
    stuck = query(stuck)
    failed_operations = query(failed_operations)
    unreported = query(unreported)
    unshared_files = query(unshared)
    daily_keys = query(daily_keys)
    database = query(database)


class SqlHealthWriter(SqlHealthReader):
    """`domain.ports.messages.HealthWriter`."""

    add_daily = query(add_daily)
    retry_notices = query(retry_notices)
