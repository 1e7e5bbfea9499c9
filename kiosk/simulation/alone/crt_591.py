"""A card dispenser with a bin as CRT-591 units speak: F2-frames behind 06, 15 and 04.

It has five cards. Whoever is handed one takes it within `TAKE_SECONDS`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from kiosk.simulation.alone.reading import exactly, in_time
from kiosk.simulation.checks import xor_of
from kiosk.simulation.wires import Wire

_ACK, _NAK, _EOT = b"\x06", b"\x15", b"\x04"
_START, _END = 0xF2, 0x03
_LONGEST = 512
_NOWHERE, _GATE, _INSIDE = b"0", b"1", b"2"
HEAR_SECONDS = 0.02
WORK_SECONDS = 0.05
TAKE_SECONDS = 2.0
CARDS = 5


def frame(body: bytes) -> bytes:
    """F2, address 0, length (big endian), body, 03, and the exclusive or of all."""
    data = bytes([_START, 0]) + len(body).to_bytes(2, "big") + body + bytes([_END])
    return data + bytes([xor_of(data)])


@dataclass
class Unit:
    """What it holds: cards in the stack, one card's place, cards in the bin. It needs no initialising."""

    cards: int = CARDS
    place: bytes = _NOWHERE
    binned: int = 0
    last: bytes = b""

    async def run(self, wire: Wire) -> None:
        """Answer until the wire is gone."""
        while True:
            first = await exactly(wire, 1)
            match first:
                case b"\x15":
                    await wire.write(self.last)
                case b"\x04":
                    await wire.write(_EOT)
                case b"\xf2":
                    await self._hear(wire)
                case _:
                    continue

    async def _hear(self, wire: Wire) -> None:
        head = await in_time(wire, 3)
        if head is None:
            return
        length = int.from_bytes(head[1:], "big")
        if not 3 <= length <= _LONGEST:
            await wire.write(_NAK)
            return
        rest = await in_time(wire, length + 2)
        if rest is None:
            return
        if xor_of(bytes([_START]) + head + rest) or rest[0] != 0x43:
            await wire.write(_NAK)
            return
        await asyncio.sleep(HEAR_SECONDS)
        await wire.write(_ACK)
        await asyncio.sleep(WORK_SECONDS)
        self.last = frame(self._do(rest[1:3]))
        await wire.write(self.last)

    def _states(self) -> bytes:
        stack = b"0" if not self.cards else b"1" if self.cards < 3 else b"2"
        return self.place + stack + b"0"

    def _do(self, command: bytes) -> bytes:
        match command:
            case b"00" | b"01" | b"03":
                if self.place != _NOWHERE and command != b"03":
                    self.binned += command == b"01"
                    self.place = _GATE if command == b"00" else _NOWHERE
                return self._yes(command, b"CRT-591-M001")
            case b"10":
                return self._yes(command)
            case b"11":
                return self._yes(command, b"0" * 10)
            case b"22" if self.place == _NOWHERE and not self.cards:
                return b"N" + command + b"A0"
            case b"22":
                self.cards -= self.place == _NOWHERE
                self.place = _INSIDE
                return self._yes(command)
            case b"20" if self.place != _NOWHERE:
                self.place = _GATE
                asyncio.get_running_loop().call_later(TAKE_SECONDS, self._taken)
                return self._yes(command)
            case b"23" if self.place != _NOWHERE:
                self.place = _NOWHERE
                self.binned += 1
                return self._yes(command)
            case b"\xa20":
                return self._yes(command, b"\x08SN-00042")
            case b"\xa40":
                return self._yes(command, b"V1.02")
            case b"\xa50":
                return self._yes(command, b"%03d" % self.binned)
            case _:
                return b"N" + command + b"00"

    def _yes(self, command: bytes, data: bytes = b"") -> bytes:
        return b"P" + command + self._states() + data

    def _taken(self) -> None:
        if self.place == _GATE:
            self.place = _NOWHERE
