"""`kiosk run` as whoever types `make run` meets it, on a machine without a display."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

from kiosk.commands.showing import DOCK_SIZE, TERMINAL_SIZE, Hidden, Vnc, choose, fitted
from kiosk.simulation.client import WorldClient
from kiosk.simulation.dock import act
from kiosk.simulation.orders import NoCode
from kiosk.simulation.places import Places
from kiosk.simulation.world import running_terminal
from tests.commands.rfb import Viewer
from tests.journeys.places import kiosk

START_SECONDS = 60.0
END_SECONDS = 20.0
PORT = 5990

T = TypeVar("T")


def until(what: Callable[[], T | None], seconds: float, told: str) -> T:
    deadline = time.monotonic() + seconds
    while True:
        found = what()
        if found is not None:
            return found
        assert time.monotonic() < deadline, told
        time.sleep(0.05)


def bare_environment() -> dict[str, str]:
    """No display, no platform chosen."""
    shown = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "FULLSCREEN")
    return {name: value for name, value in os.environ.items() if name not in shown}


@dataclass(frozen=True)
class Running:
    state: Path
    process: subprocess.Popen[str]
    told: dict[str, Any]

    @property
    def world(self) -> WorldClient:
        return WorldClient(self.state)

    def port(self) -> int:
        return int(self.told["vnc"].rpartition(":")[2])

    def family(self) -> list[psutil.Process]:
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]

    def terminal(self) -> int | None:
        return running_terminal(Places(self.state))

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(END_SECONDS)


def started(state: Path) -> Running:
    command = [sys.executable, "-m", "kiosk", "run", "--state", str(state), "--vnc-port", str(PORT)]
    with (state.parent / "run.log").open("ab") as log:
        process = subprocess.Popen(command, env=bare_environment(), stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, (state.parent / "run.log").read_text("utf-8")
    running = Running(state, process, json.loads(line))
    until(running.terminal, START_SECONDS, "no terminal came up")
    return running


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    run = started(tmp_path_factory.mktemp("run") / "var")
    yield run
    run.end()
    assert run.process.stdout is not None
    run.process.stdout.close()


def test_every_port_it_opens_is_for_this_machine_only(running: Running) -> None:
    listening = [
        connection.laddr
        for process in running.family()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert running.port() in {address.port for address in listening}
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_a_viewer_sees_the_attract_page_and_a_tap_leads_on(running: Running) -> None:
    with Viewer("127.0.0.1", running.port()) as viewer:
        attract = viewer.picture()
        assert attract.size == TERMINAL_SIZE
        assert len(attract.convert("L").getcolors() or ()) > 20
        viewer.tap(540, 900)
        viewer.until_it_looks(other_than=attract)


def test_paying_before_a_code_is_shown_says_so(running: Running) -> None:
    with pytest.raises(NoCode, match="no payment code is open"):
        act(running.state, "pay", {})


def test_a_second_run_on_the_same_directory_says_what_to_do(running: Running) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "kiosk", "run", "--state", str(running.state)],
        env=bare_environment(),
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    assert second.returncode == 3
    assert f"kill {running.process.pid}" in second.stderr
    assert running.told["vnc"] in second.stderr
    assert "run --state ANOTHER-DIRECTORY" in second.stderr
    assert "Traceback" not in second.stderr


def test_recovery_refuses_while_a_terminal_runs(running: Running) -> None:
    terminal = until(running.terminal, START_SECONDS, "no terminal runs")
    ran = kiosk("recover", "--state", running.state, "--json")
    assert ran.status == 3
    assert "a terminal is running" in ran.err
    assert ran.out == "" and "Traceback" not in ran.err
    assert psutil.pid_exists(terminal)


def test_a_killed_terminal_comes_back_by_itself(running: Running) -> None:
    before = until(running.terminal, START_SECONDS, "no terminal runs")
    assert running.world.call("kill-terminal")["pid"] == before

    def another() -> int | None:
        now = running.terminal()
        return now if now not in (None, before) else None

    until(another, START_SECONDS, "no other terminal came up")
    with Viewer("127.0.0.1", running.port()) as viewer:
        viewer.picture()


def test_control_c_ends_everything_it_started(tmp_path: Path) -> None:
    run = started(tmp_path / "var")
    family = run.family()
    assert len(family) >= 4, "it, headquarters, the world and the terminal"
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(END_SECONDS) == 0
    assert run.process.stdout is not None
    run.process.stdout.close()
    left = [process for process in family if process.is_running()]
    assert not left
    said = (tmp_path / "run.log").read_text("utf-8")
    assert "Traceback" not in said
    assert "Exception ignored" not in said


def test_sigterm_while_headquarters_starts_leaves_nothing_behind(tmp_path: Path) -> None:
    state = tmp_path / "var"
    command = [sys.executable, "-m", "kiosk", "run", "--state", str(state), "--vnc-port", str(PORT)]
    with (tmp_path / "run.log").open("ab") as log:
        process = subprocess.Popen(command, env=bare_environment(), stdout=log, stderr=log)
    lock = state / "central" / "lock"
    until(lambda: lock if lock.exists() else None, START_SECONDS, "headquarters did not begin")
    family = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    assert process.wait(END_SECONDS) == 0
    assert not [one for one in family if one.is_running()]


def test_without_a_display_the_window_is_served_by_vnc() -> None:
    assert choose({}, fullscreen=False) == Vnc()
    assert choose({"QT_QPA_PLATFORM": "vnc:port=5900"}, fullscreen=False) == Vnc()


def test_a_display_that_cannot_be_opened_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert choose({**bare_environment(), "DISPLAY": ":4711"}, fullscreen=False) == Vnc()
    assert "cannot be opened" in capsys.readouterr().err


def test_a_platform_that_shows_nothing_is_left_alone() -> None:
    assert choose({"QT_QPA_PLATFORM": "offscreen"}, fullscreen=False) == Hidden("offscreen")


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (3840, 2160), (2560, 1440), (1280, 1024)])
def test_both_windows_fit_on_any_display(size: tuple[int, int]) -> None:
    windows = fitted(*size, fullscreen=False)
    assert TERMINAL_SIZE[1] * windows.scale <= size[1]
    assert DOCK_SIZE[1] * windows.dock_scale <= size[1]
    assert windows.dock_left + DOCK_SIZE[0] * windows.dock_scale <= size[0] + 1
