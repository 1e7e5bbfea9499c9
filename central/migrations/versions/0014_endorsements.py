"""Requests for endorsements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "endorsement_case",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("document", sa.String(length=12), nullable=False),
        sa.Column("offers", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("state_since", sa.DateTime(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("slip", sa.String(length=40), nullable=False),
        sa.Column("fen", sa.Integer(), nullable=False),
        sa.Column("pass_place", sa.String(length=20), nullable=False),
        sa.Column("custody", sa.String(length=40), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_endorsement_case")),
    )
    with op.batch_alter_table("endorsement_case", schema=None) as batch_op:
        for column in ("holder", "document", "visit", "slip"):
            batch_op.create_index(batch_op.f(f"ix_endorsement_case_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("endorsement_case")
