"""Certificates that their requesters get as a file, and how far that has come."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, or_, select, update

from domain.approvals.requests import RequestId
from domain.ports import Handover, UnsharedFile
from domain.store.repository import Repository, query
from domain.store.session import Session, per_dialect
from domain.store.tables import handovers, requests

_ADD: Final = per_dialect(lambda insert: insert(handovers).on_conflict_do_nothing(index_elements=["request"]))
_CLAIMABLE: Final = (
    select(handovers.c.request, handovers.c.attempts, handovers.c.file, handovers.c.failure)
    .where(
        handovers.c.due_at <= bindparam("moment"),
        or_(handovers.c.leased_until.is_(None), handovers.c.leased_until <= bindparam("moment")),
    )
    .order_by(handovers.c.due_at, handovers.c.request)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM: Final = (
    update(handovers)
    .where(handovers.c.request == bindparam("of"))
    .values(leased_until=bindparam("until"), attempts=handovers.c.attempts + 1)
)
_OURS: Final = (handovers.c.request == bindparam("of"), handovers.c.attempts == bindparam("attempt"))
_SAVE: Final = (
    update(handovers)
    .where(*_OURS)
    .values(file=bindparam("its_file"), failure=bindparam("refused"), due_at=bindparam("next"))
)
_LET_GO: Final = (
    update(handovers)
    .where(*_OURS)
    .values(file=bindparam("its_file"), failure=bindparam("refused"), due_at=bindparam("next"), leased_until=None)
)
_UNSHARED: Final = (
    select(handovers.c.request, requests.c.requester, handovers.c.failure)
    .join(requests, requests.c.id == handovers.c.request)
    .where(handovers.c.failure.is_not(None))
    .order_by(handovers.c.request.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("skipped"))
)
_SHARE_ALL: Final = (
    update(handovers)
    .where(handovers.c.failure.is_not(None))
    .values(failure=None, due_at=bindparam("moment"), leased_until=None)
    .returning(handovers.c.request)
)
_SHARE_ONE: Final = _SHARE_ALL.where(handovers.c.request == bindparam("of"))
_END_LEASES: Final = update(handovers).where(handovers.c.leased_until.is_not(None)).values(leased_until=None)


def add(session: Session, request: RequestId, at: datetime) -> None:
    """There is a certificate for the requester."""
    session.execute(_ADD[session.dialect], {"request": request, "due_at": at, "attempts": 0})


def claim(session: Session, at: datetime, lease: timedelta, limit: int) -> tuple[Handover, ...]:
    rows = session.execute(_CLAIMABLE, {"moment": at, "limit": limit}).all()
    if rows:
        session.execute(_CLAIM, [{"of": row.request, "until": at + lease} for row in rows])
    return tuple(
        Handover(request=RequestId(row.request), attempts=row.attempts + 1, file=row.file, failure=row.failure)
        for row in rows
    )


def save(session: Session, delivery: Handover, *, due_at: datetime | None, held: bool) -> None:
    """What is known of *delivery*, unless somebody else has claimed it since."""
    values = {
        "of": delivery.request,
        "attempt": delivery.attempts,
        "its_file": delivery.file,
        "refused": delivery.failure,
        "next": due_at,
    }
    session.execute(_SAVE if held else _LET_GO, values)


def unshared(session: Session, limit: int, skipped: int) -> tuple[UnsharedFile, ...]:
    """Those that Slack refused for good, the latest first."""
    rows = session.execute(_UNSHARED, {"limit": limit, "skipped": skipped})
    return tuple(
        UnsharedFile(request=RequestId(row.request), person=row.requester, failure=row.failure) for row in rows
    )


def retry(session: Session, request: RequestId | None, at: datetime) -> tuple[RequestId, ...]:
    statement, which = (_SHARE_ALL, {}) if request is None else (_SHARE_ONE, {"of": request})
    return tuple(RequestId(row.request) for row in session.execute(statement, {"moment": at, **which}))


def end_leases(session: Session) -> None:
    session.execute(_END_LEASES)


class SqlCertificateFiles(Repository):
    """`domain.ports.releases.CertificateFiles`."""

    add = query(add)
    claim = query(claim)
    save = query(save)
    retry = query(retry)
