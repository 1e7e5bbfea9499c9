"""Reading an identity card over a pty: what the terminal adds to the wire's own time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from kiosk.commands.measuring.visits import sandbox
from kiosk.devices.drivers import ID_READERS, Tools
from kiosk.devices.lines import SerialLine
from kiosk.devices.page_printer.posting import poster
from kiosk.times import SystemClock, ThreadWorker

READ_SECONDS = 20.0
LEAVE_SECONDS = 0.5
"""A card that was read must be seen to leave before it is found again: longer than the time between two searches."""


def reads(count: int) -> dict[str, list[float]]:
    """Seconds of our own and of the wire, for `count` readings of one card by the driver sam-v on the world's pty."""
    with sandbox() as around:
        return asyncio.run(_reads(count, around.world.call, around.ports["id-reader"]))


async def _reads(count: int, act: Callable[..., Any], port: str) -> dict[str, list[float]]:
    tools = Tools(SystemClock(), SerialLine, lambda: ThreadWorker("device"), poster(time.monotonic))
    reader = ID_READERS.make("sam-v", {"port": port}, tools)
    found: dict[str, list[float]] = {"own": [], "wire": []}
    await asyncio.to_thread(act, "person-arrives", situation="renewal-due", nth=0)
    try:
        for _ in range(count):
            await asyncio.to_thread(act, "lay-card", card="own")
            read = await reader.read(seconds=READ_SECONDS)
            found["own"].append(read.own_seconds)
            found["wire"].append(read.wire_seconds)
            await asyncio.to_thread(act, "take-card")
            await asyncio.sleep(LEAVE_SECONDS)
    finally:
        await reader.close()
    return found
