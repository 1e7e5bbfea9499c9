"""The radar over the screen (HLK-LD2410): it reports by itself whether somebody stands there."""

from __future__ import annotations

import asyncio

from kiosk.simulation.scene import Scene
from kiosk.simulation.wires import Wire

REPORT_SECONDS = 0.1
STANDS_AT_CM = 80
_STILL, _NOBODY = 2, 0
_HEAD, _TAIL = bytes.fromhex("F4F3F2F1"), bytes.fromhex("F8F7F6F5")


class PresenceInScene:
    """Whoever the scene has before the machine stands still at 0.8 m."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    async def run(self, wire: Wire) -> None:
        """Serve one plugging-in; ends with WireGone."""
        while True:
            await wire.write(report(_NOBODY if self._scene.state.person is None else _STILL))
            await asyncio.sleep(REPORT_SECONDS)


def report(state: int) -> bytes:
    """One plain report: kind 02, moving and still distance in centimetres with their energies, detection distance."""
    body = bytes([2, 0xAA, state]) + bytes(3) + STANDS_AT_CM.to_bytes(2, "little") + b"\x64"
    body += STANDS_AT_CM.to_bytes(2, "little") + b"\x55\x00"
    return _HEAD + len(body).to_bytes(2, "little") + body + _TAIL
