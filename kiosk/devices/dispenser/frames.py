"""Frames of the CRT-591/571 family: bytes in, values out, no I/O (Creator, CRT-591-M001 protocol of 2013, clause 1).

    Command   F2 addr length 'C' CM PM data 03 check
    Reply     F2 addr length 'P' CM PM st0 st1 st2 data 03 check
    Refusal   F2 addr length 'N' CM PM e1 e0 data 03 check

The length (two bytes, big endian) counts from the letter to the end of the data; the check is the XOR of everything
from F2 through 03. Data may hold 03 and F2, so frames are cut by their length. Outside frames single bytes speak:
06 understood, 15 say it again, 04 called off.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import reduce

_STX, _ETX = 0xF2, 0x03
_LONGEST = 1024
_AROUND = 6
"""F2, address, two of length before the counted part; 03 and check behind it."""
_SHORTEST_BODY = 5
_MOST_DATA = 512


class Control(enum.Enum):
    """Single bytes between frames."""

    ACK = 0x06
    NAK = 0x15
    EOT = 0x04

    @property
    def wire(self) -> bytes:
        """The byte itself."""
        return bytes([self.value])


class Command(enum.Enum):
    """CM and PM."""

    INIT_PRESENT = b"\x30\x30"
    INIT_RETAIN = b"\x30\x31"
    INIT_LEAVE = b"\x30\x33"
    STATUS = b"\x31\x30"
    SENSORS = b"\x31\x31"
    TO_GATE = b"\x32\x30"
    TO_READER = b"\x32\x32"
    TO_BIN = b"\x32\x33"
    SERIAL = b"\xa2\x30"
    VERSION = b"\xa4\x30"
    BIN_COUNT = b"\xa5\x30"


@dataclass(frozen=True, slots=True)
class Reply:
    """A command was carried out. `states`: st0, st1, st2 as the unit sent them."""

    address: int
    command: bytes
    states: bytes
    data: bytes

    def __repr__(self) -> str:
        return f"Reply({self.command.hex()}, {self.states!r}, {len(self.data)} bytes)"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command was not carried out. `error`: e1 and e0 as text."""

    address: int
    command: bytes
    error: str


class Damage(enum.Enum):
    """What arrived was no frame."""

    CHECK = "check"
    SHAPE = "shape"


Heard = Control | Reply | Refusal | Damage


def _xor(data: bytes) -> int:
    return reduce(lambda a, b: a ^ b, data, 0)


def request(command: Command, *, address: int = 0, data: bytes = b"") -> bytes:
    """The bytes that ask for a command. Raises ValueError for addresses above 15 and data above 512 bytes."""
    if not 0 <= address <= 0x0F or len(data) > _MOST_DATA:
        raise ValueError("units are numbered from 0 to 15 and take at most 512 bytes of data")
    body = b"C" + command.value + data
    frame = bytes([_STX, address]) + len(body).to_bytes(2, "big") + body + bytes([_ETX])
    return frame + bytes([_xor(frame)])


_CONTROLS = {control.value: control for control in Control}


class Decoder:
    """Collects bytes in pieces of any size and yields what was said; finds its feet again after garbage.

    Bytes of a damaged frame are not taken for single-byte words: the search goes on at the next F2.
    """

    def __init__(self) -> None:
        self._pending = bytearray()

    @property
    def unfinished(self) -> bool:
        """Whether a frame has begun that is not complete yet."""
        return bool(self._pending)

    def feed(self, data: bytes) -> tuple[Heard, ...]:
        """What these bytes complete, in order."""
        self._pending += data
        found: list[Heard] = []
        while self._pending:
            if self._pending[0] != _STX:
                word = _CONTROLS.get(self._pending.pop(0))
                if word is not None:
                    found.append(word)
                continue
            frame = self._frame()
            if frame is None:
                break
            found.append(frame)
        return tuple(found)

    def _frame(self) -> Reply | Refusal | Damage | None:
        if len(self._pending) < 4:
            return None
        length = int.from_bytes(self._pending[2:4], "big")
        whole = _AROUND + length
        if not _SHORTEST_BODY <= length <= _LONGEST - _AROUND:
            return self._skip(Damage.SHAPE)
        if len(self._pending) < whole:
            return None
        frame = bytes(self._pending[:whole])
        if _xor(frame) != 0:
            return self._skip(Damage.CHECK)
        said = _said(frame[1], frame[4 : 4 + length]) if frame[-2] == _ETX else None
        if said is None:
            return self._skip(Damage.SHAPE)
        del self._pending[:whole]
        return said

    def _skip(self, damage: Damage) -> Damage:
        again = self._pending.find(_STX, 1)
        del self._pending[: len(self._pending) if again < 0 else again]
        return damage


def _said(address: int, body: bytes) -> Reply | Refusal | None:
    kind, command, rest = body[:1], body[1:3], body[3:]
    if kind == b"P" and len(rest) >= 3:
        return Reply(address, command, rest[:3], rest[3:])
    # The specification prints both letters for a refusal.
    if kind in (b"N", b"E"):
        return Refusal(address, command, rest[:2].decode("ascii", "replace"))
    return None
