"""A line that is opened when first needed, dropped when lost, and spoken on by one conversation at a time."""

from __future__ import annotations

import asyncio

from kiosk.devices.transport import Line, Transport, TransportLost


class Link:
    """Keeps at most one transport of a line open. `lock` is held for one request and its answer."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._transport: Transport | None = None
        self._openings = 0
        self.lock = asyncio.Lock()

    @property
    def name(self) -> str:
        """The line's name, for logs."""
        return self._line.name

    @property
    def openings(self) -> int:
        """How often the line has been opened: a driver that keeps state per connection compares it."""
        return self._openings

    async def transport(self) -> Transport:
        """The open transport, opening it if need be. Raises TransportLost."""
        if self._transport is None:
            self._transport = await self._line.open()
            self._openings += 1
        return self._transport

    async def drop(self) -> None:
        """Close what is open; the next use opens again."""
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.close()

    async def write(self, data: bytes) -> None:
        """Write all, opening first if need be. A lost transport is dropped. Raises TransportLost."""
        transport = await self.transport()
        try:
            await transport.write(data)
        except TransportLost:
            await self.drop()
            raise

    async def read(self, most: int) -> bytes:
        """Read some. A lost transport is dropped. Raises TransportLost."""
        transport = await self.transport()
        try:
            return await transport.read(most)
        except TransportLost:
            await self.drop()
            raise

    def drop_input(self) -> int:
        """Throw away what has arrived unread on the open transport."""
        return 0 if self._transport is None else self._transport.drop_input()
