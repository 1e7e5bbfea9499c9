"""Two ways into the database: a writer that takes the write lock at once, and a reader that cannot write."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from kiosk.clock import Worker
from kiosk.store.failures import in_our_words

T = TypeVar("T")

_LOCK_PATIENCE = 5.0
"""Seconds a statement waits for a lock another process holds (a person looking into the file)."""


class Database:
    """One connection to write and one to read, each used by its own worker only."""

    def __init__(self, path: Path, writer: Worker, reader: Worker) -> None:
        self._writer_worker = writer
        self._reader_worker = reader
        self._writer = _engine(path, _as_writer)
        self._reader = _engine(path, _as_reader)
        event.listen(self._writer, "begin", _begin_immediate)
        event.listen(self._reader, "begin", _begin_snapshot)

    async def write(self, act: Callable[[Connection], T]) -> T:
        """Run `act` in one BEGIN IMMEDIATE transaction: all of it is durable when this returns, or nothing.

        Raises DiskFull, StoreUnreadable, StoreFailure, and what `act` raises.
        """
        return await self._writer_worker.run(lambda: self._transaction(act))

    async def read(self, look: Callable[[Connection], T]) -> T:
        """Run `look` where nothing can be written: all its statements see the books of one moment."""
        return await self._reader_worker.run(lambda: self._looking(look))

    async def outside(self, call: Callable[[], T]) -> T:
        """Run a blocking call about files on the writer's worker, in no transaction. Raises DiskFull, OSError."""
        return await self._writer_worker.run(lambda: _with_files(call))

    async def shrink_log(self) -> bool:
        """Empty the write-ahead log, so that nothing deleted can be read there; False while somebody still reads."""
        return await self._writer_worker.run(self._truncate)

    async def close(self) -> None:
        """Close both connections; the last one out leaves no log behind."""
        await self._reader_worker.run(self._reader.dispose)
        await self._writer_worker.run(self._writer.dispose)

    def _transaction(self, act: Callable[[Connection], T]) -> T:
        with in_our_words(), self._writer.begin() as connection:
            return act(connection)

    def _looking(self, look: Callable[[Connection], T]) -> T:
        with in_our_words(), self._reader.connect() as connection:
            return look(connection)

    def _truncate(self) -> bool:
        with in_our_words():
            raw = self._writer.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                answer: Any = cursor.fetchone()
                cursor.close()
            finally:
                raw.close()
        return answer[0] == 0


def _with_files(call: Callable[[], T]) -> T:
    with in_our_words():
        return call()


def _engine(path: Path, prepare: Callable[[sqlite3.Connection, Any], None]) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        poolclass=StaticPool,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": _LOCK_PATIENCE},
    )
    event.listen(engine, "connect", prepare)
    return engine


def _as_writer(connection: sqlite3.Connection, _: Any) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _as_reader(connection: sqlite3.Connection, _: Any) -> None:
    connection.execute("PRAGMA query_only=ON").close()


def _begin_snapshot(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
