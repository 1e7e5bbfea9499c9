"""Hears of pushes in one server process, whoever's process they come from: PostgreSQL tells, SQLite is looked at."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from central.pushing.books import CHANNEL, Told, read

_LOG = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
"""A database file is looked at so often: one row by its key, without taking part in any transaction."""

WAIT_SECONDS = 1.0
"""After so long it is asked whether the process ends; and a database that went away is tried again."""

_NEWEST = "SELECT coalesce(max(id), 0) FROM push"
_SINCE = "SELECT id, kind, terminals FROM push WHERE id > ? ORDER BY id"


class Hearing:
    """A thread of its own, from `start` to `stop`.

    `told` is called with each push, and `missed` whenever some may have been missed: at the start and after the
    database was away. Both in that thread.
    """

    def __init__(self, engine: Engine, told: Callable[[Told], None], missed: Callable[[], None]) -> None:
        self._engine = engine
        self._told = told
        self._missed = missed
        self._over = threading.Event()
        self._hears = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pushes", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def hears(self, seconds: float) -> bool:
        """Whether it hears, or comes to hear within that time."""
        return self._hears.wait(seconds)

    def stop(self) -> None:
        """End, within about a second."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        listen = self._listen if self._engine.dialect.name == "postgresql" else self._look
        while not self._over.is_set():
            try:
                listen()
            except (psycopg.Error, DBAPIError, PoolExhausted) as failure:
                # The message of a database's error may hold its address.
                _LOG.warning("pushes are not heard now: %s", type(failure).__name__)
            self._hears.clear()
            _ = self._over.wait(WAIT_SECONDS)

    def _listen(self) -> None:
        pooled = self._engine.raw_connection()
        connection = cast("psycopg.Connection[Any]", pooled.driver_connection)
        pooled.detach()
        with connection:
            connection.rollback()
            connection.autocommit = True
            _ = connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            self._missed()
            self._hears.set()
            while not self._over.is_set():
                for notice in connection.notifies(timeout=WAIT_SECONDS):
                    self._hear(*notice.payload.split(" ", 1))

    def _look(self) -> None:
        pooled = self._engine.raw_connection()
        try:
            cursor = pooled.cursor()
            _ = cursor.execute(_NEWEST)
            last = int(cursor.fetchall()[0][0])
            self._missed()
            self._hears.set()
            while not self._over.wait(LOOK_SECONDS):
                _ = cursor.execute(_SINCE, (last,))
                for number, kind, names in cursor.fetchall():
                    last = int(number)
                    self._hear(kind, names)
        finally:
            pooled.close()

    def _hear(self, kind: str, names: str = "") -> None:
        told = read(kind, names)
        if told is not None:
            self._told(told)
