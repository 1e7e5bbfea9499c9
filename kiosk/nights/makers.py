"""Machines behind a service on the terminal's own loop: each behind lines in memory. They outlive every terminal."""

from __future__ import annotations

import asyncio

from kiosk.devices.lines import MemoryLine, MemoryTransport
from kiosk.devices.transport import Transport, TransportLost
from kiosk.simulation.makers import Maker
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device
from kiosk.simulation.wires import WireGone
from kiosk.simulation.xfs4iot import SERVICE, Service

WRITER_URL = f"ws://127.0.0.1:5846{SERVICE}"
PLATES = "127.0.0.1:5847"
PLATES_URL = f"ws://{PLATES}{SERVICE}"
DOCUMENTS = "127.0.0.1:5848"
DOCUMENTS_URL = f"ws://{DOCUMENTS}{SERVICE}"


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


class MakerHouse:
    """One machine of a world, the service in front of it, and the line to it."""

    def __init__(self, scene: Scene, device: Device, maker: Maker) -> None:
        self._scene, self._device, self._maker = scene, device, maker
        self.service = Service(maker, die=self._die)
        self.line = MemoryLine(device.value, self._answer)
        self.line.plug()
        self._serving: set[asyncio.Task[None]] = set()
        _ = scene.listen(self._plugged)

    def _plugged(self) -> None:
        if self._scene.plugged(self._device):
            self.line.plug()
        else:
            self.line.unplug()

    def _die(self) -> None:
        """The service process ends and is started again; the machine stands as it stood."""
        self.line.unplug()
        gone, self.service = self.service, Service(self._maker, die=self._die)
        self._keep(asyncio.get_running_loop().create_task(gone.stop()))
        self.line.plug()

    def _answer(self, far: Transport) -> None:
        self._keep(asyncio.get_running_loop().create_task(self.service.serve(FarEnd(far))))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
