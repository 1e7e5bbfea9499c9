"""Reading a travel document through a real smart card service: what the terminal adds to each command's own time."""

from __future__ import annotations

import asyncio
import time

from kiosk.devices.drivers import DOCUMENT_READERS, Tools
from kiosk.devices.lines import line_at
from kiosk.devices.page_printer.posting import poster
from kiosk.people.travel_document import parse_mrz
from kiosk.simulation.pcscd import MISSING, PcscService, pcsc_service
from kiosk.simulation.travel_chip import VirtualReader, chip_of
from kiosk.simulation.travel_files import PASS, document_of
from kiosk.times import SystemClock, ThreadWorker

READ_SECONDS = 20.0


class NotInstalled(RuntimeError):
    """The service or its virtual reader is not there; the message names the packages."""


def documents(count: int) -> dict[str, list[float]]:
    """Seconds a command, for `count` readings of one pass: of our own, and of waiting for the service and the card.

    Raises NotInstalled.
    """
    if MISSING:
        raise NotInstalled(f"not installed: {MISSING}")
    with pcsc_service() as service:
        return asyncio.run(_documents(count, service))


async def _documents(count: int, service: PcscService) -> dict[str, list[float]]:
    tools = Tools(SystemClock(), line_at, lambda: ThreadWorker("device"), poster(time.monotonic))
    reader = DOCUMENT_READERS.make("pcsc", {}, tools)
    document = document_of(PASS, 0)
    key = parse_mrz(document.zone).chip_key
    card = VirtualReader(service.port, chip_of(document))
    found: dict[str, list[float]] = {"own": [], "wire": []}
    try:
        for _ in range(count):
            read = await reader.read(key, seconds=READ_SECONDS)
            found["own"].append(read.own_seconds / read.exchanges)
            found["wire"].append(read.wire_seconds / read.exchanges)
    finally:
        card.take_away()
        await reader.close()
    return found
