"""Drivers' examinations, and a medical institution that judges them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "driver_exam",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("filing", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=False),
        sa.Column("state_since", sa.DateTime(), nullable=False),
        sa.Column("answer_by", sa.DateTime(), nullable=False),
        sa.Column("measured", sa.Text(), nullable=False),
        sa.Column("report", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_driver_exam")),
    )
    with op.batch_alter_table("driver_exam", schema=None) as batch_op:
        for column in ("holder", "visit"):
            batch_op.create_index(batch_op.f(f"ix_driver_exam_{column}"), [column], unique=False)
    op.create_table(
        "sandbox_medical_exam",
        sa.Column("case_number", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=18), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("answers_at", sa.DateTime(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_number", name=op.f("pk_sandbox_medical_exam")),
    )
    with op.batch_alter_table("sandbox_medical_exam", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sandbox_medical_exam_answers_at"), ["answers_at"], unique=False)


def downgrade() -> None:
    op.drop_table("sandbox_medical_exam")
    op.drop_table("driver_exam")
