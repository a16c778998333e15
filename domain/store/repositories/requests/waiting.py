"""Requests that wait for a person. A million open requests cost the same as ten.

First come the steps that they may act on, whoever's profiles these are: a few. Of each, the newest open requests are taken from an index
that begins with the step, and the few found are then asked themselves, so that the rules stand in one place.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Executable, Select, Subquery, bindparam, exists, func, or_, select, true, union

from domain.approvals.eligibility import capacity
from domain.approvals.requests import Request, RequestId
from domain.approvals.status import RequestStatus, WorkItemStatus
from domain.people.people import Person
from domain.ports import ListFilter, Page
from domain.store.repositories.requests.filters import passes
from domain.store.repositories.requests.loading import load_all
from domain.store.session import POSTGRESQL, SQLITE, Session
from domain.store.tables import profile_step_approvers, spent, work_items
from domain.store.tables.types import literally

_LAST: Final = RequestId(2**63 - 1)
_MORE: Final = 5
"""Looked at beyond the page, for those that the rules leave out and SQL does not."""


def _steps(*, further: bool) -> Subquery:
    """The steps that this person may act on: as one of their approvers, or *further*, only where they have escalated."""
    named = profile_step_approvers
    return (
        select(named.c.profile, named.c.version, named.c.step)
        .distinct()
        .where(named.c.approver.in_(bindparam("approvers", expanding=True)), named.c.further.is_(further))
        .subquery("further_steps" if further else "steps")
    )


def _newest(items: Any, steps: Subquery, filter: ListFilter | None, *, further: bool) -> Select[Any]:
    """The newest requests that wait at one of *steps*, pass *filter*, and on which this person has not decided."""
    used = exists().where(
        spent.c.person == bindparam("person"), spent.c.request == items.c.request, spent.c.gate == items.c.position
    )
    return (
        select(items.c.request)
        .where(
            items.c.profile == steps.c.profile,
            items.c.version == steps.c.version,
            (items.c.escalated_step if further else items.c.step) == steps.c.step,
            items.c.status == literally(WorkItemStatus.PENDING),
            items.c.request < bindparam("before"),
            _is_not_barred(items),
            ~used,
            *passes(items.c.request, filter),
        )
        .order_by(items.c.request.desc())
        .limit(bindparam("limit"))
        .correlate(steps)
    )


def _is_not_barred(items: Any) -> ColumnElement[bool]:
    return or_(items.c.barred.is_(None), items.c.barred != bindparam("person"))


def _laterally(filter: ListFilter | None, *, further: bool) -> Select[Any]:
    steps = _steps(further=further)
    newest = _newest(work_items, steps, filter, further=further).lateral("further_newest" if further else "newest")
    return select(newest.c.request).select_from(steps).join(newest, true())


def _correlated(filter: ListFilter | None, *, further: bool) -> Select[Any]:
    """The same where there is no LATERAL: the newest of each step as a list that one column is looked up in."""
    steps, item = _steps(further=further), work_items.alias("item")
    newest = _newest(work_items, steps, filter, further=further)
    found = select(item.c.request).select_from(steps).join(item, item.c.request.in_(newest))
    return found.where(item.c.status == literally(WorkItemStatus.PENDING))


def _both(of: Callable[..., Select[Any]], filter: ListFilter | None = None) -> Executable:
    """What waits at this person's own steps, and at those that have escalated to them."""
    found = union(of(filter, further=False), of(filter, further=True)).subquery("waiting_at_steps")
    return select(found.c.request).order_by(found.c.request.desc()).limit(bindparam("limit"))


_WAYS: Final[Mapping[str, Callable[..., Select[Any]]]] = {POSTGRESQL: _laterally, SQLITE: _correlated}
_AT_OWN_STEPS: Final[Mapping[str, Executable]] = {
    dialect: select(func.count()).select_from(
        way(None, further=False).limit(bindparam("limit")).subquery("at_own_steps")
    )
    for dialect, way in _WAYS.items()
}
"""How many wait at this person's own steps: in no order, so that the database stops as soon as there are enough."""
_WAITING: Final[Mapping[str, Executable]] = {dialect: _both(way) for dialect, way in _WAYS.items()}


def waiting_on(
    session: Session,
    person: Person,
    *,
    delegators: Sequence[Person] = (),
    filter: ListFilter | None = None,
    limit: int = 10,
    before: RequestId | None = None,
) -> Page:
    """Open requests whose current step *person* may decide now, newest first."""
    if not person.takes_part or (
        filter and filter.statuses is not None and RequestStatus.WAITING not in filter.statuses
    ):
        return Page(requests=())
    found: list[Request] = []
    statement = _WAITING[session.dialect] if filter is None else _both(_WAYS[session.dialect], filter)
    approvers = _all_names(person, delegators)
    look, last = limit + 1 + _MORE, before or _LAST
    while len(found) <= limit:
        ids = _candidates(session, statement, person, approvers, look, last)
        found += [request for request in load_all(session, ids) if capacity(request, person, delegators) is not None]
        if len(ids) < look:
            break
        last = ids[-1]
    shown = found[:limit]
    return Page(requests=tuple(shown), next=shown[-1].id if len(found) > limit else None)


def count_waiting(session: Session, person: Person, *, delegators: Sequence[Person] = (), most: int) -> int:
    """How many requests `waiting_on` would give, counted up to *most*.

    Without delegators SQL leaves out whatever the rules do, and the requests need not be looked at.
    """
    if not person.takes_part:
        return 0
    if delegators:
        return len(waiting_on(session, person, delegators=delegators, limit=most).requests)
    values = {"person": person.id, "approvers": _all_names(person, ()), "limit": most, "before": _LAST}
    own: int = session.execute(_AT_OWN_STEPS[session.dialect], values).scalar_one()
    if own >= most:
        return most
    return len(_candidates(session, _WAITING[session.dialect], person, _all_names(person, ()), most, _LAST))


def _candidates(
    session: Session, statement: Executable, person: Person, approvers: list[str], limit: int, before: RequestId
) -> list[RequestId]:
    rows = session.execute(
        statement,
        {"person": person.id, "approvers": approvers, "limit": limit, "before": before},
    )
    return list(map(RequestId, rows.scalars()))


def _all_names(person: Person, delegators: Sequence[Person]) -> list[str]:
    return sorted({name for approver in (person, *delegators) for name in _names(approver)})


def _names(person: Person) -> list[str]:
    """What *person* is called in `profile_step_approvers`."""
    return [
        f"user:{person.id}",
        *(f"group:{group}" for group in person.groups),
        *(f"role:{role}" for role in person.roles),
    ]
