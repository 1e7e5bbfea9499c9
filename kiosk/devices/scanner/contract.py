"""What a code scanner can do (XFS4IoT BarcodeReader)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import Health


class Symbology(enum.Enum):
    """BarcodeReader's word for the kind of code; a plain serial scanner does not say."""

    UNKNOWN = "symbologyUnknown"


class Trigger(enum.Enum):
    """Who makes the scanner look: it looks by itself, or when it is told."""

    ITSELF = "itself"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class ScannerCapabilities:
    """Static. `answers`: whether the scanner can be asked if it is there."""

    trigger: Trigger
    answers: bool


@dataclass(frozen=True, slots=True)
class Code:
    """One code: printable text only. It may name a person, an account or a payment, so it shows itself to nobody."""

    text: str
    symbology: Symbology = Symbology.UNKNOWN

    def __repr__(self) -> str:
        return f"Code({len(self.text)} characters)"


class Scanner(Protocol):
    """Codes shown before they were asked for are thrown away."""

    @property
    def capabilities(self) -> ScannerCapabilities: ...

    async def scan(self, *, seconds: float) -> Code:
        """The next code shown.

        Faults: TIME_OUT (nobody showed one), COMMAND_ERROR/barcodeInvalid (one was shown that is refused: control or
        invisible characters, not UTF-8, or longer than 4 KiB), DEVICE_NOT_READY.
        """
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
