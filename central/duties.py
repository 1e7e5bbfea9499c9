"""What only one server process may do: look at the clock, raise silence, renew the signatures of the day.

Whoever holds the lock does it. A process that ends, in whatever way, lets go of it, and another has it at its next
look: no lease has to run out first. Should two believe for a moment that they hold it (a connection that broke unseen
between two looks), nothing is done twice all the same: every duty is one serialised transaction over what is due.
"""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

DUTIES = 0x6B696F736C
"""The advisory lock of whoever has the duties (PostgreSQL manual, 13.3.5): held by a connection, gone with it."""


class Duties(Protocol):
    """`mine` is what the last look found."""

    @property
    def mine(self) -> bool: ...

    def look(self) -> bool:
        """Take them if nobody has them; whether they are this process's now. Called from one thread at a time."""
        ...

    def close(self) -> None:
        """Let go of them."""
        ...


class Alone:
    """There is one process: its duties are its own."""

    @property
    def mine(self) -> bool:
        return True

    def look(self) -> bool:
        return True

    def close(self) -> None:
        return None


class ByDatabase:
    """Among all server processes of one PostgreSQL database, on whatever machines."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: Connection | None = None
        self._guard = threading.Lock()

    @property
    def mine(self) -> bool:
        return self._held is not None

    def look(self) -> bool:
        with self._guard:
            try:
                if self._held is None:
                    self._held = self._taken()
                else:
                    _ = self._held.execute(select(1))
            except (DBAPIError, PoolExhausted):
                self._let_go()
            return self._held is not None

    def close(self) -> None:
        with self._guard:
            self._let_go()

    def _taken(self) -> Connection | None:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            taken = connection.scalar(select(func.pg_try_advisory_lock(DUTIES)))
        except DBAPIError:
            connection.close()
            raise
        if taken:
            return connection
        connection.close()
        return None

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            # Never back into the pool: the lock goes with the connection.
            held.invalidate()
            held.close()


class ByFile:
    """Among all server processes of one SQLite file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._held: int | None = None

    @property
    def mine(self) -> bool:
        return self._held is not None

    def look(self) -> bool:
        if self._held is None:
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                return False
            self._held = descriptor
        return True

    def close(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            os.close(held)


def duties_of(engine: Engine) -> Duties:
    """The duties of whoever serves this database."""
    if engine.dialect.name == "postgresql":
        return ByDatabase(engine)
    file = engine.url.database
    return Alone() if file in (None, "", ":memory:") else ByFile(Path(f"{file}.duties"))
