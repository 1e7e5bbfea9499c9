"""Decided fines and what was paid towards them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fine_receipt",
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("fen", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("order_number", name=op.f("pk_fine_receipt")),
    )
    op.create_table(
        "sandbox_fine",
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=18), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("fine_fen", sa.Integer(), nullable=False),
        sa.Column("pay_by", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("decision", name=op.f("pk_sandbox_fine")),
    )
    op.create_table(
        "sandbox_fine_payment",
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("fen", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_sandbox_fine_payment")),
    )
    for table, column in (
        ("fine_receipt", "decision"),
        ("sandbox_fine", "person"),
        ("sandbox_fine_payment", "decision"),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("sandbox_fine_payment")
    op.drop_table("sandbox_fine")
    op.drop_table("fine_receipt")
