"""Approval profiles and resources."""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from domain.approvals.resources import ResourceKind
from domain.common.operations import Operation
from domain.store.tables.base import metadata
from domain.store.tables.types import Moment, one_of

profiles: Final = Table(
    "profiles",
    metadata,
    Column("key", String(63), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("folded_name", Text, nullable=False),  # casefolded in Python: SQLite's lower() knows only ASCII
    Column("deleted_at", Moment),
)
_listed = text("deleted_at IS NULL")
Index("profiles_one_name", profiles.c.folded_name, unique=True, postgresql_where=_listed, sqlite_where=_listed)

profile_versions: Final = Table(
    "profile_versions",
    metadata,
    Column("profile", String(63), ForeignKey("profiles.key"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("definition", Text, nullable=False),
    PrimaryKeyConstraint("profile", "number"),
)

profile_step_approvers: Final = Table(
    "profile_step_approvers",
    metadata,
    Column("profile", String(63), nullable=False),
    Column("version", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("approver", String(88), nullable=False),
    Column("further", Boolean, nullable=False),  # only once the step has escalated
    PrimaryKeyConstraint("approver", "profile", "version", "step"),
    ForeignKeyConstraint(["profile", "version"], ["profile_versions.profile", "profile_versions.number"]),
)
"""Who may act on which step of which version: `user:T1/U1`, `group:KEY`, `role:KEY`."""

drafts: Final = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("content", Text, nullable=False),
    Column("kept_at", Moment, nullable=False),
)
Index("drafts_by_age", drafts.c.kept_at)

resources: Final = Table(
    "resources",
    metadata,
    Column("key", String(63), primary_key=True),
    Column("kind", one_of(ResourceKind, "kind"), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("end_entity_profile", String(63)),
    Column("certificate_profile", String(63)),
    Column("certificate_authority", String(63)),
    Column("rules", Text, nullable=False, server_default="{}"),
    Column("connector", String(80)),
)

resource_approvals: Final = Table(
    "resource_approvals",
    metadata,
    Column("resource", String(63), ForeignKey("resources.key"), nullable=False),
    Column("operation", one_of(Operation, "operation"), nullable=False),
    Column("profile", String(63), ForeignKey("profiles.key"), nullable=False),
    PrimaryKeyConstraint("resource", "operation"),
)
Index("resource_approvals_by_profile", resource_approvals.c.profile)
