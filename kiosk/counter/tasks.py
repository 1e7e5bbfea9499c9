"""Ending what runs beside a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from kiosk.devices.id_reader.contract import CardRead, IdReader


async def card_or_change(reader: IdReader, seconds: float, change: Awaitable[None]) -> CardRead | None:
    """The card that is laid down, or None when something changed first. Raises DeviceFault.

    A card that was found is read to its end, which the reader's own deadlines bound: given up half read, it would not
    be found again before somebody lifts it, and nobody would know why.
    """
    found = asyncio.Event()
    reading = asyncio.ensure_future(reader.read(seconds=seconds, card_seen=found.set))
    changing = asyncio.ensure_future(change)
    try:
        _ = await asyncio.wait({reading, changing}, return_when=asyncio.FIRST_COMPLETED)
        if found.is_set():
            _ = await asyncio.wait({reading})
        return reading.result() if reading.done() else None
    finally:
        await end(reading, changing)


async def end(*tasks: asyncio.Future[Any]) -> None:
    """Cancel these and wait until they have ended; how they ended is nobody's business any more.

    Awaiting a cancelled task and passing over its CancelledError would also pass over the caller's own: whoever
    switches the terminal off in that moment would wait for ever.
    """
    for task in tasks:
        task.cancel()
    _ = await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            _ = task.exception()
