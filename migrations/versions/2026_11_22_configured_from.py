"""Remember which configuration file was last applied at a start.

Revision: 2026_11_22_configured_from
Revises: 2026_11_22_delivery
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_configured_from"
down_revision = "2026_11_22_delivery"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workspace", sa.Column("configured_from", sa.String(length=64), nullable=True))
