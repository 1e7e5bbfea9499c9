"""The same world on one event loop, without processes, threads, sockets or files: for the virtual clock.

Everything random comes from the seed, every wait is the loop's: equal seeds and equal commands give equal bytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from datetime import date
from typing import Any

from kiosk.simulation.camera import Camera
from kiosk.simulation.commands import Commands
from kiosk.simulation.faces import frame_jpeg
from kiosk.simulation.memory import MemoryPort
from kiosk.simulation.page_printer import MemorySpool, PagePrinter
from kiosk.simulation.papers import MemoryPapers
from kiosk.simulation.plugs import WIRED, Plug, simulator
from kiosk.simulation.scene import Impossible, Scene
from kiosk.simulation.state import Board, Device, FaultKind, MemoryStore, Network, Store, WorldState
from kiosk.simulation.timing import Timing


class VirtualWorld:
    """Commands as `call(do, **arguments)`, devices as memory lines.

    `store` may be kept and given to the next VirtualWorld: that is a world that was killed and came back.
    """

    def __init__(
        self,
        seed: int,
        as_of: date,
        *,
        boards: tuple[Board, ...] = (Board(),),
        timing: Timing | None = None,
        store: Store | None = None,
    ) -> None:
        kept = store or MemoryStore()
        state = kept.load() or WorldState(seed=seed, as_of=as_of, boards=list(boards))
        self.scene = Scene(state, kept)
        self.papers = MemoryPapers(self.scene)
        self._commands = Commands(self.scene)
        self._camera = Camera(self.scene)
        durations = timing or Timing()
        self._ports = {device: MemoryPort(device.value) for device in WIRED}
        self._plugs = [
            Plug(self.scene, device, simulator(device, self.scene, durations, self.papers), self._ports[device])
            for device in WIRED
        ]
        rng = random.Random(f"{state.seed} page-printer")
        self._printer = PagePrinter(self.scene, durations, rng, self.papers, MemorySpool())
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Run every simulator on the running loop; returns when all that are plugged in can be opened."""
        self._tasks = [
            *(asyncio.create_task(plug.run(), name=f"simulated {plug.device.value}") for plug in self._plugs),
            asyncio.create_task(self._printer.run(), name="simulated page-printer"),
        ]
        for device, port in self._ports.items():
            while self.scene.plugged(device) and not port.plugged:
                await asyncio.sleep(0)

    async def close(self) -> None:
        """Stop every simulator; a simulator that failed fails here."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    def call(self, do: str, **arguments: Any) -> dict[str, Any]:
        """One command, as on the socket. Raises Impossible."""
        return self._commands.call(do, arguments)

    def line(self, device: Device) -> MemoryPort:
        """The line of a serial device: a kiosk.devices.transport.Line."""
        return self._ports[device]

    def frame(self) -> bytes:
        """The camera's next frame as JPEG. Raises Impossible when it is unplugged."""
        if not self.scene.plugged(Device.CAMERA):
            raise Impossible("the camera is unplugged")
        return frame_jpeg(self._camera.next_view())

    def ipp(self, request: bytes) -> bytes:
        """The page printer's answer to one IPP request. Raises Impossible when it cannot be reached or hangs up."""
        if not self.scene.plugged(Device.PAGE_PRINTER):
            raise Impossible("the page printer is unplugged")
        if self.scene.strike(Device.PAGE_PRINTER, FaultKind.SILENT):
            raise Impossible("the page printer does not answer")
        reply = self._printer.answer(request)
        if self.scene.strike(Device.PAGE_PRINTER, FaultKind.DROP_ANSWER):
            raise Impossible("the page printer hung up")
        return reply

    def ipp_now(self, request: bytes) -> bytes:
        """The page printer's answer to one IPP request that reached it, without its faults of the line."""
        return self._printer.answer(request)

    @property
    def network(self) -> Network:
        """What the wire to headquarters does now; who carries requests by hand asks before and after each."""
        return self.scene.state.network if self.scene.plugged(Device.HEADQUARTERS) else Network.DOWN
