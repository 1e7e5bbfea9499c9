"""A smart card service of one's own with the virtual reader: Debian's pcscd and vsmartcard-vpcd on an own socket.

It needs no system service, no root and no fixed port, and leaves the machine's own service alone. The daemon is
handed its socket as systemd would (sd_listen_fds(3)); clients find it by PCSCLITE_CSOCK_NAME, which their library
reads once: so the socket's path is one for each process that uses it, whatever comes and goes behind it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

PCSCD = Path("/usr/sbin/pcscd")
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SOCKET_NAME = "PCSCLITE_CSOCK_NAME"

MISSING = ", ".join(package for package, file in (("pcscd", PCSCD), ("vsmartcard-vpcd", DRIVER)) if not file.exists())
"""Debian packages that are not installed, or ""."""

START_SECONDS = 20.0
END_SECONDS = 5.0
_LOOK_SECONDS = 0.02
_TRIES = 5
_SLOTS = 2
"""The virtual reader has two, on neighbouring ports."""

_START = 'exec env LISTEN_FDS=1 LISTEN_PID=$$ "$0" --foreground --debug --config "$1" 3<&0 </dev/null'


@cache
def socket_path() -> Path:
    """Where this process and its children find the service. To be called before the first use of its library."""
    folder = Path(tempfile.mkdtemp(prefix="pcscd-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "comm"
    os.environ[SOCKET_NAME] = str(path)
    return path


class PcscService:
    """pcscd, which can be killed and started again; `port` and the next one are where cards are laid down."""

    def __init__(self) -> None:
        self.port = 0
        self._folder = socket_path().parent
        self._readers = self._folder / "readers"
        self._readers.mkdir(exist_ok=True)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What the daemon says; no commands of cards are in it."""
        return self._folder / "log"

    def start(self, *, readers: bool = True) -> None:
        """With the virtual reader or with none at all. Raises RuntimeError where it does not come up."""
        for _ in range(_TRIES):
            self.port = _two_free_ports()
            self._configure(readers=readers)
            self._spawn()
            if self._up(_SLOTS if readers else 0):
                return
            self.end()
        raise RuntimeError("pcscd does not start with its virtual reader")

    def kill(self) -> None:
        """As a crash would."""
        self._signal(signal.SIGKILL)

    def end(self) -> None:
        """In order."""
        self._signal(signal.SIGTERM)

    def hang(self) -> None:
        """It stops answering, without dying."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """After `hang`."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        socket_path().unlink(missing_ok=True)

    def _configure(self, *, readers: bool) -> None:
        file = self._readers / "virtual"
        if readers:
            file.write_text(
                'FRIENDLYNAME "Virtual PCD"\n'
                f"DEVICENAME /dev/null:{self.port:#06x}\nLIBPATH {DRIVER}\nCHANNELID {self.port:#06x}\n"
            )
        else:
            file.unlink(missing_ok=True)

    def _spawn(self) -> None:
        path = socket_path()
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener, self.log.open("wb") as log:
            listener.bind(str(path))
            listener.listen(64)
            # Ours is closed behind it: a socket whose daemon died must refuse, not keep its callers waiting.
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _START, str(PCSCD), str(self._readers)],
                stdin=listener.fileno(),
                stdout=log,
                stderr=log,
            )

    def _up(self, slots: int) -> bool:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            said = self.log.read_text(errors="replace")
            if "daemon ready" in said:
                return said.count("Waiting for virtual ICC") == slots
            if self._process is None or self._process.poll() is not None:
                return False
            time.sleep(_LOOK_SECONDS)
        return False


@contextmanager
def pcsc_service() -> Generator[PcscService]:
    """Started with its virtual reader, and ended."""
    service = PcscService()
    try:
        service.start()
        yield service
    finally:
        service.end()


def _two_free_ports() -> int:
    """The first of two neighbours nobody has."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("", 0))
            port = int(one.getsockname()[1])
            try:
                other.bind(("", port + 1))
            except OSError:
                continue
            return port
