"""The database: SQLite by default (WAL, every commit synced, writers queue at BEGIN), PostgreSQL by URL."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from central.limits import DATABASE_BUSY_SECONDS

MIGRATIONS = Path(__file__).parent / "migrations"


def sqlite_url(file: Path) -> str:
    """The URL of a database file."""
    return f"sqlite:///{file}"


def open_database(url: str) -> Engine:
    """An engine whose every transaction is serialised against other writers. Creates nothing.

    Values never appear in its errors: they may be personal.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, hide_parameters=True, isolation_level="SERIALIZABLE", pool_pre_ping=True)
    arguments: dict[str, Any] = {"check_same_thread": False, "timeout": DATABASE_BUSY_SECONDS}
    if parsed.database in (None, "", ":memory:"):
        engine = create_engine(parsed, connect_args=arguments, hide_parameters=True, poolclass=StaticPool)
    else:
        engine = create_engine(parsed, connect_args=arguments, hide_parameters=True, pool_size=16, max_overflow=48)
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_connection(connection: Any, _record: Any) -> None:
    # The driver would begin transactions by itself and only before the first write, which is too late to queue.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def transaction(engine: Engine) -> Generator[Session]:
    """One session, one transaction: committed at the end, undone by any exception."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
