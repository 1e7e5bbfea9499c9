"""Keeps a simulator running on its port, through every unplugging."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Protocol

from kiosk.simulation.entrance import Entrance
from kiosk.simulation.exam_scene import BoothInScene
from kiosk.simulation.fingerprint import Fingerprint
from kiosk.simulation.id_reader import Field, IdReader
from kiosk.simulation.key_switch import help_in, key_in
from kiosk.simulation.locker import Locker
from kiosk.simulation.presence import PresenceInScene
from kiosk.simulation.receipt_printer import PaperSink, ReceiptPrinter
from kiosk.simulation.scanner import Scanner
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device
from kiosk.simulation.timing import Timing
from kiosk.simulation.ups import Supply
from kiosk.simulation.wires import DeviceWire, Port, Wire, WireGone

SERIAL = (
    Device.ID_READER,
    Device.INSIDE_READER,
    Device.LOCKER,
    Device.RECEIPT_PRINTER,
    Device.FINGERPRINT,
    Device.EXAM_BOOTH,
    Device.DOOR,
    Device.SCANNER,
    Device.KEY_SWITCH,
    Device.HELP_BUTTON,
    Device.PRESENCE,
)
RESTLESS = (Device.KEY_SWITCH, Device.HELP_BUTTON, Device.PRESENCE)
"""Input boards and the radar report ten times a second, asked or not."""
WIRED = (*(device for device in SERIAL if device not in RESTLESS), Device.UPS)
"""Those behind a line of bytes, whatever carries it, that speak when spoken to: a night in which something happens
ten times a second is a long one."""
BYTES_PER_SECOND = {
    Device.ID_READER: 11_520.0,
    Device.INSIDE_READER: 11_520.0,
    Device.LOCKER: 960.0,
    Device.RECEIPT_PRINTER: 11_520.0,
    Device.FINGERPRINT: 11_520.0,
    Device.EXAM_BOOTH: 11_520.0,
    Device.SCANNER: 960.0,
    Device.KEY_SWITCH: 960.0,
    Device.HELP_BUTTON: 960.0,
    Device.PRESENCE: 25_600.0,
    Device.UPS: 0.0,
    Device.DOOR: 960.0,
}


class Simulator(Protocol):
    """A device behind a line."""

    async def run(self, wire: Wire) -> None:
        """Serve one plugging-in; ends with WireGone."""
        ...


@dataclass(frozen=True, slots=True)
class Plug:
    """One serial device: its simulator and the port it is plugged into."""

    scene: Scene
    device: Device
    simulator: Simulator
    port: Port

    async def run(self) -> None:
        """For ever. The port is pulled in the very moment the world says so."""
        stop_listening = self.scene.listen(self._pull)
        try:
            while True:
                await self.scene.until(lambda: self.scene.plugged(self.device))
                wire = DeviceWire(self.port.plug(), self.scene, self.device, BYTES_PER_SECOND[self.device])
                try:
                    await self.simulator.run(wire)
                except WireGone:
                    continue
        finally:
            stop_listening()
            self.port.unplug()

    def _pull(self) -> None:
        if not self.scene.plugged(self.device):
            self.port.unplug()


def simulator(device: Device, scene: Scene, timing: Timing, papers: PaperSink) -> Simulator:
    """The simulator of a serial device, with a generator of its own. Raises ValueError for other devices."""
    rng = random.Random(f"{scene.state.seed} {device.value}")
    match device:
        case Device.ID_READER:
            return IdReader(scene, timing, rng)
        case Device.INSIDE_READER:
            return IdReader(scene, timing, rng, Field.INSIDE)
        case Device.LOCKER:
            return Locker(scene, timing, rng)
        case Device.RECEIPT_PRINTER:
            return ReceiptPrinter(scene, timing, rng, papers)
        case Device.FINGERPRINT:
            return Fingerprint(scene, timing, rng)
        case Device.EXAM_BOOTH:
            return BoothInScene(scene)
        case Device.SCANNER:
            return Scanner(scene)
        case Device.KEY_SWITCH:
            return key_in(scene)
        case Device.HELP_BUTTON:
            return help_in(scene)
        case Device.PRESENCE:
            return PresenceInScene(scene)
        case Device.UPS:
            return Supply(scene)
        case Device.DOOR:
            return Entrance(scene)
        case (
            Device.CAMERA
            | Device.PAGE_PRINTER
            | Device.PLATE_PRINTER
            | Device.DISPENSER
            | Device.ENDORSEMENT_WRITER
            | Device.HEADQUARTERS
        ):
            raise ValueError("not a serial device")
