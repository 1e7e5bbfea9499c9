"""What the sandbox's traffic platform and medical institutions have on file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sandbox_vehicle_file",
        sa.Column("plate_kind", sa.String(length=2), nullable=False),
        sa.Column("plate", sa.String(length=12), nullable=False),
        sa.Column("owner", sa.String(length=10), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("inspect_by", sa.Date(), nullable=False),
        sa.Column("insured_to", sa.Date(), nullable=True),
        sa.Column("tax_year", sa.Integer(), nullable=False),
        sa.Column("marked_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("plate_kind", "plate", name=op.f("pk_sandbox_vehicle_file")),
    )
    op.create_table(
        "sandbox_licence_file",
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("term_years", sa.Integer(), nullable=True),
        sa.Column("clean_term", sa.Boolean(), nullable=False),
        sa.Column("cycle_ended", sa.Date(), nullable=False),
        sa.Column("points_last", sa.Integer(), nullable=False),
        sa.Column("study_hours", sa.Integer(), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("reviewed_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sandbox_licence_file")),
    )
    op.create_table(
        "sandbox_medical_report",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=18), nullable=False),
        sa.Column("institution", sa.String(length=80), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sandbox_medical_report")),
    )
    with op.batch_alter_table("sandbox_medical_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sandbox_medical_report_person"), ["person"], unique=False)


def downgrade() -> None:
    op.drop_table("sandbox_medical_report")
    op.drop_table("sandbox_licence_file")
    op.drop_table("sandbox_vehicle_file")
