"""A real upsd on loopback with its dummy driver, where Debian's nut-server is installed."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# The upsd on the path is a script that heeds the system's own settings; the program itself lies beside its drivers.
DUMMY = Path("/lib/nut/dummy-ups")
UPSD = Path("/lib/nut/upsd")
MISSING = "" if DUMMY.exists() and UPSD.exists() else "nut-server is not installed"

START_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Upsd:
    """A running upsd that knows one supply, `kiosk`."""

    port: int
    folder: Path
    driver: subprocess.Popen[bytes]

    def say(self, status: str, charge: str = "100", runtime: str = "1800") -> None:
        """What the supply reports from now on (its driver reads the file anew every second or two)."""
        _write(self.folder / "kiosk.dev", status, charge, runtime)


def _write(path: Path, status: str, charge: str, runtime: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(f"ups.status: {status}\nbattery.charge: {charge}\nbattery.runtime: {runtime}\nTIMER 1\n")
    beside.replace(path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def upsd(folder: Path) -> Generator[Upsd]:
    """Starts both and ends both."""
    port = _free_port()
    _write(folder / "kiosk.dev", "OL", "100", "1800")
    (folder / "ups.conf").write_text(
        f"pollinterval = 1\n[kiosk]\n driver = dummy-ups\n port = {folder / 'kiosk.dev'}\n mode = dummy-loop\n"
    )
    (folder / "upsd.conf").write_text(f"LISTEN 127.0.0.1 {port}\nMAXAGE 10\n")
    (folder / "upsd.users").write_text("")
    (folder / "nut.conf").write_text("MODE=standalone\n")
    for file in folder.iterdir():
        file.chmod(0o640)
    environment = {
        **os.environ,
        "NUT_CONFPATH": str(folder),
        "NUT_STATEPATH": str(folder),
        "NUT_QUIET_INIT_UPSNOTIFY": "1",
    }
    user = ["-u", "root"] if os.geteuid() == 0 else []
    started: list[subprocess.Popen[bytes]] = []
    try:
        for command in ([str(DUMMY), "-a", "kiosk", "-D", *user], [str(UPSD), "-D", *user]):
            log = (folder / f"{Path(command[0]).name}.log").open("wb")
            started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
            log.close()
            _wait(folder, port if len(started) == 2 else None)
        yield Upsd(port, folder, started[0])
    finally:
        for process in reversed(started):
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


def _wait(folder: Path, port: int | None) -> None:
    """Until the driver's socket is there, or upsd accepts."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if port is None and (folder / "dummy-ups-kiosk").exists():
            return
        if port is not None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
        time.sleep(0.05)
    logs = "\n".join(log.read_text() for log in folder.glob("*.log"))
    raise AssertionError(f"upsd does not start:\n{logs}")
