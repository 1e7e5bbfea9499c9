"""Residence registrations, permits and endorsements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "residence_case",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("matter", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=False),
        sa.Column("state_since", sa.DateTime(), nullable=False),
        sa.Column("community", sa.String(length=20), nullable=False),
        sa.Column("house", sa.String(length=20), nullable=False),
        sa.Column("proof", sa.String(length=30), nullable=False),
        sa.Column("permit_from", sa.Date(), nullable=False),
        sa.Column("ready_by", sa.Date(), nullable=True),
        sa.Column("portrait", sa.String(length=64), nullable=False),
        sa.Column("portrait_review", sa.Boolean(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_residence_case")),
    )
    op.create_table(
        "permit_endorsement",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("endorsed_at", sa.DateTime(), nullable=False),
        sa.Column("time", sa.String(length=20), nullable=False),
        sa.Column("full_year", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_permit_endorsement")),
    )
    for table in ("residence_case", "permit_endorsement"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in ("holder", "visit"):
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)
    op.create_table(
        "sandbox_residence",
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("community", sa.String(length=20), nullable=False),
        sa.Column("house", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("registered_by", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sandbox_residence")),
    )
    op.create_table(
        "sandbox_proof",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_proof")),
    )
    with op.batch_alter_table("sandbox_proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sandbox_proof_number"), ["number"], unique=False)
    op.create_table(
        "sandbox_permit",
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("case_number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("full_year", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("endorsed_by", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sandbox_permit")),
    )
    with op.batch_alter_table("sandbox_permit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sandbox_permit_made_at"), ["made_at"], unique=False)


def downgrade() -> None:
    for table in ("sandbox_permit", "sandbox_proof", "sandbox_residence", "permit_endorsement", "residence_case"):
        op.drop_table(table)
