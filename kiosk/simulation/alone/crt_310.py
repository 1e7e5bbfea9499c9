"""A motor card reader with a bin behind it as CRT-310 units speak: 02-frames, each carried out at 05.

When its entry is open a card is put in after `PUT_IN_SECONDS`; a card held at the front is left there.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from kiosk.simulation.alone.reading import exactly, in_time
from kiosk.simulation.checks import xor_of
from kiosk.simulation.wires import Wire

_ACK, _NAK = b"\x06", b"\x15"
_LONGEST = 512
_NONE, _FRONT, _INSIDE, _GONE_REAR = b"\x4e", b"\x49", b"\x4a", b"\x4d"
_OPEN, _SHUT = b"\x4a", b"\x4e"
_CARRY_OUT, _BREAK_OFF, _START, _END = b"\x05", b"\x04", b"\x02", b"\x03"
WORK_SECONDS = 0.1
PUT_IN_SECONDS = 1.0


def frame(body: bytes) -> bytes:
    """02, length (big endian), body, 03, and the exclusive or of all."""
    data = _START + len(body).to_bytes(2, "big") + body + _END
    return data + bytes([xor_of(data)])


@dataclass
class Unit:
    """Where its one card is, and whether the entry is open."""

    card: bytes = _NONE
    entry: bytes = _SHUT

    async def run(self, wire: Wire) -> None:
        """Answer until the wire is gone."""
        waiting = b""
        while True:
            first = await exactly(wire, 1)
            if first == _CARRY_OUT and waiting:
                command, waiting = waiting, b""
                await asyncio.sleep(WORK_SECONDS)
                await wire.write(frame(self._do(command)))
            elif first == _BREAK_OFF:
                waiting = b""
                await wire.write(_BREAK_OFF)
            elif first == _START:
                waiting = await self._hear(wire)

    async def _hear(self, wire: Wire) -> bytes:
        head = await in_time(wire, 2)
        if head is None:
            return b""
        length = int.from_bytes(head, "big")
        if not 2 <= length <= _LONGEST:
            await wire.write(_NAK)
            return b""
        rest = await in_time(wire, length + 2)
        if rest is None:
            return b""
        if xor_of(_START + head + rest):
            await wire.write(_NAK)
            return b""
        await wire.write(_ACK)
        return rest[:-2]

    def _do(self, command: bytes) -> bytes:
        match command:
            case b"\x31\x30":
                return command + self.card + self.entry + b"\x4e"
            case b"\x31\x2f":
                return command + (b"00000" if self.card in (_NONE, _GONE_REAR) else b"00100") + b"00"
            case b"\x2f\x33\x31":
                self.entry = _OPEN
                asyncio.get_running_loop().call_later(PUT_IN_SECONDS, self._put_in)
                return command + b"N"
            case b"\x2f\x31\x31":
                self.entry = _SHUT
                return command + b"N"
            case b"\x32\x31":
                self.card = _FRONT
            case b"\x32\x2e":
                self.card = _INSIDE
            case b"\x32\x33":
                self.card = _GONE_REAR
            case _:
                pass
        return command + b"Y"

    def _put_in(self) -> None:
        if self.entry == _OPEN and self.card in (_NONE, _GONE_REAR):
            self.card = _INSIDE
