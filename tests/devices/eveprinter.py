"""The CUPS project's IPP Everywhere printer, run for real on loopback.

It refuses to start without a DNS-SD responder, so a D-Bus and an Avahi of our own are started first. The bus is
private (own socket, own policy), so nothing of the machine is touched and root needs no system bus. Avahi allows one
daemon on a machine, by a pid file at a fixed path: a stale one left by a container's kill is removed, and test runs
that meet wait for each other by a lock.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 20.0
STOP_SECONDS = 5.0
LOCK_SECONDS = 60.0

PROGRAMS = ("dbus-daemon", "avahi-daemon", "ippeveprinter")
_AVAHI_PID = Path("/run/avahi-daemon/pid")
_LOCK = Path("/tmp/kiosk-eveprinter.lock")

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/>
<allow eavesdrop="true"/></policy></busconfig>
"""
_AVAHI = """[server]
host-name=kiosk-test
allow-interfaces=lo
use-ipv6=no
enable-dbus=yes
[wide-area]
enable-wide-area=no
[publish]
publish-workstation=no
publish-hinfo=no
[rlimits]
"""


class CannotRun(Exception):
    """The printer did not come up; the message holds what its helpers said."""


@dataclass(frozen=True)
class EvePrinter:
    """A running printer: where it listens, and where it leaves what it has printed."""

    uri: str
    spool: Path


def missing_programs() -> tuple[str, ...]:
    """Of packages cups-ipp-utils, avahi-daemon and dbus."""
    return tuple(name for name in PROGRAMS if _program(name) is None)


@contextmanager
def eve_printer(folder: Path, *, command: str = "") -> Generator[EvePrinter]:
    """A printer for as long as the block lasts. `command`: a script each document is given to. Raises CannotRun."""
    with _alone():
        running: list[subprocess.Popen[bytes]] = []
        try:
            yield _started(folder, command, running)
        finally:
            for process in reversed(running):
                _stop(process)


def _started(folder: Path, command: str, running: list[subprocess.Popen[bytes]]) -> EvePrinter:
    bus, spool = folder / "bus", folder / "spool"
    spool.mkdir(parents=True)
    # A pathname socket has room for 107 characters.
    if len(str(bus)) > 100:
        raise CannotRun("the folder's path is too long for a socket")
    (folder / "bus.conf").write_text(_BUS.format(socket=bus))
    (folder / "avahi.conf").write_text(_AVAHI)
    environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={bus}", "HOME": str(folder)}

    def start(name: str, *arguments: str) -> subprocess.Popen[bytes]:
        program = _program(name)
        if program is None:
            raise CannotRun(f"{name} is not installed")
        with (folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [program, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, cwd=folder
            )
        running.append(process)
        return process

    daemon = start("dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork", "--nopidfile")
    _until(lambda: bus.exists(), daemon, folder)
    _remove_stale_pid()
    avahi = start("avahi-daemon", "-f", str(folder / "avahi.conf"), "--no-drop-root", "--no-chroot", "--no-rlimits")
    _until(lambda: b"Server startup complete" in _log(folder, "avahi-daemon"), avahi, folder)
    port = _free_port()
    options = ("-c", command) if command else ()
    printer = start(
        "ippeveprinter",
        *("-p", str(port), "-d", str(spool), "-k", "-v", "-n", "localhost", "-f", "application/pdf"),
        *options,
        "Test printer",
    )
    _until(lambda: _listens(port), printer, folder)
    return EvePrinter(f"ipp://localhost:{port}/ipp/print", spool)


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


@contextmanager
def _alone() -> Generator[None]:
    with _LOCK.open("w") as lock:
        until = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise CannotRun("another test run keeps the printer") from None
                time.sleep(0.1)
        yield


def _remove_stale_pid() -> None:
    with suppress(OSError, ValueError):
        pid = int(_AVAHI_PID.read_text())
        try:
            name = Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:
            name = ""
        if name == "avahi-daemon":
            raise CannotRun("this machine runs an Avahi of its own")
        _AVAHI_PID.unlink()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("localhost", port), timeout=0.5):
        return True
    return False


def _log(folder: Path, name: str) -> bytes:
    return (folder / f"{name}.log").read_bytes()


def _until(ready: Callable[[], bool], process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while not ready():
        ended = process.poll()
        if ended is not None or time.monotonic() > until:
            said = "\n".join(f"{path.name}: {path.read_text(errors='replace')}" for path in folder.glob("*.log"))
            raise CannotRun(f"exit {ended}\n{said}")
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)
