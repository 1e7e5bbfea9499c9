"""What a pair of loaders laid into this cabinet: one live row for a document, one for a compartment."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and what keeps it true."""
    op.create_table(
        "loaded",
        sa.Column("row", sa.Integer, primary_key=True),
        sa.Column("item", sa.String, nullable=False),
        sa.Column("list_number", sa.String, nullable=False),
        sa.Column("case_id", sa.String, nullable=False),
        sa.Column("board", sa.Integer, nullable=False),
        sa.Column("compartment", sa.Integer, nullable=False),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("counted", sa.Integer, nullable=False),
        sa.Column("since", sa.String, nullable=False),
    )
    live = sa.text("place != 'out'")
    op.create_index("loaded_once_a_document", "loaded", ["item"], unique=True, sqlite_where=live)
    op.create_index("loaded_once_a_door", "loaded", ["board", "compartment"], unique=True, sqlite_where=live)
