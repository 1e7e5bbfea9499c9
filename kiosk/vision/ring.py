"""Three slots of shared memory through which frames travel from the child to whoever draws them.

The memory is a memfd: it has no name, and is gone with its last holder. Each slot carries a sequence that is odd
while it is being written; a reader looks at it before and after its copy, so that a torn frame is thrown away
instead of shown. Sequences are written as single aligned 64-bit words; the layout assumes the total store order of
x86-64 and is not meant for machines that reorder stores.
"""

from __future__ import annotations

import mmap
import os
from dataclasses import dataclass

SLOTS = 3
HEADER = 64
SLOT_HEADER = 64
_WORDS = 8

_LATEST = 0
_SEQUENCE, _NUMBER, _TIME, _WIDTH, _HEIGHT = range(5)


@dataclass(frozen=True, slots=True)
class RingFrame:
    """One whole frame: its number (1, 2, ...), the monotonic nanoseconds of its capture, width, height, RGB rows."""

    number: int
    nanoseconds: int
    width: int
    height: int
    rgb: bytes


def slot_capacity(width: int, height: int) -> int:
    """Bytes reserved for one RGB frame, a multiple of 64."""
    return (width * height * 3 + 63) // 64 * 64


class Ring:
    """One mapping of the shared memory. Exactly one process writes; any number read."""

    def __init__(self, descriptor: int, capacity: int) -> None:
        self.descriptor = descriptor
        self.capacity = capacity
        self._map = mmap.mmap(descriptor, HEADER + SLOTS * (SLOT_HEADER + capacity))
        self._bytes = memoryview(self._map)
        self._words = self._bytes.cast("Q")

    @staticmethod
    def create(width: int, height: int) -> Ring:
        """New memory for frames up to width x height. Its descriptor is not inheritable; hand it over explicitly."""
        capacity = slot_capacity(width, height)
        descriptor = os.memfd_create("frames", os.MFD_CLOEXEC)
        os.ftruncate(descriptor, HEADER + SLOTS * (SLOT_HEADER + capacity))
        return Ring(descriptor, capacity)

    def _slot(self, number: int) -> int:
        return HEADER + (number % SLOTS) * (SLOT_HEADER + self.capacity)

    @property
    def latest(self) -> int:
        """Number of the newest whole frame; 0 before the first."""
        return self._words[_LATEST]

    def begin(self, number: int) -> memoryview:
        """Mark the slot of `number` as being written and return its pixels; `commit` ends it."""
        start = self._slot(number)
        self._words[start // _WORDS + _SEQUENCE] = 2 * number + 1
        return self._bytes[start + SLOT_HEADER : start + SLOT_HEADER + self.capacity]

    def commit(self, number: int, nanoseconds: int, width: int, height: int) -> None:
        """The pixels of `number` are whole."""
        word = self._slot(number) // _WORDS
        self._words[word + _NUMBER] = number
        self._words[word + _TIME] = nanoseconds
        self._words[word + _WIDTH] = width
        self._words[word + _HEIGHT] = height
        self._words[word + _SEQUENCE] = 2 * number + 2
        self._words[_LATEST] = number

    def wipe(self) -> None:
        """Overwrite all pixels. Numbering goes on."""
        for slot in range(SLOTS):
            start = self._slot(slot)
            self._words[start // _WORDS + _SEQUENCE] = 1
            self._bytes[start + SLOT_HEADER : start + SLOT_HEADER + self.capacity] = bytes(self.capacity)

    def read(self) -> RingFrame | None:
        """The newest whole frame, or None where there is none or the writer was faster three times in a row."""
        for _ in range(3):
            number = self.latest
            if number == 0:
                return None
            start = self._slot(number)
            word = start // _WORDS
            if self._words[word + _SEQUENCE] != 2 * number + 2:
                continue
            width = self._words[word + _WIDTH]
            height = self._words[word + _HEIGHT]
            nanoseconds = self._words[word + _TIME]
            size = width * height * 3
            if size > self.capacity:
                continue
            copy = bytes(self._bytes[start + SLOT_HEADER : start + SLOT_HEADER + size])
            if self._words[word + _SEQUENCE] == 2 * number + 2:
                return RingFrame(number, nanoseconds, width, height, copy)
        return None

    def close(self) -> None:
        """Give the mapping and the descriptor back."""
        self._words.release()
        self._bytes.release()
        self._map.close()
        os.close(self.descriptor)
