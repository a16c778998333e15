"""Webhooks: endpoints, deliveries, and how far each request's record was looked at for them.

Revision: 2026_11_22_webhooks
Revises: 2026_11_22_resource_rules
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_webhooks"
down_revision = "2026_11_22_resource_rules"
branch_labels = None
depends_on = None

# As they were on that day: a migration never imports what may change after it.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")
ACTIONS = (
    "request.submitted", "request.approved_ungated", "step.opened", "step.escalated", "step.reminded", "work_item.opened",
    "work_item.blocked", "work_item.closed", "work_item.followed_profile", "decision.recorded", "comment.added", "request.closed",
    "request.overridden", "operation.released", "profile.saved", "profile.deleted", "resource.saved", "resource.deleted",
    "group.saved", "group.deleted", "role.saved", "role.deleted", "usergroup.changed", "person.standing_changed", "delegation.made",
    "delegation.revoked", "token.created", "token.revoked", "notice.tried_again", "webhook.saved", "webhook.deleted",
)  # fmt: skip


def where(condition: str) -> dict[str, Any]:
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def upgrade() -> None:
    _one_of("audit_entries", "action", ACTIONS)
    op.add_column("requests", sa.Column("told", sa.Integer(), server_default="0", nullable=False))
    op.create_index("requests_untold", "requests", ["id"], **where("told < audit_number"))
    op.create_table(
        "webhooks",
        sa.Column("key", sa.String(length=63), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("rotated_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("paused_because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("webhooks_pk")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", NUMBER, sa.Identity(), nullable=False),
        sa.Column("endpoint", sa.String(length=63), nullable=False),
        sa.Column("request", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["endpoint"], ["webhooks.key"], name=op.f("webhook_deliveries_endpoint_fk")),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name=op.f("webhook_deliveries_request_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("webhook_deliveries_pk")),
        sa.UniqueConstraint(
            "endpoint", "request", "number", name=op.f("webhook_deliveries_endpoint_request_number_key")
        ),
    )
    op.create_index(
        "webhook_deliveries_due", "webhook_deliveries", ["endpoint", "due_at"], **where("due_at IS NOT NULL")
    )
    op.create_index("webhook_deliveries_of_endpoint", "webhook_deliveries", ["endpoint", "id"])
    op.create_index("webhook_deliveries_taken", "webhook_deliveries", ["delivered_at"], **where("due_at IS NULL"))


def _one_of(table: str, column: str, values: tuple[str, ...]) -> None:
    """Have *column* hold one of *values*: more than it could before."""
    name, listed = op.f(f"{table}_{column}_check"), ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as altered:
        altered.drop_constraint(name, type_="check")
        altered.create_check_constraint(name, f"{column} IN ({listed})")
