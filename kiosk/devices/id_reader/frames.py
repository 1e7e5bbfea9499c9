"""Frames between a host and a SAM-V module: bytes in, values out, no I/O (GA 450).

Request:  AA AA AA 96 69 | length | command, parameter | data | check
Answer:   AA AA AA 96 69 | length | SW1 SW2 SW3 | data | check

The length (two bytes, big endian) counts everything after itself; the check byte is the XOR of everything from the
length up to the byte before it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import reduce

PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
_HEAD = len(PREAMBLE) + 2
_SHORTEST = 4
"""Three status bytes and the check byte."""
LONGEST = 2 + 2 + 2 + 256 + 1024 + 1024 + _SHORTEST
"""Text, photo and fingerprints with their three lengths: no answer is longer."""
_MODULE_TIMEOUT = b"\x05\x05\x05\x05"
"""Some modules report their own timeout with this body instead of a checked one (length field 5)."""


class Command(enum.Enum):
    """Command and parameter byte."""

    RESET = b"\x10\xff"
    STATUS = b"\x11\xff"
    SAM_ID = b"\x12\xff"
    FIND = b"\x20\x01"
    SELECT = b"\x20\x02"
    READ_BASE = b"\x30\x01"
    READ_NEW_ADDRESS = b"\x30\x03"
    READ_BASE_AND_FINGERS = b"\x30\x10"


@dataclass(frozen=True, slots=True)
class Answer:
    """One checked answer. SW1 and SW2 come from the card, SW3 from the module."""

    sw1: int
    sw2: int
    sw3: int
    data: bytes

    def __repr__(self) -> str:
        return f"Answer(sw3={self.sw3:02X}, {len(self.data)} bytes)"


class Damage(enum.Enum):
    """What arrived was no answer."""

    CHECKSUM = "checksum"
    LENGTH = "length"
    MODULE_TIMEOUT = "module-timeout"


def _xor(data: bytes) -> int:
    return reduce(lambda a, b: a ^ b, data, 0)


def request(command: Command, data: bytes = b"") -> bytes:
    """The bytes that ask for a command."""
    body = command.value + data
    checked = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + checked + bytes([_xor(checked)])


class Decoder:
    """Collects bytes in pieces of any size and yields answers; finds its feet again after garbage.

    After a wrong check byte the search goes on right behind that preamble, so that a whole answer hidden behind a
    torn one is not lost.
    """

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> tuple[Answer | Damage, ...]:
        """Answers and damages completed by these bytes, in order."""
        self._pending += data
        found: list[Answer | Damage] = []
        while (next_one := self._next()) is not None:
            found.append(next_one)
        return tuple(found)

    @property
    def unfinished(self) -> bool:
        """Whether something has arrived that is no answer yet."""
        return bool(self._pending)

    def _next(self) -> Answer | Damage | None:
        start = self._pending.find(PREAMBLE)
        if start < 0:
            # All but a possible beginning of a preamble is garbage.
            del self._pending[: max(0, len(self._pending) - len(PREAMBLE) + 1)]
            return None
        del self._pending[:start]
        if len(self._pending) < _HEAD:
            return None
        length = int.from_bytes(self._pending[5:7], "big")
        body = bytes(self._pending[_HEAD : _HEAD + length])
        if length == _SHORTEST + 1 and body[:4] == _MODULE_TIMEOUT:
            del self._pending[: _HEAD + 4]
            return Damage.MODULE_TIMEOUT
        if not _SHORTEST <= length <= LONGEST:
            del self._pending[: len(PREAMBLE)]
            return Damage.LENGTH
        if len(body) < length:
            return None
        if _xor(bytes(self._pending[5 : _HEAD + length])) != 0:
            del self._pending[: len(PREAMBLE)]
            return Damage.CHECKSUM
        del self._pending[: _HEAD + length]
        return Answer(body[0], body[1], body[2], body[3:-1])


@dataclass(frozen=True, slots=True)
class BaseRead:
    """The blobs of a base read: 256 bytes of text, up to 1,024 of photo, two fingerprints of 512 bytes or fewer."""

    text: bytes
    photo: bytes
    fingers: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"BaseRead({len(self.fingers)} fingers)"


_FINGER = 512


def blobs(command: Command, data: bytes) -> BaseRead | None:
    """Cut a base read's data by the lengths it begins with; None when they do not add up."""
    count = 3 if command is Command.READ_BASE_AND_FINGERS else 2
    sizes = [int.from_bytes(data[2 * i : 2 * i + 2], "big") for i in range(count)]
    if sizes[0] != 256 or len(data) != 2 * count + sum(sizes):
        return None
    text_end = 2 * count + sizes[0]
    photo_end = text_end + sizes[1]
    prints = data[photo_end:]
    if len(prints) % _FINGER:
        return None
    fingers = tuple(prints[at : at + _FINGER] for at in range(0, len(prints), _FINGER))
    return BaseRead(data[2 * count : text_end], data[text_end:photo_end], fingers)


def sam_number(data: bytes, digits: int = 10) -> str:
    """A module's 16 bytes of id as its printed form, `05.01-20120101-0000123456-0987654321`.

    Sources differ on padding the last two groups to nine or ten digits, hence `digits`. Raises ValueError on any
    other length.
    """
    if len(data) != 16:
        raise ValueError("a module's id has 16 bytes")
    kind, maker = (int.from_bytes(data[at : at + 2], "little") for at in (0, 2))
    day, first, second = (int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12))
    return f"{kind:02d}.{maker:02d}-{day:08d}-{first:0{digits}d}-{second:0{digits}d}"
