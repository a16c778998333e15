"""Lists of requests. Pages follow the request numbers, so a new request does not move others to the next page."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Executable, Select, bindparam, func, or_, select, true

from domain.approvals.profiles import ProfileId
from domain.approvals.requests import Request, RequestId
from domain.approvals.status import RequestStatus, WorkItemStatus
from domain.people.people import PersonId
from domain.ports import ListFilter, Page
from domain.store.repositories.requests.filters import restrictions
from domain.store.repositories.requests.loading import load_all
from domain.store.session import POSTGRESQL, SQLITE, Session
from domain.store.tables import is_open_item, profile_step_approvers, requests, work_items
from domain.store.tables.types import literally

_IDS: Final = select(requests.c.id).order_by(requests.c.id.desc()).limit(bindparam("limit"))
_REQUESTED: Final = _IDS.where(requests.c.requester == bindparam("requester"))
_HOW_MANY_REQUESTED: Final = select(func.count()).select_from(
    select(requests.c.id)
    .where(requests.c.requester == bindparam("requester"))
    .limit(bindparam("most"))
    .subquery("requested")
)
_OPEN: Final = (
    select(requests.c.id)
    .where(requests.c.status == literally(RequestStatus.WAITING), requests.c.id > bindparam("after"))
    .order_by(requests.c.id)
    .limit(bindparam("limit"))
)
_BLOCKED: Final = (
    select(work_items.c.request)
    .where(
        work_items.c.profile == bindparam("profile"),
        work_items.c.status == literally(WorkItemStatus.BLOCKED),
        is_open_item,
    )
    .order_by(work_items.c.request)
)
_naming_versions: Final = (
    select(profile_step_approvers.c.profile, profile_step_approvers.c.version)
    .distinct()
    .where(profile_step_approvers.c.approver == bindparam("approver"))
    .subquery("naming")
)
_OLDEST_NAMING: Final = (
    select(work_items.c.request)
    .where(
        work_items.c.profile == _naming_versions.c.profile,
        work_items.c.version == _naming_versions.c.version,
        is_open_item,
    )
    .order_by(work_items.c.request)
    .limit(bindparam("limit"))
    .correlate(_naming_versions)
)


def _each_laterally() -> Executable:
    oldest = _OLDEST_NAMING.lateral("oldest")
    found = select(oldest.c.request).select_from(_naming_versions).join(oldest, true())
    return found.distinct().order_by(oldest.c.request).limit(bindparam("limit"))


def _each_correlated() -> Executable:
    """The same where there is no LATERAL."""
    item = work_items.alias("item")
    found = select(item.c.request).select_from(_naming_versions).join(item, item.c.request.in_(_OLDEST_NAMING))
    return found.distinct().order_by(item.c.request).limit(bindparam("limit"))


_NAMING: Final[Mapping[str, Executable]] = {POSTGRESQL: _each_laterally(), SQLITE: _each_correlated()}
"""Of each version that names an approver the oldest open requests: walking all requests in order would meet every closed one."""
_RESUBMISSIONS: Final = (
    select(requests.c.id).where(requests.c.resubmission_of == bindparam("id")).order_by(requests.c.id)
)
_SUBMITTED_AS: Final = select(requests.c.id).where(
    requests.c.requester == bindparam("requester"), requests.c.submission_key == bindparam("key")
)
_DUE: Final = (
    select(requests.c.id)
    .join_from(work_items, requests, requests.c.id == work_items.c.request)
    .where(work_items.c.status == literally(WorkItemStatus.PENDING), work_items.c.deadline <= bindparam("moment"))
    .order_by(work_items.c.deadline, requests.c.id)
    .limit(bindparam("limit"))
    .with_for_update(of=requests, key_share=True, skip_locked=True)
)
_ESCALATING: Final = (
    select(requests.c.id)
    .join_from(work_items, requests, requests.c.id == work_items.c.request)
    .where(
        work_items.c.status == literally(WorkItemStatus.PENDING),
        work_items.c.escalates_at <= bindparam("moment"),
        or_(work_items.c.deadline.is_(None), work_items.c.deadline > bindparam("moment")),
    )
    .order_by(work_items.c.escalates_at, requests.c.id)
    .limit(bindparam("limit"))
    .with_for_update(of=requests, key_share=True, skip_locked=True)
)

_SUBMITTED_WITH: Final = select(requests.c.id).where(
    requests.c.client == bindparam("client"), requests.c.id.in_(bindparam("ids", expanding=True))
)
_SUBMITTED_BY: Final = select(requests.c.id).where(
    requests.c.client == bindparam("client"), requests.c.submission_key == bindparam("key")
)


def requested_by(
    session: Session,
    person: PersonId,
    *,
    filter: ListFilter | None = None,
    limit: int = 10,
    before: RequestId | None = None,
) -> Page:
    return _page(session, _REQUESTED, {"requester": person}, filter, limit, before)


def count_requested(session: Session, person: PersonId, *, most: int) -> int:
    """How many requests are *person*'s, counted up to *most*."""
    count: int = session.execute(_HOW_MANY_REQUESTED, {"requester": person, "most": most}).scalar_one()
    return count


