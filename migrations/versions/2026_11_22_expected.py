"""When the result of a released operation is expected, and certificates that Slack would not share, found through indexes.

Revision: 2026_11_22_expected
Revises: 2026_11_22_doubt
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_expected"
down_revision = "2026_11_22_doubt"
branch_labels = None
depends_on = None

MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")
EXPECTED = sa.text("expected_at IS NOT NULL")
FAILED = sa.text("failure IS NOT NULL")


def upgrade() -> None:
    op.add_column("releases", sa.Column("expected_at", MOMENT, nullable=True))
    # what was accepted and not reported until now has been waited for long enough
    op.execute(
        "UPDATE releases SET expected_at = accepted_at WHERE accepted_at IS NOT NULL"
        " AND request IN (SELECT id FROM requests WHERE operation_status = 'released')"
    )
    op.create_index("releases_expected", "releases", ["expected_at"], postgresql_where=EXPECTED, sqlite_where=EXPECTED)
    op.create_index("handovers_failed", "handovers", ["request"], postgresql_where=FAILED, sqlite_where=FAILED)
