"""What the preview reads: the newest frame, from any thread, without OpenCV."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from kiosk.vision.ring import Ring

Picture = tuple[int, int, int, bytes]
"""Number, width, height, and RGB bytes: rows from the top, three bytes a pixel, no padding."""


class FrameSource:
    """The newest frame of the camera, as it saw it; mirroring is the view's business.

    The pixels returned are the caller's own copy. While the camera rests, is away or has stopped sending, there is
    none. Thread-safe; `close` waits for a reader in the middle of its copy.
    """

    def __init__(self, ring: Ring, stale_seconds: float, now: Callable[[], int] = time.monotonic_ns) -> None:
        self._ring = ring
        self._stale = int(stale_seconds * 1e9)
        self._now = now
        self._lock = threading.Lock()
        self._lit = False
        self._closed = False
        self._last: Picture | None = None
        self._last_time = 0
        self._floor = 0
        self._listener: Callable[[int], None] | None = None

    def latest(self) -> Picture | None:
        """The newest whole frame no older than the stale limit, or None."""
        with self._lock:
            if self._closed or not self._lit:
                return None
            if self._last is None or self._ring.latest != self._last[0]:
                frame = self._ring.read()
                if frame is not None and frame.number > self._floor:
                    self._last = (frame.number, frame.width, frame.height, frame.rgb)
                    self._last_time = frame.nanoseconds
            if self._last is None or self._now() - self._last_time > self._stale:
                return None
            return self._last

    def listen(self, tell: Callable[[int], None] | None) -> None:
        """Have `tell(number)` called on the core thread after each new frame (None: no longer).

        It must only post a wake-up: the picture itself is fetched by `latest` on the drawing thread.
        """
        with self._lock:
            self._listener = tell

    def announce(self) -> None:
        """A frame has arrived; called by the camera."""
        with self._lock:
            tell = self._listener if self._lit and not self._closed else None
            number = 0 if self._closed else self._ring.latest
        if tell is not None:
            tell(number)

    def light(self) -> None:
        """Show frames from now on, none that was taken before."""
        with self._lock:
            if not self._lit and not self._closed:
                self._floor = self._ring.latest
            self._lit = True

    def darken(self) -> None:
        """Show nothing and keep nothing."""
        with self._lock:
            self._lit = False
            self._last = None

    def close(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                self._lit = False
                self._last = None
                self._ring.close()
