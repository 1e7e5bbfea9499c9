"""Cases, transcript, effects and their stages, outbox, blobs, grants, custody, audit, settings, notes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String, primary_key=True),
        sa.Column("service", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("opened", sa.String, nullable=False),
        sa.Column("closed", sa.String),
        sa.Column("how", sa.String, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("told", sa.String),
        sa.Column("key", sa.LargeBinary),
    )
    op.create_index("cases_by_how", "cases", ["how"])
    op.create_table(
        "transcript",
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.case_id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "effects",
        sa.Column("row", sa.Integer, primary_key=True),
        sa.Column("key", sa.String, nullable=False, unique=True),
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.case_id"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("before", sa.String, nullable=False),
        sa.Column("found", sa.String, nullable=False),
        sa.Column("facts", sa.String, nullable=False),
        sa.Column("started", sa.String, nullable=False),
        sa.Column("ended", sa.String),
    )
    op.create_index("effects_by_case", "effects", ["case_id"])
    op.create_index("effects_by_subject", "effects", ["subject"])
    op.create_table(
        "stages",
        sa.Column("row", sa.Integer, primary_key=True),
        sa.Column("key", sa.String, sa.ForeignKey("effects.key"), nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("evidence", sa.String, nullable=False),
        sa.Column("certainty", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("row", sa.Integer, primary_key=True),
        sa.Column("key", sa.String, nullable=False, unique=True),
        sa.Column("case_id", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("after", sa.String, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("due", sa.Float, nullable=False),
        sa.Column("added", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("reply", sa.String, nullable=False),
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("sealed", sa.LargeBinary),
    )
    op.create_index("outbox_by_state", "outbox", ["state", "due"])
    op.create_table(
        "outbox_blobs",
        sa.Column("key", sa.String, sa.ForeignKey("outbox.key"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.String, nullable=False),
    )
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String, primary_key=True),
        sa.Column("case_id", sa.String, primary_key=True),
        sa.Column("file", sa.String, nullable=False, unique=True),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
    )
    op.create_table(
        "grants",
        sa.Column("grant_id", sa.String, primary_key=True),
        sa.Column("nonce", sa.String, nullable=False, unique=True),
        sa.Column("used", sa.String, nullable=False),
    )
    op.create_table(
        "custody",
        sa.Column("custody", sa.String, primary_key=True),
        sa.Column("case_id", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("document", sa.String, nullable=False),
        sa.Column("board", sa.Integer, nullable=False),
        sa.Column("compartment", sa.Integer, nullable=False),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("since", sa.String, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("row", sa.Integer, primary_key=True),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
    )
    op.create_table(
        "settings",
        sa.Column("row", sa.Integer, primary_key=True),
        sa.Column("version", sa.String, nullable=False, unique=True),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("since", sa.String, nullable=False),
    )
    op.create_table(
        "notes",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("text", sa.String, nullable=False),
    )
