"""An input board as docs/devices/inputs.md has it: C5, lines, counter, check; ten a second and at every turn."""

from __future__ import annotations

import asyncio
import enum

from kiosk.simulation.wires import Wire

REPORT_SECONDS = 0.1
BOUNCE_SECONDS = 0.004


class Fault(enum.Enum):
    """What the board does instead of reporting."""

    SILENT = "silent"
    FROZEN = "frozen"
    CORRUPT = "corrupt"


def report(lines: int, counter: int) -> bytes:
    """Four bytes."""
    body = bytes([0xC5, lines, counter])
    return body + bytes([0xFF - sum(body) % 256])


class InputBoard:
    """Lines 1 to 8 as bits. The counter goes on from report to report."""

    def __init__(self, lines: int = 0b0000_0101) -> None:
        self.lines = lines
        self.fault: Fault | None = None
        self._counter = 0
        self._turned = asyncio.Event()

    def set(self, closed: int, opened: int = 0) -> None:
        """Close and open lines at once."""
        self.lines = self.lines & ~opened | closed
        self._turned.set()

    async def bounce(self, closed: int, opened: int, times: int) -> None:
        """As a real contact does: back and forth, and then over."""
        for _ in range(times):
            self.set(closed, opened)
            await asyncio.sleep(BOUNCE_SECONDS)
            self.set(opened, closed)
            await asyncio.sleep(BOUNCE_SECONDS)
        self.set(closed, opened)

    async def run(self, wire: Wire) -> None:
        """Report until the wire is gone."""
        while True:
            self._turned.clear()
            if self.fault is not Fault.FROZEN:
                self._counter = (self._counter + 1) % 256
            said = report(self.lines, self._counter)
            if self.fault is Fault.CORRUPT:
                said = said[:1] + bytes([said[1] ^ 0xFF]) + said[2:]
            if self.fault is not Fault.SILENT:
                await wire.write(said)
            try:
                async with asyncio.timeout(REPORT_SECONDS):
                    _ = await self._turned.wait()
            except TimeoutError:
                continue
