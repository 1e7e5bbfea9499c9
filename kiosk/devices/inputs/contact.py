"""A contact that is watched: its state as a value, and its turns as a stream with deadlines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from kiosk.clock import Clock
from kiosk.devices.inputs.steady import Steady, Timing, Trouble
from kiosk.devices.inputs.wires import InputWire
from kiosk.devices.transport import TransportLost
from kiosk.devices.words import DeviceState, Health

T = TypeVar("T")

SETTLE_SECONDS = 1.0
"""The longest a question about the state looks before it says what it has seen."""
FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 2.0


class Contact(Generic[T]):
    """`means` says what a set of closed lines is, `unknown` for those that contradict."""

    def __init__(
        self,
        wire: InputWire,
        means: Callable[[frozenset[str]], T],
        unknown: T,
        worked: T | None,
        timing: Timing,
        clock: Clock,
    ) -> None:
        self._wire = wire
        self._means = means
        self._clock = clock
        self._steady: Steady[T] = Steady(unknown, worked, timing)
        self._longest = max(timing.steady, timing.unknown) + SETTLE_SECONDS
        self._told: tuple[T, Trouble] | None = None
        self._lost = ""
        self._retry = FIRST_RETRY_SECONDS
        self._lock = asyncio.Lock()

    async def state(self) -> T:
        """What it is now: looked at until it is steady, or nobody can look."""
        if self._lock.locked():
            return self._steady.state
        async with self._lock:
            self._wire.forget()
            began = self._clock.monotonic()
            while await self._look() and self._clock.monotonic() < began + self._longest:
                if self._steady.settled_since(began):
                    break
        return self._steady.state

    async def turn(self, *, seconds: float) -> tuple[T, Trouble] | None:
        """The next turn: what it has become, and why it is in trouble; None when nothing has turned in that time.

        The first turn tells what it is. While the line is away, it is tried again ever more rarely.
        """
        until = self._clock.monotonic() + seconds
        async with self._lock:
            while True:
                there = await self._look()
                now = (self._steady.state, self._steady.trouble)
                if now != self._told and (self._steady.settled or not there):
                    self._told = now
                    return now
                left = until - self._clock.monotonic()
                if left <= 0:
                    return None
                if not there:
                    await asyncio.sleep(min(left, self._retry))
                    self._retry = min(LONGEST_RETRY_SECONDS, self._retry * 2)

    async def health(self) -> Health:
        """Contacts that contradict, bounce or are stuck are a hardware error: somebody has to look at them."""
        _ = await self.state()
        if self._lost:
            return Health(DeviceState.POWER_OFF, "", self._lost)
        trouble = self._steady.trouble
        if trouble is Trouble.NONE:
            return Health(DeviceState.ONLINE)
        return Health(DeviceState.HARDWARE_ERROR, trouble.value)

    async def close(self) -> None:
        await self._wire.close()

    async def _look(self) -> bool:
        """Whether anybody can look."""
        try:
            raw = self._means(await self._wire.look())
        except TransportLost as lost:
            self._lost = str(lost)
            self._steady.lost()
            return False
        self._lost = ""
        self._retry = FIRST_RETRY_SECONDS
        self._steady.look(raw, self._clock.monotonic())
        return True
