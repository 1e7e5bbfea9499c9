"""What Qt and QML complain about: logged, or a crash where that is asked for (tests, journeys)."""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_log = logging.getLogger("kiosk.qt")

_LEVEL = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class QtWarnings(enum.Enum):
    """What a warning of Qt's does."""

    LOG = "log"
    CRASH = "crash"


class QtComplaint(RuntimeError):
    """A warning of Qt's where none is allowed."""


def listen(warnings: QtWarnings, crash: Callable[[BaseException], None]) -> None:
    """Route Qt's messages to logging; with CRASH, warnings and worse also end the terminal."""

    def handle(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        del context
        level = _LEVEL.get(kind, logging.WARNING)
        _log.log(level, "%s", text)
        if level >= logging.WARNING and warnings is QtWarnings.CRASH:
            crash(QtComplaint(text))

    qInstallMessageHandler(handle)
