"""A trace played again: a far end that expects the bytes that were sent, and answers what was answered.

Times between bytes are kept, so that it belongs on a virtual clock. Bytes that were left out match any bytes on the
way to the device; on the way to the host they cannot be made up, and the line is cut there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from kiosk.devices.traces.redaction import Part, Way
from kiosk.devices.traces.trace import OPEN, Event, Trace
from kiosk.devices.transport import Transport, TransportLost


class Unexpected(AssertionError):
    """The driver sent something else than was recorded."""


def connections(trace: Trace) -> tuple[tuple[Event, ...], ...]:
    """The bytes of each opening of the line."""
    made: list[list[Event]] = []
    for event in trace.events:
        if event.event == OPEN:
            made.append([])
        elif event.parts and made:
            made[-1].append(event)
    return tuple(tuple(events) for events in made)


def whole(trace: Trace) -> bool:
    """Whether every answer was written down, so that the command can end as it did."""
    return all(
        isinstance(part, bytes) for event in trace.events if event.event == Way.TO_HOST.value for part in event.parts
    )


@dataclass
class Replay:
    """Called with the far end of each opening in turn; `failures` is what did not match."""

    trace: Trace
    failures: list[Unexpected] = field(default_factory=list[Unexpected])
    openings: int = 0

    async def __call__(self, far: Transport) -> None:
        """Play one connection, then stay silent on it."""
        events = connections(self.trace)
        mine = events[self.openings] if self.openings < len(events) else ()
        self.openings += 1
        before = mine[0].at if mine else 0.0
        try:
            for event in mine:
                if event.event == Way.TO_DEVICE.value:
                    await self._expect(far, event.parts)
                else:
                    await asyncio.sleep(max(0.0, event.at - before))
                    if not await self._answer(far, event.parts):
                        await far.close()
                        return
                before = event.at
            while True:
                await far.read(4096)
        except TransportLost:
            return

    async def _expect(self, far: Transport, parts: Sequence[Part]) -> None:
        for part in parts:
            size = len(part) if isinstance(part, bytes) else part
            got = await _exactly(far, size)
            if isinstance(part, bytes) and got != part:
                wrong = Unexpected(f"expected {part.hex()}, got {got.hex()}")
                self.failures.append(wrong)
                raise wrong

    async def _answer(self, far: Transport, parts: Sequence[Part]) -> bool:
        for part in parts:
            if isinstance(part, int):
                return False
            await far.write(part)
        return True


async def _exactly(far: Transport, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += await far.read(size - len(data))
    return data
