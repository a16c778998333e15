"""The audit trail and the number sequences."""

from typing import Final

from sqlalchemy import (
    Column,
    Identity,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from domain.audit.entries import Action, Source
from domain.store.tables.base import Number, metadata
from domain.store.tables.types import Moment, one_of

audit_entries: Final = Table(
    "audit_entries",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("chain", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("source", one_of(Source, "source"), nullable=False),
    Column("action", one_of(Action, "action"), nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(80)),
    Column("on_behalf_of", String(80)),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("chain", "number"),
)
_OF_NO_REQUEST: Final = text("chain = 'countersign'")
Index(
    "audit_entries_by_subject",
    audit_entries.c.subject,
    audit_entries.c.number,
    postgresql_where=_OF_NO_REQUEST,
    sqlite_where=_OF_NO_REQUEST,
)

audit_heads: Final = Table(
    "audit_heads",
    metadata,
    Column("chain", String(40), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""The head of the chain `countersign`. Those of requests stand on the requests."""

counters: Final = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Number, nullable=False),
)
