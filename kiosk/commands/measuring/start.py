"""From exec to the first frame: the terminal as `kiosk run` starts it, again and again, beside a world that is up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from kiosk.commands.measuring.visits import sandbox

FIRST_FRAME_SECONDS = 60.0
END_SECONDS = 30.0
_LINE = b"first frame"


class NoFirstFrame(RuntimeError):
    """The terminal ended or hung before it showed anything."""


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds from exec to the first frame, and what the process had used of a processor by then."""

    wall: float
    cpu: float


def starts(count: int, rehearsals: int) -> list[Started]:
    """`count` starts, after those that are not counted: they write what an installed package has ready (bytecode).

    Without a rehearsal the bytecode that is there is used. Raises NoFirstFrame.
    """
    with sandbox() as around, tempfile.TemporaryDirectory(prefix="kiosk-bench-pyc-") as bytecode:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment |= {"QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"}
        if rehearsals:
            environment["PYTHONPYCACHEPREFIX"] = bytecode
        for _ in range(rehearsals):
            _ = _start(around.state, environment)
        return [_start(around.state, environment) for _ in range(count)]


def _start(state: Path, environment: dict[str, str]) -> Started:
    command = [sys.executable, "-m", "kiosk.commands.terminal_alone", "--state", str(state)]
    began = time.perf_counter()
    terminal = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    assert terminal.stderr is not None
    try:
        for line in terminal.stderr:
            if _LINE in line:
                wall = time.perf_counter() - began
                return Started(wall, _used(terminal.pid))
            if time.perf_counter() - began > FIRST_FRAME_SECONDS:
                break
        raise NoFirstFrame("the terminal showed nothing")
    finally:
        terminal.send_signal(signal.SIGTERM)
        try:
            _ = terminal.communicate(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            terminal.kill()
            _ = terminal.communicate()


def _used(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
