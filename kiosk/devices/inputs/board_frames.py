"""Reports of an input board, written down in docs/devices/inputs.md: bytes in, values out, no I/O.

C5 | lines | counter | check      check: FF minus the low byte of the sum of the three before
"""

from __future__ import annotations

from dataclasses import dataclass

_HEAD = 0xC5
_SIZE = 4


@dataclass(frozen=True, slots=True)
class Report:
    """Which of the lines 1 to 8 are closed, and the board's counter, one more with every report."""

    closed: tuple[str, ...]
    counter: int


def check(head: int, lines: int, counter: int) -> int:
    """The fourth byte."""
    return 0xFF - ((head + lines + counter) & 0xFF)


class Decoder:
    """Collects bytes and yields reports; skips what is none."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> tuple[Report, ...]:
        """Reports completed by these bytes, in order."""
        self._pending += data
        found: list[Report] = []
        while len(self._pending) >= _SIZE:
            head, lines, counter, sum_ = self._pending[:_SIZE]
            if head != _HEAD or sum_ != check(head, lines, counter):
                del self._pending[0]
                continue
            del self._pending[:_SIZE]
            closed = tuple(str(n + 1) for n in range(8) if lines >> n & 1)
            found.append(Report(closed, counter))
        return tuple(found)
