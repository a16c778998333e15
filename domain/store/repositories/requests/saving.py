"""Saves a change of a request: compare and swap on its version, backed by unique constraints."""

from typing import Any, Final

from sqlalchemy import bindparam, case, insert, literal_column, or_, select, update
from sqlalchemy.exc import IntegrityError

from domain import pki
from domain.approvals.changes import Change
from domain.approvals.requests import Request, RequestId, WorkItem
from domain.approvals.status import OperationStatus, RequestStatus
from domain.common.errors import Conflict
from domain.notices.update_queue import Queue
from domain.store.drivers.batched_writes import Write, write
from domain.store.drivers.driver_errors import violates
from domain.store.repositories.audit import EMPTY, append
from domain.store.repositories.requests.loading import ESCALATIONS, NOTED
from domain.store.session import Head, Session, per_dialect
from domain.store.tables import comments, counters, decisions, releases, requests, spent, work_items
from domain.store.tables.types import literally

_NEXT_ID: Final = per_dialect(
    lambda insert: (
        insert(counters)
        .values(name="request", value=1)
        .on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
        .returning(counters.c.value)
    )
)
_OPEN_FOR: Final = select(requests.c.id).where(
    requests.c.object_key == bindparam("object"), requests.c.status == literally(RequestStatus.WAITING)
)
# Not ordered here: there is hardly ever more than one, and PostgreSQL would walk all requests from the newest to find it in order.
_EXECUTED_FOR: Final = select(requests.c.id).where(
    requests.c.object_key == bindparam("object"),
    requests.c.operation_status == literally(OperationStatus.EXECUTED),
)
_HEAD: Final = select(requests.c.audit_number, requests.c.audit_hash).where(
    requests.c.id == bindparam("request"), requests.c.version == bindparam("read")
)

_ADD: Final = insert(requests)
_was_stale: Final = or_(requests.c.announced < requests.c.version, requests.c.marked)
_CHANGE: Final = (
    update(requests)
    .where(requests.c.id == bindparam("request"), requests.c.version == bindparam("read"))
    .values(
        version=bindparam("saved"),
        status=bindparam("new_status"),
        operation_status=bindparam("new_operation_status"),
        closed_at=bindparam("closed"),
        execution=bindparam("executing"),
        override=bindparam("overriding"),
        cancellation=bindparam("cancelling"),
        decision_count=bindparam("decided"),
        comment_count=bindparam("commented"),
        audit_number=bindparam("last"),
        audit_hash=bindparam("last_hash"),
        # since when its messages are out of date
        announce_at=case(
            (_was_stale & (requests.c.announce_at < bindparam("moment")), requests.c.announce_at),
            else_=bindparam("moment", type_=requests.c.announce_at.type),
        ),
        announce_queue=literal_column(str(int(Queue.CHANGED))),
    )
)
_ADD_ITEMS: Final = insert(work_items)
_CHANGE_ITEM: Final = (
    update(work_items)
    .where(work_items.c.request == bindparam("of"), work_items.c.position == bindparam("at_position"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "version", "status", "step", "opened_at", "step_opened_at", "deadline", "closed_at", "overridden", "escalations",
                "escalated_step", "escalates_at", "reminded_at", "barred",
            )
        }
    )
)  # fmt: skip
_ADD_DECISIONS: Final = insert(decisions)
_SPEND: Final = insert(spent)
_ADD_COMMENTS: Final = insert(comments)
_ADD_RELEASES: Final = insert(releases)


class AnotherIsOpen(Exception):
    """The database found another open request for the same operation and object: who it is has to be looked up in a new transaction."""

    def __init__(self, object_key: str) -> None:
        self.object_key = object_key
        super().__init__(object_key)


def new_id(session: Session) -> RequestId:
    """A number never given before. Who submits at the same moment waits for it until this transaction ends, so no number is left out."""
    return RequestId(session.execute(_NEXT_ID[session.dialect]).scalar_one())


def open_for(session: Session, object_key: str) -> RequestId | None:
    """The open request for this operation and object."""
    found = session.execute(_OPEN_FOR, {"object": object_key}).scalar_one_or_none()
    return None if found is None else RequestId(found)


def executed_for(session: Session, object_key: str) -> RequestId | None:
    """The latest request for this operation and object that was executed."""
    found = max(session.execute(_EXECUTED_FOR, {"object": object_key}).scalars(), default=None)
    return None if found is None else RequestId(found)


def save(session: Session, change: Change) -> Request:
    """Save *change*, made on the version of the request that it says.

    Gives the request with its new version. Raises Conflict, AnotherIsOpen.
    """
    request = change.request
    saved = request.replace(version=request.version + 1)
    said = [
        *(Write(_ADD_DECISIONS, {**decision.model_dump(), "request": request.id}) for decision in change.decisions),
        *(
            Write(_SPEND, {"person": who, "request": request.id, "gate": decision.gate, "decision": decision.number})
            for decision in change.decisions
            for who in sorted(decision.spends)
        ),
        *(Write(_ADD_COMMENTS, {**comment.model_dump(), "request": request.id}) for comment in change.comments),
        *(Write(_ADD_RELEASES, {**release.model_dump(), "due_at": release.at}) for release in change.releases),
    ]
    if request.version == 0:
        _insert(session, change, saved)
        if said:
            write(session, said)
    else:
        _update(session, change, saved, said)
    return saved


