"""Filters of lists, as conditions on `requests`: the same for every list."""

from sqlalchemy import ColumnElement, exists, or_, select

from domain.ports import ListFilter
from domain.store.tables import requests, work_items


def restrictions(filter: ListFilter | None, *, one_by_one: bool = False) -> list[ColumnElement[bool]]:
    """The conditions that *filter* puts on `requests`; none where it restricts nothing.

    *one_by_one* is for a list that has found its requests already, and looks whether each of them passes.
    """
    if filter is None:
        return []
    found: list[ColumnElement[bool]] = []
    if filter.statuses is not None:
        found.append(requests.c.status.in_(sorted(filter.statuses)))
    if filter.operation is not None:
        found.append(requests.c.operation == filter.operation)
    if filter.resource is not None:
        found.append(or_(requests.c.entry == filter.resource, _is_gated_by(filter.resource, one_by_one=one_by_one)))
    if filter.requester is not None:
        found.append(requests.c.requester == filter.requester)
    if filter.client is not None:
        found.append(requests.c.client == filter.client)
    if filter.created_from is not None:
        found.append(requests.c.created_at >= filter.created_from)
    if filter.created_before is not None:
        found.append(requests.c.created_at < filter.created_before)
    return found


def passes(request: ColumnElement[int], filter: ListFilter | None) -> list[ColumnElement[bool]]:
    """The condition that the request with the number *request*, a column of another table, passes *filter*."""
    conditions = restrictions(filter, one_by_one=True)
    return [exists().where(requests.c.id == request, *conditions).correlate_except(requests)] if conditions else []


def _is_gated_by(resource: str, *, one_by_one: bool) -> ColumnElement[bool]:
    gate = work_items.alias("gate")  # who asks may be looking through work items itself
    if one_by_one:
        return exists().where(gate.c.request == requests.c.id, gate.c.resource == resource).correlate(requests)
    return requests.c.id.in_(select(gate.c.request).where(gate.c.resource == resource))
