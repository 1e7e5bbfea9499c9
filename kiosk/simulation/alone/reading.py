"""Frames of a known length out of a wire."""

from __future__ import annotations

import asyncio

from kiosk.simulation.wires import Wire

FRAME_GAP_SECONDS = 0.3
"""A frame that stays unfinished for so long is given up by the device."""


async def exactly(wire: Wire, count: int) -> bytes:
    """So many bytes. Raises WireGone."""
    data = b""
    while len(data) < count:
        data += await wire.read(count - len(data))
    return data


async def in_time(wire: Wire, count: int) -> bytes | None:
    """The rest of a frame, or None when it does not come. Raises WireGone."""
    try:
        async with asyncio.timeout(FRAME_GAP_SECONDS):
            return await exactly(wire, count)
    except TimeoutError:
        return None