def _insert(session: Session, change: Change, saved: Request) -> None:
    key = pki.object_key(saved.material)
    head = append(session, f"request:{saved.id}", EMPTY, change.audit)
    row = {
        "id": saved.id,
        "version": saved.version,
        "operation": saved.operation,
        "entry": saved.entry,
        "entry_name": saved.entry_name,
        "requester": saved.requester,
        "reason": saved.reason,
        "material": saved.material.model_dump_json(),
        "digest": saved.digest,
        "noted": NOTED.dump_json(saved.noted).decode(),
        "object_key": key,
        "status": saved.status,
        "operation_status": saved.operation_status,
        "created_at": saved.created_at,
        "closed_at": saved.closed_at,
        "override": _json(saved.override),
        "cancellation": _json(saved.cancellation),
        "resubmission_of": saved.resubmission_of,
        "submission_key": saved.submission_key,
        "client": saved.client,
        "certificate_profile": saved.certificate_profile,
        "certificate_authority": saved.certificate_authority,
        "execution": _json(saved.execution),
        "decision_count": len(saved.decisions),
        "comment_count": len(saved.comments),
        "audit_number": head.number,
        "audit_hash": head.hash,
        "announced": 0,
        "announce_at": saved.created_at,
    }
    try:
        session.execute(_ADD, row)
    except IntegrityError as error:
        if violates(error, "requests_one_open", "requests.object_key"):
            raise AnotherIsOpen(key) from error
        raise
    if saved.work_items:
        session.execute(_ADD_ITEMS, [_whole(saved, item) for item in saved.work_items])
    session.seen[saved.id] = saved, head


def _update(session: Session, change: Change, saved: Request, said: list[Write]) -> None:
    items, head = _before(session, change.request)
    head = append(session, f"request:{saved.id}", head, change.audit)
    swap = {
        "request": saved.id,
        "read": change.request.version,
        "saved": saved.version,
        "new_status": saved.status,
        "new_operation_status": saved.operation_status,
        "closed": saved.closed_at,
        "executing": _json(saved.execution),
        "overriding": _json(saved.override),
        "cancelling": _json(saved.cancellation),
        "decided": len(saved.decisions),
        "commented": len(saved.comments),
        "last": head.number,
        "last_hash": head.hash,
        "moment": change.audit[-1].at if change.audit else saved.created_at,
    }
    changed = [item for item in saved.work_items if items.get(item.position) != item]
    moved = [Write(_CHANGE_ITEM, _changed(saved, item)) for item in changed]
    if write(session, [Write(_CHANGE, swap), *moved, *said]) != 1:
        raise Conflict
    session.seen[saved.id] = saved, head


def _before(session: Session, request: Request) -> tuple[dict[int, WorkItem], Head]:
    """The work items, as far as they are known, and the head of the audit chain at the version of *request*."""
    seen, head = session.seen.get(request.id, (None, EMPTY))
    if seen is not None and seen.version == request.version:
        return {item.position: item for item in seen.work_items}, head
    row = session.execute(_HEAD, {"request": request.id, "read": request.version}).one_or_none()
    if row is None:
        raise Conflict
    return {}, Head(*row)


def _whole(request: Request, item: WorkItem) -> dict[str, Any]:
    return {
        "request": request.id,
        "position": item.position,
        "kind": item.gate.kind,
        "resource": item.gate.resource,
        "resource_name": item.gate.resource_name,
        "profile": item.profile.profile,
        **_moving(request, item),
    }


def _changed(request: Request, item: WorkItem) -> dict[str, Any]:
    new = {f"new_{name}": value for name, value in _moving(request, item).items()}
    return {"of": request.id, "at_position": item.position, **new}


def _moving(request: Request, item: WorkItem) -> dict[str, Any]:
    """What a move may change in a work item; its resource and profile it may not."""
    return {
        "version": item.profile.number,
        "status": item.status,
        "step": item.step,
        "opened_at": item.opened_at,
        "step_opened_at": item.step_opened_at,
        "deadline": item.deadline,
        "closed_at": item.closed_at,
        "overridden": item.overridden,
        "escalations": ESCALATIONS.dump_json(item.escalations).decode(),
        "escalated_step": item.step if item.escalated_at is not None else None,
        "escalates_at": item.escalates_at,
        "reminded_at": item.reminded_at,
        "barred": None if item.profile.definition.requester_may_approve else request.requester,
    }


def _json(value: Any) -> str | None:
    return None if value is None else value.model_dump_json()
