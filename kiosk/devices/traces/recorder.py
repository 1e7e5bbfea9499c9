"""Records a driver's line while it is used: what is in the way of nothing, and writes down nothing personal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kiosk.devices.classes import DeviceClass
from kiosk.devices.traces.redaction import Open, Redaction, Way, redaction_for
from kiosk.devices.traces.trace import CLOSED, ENDED, LOST, OPEN, Event, Trace
from kiosk.devices.transport import Line, Transport, TransportLost

MOST_EVENTS = 100_000
"""A line that floods is recorded so far."""
_NOT_WRITTEN = ("port", "uri", "url", "user", "password", "secret", "key", "ca", "source", "contact", "file")
"""Settings that name places or secrets; the others are needed to play a trace again."""


class Recorder:
    """One command's trace in the making. `seconds` is a monotonic clock.

    `payloads` leaves nothing out: for simulated devices, whose people do not exist.
    """

    def __init__(
        self,
        device: DeviceClass,
        driver: str,
        settings: Mapping[str, object],
        seconds: Callable[[], float],
        *,
        payloads: bool = False,
    ) -> None:
        self._device = device
        self._driver = driver
        self._settings = {name: value for name, value in settings.items() if name not in _NOT_WRITTEN}
        self._seconds = seconds
        self._began: float | None = None
        self._payloads = payloads
        self._events: list[Event] = []
        self._command = ""
        self._words: tuple[str, ...] = ()

    def redaction(self) -> Redaction:
        """A filter for one connection."""
        return Open() if self._payloads else redaction_for(self._device, self._driver)

    def command(self, name: str, words: tuple[str, ...] = ()) -> None:
        """What is being carried out."""
        self._command, self._words = name, words

    def ended(self, how: str) -> None:
        """How it came out: `done`, or a fault's completion:code."""
        self._note(Event(self._at(), ENDED, how=how))

    def happened(self, event: str) -> None:
        """The line was opened, lost, or closed."""
        self._note(Event(self._at(), event))

    def passed(self, way: Way, redaction: Redaction, data: bytes) -> None:
        """Bytes went by."""
        parts = redaction.parts(way, data)
        if parts:
            self._note(Event(self._at(), way.value, parts))

    def trace(self) -> Trace:
        """So far."""
        return Trace(self._device, self._driver, self._settings, self._command, self._words, tuple(self._events))

    def leave(self, file: Path) -> None:
        """Write it where it was asked for. Raises OSError."""
        file.write_text(self.trace().text(), "utf-8")

    def _at(self) -> float:
        now = self._seconds()
        if self._began is None:
            self._began = now
        return now - self._began

    def _note(self, event: Event) -> None:
        if len(self._events) < MOST_EVENTS or event.event == ENDED:
            self._events.append(event)


class _TracedTransport:
    def __init__(self, inner: Transport, recorder: Recorder) -> None:
        self._inner = inner
        self._recorder = recorder
        self._redaction = recorder.redaction()

    async def read(self, most: int) -> bytes:
        try:
            data = await self._inner.read(most)
        except TransportLost:
            self._recorder.happened(LOST)
            raise
        self._recorder.passed(Way.TO_HOST, self._redaction, data)
        return data

    async def write(self, data: bytes) -> None:
        # Written down first: bytes may be out although the line was lost over them.
        self._recorder.passed(Way.TO_DEVICE, self._redaction, data)
        try:
            await self._inner.write(data)
        except TransportLost:
            self._recorder.happened(LOST)
            raise

    def drop_input(self) -> int:
        return self._inner.drop_input()

    async def close(self) -> None:
        self._recorder.happened(CLOSED)
        await self._inner.close()


class TracedLine:
    """A line whose every connection is recorded."""

    def __init__(self, inner: Line, recorder: Recorder) -> None:
        self._inner = inner
        self._recorder = recorder

    @property
    def name(self) -> str:
        return self._inner.name

    async def open(self) -> Transport:
        transport = await self._inner.open()
        self._recorder.happened(OPEN)
        return _TracedTransport(transport, self._recorder)


def traced(line: Callable[[str, int], Line], recorder: Recorder) -> Callable[[str, int], Line]:
    """`Tools.line` with a recorder on every line it names."""
    return lambda port, baud: TracedLine(line(port, baud), recorder)
