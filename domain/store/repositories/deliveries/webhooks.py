"""Webhook endpoints and their deliveries."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, exists, select, update

from domain.approvals.requests import RequestId
from domain.audit.entries import Action
from domain.platforms.webhooks import KEPT, Delivery, Endpoint
from domain.store.repositories.deliveries.outbox import Outbox
from domain.store.repository import Repository, query
from domain.store.session import AnyRow, Session, per_dialect, upsert
from domain.store.tables import requests, untold, webhook_deliveries, webhooks

_ALL: Final = select(webhooks).order_by(webhooks.c.key)
_ONE: Final = select(webhooks).where(webhooks.c.key == bindparam("of"))
_ONE_LOCKED: Final = _ONE.with_for_update()
_SAVE: Final = upsert(webhooks)
_DELETE: Final = delete(webhooks).where(webhooks.c.key == bindparam("of"))

_UNTOLD: Final = (
    select(requests.c.id, requests.c.told)
    .where(untold)
    .order_by(requests.c.id)
    .limit(bindparam("limit"))
    .with_for_update(key_share=True, skip_locked=True)
)
_TOLD: Final = update(requests).where(requests.c.id == bindparam("request")).values(told=bindparam("number"))

_ADD: Final = per_dialect(
    lambda insert: insert(webhook_deliveries).on_conflict_do_nothing(index_elements=["endpoint", "request", "number"])
)
_DELIVERY: Final = select(webhook_deliveries).where(webhook_deliveries.c.id == bindparam("of"))
_SEND_AGAIN: Final = (
    update(webhook_deliveries)
    .where(webhook_deliveries.c.id == bindparam("of"))
    .values(due_at=bindparam("moment"), delivered_at=None, leased_until=None)
)
_DELETE_OF: Final = delete(webhook_deliveries).where(webhook_deliveries.c.endpoint == bindparam("of"))
_NEWEST: Final = (
    select(webhook_deliveries)
    .where(webhook_deliveries.c.endpoint == bindparam("of"))
    .order_by(webhook_deliveries.c.id.desc())
    .limit(bindparam("limit"))
)
_WAITING: Final = (
    select(webhook_deliveries)
    .where(webhook_deliveries.c.endpoint == bindparam("of"), webhook_deliveries.c.due_at.is_not(None))
    .order_by(webhook_deliveries.c.id)
    .limit(bindparam("limit"))
)
_earlier: Final = webhook_deliveries.alias("earlier")
outbox: Final = Outbox(
    webhook_deliveries,
    outcome=["delivered_at", "status", "failure"],
    only=[
        webhook_deliveries.c.endpoint == bindparam("of"),
        ~exists().where(
            _earlier.c.endpoint == webhook_deliveries.c.endpoint,
            _earlier.c.request == webhook_deliveries.c.request,
            _earlier.c.number < webhook_deliveries.c.number,
            _earlier.c.due_at.is_not(None),
        ),
    ],
)
"""Of one request, only the earliest delivery that an endpoint has not accepted can be claimed."""
_OLD: Final = (
    select(webhook_deliveries.c.id)
    .where(
        webhook_deliveries.c.delivered_at <= bindparam("moment"),
        webhook_deliveries.c.due_at.is_(None),
    )
    .order_by(webhook_deliveries.c.delivered_at)
    .limit(bindparam("limit"))
)
_FORGET: Final = delete(webhook_deliveries).where(webhook_deliveries.c.id.in_(bindparam("ids", expanding=True)))


def endpoints(session: Session) -> tuple[Endpoint, ...]:
    """All, by name."""
    return tuple(map(_endpoint, session.execute(_ALL)))


def endpoint(session: Session, key: str) -> Endpoint | None:
    row = session.execute(_ONE, {"of": key}).one_or_none()
    return None if row is None else _endpoint(row)


def lock_endpoint(session: Session, key: str) -> Endpoint | None:
    """The endpoint, locked until the end of the transaction."""
    row = session.execute(_ONE_LOCKED, {"of": key}).one_or_none()
    return None if row is None else _endpoint(row)


def save_endpoint(session: Session, endpoint: Endpoint) -> None:
    session.execute(_SAVE[session.dialect], endpoint.model_dump() | {"events": " ".join(sorted(endpoint.events))})


def delete_endpoint(session: Session, key: str) -> None:
    """With all that was on its way to it."""
    session.execute(_DELETE_OF, {"of": key})
    session.execute(_DELETE, {"of": key})


def requests_with_new_events(session: Session, limit: int) -> tuple[tuple[RequestId, int], ...]:
    """Requests with entries that were not looked at for webhooks, locked, each with the number of the last that was."""
    return tuple((RequestId(row.id), row.told) for row in session.execute(_UNTOLD, {"limit": limit}))


def advance_cursor(session: Session, request: RequestId, number: int) -> None:
    session.execute(_TOLD, {"request": request, "number": number})


def add_delivery(session: Session, endpoint: str, request: RequestId, number: int, event: Action, at: datetime) -> None:
    """On its way from now on, unless it was already."""
    row = {"endpoint": endpoint, "request": request, "number": number, "event": event, "due_at": at}
    session.execute(_ADD[session.dialect], row | {"attempts": 0, "failure": ""})


def delivery(session: Session, number: int) -> Delivery | None:
    row = session.execute(_DELIVERY, {"of": number}).one_or_none()
    return None if row is None else _delivery(row)


def send_again(session: Session, number: int, at: datetime) -> None:
    session.execute(_SEND_AGAIN, {"of": number, "moment": at})


def deliveries(session: Session, key: str, *, waiting: bool, limit: int) -> tuple[Delivery, ...]:
    """The newest to this endpoint, or the oldest that it has not taken."""
    return tuple(map(_delivery, session.execute(_WAITING if waiting else _NEWEST, {"of": key, "limit": limit})))


def claim(session: Session, key: str, at: datetime, lease: timedelta, limit: int) -> tuple[Delivery, ...]:
    rows = outbox.claim(session, at, lease, limit, of=key)
    return tuple(_delivery(row).replace(attempts=row.attempts + 1) for row in rows)


def finish(session: Session, delivery: Delivery, at: datetime, status: int) -> bool:
    return outbox.finish(session, [delivery.id], delivery.attempts, delivered_at=at, status=status, failure="")


def retry(session: Session, delivery: Delivery, due_at: datetime, *, status: int | None, failure: str) -> bool:
    outcome = {"delivered_at": None, "status": status, "failure": failure}
    return outbox.retry(session, [delivery.id], delivery.attempts, due_at, **outcome)


def forget(session: Session, at: datetime, limit: int) -> int:
    """Those that were taken long before *at*."""
    ids = session.execute(_OLD, {"moment": at - KEPT, "limit": limit}).scalars().all()
    if ids:
        session.execute(_FORGET, {"ids": ids})
    return len(ids)


def _endpoint(row: AnyRow) -> Endpoint:
    events = frozenset(map(Action, row.events.split()))
    return Endpoint(**{**row._asdict(), "events": events})


def _delivery(row: AnyRow) -> Delivery:
    return Delivery.model_validate(row, from_attributes=True)


class SqlWebhookReader(Repository):
    """`domain.ports.platforms.WebhookReader`."""

    endpoints = query(endpoints)
    endpoint = query(endpoint)
    delivery = query(delivery)
    deliveries = query(deliveries)


class SqlWebhookWriter(SqlWebhookReader):
    """`domain.ports.platforms.WebhookWriter`."""

    lock_endpoint = query(lock_endpoint)
    save_endpoint = query(save_endpoint)
    delete_endpoint = query(delete_endpoint)
    requests_with_new_events = query(requests_with_new_events)
    advance_cursor = query(advance_cursor)
    add_delivery = query(add_delivery)
    send_again = query(send_again)
    claim = query(claim)
    finish = query(finish)
    retry = query(retry)
    forget = query(forget)
