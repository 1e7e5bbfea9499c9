"""Papers of purchase in the sandbox, and temporary plates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sandbox_purchase",
        sa.Column("invoice", sa.String(length=40), nullable=False),
        sa.Column("certificate", sa.String(length=40), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("buyer", sa.String(length=18), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("vehicle_type", sa.String(length=40), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=False),
        sa.Column("bought_on", sa.Date(), nullable=False),
        sa.Column("registered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("invoice", name=op.f("pk_sandbox_purchase")),
        sa.UniqueConstraint("certificate", name=op.f("uq_sandbox_purchase_certificate")),
        sa.UniqueConstraint("vin", name=op.f("uq_sandbox_purchase_vin")),
    )
    op.create_table(
        "sandbox_policy",
        sa.Column("policy", sa.String(length=40), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("policy", name=op.f("pk_sandbox_policy")),
    )
    op.create_table(
        "sandbox_temporary_plate",
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("made_by", name=op.f("pk_sandbox_temporary_plate")),
    )
    op.create_table(
        "plate_case",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("plate", sa.String(length=12), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("vehicle_type", sa.String(length=40), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=10), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("slip", sa.String(length=40), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_plate_case")),
        sa.UniqueConstraint("item", name=op.f("uq_plate_case_item")),
        sa.UniqueConstraint("plate", name=op.f("uq_plate_case_plate")),
    )
    for table, columns in (
        ("sandbox_purchase", ("buyer",)),
        ("sandbox_policy", ("vin",)),
        ("sandbox_temporary_plate", ("vin",)),
        ("plate_case", ("holder", "vin", "visit", "slip")),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in ("plate_case", "sandbox_temporary_plate", "sandbox_policy", "sandbox_purchase"):
        op.drop_table(table)
