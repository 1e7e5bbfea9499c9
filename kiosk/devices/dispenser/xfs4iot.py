"""A dispenser of named documents behind an XFS4IoT service: each position is a storage unit that holds one document.

An identity card's chip answers a security module only: one stands at the reading place, on a line of its own. A
travel document's chip is spoken to through the service (CardReader.ChipIO).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from pydantic import Field

from kiosk.clock import Clock
from kiosk.devices.dispenser.contract import (
    AtInit,
    CardPlace,
    DispenserCapabilities,
    DispenserStatus,
    Held,
    PresentPermit,
    Stock,
    Taken,
)
from kiosk.devices.id_reader.contract import CardRead, IdReader
from kiosk.devices.making import EMPTY, NO_MEDIA, HandOutPermit, MakerCapabilities, Place
from kiosk.devices.making import Stock as MakersStock
from kiosk.devices.transport import Line
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health
from kiosk.devices.xfs4iot.carriers import CardCarrier
from kiosk.devices.xfs4iot.chips import number_of
from kiosk.devices.xfs4iot.machine import Machine, MachineSettings
from kiosk.people.travel_document import ChipKey

CARD_SECONDS = 6.0
"""For the security module to find and read a card that lies still at the reading place."""
INSIDE_READER = "insideReader"
"""The code of a unit whose reader inside does not answer: it could prove nothing, so it holds nothing out."""

_INSIDE = MakerCapabilities(retains=True, verifies=False, senses_taken=True, reads_chips=True)
_CAPABILITIES = DispenserCapabilities(retains=True, named_cards=True, reads_chips=True)
_STOCKS = {stock: Stock.OK if stock is MakersStock.HIGH else Stock(stock.value) for stock in MakersStock}


class PositionsSettings(MachineSettings):
    """`unit`: what the storage units of the positions begin with, before their number; `card_reader`: the port of the
    security module at the reading place, "" where the machine holds no identity cards."""

    unit: str = Field(default="unitP", pattern=r"^unit[0-9A-Za-z]*$")
    card_reader: str = ""
    chip_protocol: str = Field(default="chipTypeAPart4", pattern=r"^chip[A-Za-z0-9]+$")


class _Carrier(CardCarrier):
    """Nothing is printed in it."""

    @property
    def interfaces(self) -> frozenset[str]:
        """See Carrier."""
        return frozenset({"Common", "CardReader", "Storage"})


class _Path(Machine):
    """The machine's path, and its positions by their units."""

    def __init__(self, line: Callable[[str], Line], settings: PositionsSettings) -> None:
        super().__init__(line, settings, _Carrier(blanks="", bin=settings.bin), _INSIDE)
        self._positions = settings

    def _unit(self, position: int) -> str:
        return f"{self._positions.unit}{position}"

    async def fetch(self, position: int) -> None:
        """From its unit to the reading place."""
        await self._fetch(self._unit(position))

    async def count(self, position: int) -> int | None:
        """How many documents its unit says it holds."""
        return await self._count_in(self._unit(position))

    async def transmit(self, apdu: bytes) -> bytes:
        """To the chip at the reading place."""
        return await self._transmit(self._positions.chip_protocol, apdu)


class Xfs4iotDispenser:
    """See Dispenser. `reader` is the one at the reading place; None where the machine holds no identity cards."""

    def __init__(
        self,
        line: Callable[[str], Line],
        reader: IdReader | None,
        settings: PositionsSettings,
        clock: Clock,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._path = _Path(line, settings)
        self._reader = reader
        self._clock = clock
        self._random = random

    @property
    def capabilities(self) -> DispenserCapabilities:
        """Static."""
        return _CAPABILITIES

    async def init(self, card: AtInit) -> str:
        """See Dispenser.init. Such a machine presents nothing without being asked: PRESENT is UNSUPPORTED."""
        match card:
            case AtInit.LEAVE:
                _ = await self._path.where()
            case AtInit.RETAIN:
                await self._path.clear()
            case AtInit.PRESENT:
                raise DeviceFault(Completion.UNSUPPORTED)
        return ""

    async def status(self) -> DispenserStatus:
        """See Dispenser.status."""
        said = await self._path.status()
        return DispenserStatus(
            await self._judged(said.health), CardPlace(said.place.value), Stock.NOT_SUPPORTED, _STOCKS[said.bin]
        )

    async def health(self) -> Health:
        return await self._judged(await self._path.health())

    async def _judged(self, health: Health) -> Health:
        """A machine that can prove nothing is one that cannot be used."""
        if self._reader is None or health.state is not DeviceState.ONLINE or health.code:
            return health
        inside = await self._reader.health()
        if inside.state in (DeviceState.ONLINE, DeviceState.BUSY):
            return health
        return Health(inside.state, INSIDE_READER, f"the reader inside: {inside.state.value}")

    async def where(self) -> CardPlace:
        """See Dispenser.where."""
        return CardPlace((await self._path.where()).value)

    async def holds(self, position: int) -> Held:
        """See Dispenser.holds."""
        count = await self._path.count(position)
        if count is None:
            return Held.UNKNOWN
        return Held.PRESENT if count else Held.EMPTY

    async def stage(self) -> None:
        """See Dispenser.stage: there is no stack."""
        raise DeviceFault(Completion.UNSUPPORTED)

    async def fetch(self, position: int) -> None:
        """See Dispenser.fetch. A position without a document is empty, whatever the unit's count has said before."""
        try:
            await self._path.fetch(position)
        except DeviceFault as fault:
            if fault.code == NO_MEDIA and not fault.acted:
                raise DeviceFault(Completion.COMMAND_ERROR, EMPTY) from None
            raise

    async def identity_card(self) -> CardRead:
        """See Dispenser.identity_card."""
        if self._reader is None:
            raise DeviceFault(Completion.UNSUPPORTED)
        await self._something_to_read()
        return await self._reader.read(seconds=CARD_SECONDS)

    async def chip_number(self, key: ChipKey) -> str:
        """See Dispenser.chip_number."""
        await self._something_to_read()
        return await number_of(self._path.transmit, key, self._clock, self._random)

    async def _something_to_read(self) -> None:
        if await self._path.where() is not Place.TRANSPORT:
            raise DeviceFault(Completion.COMMAND_ERROR, NO_MEDIA)

    async def present(self, permit: PresentPermit) -> None:
        """See Dispenser.present."""
        await self._path.present(HandOutPermit(permit.grant))

    async def taken(self, *, seconds: float) -> Taken:
        """See Dispenser.taken."""
        return Taken((await self._path.taken(seconds=seconds)).value)

    async def retain(self) -> None:
        """See Dispenser.retain."""
        await self._path.retain()

    async def clear(self) -> None:
        """See Dispenser.clear."""
        await self._path.clear()

    async def retained(self) -> int:
        """See Dispenser.retained."""
        held = (await self._path.status()).retained
        if held is None:
            raise DeviceFault(Completion.UNSUPPORTED)
        return held

    async def close(self) -> None:
        await self._path.close()
        if self._reader is not None:
            await self._reader.close()
