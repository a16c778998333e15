"""Other platforms: tokens of the HTTP API, and webhooks."""

from typing import Final

from sqlalchemy import (
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from domain.store.tables.base import Number, metadata
from domain.store.tables.types import Moment

tokens: Final = Table(
    "tokens",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("client", String(63), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
)
"""Of a token all but the token."""


webhooks: Final = Table(
    "webhooks",
    metadata,
    Column("key", String(63), primary_key=True),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("rotated_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Moment),
    Column("paused_at", Moment),
    Column("paused_because", Text, nullable=False),
)

webhook_deliveries: Final = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("endpoint", String(63), ForeignKey("webhooks.key"), nullable=False),
    Column("request", Number, ForeignKey("requests.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("event", String(40), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment),
    Column("delivered_at", Moment),
    Column("status", Integer),
    Column("failure", Text, nullable=False),
    Column("leased_until", Moment),
    UniqueConstraint("endpoint", "request", "number"),
)
_on_its_way = text("due_at IS NOT NULL")
Index(
    "webhook_deliveries_due",
    webhook_deliveries.c.endpoint,
    webhook_deliveries.c.due_at,
    postgresql_where=_on_its_way,
    sqlite_where=_on_its_way,
)
Index("webhook_deliveries_of_endpoint", webhook_deliveries.c.endpoint, webhook_deliveries.c.id)
_taken = text("due_at IS NULL")
Index("webhook_deliveries_taken", webhook_deliveries.c.delivered_at, postgresql_where=_taken, sqlite_where=_taken)
