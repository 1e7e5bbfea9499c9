"""The tables. Times are ISO 8601 with their offset, `due` is POSIX seconds; nothing personal stands unsealed."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

metadata = MetaData()

cases = Table(
    "cases",
    metadata,
    Column("case_id", String, primary_key=True),
    Column("service", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("opened", String, nullable=False),
    Column("closed", String),
    Column("how", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("told", String),
    Column("key", LargeBinary),
)

transcript = Table(
    "transcript",
    metadata,
    Column("case_id", String, ForeignKey("cases.case_id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

effects = Table(
    "effects",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("case_id", String, ForeignKey("cases.case_id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("state", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("number", String, nullable=False),
    Column("before", String, nullable=False),
    Column("found", String, nullable=False),
    Column("facts", String, nullable=False),
    Column("started", String, nullable=False),
    Column("ended", String),
)

stages = Table(
    "stages",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("key", String, ForeignKey("effects.key"), nullable=False),
    Column("name", String, nullable=False),
    Column("evidence", String, nullable=False),
    Column("certainty", String, nullable=False),
    Column("at", String, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("case_id", String, nullable=False),
    Column("path", String, nullable=False),
    Column("state", String, nullable=False),
    Column("after", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("due", Float, nullable=False),
    Column("added", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("reply", String, nullable=False),
    Column("wrapped", LargeBinary),
    Column("sealed", LargeBinary),
)

outbox_blobs = Table(
    "outbox_blobs",
    metadata,
    Column("key", String, ForeignKey("outbox.key"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("sha256", String, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("case_id", String, primary_key=True),
    Column("file", String, nullable=False, unique=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("media_type", String, nullable=False),
)

grants = Table(
    "grants",
    metadata,
    Column("grant_id", String, primary_key=True),
    Column("nonce", String, nullable=False, unique=True),
    Column("used", String, nullable=False),
)

custody = Table(
    "custody",
    metadata,
    Column("custody", String, primary_key=True),
    Column("case_id", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("document", String, nullable=False),
    Column("board", Integer, nullable=False),
    Column("compartment", Integer, nullable=False),
    Column("place", String, nullable=False),
    Column("since", String, nullable=False),
)

loaded = Table(
    "loaded",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("item", String, nullable=False),
    Column("list_number", String, nullable=False),
    Column("case_id", String, nullable=False),
    Column("board", Integer, nullable=False),
    Column("compartment", Integer, nullable=False),
    Column("place", String, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("since", String, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("text", String, nullable=False),
    Column("hash", String, nullable=False),
)

settings = Table(
    "settings",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("version", String, nullable=False),
    Column("text", String, nullable=False),
    Column("since", String, nullable=False),
    UniqueConstraint("version"),
)

notes = Table(
    "notes",
    metadata,
    Column("name", String, primary_key=True),
    Column("text", String, nullable=False),
)

Index("effects_by_case", effects.c.case_id)
Index("effects_by_subject", effects.c.subject)
Index("outbox_by_state", outbox.c.state, outbox.c.due)
Index("cases_by_how", cases.c.how)

_live = text("place != 'out'")
Index("loaded_once_a_document", loaded.c.item, unique=True, sqlite_where=_live)
Index("loaded_once_a_door", loaded.c.board, loaded.c.compartment, unique=True, sqlite_where=_live)
