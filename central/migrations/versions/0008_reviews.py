"""The medical report a review or an application rests on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("traffic_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("report", sa.String(length=40), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("traffic_case", schema=None) as batch_op:
        batch_op.drop_column("report")
