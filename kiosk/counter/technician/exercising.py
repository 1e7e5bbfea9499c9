"""Having a device do what it is there for, so that a person can say what they saw."""

from __future__ import annotations

from kiosk.counter.desk import Desk
from kiosk.counter.printing import every_paper_says, print_freely
from kiosk.devices.receipt_printer.contract import PrintResult
from kiosk.flows.effects import PaperKind


async def test_slip(desk: Desk) -> bool:
    """A slip that says it is a test; whether the printer says that it came out."""
    now = desk.clock.now()
    values = {"number": f"T{now:%m%d%H%M%S}", "findings": "0123456789", **every_paper_says(desk, now)}
    language = desk.pages.stage.look.language
    return await print_freely(desk, PaperKind.MAINTENANCE_SLIP, values, language) == PrintResult.PRINTED.value
