"""The mains switch of a virtual terminal: off at the nth boundary, and from then on nothing it does has any effect.

A boundary lies before and after every durable write, every command to a device and every request. What the process
death of a terminal looks like from outside: its directory as it was in that moment, its devices and headquarters
going on without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from kiosk.backend.exchange import Exchange, Reply
from kiosk.clock import Worker
from kiosk.devices.transport import Line, Transport

T = TypeVar("T")

Heard = Callable[[str, bytes], None]
"""Told of bytes that pass: where ("id-reader>" out, "id-reader<" in), and which."""


class Power:
    """On until boundary number `cut_at` (from 1) is reached; `None` leaves it on."""

    def __init__(self, cut_at: int | None = None) -> None:
        self._cut_at = cut_at
        self.on = True
        self.passed = 0
        self.last = ""
        """The last boundary that was passed, in words; where the cut was, once it is off."""
        self.cut: Callable[[], None] = _nothing
        """Called in the moment of the cut."""

    def boundary(self, name: str) -> None:
        """Go on, or die here. Raises CancelledError when the power is off."""
        if not self.on:
            raise asyncio.CancelledError
        self.passed += 1
        self.last = name
        if self.passed == self._cut_at:
            self.off()
            raise asyncio.CancelledError

    def off(self) -> None:
        """Cut now."""
        if self.on:
            self.on = False
            self.cut()

    def back(self) -> None:
        """For tidying up what the dead terminal still holds open; it must be out of the way already."""
        self.on = True
        self._cut_at = None


def _nothing() -> None:
    return None


class PoweredWorker:
    """A worker whose calls are durable writes; `outlet` names it."""

    def __init__(self, inner: Worker, power: Power, outlet: str) -> None:
        self._inner = inner
        self._power = power
        self._outlet = outlet

    async def run(self, call: Callable[[], T]) -> T:
        self._power.boundary(f"before {self._outlet}")
        result = await self._inner.run(call)
        self._power.boundary(f"after {self._outlet}")
        return result

    async def close(self) -> None:
        await self._inner.close()


class PoweredLine:
    """A line whose commands are boundaries; every byte is heard."""

    def __init__(self, inner: Line, power: Power, heard: Heard) -> None:
        self._inner = inner
        self._power = power
        self._heard = heard

    @property
    def name(self) -> str:
        """See Line."""
        return self._inner.name

    async def open(self) -> Transport:
        """See Line."""
        if not self._power.on:
            raise asyncio.CancelledError
        return _PoweredTransport(await self._inner.open(), self._inner.name, self._power, self._heard)


class _PoweredTransport:
    def __init__(self, inner: Transport, name: str, power: Power, heard: Heard) -> None:
        self._inner = inner
        self._name = name
        self._power = power
        self._heard = heard

    async def read(self, most: int) -> bytes:
        if not self._power.on:
            raise asyncio.CancelledError
        data = await self._inner.read(most)
        self._heard(f"{self._name}<", data)
        return data

    async def write(self, data: bytes) -> None:
        self._power.boundary(f"before a command to {self._name}")
        await self._inner.write(data)
        self._heard(f"{self._name}>", data)
        self._power.boundary(f"after a command to {self._name}")

    def drop_input(self) -> int:
        return self._inner.drop_input()

    async def close(self) -> None:
        await self._inner.close()


class PoweredExchange:
    """An exchange whose requests are boundaries; every body is heard."""

    def __init__(self, inner: Exchange, power: Power, heard: Heard) -> None:
        self._inner = inner
        self._power = power
        self._heard = heard

    async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
        """See Exchange."""
        self._power.boundary(f"before {method} {_route(path)}")
        self._heard(f"{method} {path}>", body)
        reply = await self._inner.exchange(method, path, body, content_type=content_type, seconds=seconds)
        self._heard(f"{method} {path}<", reply.status.to_bytes(2, "big") + reply.body)
        self._power.boundary(f"after {method} {_route(path)}")
        return reply


def _route(path: str) -> str:
    return "/".join(path.split("/")[:3])
