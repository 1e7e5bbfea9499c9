"""Who the terminals are: codes that let one in once, and certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enrolment_code",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column(
            "wanted", sa.Enum("any", "hardware", name="keywanted", native_enum=False, length=40), nullable=False
        ),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("used_for", sa.String(length=64), nullable=False),
        sa.Column("void_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_enrolment_code_digest")),
    )
    op.create_index(op.f("ix_enrolment_code_terminal"), "enrolment_code", ["terminal"])
    op.create_table(
        "terminal_certificate",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("made", "code", "renewal", name="origin", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("hardware", sa.LargeBinary(), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("not_after", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_terminal_certificate")),
    )
    for column in ("terminal", "request", "key"):
        op.create_index(op.f(f"ix_terminal_certificate_{column}"), "terminal_certificate", [column])


def downgrade() -> None:
    for table in ("terminal_certificate", "enrolment_code"):
        op.drop_table(table)
