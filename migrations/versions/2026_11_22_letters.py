"""Words to people that are about no request.

Revision: 2026_11_22_letters
Revises: 2026_11_22_expected
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_letters"
down_revision = "2026_11_22_expected"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")
OCCASIONS = ("delegated", "revoked", "appointed", "nobody_administers")


def upgrade() -> None:
    """Of delegations that were made before, their people were told then."""
    occasion = sa.Enum(*OCCASIONS, name="occasion", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "letters",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("occasion", occasion, nullable=False),
        sa.Column("delegation", NUMBER, nullable=True),
        sa.Column("by", sa.String(length=80), nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["delegation"], ["delegations.number"], name=op.f("letters_delegation_fk")),
        sa.PrimaryKeyConstraint("key", name=op.f("letters_pk")),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index("letters_due", "letters", ["due_at"], postgresql_where=due, sqlite_where=due)
