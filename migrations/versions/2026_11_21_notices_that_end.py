"""What became of notices: since when one failed, when the trouble that one told of was over; and what looks for all of it quickly.

Revision: 2026_11_21_notices_that_end
Revises: 2026_11_21_heard
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_notices_that_end"
down_revision = "2026_11_21_heard"
branch_labels = None
depends_on = None

# As it was on that day: a migration never imports what may change after it.
MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")

KINDS = ("ask", "progress", "outcome", "review", "reminder", "nudge", "warning", "alert", "overridden")
ACTIONS = (
    "request.submitted", "request.approved_ungated", "step.opened", "step.escalated", "step.reminded", "work_item.opened",
    "work_item.blocked", "work_item.closed", "work_item.followed_profile", "decision.recorded", "comment.added", "request.closed",
    "request.overridden", "operation.released", "profile.saved", "profile.deleted", "resource.saved", "resource.deleted",
    "group.saved", "group.deleted", "role.saved", "role.deleted", "usergroup.changed", "person.standing_changed", "delegation.made",
    "delegation.revoked", "token.created", "token.revoked", "notice.tried_again",
)  # fmt: skip


def where(condition: str) -> dict[str, Any]:
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def upgrade() -> None:
    op.add_column("notices", sa.Column("failed_at", MOMENT, nullable=True))
    op.add_column("notices", sa.Column("settled_at", MOMENT, nullable=True))
    _one_of("notices", "kind", KINDS)
    _one_of("audit_entries", "action", ACTIONS)
    op.create_index("notices_alerts", "notices", ["request"], **where("kind = 'alert' AND settled_at IS NULL"))
    op.create_index("work_items_blocked", "work_items", ["request"], **where("status = 'blocked'"))
    op.create_index("requests_failed", "requests", ["id"], **where("operation_status = 'failed'"))


def _one_of(table: str, column: str, values: tuple[str, ...]) -> None:
    """Have *column* hold one of *values*: more than it could before."""
    name, listed = op.f(f"{table}_{column}_check"), ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as altered:
        altered.drop_constraint(name, type_="check")
        altered.create_check_constraint(name, f"{column} IN ({listed})")
