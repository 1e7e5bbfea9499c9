"""From a contact's word, and when the door was released, to what happened: debounced, no I/O, no clock of its own."""

from __future__ import annotations

from kiosk.devices.door.contract import DoorEvent, DoorState, FireState

STEADY_LOOKS = 3
"""A state counts once so many looks in a row agree: contacts bounce."""


class Watching:
    """`held_seconds`: how long a door may stand open. `grace_seconds`: how long after a release it may be opened."""

    def __init__(self, held_seconds: float, grace_seconds: float) -> None:
        self._held_seconds = held_seconds
        self._grace_seconds = grace_seconds
        self._released_until = float("-inf")
        self._steady = DoorState.UNKNOWN
        self._candidate = DoorState.UNKNOWN
        self._looks = 0
        self._held_at = float("inf")
        self._freed = False

    def fire(self, state: FireState, now: float) -> tuple[DoorEvent, ...]:
        """What the fire input adds: told once, when it begins. Unknown changes nothing."""
        match state:
            case FireState.ALARM:
                self._released_until = now + self._grace_seconds
                self._held_at = float("inf")
                begins = not self._freed
                self._freed = True
                return (DoorEvent.FREED,) if begins else ()
            case FireState.QUIET:
                if self._freed and self._steady is DoorState.OPEN:
                    self._held_at = now + self._held_seconds
                self._freed = False
                return ()
            case FireState.UNKNOWN | FireState.NOT_SUPPORTED:
                return ()

    def released(self, now: float) -> None:
        """The door may be opened from now on for the grace time."""
        self._released_until = max(self._released_until, now + self._grace_seconds)

    def look(self, state: DoorState, now: float) -> tuple[DoorEvent, ...]:
        """What this look adds. A state that is not known changes nothing."""
        self._looks = self._looks + 1 if state is self._candidate else 1
        self._candidate = state
        if self._looks >= STEADY_LOOKS and state is not self._steady:
            return self._turned(state, now)
        if now >= self._held_at:
            self._held_at = float("inf")
            return (DoorEvent.HELD,)
        return ()

    def _turned(self, state: DoorState, now: float) -> tuple[DoorEvent, ...]:
        match state:
            case DoorState.OPEN:
                # At the start nobody knows who opened it: open, but not forced.
                allowed = self._steady is DoorState.UNKNOWN or now <= self._released_until
                self._steady = state
                self._held_at = float("inf") if self._freed else now + self._held_seconds
                return (DoorEvent.OPENED if allowed else DoorEvent.FORCED,)
            case DoorState.CLOSED:
                self._steady = state
                self._held_at = float("inf")
                return (DoorEvent.CLOSED,)
            case DoorState.UNKNOWN | DoorState.NOT_SUPPORTED:
                return ()
