"""A lock controller as KR-CU16 units speak: sixteen locks, door contacts and light barriers, one board at address 0.

Something lies behind lock 3. An opened door is shut again after `SHUT_SECONDS`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from kiosk.simulation.alone.reading import exactly, in_time
from kiosk.simulation.wires import Wire

_STATES, _OPEN = 0x30, 0x31
_ANSWER = 0x35
SPRING_SECONDS = 0.05
SHUT_SECONDS = 3.0


def frame(*body: int) -> bytes:
    """02, the body, 03, and the sum of all."""
    data = bytes([0x02, *body, 0x03])
    return data + bytes([sum(data) & 0xFF])


@dataclass
class Controller:
    """A bit of `hooks` is set while a lock is shut, one of `items` while something is seen."""

    hooks: int = 0xFFFF
    items: int = 0b100

    async def run(self, wire: Wire) -> None:
        """Answer until the wire is gone; what is for another board, or damaged, gets no answer."""
        while True:
            if await exactly(wire, 1) != b"\x02":
                continue
            rest = await in_time(wire, 4)
            if rest is None:
                continue
            address, command, end, check = rest
            if end != 0x03 or check != (0x02 + address + command + end) & 0xFF or address >> 4:
                continue
            if command == _OPEN:
                asyncio.get_running_loop().call_later(SPRING_SECONDS, self._spring, address & 0xF)
            elif command == _STATES:
                hooks, items = self.hooks, self.items
                await wire.write(frame(0x00, _ANSWER, hooks & 0xFF, hooks >> 8, items & 0xFF, items >> 8))

    def _spring(self, lock: int) -> None:
        self.hooks &= ~(1 << lock)
        asyncio.get_running_loop().call_later(SHUT_SECONDS, self._shut, lock)

    def _shut(self, lock: int) -> None:
        self.hooks |= 1 << lock
