"""What a key switch can do (XFS4IoT Auxiliaries, operatorSwitch)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import Health


class KeyPosition(enum.Enum):
    """XFS's words. UNKNOWN: nobody can say; it opens nothing and ends nothing."""

    RUN = "run"
    MAINTENANCE = "maintenance"
    SUPERVISOR = "supervisor"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class KeyCapabilities:
    """Static: the positions this switch has."""

    positions: frozenset[KeyPosition]


class KeySwitch(Protocol):
    """Debounced. A key alone proves nobody's identity: what it opens asks for more."""

    @property
    def capabilities(self) -> KeyCapabilities: ...

    async def position(self) -> KeyPosition: ...

    async def turn(self, *, seconds: float) -> KeyPosition | None:
        """What it was turned to, None when it was not in that time. To be asked again and again."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
