"""Signed configuration, and its way to the fleet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "configuration_file",
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_configuration_file")),
    )
    op.create_table(
        "rollout",
        sa.Column("set_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("progress", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("set_number", name=op.f("pk_rollout")),
    )
    op.create_table(
        "rollout_terminal",
        sa.Column("set_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("told", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("set_number", "terminal", name=op.f("pk_rollout_terminal")),
    )


def downgrade() -> None:
    for table in ("rollout_terminal", "rollout", "configuration_file"):
        op.drop_table(table)
