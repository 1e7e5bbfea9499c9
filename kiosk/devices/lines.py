"""The three places a transport can be opened on: a serial port or pty, a TCP address, memory.

None of them starts a thread: serial ports are configured by pyserial and then read as non-blocking descriptors on
the running loop; memory works under a virtual loop. Reopening is always by name, so that a device that comes back
under the same path is found again.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import termios
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote

import serial

from kiosk.devices.transport import Line, Transport, TransportLost

CONNECT_SECONDS = 5.0
"""How long a TCP serial server may take to accept."""

MOST_UNREAD = 1 << 20
"""Bytes kept for a reader that does not come; beyond this a flooding line counts as broken."""

SERIAL_CHUNK = 4096


class Inbox:
    """Bytes that have arrived, and at most one reader waiting for them."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._waiting: asyncio.Future[None] | None = None
        self._lost = False

    def feed(self, data: bytes) -> None:
        self._bytes += data
        if len(self._bytes) > MOST_UNREAD:
            self.lose()
        self._wake()

    def lose(self) -> None:
        self._lost = True
        self._wake()

    @property
    def lost(self) -> bool:
        return self._lost

    async def read(self, most: int) -> bytes:
        while not self._bytes:
            if self._lost:
                raise TransportLost("the far end is gone")
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                await self._waiting
            finally:
                self._waiting = None
        taken = bytes(self._bytes[:most])
        del self._bytes[:most]
        return taken

    def drop(self) -> int:
        count = len(self._bytes)
        self._bytes.clear()
        return count

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class MemoryTransport:
    """One end of a line in memory; see `memory_pair`."""

    def __init__(self) -> None:
        self._inbox = Inbox()
        self._far: MemoryTransport | None = None

    def join(self, far: MemoryTransport) -> None:
        """Tie two ends together; done once, by `memory_pair`."""
        self._far, far._far = far, self

    async def read(self, most: int) -> bytes:
        return await self._inbox.read(most)

    async def write(self, data: bytes) -> None:
        if self._far is None or self._inbox.lost or self._far._inbox.lost:
            raise TransportLost("the far end is gone")
        self._far._inbox.feed(data)

    def drop_input(self) -> int:
        return self._inbox.drop()

    async def close(self) -> None:
        self.cut()

    def cut(self) -> None:
        """As if the cable were pulled: both ends find their transport lost once what arrived is read."""
        self._inbox.lose()
        if self._far is not None:
            self._far._inbox.lose()


def memory_pair() -> tuple[MemoryTransport, MemoryTransport]:
    """Two ends of one line in memory; what is written to one is read from the other, in order, at once."""
    near, far = MemoryTransport(), MemoryTransport()
    near.join(far)
    return near, far


class MemoryLine:
    """A line whose far end is a function: every opening hands it a fresh far end.

    `answer` is called with that end and must not block; it typically starts a task that plays the device. While
    unplugged, opening raises TransportLost and what was open is cut.
    """

    def __init__(self, name: str, answer: Callable[[Transport], None]) -> None:
        self._name = name
        self._answer = answer
        self._plugged = True
        self._open: list[MemoryTransport] = []

    @property
    def name(self) -> str:
        return self._name

    def unplug(self) -> None:
        """Pull the cable."""
        self._plugged = False
        for end in self._open:
            end.cut()
        self._open.clear()

    def plug(self) -> None:
        """Put it back; the next opening succeeds."""
        self._plugged = True

    async def open(self) -> Transport:
        if not self._plugged:
            raise TransportLost("unplugged")
        near, far = memory_pair()
        self._open = [near]
        self._answer(far)
        return near


class _SerialTransport:
    """A serial descriptor on the loop. Kernel buffers hold what arrives while nobody reads."""

    def __init__(self, port: serial.Serial, fd: int) -> None:
        self._port = port
        self._fd = fd
        self._closed = False

    async def read(self, most: int) -> bytes:
        while True:
            data = self._take(most)
            if data:
                return data
            await self._ready_to_read()

    async def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._check()
            try:
                rest = rest[os.write(self._fd, rest) :]
            except BlockingIOError:
                await self._ready_to_write()
            except OSError:
                raise self._gone() from None

    def drop_input(self) -> int:
        dropped = 0
        try:
            while data := self._take(SERIAL_CHUNK):
                dropped += len(data)
        except TransportLost:
            # The next read or write says so; dropping needs no success.
            return dropped
        return dropped

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            self._port.close()
        except (OSError, termios.error):
            # A vanished tty refuses even this; the descriptor is released all the same.
            return

    def _take(self, most: int) -> bytes:
        """What is there now; empty when nothing is."""
        self._check()
        try:
            data = os.read(self._fd, most)
        except BlockingIOError:
            return b""
        except OSError:
            raise self._gone() from None
        if not data:
            # A raw tty with VMIN 0 reads as empty when idle and when hung up; only asking tells them apart.
            self._ask_whether_alive()
        return data

    def _ask_whether_alive(self) -> None:
        try:
            termios.tcgetattr(self._fd)
        except (OSError, termios.error):
            raise self._gone() from None

    async def _ready_to_read(self) -> None:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        loop.add_reader(self._fd, _settle, ready)
        try:
            await ready
        finally:
            loop.remove_reader(self._fd)

    async def _ready_to_write(self) -> None:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        loop.add_writer(self._fd, _settle, ready)
        try:
            await ready
        finally:
            loop.remove_writer(self._fd)

    def _check(self) -> None:
        if self._closed:
            raise TransportLost("closed")

    def _gone(self) -> TransportLost:
        return TransportLost("the port is gone")


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


