"""Bytes in, bytes out: what every serial driver talks through."""

from __future__ import annotations

from typing import Protocol


class TransportLost(Exception):
    """The port vanished or could not be opened; the driver reconnects with back-off."""


class Transport(Protocol):
    """One open line. All waits are the caller's (`asyncio.timeout`)."""

    async def read(self, most: int) -> bytes:
        """At least one byte, at most `most`. Raises TransportLost."""
        ...

    async def write(self, data: bytes) -> None:
        """All bytes handed to the line. Raises TransportLost."""
        ...

    def drop_input(self) -> int:
        """Throw away what has arrived unread; how many bytes that was."""
        ...

    async def close(self) -> None: ...


class Line(Protocol):
    """A place a transport can be opened on, again and again: a serial port, a pty, a TCP address, memory."""

    @property
    def name(self) -> str:
        """For logs and status; holds nothing personal."""
        ...

    async def open(self) -> Transport:
        """Raises TransportLost."""
        ...
