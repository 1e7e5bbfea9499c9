"""An endorsement writer behind an XFS4IoT service."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from pydantic import Field

from kiosk.clock import Clock
from kiosk.devices.endorsement_writer.contract import CardIn, Endorsements
from kiosk.devices.making import Face, MakerCapabilities, Verdict
from kiosk.devices.transport import Line
from kiosk.devices.words import DeviceFault
from kiosk.devices.xfs4iot.carriers import CardCarrier
from kiosk.devices.xfs4iot.chips import number_of
from kiosk.devices.xfs4iot.machine import Machine, MachineSettings
from kiosk.devices.xfs4iot.messages import Message
from kiosk.people.travel_document import ChipKey

_CAPABILITIES = MakerCapabilities(retains=True, verifies=True, senses_taken=True, reads_chips=True)


class WriterSettings(MachineSettings):
    """Forms as the service knows them: `form` for writing and reading the back, `erase_form` for wiping it."""

    form: str = "endorsements"
    erase_form: str = "endorsementsErase"
    media: str = "exitEntryPass"
    print_seconds: float = Field(default=40.0, gt=0, le=600)
    """Wiping takes so long at most, and writing: the pass's owner stands before the machine."""
    chip_protocol: str = Field(default="chipTypeAPart4", pattern=r"^chip[A-Za-z0-9]+$")


class Xfs4iotEndorsementWriter(Machine):
    """See EndorsementWriter."""

    def __init__(
        self,
        line: Callable[[str], Line],
        settings: WriterSettings,
        clock: Clock,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        super().__init__(line, settings, CardCarrier(blanks="", bin=settings.bin), _CAPABILITIES)
        self._writer = settings
        self._clock = clock
        self._random = random

    async def take_in(self, *, seconds: float, refused: Callable[[], None]) -> CardIn:
        """See EndorsementWriter."""

        def told(event: Message) -> None:
            if event.name == "CardReader.InvalidMediaEvent":
                refused()

        return CardIn(await self._insert(seconds, told))

    async def transmit(self, apdu: bytes) -> bytes:
        """See EndorsementWriter."""
        return await self._transmit(self._writer.chip_protocol, apdu)

    async def chip_number(self, key: ChipKey) -> str:
        """See EndorsementWriter."""
        return await number_of(self.transmit, key, self._clock, self._random)

    async def write(self, endorsements: Endorsements) -> None:
        """See EndorsementWriter."""
        await self._print(self._writer.erase_form, self._writer.media, Face({}))
        try:
            await self._print(self._writer.form, self._writer.media, endorsements.face())
        except DeviceFault as fault:
            # The back is empty by now, whatever the second half says of itself.
            raise DeviceFault(fault.completion, fault.code, acted=True) from None

    async def verify(self, endorsements: Endorsements) -> Verdict:
        """See EndorsementWriter."""
        return await self._verify(self._writer.form, self._writer.media, endorsements.face())
