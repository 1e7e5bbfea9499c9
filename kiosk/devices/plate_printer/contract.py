"""What a printer of temporary plates can do: numbered sheets, print, a retract bin (XFS4IoT Printer, Storage)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from kiosk.devices.making import Face, HandsOut, Verdict


@dataclass(frozen=True, slots=True)
class Plate:
    """A temporary plate as printed (GA 36; order 164 art. 46 to 48), front and back."""

    number: str = field(repr=False)
    vehicle_type: str = field(repr=False)
    model: str = field(repr=False)
    vin: str = field(repr=False)
    engine: str = field(repr=False)
    owner: str = field(repr=False)
    area: str = field(repr=False)
    valid_to: str = field(repr=False)
    authority: str = field(repr=False)
    issued_on: str = field(repr=False)

    def face(self) -> Face:
        """By the form's fields."""
        texts = {
            "number": self.number,
            "vehicleType": self.vehicle_type,
            "model": self.model,
            "vin": self.vin,
            "engine": self.engine,
            "owner": self.owner,
            "area": self.area,
            "validTo": self.valid_to,
            "authority": self.authority,
            "issuedOn": self.issued_on,
        }
        return Face(texts)


class PlatePrinter(HandsOut, Protocol):
    """A sheet is taken from the source by being printed, and stays inside until it is presented."""

    async def write(self, plate: Plate) -> None:
        """Print one and keep it inside. Raises empty, occupied, inkOut. What is not `SAME` afterwards is retained."""
        ...

    async def verify(self, plate: Plate) -> Verdict:
        """Read it back and compare; a picture cannot be compared."""
        ...
