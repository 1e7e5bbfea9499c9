"""Time, randomness and ids as ports: injected everywhere, virtual in tests (rules 24, 25).

Waiting is done with `asyncio.sleep` and `asyncio.timeout` on the running loop, which is a virtual one in simulation;
`Clock.monotonic` is that loop's time. Nothing else in the project reads a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """Wall time with its offset, and the loop's monotonic seconds."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class Ids(Protocol):
    """Everything random: ids of cases, nonces, keys, jitter."""

    def case_id(self) -> str:
        """A new case id, sortable by creation, 26 characters of A-Z and 0-9."""
        ...

    def nonce(self) -> str:
        """128 random bits in hexadecimal."""
        ...

    def key(self) -> bytes:
        """A fresh 256-bit key."""
        ...

    def jitter(self) -> float:
        """Uniform in 0..1."""
        ...


class Worker(Protocol):
    """One owned thread for blocking calls of one kind; inline under the virtual clock (architecture.md)."""

    async def run(self, call: Callable[[], T]) -> T: ...

    async def close(self) -> None: ...


Spawn = Callable[[Coroutine[Any, Any, None], str], None]
"""Start a named background task whose failure ends the process loudly."""
