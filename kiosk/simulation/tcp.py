"""Devices on the network: listening while they are plugged in, on the same port for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

LOOPBACK = "127.0.0.1"


@dataclass
class TcpPlug:
    """One listener. `wanted` says whether it should listen now; when it says no, everything open is cut at once."""

    scene: Scene
    device: Device
    handler: Handler
    wanted: Callable[[], bool]
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])

    async def prepare(self) -> None:
        """Take the port of old, or a new one, so that it is known before anybody asks."""
        if self.device not in self.scene.state.tcp_ports or not await self._listen():
            self.scene.state.tcp_ports.pop(self.device, None)
            if not await self._listen():
                raise OSError("no port could be opened")
        if not self.wanted():
            self._cut()

    async def run(self) -> None:
        """For ever."""
        stop_listening = self.scene.listen(self._cut_if_unwanted)
        try:
            while True:
                if self._server is None and self.wanted():
                    await self._listen()
                if self._server is None:
                    await self.scene.until(self.wanted)
                else:
                    await self.scene.until(lambda: self._server is None)
        finally:
            stop_listening()
            self._cut()

    async def _listen(self) -> bool:
        port = self.scene.state.tcp_ports.get(self.device, 0)
        try:
            self._server = await asyncio.start_server(self._serve, LOOPBACK, port)
        except OSError:
            return False
        self.scene.state.tcp_ports[self.device] = self._server.sockets[0].getsockname()[1]
        self.scene.changed()
        return True

    def _cut_if_unwanted(self) -> None:
        if not self.wanted():
            self._cut()

    def _cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._open:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await self.handler(reader, writer)
        finally:
            self._open.discard(writer)
            writer.close()
