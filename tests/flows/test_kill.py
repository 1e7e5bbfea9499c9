"""kill -9 of a terminal process while a device outside is slow; recovery in a new process.

A process kill: what was written stays in the page cache. Lost or torn writes are not tested here.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socketserver
import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.flows.test_properties import check_nothing_is_left, rows, send_everything

REPOSITORY = Path(__file__).parents[2]
SLOWNESS = 0.3
"""Seconds the device takes: longer than a restarted terminal could take for granted."""


class SlowDevice(socketserver.ThreadingUnixStreamServer):
    """Carries out one command after the other, whether or not somebody still listens; tells its count when idle."""

    daemon_threads = True

    def __init__(self, address: str) -> None:
        super().__init__(address, _Line)
        self.done: dict[str, list[str]] = {}
        self.busy = threading.Lock()


class _Line(socketserver.StreamRequestHandler):
    @property
    def device(self) -> SlowDevice:
        assert isinstance(self.server, SlowDevice)
        return self.server

    def handle(self) -> None:
        said = self.rfile.readline()
        if not said:
            return
        what, kind, *key = json.loads(said)
        with self.device.busy:
            keys = self.device.done.setdefault(kind, [])
            if what == "act":
                self.wfile.write(b"0\n")
                threading.Event().wait(SLOWNESS)
                keys.extend(key)
            count = len(keys)
        try:
            self.wfile.write(f"{count}\n".encode())
        except BrokenPipeError:
            return


@pytest.fixture
def device() -> Generator[SlowDevice]:
    folder = Path("/tmp") / f"kiosk-test-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    server = SlowDevice(str(folder / "device"))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join(10)
    server.server_close()
    shutil.rmtree(folder)


def child(*words: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.flows.child", *words],
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_at(process: subprocess.Popen[str], line: str, times: int) -> bool:
    """Kill at the nth time `line` is said; False when the process ended before."""
    assert process.stdout is not None
    for said in process.stdout:
        times -= said.strip().startswith(line)
        if times == 0:
            process.send_signal(signal.SIGKILL)
            break
    process.communicate(timeout=60)
    return process.returncode == -signal.SIGKILL


def answer(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("line", "times"), [("commanding", 1), ("commanding", 3), ("commanding", 4), ("commanding", 5), ("point", 12)]
)
def test_a_killed_terminal_settles_what_it_began_and_nothing_happens_twice(
    tmp_path: Path, device: SlowDevice, line: str, times: int
) -> None:
    books, address = tmp_path / "terminal", str(device.server_address)
    assert kill_at(child("visit", str(books), address), line, times)
    begun = {key for (key,) in rows(books, "SELECT key FROM effects WHERE state = 'started'")}
    assert begun or line == "point"

    settled = json.loads(answer(child("recover", str(books), address)))

    assert {effect["key"] for effect in settled if effect["was"] == "started"} == begun
    assert {effect["now"] for effect in settled} <= {"done", "failed"}
    if line == "commanding":
        assert {effect["now"] for effect in settled if effect["was"] == "started"} == {"done"}
    assert {effect["trouble"] for effect in settled} == {""}
    happened = sorted(key for keys in device.done.values() for key in keys)
    assert happened == sorted(effect["key"] for effect in settled if effect["now"] == "done")
    assert len(set(happened)) == len(happened)
    assert json.loads(answer(child("recover", str(books), address))) == []
    send_everything(books)
    check_nothing_is_left(books)


def test_a_terminal_killed_in_its_recovery_is_recovered_by_the_next(tmp_path: Path, device: SlowDevice) -> None:
    books, address = tmp_path / "terminal", str(device.server_address)
    assert kill_at(child("visit", str(books), address), "commanding", 3)
    assert kill_at(child("recover", str(books), address), "point", 1)

    settled = json.loads(answer(child("recover", str(books), address)))

    assert {effect["key"].split("/")[1]: effect["now"] for effect in settled}["fee"] == "done"
    assert sum(len(keys) for keys in device.done.values()) == len([e for e in settled if e["now"] == "done"])


def test_a_visit_leaves_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    runs = [child("dump", str(tmp_path / seed), PYTHONHASHSEED=seed) for seed in ("1", "2")]
    assert len({answer(run) for run in runs}) == 1


def test_every_commit_is_synced(tmp_path: Path) -> None:
    """Counted at the system call, because a kill alone would never notice."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed; the PRAGMA test stands alone")
    trace = tmp_path / "trace"
    subprocess.run(
        [
            "strace", "-f", "-qq", "-e", "trace=fdatasync,fsync", "-o", str(trace),
            sys.executable, "-m", "tests.flows.child", "dump", str(tmp_path / "terminal"),
        ],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        timeout=100,
    )  # fmt: skip
    commits = (
        rows(tmp_path / "terminal", "SELECT count(*) FROM stages")[0][0]
        + rows(tmp_path / "terminal", "SELECT 2 * count(*) FROM effects")[0][0]
    )
    assert commits > 5
    assert trace.read_text().count("sync(") >= commits
