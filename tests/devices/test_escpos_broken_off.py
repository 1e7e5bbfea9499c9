"""A job that broke off with its process: the printer stands in the middle of a command, and half a slip hangs out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime

import pytest

from kiosk.devices.receipt_printer.contract import PrintResult
from kiosk.devices.receipt_printer.escpos import EscPosPrinter, EscPosSettings
from kiosk.devices.words import DeviceState
from kiosk.people.synthetic import BEIJING
from kiosk.simulation.state import Device
from kiosk.simulation.virtual import VirtualWorld
from kiosk.virtual import run_virtual

HALF_A_SLIP = b"\x1b@HALF A SLIP\n"
SLIP = b"\x1b@A WHOLE SLIP\n\x1dVB\x00"
BROKEN_OFF = {
    "between two commands": HALF_A_SLIP,
    "in a line": b"\x1b@HALF A",
    "after the first byte of a command": HALF_A_SLIP + b"\x1d",
    "in a small picture": HALF_A_SLIP + b"\x1dv0\x00\x48\x00\x10\x00" + b"\xff" * 100,
    "in a large picture": HALF_A_SLIP + b"\x1dv0\x00\x48\x00\xc0\x03" + b"\xff" * 100,
    "in a code": HALF_A_SLIP + b"\x1d(k\xff\x00\x31\x50\x30https",
}


def after(broken_off: bytes, then: Callable[[VirtualWorld, EscPosPrinter], Awaitable[None]]) -> None:
    """A process wrote these bytes and died; its successor finds the printer."""

    async def whole() -> None:
        world = VirtualWorld(1, date(2026, 11, 22))
        await world.start()
        try:
            dead = await world.line(Device.RECEIPT_PRINTER).open()
            await dead.write(broken_off)
            printer = EscPosPrinter(world.line(Device.RECEIPT_PRINTER), EscPosSettings(port="memory"))
            await then(world, printer)
            await printer.close()
        finally:
            await world.close()

    run_virtual(whole(), datetime(2026, 11, 22, 9, 0, tzinfo=BEIJING))


@pytest.mark.parametrize("broken_off", BROKEN_OFF.values(), ids=BROKEN_OFF.keys())
def test_the_printer_is_found_there(broken_off: bytes) -> None:
    async def then(_: VirtualWorld, printer: EscPosPrinter) -> None:
        assert (await printer.health()).state is DeviceState.ONLINE

    after(broken_off, then)


@pytest.mark.parametrize("broken_off", BROKEN_OFF.values(), ids=BROKEN_OFF.keys())
def test_the_next_slip_begins_clean(broken_off: bytes) -> None:
    async def then(world: VirtualWorld, printer: EscPosPrinter) -> None:
        assert await printer.clear()
        assert (await printer.print(SLIP)).result is PrintResult.PRINTED
        papers = world.call("papers")["papers"]
        assert "A WHOLE SLIP" in papers[-1]["text"]
        assert "HALF" not in papers[-1]["text"]

    after(broken_off, then)


def test_a_printer_that_is_really_silent_is_silent() -> None:
    async def then(world: VirtualWorld, printer: EscPosPrinter) -> None:
        world.call("fault", device="receipt-printer", fault="silent")
        assert (await printer.health()).state is DeviceState.POWER_OFF
        assert not await printer.clear()

    after(b"", then)
