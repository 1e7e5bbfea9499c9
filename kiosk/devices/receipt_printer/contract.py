"""What a receipt printer can do."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import Health, Supply


class PrintResult(enum.Enum):
    """PRINTED only when the printer said so after the last byte; UNKNOWN when it fell silent after bytes went out."""

    PRINTED = "printed"
    NOT_PRINTED = "not-printed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PrintReport:
    """How one job ended. `code` is the XFS word when it failed (paperOut, paperJammed, cutterError, coverOpen)."""

    result: PrintResult
    code: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptPrinterStatus:
    """Health with paper; cover open and cutter faults are codes of the health."""

    health: Health
    paper: Supply


class ReceiptPrinter(Protocol):
    """One job at a time; status is asked before and after each."""

    async def print(self, job: bytes) -> PrintReport:
        """Send one composed job. Asks DLE EOT 1-4 first (NOT_PRINTED if it cannot print) and after it."""
        ...

    async def clear(self) -> bool:
        """Cut off what a broken-off job left on the paper and forget its rest, so that the next paper begins clean.

        Prints nothing. True when the printer confirmed it.
        """
        ...

    async def status(self) -> ReceiptPrinterStatus:
        """Raises nothing: silence is DeviceState.POWER_OFF, never paper out."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
