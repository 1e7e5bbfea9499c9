"""What every test is judged by besides its assertions: nothing may be logged as an error with a traceback,
no task may fail unheard, no Qt warning may pass."""

from __future__ import annotations

import logging
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import pytest

from kiosk.simulation.pcscd import socket_path

# Read once by the smart card library: whatever uses it first in a test, it is never this machine's own service.
socket_path()
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


NOTHING_LEFT_OUT = "CI"
"""Where this variable is set every counterpart must be there: what would be left out fails."""
MODELS = "the model files are not installed"
"""The one thing the set-up cannot bring: files that a station installs. The cascade is tested in their stead."""


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any]:
    outcome = yield
    report = cast("pytest.TestReport", outcome.get_result())
    left_out = report.skipped and not hasattr(report, "wasxfail") and why(report) != MODELS
    if left_out and os.environ.get(NOTHING_LEFT_OUT):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} may not be left out here: {why(report)}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for all that was left out, and why."""
    left_out = sorted({why(report) for report in terminalreporter.stats.get("skipped", ())})
    if left_out:
        terminalreporter.write_line(f"left out: {'; '.join(left_out)}")


def why(report: pytest.TestReport) -> str:
    """The reason of a skipped test."""
    told = report.longrepr
    return str(told[2]).removeprefix("Skipped: ") if isinstance(told, tuple) else str(told)


FIRST = ("screens", "journeys", "visits", "commands", "vision", "simulation", "central")
"""Rooms begun first: windows in a fresh process, as in a terminal; then the files that run for a minute, so that no
process is left with one of them at the end.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Windows and long rooms first; within a room as collected."""
    places = {room: place for place, room in enumerate(FIRST)}
    root = Path(__file__).parent

    def place(item: pytest.Item) -> tuple[int, bool]:
        parts = item.path.relative_to(root).parts
        return places.get(parts[0], len(places)), "qt" not in parts

    items.sort(key=place)
