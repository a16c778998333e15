"""Local certificate authorities."""

from typing import Final

from sqlalchemy import (
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from domain.pki import RevocationReason
from domain.store.tables.base import metadata
from domain.store.tables.types import Moment, one_of

ca_certificates: Final = Table(
    "ca_certificates",
    metadata,
    Column("authority", String(63), nullable=False),
    Column("serial", String(40), nullable=False),
    Column("operation_key", String(80), nullable=False),
    Column("certificate", Text, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("not_after", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("revocation_reason", one_of(RevocationReason, "revocation_reason")),
    Column("revoked_for", String(80)),
    PrimaryKeyConstraint("authority", "serial"),
    UniqueConstraint("authority", "operation_key"),  # an operation makes one certificate, whatever happens
)
_revoked = text("revoked_at IS NOT NULL")
Index(
    "ca_certificates_revoked",
    ca_certificates.c.authority,
    ca_certificates.c.revoked_at,
    postgresql_where=_revoked,
    sqlite_where=_revoked,
)

ca_crls: Final = Table(
    "ca_crls",
    metadata,
    Column("authority", String(63), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("this_update", Moment, nullable=False),
    Column("next_update", Moment, nullable=False),
    Column("pem", Text, nullable=False),
)
