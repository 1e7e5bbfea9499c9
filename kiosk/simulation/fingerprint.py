"""A fingerprint sensor that speaks lines of ASCII.

CAPTURE <milliseconds>      -> FINGER <quality 0-100> <hex of 512 bytes> | ERR timeout|read-failed|busy
MATCH <hex> <hex>           -> MATCH yes|no | ERR bad-request
STATUS                      -> STATUS ok|dirty|fault
"""

from __future__ import annotations

import asyncio
import random

from kiosk.people.synthetic import TEMPLATE_BYTES, same_finger
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device, FaultKind
from kiosk.simulation.timing import Timing, draw
from kiosk.simulation.wires import Wire

_LONGEST_LINE = 8 * TEMPLATE_BYTES
_LONGEST_WAIT_SECONDS = 120.0


class Fingerprint:
    """One sensor."""

    def __init__(self, scene: Scene, timing: Timing, rng: random.Random) -> None:
        self._scene = scene
        self._timing = timing
        self._rng = rng

    async def run(self, wire: Wire) -> None:
        """Answer line by line until the wire is gone."""
        buffer = bytearray()
        while True:
            line, newline, rest = bytes(buffer).partition(b"\n")
            if not newline:
                if len(buffer) > _LONGEST_LINE:
                    buffer.clear()
                buffer += await wire.read(4096)
                continue
            buffer[:] = rest
            if not self._scene.strike(Device.FINGERPRINT, FaultKind.SILENT):
                reply = await self._answer(line.decode("ascii", "replace").strip())
                await wire.write(reply.encode() + b"\n")
            self._scene.tick(Device.FINGERPRINT)

    async def _answer(self, line: str) -> str:
        match line.split(" "):
            case ["STATUS"]:
                return f"STATUS {self._status()}"
            case ["CAPTURE", milliseconds] if milliseconds.isdigit():
                return await self._capture(min(int(milliseconds) / 1000, _LONGEST_WAIT_SECONDS))
            case ["MATCH", one, other]:
                return await self._match(one, other)
            case _:
                return "ERR bad-request"

    def _status(self) -> str:
        if self._scene.has(Device.FINGERPRINT, FaultKind.BROKEN):
            return "fault"
        return "dirty" if self._scene.has(Device.FINGERPRINT, FaultKind.DIRTY) else "ok"

    async def _capture(self, seconds: float) -> str:
        scene = self._scene
        if scene.strike(Device.FINGERPRINT, FaultKind.BUSY):
            return "ERR busy"
        if scene.has(Device.FINGERPRINT, FaultKind.BROKEN):
            return "ERR read-failed"
        try:
            async with asyncio.timeout(seconds):
                await scene.until(lambda: scene.state.finger is not None)
        except TimeoutError:
            return "ERR timeout"
        await asyncio.sleep(draw(self._rng, self._timing.touch))
        touch = scene.state.finger
        if touch is None:
            return "ERR read-failed"
        scene.state.finger = None
        scene.changed()
        if scene.strike(Device.FINGERPRINT, FaultKind.READ_FAILED):
            return "ERR read-failed"
        features = scene.people.people[touch.person].touch(touch.finger, touch.nonce)
        quality = self._rng.randrange(70, 96)
        if scene.has(Device.FINGERPRINT, FaultKind.DIRTY):
            features, quality = self._rng.randbytes(TEMPLATE_BYTES), 20
        return f"FINGER {quality} {features.hex()}"

    async def _match(self, one: str, other: str) -> str:
        try:
            live, reference = bytes.fromhex(one), bytes.fromhex(other)
        except ValueError:
            return "ERR bad-request"
        if len(live) != TEMPLATE_BYTES or len(reference) != TEMPLATE_BYTES:
            return "ERR bad-request"
        await asyncio.sleep(draw(self._rng, self._timing.match))
        return "MATCH yes" if same_finger(live, reference) else "MATCH no"
