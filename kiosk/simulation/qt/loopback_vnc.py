"""Qt's vnc platform, reachable from this machine only.

The platform plugin has no address to be given: it listens on every interface, with no password. Therefore it is let
listen on a port nobody knows, and before it can accept anybody that socket is replaced by one of ours, which is bound
to loopback. Between the two no event is processed: whoever found the port by then is reset, not served.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

LOOPBACK = "127.0.0.1"


class NoVnc(RuntimeError):
    """The platform plugin did not do what it is known to do; nothing is served."""


def bound(port: int) -> socket.socket:
    """A listening socket on loopback, as Qt needs it. Raises OSError when the port is taken."""
    ours = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ours.bind((LOOPBACK, port))
        ours.listen()
        ours.setblocking(False)
    except OSError:
        ours.close()
        raise
    return ours


def serve(ours: socket.socket, width: int, height: int) -> None:
    """Make the process's Qt application on the vnc platform, with `ours` as the only socket it listens on.

    To be called once, on the main thread, before anything of Qt's is there. Raises NoVnc.
    """
    os.environ["QT_QPA_PLATFORM"] = f"vnc:size={width}x{height}:port=0"
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    before = _listening()
    complaints: list[str] = []

    def heard(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        del kind, context
        if "created on port" not in text:
            complaints.append(text)

    previous = qInstallMessageHandler(heard)
    try:
        # Kept by Qt itself until the process ends; run_terminal finds it there.
        QGuiApplication(sys.argv[:1])
        QCoreApplication.sendPostedEvents()
    finally:
        qInstallMessageHandler(previous)
    theirs = [number for number in _listening() if number not in before]
    if len(theirs) != 1:
        raise NoVnc("; ".join(complaints) or f"the vnc platform listens on {len(theirs)} sockets")
    os.dup2(ours.fileno(), theirs[0], inheritable=False)


def _listening() -> frozenset[int]:
    """Descriptors of this process that listen for connections over IP."""
    found: set[int] = set()
    for entry in Path("/proc/self/fd").iterdir():
        number = int(entry.name)
        try:
            copy = socket.socket(fileno=os.dup(number))
        except OSError:
            continue
        with copy:
            over_ip = copy.family in (socket.AF_INET, socket.AF_INET6)
            if over_ip and copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                found.add(number)
    return frozenset(found)
