"""Who looks at their Home, and what the Home lists under Recent.

Revision: 2026_11_21_home
Revises: 2026_11_21_tokens
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_home"
down_revision = "2026_11_21_tokens"
branch_labels = None
depends_on = None

# As it was on that day: a migration never imports what may change after it.
MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")


def where(condition: str) -> dict[str, Any]:
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "viewers",
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("viewers_pk")),
    )
    op.create_index("viewers_by_age", "viewers", ["seen_at"])
    op.create_index("requests_closed", "requests", ["requester", "closed_at", "id"], **where("closed_at IS NOT NULL"))
    op.create_index("decisions_by", "decisions", ["by", "at", "request"])
    op.create_index(
        "decisions_for", "decisions", ["on_behalf_of", "at", "request"], **where("on_behalf_of IS NOT NULL")
    )
