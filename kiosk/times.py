"""The ports of kiosk.clock, carried out: the machine's clock and randomness, and seeded ones for the virtual loop."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import TypeVar

from kiosk.clock import Clock
from kiosk.virtual import VirtualLoop

T = TypeVar("T")

BEIJING = timezone(timedelta(hours=8))
"""The one civil time of the country."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def no_offset() -> timedelta:
    """The machine's clock is taken as it is."""
    return timedelta(0)


class SystemClock:
    """The machine's clock, moved by what `offset` says at each reading (a simulated world may set it)."""

    def __init__(self, offset: Callable[[], timedelta] = no_offset, zone: timezone = BEIJING) -> None:
        self._offset = offset
        self._zone = zone

    def now(self) -> datetime:
        return datetime.now(self._zone) + self._offset()

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


class VirtualClock:
    """The clock of the virtual loop that is running: its start plus the virtual seconds passed."""

    def now(self) -> datetime:
        return self._loop().now()

    def monotonic(self) -> float:
        return self._loop().time()

    def _loop(self) -> VirtualLoop:
        loop = asyncio.get_running_loop()
        if not isinstance(loop, VirtualLoop):
            raise RuntimeError("a virtual clock was read outside a virtual loop")
        return loop


def sortable_id(milliseconds: int, random_bits: int) -> str:
    """26 characters of A-Z and 0-9: 48 bits of time, then 80 random bits, five bits a character."""
    number = (milliseconds & ((1 << 48) - 1)) << 80 | (random_bits & ((1 << 80) - 1))
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def _milliseconds(clock: Clock) -> int:
    return int(clock.now().timestamp() * 1000)


class SystemIds:
    """Ids, nonces and keys from the operating system's randomness."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def case_id(self) -> str:
        return sortable_id(_milliseconds(self._clock), secrets.randbits(80))

    def nonce(self) -> str:
        return secrets.token_hex(16)

    def key(self) -> bytes:
        return secrets.token_bytes(32)

    def jitter(self) -> float:
        return secrets.randbits(53) / (1 << 53)


class SeededIds:
    """The same ids for the same seed, time of the first asking and order of asking.

    The time is in it so that a terminal started again with its old seed does not use a nonce or a name twice. For
    simulation only: keys are guessable.
    """

    def __init__(self, seed: int, clock: Clock) -> None:
        self._seed = seed
        self._clock = clock

    @cached_property
    def _random(self) -> random.Random:
        return random.Random(f"{self._seed} {_milliseconds(self._clock)}")

    def case_id(self) -> str:
        return sortable_id(_milliseconds(self._clock), self._random.getrandbits(80))

    def nonce(self) -> str:
        return self._random.randbytes(16).hex()

    def key(self) -> bytes:
        return self._random.randbytes(32)

    def jitter(self) -> float:
        return self._random.random()


class ThreadWorker:
    """One thread of its own, calls one after another. Close it to end the thread."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, call: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, call)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self._executor.shutdown)


class InlineWorker:
    """Calls made at once, on the loop: no thread under the virtual clock (rule 24)."""

    async def run(self, call: Callable[[], T]) -> T:
        return call()

    async def close(self) -> None:
        return None
