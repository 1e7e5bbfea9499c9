"""What lights can do (XFS4IoT Lights)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from kiosk.devices.classes import DeviceClass
from kiosk.devices.words import Health

INVALID_LIGHT = "invalidLight"


class Light(enum.Enum):
    """XFS4IoT's names for lights, those that a terminal of this kind has a use for."""

    CARD_READER = "cardReader"
    CARD_READER_2 = "cardReader2"
    CONTACTLESS = "contactless"
    RECEIPT_PRINTER = "receiptPrinter"
    DOCUMENT_PRINTER = "documentPrinter"
    PASSBOOK_PRINTER = "passbookPrinter"
    ENVELOPE_DEPOSITORY = "envelopeDepository"
    SCANNER = "scanner"
    FASCIA = "fasciaLight"
    STATUS_GOOD = "statusGood"
    STATUS_WARNING = "statusWarning"
    STATUS_BAD = "statusBad"
    STATUS_SUPERVISOR = "statusSupervisor"
    STATUS_IN_SERVICE = "statusInService"


SLOT_LIGHTS: Mapping[DeviceClass, Light] = MappingProxyType(
    {
        DeviceClass.ID_READER: Light.CONTACTLESS,
        DeviceClass.DOCUMENT_READER: Light.CARD_READER,
        DeviceClass.RECEIPT_PRINTER: Light.RECEIPT_PRINTER,
        DeviceClass.PAGE_PRINTER: Light.DOCUMENT_PRINTER,
        DeviceClass.DISPENSER: Light.CARD_READER_2,
        DeviceClass.INTAKE: Light.ENVELOPE_DEPOSITORY,
        DeviceClass.ENDORSEMENT_WRITER: Light.PASSBOOK_PRINTER,
        DeviceClass.SCANNER: Light.SCANNER,
    }
)
"""Which of XFS4IoT's lights stands at which slot: it has no names of its own for documents and old cards."""


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
