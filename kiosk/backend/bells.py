"""Rung when headquarters tells that something waits; whoever deals with its kind hears it and asks."""

from __future__ import annotations

import asyncio
import contextlib

from kiosk.protocol.events import EventKind


class Bells:
    """One bell for each kind. Who rings does not know who listens; a ring is kept until somebody waits for it."""

    def __init__(self) -> None:
        self._rung = {kind: asyncio.Event() for kind in EventKind}

    def ring(self, kind: EventKind) -> None:
        """Something of this kind may wait."""
        self._rung[kind].set()

    async def heard(self, kind: EventKind, seconds: float) -> bool:
        """Wait until this bell has rung since the last time, at most so many seconds; whether it has."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                _ = await self._rung[kind].wait()
        rung = self._rung[kind].is_set()
        self._rung[kind].clear()
        return rung
