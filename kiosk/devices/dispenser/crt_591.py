"""The conversation with a dispenser of the CRT-591/571 family (also LinTech F3, which speaks the same)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

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
from kiosk.devices.dispenser.frames import Command, Reply
from kiosk.devices.dispenser.handshake import Handshake, Refused, Silence
from kiosk.devices.dispenser.meanings import (
    EMPTY,
    NO_MEDIA,
    OCCUPIED,
    RETAIN_BIN_FULL,
    UNVERIFIED,
    ErrorClass,
    Meaning,
    bin_state,
    card_place,
    meaning,
    stacker,
)
from kiosk.devices.id_reader.contract import CardRead
from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health
from kiosk.people.travel_document import ChipKey

log = logging.getLogger(__name__)

RATES = (115200, 9600, 38400, 19200, 57600)
"""In the order they are tried."""

TAKEN_POLL_SECONDS = 0.3
"""Between two looks at the gate while a card waits there."""
GONE_LOOKS = 2
"""A card counts as gone when so many looks in a row do not see it: a hand on it makes the sensor flicker."""

_CAPABILITIES = DispenserCapabilities(retains=True, named_cards=False, reads_chips=False)

_NO_TROUBLE = Meaning(ErrorClass.RETRY, Completion.HARDWARE_ERROR, "", "", False)
_INITS = {
    AtInit.LEAVE: Command.INIT_LEAVE,
    AtInit.PRESENT: Command.INIT_PRESENT,
    AtInit.RETAIN: Command.INIT_RETAIN,
}


class Crt591Settings(BaseModel):
    """`port`: path or tcp://host:port. `baud`: None finds it. `address`: the unit's DIP switches."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str
    baud: int | None = None
    address: int = Field(default=0, ge=0, le=15)

    @property
    def rates(self) -> tuple[int, ...]:
        """The rates to try."""
        return RATES if self.baud is None else (self.baud,)


