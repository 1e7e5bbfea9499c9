"""Time, randomness and waiting as ports; simulation gives virtual ones (rules 24, 25)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Aware wall time, and monotonic seconds."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class Ids(Protocol):
    """Everything random."""

    def nonce(self) -> str:
        """128 random bits in hexadecimal."""
        ...

    def key(self) -> bytes:
        """A fresh 256-bit key."""
        ...


Pause = Callable[[float], None]
"""Lets the named seconds pass before a reply: a wait in earnest, a note to the caller under the virtual clock."""
