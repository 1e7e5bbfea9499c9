"""Frames of the five-byte "8A" lock boards: bytes in, values out, no I/O.

Every frame ends with the XOR of all bytes before it. Nothing but that byte and the shape tells a frame from noise,
so a decoder is told which shape is awaited: the answer to "all doors" has as many state bytes as the board has
groups of eight locks, and for some doors' states looks like the answer to "one door".
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import reduce

from kiosk.devices.locker.contract import DoorState

OPEN_ONE = 0x8A
QUERY = 0x80
CHANGED = 0x82
_UNLOCK = 0x11
_ASK = 0x33
_ADDRESS = 0x99
_LOW, _HIGH = 0x00, 0x11


class FeedbackPolarity(enum.Enum):
    """What state byte 00 (and bit 0) says. Sources conflict because wirings do: set for each board."""

    ZERO_IS_OPEN = "zero-is-open"
    ZERO_IS_CLOSED = "zero-is-closed"


@dataclass(frozen=True, slots=True)
class OneState:
    """A board's word about one lock: the answer to opening it, to asking, or an unasked report of a change."""

    head: int
    board: int
    lock: int
    state: int


@dataclass(frozen=True, slots=True)
class AllStates:
    """All locks of a board as bits, lock 1 in bit 0."""

    board: int
    bits: int


@dataclass(frozen=True, slots=True)
class BoardAddress:
    """The address a board is set to."""

    board: int


BoardFrame = OneState | AllStates | BoardAddress


class AwaitOne(enum.Enum):
    """Five-byte answers: one door, or a board's address."""

    DOOR = "door"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class AwaitAll:
    """An answer about all doors of a board with so many locks."""

    ways: int


Awaited = AwaitOne | AwaitAll


def _xor(data: bytes) -> int:
    return reduce(lambda a, b: a ^ b, data, 0)


def _framed(body: bytes) -> bytes:
    return body + bytes([_xor(body)])


def open_request(board: int, lock: int) -> bytes:
    """Pulse one lock. Raises ValueError below lock 1: lock 0 would open them all."""
    return _framed(bytes([OPEN_ONE, _within(board), _within(lock), _UNLOCK]))


def door_request(board: int, lock: int) -> bytes:
    """Ask for one door. Raises ValueError below lock 1."""
    return _framed(bytes([QUERY, _within(board), _within(lock), _ASK]))


def doors_request(board: int) -> bytes:
    """Ask for all doors of a board."""
    return _framed(bytes([QUERY, _within(board), 0x00, _ASK]))


ADDRESS_REQUEST = _framed(bytes([QUERY, 0x01, 0x00, _ADDRESS]))
"""Ask the one board on the bus for its address."""


def _within(number: int) -> int:
    if not 1 <= number <= 0xFF:
        raise ValueError("boards and locks are numbered from 1 to 255")
    return number


class Decoder:
    """Collects bytes and yields frames of the awaited shape and unasked reports; skips what is neither."""

    def __init__(self, awaited: Awaited) -> None:
        self._awaited = awaited
        self._pending = bytearray()

    def feed(self, data: bytes) -> tuple[BoardFrame, ...]:
        """Frames completed by these bytes, in order."""
        self._pending += data
        found: list[BoardFrame] = []
        at = 0
        while at < len(self._pending):
            size = self._size(self._pending[at])
            if len(self._pending) - at < size:
                break
            frame = self._frame(bytes(self._pending[at : at + size]))
            if frame is None:
                at += 1
            else:
                found.append(frame)
                at += size
        del self._pending[:at]
        return tuple(found)

    def _size(self, head: int) -> int:
        """Bytes of the frame that begins with `head`; 1 for a byte that begins none."""
        match self._awaited:
            case AwaitAll(ways) if head == QUERY:
                return 4 + _groups(ways)
            case _:
                return 5 if head in (OPEN_ONE, QUERY, CHANGED) else 1

    def _frame(self, data: bytes) -> BoardFrame | None:
        if len(data) < 5 or _xor(data) != 0:
            return None
        head, board = data[0], data[1]
        if head == QUERY and isinstance(self._awaited, AwaitAll):
            return AllStates(board, int.from_bytes(data[2:-2], "big")) if data[-2] == _ASK else None
        if head == QUERY and self._awaited is AwaitOne.ADDRESS:
            return BoardAddress(data[2]) if data[3] == _ADDRESS else None
        return OneState(head, board, data[2], data[3])


def _groups(ways: int) -> int:
    return (ways + 7) // 8


_OPEN_STATE = {FeedbackPolarity.ZERO_IS_OPEN: _LOW, FeedbackPolarity.ZERO_IS_CLOSED: _HIGH}


def door_state(state: int, polarity: FeedbackPolarity) -> DoorState:
    """A state byte in words; anything but 00 and 11 is unknown."""
    if state not in (_LOW, _HIGH):
        return DoorState.UNKNOWN
    return DoorState.OPEN if state == _OPEN_STATE[polarity] else DoorState.CLOSED


def door_states(bits: int, ways: int, polarity: FeedbackPolarity) -> dict[int, DoorState]:
    """Doors by lock number; a set bit reads like state byte 11."""
    return {lock: door_state(_HIGH if bits >> (lock - 1) & 1 else _LOW, polarity) for lock in range(1, ways + 1)}
