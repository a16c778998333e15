"""Rules of resources, and what was noted of a request by them.

Revision: 2026_11_22_resource_rules
Revises: 2026_11_21_notices_that_end
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_resource_rules"
down_revision = "2026_11_21_notices_that_end"
branch_labels = None
depends_on = None

EXECUTED = sa.text("operation_status = 'executed'")


def upgrade() -> None:
    """Resources have no rules at first, and nothing was noted of the requests that there are."""
    op.add_column("resources", sa.Column("rules", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("requests", sa.Column("noted", sa.Text(), nullable=False, server_default="[]"))
    op.create_index("requests_executed", "requests", ["object_key"], postgresql_where=EXECUTED, sqlite_where=EXECUTED)
