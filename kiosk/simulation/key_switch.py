"""Contacts on input boards: the key switch of the cabinet, a line for each position, and the help button."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.simulation.input_board import InputBoard
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import HelpHeld, KeyTurned
from kiosk.simulation.wires import Wire

_LINES = {KeyTurned.RUN: 3, KeyTurned.MAINTENANCE: 4, KeyTurned.SUPERVISOR: 5}
"""As docs/devices/key-switch.md has them."""


_HELP = {HelpHeld.RELEASED: 1, HelpHeld.PRESSED: 2}
"""As docs/devices/help-button.md has them: a change-over contact."""


def key_in(scene: Scene) -> ContactInScene:
    """The board reports where the key stands, and follows it."""
    return ContactInScene(scene, lambda: 1 << (_LINES[scene.state.key] - 1))


def help_in(scene: Scene) -> ContactInScene:
    """The board reports how the button stands, and follows it."""
    return ContactInScene(scene, lambda: 1 << (_HELP[scene.state.help] - 1))


class ContactInScene:
    """One board. `closed` tells which of its lines are closed now, as bits."""

    def __init__(self, scene: Scene, closed: Callable[[], int]) -> None:
        self._scene = scene
        self._closed = closed
        self._board = InputBoard(closed())

    async def run(self, wire: Wire) -> None:
        """Serve one plugging-in; ends with WireGone."""
        stop = self._scene.listen(self._turned)
        try:
            self._turned()
            await self._board.run(wire)
        finally:
            stop()

    def _turned(self) -> None:
        wanted = self._closed()
        if self._board.lines != wanted:
            self._board.set(wanted, self._board.lines & ~wanted)
