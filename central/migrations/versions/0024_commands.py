"""Commands to terminals, and compartments that are kept shut."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "command",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("board", sa.Integer(), nullable=False),
        sa.Column("compartment", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ordered", "done", "refused", "failed", "over", name="commandstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("fetched_at", sa.DateTime(), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_command")),
        sa.UniqueConstraint("nonce", name=op.f("uq_command_nonce")),
    )
    op.create_index("ix_command_terminal_state", "command", ["terminal", "state"])
    op.create_table(
        "locked_compartment",
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_locked_compartment")),
    )


def downgrade() -> None:
    for table in ("locked_compartment", "command"):
        op.drop_table(table)
