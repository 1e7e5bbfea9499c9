"""What is measured on the Qt thread: how late it is for an appointment every 5 ms, and when pages are painted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from kiosk.screens.qt.bridge import Bridge
from kiosk.screens.qt.window import KioskWindow

BEAT_SECONDS = 0.005
NOTABLE_SECONDS = 0.02
"""Shorter delays are not kept one by one."""


@dataclass(frozen=True, slots=True)
class Stall:
    """The Qt thread kept an appointment `late` seconds late. Meanwhile it computed for `busy` seconds and was
    `queued` for seconds, ready to run while others had the processors; the rest was waiting, mostly for the
    interpreter's lock. `at` is on the clock of `time.perf_counter`, `page` the page's kind.
    """

    at: float
    late: float
    busy: float
    queued: float
    page: str


_NONE = Stall(0.0, 0.0, 0.0, 0.0, "")


def _queued() -> float:
    """Seconds this thread has waited for a processor so far (Linux, schedstat); 0 where the kernel does not say."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_bytes().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


class Pulse(QObject):
    """Beats on the Qt thread from `start` on. `aside` is told by whoever else uses this thread for the test's sake:
    its seconds so far, which are not the terminal's.
    """

    def __init__(self, window: KioskWindow, aside: Callable[[], float]) -> None:
        super().__init__()
        self._bridge = window.bridge
        self._aside = aside
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(BEAT_SECONDS * 1000))
        self._timer.timeout.connect(self.beat)
        self._last = (0.0, 0.0, 0.0, 0.0)
        self._kept: list[Stall] = []
        self._longest = _NONE
        self._since = 0.0

    def start(self) -> None:
        """On the Qt thread."""
        self._last = (time.perf_counter(), time.thread_time(), self._aside(), _queued())
        self._timer.start()

    def begin(self) -> None:
        """Forget what was before; from any thread."""
        self._since = time.perf_counter()

    @Slot()
    def beat(self) -> None:
        """One appointment."""
        at, busy, aside, queued = self._last
        now = self._last = (time.perf_counter(), time.thread_time(), self._aside(), _queued())
        if at < self._since:
            self._longest = _NONE
            self._kept.clear()
            if now[0] < self._since:
                return
        elsewhere = now[2] - aside
        late = now[0] - at - BEAT_SECONDS - elsewhere
        if late <= self._longest.late and late < NOTABLE_SECONDS:
            return
        page = str(cast("dict[str, Any]", self._bridge.page).get("kind", ""))
        stall = Stall(now[0], late, max(0.0, now[1] - busy - elsewhere), now[3] - queued, page)
        if late >= NOTABLE_SECONDS:
            self._kept.append(stall)
        if late > self._longest.late:
            self._longest = stall

    @property
    def longest(self) -> Stall:
        """The longest since `begin`."""
        return self._longest

    @property
    def notable(self) -> tuple[Stall, ...]:
        """All of `NOTABLE_SECONDS` and longer since `begin`, in order."""
        return tuple(self._kept)


class Painting(QObject):
    """When each page was first in a frame on the screen. Waited for from any other thread."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._at: dict[int, float] = {}
        bridge.painted.connect(self.painted)

    @Slot(int)
    def painted(self, revision: int) -> None:
        """A frame with this page was swapped."""
        with self._changed:
            self._at.setdefault(revision, time.perf_counter())
            self._changed.notify_all()

    def wait(self, revision: int, seconds: float) -> float:
        """When it was, on the clock of `time.perf_counter`. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: revision in self._at, seconds):
                raise TimeoutError(f"page {revision} was not painted")
            return self._at[revision]
