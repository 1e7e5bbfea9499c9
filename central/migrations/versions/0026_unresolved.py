"""What was handed to the desk for matters that could not be done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unresolved",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("ticket", sa.String(length=20), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "taken", "settled", name="unresolvedstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("assigned", sa.String(length=40), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("slip", sa.String(length=20), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_unresolved")),
        sa.UniqueConstraint("ticket", name=op.f("uq_unresolved_ticket")),
    )
    op.create_index(op.f("ix_unresolved_state"), "unresolved", ["state"])


def downgrade() -> None:
    op.drop_table("unresolved")