def all_requests(
    session: Session, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
) -> Page:
    return _page(session, _IDS, {}, filter, limit, before)


def open_requests(session: Session, *, after: RequestId | None = None, limit: int = 200) -> tuple[Request, ...]:
    """Every open request, oldest first, a batch at a time; the batch is empty only where there are no more."""
    last = after or 0
    while ids := session.execute(_OPEN, {"after": last, "limit": limit}).scalars().all():
        if found := tuple(request for request in load_all(session, ids) if not request.status.is_closed):
            return found
        last = ids[-1]  # all of them were closed between the two statements
    return ()


def blocked_on(session: Session, profile: ProfileId) -> tuple[RequestId, ...]:
    return _ids(session.execute(_BLOCKED, {"profile": profile}).scalars().all())


def naming(session: Session, approver: str, *, limit: int) -> tuple[RequestId, ...]:
    """Open requests with an open work item one of whose steps *approver* may decide, oldest first."""
    return _ids(session.execute(_NAMING[session.dialect], {"approver": approver, "limit": limit}).scalars().all())


def resubmissions_of(session: Session, id: RequestId) -> tuple[RequestId, ...]:
    return _ids(session.execute(_RESUBMISSIONS, {"id": id}).scalars().all())


def submitted_as(session: Session, requester: PersonId, key: str) -> Request | None:
    """The request that *requester* submitted under *key*."""
    ids = session.execute(_SUBMITTED_AS, {"requester": requester, "key": key}).scalars().all()
    return next(iter(load_all(session, ids)), None)


def submitted_by(session: Session, client: str, key: str) -> Request | None:
    """The request that the platform *client* submitted under *key*."""
    ids = session.execute(_SUBMITTED_BY, {"client": client, "key": key}).scalars().all()
    return next(iter(load_all(session, ids)), None)


def of_client(session: Session, client: str, ids: Collection[RequestId]) -> frozenset[RequestId]:
    """Those of *ids* that the platform *client* submitted."""
    if not ids:
        return frozenset()
    return frozenset(_ids(session.execute(_SUBMITTED_WITH, {"client": client, "ids": sorted(ids)}).scalars().all()))


def due(session: Session, at: datetime, limit: int) -> tuple[RequestId, ...]:
    """Open requests whose deadline is at or before *at*, earliest first, locked; those that are locked already are left out."""
    return _ids(session.execute(_DUE, {"moment": at, "limit": limit}).scalars().all())


def escalating(session: Session, at: datetime, limit: int) -> tuple[RequestId, ...]:
    """Open requests that escalate at or before *at*, and have not expired by then, as `due` gives them."""
    return _ids(session.execute(_ESCALATING, {"moment": at, "limit": limit}).scalars().all())


def _page(
    session: Session,
    statement: Select[Any],
    values: dict[str, Any],
    filter: ListFilter | None,
    limit: int,
    before: RequestId | None,
) -> Page:
    statement = statement.where(*restrictions(filter))
    if before is not None:
        statement = statement.where(requests.c.id < before)
    ids = session.execute(statement, {**values, "limit": limit + 1}).scalars().all()
    shown = ids[:limit]
    return Page(requests=load_all(session, shown), next=shown[-1] if len(ids) > limit else None)


def _ids(found: Sequence[int]) -> tuple[RequestId, ...]:
    return tuple(map(RequestId, found))
