"""Orders of people on duty to let somebody in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "door_order",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_door_order")),
    )
    with op.batch_alter_table("door_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_door_order_terminal"), ["terminal"], unique=False)


def downgrade() -> None:
    op.drop_table("door_order")
