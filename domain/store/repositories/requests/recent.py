"""Recent requests of a person: their own closed requests and those that they decided on.

Each request stands there once, at the moment when it last concerned them: when it closed, for their own; else when they decided on it, or
somebody did for them. Both come from an index in the order of these moments, so that the newest few cost the same at any size.
"""

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)

from domain.approvals.requests import RequestId
from domain.people.people import PersonId
from domain.ports import ListFilter, Page
from domain.store.repositories.requests.filters import passes, restrictions
from domain.store.repositories.requests.loading import load_all
from domain.store.session import Session
from domain.store.tables import decisions, requests
from domain.store.tables.types import Moment

_PERSON: Final[ColumnElement[str]] = bindparam("person")
_CLOSED: Final = and_(requests.c.requester == _PERSON, requests.c.closed_at.is_not(None))


def _earlier(moment: ColumnElement[Any], request: ColumnElement[int], *, paged: bool) -> list[ColumnElement[bool]]:
    here = tuple_(bindparam("moment", type_=Moment), bindparam("before"))
    return [tuple_(moment, request) < here] if paged else []


def _newest(
    name: str, moment: ColumnElement[Any], request: ColumnElement[int], *conditions: ColumnElement[bool]
) -> Select[Any]:
    newest = (
        select(request.label("request"), moment.label("moment"))
        .where(*conditions)
        .order_by(moment.desc(), request.desc())
        .limit(bindparam("limit"))
        .subquery(name)
    )
    return select(newest.c.request, newest.c.moment)


def _decided(name: str, whose: ColumnElement[str], filter: ListFilter | None, *, paged: bool) -> Select[Any]:
    later = decisions.alias("later")
    again = exists().where(
        later.c.request == decisions.c.request,
        later.c.number > decisions.c.number,
        or_(later.c.by == _PERSON, later.c.on_behalf_of == _PERSON),
    )
    own = exists().where(requests.c.id == decisions.c.request, _CLOSED)
    return _newest(
        name,
        decisions.c.at,
        decisions.c.request,
        whose == _PERSON,
        ~again,
        ~own,
        *_earlier(decisions.c.at, decisions.c.request, paged=paged),
        *passes(decisions.c.request, filter),
    )


def _recent(filter: ListFilter | None = None, *, paged: bool) -> Executable:
    closed = _newest(
        "closed_lately",
        requests.c.closed_at,
        requests.c.id,
        _CLOSED,
        *_earlier(requests.c.closed_at, requests.c.id, paged=paged),
        *restrictions(filter, one_by_one=True),
    )
    found = union_all(
        closed,
        _decided("decided_lately", decisions.c.by, filter, paged=paged),
        _decided("decided_for_lately", decisions.c.on_behalf_of, filter, paged=paged),
    ).subquery("lately")
    return select(found.c.request).order_by(found.c.moment.desc(), found.c.request.desc()).limit(bindparam("limit"))


_FIRST: Final = _recent(paged=False)
_FURTHER: Final = _recent(paged=True)
_MOMENT: Final = select(
    case((_CLOSED, requests.c.closed_at), else_=literal_column("NULL")).label("closed"),
    select(func.max(decisions.c.at, type_=Moment))
    .where(decisions.c.request == requests.c.id, or_(decisions.c.by == _PERSON, decisions.c.on_behalf_of == _PERSON))
    .scalar_subquery()
    .label("decided"),
).where(requests.c.id == bindparam("before"))
"""When the request with this number last concerned the person."""


def recent(
    session: Session,
    person: PersonId,
    *,
    filter: ListFilter | None = None,
    limit: int = 10,
    before: RequestId | None = None,
) -> Page:
    """What last concerned *person*, newest first. A page begins after the request *before*, wherever that stands by now."""
    values: dict[str, Any] = {"person": person, "limit": limit + 1}
    moment = None
    if before is not None:
        row = session.execute(_MOMENT, {"person": person, "before": before}).one_or_none()
        moment = (row.closed or row.decided) if row is not None else None
    paged = moment is not None
    if paged:
        values |= {"moment": moment, "before": before}
    statement = (_FURTHER if paged else _FIRST) if filter is None else _recent(filter, paged=paged)
    ids = session.execute(statement, values).scalars().all()
    shown = ids[:limit]
    return Page(requests=load_all(session, shown), next=shown[-1] if len(ids) > limit else None)
