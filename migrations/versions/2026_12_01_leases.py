"""Direct messages and webhook deliveries are leased as releases and certificate files are: by a time of its own.

Revision: 2026_12_01_leases
Revises: 2026_11_22_letters
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_01_leases"
down_revision = "2026_11_22_letters"
branch_labels = None
depends_on = None

MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Until now a lease stood in `due_at`; what is leased at this moment is due when that ends, as before."""
    for table in ("letters", "webhook_deliveries"):
        op.add_column(table, sa.Column("leased_until", MOMENT, nullable=True))
