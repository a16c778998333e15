"""Certificates that requesters get as a file, and their delivery state."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update

from domain.approvals.requests import RequestId
from domain.ports import ClaimedCertificateFile, UnsharedFile
from domain.store.repositories.deliveries.outbox import Outbox
from domain.store.repository import Repository, query
from domain.store.session import Session, per_dialect
from domain.store.tables import handovers, requests

outbox: Final = Outbox(handovers, outcome=["failure"])
_ADD: Final = per_dialect(lambda insert: insert(handovers).on_conflict_do_nothing(index_elements=["request"]))
_SAVE_FILE: Final = update(handovers).where(*outbox.held).values(file=bindparam("its_file"))
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


def add(session: Session, request: RequestId, at: datetime) -> None:
    """There is a certificate for the requester."""
    session.execute(_ADD[session.dialect], {"request": request, "due_at": at, "attempts": 0})


def claim(session: Session, at: datetime, lease: timedelta, limit: int) -> tuple[ClaimedCertificateFile, ...]:
    return tuple(
        ClaimedCertificateFile(request=RequestId(row.request), attempt=row.attempts + 1, file=row.file)
        for row in outbox.claim(session, at, lease, limit)
    )


def save_file(session: Session, claimed: ClaimedCertificateFile, file: str | None) -> bool:
    parameters = outbox.claimed([claimed.request], claimed.attempt)
    return session.execute(_SAVE_FILE, parameters | {"its_file": file}).rowcount == 1


def finish(session: Session, claimed: ClaimedCertificateFile, failure: str | None = None) -> bool:
    return outbox.finish(session, [claimed.request], claimed.attempt, failure=failure)


def retry(session: Session, claimed: ClaimedCertificateFile, due_at: datetime) -> bool:
    return outbox.retry(session, [claimed.request], claimed.attempt, due_at, failure=None)


def unshared(session: Session, limit: int, skipped: int) -> tuple[UnsharedFile, ...]:
    """Those that Slack refused for good, the latest first."""
    rows = session.execute(_UNSHARED, {"limit": limit, "skipped": skipped})
    return tuple(
        UnsharedFile(request=RequestId(row.request), person=row.requester, failure=row.failure) for row in rows
    )


def share_refused(session: Session, request: RequestId | None, at: datetime) -> tuple[RequestId, ...]:
    statement, which = (_SHARE_ALL, {}) if request is None else (_SHARE_ONE, {"of": request})
    return tuple(RequestId(row.request) for row in session.execute(statement, {"moment": at, **which}))


class SqlCertificateFiles(Repository):
    """`domain.ports.releases.CertificateFiles`."""

    add = query(add)
    claim = query(claim)
    save_file = query(save_file)
    finish = query(finish)
    retry = query(retry)
    share_refused = query(share_refused)
