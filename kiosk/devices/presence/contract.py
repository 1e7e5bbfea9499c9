"""What a presence sensor can do (XFS4IoT Auxiliaries, proximity sensor)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import Health


class Presence(enum.Enum):
    """XFS's proximitySensor words."""

    PRESENT = "present"
    NOT_PRESENT = "notPresent"
    UNKNOWN = "unknown"


class Moving(enum.Enum):
    """How a person is seen: a motionless one counts too."""

    NOBODY = "nobody"
    MOVING = "moving"
    STILL = "still"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One look. Distances in centimetres to whoever moves and to whoever stands still; 0 where nobody does."""

    presence: Presence
    moving: Moving
    moving_cm: int
    still_cm: int


@dataclass(frozen=True, slots=True)
class PresenceCapabilities:
    """Static. `sees_still`: whether a motionless person is seen; `measures`: whether distances mean anything."""

    sees_still: bool
    measures: bool


class PresenceSensor(Protocol):
    """Looks when asked."""

    @property
    def capabilities(self) -> PresenceCapabilities: ...

    async def look(self) -> Sighting:
        """What is seen now. Raises DEVICE_NOT_READY."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
