"""Released operations are delivered: where each one goes, how far its delivery has come, and how it ended.

Revision: 2026_11_22_delivery
Revises: 2026_11_22_webhooks
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_delivery"
down_revision = "2026_11_22_webhooks"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")
OPERATIONS = ("enroll", "re_enroll", "issue", "renew", "rekey", "revoke")
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
    "operation.executed",
    "operation.failed",
    "operation.lapsed",
    "operation.retried",
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
    "notice.tried_again",
    "webhook.saved",
    "webhook.deleted",
)
NOTICES = ("ask", "progress", "outcome", "review", "reminder", "nudge", "warning", "alert", "overridden", "operation")


def where(condition: str) -> dict[str, Any]:
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def upgrade() -> None:
    _releases()
    op.add_column("requests", sa.Column("certificate_profile", sa.String(length=63), nullable=True))
    op.add_column("requests", sa.Column("certificate_authority", sa.String(length=63), nullable=True))
    op.add_column("requests", sa.Column("execution", sa.Text(), nullable=True))
    op.add_column("resources", sa.Column("connector", sa.String(length=80), nullable=True))
    for table, column, values in (("audit_entries", "action", ACTIONS), ("notices", "kind", NOTICES)):
        listed = ", ".join(f"'{value}'" for value in values)
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"{table}_{column}_check"), type_="check")
            batch.create_check_constraint(op.f(f"{table}_{column}_check"), f"{column} IN ({listed})")


def _releases() -> None:
    """The table anew, with another key. What was released before stays to be carried out by hand: it is never due."""
    op.execute("CREATE TABLE releases_before AS SELECT * FROM releases")
    op.drop_table("releases")
    op.create_table(
        "releases",
        sa.Column("request", NUMBER, nullable=False),
        sa.Column(
            "operation",
            sa.Enum(*OPERATIONS, name="operation", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("begun_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("connector", sa.String(length=80), server_default="", nullable=False),
        sa.Column("said", sa.Text(), server_default="", nullable=False),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("chain", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name=op.f("releases_request_fk")),
        sa.PrimaryKeyConstraint("request", "number", name=op.f("releases_pk")),
    )
    op.execute(
        "INSERT INTO releases (request, operation, digest, at, number) SELECT request, operation, digest, at, 1 FROM releases_before"
    )
    op.drop_table("releases_before")
    op.create_index("releases_due", "releases", ["due_at"], **where("due_at IS NOT NULL"))
