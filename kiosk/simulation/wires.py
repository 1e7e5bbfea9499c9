"""The device's end of a line: on a pseudo-terminal, with the faults of its device, at the speed of its line."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import tty
from pathlib import Path
from typing import Protocol

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
