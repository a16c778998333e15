"""Released operations: which are due, their delivery state, and their results."""

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
from domain.store.repositories.deliveries.outbox import Outbox
from domain.store.repository import Repository, query
from domain.store.session import AnyRow, Session
from domain.store.tables import releases, requests
from domain.store.tables.types import literally

outbox: Final = Outbox(
    releases,
    outcome=["begun_at", "accepted_at", "connector", "said", "expected_at"],
    on_claim={"begun_at": func.coalesce(releases.c.begun_at, bindparam("moment", type_=releases.c.begun_at.type))},
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
    update(releases)
    .where(releases.c.request == bindparam("of"), releases.c.number == bindparam("as_number"))
    .values(certificate=bindparam("its_certificate"), chain=bindparam("its_chain"))
)
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
    return tuple(
        ClaimedRelease(
            request=RequestId(row.request),
            number=row.number,
            attempt=row.attempts + 1,
            unsure=row.begun_at is not None,
            expected_at=row.expected_at,
        )
        for row in outbox.claim(session, at, lease, limit)
    )


def finish(
    session: Session,
    claimed: ClaimedRelease,
    *,
    via: str = "",
    accepted_at: datetime | None = None,
    expected_at: datetime | None = None,
) -> bool:
    outcome = {"connector": via, "accepted_at": accepted_at, "expected_at": expected_at}
    return outbox.finish(session, [claimed.request, claimed.number], claimed.attempt, begun_at=None, said="", **outcome)


def retry(
    session: Session,
    claimed: ClaimedRelease,
    due_at: datetime,
    *,
    via: str = "",
    said: str = "",
    begun_at: datetime | None = None,
    expected_at: datetime | None = None,
) -> bool:
    outcome = {"connector": via, "said": said, "begun_at": begun_at, "expected_at": expected_at}
    return outbox.retry(
        session, [claimed.request, claimed.number], claimed.attempt, due_at, accepted_at=None, **outcome
    )


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
    finish = query(finish)
    retry = query(retry)
    deliver_again = query(deliver_again)
    end = query(end)
    save_certificate = query(save_certificate)
