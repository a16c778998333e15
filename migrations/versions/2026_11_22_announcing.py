"""Queues in which requests wait to be announced, a number for each hold on one, and who announces.

Revision: 2026_11_22_announcing
Revises: 2026_11_22_handovers
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_announcing"
down_revision = "2026_11_22_handovers"
branch_labels = None
depends_on = None

MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")
STALE = sa.text("(announced < version OR marked)")


def upgrade() -> None:
    # added one by one: SQLite would copy the whole table otherwise
    op.add_column("requests", sa.Column("announce_queue", sa.Integer(), server_default="0", nullable=False))
    op.add_column("requests", sa.Column("lease", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "requests_queued", "requests", ["announce_queue", "announce_at"], postgresql_where=STALE, sqlite_where=STALE
    )
    op.add_column("notices", sa.Column("drawn", sa.String(length=32), server_default="", nullable=False))
    op.create_table(
        "announcers",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("announcers_pk")),
    )
