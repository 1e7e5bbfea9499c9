"""Several server processes of one command: kept alive, ended in order; and which of them has the duties."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from central.api.listening import Listening
from central.database import open_database, sqlite_url
from central.duties import Alone, ByFile, duties_of
from central.workers import FIGURES, Workers
from tests.central.office import Filled, Office

SOON = 30.0

PROCESS = """
import os, signal, socket, sys, threading
port = socket.socket(fileno=int(sys.argv[2].split(",")[0]))
def serve():
    while True:
        caller, _ = port.accept()
        with caller:
            caller.sendall(f"{os.getpid()} {os.environ['FIGURES']}".encode())
threading.Thread(target=serve, daemon=True).start()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("ready", flush=True)
sys.stdin.read()
""".replace("FIGURES", FIGURES)
"""Stands in for a server: says who it is to whoever connects, and ends with whoever started it."""


@asynccontextmanager
async def kept(
    tmp_path: Path, program: str, count: int = 2
) -> AsyncGenerator[tuple[Workers, int, asyncio.Task[bool]]]:
    listening = Listening.shared("127.0.0.1", 0, count)
    workers = Workers((sys.executable, "-I", "-S", "-c", program), listening, tmp_path)
    ready = asyncio.Event()
    task = asyncio.create_task(workers.run(ready.set))
    waiting = asyncio.create_task(ready.wait())
    try:
        async with asyncio.timeout(SOON):
            _ = await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
            yield workers, listening[0].ports[0], task
            workers.stop()
            _ = await task
    finally:
        _ = waiting.cancel()
        for each in listening:
            each.close()


async def who_answers(port: int) -> tuple[int, str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    pid, figures = (await reader.read()).decode().split()
    writer.close()
    return int(pid), figures


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_that_died_is_started_again_and_who_called_it_is_answered(tmp_path: Path) -> None:
    async def night() -> tuple[int, ...]:
        async with kept(tmp_path, PROCESS) as (workers, port, _):
            first = set(workers.pids)
            assert len(first) == 2
            victim = min(first)
            os.kill(victim, signal.SIGKILL)
            while victim in workers.pids:
                await asyncio.sleep(0.01)
            heard: set[int] = set()
            while len(heard) < 2:
                pid, figures = await who_answers(port)
                assert figures == str(tmp_path)
                heard |= {pid} - {victim}
            assert heard == set(workers.pids) and len(heard & first) == 1
            return workers.pids

    left = asyncio.run(night())
    assert not any(lives(pid) for pid in left)


def test_one_that_cannot_begin_ends_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def night() -> bool:
        async with kept(tmp_path, "import sys; sys.exit('no database')") as (_, _, task):
            return await task

    assert asyncio.run(night()) is False
    assert capfd.readouterr().err == "no database\n"


def test_a_port_that_somebody_listens_at_is_not_shared_with_them() -> None:
    for others in (Listening.shared("127.0.0.1", 0, 2), (Listening.bind("127.0.0.1", 0),)):
        port = others[0].ports[0]
        with pytest.raises(OSError, match="in use"):
            _ = Listening.shared("127.0.0.1", port, 2)
        for each in others:
            each.close()


def test_sockets_of_all_processes_are_at_the_same_two_ports() -> None:
    made = Listening.shared("127.0.0.1", 0, 3)
    assert len({each.ports for each in made}) == 1
    assert all(each.people.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT) for each in made)
    for each in made:
        each.close()


def test_the_duties_of_a_file_are_one_processes_until_it_lets_go(tmp_path: Path) -> None:
    first, second = ByFile(tmp_path / "duties"), ByFile(tmp_path / "duties")
    assert first.look() and first.look() and not second.look()
    assert first.mine and not second.mine
    first.close()
    assert not first.mine and second.look() and second.mine
    second.close()


def test_books_in_memory_have_one_process(tmp_path: Path) -> None:
    assert isinstance(duties_of(open_database("sqlite://")), Alone)
    engine = open_database(sqlite_url(tmp_path / "books"))
    assert isinstance(duties_of(engine), ByFile)


def test_who_has_no_duties_does_nothing_by_the_clock(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office: Office = filled.office(tmp_path / "central")
    mine, others = ByFile(tmp_path / "duties"), ByFile(tmp_path / "duties")
    assert others.look()
    office.headquarters.duties = mine
    looked: list[str] = []
    monkeypatch.setattr(office.headquarters, "look_at_the_clock", lambda: looked.append("looked"))
    office.headquarters.tick()
    _ = office.send("GET", "/v1/orders/none")
    assert looked == []
    others.close()
    office.headquarters.tick()
    office.clock.forward(seconds=2)
    _ = office.send("GET", "/v1/orders/none")
    assert looked == ["looked", "looked"]
    office.close()
