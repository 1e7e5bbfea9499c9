"""A licence printer behind an XFS4IoT service."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import Field

from kiosk.devices.licence_printer.contract import Licence
from kiosk.devices.making import MakerCapabilities, Verdict
from kiosk.devices.transport import Line
from kiosk.devices.xfs4iot.carriers import CardCarrier
from kiosk.devices.xfs4iot.machine import Machine, MachineSettings

_CAPABILITIES = MakerCapabilities(retains=True, verifies=True, senses_taken=True, reads_chips=False)


class LicencePrinterSettings(MachineSettings):
    """`blanks`: the unit of the blanks; `form` and `media` as the service knows them."""

    blanks: str = Field(default="unit1", pattern=r"^unit[0-9A-Za-z]+$")
    form: str = "drivingLicence"
    media: str = "licenceBlank"


class Xfs4iotLicencePrinter(Machine):
    """See LicencePrinter."""

    def __init__(self, line: Callable[[str], Line], settings: LicencePrinterSettings) -> None:
        super().__init__(line, settings, CardCarrier(blanks=settings.blanks, bin=settings.bin), _CAPABILITIES)
        self._maker = settings

    async def stage(self) -> None:
        """See MakesItems."""
        await self._stage()

    async def write(self, licence: Licence) -> None:
        """See LicencePrinter."""
        await self._print(self._maker.form, self._maker.media, licence.face())

    async def verify(self, licence: Licence) -> Verdict:
        """See LicencePrinter."""
        return await self._verify(self._maker.form, self._maker.media, licence.face())
