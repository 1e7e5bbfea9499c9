"""What citizens left at terminals that had no line."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pre_registration",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("quoted", sa.String(length=20), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "settled", name="preregistrationstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_pre_registration")),
    )
    op.create_index(op.f("ix_pre_registration_state"), "pre_registration", ["state"])
    op.create_index(op.f("ix_pre_registration_received_at"), "pre_registration", ["received_at"])


def downgrade() -> None:
    op.drop_table("pre_registration")
