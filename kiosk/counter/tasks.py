"""Ending what runs beside a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from kiosk.devices.id_reader.contract import CardRead, IdReader


class Laying:
    """Somebody may lay a card down while other things are waited for; in an event loop.

    A card that was found is read to its end, which the reader's own deadlines bound: given up half read, it would not
    be found again before somebody lifts it, and nobody would know why.
    """

    def __init__(self, reader: IdReader, seconds: float) -> None:
        self._reader, self._seconds = reader, seconds
        self._found = asyncio.Event()
        self._reading: asyncio.Future[CardRead] | None = None

    @property
    def found(self) -> bool:
        """Whether a card lies there."""
        return self._found.is_set()

    async def or_change(self, change: Awaitable[None]) -> CardRead | None:
        """The card, or None when something changed before one was found; then it is over. Raises DeviceFault."""
        reading, changing = self._begun(), asyncio.ensure_future(change)
        try:
            _ = await asyncio.wait({reading, changing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end(changing)
        if self.found or reading.done():
            return await self.card()
        await self.end()
        return None

    async def card(self) -> CardRead:
        """The card, read to its end. Raises DeviceFault."""
        reading = self._begun()
        _ = await asyncio.wait({reading})
        return reading.result()

    async def end(self) -> None:
        """Nobody waits for it any more."""
        if self._reading is not None:
            await end(self._reading)

    def _begun(self) -> asyncio.Future[CardRead]:
        if self._reading is None:
            read = self._reader.read(seconds=self._seconds, card_seen=self._found.set)
            self._reading = asyncio.ensure_future(read)
        return self._reading


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
