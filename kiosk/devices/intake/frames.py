"""Frames of the CRT-310 motor reader: bytes in, values out, no I/O (Creator, CRT-310 protocol V3.0, clauses 6-8).

    Command  02 length CM PM data 03 check      Answer  the same CM and PM, then data
    Refusal  02 length 'N' CM error 03 check

The length (two bytes, big endian) counts CM, PM and data; the check is the XOR of everything from 02 through 03.
A command is executed only after the host has answered its 06 with 05.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import reduce

from kiosk.devices.intake.contract import CardAt
from kiosk.devices.words import Completion, DeviceFault

_STX, _ETX = 0x02, 0x03
_AROUND = 5
_MOST_BODY = 2 + 264
_REFUSAL = 0x4E


class Control(enum.Enum):
    """Single bytes between frames."""

    ACK = 0x06
    NAK = 0x15
    ENQ = 0x05
    EOT = 0x04

    @property
    def wire(self) -> bytes:
        """The byte itself."""
        return bytes([self.value])


class Command(enum.Enum):
    """CM, PM and data."""

    RESET = b"\x30\x30"
    STATUS = b"\x31\x30"
    SENSORS = b"\x31\x2f"
    STOP_INSIDE = b"\x2e\x32"
    ENTRY_OPEN = b"\x2f\x33\x31"
    """Cards from the front by switch; none from behind."""
    ENTRY_SHUT = b"\x2f\x31\x31"
    DRAW_IN = b"\x32\x2e"
    OFFER = b"\x32\x31"
    """To the front, held."""
    KEEP = b"\x32\x33"
    """To the rear, let go."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader said to a command, by its CM and PM."""

    command: bytes
    data: bytes

    def __repr__(self) -> str:
        return f"Answer({self.command.hex()}, {len(self.data)} bytes)"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reader did not execute a command, by its CM."""

    command: int
    error: int


class Damage(enum.Enum):
    """What arrived was no frame."""

    CHECK = "check"
    SHAPE = "shape"


Heard = Control | Answer | Refusal | Damage


def _xor(data: bytes) -> int:
    return reduce(lambda a, b: a ^ b, data, 0)


def request(command: Command) -> bytes:
    """The bytes that ask for a command."""
    frame = bytes([_STX]) + len(command.value).to_bytes(2, "big") + command.value + bytes([_ETX])
    return frame + bytes([_xor(frame)])


_CONTROLS = {control.value: control for control in Control}


class Decoder:
    """Collects bytes in pieces of any size and yields what was said; finds its feet again after garbage."""

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

    def _frame(self) -> Answer | Refusal | Damage | None:
        if len(self._pending) < 3:
            return None
        length = int.from_bytes(self._pending[1:3], "big")
        whole = _AROUND + length
        if not 2 <= length <= _MOST_BODY:
            return self._skip(Damage.SHAPE)
        if len(self._pending) < whole:
            return None
        frame = bytes(self._pending[:whole])
        if _xor(frame) != 0:
            return self._skip(Damage.CHECK)
        if frame[-2] != _ETX:
            return self._skip(Damage.SHAPE)
        del self._pending[:whole]
        body = frame[3 : 3 + length]
        if body[0] == _REFUSAL and length == 3:
            return Refusal(body[1], body[2])
        return Answer(body[:2], body[2:])

    def _skip(self, damage: Damage) -> Damage:
        """The search goes on at the next 02; bytes of a damaged frame are not taken for single-byte words."""
        again = self._pending.find(_STX, 1)
        del self._pending[: len(self._pending) if again < 0 else again]
        return damage


_PLACES = {
    0x48: CardAt.EXIT,
    0x49: CardAt.EXIT,
    0x4A: CardAt.TRANSPORT,
    0x4B: CardAt.TRANSPORT,
    0x4C: CardAt.BEHIND,
    0x4D: CardAt.NONE,
    0x4E: CardAt.NONE,
}
"""4D, let go at the rear: it has left the reader."""
_ABNORMAL = frozenset({0x46, 0x47})
_FRONT_SHUT = 0x4E


@dataclass(frozen=True, slots=True)
class ReaderState:
    """S1 and S2 of the status: where a card is, whether it is of a wrong length, whether the front takes one."""

    card: CardAt
    abnormal: bool
    entry_open: bool
    raw: int


def reader_state(data: bytes) -> ReaderState | None:
    """A status answer's data; None when it is too short. Bytes no source lists are an unknown place."""
    if len(data) < 2:
        return None
    card = CardAt.TRANSPORT if data[0] in _ABNORMAL else _PLACES.get(data[0], CardAt.UNKNOWN)
    return ReaderState(card, data[0] in _ABNORMAL, data[1] != _FRONT_SHUT, data[0])


def sensed_anywhere(data: bytes) -> bool | None:
    """Whether any of the five light barriers of a sensors answer sees a card; None when it does not say."""
    barriers = data[:5]
    if len(data) < 7 or set(barriers) - set(b"01"):
        return None
    return 0x31 in barriers


@dataclass(frozen=True, slots=True)
class Meaning:
    """An error byte: how a command ends with it. Nothing was executed."""

    completion: Completion
    code: str
    detail: str

    def fault(self) -> DeviceFault:
        """The exception that says so."""
        return DeviceFault(self.completion, self.code)


MEANINGS: dict[int, Meaning] = {
    0x00: Meaning(Completion.UNSUPPORTED, "", "undefined command"),
    0x01: Meaning(Completion.INVALID_DATA, "", "bad parameter"),
    0x02: Meaning(Completion.SEQUENCE_ERROR, "", "cannot be executed now"),
    0x04: Meaning(Completion.INVALID_DATA, "", "data error"),
    0x05: Meaning(Completion.HARDWARE_ERROR, "", "supply voltage out of range"),
    0x06: Meaning(Completion.COMMAND_ERROR, "invalidMedia", "a card of a wrong length is inside"),
    0x07: Meaning(Completion.HARDWARE_ERROR, "", "main power is off"),
}
_UNKNOWN = Meaning(Completion.HARDWARE_ERROR, "", "unknown error")


def meaning(error: int) -> Meaning:
    """What an error says."""
    return MEANINGS.get(error, _UNKNOWN)
