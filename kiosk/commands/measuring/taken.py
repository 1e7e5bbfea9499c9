"""What a server takes besides time: bytes to its disk, bytes in its database, bytes on the line, memory.

None of it depends on how busy the machine is.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text

from central.database import open_database

_CHUNK = 64 * 1024
_SIZE = {
    "sqlite": "SELECT (page_count - freelist_count) * page_size "
    "FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


_CHECKPOINTER = "170000"
"""From this version on a view of its own tells what checkpoints wrote (PostgreSQL's manual, 27.2)."""
_PAGES = "SELECT buffers_checkpoint + buffers_clean + buffers_backend FROM pg_stat_bgwriter"
_PAGES_NEWER = "SELECT c.buffers_written + b.buffers_clean FROM pg_stat_checkpointer c, pg_stat_bgwriter b"


def family(pid: int) -> Iterator[int]:
    """A process and its own children."""
    yield pid
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(file.read_text("ascii", "replace").rpartition(")")[2].split()[1]) == pid:
                yield int(file.parent.name)


def to_disk(server: int, url: str) -> int:
    """Bytes that went to the disk so far for a server's books.

    A file's are its server's own (proc(5), write_bytes, of it and its children). A PostgreSQL is asked: its log, and
    the pages of 8 KiB that it wrote to its tables. What the kernel says of it would be far too much: it counts whole
    folios of the page cache, and of a log each commit changes a few bytes of one.
    """
    engine = open_database(url)
    try:
        if engine.dialect.name == "sqlite":
            return sum(_field(one, "io", "write_bytes:") for one in family(server))
        with engine.connect() as connection:
            newer = connection.execute(text("SHOW server_version_num")).scalar_one() >= _CHECKPOINTER
            pages = _PAGES_NEWER if newer else _PAGES
            log = "pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"
            return int(connection.execute(text(f"SELECT {log} + 8192 * ({pages})")).scalar_one())
    finally:
        engine.dispose()


def memory(pid: int | None) -> float:
    """MiB that a process and its children have in memory, what they share counted once (proportional set size)."""
    return 0.0 if pid is None else sum(_field(one, "smaps_rollup", "Pss:") for one in family(pid)) / 1024


def _field(pid: int, file: str, name: str) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_text("ascii", "replace").splitlines():
            if line.startswith(name):
                return int(line.split()[1])
    return 0


def stored(url: str) -> int:
    """Bytes of a whole database: tables, indexes, free room in their pages."""
    engine = open_database(url)
    try:
        with engine.connect() as connection:
            return int(connection.execute(text(_SIZE[engine.dialect.name])).scalar_one())
    finally:
        engine.dispose()


def settle(url: str) -> None:
    """What a database server has not written to its tables yet is written now. A file's is by who writes it."""
    engine = open_database(url)
    try:
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                _ = connection.execute(text("CHECKPOINT"))
    finally:
        engine.dispose()


@dataclass(slots=True)
class Counted:
    """Bytes of TLS on the line: its handshake, the request, the reply; without the headers of TCP and IP."""

    up: int = 0
    down: int = 0


@contextmanager
def tapped(address: str, counted: Counted) -> Generator[str]:
    """The same server at another port, through which every byte is counted."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 443
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, host, port, counted), name="tap", daemon=True)
        thread.start()
        try:
            yield f"{parts.scheme}://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, host: str, port: int, counted: Counted) -> None:
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        with near, socket.create_connection((host, port)) as far:

            def up(number: int) -> None:
                counted.up += number

            def down(number: int) -> None:
                counted.down += number

            back = threading.Thread(target=_pump, args=(far, near, down), name="tap-back")
            back.start()
            _pump(near, far, up)
            back.join()


def _pump(source: socket.socket, target: socket.socket, count: Callable[[int], None]) -> None:
    with suppress(OSError):
        while chunk := source.recv(_CHUNK):
            count(len(chunk))
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
