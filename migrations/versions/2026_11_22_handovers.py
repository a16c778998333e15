"""Certificates on their way to their requesters, as files.

Revision: 2026_11_22_handovers
Revises: 2026_11_22_authorities
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_handovers"
down_revision = "2026_11_22_authorities"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Those that were made before can be looked at behind their button."""
    op.create_table(
        "handovers",
        sa.Column("request", NUMBER, autoincrement=False, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=40), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name=op.f("handovers_request_fk")),
        sa.PrimaryKeyConstraint("request", name=op.f("handovers_pk")),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index("handovers_due", "handovers", ["due_at"], postgresql_where=due, sqlite_where=due)
