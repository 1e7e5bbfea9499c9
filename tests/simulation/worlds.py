"""Worlds as processes, and waiting for them."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.simulation.client import WorldClient, WorldGone

PATIENCE = 15.0


def pid_of_world(folder: Path) -> int:
    return int((folder / "world" / "lock").read_text().split()[0])


def kill_world(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError, IndexError, ProcessLookupError, WorldGone):
        WorldClient(folder).call("ports")
        pid = pid_of_world(folder)
        os.kill(pid, signal.SIGKILL)
        until(lambda: not answers(folder))


def answers(folder: Path) -> bool:
    try:
        WorldClient(folder).call("ports")
    except WorldGone:
        return False
    return True


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)
