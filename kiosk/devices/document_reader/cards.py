"""Cards in readers, as a driver sees them: what lies where, and one conversation with one of them.

`kiosk/devices/document_reader/service.py` carries it out over PC/SC; under the virtual clock it is played in memory.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Protocol


class Lost(Exception):
    """Base: a conversation ended from the other side. The message is for technicians and holds nothing personal."""


class CardLost(Lost):
    """The card left, was reset by another, or stopped answering in the middle."""


class CardMute(Lost):
    """A card is there and does not wake up."""


class ReaderLost(Lost):
    """The reader or its service is gone, or belongs to somebody else."""


class Slot(enum.Enum):
    """What a reader holds."""

    EMPTY = "empty"
    CARD = "card"
    MUTE = "mute"
    """A card that does not wake up."""


class Service(enum.Enum):
    """Whether readers can be asked at all."""

    STARTING = "starting"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Sight:
    """All readers at one moment, by name in the service's order. `detail` says why a service is down."""

    service: Service
    slots: dict[str, Slot] = field(default_factory=dict[str, Slot])
    detail: str = ""


class Channel(Protocol):
    """An exclusive conversation with one card."""

    @property
    def over(self) -> bool:
        """Whether the reader has been let go: not yet, while a command that was given up is still carried out."""
        ...

    async def transmit(self, apdu: bytes, seconds: float) -> bytes:
        """The answer with its status. Raises Lost, and TimeoutError after `seconds`: then it is over."""
        ...

    async def release(self) -> None:
        """End the conversation and reset the card unless it is lost; safe at any moment and again, never long."""
        ...


class Cards(Protocol):
    """The readers of this machine."""

    async def look(self) -> Sight:
        """As of now or of a moment ago. Raises nothing."""
        ...

    async def changed(self, since: Sight, seconds: float) -> Sight:
        """As soon as something differs from `since`, or after `seconds` what is the case then. Raises nothing."""
        ...

    async def connect(self, reader: str, seconds: float) -> Channel:
        """Raises Lost, and TimeoutError after `seconds`."""
        ...

    async def close(self) -> None: ...
