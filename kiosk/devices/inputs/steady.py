"""From looks at a bouncing contact to what it is: no I/O, no clock of its own."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


class Trouble(enum.Enum):
    """What keeps a contact from being believed. CABLE_OFF: no contact at all, or contacts that contradict."""

    NONE = ""
    CABLE_OFF = "cableOff"
    BOUNCING = "bouncing"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. `steady`: how long a look must hold; `unknown`: how long none may be made out, since a change-over
    contact passes through neither; `bouncing`: how long it may go on changing; `stuck`: how long it may be worked."""

    steady: float = 0.05
    unknown: float = 0.5
    bouncing: float = 2.0
    stuck: float = 30.0


class Steady(Generic[T]):
    """`unknown`: what is said while nothing can be made out; `worked`: what must not last for ever, if anything."""

    def __init__(self, unknown: T, worked: T | None, timing: Timing) -> None:
        self._unknown = unknown
        self._worked = worked
        self._timing = timing
        self._state = unknown
        self._candidate = unknown
        self._since: float | None = None
        self._state_since = float("-inf")
        self._settled_at: float | None = None
        self._trouble = Trouble.NONE
        self._known = False

    @property
    def state(self) -> T:
        """What it is, as far as it is known."""
        return self._state

    @property
    def trouble(self) -> Trouble:
        """Why it is not known, or not right."""
        return self._trouble

    @property
    def settled(self) -> bool:
        """Whether the looks so far were enough to say anything."""
        return self._known

    def settled_since(self, then: float) -> bool:
        """Whether a look since then has held long enough, or there is no end of bouncing."""
        known = self._known and self._settled_at is not None and self._settled_at >= then
        return known or self._trouble is Trouble.BOUNCING

    def lost(self) -> None:
        """Nobody can look any more: nothing is known, at once."""
        self._state = self._candidate = self._unknown
        self._since = self._settled_at = None
        self._trouble = Trouble.NONE
        self._known = False

    def look(self, raw: T, now: float) -> None:
        """One look."""
        if self._since is None or raw != self._candidate:
            self._candidate, self._since = raw, now
        if self._settled_at is None:
            self._settled_at = now
        holds = self._timing.unknown if raw == self._unknown else self._timing.steady
        if now - self._since >= holds:
            self._settled_at = now
            self._settle(raw, now)
        elif now - self._settled_at >= self._timing.bouncing:
            self._state, self._trouble, self._known = self._unknown, Trouble.BOUNCING, True

    def _settle(self, raw: T, now: float) -> None:
        self._known = True
        if raw != self._state:
            self._state, self._state_since = raw, now
        if raw == self._unknown:
            self._trouble = Trouble.CABLE_OFF
        elif raw == self._worked and now - self._state_since >= self._timing.stuck:
            self._trouble = Trouble.STUCK
        else:
            self._trouble = Trouble.NONE
