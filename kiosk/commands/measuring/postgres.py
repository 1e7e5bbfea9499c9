"""A PostgreSQL server of one's own: in a folder, on a socket in it, gone afterwards. For measuring and for tests."""

from __future__ import annotations

import enum
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

USER = "headquarters"
_STARTED = 60.0


class Durability(enum.Enum):
    """FULL: on the disk when a commit returns, as it is delivered. NONE: nothing is synced; for tests."""

    FULL = "full"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server: the folder of its socket, the process that began it."""

    sockets: Path
    pid: int

    def url(self, database: str) -> str:
        """SQLAlchemy's URL of one of its databases."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.sockets}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection whose every statement is its own transaction."""
        return psycopg.connect(host=str(self.sockets), user=USER, dbname=database, autocommit=True)

    def answers(self) -> bool:
        """Whether it can be connected to now."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True


def binaries() -> Path | None:
    """Where the server's programs are, the newest of them."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    return found[-1].parent if found else None


@contextmanager
def postgres(programs: Path, durability: Durability, under: Path | None = None) -> Generator[Postgres]:
    """Run one until the end of the block, in a new folder `under` that one. It refuses to run as root, so becomes the
    user postgres there. Raises RuntimeError where it does not begin."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=under))
    become: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        become = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    data = folder / "data"
    initdb = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", USER, "--no-sync", "-E", "UTF8"]
    settings = {"listen_addresses": ""}
    match durability:
        case Durability.NONE:
            settings |= {"fsync": "off", "full_page_writes": "off", "shared_buffers": "32MB"}
        case Durability.FULL:
            settings |= {"shared_buffers": "512MB", "max_wal_size": "4GB"}
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    try:
        _ = subprocess.run(
            [*become, *initdb, "--locale=C.UTF-8"], cwd=folder, check=True, capture_output=True, timeout=_STARTED
        )
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*become, str(programs / "postgres"), "-D", str(data), "-k", str(folder), *words],
                cwd=folder,
                stdout=log,
                stderr=log,
            )
            try:
                made = Postgres(folder, process.pid)
                deadline = time.monotonic() + _STARTED
                while not made.answers():
                    if process.poll() is not None or time.monotonic() >= deadline:
                        raise RuntimeError((folder / "log").read_text())
                    time.sleep(0.05)
                yield made
            finally:
                process.send_signal(signal.SIGQUIT)
                _ = process.wait(_STARTED)
    finally:
        shutil.rmtree(folder)
