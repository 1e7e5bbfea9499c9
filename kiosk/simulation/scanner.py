"""A code scanner that looks by itself: what is held under it comes as text and a carriage return."""

from __future__ import annotations

from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device, FaultKind
from kiosk.simulation.wires import Wire

UNREADABLE = b"\xff\xfe\x00\xd8\r"
"""What is no text in UTF-8."""
ANOTHER_CODE = "6901234567892"
"""An article number (EAN-13) such as stands on a wrapping."""


class Scanner:
    """Reads what the scene's visitor shows, once."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    async def run(self, wire: Wire) -> None:
        """See Simulator."""
        scene = self._scene
        while True:
            await scene.until(lambda: scene.state.code != "" or not scene.plugged(Device.SCANNER))
            shown, scene.state.code = scene.state.code, ""
            if scene.strike(Device.SCANNER, FaultKind.SILENT):
                continue
            if scene.strike(Device.SCANNER, FaultKind.UNREADABLE):
                await wire.write(UNREADABLE)
                continue
            if scene.strike(Device.SCANNER, FaultKind.WRONG_CODE):
                shown = ANOTHER_CODE
            await wire.write(f"{shown}\r".encode())
