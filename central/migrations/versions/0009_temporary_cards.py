"""Temporary identity cards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "temporary_card",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("card_case", sa.String(length=20), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=False),
        sa.Column("state_since", sa.DateTime(), nullable=False),
        sa.Column("ready_by", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("slip", sa.String(length=40), nullable=False),
        sa.Column("portrait", sa.String(length=64), nullable=False),
        sa.Column("portrait_review", sa.Boolean(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_temporary_card")),
    )
    with op.batch_alter_table("temporary_card", schema=None) as batch_op:
        for column in ("holder", "card_case", "visit", "slip"):
            batch_op.create_index(batch_op.f(f"ix_temporary_card_{column}"), [column], unique=False)
    op.create_table(
        "sandbox_temporary_card",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sandbox_temporary_card")),
    )
    with op.batch_alter_table("sandbox_temporary_card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sandbox_temporary_card_made_at"), ["made_at"], unique=False)


def downgrade() -> None:
    op.drop_table("sandbox_temporary_card")
    op.drop_table("temporary_card")
