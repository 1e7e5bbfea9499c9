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


class DoorEvent(enum.Enum):
    """What happens to a door. FORCED: opened without having been released; HELD: stands open for too long."""

    OPENED = "opened"
    CLOSED = "closed"
    FORCED = "tampered"
    HELD = "heldOpen"


@dataclass(frozen=True, slots=True)
class DoorCapabilities:
    """Static. `senses`: whether a contact is fitted."""

    senses: bool


class Door(Protocol):
    """Locked is what it is without being told anything; released is for a few seconds."""

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
