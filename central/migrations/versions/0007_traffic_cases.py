"""Applications at the traffic desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "traffic_case",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("matter", sa.String(length=30), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("plate", sa.String(length=12), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=False),
        sa.Column("ready_by", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("term_years", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("mail_to", sa.String(length=200), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("slip", sa.String(length=40), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("portrait", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_traffic_case")),
    )
    with op.batch_alter_table("traffic_case", schema=None) as batch_op:
        for column in ("holder", "slip", "visit"):
            batch_op.create_index(batch_op.f(f"ix_traffic_case_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("traffic_case")
