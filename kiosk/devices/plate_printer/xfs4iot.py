"""A printer of temporary plates behind an XFS4IoT service."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import Field

from kiosk.devices.making import MakerCapabilities, Verdict
from kiosk.devices.plate_printer.contract import Plate
from kiosk.devices.transport import Line
from kiosk.devices.xfs4iot.carriers import SheetCarrier
from kiosk.devices.xfs4iot.machine import Machine, MachineSettings

_CAPABILITIES = MakerCapabilities(retains=True, verifies=True, senses_taken=True, reads_chips=False)


class PlatePrinterSettings(MachineSettings):
    """`source`: the paper source of the blanks; `form` and `media` as the service knows them."""

    source: str = Field(default="upper", pattern=r"^[a-zA-Z][a-zA-Z0-9]*$")
    form: str = "temporaryPlate"
    media: str = "temporaryPlateSheet"


class Xfs4iotPlatePrinter(Machine):
    """See PlatePrinter."""

    def __init__(self, line: Callable[[str], Line], settings: PlatePrinterSettings) -> None:
        super().__init__(line, settings, SheetCarrier(source=settings.source, bin=settings.bin), _CAPABILITIES)
        self._maker = settings

    async def write(self, plate: Plate) -> None:
        """See PlatePrinter."""
        await self._print(self._maker.form, self._maker.media, plate.face(), self._maker.source)

    async def verify(self, plate: Plate) -> Verdict:
        """See PlatePrinter."""
        return await self._verify(self._maker.form, self._maker.media, plate.face())
