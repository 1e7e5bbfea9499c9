"""Lines between the terminal and a simulated device: in memory or on a pseudo-terminal, with faults and speed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import tty
from pathlib import Path
from typing import Protocol

from kiosk.devices.transport import TransportLost
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device, FaultKind

STALLED_SECONDS = 0.5
"""Bytes the other side does not fetch for this long are lost, as on a real line without flow control."""

FRAGMENT_GAP_SECONDS = 0.002
PACE_CHUNK_BYTES = 64


class WireGone(Exception):
    """The line was pulled."""


class Wire(Protocol):
    """The device's end of a line."""

    async def read(self, most: int) -> bytes:
        """At least one byte. Raises WireGone."""
        ...

    async def write(self, data: bytes) -> None:
        """Raises WireGone."""
        ...


class Port(Protocol):
    """A place where a device is plugged in, again and again."""

    def plug(self) -> Wire: ...

    def unplug(self) -> None: ...


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


class PtyWire:
    """The device's end of a pseudo-terminal."""

    def __init__(self, master: int) -> None:
        self._master = master
        self._open = True
        self._waiting: asyncio.Future[None] | None = None

    def end(self) -> None:
        """Called by the port before it closes the descriptor."""
        self._open = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def read(self, most: int) -> bytes:
        while True:
            if not self._open:
                raise WireGone
            try:
                data = os.read(self._master, most)
            except BlockingIOError:
                await self._ready_to_read()
                continue
            except OSError:
                raise WireGone from None
            if not data:
                raise WireGone
            return data

    async def write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            async with asyncio.timeout(STALLED_SECONDS + len(data) / 1_000):
                while view:
                    if not self._open:
                        raise WireGone
                    try:
                        view = view[os.write(self._master, view) :]
                    except BlockingIOError:
                        await self._ready_to_write()
                    except OSError:
                        raise WireGone from None
        except TimeoutError:
            return

    async def _ready_to_read(self) -> None:
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        loop.add_reader(self._master, _settle, self._waiting)
        try:
            await self._waiting
        finally:
            if self._open:
                loop.remove_reader(self._master)

    async def _ready_to_write(self) -> None:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        loop.add_writer(self._master, _settle, future)
        try:
            await future
        finally:
            if self._open:
                loop.remove_writer(self._master)


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class PtyPort:
    """A pseudo-terminal behind a symbolic link whose name never changes."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self._wire: PtyWire | None = None
        self._descriptors: tuple[int, int] | None = None

    def plug(self) -> Wire:
        """Open a pair and point the link at it. The far end is kept open so that the device outlives its users."""
        self.unplug()
        master, slave = pty.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._descriptors = (master, slave)
        temporary = self._link.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(os.ttyname(slave))
        temporary.replace(self._link)
        self._wire = PtyWire(master)
        return self._wire

    def unplug(self) -> None:
        """The link goes; whoever holds the port open reads an error."""
        if self._descriptors is None or self._wire is None:
            return
        loop = asyncio.get_running_loop()
        master, slave = self._descriptors
        self._wire.end()
        loop.remove_reader(master)
        loop.remove_writer(master)
        with contextlib.suppress(FileNotFoundError):
            self._link.unlink()
        os.close(master)
        os.close(slave)
        self._descriptors = self._wire = None


class DeviceWire:
    """A wire with the faults of its device, at the speed of its line (0 bytes a second: as fast as can be)."""

    def __init__(self, inner: Wire, scene: Scene, device: Device, bytes_per_second: float) -> None:
        self._inner = inner
        self._scene = scene
        self._device = device
        self._speed = bytes_per_second

    async def read(self, most: int) -> bytes:
        return await self._inner.read(most)

    async def write(self, data: bytes) -> None:
        """One answer."""
        scene, device = self._scene, self._device
        if scene.strike(device, FaultKind.MUTE):
            return
        if late := scene.strike(device, FaultKind.LATE):
            await asyncio.sleep(late.seconds)
        if scene.strike(device, FaultKind.NOISE):
            data = b"\xff\xaa\x00\x55" + data
        if corrupt := scene.strike(device, FaultKind.CORRUPT):
            position = min(corrupt.bytes, len(data) - 1)
            data = data[:position] + bytes([data[position] ^ 0x40]) + data[position + 1 :]
        if torn := scene.strike(device, FaultKind.TORN):
            data = data[: torn.bytes or len(data) // 2]
        if scene.strike(device, FaultKind.DOUBLED):
            data += data
        if pulled := scene.strike(device, FaultKind.UNPLUG):
            await self._send(data[: pulled.bytes])
            scene.unplug(device)
            raise WireGone
        await self._send(data)

    async def _send(self, data: bytes) -> None:
        if self._scene.strike(self._device, FaultKind.FRAGMENTED):
            for byte in data:
                await self._inner.write(bytes([byte]))
                await asyncio.sleep(FRAGMENT_GAP_SECONDS)
            return
        if not self._speed:
            await self._inner.write(data)
            return
        for start in range(0, len(data), PACE_CHUNK_BYTES):
            chunk = data[start : start + PACE_CHUNK_BYTES]
            await asyncio.sleep(len(chunk) / self._speed)
            await self._inner.write(chunk)
