"""Certificates, queries of criminal records, and the sandbox's registers behind them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("authority", sa.String(length=80), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_certificate")),
    )
    op.create_table(
        "record_case",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("certificate", sa.String(length=20), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_record_case")),
    )
    for table in ("certificate", "record_case"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_holder"), ["holder"], unique=False)
            batch_op.create_index(batch_op.f(f"ix_{table}_visit"), ["visit"], unique=False)

    op.create_table(
        "sandbox_member",
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("household", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("electronic", sa.Boolean(), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("cancelled_why", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sandbox_member")),
    )
    with op.batch_alter_table("sandbox_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sandbox_member_household"), ["household"], unique=False)
    op.create_table(
        "sandbox_change",
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("before", sa.String(length=60), nullable=False),
        sa.Column("after", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", "position", name=op.f("pk_sandbox_change")),
    )
    op.create_table(
        "sandbox_issued",
        sa.Column("certificate", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("certificate", name=op.f("pk_sandbox_issued")),
    )
    op.create_table(
        "sandbox_record_entry",
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("entry", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sandbox_record_entry")),
    )
    op.create_table(
        "sandbox_record_check",
        sa.Column("case_number", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("answers_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("case_number", name=op.f("pk_sandbox_record_check")),
    )


def downgrade() -> None:
    for table in (
        "sandbox_record_check",
        "sandbox_record_entry",
        "sandbox_issued",
        "sandbox_change",
        "sandbox_member",
        "record_case",
        "certificate",
    ):
        op.drop_table(table)
