"""A PostgreSQL cluster of its own: in a temporary directory, on a socket in it, gone afterwards.

A new database costs hundreds of files. Tests share one instead, and its tables are set back to what they first held.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import psycopg
from psycopg import sql

STARTED = 60.0
USER = "headquarters"


def binaries() -> Path | None:
    """Where the server's programs are, the newest of them."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    return found[-1].parent if found else None


@dataclass
class Cluster:
    """A running server."""

    sockets: Path
    made: int = field(default=0)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}@/{database}?host={self.sockets}"

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
        return psycopg.connect(host=str(self.sockets), user=USER, dbname=database, autocommit=True)

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

    def answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


def _tables(connection: psycopg.Connection) -> list[sql.Identifier]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [sql.Identifier(name) for (name,) in rows]


@contextmanager
def cluster(programs: Path) -> Generator[Cluster]:
    """Nothing here outlives the test, so nothing is synced to the disk."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    become: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        become = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    data = folder / "data"
    initdb = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", USER, "--no-sync", "-E", "UTF8"]
    try:
        subprocess.run(
            [*become, *initdb, "--locale=C.UTF-8"], cwd=folder, check=True, capture_output=True, timeout=STARTED
        )
        settings = {"listen_addresses": "", "fsync": "off", "full_page_writes": "off", "shared_buffers": "32MB"}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*become, str(programs / "postgres"), "-D", str(data), "-k", str(folder), *words],
                cwd=folder,
                stdout=log,
                stderr=log,
            )
            try:
                made = Cluster(folder)
                deadline = time.monotonic() + STARTED
                while not made.answers():
                    assert process.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()
                    time.sleep(0.05)
                yield made
            finally:
                process.send_signal(signal.SIGQUIT)
                _ = process.wait(STARTED)
    finally:
        shutil.rmtree(folder)
