"""What a page printer can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.receipt_printer.contract import PrintReport
from kiosk.devices.words import Health, Supply


@dataclass(frozen=True, slots=True)
class PagePrinterStatus:
    """printer-state and printer-state-reasons in XFS words."""

    health: Health
    paper: Supply
    toner: Supply
    toner_percent: int | None = None
    """Of the emptiest cartridge; None where the printer does not measure it."""


class PagePrinter(Protocol):
    """A job is followed to its end, and cancelled when its time runs out."""

    async def print(self, pdf: bytes, *, job_name: str, seconds: float) -> PrintReport:
        """`job_name` is the effect's key: a job of that name already at the printer is followed, never sent again."""
        ...

    async def find(self, job_name: str) -> PrintReport | None:
        """What became of a job of that name, or None when the printer knows none (for recovery)."""
        ...

    async def status(self) -> PagePrinterStatus: ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
