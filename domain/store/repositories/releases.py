"""Released operations: which are to be delivered, how far that has come, and what came of it."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, or_, select, update

from domain.approvals.execution import Certificate, Execution
from domain.approvals.requests import RequestId
from domain.approvals.status import OperationStatus
from domain.ports import ClaimedRelease, ReleaseState
from domain.releases.moves import Deed
from domain.store.repository import Repository, query
from domain.store.session import AnyRow, Session
from domain.store.tables import releases, requests
from domain.store.tables.types import literally

_CLAIMABLE: Final = (
    select(releases.c.request, releases.c.number, releases.c.attempts, releases.c.begun_at, releases.c.expected_at)
    .where(
        releases.c.due_at <= bindparam("moment"),
        or_(releases.c.leased_until.is_(None), releases.c.leased_until <= bindparam("moment")),
    )
    .order_by(releases.c.due_at, releases.c.request)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_ONE: Final = (releases.c.request == bindparam("of"), releases.c.number == bindparam("as_number"))
_CLAIM: Final = (
    update(releases)
    .where(*_ONE)
    .values(
        leased_until=bindparam("until"),
        attempts=bindparam("attempt"),
        begun_at=func.coalesce(releases.c.begun_at, bindparam("moment", type_=releases.c.begun_at.type)),
    )
)
_LET_GO: Final = (
    update(releases)
    # whoever claimed it since has the word
    .where(*_ONE, releases.c.attempts == bindparam("attempt"), releases.c.leased_until.is_not(None))
    .values(
        leased_until=None,
        due_at=bindparam("next"),
        begun_at=bindparam("since"),
        accepted_at=bindparam("accepted"),
        connector=bindparam("via"),
        said=bindparam("word"),
        expected_at=bindparam("wanted_by"),
    )
)
_ENDED: Final = (
    update(releases)
    .where(
        releases.c.request == bindparam("of"), or_(releases.c.due_at.is_not(None), releases.c.expected_at.is_not(None))
    )
    .values(leased_until=None, due_at=None, begun_at=None, expected_at=None)
)
_AGAIN: Final = (
    update(releases)
    .where(releases.c.request == bindparam("of"), releases.c.accepted_at.is_not(None), releases.c.due_at.is_(None))
    .values(due_at=bindparam("moment"), begun_at=releases.c.accepted_at, accepted_at=None, expected_at=None)
)
_KEEP: Final = (
    update(releases).where(*_ONE).values(certificate=bindparam("its_certificate"), chain=bindparam("its_chain"))
)
_NOT_HELD: Final = update(releases).where(releases.c.leased_until.is_not(None)).values(leased_until=None)
_OF_REQUEST: Final = select(releases).where(releases.c.request == bindparam("of")).order_by(releases.c.number)
_CERTIFICATE: Final = (
    select(releases.c.certificate, releases.c.chain)
    .where(releases.c.request == bindparam("of"), releases.c.certificate.is_not(None))
    .order_by(releases.c.number.desc())
    .limit(1)
)
_DEEDS: Final = select(requests.c.id, requests.c.operation, requests.c.material, requests.c.execution).where(
    requests.c.object_key.in_(bindparam("keys", expanding=True)),
    requests.c.operation_status == literally(OperationStatus.EXECUTED),
)


def claim(session: Session, at: datetime, lease: timedelta, limit: int) -> tuple[ClaimedRelease, ...]:
    """Releases that are due and that nobody else holds, earliest first, held until *at* + *lease*."""
    rows = session.execute(_CLAIMABLE, {"moment": at, "limit": limit}).all()
    claimed = tuple(
        ClaimedRelease(
            request=RequestId(row.request),
            number=row.number,
            attempt=row.attempts + 1,
            unsure=row.begun_at is not None,
            expected_at=row.expected_at,
        )
        for row in rows
    )
    if claimed:
        session.execute(
            _CLAIM,
            [
                {
                    "of": one.request,
                    "as_number": one.number,
                    "attempt": one.attempt,
                    "until": at + lease,
                    "moment": at,
                }
                for one in claimed
            ],
        )
    return claimed


def finish_attempt(
    session: Session,
    claimed: ClaimedRelease,
    *,
    due_at: datetime | None,
    via: str = "",
    said: str = "",
    accepted_at: datetime | None = None,
    begun_at: datetime | None = None,
    expected_at: datetime | None = None,
) -> bool:
    """Whether it was still held as *claimed*."""
    values = {
        "of": claimed.request,
        "as_number": claimed.number,
        "attempt": claimed.attempt,
        "next": due_at,
        "since": begun_at,
        "accepted": accepted_at,
        "via": via,
        "word": said,
        "wanted_by": expected_at,
    }
    return session.execute(_LET_GO, values).rowcount == 1


def end(session: Session, request: RequestId) -> None:
    """Nothing more is to be delivered of this request."""
    session.execute(_ENDED, {"of": request})


def deliver_again(session: Session, request: RequestId, at: datetime) -> None:
    """What was accepted is handed over again, from *at* on; nobody knows what came of it."""
    session.execute(_AGAIN, {"of": request, "moment": at})


def save_certificate(session: Session, request: RequestId, certificate: Certificate) -> None:
    """The certificate that its last release brought."""
    [*_, last] = of_request(session, request)
    values = {"its_certificate": certificate.pem, "its_chain": certificate.chain_pem}
    session.execute(_KEEP, {"of": request, "as_number": last.number, **values})


def end_leases(session: Session) -> None:
    """Let go of every claimed release; what was begun stays known as begun."""
    session.execute(_NOT_HELD)


def of_request(session: Session, request: RequestId) -> tuple[ReleaseState, ...]:
    """Each release of the request, in order."""
    return tuple(_state(row) for row in session.execute(_OF_REQUEST, {"of": request}))


def certificate_of(session: Session, request: RequestId) -> Certificate | None:
    row = session.execute(_CERTIFICATE, {"of": request}).one_or_none()
    return None if row is None else Certificate(pem=row.certificate, chain_pem=row.chain or "")


def executed_on(session: Session, object_keys: Collection[str]) -> tuple[Deed, ...]:
    """What was executed under one of these object keys, oldest request first."""
    deeds = [
        Deed(
            request=row.id,
            operation=row.operation,
            at=Execution.model_validate_json(row.execution).at,
            revocation_reason=json.loads(row.material)["revocation_reason"],
        )
        for row in session.execute(_DEEDS, {"keys": sorted(object_keys)})
    ]
    return tuple(sorted(deeds, key=lambda deed: deed.request))  # a few: what has been done to one object


def _state(row: AnyRow) -> ReleaseState:
    return ReleaseState(
        number=row.number,
        at=row.at,
        attempts=row.attempts,
        due_at=row.due_at,
        begun_at=row.begun_at,
        accepted_at=row.accepted_at,
        connector=row.connector,
        said=row.said,
    )


class SqlReleaseReader(Repository):
    """`domain.ports.releases.ReleaseReader`."""

    of_request = query(of_request)
    certificate_of = query(certificate_of)
    executed_on = query(executed_on)


class SqlReleaseWriter(SqlReleaseReader):
    """`domain.ports.releases.ReleaseWriter`."""

    claim = query(claim)
    finish_attempt = query(finish_attempt)
    deliver_again = query(deliver_again)
    end = query(end)
    save_certificate = query(save_certificate)
