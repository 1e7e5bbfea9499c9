"""What an intake for old cards can do (XFS4IoT CardReader with a retain unit behind it)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import Health


class CardAt(enum.Enum):
    """Where the sensors see a card. EXIT: at the front, in a person's reach; BEHIND: at the bin's edge."""

    NONE = "none"
    EXIT = "exit"
    TRANSPORT = "transport"
    BEHIND = "behind"
    UNKNOWN = "unknown"


class GivenBack(enum.Enum):
    """What became of a card that was offered back."""

    TAKEN = "taken"
    LEFT = "left"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class IntakeCapabilities:
    """Static. `counts`: whether the hardware counts what it keeps, or only this driver does."""

    gives_back: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class IntakeStatus:
    """Health, where a card is, and whether the entry would take one."""

    health: Health
    card: CardAt
    entry_open: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """Cards kept since the count was begun, and how many of these no sensor confirmed."""

    kept: int
    unconfirmed: int


class Intake(Protocol):
    """The entry is shut except during `take_in`. After a fault with acted=True ask `where` the card is."""

    @property
    def capabilities(self) -> IntakeCapabilities: ...

    async def take_in(self, *, seconds: float) -> None:
        """Open the entry, wait for a card, shut the entry again; returns when sensors see the card inside.

        Its custody row must be on disk before this is called. Faults: TIME_OUT (nothing was put in, the entry is
        shut), COMMAND_ERROR with occupied, mediaJam or invalidMedia, DEVICE_NOT_READY.
        """
        ...

    async def keep(self) -> None:
        """Drop the card inside into the bin behind. For good. Raises noMedia, mediaUnverified (acted)."""
        ...

    async def give_back(self, *, seconds: float) -> GivenBack:
        """Offer the card inside at the front, held, until it is taken or drawn in again (LEFT)."""
        ...

    async def where(self) -> CardAt:
        """Raises DEVICE_NOT_READY."""
        ...

    async def counts(self) -> Counts: ...

    async def status(self) -> IntakeStatus:
        """Raises nothing."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
