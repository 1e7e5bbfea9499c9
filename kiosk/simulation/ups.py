"""An uninterruptible supply behind its server: the text protocol of NUT's upsd, one supply called "simulated".

GET VAR simulated ups.status -> VAR simulated ups.status "OL"; what is not known is refused as upsd refuses it.
"""

from __future__ import annotations

import asyncio

from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device, FaultKind
from kiosk.simulation.wires import Wire, WireGone

NAME = "simulated"
_LONGEST_LINE = 1024


class Supply:
    """One supply: on the mains, on its battery, or at the end of it, as the world has it."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    async def run(self, wire: Wire) -> None:
        """Answer line by line until the wire is gone."""
        buffer = bytearray()
        while True:
            line, newline, rest = bytes(buffer).partition(b"\n")
            if not newline:
                if len(buffer) > _LONGEST_LINE:
                    buffer.clear()
                buffer += await wire.read(1024)
                continue
            buffer[:] = rest
            if not self._scene.strike(Device.UPS, FaultKind.SILENT):
                await wire.write(self._answer(line.decode("ascii", "replace").split()).encode("ascii") + b"\n")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The same over TCP."""
        try:
            await self.run(Stream(reader, writer))
        except (WireGone, ConnectionError):
            return

    def _answer(self, words: list[str]) -> str:
        match words:
            case ["GET", "VAR", name, _] if name != NAME:
                return "ERR UNKNOWN-UPS"
            case ["GET", "VAR", _, variable] if variable in (values := self._values()):
                return f'VAR {NAME} {variable} "{values[variable]}"'
            case ["GET", "VAR", _, _]:
                return "ERR VAR-NOT-SUPPORTED"
            case _:
                return "ERR UNKNOWN-COMMAND"

    def _values(self) -> dict[str, str]:
        if self._scene.has(Device.UPS, FaultKind.BATTERY_LOW):
            return {"ups.status": "OB LB", "battery.charge": "9", "battery.runtime": "75"}
        if self._scene.has(Device.UPS, FaultKind.ON_BATTERY):
            return {"ups.status": "OB DISCHRG", "battery.charge": "86", "battery.runtime": "1500"}
        return {"ups.status": "OL CHRG", "battery.charge": "100", "battery.runtime": "1800"}


class Stream:
    """A connection as a wire."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, most: int) -> bytes:
        data = await self._reader.read(most)
        if not data:
            raise WireGone
        return data

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()
