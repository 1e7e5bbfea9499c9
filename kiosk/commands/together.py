"""Headquarters, world, terminal and dock of one state directory, run together and ended together.

The terminal is a process of its own, started again when it dies, as it would be at a station: whoever pulls its plug
in the dock sees it come back and settle what it had begun.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import psutil

from kiosk.commands.showing import START_AGAIN, SWITCHED_OFF, VNC_PORTS, Hidden, Showing, Vnc, Windows, choose
from kiosk.commands.simulated import Machine, NotStarted, Sandbox, ensure_sandbox, put_machine
from kiosk.simulation.places import Places
from kiosk.simulation.ties import inherit_orphans
from kiosk.simulation.world import running_terminal

NOT_STARTED = 3
LOOPBACK = "127.0.0.1"
WINDOW_END_SECONDS = 12.0
"""How long the terminal has for its own orderly end, and the dock for its."""

SERVER_END_SECONDS = 6.0
RESTART_SECONDS = 1.0
SHORT_LIFE_SECONDS = 15.0
SHORT_LIVES = 3
"""A terminal that dies this many times in a row within a short life is not started again."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller asked for. `vnc_port` is the first one tried."""

    state: Path
    seed: int
    language: str
    dock: bool
    vnc_port: int
    machine: Machine


class _Asked(BaseException):
    """SIGTERM, SIGINT or SIGHUP came."""


def _ask(number: int, frame: types.FrameType | None) -> NoReturn:
    del frame
    raise _Asked(number)


def run_together(wishes: Wishes) -> int:
    """Until the terminal ends by itself or a signal comes: its status, 0 for a signal, 3 if nothing was begun."""
    state = wishes.state.resolve()
    state.mkdir(parents=True, exist_ok=True)
    held = _hold(wishes)
    if held is None:
        return NOT_STARTED
    inherit_orphans()
    ending = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    for number in ending:
        signal.signal(number, _ask)
    try:
        return _Household(wishes, state, held).live()
    except _Asked:
        return 0
    except NotStarted as failure:
        print(f"kiosk run: {failure}", file=sys.stderr)
        return NOT_STARTED
    finally:
        for number in ending:
            signal.signal(number, signal.SIG_IGN)
        _end_all()
        os.ftruncate(held, 0)
        os.close(held)


