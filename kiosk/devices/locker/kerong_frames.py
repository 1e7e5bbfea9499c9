"""Frames of the Kerong KR-CU12 and KR-CU16 boards: bytes in, values out, no I/O.

    Request  02 address command 03 sum
    States   02 address 35 hooks(2) infrared(2) 03 sum

The address holds the board in its high half and the lock in its low half, both from 0. Two bytes of bits each, the
first for locks 1-8, lock 1 in bit 0; a set hook bit is a shut door. The sum is the low byte of the sum of all before.
An unlock is not answered.
"""

from __future__ import annotations

from dataclasses import dataclass

_STX, _ETX = 0x02, 0x03
_ASK, _UNLOCK, _STATES = 0x30, 0x31, 0x35
_SIZE = 9
MOST_BOARDS = 16
MOST_WAYS = 16


@dataclass(frozen=True, slots=True)
class BoardStates:
    """All locks of a board, lock 1 in bit 0. `board` from 0."""

    board: int
    hooks: int
    infrared: int


def _framed(board: int, lock: int, command: int) -> bytes:
    if not (0 <= board < MOST_BOARDS and 0 <= lock < MOST_WAYS):
        raise ValueError("boards and locks are numbered from 0 to 15 on the wire")
    frame = bytes([_STX, board << 4 | lock, command, _ETX])
    return frame + bytes([sum(frame) & 0xFF])


def states_request(board: int) -> bytes:
    """Ask a board for all its doors. Raises ValueError."""
    return _framed(board, 0, _ASK)


def unlock_request(board: int, lock: int) -> bytes:
    """Pulse one lock. Raises ValueError."""
    return _framed(board, lock, _UNLOCK)


class KerongDecoder:
    """Collects bytes and yields states; skips what is none, echoes of requests among it."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> tuple[BoardStates, ...]:
        """States completed by these bytes, in order."""
        self._pending += data
        found: list[BoardStates] = []
        while True:
            start = self._pending.find(_STX)
            del self._pending[: len(self._pending) if start < 0 else start]
            if len(self._pending) < _SIZE:
                return tuple(found)
            states = _states(bytes(self._pending[:_SIZE]))
            del self._pending[: 1 if states is None else _SIZE]
            if states is not None:
                found.append(states)


def _states(frame: bytes) -> BoardStates | None:
    address, kind = frame[1], frame[2]
    if kind != _STATES or frame[7] != _ETX or frame[8] != sum(frame[:8]) & 0xFF:
        return None
    return BoardStates(address >> 4, int.from_bytes(frame[3:5], "little"), int.from_bytes(frame[5:7], "little"))
