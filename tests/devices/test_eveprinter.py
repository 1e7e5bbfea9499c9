"""The IPP driver against a real IPP Everywhere printer on loopback."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Coroutine, Generator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from kiosk.devices.page_printer.ipp import IppPrinter, IppSettings
from kiosk.devices.page_printer.posting import poster
from kiosk.devices.receipt_printer.contract import PrintReport, PrintResult
from kiosk.devices.words import DeviceState
from tests.devices.eveprinter import EvePrinter, eve_printer, missing_programs
from tests.devices.farends import FixedClock

T = TypeVar("T")

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
SLOW = """#!/bin/sh
i=0
while [ -e "$(dirname "$0")/hold" ] && [ $i -lt 300 ]; do sleep 0.1; i=$((i+1)); done
exit 0
"""

pytestmark = pytest.mark.skipif(bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}")


class Thread:
    """The worker of a running terminal: a thread of its own."""

    async def run(self, call: Callable[[], T]) -> T:
        return await asyncio.to_thread(call)

    async def close(self) -> None:
        return


@pytest.fixture(scope="module")
def printer() -> Generator[tuple[EvePrinter, Path]]:
    with tempfile.TemporaryDirectory(prefix="eve") as name:
        folder = Path(name)
        script = folder / "slow.sh"
        script.write_text(SLOW)
        script.chmod(0o755)
        with eve_printer(folder / "run", command=str(script)) as running:
            yield running, folder / "hold"


def printed(running: EvePrinter) -> list[Path]:
    """The documents it has taken in, oldest name first."""
    return sorted(path for path in running.spool.glob("*.pdf") if path.stat().st_size)


def within(seconds: float, test: Callable[[IppPrinter], Coroutine[Any, Any, None]], running: EvePrinter) -> None:
    async def main() -> None:
        async with asyncio.timeout(seconds):
            await test(IppPrinter(IppSettings(uri=running.uri), poster(time.monotonic), Thread(), FixedClock()))

    asyncio.run(main())


def test_a_page_is_printed_and_found_again_and_not_sent_twice(printer: tuple[EvePrinter, Path]) -> None:
    running, _ = printer

    async def test(page: IppPrinter) -> None:
        assert (await page.health()).state is DeviceState.ONLINE
        assert await page.find("visit-1/decision/1") is None
        assert await page.print(PDF, job_name="visit-1/decision/1", seconds=20) == PrintReport(PrintResult.PRINTED)
        files = printed(running)
        assert [file.read_bytes() for file in files] == [PDF]
        assert await page.print(PDF, job_name="visit-1/decision/1", seconds=20) == PrintReport(PrintResult.PRINTED)
        assert await page.find("visit-1/decision/1") == PrintReport(PrintResult.PRINTED)
        assert printed(running) == files

    within(40, test, running)


def test_a_page_that_does_not_come_is_cancelled(printer: tuple[EvePrinter, Path]) -> None:
    running, hold = printer

    async def test(page: IppPrinter) -> None:
        hold.touch()
        asyncio.get_running_loop().call_later(4.0, hold.unlink)
        report = await page.print(PDF, job_name="visit-2/decision/1", seconds=2)
        assert report == PrintReport(PrintResult.NOT_PRINTED, "canceled")
        assert await page.find("visit-2/decision/1") == PrintReport(PrintResult.NOT_PRINTED, "canceled")

    within(40, test, running)


def test_a_page_under_way_is_followed_by_whoever_comes_back(printer: tuple[EvePrinter, Path]) -> None:
    running, hold = printer

    async def test(page: IppPrinter) -> None:
        hold.touch()
        first = asyncio.get_running_loop().create_task(page.print(PDF, job_name="visit-3/slip/1", seconds=20))
        await asyncio.sleep(1.5)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        before = printed(running)
        asyncio.get_running_loop().call_later(1.0, hold.unlink)
        assert await page.find("visit-3/slip/1") == PrintReport(PrintResult.PRINTED)
        assert printed(running) == before

    within(40, test, running)
