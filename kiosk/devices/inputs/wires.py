"""Where contacts are read: the four modem lines of a serial adapter, or an input board that reports by itself."""

from __future__ import annotations

import asyncio
import termios
from collections.abc import Callable
from typing import Protocol

import serial

from kiosk.clock import Worker
from kiosk.devices.inputs.board_frames import Decoder, Report
from kiosk.devices.link import Link
from kiosk.devices.transport import Line, TransportLost

MODEM_LINES = ("cts", "dsr", "dcd", "ri")
BOARD_LINES = tuple(str(n) for n in range(1, 9))
POLL_SECONDS = 0.02
REPORT_SECONDS = 0.6
"""A board reports ten times a second; one that says nothing for so long is gone."""
SAME_REPORTS = 5
"""A board whose counter stands still is not looking at its contacts any more."""
READ_CHUNK = 64


class InputWire(Protocol):
    """Looks at contacts, one look after the other."""

    async def look(self) -> frozenset[str]:
        """The next look: the names of the lines that are closed. Raises TransportLost."""
        ...

    def forget(self) -> None:
        """What was seen while nobody asked is of no interest."""
        ...

    async def close(self) -> None: ...


class ModemPort(Protocol):
    """What of a serial port is used here (pyserial's names)."""

    @property
    def cts(self) -> bool: ...

    @property
    def dsr(self) -> bool: ...

    @property
    def cd(self) -> bool: ...

    @property
    def ri(self) -> bool: ...

    def close(self) -> None: ...


def modem_port(path: str) -> ModemPort:
    """A port whose RTS and DTR are on: they feed the contacts. Raises OSError, ValueError, termios.error."""
    port = serial.Serial(path, exclusive=True)
    try:
        port.rts = port.dtr = True
    except (OSError, termios.error):
        port.close()
        raise
    return port


class ModemLines:
    """Read in a worker: with some adapters a look is a message over USB."""

    def __init__(self, path: str, worker: Worker, open_port: Callable[[str], ModemPort] = modem_port) -> None:
        self._path = path
        self._worker = worker
        self._open_port = open_port
        self._port: ModemPort | None = None

    async def look(self) -> frozenset[str]:
        """See InputWire."""
        await asyncio.sleep(POLL_SECONDS)
        return await self._worker.run(self._read)

    def forget(self) -> None:
        """Nothing is kept."""

    async def close(self) -> None:
        await self._worker.run(self._drop)
        await self._worker.close()

    def _read(self) -> frozenset[str]:
        try:
            port = self._port = self._port or self._open_port(self._path)
            levels = (port.cts, port.dsr, port.cd, port.ri)
        except (OSError, ValueError, termios.error) as error:
            self._drop()
            raise TransportLost(f"no modem lines at {self._path}: {type(error).__name__}") from None
        return frozenset(name for name, level in zip(MODEM_LINES, levels, strict=True) if level)

    def _drop(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            try:
                port.close()
            except (OSError, termios.error):
                # A vanished tty refuses even this; the descriptor is released all the same.
                return


class InputBoard:
    """Reports come by themselves; two in a row that count on are a board's, not chance's."""

    def __init__(self, line: Line) -> None:
        self._link = Link(line)
        self._decoder = Decoder()
        self._waiting: list[Report] = []
        self._opened = 0
        self._last: Report | None = None
        self._same = 0

    async def look(self) -> frozenset[str]:
        """See InputWire."""
        try:
            async with asyncio.timeout(REPORT_SECONDS):
                while True:
                    report, before = await self._next(), self._last
                    self._last = report
                    if before is None:
                        continue
                    self._same = self._same + 1 if report.counter == before.counter else 0
                    if self._same >= SAME_REPORTS:
                        raise TransportLost("the board's counter stands still")
                    if report.counter == (before.counter + 1) % 256:
                        return frozenset(report.closed)
        except TimeoutError:
            await self._drop()
            raise TransportLost("silent") from None
        except TransportLost:
            await self._drop()
            raise

    def forget(self) -> None:
        """See InputWire."""
        _ = self._link.drop_input()
        self._waiting.clear()
        self._decoder = Decoder()
        self._last = None

    async def close(self) -> None:
        await self._drop()

    async def _next(self) -> Report:
        while not self._waiting:
            data = await self._link.read(READ_CHUNK)
            if self._opened != self._link.openings:
                self._opened, self._decoder, self._last, self._same = self._link.openings, Decoder(), None, 0
            self._waiting.extend(self._decoder.feed(data))
        return self._waiting.pop(0)

    async def _drop(self) -> None:
        self._last, self._same = None, 0
        self._waiting.clear()
        await self._link.drop()
