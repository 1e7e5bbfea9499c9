"""A code scanner that looks by itself: what is held under it comes as text and a carriage return."""

from __future__ import annotations

from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device
from kiosk.simulation.wires import Wire


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
            await wire.write(f"{shown}\r".encode())
