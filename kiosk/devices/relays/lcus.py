"""LCUS-1/2/4/8 relay boards (CH340, 9600 8-N-1): their four bytes, and a board that is told again what it should be.

    A0 channel state check       the check is the low byte of the sum of the three before

Some boards answer, most do not, and the answers differ: what a relay does is known from what hangs on it only.
"""

from __future__ import annotations

import asyncio
import enum

from kiosk.devices.link import Link
from kiosk.devices.transport import Line, TransportLost

_HEAD = 0xA0
MOST_CHANNELS = 8
WRITE_SECONDS = 1.0
"""Four bytes; a line that does not take them in this time is stuck."""


class Switch(enum.Enum):
    """A relay's state. OFF is what it has without power."""

    OFF = 0
    ON = 1


def switch_request(channel: int, state: Switch) -> bytes:
    """The bytes that switch one relay. Channels from 1. Raises ValueError."""
    if not 1 <= channel <= MOST_CHANNELS:
        raise ValueError("channels are numbered from 1 to 8")
    frame = bytes([_HEAD, channel, state.value])
    return frame + bytes([sum(frame) & 0xFF])


class RelayBoard:
    """Keeps what each of its channels should be, and says all of it again after every opening of its line."""

    def __init__(self, line: Line, channels: tuple[int, ...]) -> None:
        self._link = Link(line)
        self._wanted = dict.fromkeys(channels, Switch.OFF)
        self._told_since = 0

    @property
    def lock(self) -> asyncio.Lock:
        """Held while bytes are under way."""
        return self._link.lock

    def wanted(self, channel: int) -> Switch:
        """What a channel should be."""
        return self._wanted[channel]

    async def switch(self, channel: int, state: Switch) -> None:
        """Switch one relay; what it should be is remembered even if the line is gone. Raises TransportLost."""
        self._wanted[channel] = state
        async with self._link.lock:
            await self._tell(channel)

    async def refresh(self) -> None:
        """Say all again. Raises TransportLost."""
        async with self._link.lock:
            self._told_since = 0
            await self._tell()

    async def close(self) -> None:
        """All off, as far as the line is there."""
        for channel in self._wanted:
            self._wanted[channel] = Switch.OFF
        try:
            await self.refresh()
        except TransportLost:
            # Without a line there is nobody to tell; the next opening begins with all off.
            return
        finally:
            await self._link.drop()

    async def _tell(self, channel: int | None = None) -> None:
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await self._link.transport()
                known = self._told_since == self._link.openings
                told = [channel] if known and channel is not None else list(self._wanted)
                for one in told:
                    await self._link.write(switch_request(one, self._wanted[one]))
        except TimeoutError:
            await self._link.drop()
            raise TransportLost("the line does not take what it is told") from None
        # Some boards answer; nobody reads it.
        self._link.drop_input()
        self._told_since = self._link.openings
