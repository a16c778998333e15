"""Tokens of the HTTP API, and the platform with whose token a request was submitted.

Revision: 2026_11_21_tokens
Revises: 2026_11_21_first_tables
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_tokens"
down_revision = "2026_11_21_first_tables"
branch_labels = None
depends_on = None

MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")
ACTIONS = (
    "request.submitted",
    "request.approved_ungated",
    "step.opened",
    "step.escalated",
    "step.reminded",
    "work_item.opened",
    "work_item.blocked",
    "work_item.closed",
    "work_item.followed_profile",
    "decision.recorded",
    "comment.added",
    "request.closed",
    "request.overridden",
    "operation.released",
    "profile.saved",
    "profile.deleted",
    "resource.saved",
    "resource.deleted",
    "group.saved",
    "group.deleted",
    "role.saved",
    "role.deleted",
    "usergroup.changed",
    "person.standing_changed",
    "delegation.made",
    "delegation.revoked",
    "token.created",
    "token.revoked",
)


def upgrade() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("client", sa.String(length=63), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("tokens_pk")),
        sa.UniqueConstraint("digest", name=op.f("tokens_digest_key")),
    )
    op.add_column("requests", sa.Column("client", sa.String(length=63), nullable=True))
    of_client = sa.text("client IS NOT NULL")
    op.create_index(
        "requests_by_client", "requests", ["client", "id"], postgresql_where=of_client, sqlite_where=of_client
    )
    op.create_index(
        "requests_one_submission_of_client",
        "requests",
        ["client", "submission_key"],
        unique=True,
        postgresql_where=of_client,
        sqlite_where=of_client,
    )
    with op.batch_alter_table("audit_entries") as batch:
        batch.drop_constraint(op.f("audit_entries_action_check"), type_="check")
        batch.create_check_constraint(op.f("audit_entries_action_check"), sa.column("action").in_(ACTIONS))
