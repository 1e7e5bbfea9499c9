"""What the core last said, kept until the Qt thread fetches it: the latest wins (rule 20)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.screens.qt.convert import QmlValue

QmlMap = dict[str, QmlValue]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What changed since the last fetch; None where nothing did."""

    page: QmlMap | None
    live: QmlMap | None


class LatestSlot:
    """Holds one page part and one live part. `wake` is called at most once between two fetches."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._lock = threading.Lock()
        self._page: QmlMap | None = None
        self._live: QmlMap | None = None
        self._awake = False
        self._revision = -1

    @property
    def revision(self) -> int:
        """Revision of the newest page, fetched or not; -1 before the first."""
        with self._lock:
            return self._revision

    def put_page(self, revision: int, page: QmlMap) -> None:
        """Replace the page part."""
        with self._lock:
            self._page = page
            self._revision = revision
            wake = self._ask()
        if wake:
            self._wake()

    def put_live(self, live: QmlMap) -> None:
        """Replace the live part."""
        with self._lock:
            self._live = live
            wake = self._ask()
        if wake:
            self._wake()

    def _ask(self) -> bool:
        if self._awake:
            return False
        self._awake = True
        return True

    def fetch(self) -> Fetched:
        """Take what is there; the next put wakes again."""
        with self._lock:
            fetched = Fetched(self._page, self._live)
            self._page = None
            self._live = None
            self._awake = False
            return fetched
