"""What a door can do (XFS4IoT Auxiliaries, cabinet and front doors)."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import Health


class DoorState(enum.Enum):
    """By its contact. NOT_SUPPORTED: no contact is fitted."""

    CLOSED = "closed"
    OPEN = "open"
    UNKNOWN = "unknown"
    NOT_SUPPORTED = "notSupported"


class FireState(enum.Enum):
    """What the fire input says. NOT_SUPPORTED: it is not led here (the wiring frees the door all the same)."""

    QUIET = "quiet"
    ALARM = "alarm"
    UNKNOWN = "unknown"
    NOT_SUPPORTED = "notSupported"


FREED = "freedByFire"
"""The code in a door's health while the fire input stands: nobody begins a visit then."""


class DoorEvent(enum.Enum):
    """What happens to a door. FORCED: opened without having been released; HELD: stands open for too long.

    FREED: the fire input has freed it; until that is over no opening is forced and none is too long.
    """

    OPENED = "opened"
    CLOSED = "closed"
    FORCED = "tampered"
    HELD = "heldOpen"
    FREED = "freedByFire"


@dataclass(frozen=True, slots=True)
class DoorCapabilities:
    """Static. `senses`: whether a contact is fitted; `hears_fire`: whether the fire input is led here too."""

    senses: bool
    hears_fire: bool = False


class Door(Protocol):
    """Locked from outside is what it is without being told anything; released is for a few seconds.

    There is no command that locks a door: getting out never depends on this software, and fire or a power cut
    free it by wiring. The fire input is heard only so that nobody is accused of what the fire has opened.
    """

    @property
    def capabilities(self) -> DoorCapabilities: ...

    async def release(self) -> None:
        """Let it be opened for the configured time, then lock again; returns when it is locked again.

        Raises DEVICE_NOT_READY (acted: it may have been released).
        """
        ...

    async def state(self) -> DoorState: ...

    async def watch(self, tell: Callable[[DoorEvent], None]) -> None:
        """Tell every event until cancelled. `tell` must not block."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
