"""Builds requests from their rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Select, bindparam, select
from sqlalchemy.sql.elements import ColumnElement

from domain.approvals.decisions import Cancellation, Comment, Decision, Override
from domain.approvals.execution import Execution
from domain.approvals.requests import Escalated, Request, RequestId, WorkItem
from domain.approvals.resources import Gate
from domain.pki import Material, Note
from domain.store.repositories.profiles import get_version
from domain.store.session import AnyRow, Head, Session
from domain.store.tables import comments, decisions, requests, work_items

_REQUEST: Final = (
    requests.c.id, requests.c.version, requests.c.operation, requests.c.entry, requests.c.entry_name, requests.c.requester,
    requests.c.reason, requests.c.material, requests.c.digest, requests.c.noted, requests.c.status, requests.c.operation_status,
    requests.c.created_at, requests.c.closed_at, requests.c.override, requests.c.cancellation, requests.c.resubmission_of,
    requests.c.submission_key,
    requests.c.decision_count, requests.c.comment_count, requests.c.audit_number, requests.c.audit_hash,
    requests.c.client,
    requests.c.certificate_profile, requests.c.certificate_authority, requests.c.execution,
)  # fmt: skip

ESCALATIONS: Final = TypeAdapter(tuple[Escalated, ...])
"""As JSON, in a column of the work item."""
NOTED: Final = TypeAdapter(tuple[Note, ...])
"""As JSON, in a column of the request."""

_Rows = dict[int, list[AnyRow]]


def _one(column: ColumnElement[int]) -> ColumnElement[bool]:
    return column == bindparam("id")


def _these(column: ColumnElement[int]) -> ColumnElement[bool]:
    return column.in_(bindparam("ids", expanding=True))


def _parts(of: Any) -> tuple[Select[Any], Select[Any], Select[Any]]:
    """The statements for work items, decisions and comments."""
    return (
        select(work_items).where(of(work_items.c.request)).order_by(work_items.c.request, work_items.c.position),
        select(decisions).where(of(decisions.c.request)).order_by(decisions.c.request, decisions.c.number),
        select(comments).where(of(comments.c.request)).order_by(comments.c.request, comments.c.number),
    )


_ONE: Final = select(*_REQUEST).where(_one(requests.c.id))
_LOCKED: Final = _ONE.with_for_update(key_share=True)  # who adds a notice refers to the row, and need not wait for it
_THESE: Final = select(*_REQUEST).where(_these(requests.c.id))
_VERSIONS: Final = select(requests.c.id, requests.c.version).where(_these(requests.c.id))
_PARTS_OF_ONE: Final = _parts(_one)
_PARTS_OF_THESE: Final = _parts(_these)


def load(session: Session, id: RequestId) -> Request | None:
    """The request, or None."""
    return _load(session, id, _ONE) if session.snapshot else next(iter(load_all(session, [id])), None)


def lock(session: Session, id: RequestId) -> Request | None:
    """The request, or None. Locking is the first statement: what is read after it is what the lock protects."""
    return _load(session, id, _LOCKED)


def _load(session: Session, id: RequestId, statement: Select[Any]) -> Request | None:
    row = session.execute(statement, {"id": id}).one_or_none()
    return None if row is None else _built(session, [row], *_parts_of(session, [row], _PARTS_OF_ONE, {"id": id}))[0]


def load_all(session: Session, ids: Collection[int]) -> tuple[Request, ...]:
    """The requests with these ids, in this order; those that there are not are left out."""
    wanted = list(ids)
    if not wanted:
        return ()
    while True:
        rows = session.execute(_THESE, {"ids": wanted}).all()
        parts = _parts_of(session, rows, _PARTS_OF_THESE, {"ids": wanted})
        if session.snapshot or _still(session, rows, wanted):
            break  # else some were changed between two of the statements; the transaction's deadline bounds the attempts
    found = {request.id: request for request in _built(session, rows, *parts)}
    return tuple(found[request_id] for request_id in map(RequestId, wanted) if request_id in found)


def _still(session: Session, rows: Sequence[AnyRow], ids: list[int]) -> bool:
    """Whether the requests are still at the versions of *rows*."""
    return {(row.id, row.version) for row in rows} == {tuple(row) for row in session.execute(_VERSIONS, {"ids": ids})}


def _parts_of(
    session: Session, rows: Sequence[AnyRow], parts: tuple[Select[Any], Select[Any], Select[Any]], of: dict[str, Any]
) -> tuple[_Rows, _Rows, _Rows]:
    """The rows of the work items, decisions and comments of *rows*, each by request."""
    items, made, said = parts
    return (
        _by_request(session.execute(items, of)),
        _by_request(session.execute(made, of)) if any(row.decision_count for row in rows) else {},
        _by_request(session.execute(said, of)) if any(row.comment_count for row in rows) else {},
    )


def _built(
    session: Session, rows: Sequence[AnyRow], items_of: _Rows, decisions_of: _Rows, comments_of: _Rows
) -> list[Request]:
    return [
        _request(
            session,
            row,
            tuple(_work_item(session, item) for item in items_of.get(row.id, ())),
            tuple(_decision(decision) for decision in decisions_of.get(row.id, ())),
            tuple(_comment(comment) for comment in comments_of.get(row.id, ())),
        )
        for row in rows
    ]


def _by_request(rows: Iterable[AnyRow]) -> _Rows:
    found = defaultdict(list)
    for row in rows:
        found[row.request].append(row)
    return found


def _request(
    session: Session,
    row: AnyRow,
    items: tuple[WorkItem, ...],
    made: tuple[Decision, ...],
    said: tuple[Comment, ...],
) -> Request:
    request = Request(
        id=row.id,
        version=row.version,
        operation=row.operation,
        entry=row.entry,
        entry_name=row.entry_name,
        requester=row.requester,
        reason=row.reason,
        material=_material(row.material),
        digest=row.digest,
        noted=_noted(row.noted),
        status=row.status,
        operation_status=row.operation_status,
        created_at=row.created_at,
        closed_at=row.closed_at,
        work_items=items,
        decisions=made,
        comments=said,
        override=None if row.override is None else Override.model_validate_json(row.override),
        cancellation=None if row.cancellation is None else Cancellation.model_validate_json(row.cancellation),
        resubmission_of=row.resubmission_of,
        submission_key=row.submission_key,
        client=row.client,
        certificate_profile=row.certificate_profile,
        certificate_authority=row.certificate_authority,
        execution=None if row.execution is None else Execution.model_validate_json(row.execution),
    )
    session.seen[request.id] = request, Head(row.audit_number, row.audit_hash)
    return request


@lru_cache(maxsize=256)
def _material(text: str) -> Material:
    """Material is validated down to its digest, which costs as much as all the rest; the same text is the same material."""
    return Material.model_validate_json(text)


@lru_cache(maxsize=256)
def _noted(text: str) -> tuple[Note, ...]:
    return NOTED.validate_json(text)


def _work_item(session: Session, row: AnyRow) -> WorkItem:
    profile = get_version(session, row.profile, row.version)
    if profile is None:
        raise LookupError(f"version {row.version} of the profile {row.profile} is gone")  # its foreign key forbids it
    return WorkItem(
        position=row.position,
        gate=Gate(kind=row.kind, resource=row.resource, resource_name=row.resource_name, profile=profile),
        status=row.status,
        step=row.step,
        opened_at=row.opened_at,
        step_opened_at=row.step_opened_at,
        deadline=row.deadline,
        closed_at=row.closed_at,
        overridden=row.overridden,
        escalations=ESCALATIONS.validate_json(row.escalations),
        reminded_at=row.reminded_at,
    )


def _decision(row: AnyRow) -> Decision:
    return Decision(
        number=row.number,
        gate=row.gate,
        step=row.step,
        by=row.by,
        on_behalf_of=row.on_behalf_of,
        verdict=row.verdict,
        comment=row.comment,
        at=row.at,
        digest=row.digest,
    )


def _comment(row: AnyRow) -> Comment:
    return Comment(number=row.number, by=row.by, text=row.text, at=row.at)
