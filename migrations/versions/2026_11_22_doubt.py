"""Until when Slack may still do what nobody knows the outcome of.

Revision: 2026_11_22_doubt
Revises: 2026_11_22_announcing
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_doubt"
down_revision = "2026_11_22_announcing"
branch_labels = None
depends_on = None

# As it was on that day: a migration never imports what may change after it.
MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("notices", sa.Column("doubtful_until", MOMENT, nullable=True))