class Crt591:
    """A Dispenser. Every movement is looked at afterwards; what the sensors do not show has not happened."""

    def __init__(self, lines: Sequence[Line], settings: Crt591Settings) -> None:
        self._wire = Handshake(lines, settings.address)
        self._lock = asyncio.Lock()
        self._found_at = 0
        self._needs_init = False
        self._inits = 0
        self._at_gate = False
        self._used: set[str] = set()
        self._trouble = _NO_TROUBLE
        self._status = DispenserStatus(Health(DeviceState.STARTING), CardPlace.UNKNOWN, Stock.UNKNOWN, Stock.UNKNOWN)

    @property
    def capabilities(self) -> DispenserCapabilities:
        """Static."""
        return _CAPABILITIES

    # -- what the terminal asks ------------------------------------------------------------------

    async def init(self, card: AtInit) -> str:
        """See Dispenser.init."""
        async with self._lock:
            await self._ready()
            if card is AtInit.RETAIN:
                await self._room_in_bin()
            self._at_gate = False
            reply = await self._order(_INITS[card])
            self._needs_init = False
            self._trouble = _NO_TROUBLE
            self._at_gate = card_place(reply.states) is CardPlace.EXIT
            return reply.data.decode("ascii", "replace").strip("\x00 ")

    async def status(self) -> DispenserStatus:
        """See Dispenser.status. While another command runs, what was last seen."""
        if self._lock.locked():
            return self._status
        async with self._lock:
            try:
                await self._ready()
                return await self._survey()
            except DeviceFault:
                return self._status

    async def health(self) -> Health:
        return (await self.status()).health

    async def where(self) -> CardPlace:
        """See Dispenser.where."""
        async with self._lock:
            await self._ready()
            return card_place((await self._look()).states)

    async def holds(self, position: int) -> Held:
        """See Dispenser.holds: a stack has no positions."""
        del position
        return Held.UNKNOWN

    async def fetch(self, position: int) -> None:
        """See Dispenser.fetch: a unit of this kind hands out the next card of its stack, whosever it is."""
        del position
        raise DeviceFault(Completion.UNSUPPORTED)

    async def identity_card(self) -> CardRead:
        """See Dispenser.identity_card."""
        raise DeviceFault(Completion.UNSUPPORTED)

    async def chip_number(self, key: ChipKey) -> str:
        """See Dispenser.chip_number."""
        del key
        raise DeviceFault(Completion.UNSUPPORTED)

    async def stage(self) -> None:
        """See Dispenser.stage."""
        async with self._lock:
            await self._ready()
            before = await self._look()
            match card_place(before.states):
                case CardPlace.NONE:
                    pass
                case CardPlace.UNKNOWN:
                    raise DeviceFault(Completion.COMMAND_ERROR, UNVERIFIED)
                case CardPlace.EXIT | CardPlace.TRANSPORT | CardPlace.JAMMED:
                    raise DeviceFault(Completion.COMMAND_ERROR, OCCUPIED)
            if stacker(before.states) is Stock.EMPTY:
                raise DeviceFault(Completion.COMMAND_ERROR, EMPTY)
            await self._order(Command.TO_READER)
            await self._seen_at(CardPlace.TRANSPORT)

    async def present(self, permit: PresentPermit) -> None:
        """See Dispenser.present."""
        async with self._lock:
            if permit.grant in self._used:
                raise DeviceFault(Completion.AUTHORISATION_REQUIRED)
            await self._ready()
            match card_place((await self._look()).states):
                case CardPlace.NONE:
                    raise DeviceFault(Completion.COMMAND_ERROR, NO_MEDIA)
                case CardPlace.UNKNOWN:
                    raise DeviceFault(Completion.COMMAND_ERROR, UNVERIFIED)
                case CardPlace.EXIT | CardPlace.TRANSPORT | CardPlace.JAMMED:
                    pass
            # From here on the card may come out, whatever happens next.
            self._used.add(permit.grant)
            reply = await self._order(Command.TO_GATE)
            if card_place(reply.states) is CardPlace.EXIT:
                # The sensors say so in the reply itself: a quick hand may have it before one could look again.
                self._at_gate = True
                return
            await self._seen_at(CardPlace.EXIT)
            self._at_gate = True

    async def taken(self, *, seconds: float) -> Taken:
        """See Dispenser.taken. Raises SEQUENCE_ERROR when no card was presented.

        A unit that lost its power meanwhile cannot say who has the card: UNKNOWN.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        if not self._at_gate:
            raise DeviceFault(Completion.SEQUENCE_ERROR)
        inits, gone, place = self._inits, 0, CardPlace.UNKNOWN
        while True:
            place = await self._place_at_gate()
            if self._inits != inits:
                self._at_gate = False
                return Taken.UNKNOWN
            gone = gone + 1 if place is CardPlace.NONE else 0
            if gone == GONE_LOOKS:
                self._at_gate = False
                return Taken.TAKEN
            if loop.time() >= until and not gone:
                return Taken.LEFT if place is CardPlace.EXIT else Taken.UNKNOWN
            await asyncio.sleep(TAKEN_POLL_SECONDS)

    async def retain(self) -> None:
        """See Dispenser.retain. The bin's counter must have gone up, where the unit counts."""
        async with self._lock:
            await self._ready()
            if card_place((await self._room_in_bin()).states) is CardPlace.NONE:
                raise DeviceFault(Completion.COMMAND_ERROR, NO_MEDIA)
            before = await self._count()
            self._at_gate = False
            await self._order(Command.TO_BIN)
            await self._seen_at(CardPlace.NONE)
            after = await self._count()
            if before is not None and after != before + 1:
                log.warning("dispenser: a card left the unit and the bin did not count it")
                raise DeviceFault(Completion.COMMAND_ERROR, UNVERIFIED, acted=True)

    async def clear(self) -> None:
        """See Dispenser.clear."""
        _ = await self.init(AtInit.RETAIN)

    async def retained(self) -> int:
        """See Dispenser.retained. Raises UNSUPPORTED where the unit does not count."""
        async with self._lock:
            await self._ready()
            count = await self._count()
        if count is None:
            raise DeviceFault(Completion.UNSUPPORTED)
        return count

    async def serial(self) -> str:
        """The unit's serial number: a length byte and so many characters."""
        data = await self._told(Command.SERIAL)
        return data[1 : 1 + data[0]].decode("ascii", "replace") if data else ""

    async def version(self) -> str:
        """The firmware's version."""
        return (await self._told(Command.VERSION)).decode("ascii", "replace").strip("\x00 ")

    async def close(self) -> None:
        await self._wire.close()

    # -- looking -------------------------------------------------------------------------------------

    async def _told(self, command: Command) -> bytes:
        async with self._lock:
            await self._ready()
            return (await self._ask(command)).data

    async def _look(self) -> Reply:
        return await self._ask(Command.STATUS)

    async def _seen_at(self, wanted: CardPlace) -> None:
        """Raises mediaUnverified (acted) unless the sensors see the card there, or gone."""
        try:
            reply = await self._look()
        except DeviceFault as fault:
            raise DeviceFault(fault.completion, fault.code, acted=True) from None
        if card_place(reply.states) is not wanted:
            raise DeviceFault(Completion.COMMAND_ERROR, UNVERIFIED, acted=True)

    async def _place_at_gate(self) -> CardPlace:
        """Unknown while the unit does not answer; it may come back before the time is over."""
        async with self._lock:
            try:
                await self._ready()
                return card_place((await self._look()).states)
            except DeviceFault:
                return CardPlace.UNKNOWN

    async def _room_in_bin(self) -> Reply:
        """The unit's states. Raises retainBinFull unless the bin is known to have room."""
        states, room = await self._bin()
        if room is not Stock.OK:
            log.warning("dispenser: nothing is taken into a bin that is %s", room.value)
            raise DeviceFault(Completion.COMMAND_ERROR, RETAIN_BIN_FULL)
        return states

    async def _bin(self) -> tuple[Reply, Stock]:
        reply = await self._look()
        try:
            sensors = (await self._ask(Command.SENSORS)).data
        except DeviceFault as fault:
            if fault.completion is Completion.DEVICE_NOT_READY:
                raise
            return reply, Stock.UNKNOWN
        return reply, bin_state(reply.states, sensors)

    async def _survey(self) -> DispenserStatus:
        reply, room = await self._bin()
        stock = stacker(reply.states)
        code = self._trouble.code or (EMPTY if stock is Stock.EMPTY else "")
        state = DeviceState.ONLINE
        if self._trouble.completion is Completion.HARDWARE_ERROR and self._trouble.kind is ErrorClass.ATTENTION:
            state = DeviceState.HARDWARE_ERROR
        if not code and room is not Stock.OK:
            # What is not taken could not be taken back.
            code = RETAIN_BIN_FULL
        health = Health(state, code, self._trouble.detail or _detail(stock, room))
        self._status = DispenserStatus(health, card_place(reply.states), stock, room)
        return self._status

    async def _count(self) -> int | None:
        """The bin's counter, or None where the unit has none."""
        try:
            text = (await self._ask(Command.BIN_COUNT)).data
        except DeviceFault as fault:
            if fault.completion is Completion.DEVICE_NOT_READY:
                raise
            return None
        return int(text) if text.isdigit() else None

    # -- asking and ordering ---------------------------------------------------------------------------

    async def _ready(self) -> None:
        """Open, find the rate and initialise, leaving a card where it is, as far as needed.

        Raises DEVICE_NOT_READY.
        """
        try:
            await self._wire.open()
            if self._found_at != self._wire.openings:
                await self._greet()
            if self._needs_init:
                await self._wire.ask(Command.INIT_LEAVE)
                self._needs_init = False
                self._inits += 1
        except (TransportLost, Silence) as lost:
            raise self._dead(lost) from None
        except Refused as refused:
            raise self._refused(refused) from None

    async def _greet(self) -> None:
        """After every opening: whether the unit answers, and whether it lost its power since."""
        if await self._wire.find() is Command.INIT_LEAVE:
            self._inits += 1
        self._found_at = self._wire.openings
        try:
            await self._wire.ask(Command.STATUS)
        except Refused as refused:
            self._needs_init = meaning(refused.error).kind is ErrorClass.NEEDS_INIT

    async def _ask(self, command: Command) -> Reply:
        try:
            return await self._wire.ask(command)
        except (TransportLost, Silence) as lost:
            raise self._dead(lost) from None
        except Refused as refused:
            raise self._refused(refused) from None

    async def _order(self, command: Command) -> Reply:
        try:
            reply = await self._wire.order(command)
        except (TransportLost, Silence) as lost:
            fault = self._dead(lost)
            raise DeviceFault(fault.completion, fault.code, acted=True) from None
        except Refused as refused:
            raise self._refused(refused) from None
        self._trouble = _NO_TROUBLE
        return reply

    def _refused(self, refused: Refused) -> DeviceFault:
        said = meaning(refused.error)
        log.info("dispenser: %s", said.detail)
        if said.kind is ErrorClass.NEEDS_INIT:
            self._needs_init = True
        if said.kind is ErrorClass.ATTENTION:
            self._trouble = said
        return said.fault()

    def _dead(self, why: TransportLost | Silence) -> DeviceFault:
        detail = str(why) if isinstance(why, TransportLost) else "silent"
        # It may come back from a power cut, at a rate of its own.
        self._found_at = 0
        unknown = Stock.UNKNOWN
        self._status = DispenserStatus(Health(DeviceState.POWER_OFF, "", detail), CardPlace.UNKNOWN, unknown, unknown)
        return DeviceFault(Completion.DEVICE_NOT_READY)


def _detail(stock: Stock, room: Stock) -> str:
    said = [f"stacker {stock.value}"] if stock is not Stock.OK else []
    return ", ".join([*said, f"bin {room.value}"] if room is not Stock.OK else said)
