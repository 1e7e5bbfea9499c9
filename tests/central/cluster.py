"""A PostgreSQL cluster of its own: in a temporary directory, on a socket in it, gone afterwards.

A new database costs hundreds of files. Tests share one instead, and its tables are set back to what they first held.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import psycopg
from psycopg import sql

from kiosk.commands.measuring.postgres import Durability, Postgres, binaries, postgres

__all__ = ["Cluster", "binaries", "cluster"]


@dataclass
class Cluster:
    """A running server."""

    server: Postgres
    made: int = field(default=0)

    def url(self, database: str) -> str:
        return self.server.url(database)

    def create(self) -> str:
        """A new empty database; its name."""
        self.made += 1
        name = f"books{self.made}"
        with self._connect() as connection:
            _ = connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def remember(self, database: str) -> None:
        """What `set_back` will go back to."""
        with self._connect(database) as connection, connection.transaction():
            _ = connection.execute("CREATE SCHEMA first")
            for table in _tables(connection):
                _ = connection.execute(sql.SQL("CREATE TABLE first.{0} AS TABLE public.{0}").format(table))

    def set_back(self, database: str) -> None:
        """All tables as they were remembered."""
        with self._connect(database) as connection, connection.transaction():
            for table in _tables(connection):
                _ = connection.execute(sql.SQL("DELETE FROM public.{}").format(table))
                _ = connection.execute(sql.SQL("INSERT INTO public.{0} TABLE first.{0}").format(table))

    def _connect(self, database: str = "postgres") -> psycopg.Connection:
        return self.server.connect(database)

    @contextmanager
    def away(self, database: str) -> Generator[None]:
        """Nobody is connected to a database, or gets connected."""
        self._allow(database, "false")
        with self._connect() as connection:
            _ = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,)
            )
        try:
            yield
        finally:
            self._allow(database, "true")

    def _allow(self, database: str, word: Literal["true", "false"]) -> None:
        statement = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(sql.Identifier(database), sql.SQL(word))
        with self._connect() as connection:
            _ = connection.execute(statement)


def _tables(connection: psycopg.Connection) -> list[sql.Identifier]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [sql.Identifier(name) for (name,) in rows]


@contextmanager
def cluster(programs: Path) -> Generator[Cluster]:
    """Nothing here outlives the test, so nothing is synced to the disk."""
    with postgres(programs, Durability.NONE) as server:
        yield Cluster(server)
