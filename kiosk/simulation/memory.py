"""Lines in memory, for a world on the terminal's own loop: a kiosk.devices.transport.Line on the terminal's side."""

from __future__ import annotations

import asyncio

from kiosk.devices.transport import TransportLost
from kiosk.simulation.wires import Wire, WireGone


class _Pipe:
    """Bytes one way, on one loop."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.gone = False
        self._reader: asyncio.Future[None] | None = None

    def put(self, data: bytes) -> None:
        self.data += data
        self._wake()

    def end(self) -> None:
        self.gone = True
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self, most: int) -> bytes:
        while not self.data:
            if self.gone:
                raise WireGone
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        taken = bytes(self.data[:most])
        del self.data[:most]
        return taken


class MemoryWire:
    """The device's end in memory."""

    def __init__(self, incoming: _Pipe, outgoing: _Pipe) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    async def read(self, most: int) -> bytes:
        return await self._incoming.get(most)

    async def write(self, data: bytes) -> None:
        if self._outgoing.gone:
            raise WireGone
        self._outgoing.put(data)


class MemoryTransport:
    """The terminal's end in memory; a kiosk.devices.transport.Transport."""

    def __init__(self, incoming: _Pipe, outgoing: _Pipe) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    async def read(self, most: int) -> bytes:
        try:
            return await self._incoming.get(most)
        except WireGone:
            raise TransportLost("the line is gone") from None

    async def write(self, data: bytes) -> None:
        if self._outgoing.gone:
            raise TransportLost("the line is gone")
        self._outgoing.put(data)

    def drop_input(self) -> int:
        dropped = len(self._incoming.data)
        self._incoming.data.clear()
        return dropped

    async def close(self) -> None:
        """The cable stays; what has not been fetched is lost at the next opening."""


class MemoryPort:
    """A Port and, for the terminal, a kiosk.devices.transport.Line, in one."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._pipes: tuple[_Pipe, _Pipe] | None = None

    @property
    def name(self) -> str:
        """The device's name."""
        return self._name

    @property
    def plugged(self) -> bool:
        """Whether `open` would succeed."""
        return self._pipes is not None

    def plug(self) -> Wire:
        """A fresh line."""
        to_device, to_terminal = _Pipe(), _Pipe()
        self._pipes = (to_device, to_terminal)
        return MemoryWire(to_device, to_terminal)

    def unplug(self) -> None:
        """Both ends notice."""
        if self._pipes is not None:
            for pipe in self._pipes:
                pipe.end()
            self._pipes = None

    async def open(self) -> MemoryTransport:
        """The terminal's end; what arrived before is dropped. Raises TransportLost when nothing is plugged in."""
        if self._pipes is None:
            raise TransportLost("nothing is plugged in")
        to_device, to_terminal = self._pipes
        transport = MemoryTransport(to_terminal, to_device)
        transport.drop_input()
        return transport
