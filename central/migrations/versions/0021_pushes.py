"""Pushes, for server processes that share a database file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "push",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("terminals", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("push")
