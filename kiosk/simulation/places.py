"""Where the world keeps its things inside a state directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kiosk.simulation.state import Device


@dataclass(frozen=True, slots=True)
class Places:
    """All paths, from the state directory on."""

    root: Path

    @property
    def world(self) -> Path:
        """The world's own directory."""
        return self.root / "world"

    @property
    def socket(self) -> Path:
        """JSON lines are spoken here."""
        return self.world / "world.sock"

    @property
    def state(self) -> Path:
        """The world as it is."""
        return self.world / "world.json"

    @property
    def lock(self) -> Path:
        """Held by the one world of this directory."""
        return self.world / "lock"

    @property
    def ports(self) -> Path:
        """Which device is where."""
        return self.world / "ports.json"

    @property
    def clock(self) -> Path:
        """{"offset_seconds": ...}: how far the terminal's clock is off; absent when it is right."""
        return self.world / "clock.json"

    @property
    def door_contact(self) -> Path:
        """What the contact of the zone's door says."""
        return self.world / "door-contact"

    @property
    def papers(self) -> Path:
        """Finished papers."""
        return self.world / "papers"

    @property
    def spool(self) -> Path:
        """Documents the page printer has not printed yet."""
        return self.world / "spool"

    @property
    def log(self) -> Path:
        """What a world in the background says on stderr."""
        return self.world / "world.log"

    @property
    def certificate(self) -> Path:
        """A certificate nobody signed."""
        return self.world / "unsigned.pem"

    @property
    def population(self) -> Path:
        """The key of the people, shared with the sandbox of headquarters; written by whoever comes first."""
        return self.root / "population.json"

    @property
    def terminal_lock(self) -> Path:
        """Held by a running terminal."""
        return self.root / "terminal" / "lock"

    def device(self, device: Device) -> Path:
        """The stable name of a serial device's port."""
        return self.world / "dev" / device.value
