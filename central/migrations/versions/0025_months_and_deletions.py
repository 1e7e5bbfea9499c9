"""What grows lies by month on PostgreSQL; the chain of what was deleted; when a line of a chain came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_BY_MONTH = (
    ("audit_line", "received_at", ("terminal", "row")),
    ("effect_report", "at", ("number",)),
    ("event", "at", ("id",)),
    ("visit", "ended_at", ("terminal", "row")),
)


def upgrade() -> None:
    op.create_table(
        "deletion",
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_deletion")),
    )
    with op.batch_alter_table("audit_line") as batch:
        # Lines that are there already are kept as long as if they came now.
        batch.add_column(sa.Column("received_at", sa.DateTime(), server_default=sa.func.now(), nullable=False))
    with op.batch_alter_table("audit_line") as batch:
        batch.alter_column("received_at", server_default=None, existing_type=sa.DateTime(), existing_nullable=False)
        batch.create_index(op.f("ix_audit_line_received_at"), ["received_at"])
    op.create_index(op.f("ix_event_at"), "event", ["at"])
    if op.get_bind().dialect.name == "postgresql":
        for table, moment, key in _BY_MONTH:
            _lay_by_month(table, moment, key)


def _lay_by_month(table: str, moment: str, key: tuple[str, ...]) -> None:
    """All rows go into the partition of those that no month is made for; they move when theirs is."""
    inspector = sa.inspect(op.get_bind())
    indexes = inspector.get_indexes(table)
    sequence = op.get_bind().scalar(
        sa.text("SELECT pg_get_serial_sequence(:table, :key)"), {"table": table, "key": key[0]}
    )
    op.execute(f"ALTER TABLE {table} RENAME TO {table}_whole")
    op.execute(f"CREATE TABLE {table} (LIKE {table}_whole INCLUDING DEFAULTS) PARTITION BY RANGE ({moment})")
    op.execute(f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT")
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_whole")
    if sequence:
        op.execute(f"ALTER SEQUENCE {sequence} OWNED BY {table}.{key[0]}")
    op.execute(f"DROP TABLE {table}_whole")
    columns = ", ".join(f'"{name}"' for name in (*key, moment))
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({columns})")
    for index in indexes:
        op.create_index(str(index["name"]), table, [str(name) for name in index["column_names"]])


def downgrade() -> None:
    raise NotImplementedError("what lies by month stays there")
