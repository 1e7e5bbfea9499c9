"""The key switch of the cabinet: one line of an input board for each position of the key."""

from __future__ import annotations

from kiosk.simulation.input_board import InputBoard
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import KeyTurned
from kiosk.simulation.wires import Wire

_LINES = {KeyTurned.RUN: 3, KeyTurned.MAINTENANCE: 4, KeyTurned.SUPERVISOR: 5}
"""As docs/devices/key-switch.md has them."""


def _bit(key: KeyTurned) -> int:
    return 1 << (_LINES[key] - 1)


class KeyInScene:
    """The board reports where the key stands, and follows it."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._board = InputBoard(_bit(scene.state.key))

    async def run(self, wire: Wire) -> None:
        """Serve one plugging-in; ends with WireGone."""
        stop = self._scene.listen(self._turned)
        try:
            self._turned()
            await self._board.run(wire)
        finally:
            stop()

    def _turned(self) -> None:
        wanted = _bit(self._scene.state.key)
        if self._board.lines != wanted:
            self._board.set(wanted, self._board.lines & ~wanted)
