"""Whose time it is: the citizen's, a device's, the network's, or ours (rule 25)."""

from __future__ import annotations

import enum
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kiosk.clock import Clock


class Whose(enum.Enum):
    """Who is being waited for; with several at once the first in this order counts."""

    NETWORK = "network"
    DEVICE = "device"
    CITIZEN = "citizen"
    SOFTWARE = "software"


@dataclass
class StepTime:
    """Seconds of one performed step."""

    kind: str
    key: str
    seconds: dict[Whose, float] = field(default_factory=lambda: dict.fromkeys(Whose, 0.0))
    server: float = 0.0
    """Handling time the server reported, part of the network's seconds."""

    @property
    def software(self) -> float:
        """Ours, with the server's own handling added."""
        return self.seconds[Whose.SOFTWARE] + self.server

    @property
    def network(self) -> float:
        """Requests in flight, less the server's own handling."""
        return max(0.0, self.seconds[Whose.NETWORK] - self.server)


BETWEEN = ("visit", "between-steps")
"""Kind and key of what passes outside every step: the engine and its book, replays, and pages before and after."""


class Watch:
    """Splits the time of a visit; steps are appended in the order they began, the first is `BETWEEN`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._active = dict.fromkeys(Whose, 0)
        self._since = clock.monotonic()
        self.steps: list[StepTime] = []
        self._current: StepTime | None = None

    def _settle(self) -> None:
        now = self._clock.monotonic()
        elapsed, self._since = now - self._since, now
        if self._current is None:
            return
        whose = next((w for w in Whose if self._active[w]), Whose.SOFTWARE)
        self._current.seconds[whose] += elapsed

    @contextmanager
    def step(self, kind: str, key: str) -> Generator[StepTime]:
        """Everything inside belongs to this step."""
        self._settle()
        outer, self._current = self._current, StepTime(kind, key)
        self.steps.append(self._current)
        current = self._current
        try:
            yield current
        finally:
            self._settle()
            self._current = outer

    @contextmanager
    def waiting_for(self, whose: Whose) -> Generator[None]:
        """While inside, the time is theirs."""
        self._settle()
        self._active[whose] += 1
        try:
            yield
        finally:
            self._settle()
            self._active[whose] -= 1

    def served(self, seconds: float) -> None:
        """The server said how long it worked on a request; what nobody in the visit waited for is not the visit's."""
        if self._current is not None and self._active[Whose.NETWORK]:
            self._current.server += seconds

    def reset(self) -> None:
        """A new visit."""
        self._settle()
        self._current = StepTime(*BETWEEN)
        self.steps = [self._current]

    def ended(self) -> tuple[StepTime, ...]:
        """The visit is over; what passes from now on is nobody's."""
        self._settle()
        self._current = None
        return tuple(self.steps)
