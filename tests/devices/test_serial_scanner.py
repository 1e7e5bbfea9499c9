"""The conversation with a serial scanner: the next code shown, whole, or a reason."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest

from kiosk.devices.lines import MemoryLine
from kiosk.devices.scanner.contract import Code, Symbology, Trigger
from kiosk.devices.scanner.serial_scanner import SerialScanner, SerialScannerSettings, Told
from kiosk.devices.transport import Transport
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from tests.devices.farends import played, read_exactly
from tests.devices.test_scanner_framing import ANSWER
from tests.devices.virtual import run_virtual

LOOK, REST = b"\x01", b"\x00"


@dataclass
class Shows:
    """Sends pieces at seconds after the line was opened; answers what a GM65 is told unless it is dead."""

    pieces: tuple[tuple[float, bytes], ...] = ()
    dead: int = 0
    told: list[bytes] = field(default_factory=list[bytes])
    answer: bytes = ANSWER

    async def __call__(self, far: Transport) -> None:
        showing = asyncio.get_running_loop().create_task(self.show(far))
        try:
            await self.listen(far)
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    async def show(self, far: Transport) -> None:
        began = asyncio.get_running_loop().time()
        for at, piece in self.pieces:
            await asyncio.sleep(began + at - asyncio.get_running_loop().time())
            await far.write(piece)

    async def listen(self, far: Transport) -> None:
        while True:
            told = await read_exactly(far, 9)
            assert (told[:6], told[7:]) == (bytes.fromhex("7E0008010002"), b"\xab\xcd")
            self.told.append(told[6:7])
            if len(self.told) > self.dead:
                await asyncio.sleep(0.02)
                await far.write(self.answer)


Test = Callable[[SerialScanner, MemoryLine], Coroutine[Any, Any, None]]


def on(far: Shows, test: Test, trigger: Told = Told.NOTHING) -> None:
    async def main() -> None:
        async with played(far) as line:
            scanner = SerialScanner(line, SerialScannerSettings(port="here", trigger=trigger))
            await test(scanner, line)
            await scanner.close()

    run_virtual(main())


async def refused(coming: Coroutine[Any, Any, Any]) -> tuple[Completion, str, bool]:
    with pytest.raises(DeviceFault) as caught:
        await coming
    return caught.value.completion, caught.value.code, caught.value.acted


@pytest.mark.parametrize("trigger", Told)
def test_a_code_in_pieces_is_one_code(trigger: Told) -> None:
    async def test(scanner: SerialScanner, _line: MemoryLine) -> None:
        assert await scanner.scan(seconds=5) == Code("134567890123456789", Symbology.UNKNOWN)
        assert (await scanner.health()).state is DeviceState.ONLINE

    on(Shows(((1.0, b"1345678"), (1.05, b"90123456"), (1.1, b"789\r\n"))), test, trigger)


def test_a_scanner_without_an_ending_ends_with_silence() -> None:
    async def test(scanner: SerialScanner, _line: MemoryLine) -> None:
        assert (await scanner.scan(seconds=5)).text == "12345"

    on(Shows(((1.0, b"12"), (1.08, b"345"))), test)


def test_what_follows_in_a_code_that_holds_an_end_is_no_second_code() -> None:
    async def test(scanner: SerialScanner, _line: MemoryLine) -> None:
        assert await refused(scanner.scan(seconds=5)) == (Completion.COMMAND_ERROR, "barcodeInvalid", False)
        assert (await refused(scanner.scan(seconds=2)))[0] is Completion.TIME_OUT

    on(Shows(((1.0, b"123\r"), (1.05, b"456\r"))), test)


def test_a_code_shown_before_it_was_asked_for_is_thrown_away() -> None:
    async def test(scanner: SerialScanner, _line: MemoryLine) -> None:
        await scanner.health()
        await asyncio.sleep(1)
        assert (await scanner.scan(seconds=5)).text == "new"

    on(Shows(((0.5, b"old\r"), (3.0, b"new\r"))), test)


@pytest.mark.parametrize("trigger", Told)
def test_nobody_shows_a_code(trigger: Told) -> None:
    far = Shows()

    async def test(scanner: SerialScanner, _line: MemoryLine) -> None:
        loop = asyncio.get_running_loop()
        before = loop.time()
        assert (await refused(scanner.scan(seconds=7)))[0] is Completion.TIME_OUT
        assert 7 <= loop.time() - before < 9

    on(far, test, trigger)
    if trigger is Told.GM65:
        assert far.told == [LOOK, LOOK, LOOK, REST]


def test_a_line_that_never_falls_quiet_is_no_code() -> None:
    async def test(scanner: SerialScanner, _line: MemoryLine) -> None:
        async with asyncio.timeout(10):
            assert (await refused(scanner.scan(seconds=2)))[1] == "barcodeInvalid"

    on(Shows(tuple((0.05 * i, b"9" * 100) for i in range(1000))), test)


def test_the_host_makes_a_gm65_look() -> None:
    far = Shows(((1.0, b"code\r"),), dead=1)

    async def test(scanner: SerialScanner, _line: MemoryLine) -> None:
        assert (await scanner.scan(seconds=5)).text == "code"

    on(far, test, Told.GM65)
    assert far.told == [LOOK, LOOK]


def test_a_code_that_overtakes_the_answer_is_a_code() -> None:
    async def test(scanner: SerialScanner, _line: MemoryLine) -> None:
        assert (await scanner.scan(seconds=5)).text == "code"

    on(Shows(((0.01, b"co"), (0.03, b"de\r")), dead=9), test, Told.GM65)


def test_a_gm65_that_says_nothing_is_without_power() -> None:
    async def test(scanner: SerialScanner, line: MemoryLine) -> None:
        assert (await refused(scanner.scan(seconds=5)))[0] is Completion.DEVICE_NOT_READY
        assert (await scanner.health()).state is DeviceState.POWER_OFF

    on(Shows(dead=99), test, Told.GM65)


@pytest.mark.parametrize("trigger", Told)
def test_a_cable_pulled_while_a_code_is_awaited(trigger: Told) -> None:
    async def test(scanner: SerialScanner, line: MemoryLine) -> None:
        asyncio.get_running_loop().call_later(1, line.unplug)
        assert (await refused(scanner.scan(seconds=5)))[0] is Completion.DEVICE_NOT_READY
        assert (await scanner.health()).state is DeviceState.POWER_OFF
        line.plug()
        assert (await scanner.health()).state is DeviceState.ONLINE

    on(Shows(), test, trigger)


def test_while_a_code_is_awaited_health_is_what_was_last_heard() -> None:
    async def test(scanner: SerialScanner, _line: MemoryLine) -> None:
        scanning = asyncio.get_running_loop().create_task(scanner.scan(seconds=2))
        await asyncio.sleep(1)
        assert (await scanner.health()).state is DeviceState.STARTING
        await asyncio.gather(scanning, return_exceptions=True)

    on(Shows(), test)


def test_what_it_can_do() -> None:
    async def itself(scanner: SerialScanner, _line: MemoryLine) -> None:
        assert (scanner.capabilities.trigger, scanner.capabilities.answers) == (Trigger.ITSELF, False)
        assert (await scanner.health()).detail == "its port is there; it cannot be asked"

    on(Shows(), itself)

    async def host(scanner: SerialScanner, _line: MemoryLine) -> None:
        assert (scanner.capabilities.trigger, scanner.capabilities.answers) == (Trigger.HOST, True)

    on(Shows(), host, Told.GM65)


def test_no_code_reaches_a_log_or_an_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def test(scanner: SerialScanner, _line: MemoryLine) -> None:
        assert repr(await scanner.scan(seconds=5)) == "Code(6 characters)"
        with pytest.raises(DeviceFault) as caught:
            await scanner.scan(seconds=5)
        assert "geheim" not in str(caught.value)

    on(Shows(((1.0, b"geheim\r"), (2.0, b"geheim\x00\r"))), test)
    assert "geheim" not in caplog.text
