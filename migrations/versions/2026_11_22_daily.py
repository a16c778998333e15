"""A daily word to administrators: one for each of them and day, whatever the request that it names first.

Revision: 2026_11_22_daily
Revises: 2026_11_22_configured_from
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_daily"
down_revision = "2026_11_22_configured_from"
branch_labels = None
depends_on = None

KINDS = (
    "ask", "progress", "outcome", "review", "reminder", "nudge", "warning", "alert", "overridden", "operation", "daily",
)  # fmt: skip


def upgrade() -> None:
    name, listed = op.f("notices_kind_check"), ", ".join(f"'{kind}'" for kind in KINDS)
    with op.batch_alter_table("notices") as altered:
        altered.drop_constraint(name, type_="check")
        altered.create_check_constraint(name, f"kind IN ({listed})")
    daily = sa.text("kind = 'daily'")
    op.create_index("notices_daily", "notices", ["key"], unique=True, postgresql_where=daily, sqlite_where=daily)
