"""Any line, with somebody at its cable: counts the bytes of both directions, cuts it after so many, makes it deaf.

What a driver meets is what it meets when the plug is pulled: the transport is lost, and opening fails until the plug
is back. The device itself sees its port closed.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.devices.transport import Line, Transport, TransportLost


class Cable(enum.Enum):
    """What is done to the line."""

    IN = "in"
    OUT = "out"
    DEAF = "deaf"


@dataclass
class Hand:
    """Holds the cable. After `at` more bytes `happens`, once."""

    cable: Cable = Cable.IN
    at: int | None = None
    happens: Callable[[], object] = bool
    passed: int = 0
    written: int = 0
    openings: list[float] = field(default_factory=list[float])
    lines: list[str] = field(default_factory=list[str])
    _open: list[_Cut] = field(default_factory=list["_Cut"])

    def pull(self) -> None:
        """Out with it: whatever is open is lost."""
        self.cable = Cable.OUT
        for transport in self._open:
            transport.lose()
        self._open.clear()

    def put_back(self) -> None:
        """The next opening succeeds."""
        self.cable = Cable.IN

    def deafen(self) -> None:
        """From now on nothing arrives on either side."""
        self.cable = Cable.DEAF

    def wait_for(self, at: int, happens: Callable[[], object]) -> None:
        """Count anew; after `at` bytes let it happen."""
        self.passed, self.at, self.happens = 0, at, happens

    def left(self) -> int | None:
        """Bytes until something happens."""
        return None if self.at is None or self.passed >= self.at else self.at - self.passed

    def pass_by(self, count: int) -> None:
        """So many bytes more."""
        before = self.passed
        self.passed += count
        if self.at is not None and before < self.at <= self.passed:
            self.happens()

    def took(self, transport: _Cut) -> None:
        """A connection was made."""
        self._open.append(transport)

    def line(self, inner: Line) -> Line:
        """The line with this hand on it."""
        self.lines.append(inner.name)
        return _CutLine(inner, self)


class _Cut:
    """A transport somebody may pull out."""

    def __init__(self, inner: Transport, hand: Hand) -> None:
        self._inner = inner
        self._hand = hand
        self._lost = False
        self._waiting: asyncio.Task[bytes] | None = None
        self._kept = b""

    def lose(self) -> None:
        """The cable is out."""
        self._lost = True
        if self._waiting is not None:
            self._waiting.cancel()

    async def read(self, most: int) -> bytes:
        while True:
            self._check()
            if not self._kept:
                self._kept = await self._arriving(most)
            if self._hand.cable is Cable.DEAF:
                self._kept = b""
                continue
            left = self._hand.left()
            size = min(most, len(self._kept)) if left is None else min(most, len(self._kept), left)
            taken, self._kept = self._kept[:size], self._kept[size:]
            self._hand.pass_by(len(taken))
            return taken

    async def _arriving(self, most: int) -> bytes:
        if self._waiting is None or self._waiting.done():
            self._waiting = asyncio.get_running_loop().create_task(self._inner.read(most))
        waiting = self._waiting
        try:
            data = await waiting
        except asyncio.CancelledError:
            if self._lost:
                raise TransportLost("unplugged") from None
            waiting.cancel()
            raise
        finally:
            self._waiting = None
        self._check()
        return data

    async def write(self, data: bytes) -> None:
        rest = data
        while rest:
            self._check()
            left = self._hand.left()
            now = rest if left is None else rest[:left]
            if self._hand.cable is not Cable.DEAF:
                await self._inner.write(now)
            self._hand.written += len(now)
            self._hand.pass_by(len(now))
            rest = rest[len(now) :]

    def drop_input(self) -> int:
        kept, self._kept = len(self._kept), b""
        return kept + self._inner.drop_input()

    async def close(self) -> None:
        self._lost = True
        await self._inner.close()

    def _check(self) -> None:
        if self._lost:
            raise TransportLost("unplugged")


class _CutLine:
    def __init__(self, inner: Line, hand: Hand) -> None:
        self._inner = inner
        self._hand = hand

    @property
    def name(self) -> str:
        return self._inner.name

    async def open(self) -> Transport:
        self._hand.openings.append(asyncio.get_running_loop().time())
        if self._hand.cable is Cable.OUT:
            raise TransportLost("unplugged")
        transport = _Cut(await self._inner.open(), self._hand)
        self._hand.took(transport)
        return transport
