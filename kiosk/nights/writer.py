"""The endorsement writer on the terminal's own loop: its service behind lines in memory."""

from __future__ import annotations

import asyncio

from kiosk.devices.lines import MemoryLine, MemoryTransport
from kiosk.devices.transport import Transport, TransportLost
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device
from kiosk.simulation.wires import WireGone
from kiosk.simulation.xfs4iot import SERVICE, Service

WRITER_URL = f"ws://127.0.0.1:5846{SERVICE}"


class FarEnd:
    """A memory line's far end as the simulator's wire."""

    def __init__(self, far: Transport) -> None:
        self._far = far

    async def read(self, most: int) -> bytes:
        """Raises WireGone."""
        try:
            return await self._far.read(most)
        except TransportLost:
            raise WireGone from None

    async def write(self, data: bytes) -> None:
        """Raises WireGone."""
        try:
            await self._far.write(data)
        except TransportLost:
            raise WireGone from None

    def cut(self) -> None:
        """As a cable that is pulled."""
        if isinstance(self._far, MemoryTransport):
            self._far.cut()


class WriterHouse:
    """The machine of a world, the service in front of it, and the line to it. It outlives every terminal."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.service = Service(scene.passes.maker, die=self._die)
        self.line = MemoryLine("endorsement-writer", self._answer)
        self.line.plug()
        self._serving: set[asyncio.Task[None]] = set()
        _ = scene.listen(self._plugged)

    def _plugged(self) -> None:
        if self._scene.plugged(Device.ENDORSEMENT_WRITER):
            self.line.plug()
        else:
            self.line.unplug()

    def _die(self) -> None:
        """The service process ends and is started again; the machine stands as it stood."""
        self.line.unplug()
        gone, self.service = self.service, Service(self._scene.passes.maker, die=self._die)
        self._keep(asyncio.get_running_loop().create_task(gone.stop()))
        self.line.plug()

    def _answer(self, far: Transport) -> None:
        self._keep(asyncio.get_running_loop().create_task(self.service.serve(FarEnd(far))))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
