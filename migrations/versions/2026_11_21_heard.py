"""Remember when Slack told of somebody, or of a user group, outside of the lists.

Revision: 2026_11_21_heard
Revises: 2026_11_21_home
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_heard"
down_revision = "2026_11_21_home"
branch_labels = None
depends_on = None

MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "heard",
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("heard_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("heard_pk")),
    )
    op.create_index("heard_by_time", "heard", ["heard_at"])
