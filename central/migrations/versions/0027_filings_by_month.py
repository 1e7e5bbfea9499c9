"""What was filed lies by month on PostgreSQL; the keys stand in a table in one piece, where each is there once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "filing_key",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_filing_key")),
    )
    op.execute("INSERT INTO filing_key (key, received_at) SELECT key, received_at FROM filing")
    if op.get_bind().dialect.name == "postgresql":
        _lay_by_month()


def _lay_by_month() -> None:
    """All rows go into the partition of those that no month is made for; they move when theirs is."""
    indexes = sa.inspect(op.get_bind()).get_indexes("filing")
    op.execute("ALTER TABLE filing RENAME TO filing_whole")
    op.execute("CREATE TABLE filing (LIKE filing_whole INCLUDING DEFAULTS) PARTITION BY RANGE (received_at)")
    op.execute("CREATE TABLE filing_rest PARTITION OF filing DEFAULT")
    op.execute("INSERT INTO filing SELECT * FROM filing_whole")
    op.execute("DROP TABLE filing_whole")
    op.execute('ALTER TABLE filing ADD CONSTRAINT pk_filing PRIMARY KEY ("key", "received_at")')
    for index in indexes:
        op.create_index(str(index["name"]), "filing", [str(name) for name in index["column_names"]])


def downgrade() -> None:
    raise NotImplementedError("what lies by month stays there")