def _hold(wishes: Wishes) -> int | None:
    """The directory's lock, or None after saying what to do."""
    state = wishes.state.resolve()
    descriptor = os.open(state / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        told = os.pread(descriptor, 4096, 0)
        os.close(descriptor)
        _refuse(wishes.state, told)
        return None
    pid = running_terminal(Places(state))
    if pid is not None:
        os.close(descriptor)
        _refuse(wishes.state, json.dumps({"pid": pid}).encode())
        return None
    return descriptor


def _this_command() -> str:
    """How to call this program from here."""
    entry = Path(sys.executable).with_name("kiosk")
    if not entry.exists():
        return f"{Path(sys.executable).name} -m kiosk"
    here = Path.cwd()
    return str(entry.relative_to(here)) if entry.is_relative_to(here) else str(entry)


def _refuse(state: Path, told: bytes) -> None:
    try:
        found: dict[str, Any] = json.loads(told)
    except ValueError:
        found = {}
    pid = found.get("pid")
    who = f"process {pid}" if pid else "another process"
    where = f", seen by VNC at {found['vnc']}" if found.get("vnc") else ""
    lines = [
        f"kiosk run: a terminal runs in {state} already ({who}{where}).",
        f"  act in its world:      {_this_command()} dock --state {state} state",
        *([f"  end it:                kill {pid}"] if pid else []),
        f"  run another beside it: {_this_command()} run --state ANOTHER-DIRECTORY",
    ]
    print("\n".join(lines), file=sys.stderr)


class _Household:
    """What runs, and what is said about it."""

    def __init__(self, wishes: Wishes, state: Path, held: int) -> None:
        self._wishes = wishes
        self._state = state
        self._held = held

    def live(self) -> int:
        """Everything up, then the terminal for as long as it goes. Raises NotStarted, _Asked."""
        environment = dict(os.environ)
        showing = choose(environment, fullscreen=environment.get("FULLSCREEN") == "1")
        listening = self._listen() if isinstance(showing, Vnc) else None
        vnc = None if listening is None else f"{LOOPBACK}:{listening.getsockname()[1]}"
        os.pwrite(self._held, json.dumps({"pid": os.getpid(), "vnc": vnc}).encode(), 0)
        print("kiosk run: starting headquarters and the world ...", file=sys.stderr)
        put_machine(self._state, self._wishes.machine)
        sandbox = ensure_sandbox(self._state, self._wishes.seed)
        self._tell(showing, vnc, sandbox)
        if isinstance(showing, Windows) and self._wishes.dock:
            self._start_dock(showing, environment)
        return self._keep_terminal(showing, environment, listening)

    def _listen(self) -> socket.socket:
        from kiosk.simulation.qt.loopback_vnc import bound

        first = self._wishes.vnc_port
        for port in range(first, min(first + VNC_PORTS, 65536)):
            try:
                return bound(port)
            except OSError:
                continue
        raise NotStarted(f"no free port for VNC from {first} on; choose one with --vnc-port")

    def _tell(self, showing: Showing, vnc: str | None, sandbox: Sandbox) -> None:
        dock = f"{_this_command()} dock --state {self._wishes.state}"
        match showing:
            case Vnc():
                seen = f"no display: the terminal is on VNC at {vnc} (this machine only)"
            case Windows():
                seen = (
                    "the terminal and the dock open as windows" if self._wishes.dock else "the terminal is a window"
                )
            case Hidden(platform):
                seen = f"QT_QPA_PLATFORM={platform}: the terminal runs unseen"
        lines = [
            seen,
            f"payer's pages and health: {sandbox.address.people}",
            f"act in the world:         {dock} person-arrives situation=card-finished-renewal",
            f"                          {dock} lay-card",
            f"everything one can do:    {_this_command()} dock --help",
            "end it all:               Ctrl-C",
        ]
        print("\n".join(f"kiosk run: {line}" for line in lines), file=sys.stderr)
        told = {"pid": os.getpid(), "state": str(self._state), "vnc": vnc, "people": sandbox.address.people}
        print(json.dumps(told), flush=True)

    def _start_dock(self, windows: Windows, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "kiosk.simulation.qt.dock_window", "--state", str(self._state)]
        command += ["--left", str(windows.dock_left), "--parent", str(os.getpid())]
        scaled = {**environment, "QT_SCALE_FACTOR": environment.get("QT_SCALE_FACTOR", str(windows.dock_scale))}
        subprocess.Popen(command, env=scaled, stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True)

    def _keep_terminal(self, showing: Showing, environment: dict[str, str], listening: socket.socket | None) -> int:
        command = [sys.executable, "-m", "kiosk.commands.terminal_alone", "--state", str(self._state)]
        command += ["--language", self._wishes.language, "--seed", str(self._wishes.seed)]
        command += ["--parent", str(os.getpid())]
        passed: tuple[int, ...] = ()
        if listening is not None:
            passed = (listening.fileno(),)
            command += ["--listening", str(listening.fileno())]
        if isinstance(showing, Windows):
            environment = {
                **environment,
                "QT_SCALE_FACTOR": environment.get("QT_SCALE_FACTOR", str(showing.scale)),
            }
        short = 0
        while True:
            begun = time.monotonic()
            terminal = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
                pass_fds=passed,
                start_new_session=True,
            )
            status = terminal.wait()
            if status in (0, NOT_STARTED):
                return status
            if status == SWITCHED_OFF:
                print("kiosk run: the battery ended; the terminal switched itself off in order", file=sys.stderr)
                return 0
            if status == START_AGAIN:
                print("kiosk run: headquarters wants the terminal started again", file=sys.stderr)
                continue
            short = short + 1 if time.monotonic() - begun < SHORT_LIFE_SECONDS else 0
            how = f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
            if short >= SHORT_LIVES:
                print(f"kiosk run: the terminal {how}, the {SHORT_LIVES}rd time in a row; giving up", file=sys.stderr)
                return abs(status)
            print(f"kiosk run: the terminal {how}; starting it again", file=sys.stderr)
            time.sleep(RESTART_SECONDS)


def _end_all() -> None:
    """Windows first, so that the terminal can still tell headquarters and its devices; then whatever is left."""
    me = psutil.Process()
    windows = [child for child in me.children() if _is_window(child)]
    _end(windows, WINDOW_END_SECONDS)
    _end(me.children(recursive=True), SERVER_END_SECONDS)


def _is_window(process: psutil.Process) -> bool:
    try:
        words = process.cmdline()
    except psutil.Error:
        return False
    return any(word in ("kiosk.commands.terminal_alone", "kiosk.simulation.qt.dock_window") for word in words)


def _end(processes: list[psutil.Process], seconds: float) -> None:
    for process in processes:
        _signal(process, signal.SIGTERM)
    _, left = psutil.wait_procs(processes, timeout=seconds)
    for process in left:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(left, timeout=seconds)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
