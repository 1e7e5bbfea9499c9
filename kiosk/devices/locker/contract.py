"""What a cabinet of compartments can do."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import Health


class DoorState(enum.Enum):
    """A compartment's door by its feedback contact."""

    CLOSED = "closed"
    OPEN = "open"
    UNKNOWN = "unknown"


class ItemState(enum.Enum):
    """Whether something lies in a compartment, by its light barrier; most boards have none."""

    PRESENT = "present"
    NOT_PRESENT = "notPresent"
    UNKNOWN = "unknown"
    NOT_SUPPORTED = "notSupported"


@dataclass(frozen=True, slots=True)
class Compartment:
    """Board address and lock number, both from 1."""

    board: int
    lock: int


@dataclass(frozen=True, slots=True)
class OpenPermit:
    """Says that this opening was authorised once: made by the counter from a verified grant, or by maintenance."""

    grant: str
    compartment: Compartment


class Locker(Protocol):
    """Never opens twice by itself: after silence it asks where the door is."""

    async def open(self, permit: OpenPermit) -> DoorState:
        """Pulse the lock once and say what the feedback contact shows afterwards.

        OPEN: sensed open. CLOSED: the board answered and the door is still shut. UNKNOWN: silence after the pulse,
        and the query afterwards stayed silent too. Raises DeviceFault(acted=False) when nothing was sent.
        A permit is used once: a second use raises DeviceFault(AUTHORISATION_REQUIRED).
        """
        ...

    async def door(self, compartment: Compartment) -> DoorState: ...

    async def doors(self, board: int) -> dict[int, DoorState]:
        """All doors of one board by lock number."""
        ...

    async def item(self, compartment: Compartment) -> ItemState:
        """Whether something lies in it. NOT_SUPPORTED where nothing is fitted to feel it; raises as `door`."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
