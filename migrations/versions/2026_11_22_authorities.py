"""Certificate authorities of our own: what they issued and revoked, and their revocation lists.

Revision: 2026_11_22_authorities
Revises: 2026_11_22_daily
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_authorities"
down_revision = "2026_11_22_daily"
branch_labels = None
depends_on = None

MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")
REASONS = (
    "unspecified", "key_compromise", "ca_compromise", "affiliation_changed", "superseded", "cessation_of_operation",
    "certificate_hold", "privilege_withdrawn", "aa_compromise",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "ca_certificates",
        sa.Column("authority", sa.String(length=63), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("operation_key", sa.String(length=80), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("not_after", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column(
            "revocation_reason",
            sa.Enum(*REASONS, name="revocation_reason", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("revoked_for", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("authority", "serial", name=op.f("ca_certificates_pk")),
        sa.UniqueConstraint("authority", "operation_key", name=op.f("ca_certificates_authority_operation_key_key")),
    )
    revoked = sa.text("revoked_at IS NOT NULL")
    op.create_index(
        "ca_certificates_revoked",
        "ca_certificates",
        ["authority", "revoked_at"],
        postgresql_where=revoked,
        sqlite_where=revoked,
    )
    op.create_table(
        "ca_crls",
        sa.Column("authority", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("this_update", MOMENT, nullable=False),
        sa.Column("next_update", MOMENT, nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("authority", name=op.f("ca_crls_pk")),
    )
