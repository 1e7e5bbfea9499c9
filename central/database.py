"""The database: SQLite by default, PostgreSQL by URL.

SQLite queues writers at BEGIN IMMEDIATE (WAL, every commit synced). PostgreSQL runs every transaction SERIALIZABLE:
of two that could not have run one after the other, one is undone with an error that `clashed` knows, and whoever
opened it does it again from the beginning.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from central.limits import (
    DATABASE_BUSY_SECONDS,
    DATABASE_CONNECT_SECONDS,
    DATABASE_CONNECTIONS,
    DATABASE_IDLE_SECONDS,
)

MIGRATIONS = Path(__file__).parent / "migrations"

HERE = ("localhost", "127.0.0.1", "::1")
"""This machine, as addresses name it."""

_CLASHES = ("40001", "40P01")
"""serialization_failure and deadlock_detected of PostgreSQL's SQLSTATE codes (manual, appendix A)."""

_LOOKS = "headquarters_looks"
"""Of a connection: nothing is written in its transactions, so on SQLite they wait behind no writer."""

_ALONE = 0x6B696F736B
"""The advisory lock of whoever makes or fills the tables."""


def sqlite_url(file: Path) -> str:
    """The URL of a database file."""
    return f"sqlite:///{file}"


def encrypted(url: URL) -> dict[str, str]:
    """How libpq is told to speak to this host: TLS and a certificate that is verified, unless the URL says otherwise
    itself; nothing for a socket or this very machine.
    """
    words = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    host = url.host or words.get("host", "")
    if not host or host.startswith(("/", "@")) or host in HERE or "sslmode" in words:
        return {}
    return {"sslmode": "verify-full"} | ({} if "sslrootcert" in words else {"sslrootcert": "system"})


def open_database(url: str) -> Engine:
    """An engine whose every transaction is serialised against all others. Creates nothing.

    Values never appear in its errors: they may be personal.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        waits = {
            "lock_timeout": DATABASE_BUSY_SECONDS,
            "statement_timeout": DATABASE_BUSY_SECONDS,
            "idle_in_transaction_session_timeout": DATABASE_IDLE_SECONDS,
        }
        return create_engine(
            parsed,
            hide_parameters=True,
            isolation_level="SERIALIZABLE",
            pool_pre_ping=True,
            pool_size=DATABASE_CONNECTIONS // 4,
            max_overflow=DATABASE_CONNECTIONS - DATABASE_CONNECTIONS // 4,
            pool_timeout=DATABASE_BUSY_SECONDS,
            connect_args={
                **encrypted(parsed),
                "connect_timeout": DATABASE_CONNECT_SECONDS,
                "options": " ".join(f"-c {name}={int(seconds * 1000)}" for name, seconds in waits.items()),
            },
        )
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
    looks = connection.get_execution_options().get(_LOOKS, False)
    connection.exec_driver_sql("BEGIN" if looks else "BEGIN IMMEDIATE")


def clashed(error: DBAPIError) -> bool:
    """Whether a transaction was undone only because of others at the same time: done again, it may succeed."""
    return getattr(error.orig, "sqlstate", None) in _CLASHES


@contextmanager
def alone(engine: Engine) -> Generator[None]:
    """Nobody else is in here with this database: of two servers that start at once, one waits for the other.

    SQLite needs nothing of this kind, its writers queue anyway.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _ = connection.execute(select(func.pg_advisory_lock(_ALONE)))
        try:
            yield
        finally:
            _ = connection.execute(select(func.pg_advisory_unlock(_ALONE)))


@cache
def _newest() -> tuple[str, ...]:
    return tuple(ScriptDirectory(str(MIGRATIONS)).get_heads())


def at_head(connection: Connection) -> bool:
    """Whether the schema is at the newest revision that this code knows."""
    return MigrationContext.configure(connection).get_current_heads() == _newest()


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision, unless it is there already."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        if at_head(connection):
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def looking(engine: Engine) -> Engine:
    """The same database for one question about one row, as it is now: no transaction of others is waited for, none is
    undone, and nothing may be written. Several questions see several moments.
    """
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="AUTOCOMMIT")
    return engine.execution_options(**{_LOOKS: True})


def only_reading(engine: Engine) -> Engine:
    """The same database for a reader that disturbs nobody and that nobody undoes."""
    if engine.dialect.name != "postgresql":
        return looking(engine)
    return engine.execution_options(postgresql_readonly=True, postgresql_deferrable=True)


@contextmanager
def transaction(engine: Engine) -> Generator[Session]:
    """One session, one transaction: committed at the end, undone by any exception."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
