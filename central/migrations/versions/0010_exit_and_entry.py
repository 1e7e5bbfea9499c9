"""Passports, passes and endorsements: applications, and the authority of the sandbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "travel_case",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=20), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=False),
        sa.Column("state_since", sa.DateTime(), nullable=False),
        sa.Column("ready_by", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=12), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("old_document", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("slip", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("mail_to", sa.String(length=200), nullable=False),
        sa.Column("portrait", sa.String(length=64), nullable=False),
        sa.Column("portrait_review", sa.Boolean(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("collected_at", sa.DateTime(), nullable=True),
        sa.Column("certainty", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_travel_case")),
        sa.UniqueConstraint("item", name=op.f("uq_travel_case_item")),
    )
    with op.batch_alter_table("travel_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_travel_case_holder"), ["holder"], unique=False)
        batch_op.create_index(batch_op.f("ix_travel_case_slip"), ["slip"], unique=False)
        batch_op.create_index(batch_op.f("ix_travel_case_visit"), ["visit"], unique=False)
    op.create_table(
        "sandbox_travel_document",
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("electronic", sa.Boolean(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("authority", sa.String(length=60), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sandbox_travel_document")),
    )
    with op.batch_alter_table("sandbox_travel_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sandbox_travel_document_holder"), ["holder"], unique=False)
        batch_op.create_index(batch_op.f("ix_sandbox_travel_document_made_by"), ["made_by"], unique=False)
    op.create_table(
        "sandbox_endorsement",
        sa.Column("document", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("destination", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("stay_days", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("document", "position", name=op.f("pk_sandbox_endorsement")),
    )
    op.create_table(
        "sandbox_endorsing",
        sa.Column("case_number", sa.String(length=40), nullable=False),
        sa.Column("document", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("answers_at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("closed", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("case_number", name=op.f("pk_sandbox_endorsing")),
    )
    with op.batch_alter_table("sandbox_endorsing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sandbox_endorsing_document"), ["document"], unique=False)
    op.create_table(
        "sandbox_endorsing_line",
        sa.Column("case_number", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("destination", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("stay_days", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("case_number", "position", name=op.f("pk_sandbox_endorsing_line")),
    )
    op.create_table(
        "sandbox_crossing",
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("port", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("document", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("holder", "position", name=op.f("pk_sandbox_crossing")),
    )
    op.create_table(
        "sandbox_screening",
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sandbox_screening")),
    )
    op.create_table(
        "sandbox_slow_review",
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sandbox_slow_review")),
    )
    op.create_table(
        "sandbox_document_works",
        sa.Column("case_number", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("leaves_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("case_number", name=op.f("pk_sandbox_document_works")),
    )
    with op.batch_alter_table("sandbox_document_works", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sandbox_document_works_leaves_at"), ["leaves_at"], unique=False)


def downgrade() -> None:
    op.drop_table("sandbox_document_works")
    op.drop_table("sandbox_slow_review")
    op.drop_table("sandbox_screening")
    op.drop_table("sandbox_crossing")
    op.drop_table("sandbox_endorsing_line")
    op.drop_table("sandbox_endorsing")
    op.drop_table("sandbox_endorsement")
    op.drop_table("sandbox_travel_document")
    op.drop_table("travel_case")
