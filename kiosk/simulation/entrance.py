"""The zone's door in the world: its relay board on a line, its leaf and its contact in the scene."""

from __future__ import annotations

from pathlib import Path

from kiosk.simulation.door import DoorBoard
from kiosk.simulation.scene import Scene
from kiosk.simulation.wires import Wire


class Entrance:
    """What hangs on the line: the board, which tells the scene whether the magnet lets go."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._board = DoorBoard(switched=self._switched)

    async def run(self, wire: Wire) -> None:
        """Serve one plugging-in; ends with WireGone."""
        await self._board.run(wire)

    def _switched(self) -> None:
        self._scene.free_entrance(free=self._board.magnet.free)


class ContactFile:
    """The door's contact as the system shows it: a file with 1 while the door is shut, 0 while it stands open."""

    def __init__(self, scene: Scene, path: Path) -> None:
        self._scene = scene
        self._path = path
        self._written: bool | None = None
        self.write()
        self.stop = scene.listen(self.write)

    def write(self) -> None:
        """Follow the door."""
        is_open = self._scene.state.entrance_open
        if is_open != self._written:
            part = self._path.with_suffix(".part")
            part.write_text("0\n" if is_open else "1\n", "ascii")
            part.replace(self._path)
            self._written = is_open
