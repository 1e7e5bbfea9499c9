"""What lights can do (XFS4IoT Lights)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import Health

INVALID_LIGHT = "invalidLight"


class Light(enum.Enum):
    """XFS4IoT's names for lights, those that a terminal of this kind has a use for."""

    CARD_READER = "cardReader"
    RECEIPT_PRINTER = "receiptPrinter"
    DOCUMENT_PRINTER = "documentPrinter"
    SCANNER = "scanner"
    FASCIA = "fasciaLight"
    STATUS_GOOD = "statusGood"
    STATUS_WARNING = "statusWarning"
    STATUS_BAD = "statusBad"
    STATUS_SUPERVISOR = "statusSupervisor"
    STATUS_IN_SERVICE = "statusInService"


class FlashRate(enum.Enum):
    """XFS4IoT's flash rates."""

    OFF = "off"
    SLOW = "slow"
    MEDIUM = "medium"
    QUICK = "quick"
    CONTINUOUS = "continuous"


@dataclass(frozen=True, slots=True)
class LightsCapabilities:
    """Static: which lights there are, and the rates they really show; another rate is shown as continuous."""

    lights: frozenset[Light]
    rates: frozenset[FlashRate]


class Lights(Protocol):
    """A light is what it was last set to, also after its line was away."""

    @property
    def capabilities(self) -> LightsCapabilities: ...

    async def set(self, light: Light, rate: FlashRate) -> None:
        """Raises COMMAND_ERROR/invalidLight for a light that is not there, DEVICE_NOT_READY."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
