"""Tickets of the help desk, and what was said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "answered", "closed", name="ticketstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("escalated_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("more", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ticket")),
        sa.UniqueConstraint("key", name=op.f("uq_ticket_key")),
    )
    op.create_index(op.f("ix_ticket_terminal"), "ticket", ["terminal"])
    op.create_index(op.f("ix_ticket_state"), "ticket", ["state"])
    op.create_table(
        "ticket_line",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_line")),
    )
    op.create_index(op.f("ix_ticket_line_number"), "ticket_line", ["number"])


def downgrade() -> None:
    for table in ("ticket_line", "ticket"):
        op.drop_table(table)