class SerialLine:
    """A serial port or pty, 8-N-1 without flow control, taken exclusively."""

    def __init__(self, path: str, baud: int) -> None:
        self._path = path
        self._baud = baud

    @property
    def name(self) -> str:
        return self._path

    async def open(self) -> Transport:
        try:
            port = serial.Serial(self._path, self._baud, timeout=0, write_timeout=0, exclusive=True)
        except (OSError, termios.error, ValueError) as error:
            raise TransportLost(f"cannot open {self._path}: {type(error).__name__}") from None
        try:
            fd = port.fileno()
            os.set_blocking(fd, False)
        except (OSError, termios.error) as error:
            port.close()
            raise TransportLost(f"cannot open {self._path}: {type(error).__name__}") from None
        transport = _SerialTransport(port, fd)
        transport.drop_input()
        return transport


class _TcpTransport(asyncio.Protocol):
    """A byte stream to a serial server."""

    def __init__(self) -> None:
        self._inbox = Inbox()
        self._wire: asyncio.Transport | None = None
        self._may_write = asyncio.Event()
        self._may_write.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = cast("asyncio.Transport", transport)
        plug = cast("socket.socket | None", transport.get_extra_info("socket"))
        if plug is not None:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def data_received(self, data: bytes) -> None:
        self._inbox.feed(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio calls it so)
        self._inbox.lose()
        self._may_write.set()

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    async def read(self, most: int) -> bytes:
        return await self._inbox.read(most)

    async def write(self, data: bytes) -> None:
        if self._wire is None or self._wire.is_closing() or self._inbox.lost:
            raise TransportLost("the far end is gone")
        self._wire.write(data)
        await self._may_write.wait()
        if self._inbox.lost:
            raise TransportLost("the far end is gone")

    def drop_input(self) -> int:
        return self._inbox.drop()

    async def close(self) -> None:
        self._inbox.lose()
        if self._wire is not None:
            self._wire.abort()


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose certificates are believed: the system's authorities, or those of one file (PEM)."""

    authority: str = ""

    def context(self) -> ssl.SSLContext:
        """Made anew for every opening: a renewed authority is believed without a restart. Raises OSError."""
        return ssl.create_default_context(cafile=self.authority or None)


class TcpLine:
    """A serial server's TCP port (raw bytes, no telnet), or with `trust` a TLS port whose certificate is checked."""

    def __init__(self, host: str, port: int, trust: Trust | None = None) -> None:
        self._host = host
        self._port = port
        self._trust = trust

    @property
    def name(self) -> str:
        return f"{'tcp' if self._trust is None else 'tls'}://{self._host}:{self._port}"

    async def open(self) -> Transport:
        loop = asyncio.get_running_loop()
        try:
            context = None if self._trust is None else self._trust.context()
            async with asyncio.timeout(CONNECT_SECONDS):
                _, protocol = await loop.create_connection(_TcpTransport, self._host, self._port, ssl=context)
        except (OSError, TimeoutError) as error:
            raise TransportLost(f"cannot open {self.name}: {type(error).__name__}") from None
        return protocol


def line_at(port: str, baud: int) -> Line:
    """The line a setting names: `tcp://host:port`, `tls://host:port` (with `?ca=FILE` for a certificate authority of
    one's own), `usb://VVVV:PPPP` (see UsbAddress), or the path of a serial port or pty. Raises ValueError."""
    if port.startswith("tls://"):
        address, _, authority = port.removeprefix("tls://").partition("?ca=")
        host, separator, number = address.rpartition(":")
        if not separator or not host or not number.isdigit():
            raise ValueError("a TLS line is written tls://host:port")
        return TcpLine(host, int(number), Trust(unquote(authority)))
    if port.startswith(("usb://", "usb-sam-v://")):
        # Only who has such a device needs pyusb's start-up.
        from kiosk.devices.usb_lines import UsbAddress, UsbLine

        return UsbLine(UsbAddress.parse(port))
    if port.startswith("tcp://"):
        host, separator, number = port.removeprefix("tcp://").rpartition(":")
        if not separator or not host or not number.isdigit():
            raise ValueError("a TCP line is written tcp://host:port")
        return TcpLine(host, int(number))
    if not port:
        raise ValueError("a serial line needs a path")
    return SerialLine(port, baud)
