"""USB bulk as a line: the same drivers and codecs, through pyusb, to a device at the far end of its transfers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from kiosk.devices.id_reader.sam_v import SamV, SamVSettings
from kiosk.devices.lines import line_at
from kiosk.devices.receipt_printer.contract import PrintReport, PrintResult
from kiosk.devices.receipt_printer.escpos import EscPosPrinter, EscPosSettings
from kiosk.devices.transport import TransportLost
from kiosk.devices.usb_lines import Pipes, UsbAddress, UsbLine
from kiosk.devices.words import DeviceState
from tests.devices.farends import FixedClock, Player
from tests.devices.test_escpos import JOB, PRINTED, Paper
from tests.devices.test_sam_v import PHOTO, PRINTS, a_card
from tests.devices.usb_backend import PRODUCT, SERIAL, VENDOR, Bus

PRINTER = UsbAddress(Pipes.PAIR, VENDOR, PRODUCT)
MODULE = UsbAddress(Pipes.SAM_V, VENDOR, PRODUCT, SERIAL)


def on(player: Player, endpoints: tuple[int, ...], test: Callable[[Bus], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        async with asyncio.timeout(30):
            bus = Bus(asyncio.get_running_loop(), endpoints)
            playing = asyncio.ensure_future(bus.play(player))
            try:
                await test(bus)
            finally:
                playing.cancel()
                await asyncio.gather(playing, return_exceptions=True)

    asyncio.run(main())


def test_a_card_is_read_over_the_modules_four_pipes_by_the_same_codec() -> None:
    script = a_card()

    async def test(bus: Bus) -> None:
        reader = SamV(UsbLine(MODULE, bus), SamVSettings(port="usb"), FixedClock())
        read = await reader.read(seconds=10)
        assert (read.card.name, read.photo, b"".join(read.fingers)) == ("王小芳", PHOTO, PRINTS)
        # Preamble and length on one endpoint, the rest of the same frame on the other.
        heads, bodies = bus.written[::2], bus.written[1::2]
        assert {ep for ep, _ in heads} == {0x02}
        assert {ep for ep, _ in bodies} == {0x06}
        assert {len(head) for _, head in heads} == {7}
        await reader.close()
        assert bus.claimed == 0

    on(script, (0x02, 0x06, 0x81, 0x85), test)


def test_a_receipt_is_printed_over_usb_when_the_printer_says_so() -> None:
    paper = Paper()

    async def test(bus: Bus) -> None:
        printer = EscPosPrinter(UsbLine(PRINTER, bus), EscPosSettings(port="usb"))
        assert (await printer.health()).state is DeviceState.ONLINE
        assert await printer.print(JOB) == PRINTED
        assert paper.printed == JOB
        await printer.close()

    on(paper, (0x01, 0x82), test)


def test_a_printer_pulled_out_is_told_and_found_again() -> None:
    paper = Paper(at_600=lambda _paper: buses[0].unplug())
    buses: list[Bus] = []

    async def test(bus: Bus) -> None:
        buses.append(bus)
        printer = EscPosPrinter(UsbLine(PRINTER, bus), EscPosSettings(port="usb"))
        assert await printer.print(JOB) == PrintReport(PrintResult.UNKNOWN, "powerOff")
        gone = await printer.health()
        assert (gone.state, gone.detail) == (DeviceState.POWER_OFF, "cannot open usb://0400:c35a: not on the bus")
        again = Bus(asyncio.get_running_loop(), (0x01, 0x82))
        playing = asyncio.ensure_future(again.play(Paper()))
        back = EscPosPrinter(UsbLine(PRINTER, again), EscPosSettings(port="usb"))
        assert await back.print(JOB) == PRINTED
        await back.close()
        playing.cancel()

    on(paper, (0x01, 0x82), test)


def test_a_device_another_program_holds_is_not_opened() -> None:
    async def test(bus: Bus) -> None:
        held = await UsbLine(PRINTER, bus).open()
        with pytest.raises(TransportLost, match="EBUSY"):
            await UsbLine(PRINTER, bus).open()
        await held.close()
        await held.close()
        await (await UsbLine(PRINTER, bus).open()).close()

    on(Paper(), (0x01, 0x82), test)


def test_a_device_without_the_endpoints_or_with_another_serial_is_not_ours() -> None:
    async def test(bus: Bus) -> None:
        with pytest.raises(TransportLost, match="ValueError"):
            await UsbLine(MODULE, bus).open()
        with pytest.raises(TransportLost, match="not on the bus"):
            await UsbLine(UsbAddress(Pipes.PAIR, VENDOR, PRODUCT, "another"), bus).open()

    on(Paper(), (0x01, 0x82), test)


def test_usb_lines_are_named_by_vendor_product_and_serial() -> None:
    assert line_at("usb://0416:5011", 0).name == "usb://0416:5011"
    assert line_at("usb-sam-v://0400:C35A/A1", 0).name == "usb-sam-v://0400:c35a/A1"
    for wrong in ("usb://", "usb://416:5011", "usb-sam-v://0400", "usb://0416:5011/ "):
        with pytest.raises(ValueError, match="USB line"):
            line_at(wrong, 0)
