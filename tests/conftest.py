"""What every test is judged by besides its assertions: nothing may be logged as an error with a traceback,
no task may fail unheard, no Qt warning may pass."""

from __future__ import annotations

import logging
import os
from collections.abc import Generator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")


class _Unheard(logging.Handler):
    """Collects records that carry a traceback, and asyncio's complaints about tasks nobody looked at."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info or (record.name == "asyncio" and record.levelno >= logging.ERROR):
            self.heard.append(self.format(record))


@pytest.fixture(autouse=True)
def nothing_goes_unheard() -> Generator[None]:
    handler = _Unheard()
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
    assert not handler.heard, "\n".join(handler.heard)
