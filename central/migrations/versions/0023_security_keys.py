"""Security keys of the people at the console."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "console_key",
        sa.Column("id", sa.String(length=400), nullable=False),
        sa.Column("user", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_console_key")),
    )
    op.create_index(op.f("ix_console_key_user"), "console_key", ["user"])
    op.create_table(
        "console_challenge",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("challenge", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("session", name=op.f("pk_console_challenge")),
    )


def downgrade() -> None:
    op.drop_table("console_challenge")
    op.drop_index(op.f("ix_console_key_user"), "console_key")
    op.drop_table("console_key")
