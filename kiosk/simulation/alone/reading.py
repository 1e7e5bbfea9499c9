"""Frames of a known length out of a wire."""

from __future__ import annotations

from kiosk.simulation.wires import Wire


async def exactly(wire: Wire, count: int) -> bytes:
    """So many bytes. Raises WireGone."""
    data = b""
    while len(data) < count:
        data += await wire.read(count - len(data))
    return data
