"""What the staff say aloud to whoever called, while the call is open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket_clip",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_clip")),
    )
    op.create_index(op.f("ix_ticket_clip_number"), "ticket_clip", ["number"])
    op.create_index(op.f("ix_ticket_clip_sha256"), "ticket_clip", ["sha256"])
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("voice", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("ticket_line") as line:
        line.add_column(sa.Column("spoken_ms", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("ticket_line") as line:
        line.drop_column("spoken_ms")
    with op.batch_alter_table("ticket") as ticket:
        ticket.drop_column("voice")
    op.drop_table("ticket_clip")
