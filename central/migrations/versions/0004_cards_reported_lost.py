"""Identity cards reported lost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loss_report",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("lost_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("manner", sa.String(length=20), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_loss_report")),
    )
    with op.batch_alter_table("loss_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loss_report_holder"), ["holder"], unique=False)
        batch_op.create_index(batch_op.f("ix_loss_report_visit"), ["visit"], unique=False)


def downgrade() -> None:
    op.drop_table("loss_report")
