"""Two corners of the glass, held one after the other: the way in that nobody finds by accident.

The upper left is held, let go, then the lower right is held; each for some seconds and neither for long, the second
soon after the first. Nothing on the screen tells of it, and nothing answers until both were right. It proves nobody's
identity: all it opens is the page that asks for a card.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Corner(enum.Enum):
    """Of the glass, as one stands before it."""

    UPPER_LEFT = "upper-left"
    UPPER_RIGHT = "upper-right"
    LOWER_LEFT = "lower-left"
    LOWER_RIGHT = "lower-right"


@dataclass(frozen=True, slots=True)
class Held:
    """One finger that rested in a corner and was lifted: how long, and when, in seconds of one clock."""

    corner: Corner
    seconds: float
    lifted: float


ORDER = (Corner.UPPER_LEFT, Corner.LOWER_RIGHT)
LEAST_SECONDS = 3.0
MOST_SECONDS = 8.0
BETWEEN_SECONDS = 3.0
"""From lifting the finger in one corner to laying it into the next, at most."""


class Corners:
    """Listens to held corners, in the order in which fingers were lifted."""

    def __init__(self) -> None:
        self._right: list[Held] = []

    def held(self, now: Held) -> bool:
        """Whether this was the last of them. Whatever is wrong begins anew."""
        if not (LEAST_SECONDS <= now.seconds <= MOST_SECONDS):
            self._right.clear()
            return False
        if self._right and now.lifted - now.seconds - self._right[-1].lifted > BETWEEN_SECONDS:
            self._right.clear()
        if now.corner is not ORDER[len(self._right)]:
            self._right = [now] if now.corner is ORDER[0] else []
            return False
        self._right.append(now)
        if len(self._right) < len(ORDER):
            return False
        self._right.clear()
        return True


def held_of(payload: object, lifted: float) -> Held | None:
    """What the glass told, or None where it makes no sense."""
    if not isinstance(payload, dict):
        return None
    told: dict[object, object] = dict(payload)  # pyright: ignore[reportUnknownArgumentType]
    corner, milliseconds = told.get("corner"), told.get("ms")
    if not isinstance(milliseconds, int | float):
        return None
    try:
        return Held(Corner(corner), float(milliseconds) / 1000, lifted)
    except ValueError:
        return None
