"""The conversation with a machine behind an XFS4IoT service: where its item is, moving it, printing on it.

After every connect the machine is asked where everything is, and nothing is asked of a machine that still moves:
"not yet" is not "not". An item counts as taken when the sensor's event has said so.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kiosk.devices.making import (
    EMPTY,
    INK_OUT,
    MEDIA_JAM,
    NO_MEDIA,
    OCCUPIED,
    RETAIN_BIN_FULL,
    UNVERIFIED,
    WRONG_DEVICE,
    Face,
    HandOutPermit,
    MakerCapabilities,
    MakerStatus,
    Place,
    Stock,
    Taken,
    Verdict,
)
from kiosk.devices.transport import Line
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health, Supply
from kiosk.devices.xfs4iot.addresses import Address
from kiosk.devices.xfs4iot.carriers import UNKNOWN_UNITS, Ask, Carrier, Units, supply
from kiosk.devices.xfs4iot.client import CANCEL_SECONDS, Client, Told, Unreachable, nobody
from kiosk.devices.xfs4iot.messages import Message, number, part, word

log = logging.getLogger(__name__)

QUESTION_SECONDS = 3.0
"""Status, capabilities and storage are answered at once, also while the mechanics move."""
IDLE_SECONDS = 30.0
"""How long a machine may take to come to rest after a command whose end nobody heard."""
HUNG_SECONDS = 2.0
"""How long it is given after it did not, until it has been seen at rest: somebody stands before it."""
DEAF_SECONDS = 60.0
"""So long after an order that was neither carried out nor ended the next ones are not waited for as usual."""
DEAF_ORDER_SECONDS, DEAF_STOP_SECONDS = 6.0, 2.0
"""What an order may take then, and its end when it is cancelled."""
IDLE_PAUSE_SECONDS = 0.5
FRESH_SECONDS = 0.9
"""How long an answer counts as now: services tell every change by themselves."""
LOOK_SECONDS = 3.0
"""Between two looks at the exit while nothing is heard: events are lost with their connection."""
FIRST_RETRY_SECONDS = 0.5
LONGEST_RETRY_SECONDS = 8.0
GONE_LOOKS = 2
"""An item counts as gone when so many looks in a row do not see it."""

UNITS_UNKNOWN = "storageUnknown"
"""The code of a machine that cannot say what its units hold."""

_ROOM = frozenset({Stock.OK, Stock.HIGH, Stock.LOW, Stock.EMPTY})


class MachineSettings(BaseModel):
    """`url` of the service (or of the publisher that knows `service`); `ca`: a PEM file; `serial`: the machine's own,
    checked when given; `bin`: the unit for what is not taken. Seconds are what a movement and a print may take."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    service: str = ""
    ca: str = ""
    serial: str = ""
    bin: str = Field(default="unit2", pattern=r"^unit[0-9A-Za-z]+$")
    move_seconds: float = Field(default=20.0, gt=0, le=120)
    print_seconds: float = Field(default=90.0, gt=0, le=600)

    @property
    def address(self) -> Address:
        """Where the service is. Raises ValueError."""
        return Address(self.url, self.service, self.ca)

    @model_validator(mode="after")
    def _address_is_one(self) -> MachineSettings:
        _ = self.address
        return self


@dataclass(eq=False)
class _Exit:
    """An item that was brought to the exit: what the sensor has said, and the bin's count before."""

    retained: int | None
    sensed: Taken | None = None
    heard: asyncio.Event = field(default_factory=asyncio.Event)


class Machine:
    """What the four classes share: HandsOut, and for them printing, reading back, taking in and chips."""

    def __init__(
        self,
        line: Callable[[str], Line],
        settings: MachineSettings,
        carrier: Carrier,
        capabilities: MakerCapabilities,
    ) -> None:
        self._settings = settings
        self._carrier = carrier
        self._capabilities = capabilities
        self._client = Client(line, settings.address, self._heard)
        self._lock = asyncio.Lock()
        self._greeted = 0
        self._health = Health(DeviceState.STARTING)
        self._place = Place.UNKNOWN
        self._units = UNKNOWN_UNITS
        self._ribbon = Supply.UNKNOWN
        self._busy = False
        self._hung = False
        self._deaf_until = float("-inf")
        self._asked_at = float("-inf")
        self._storage: Mapping[str, Any] = {}
        self._counts_are_old = True
        self._used: set[str] = set()
        self._exit: _Exit | None = None

    @property
    def capabilities(self) -> MakerCapabilities:
        """Static."""
        return self._capabilities

    # -- what the terminal asks ----------------------------------------------------------------------------------

    async def status(self) -> MakerStatus:
        """See HandsOut.status."""
        if self._lock.locked():
            return self._as_heard()
        async with self._lock:
            try:
                await self._client.settled()
                await self._survey()
            except DeviceFault:
                return self._as_heard()
        return self._as_heard()

    async def health(self) -> Health:
        """As asked within the last second, and as events have said since; a connection that is gone is asked anew."""
        # A loss that has just happened is heard first.
        await asyncio.sleep(0)
        recently = asyncio.get_running_loop().time() - self._asked_at < FRESH_SECONDS
        if self._client.connected and recently:
            return self._health
        return (await self.status()).health

    async def where(self) -> Place:
        """See HandsOut.where."""
        async with self._lock:
            return await self._standing()

    async def present(self, permit: HandOutPermit) -> None:
        """See HandsOut.present."""
        async with self._lock:
            if permit.grant in self._used:
                raise DeviceFault(Completion.AUTHORISATION_REQUIRED)
            place = self._in_the_path(await self._standing())
            # From here on the item may come out, whatever happens next.
            self._used.add(permit.grant)
            watch = self._exit = _Exit(self._units.retained)
            name, payload = self._carrier.eject(place)
            _ = await self._order(name, payload, self._settings.move_seconds)
            if watch.sensed is None:
                await self._look_after_moving()
            if watch.sensed is None and self._place is not Place.EXIT:
                raise DeviceFault(Completion.COMMAND_ERROR, UNVERIFIED, acted=True)

    async def taken(self, *, seconds: float) -> Taken:
        """See HandsOut.taken. A line that is away meanwhile is looked for again, ever more rarely."""
        watch = self._exit
        if watch is None:
            raise DeviceFault(Completion.SEQUENCE_ERROR)
        loop = asyncio.get_running_loop()
        until, gone, pause = loop.time() + seconds, 0, FIRST_RETRY_SECONDS
        while True:
            if watch.sensed is None:
                place = await self._place_at_exit()
                gone = gone + 1 if place is Place.NONE else 0
                pause = min(LONGEST_RETRY_SECONDS, pause * 2) if place is None else FIRST_RETRY_SECONDS
                if gone == GONE_LOOKS and watch.sensed is None:
                    watch.sensed = self._unheard(watch)
                elif loop.time() >= until and not gone and watch.sensed is None:
                    return Taken.LEFT if place in (Place.EXIT, Place.TRANSPORT) else Taken.UNKNOWN
            if watch.sensed is not None:
                self._exit = None
                return watch.sensed
            wait = IDLE_PAUSE_SECONDS if gone else LOOK_SECONDS if self._client.connected else pause
            try:
                async with asyncio.timeout(min(wait, max(IDLE_PAUSE_SECONDS, until - loop.time()))):
                    _ = await watch.heard.wait()
            except TimeoutError:
                continue

    async def retain(self) -> None:
        """See HandsOut.retain."""
        async with self._lock:
            place = self._in_the_path(await self._standing())
            if self._units.bin not in _ROOM:
                log.warning("%s: nothing is taken into a bin that is %s", self._settings.bin, self._units.bin.value)
                raise DeviceFault(Completion.COMMAND_ERROR, RETAIN_BIN_FULL)
            before = self._units.retained
            name, payload = self._carrier.retain(place)
            _ = await self._order(name, payload, self._settings.move_seconds)
            await self._look_after_moving()
            after = self._units.retained
            if self._place is not Place.NONE or (before is not None and after != before + 1):
                log.warning("an item was retained and the bin did not count it")
                raise DeviceFault(Completion.COMMAND_ERROR, UNVERIFIED, acted=True)
            self._exit = None

    async def clear(self) -> None:
        """See HandsOut.clear."""
        async with self._lock:
            await self._come_to_rest()
            name, payload = self._carrier.reset
            _ = await self._order(name, payload, self._settings.move_seconds)
            await self._look_after_moving()
            self._exit = None
            if self._place is Place.JAMMED:
                raise DeviceFault(Completion.COMMAND_ERROR, MEDIA_JAM, acted=True)

    async def close(self) -> None:
        await self._client.close()

    # -- for the classes ---------------------------------------------------------------------------------------------

    async def _stage(self) -> None:
        """A blank into the path."""
        stage = self._carrier.stage
        if stage is None:
            raise DeviceFault(Completion.UNSUPPORTED)
        async with self._lock:
            self._nothing_in_the_path(await self._standing())
            if self._units.blanks is Stock.EMPTY:
                raise DeviceFault(Completion.COMMAND_ERROR, EMPTY)
            await self._bring_in(stage)

    async def _fetch(self, unit: str) -> None:
        """The item of one storage unit into the path."""
        async with self._lock:
            self._nothing_in_the_path(await self._standing())
            if self._held_by(unit) == 0:
                raise DeviceFault(Completion.COMMAND_ERROR, EMPTY)
            await self._bring_in(("CardReader.Move", {"from": unit, "to": Place.TRANSPORT.value}))

    async def _count_in(self, unit: str) -> int | None:
        """How many items one storage unit holds; None where it does not say. Raises DEVICE_NOT_READY."""
        async with self._lock:
            _ = await self._standing()
            return self._held_by(unit)

    def _held_by(self, unit: str) -> int | None:
        said = part(part(self._storage, "storage"), unit)
        return number(part(part(said, "card"), "status"), "count") if word(said, "status") == "ok" else None

    async def _bring_in(self, order: Ask) -> None:
        _ = await self._order(*order, self._settings.move_seconds)
        await self._look_after_moving()
        if self._place is not Place.TRANSPORT:
            raise DeviceFault(Completion.COMMAND_ERROR, UNVERIFIED, acted=True)

    async def _insert(self, seconds: float, told: Told) -> bytes:
        """Wait for a card and draw it in; what its chip answered to reset."""
        async with self._lock:
            self._nothing_in_the_path(await self._standing())
            # A hand is waited for, and as long as ever.
            self._deaf_until = float("-inf")
            card = await self._order("CardReader.ReadRawData", {"chip": True}, seconds, told)
            await self._look_after_moving()
            if self._place is not Place.TRANSPORT:
                raise DeviceFault(Completion.COMMAND_ERROR, UNVERIFIED, acted=True)
        chips: object = card.payload.get("chip")
        first = cast("list[object]", chips)[0] if isinstance(chips, list) and chips else None
        return _bytes_of(cast("dict[str, Any]", first), "data") if isinstance(first, dict) else b""

    async def _transmit(self, protocol: str, apdu: bytes) -> bytes:
        """One APDU to the chip of the card in the path; its answer with both status bytes."""
        payload = {"chipProtocol": protocol, "chipData": base64.b64encode(apdu).decode("ascii")}
        async with self._lock:
            answer = await self._order("CardReader.ChipIO", payload, self._settings.move_seconds)
        data = _bytes_of(answer.payload, "chipData")
        if len(data) < 2:
            raise DeviceFault(Completion.INVALID_DATA)
        return data

    async def _print(self, form: str, media: str, face: Face, source: str = "") -> None:
        """A form onto the item in the path, or onto a new sheet from `source`."""
        fields: dict[str, str] = dict(face.texts)
        fields |= {name: base64.b64encode(picture).decode("ascii") for name, picture in face.pictures.items()}
        payload: dict[str, Any] = {"formName": form, "mediaName": media, "fields": fields}
        async with self._lock:
            place = await self._standing()
            if source:
                self._nothing_in_the_path(place)
                if self._units.blanks is Stock.EMPTY:
                    raise DeviceFault(Completion.COMMAND_ERROR, EMPTY)
                payload["paperSource"] = source
            elif place is not Place.TRANSPORT:
                _ = self._in_the_path(place)
                raise DeviceFault(Completion.SEQUENCE_ERROR)
            if self._ribbon is Supply.OUT:
                raise DeviceFault(Completion.COMMAND_ERROR, INK_OUT)
            _ = await self._order("Printer.PrintForm", payload, self._settings.print_seconds)
            await self._look_after_moving()
            if self._place is not Place.TRANSPORT:
                raise DeviceFault(Completion.COMMAND_ERROR, UNVERIFIED, acted=True)

    async def _read_form(self, form: str, media: str, names: tuple[str, ...]) -> Mapping[str, str]:
        """What stands on the item in the path, by the form's fields."""
        payload: dict[str, Any] = {"formName": form, "mediaName": media}
        if names:
            payload["fieldNames"] = list(names)
        async with self._lock:
            place = await self._standing()
            if place is not Place.TRANSPORT:
                _ = self._in_the_path(place)
                raise DeviceFault(Completion.SEQUENCE_ERROR)
            answer = await self._order("Printer.ReadForm", payload, self._settings.print_seconds)
        read = answer.part("fields")
        return {name: word(read, name) for name in (names or tuple(read))}

    async def _verify(self, form: str, media: str, face: Face) -> Verdict:
        """Texts are compared; a picture cannot be read back."""
        if not self._capabilities.verifies:
            return Verdict.NOT_SUPPORTED
        try:
            read = await self._read_form(form, media, tuple(face.texts))
        except DeviceFault as fault:
            if fault.completion is Completion.UNSUPPORTED or fault.code == "readNotSupported":
                return Verdict.NOT_SUPPORTED
            raise
        return Verdict.SAME if dict(read) == dict(face.texts) else Verdict.DIFFERENT

    # -- where everything is -----------------------------------------------------------------------------------

    def _in_the_path(self, place: Place) -> Place:
        """Where an item can be moved from. Raises noMedia, mediaJam, mediaUnverified."""
        match place:
            case Place.EXIT | Place.TRANSPORT:
                return place
            case Place.NONE:
                raise DeviceFault(Completion.COMMAND_ERROR, NO_MEDIA)
            case Place.JAMMED:
                raise DeviceFault(Completion.COMMAND_ERROR, MEDIA_JAM)
            case Place.UNKNOWN:
                raise DeviceFault(Completion.COMMAND_ERROR, UNVERIFIED)

    def _nothing_in_the_path(self, place: Place) -> None:
        """Raises occupied, mediaJam, mediaUnverified."""
        if place is Place.NONE:
            return
        if self._in_the_path(place) in (Place.EXIT, Place.TRANSPORT):
            raise DeviceFault(Completion.COMMAND_ERROR, OCCUPIED)

    async def _standing(self) -> Place:
        """Where the item is, once the machine has come to rest, with its units. Raises DEVICE_NOT_READY."""
        await self._come_to_rest()
        await self._survey()
        return self._place

    async def _come_to_rest(self) -> None:
        await self._client.settled()
        try:
            async with asyncio.timeout(HUNG_SECONDS if self._hung else IDLE_SECONDS):
                await self._look()
                while self._busy:
                    await asyncio.sleep(IDLE_PAUSE_SECONDS)
                    await self._look()
            self._hung = False
        except TimeoutError:
            self._hung = True
            raise DeviceFault(Completion.DEVICE_NOT_READY, DeviceState.BUSY.value) from None

    async def _place_at_exit(self) -> Place | None:
        """None while the machine cannot be asked; it may come back before the time is over."""
        async with self._lock:
            try:
                return await self._standing()
            except DeviceFault:
                return None

    def _unheard(self, watch: _Exit) -> Taken:
        """It is gone and no event came: the bin's count tells a hand from the machine itself."""
        before, after = watch.retained, self._units.retained
        if before is None or after is None:
            return Taken.UNKNOWN
        return Taken.GONE if after == before else Taken.RETAINED

    async def _look_after_moving(self) -> None:
        try:
            await self._survey()
        except DeviceFault as fault:
            raise DeviceFault(fault.completion, fault.code, acted=True) from None

    async def _survey(self) -> None:
        """Status, and storage where something may have changed since it was asked."""
        status = await self._look()
        if self._counts_are_old:
            self._counts_are_old = False
            self._storage = (await self._question("Storage.GetStorage")).payload
        self._units = self._carrier.units(self._storage, status.payload)
        self._health = self._judged(self._health)
        self._asked_at = asyncio.get_running_loop().time()

    async def _look(self) -> Message:
        """A connection may have died without anybody noticing: a question is then asked again on a new one."""
        openings = self._client.openings
        try:
            return await self._looked()
        except DeviceFault as fault:
            fresh = self._client.openings != openings or not openings
            if fault.completion is not Completion.DEVICE_NOT_READY or fault.code or fresh:
                raise
            return await self._looked()

    async def _looked(self) -> Message:
        await self._ready()
        status = await self._question("Common.Status")
        # A whole status that does not mention the item cannot say where it is.
        self._place = Place.UNKNOWN
        self._learn(status.payload)
        return status

    def _learn(self, payload: Mapping[str, Any]) -> None:
        """From a whole status or from what has changed."""
        place = self._carrier.place(payload)
        if place is not None:
            self._place = place
        printer = part(payload, "printer")
        for name in ("ink", "toner"):
            said = supply(printer, name)
            if said is not None:
                self._ribbon = said
        device = word(part(payload, "common"), "device")
        if device:
            self._busy = device == DeviceState.BUSY.value
            self._health = _health_of(device)
        self._health = self._judged(self._health)

    def _judged(self, health: Health) -> Health:
        """With the code that keeps the machine from being used, if there is one."""
        if health.state not in (DeviceState.ONLINE, DeviceState.BUSY):
            return health
        units = self._units
        code = ""
        if self._place is Place.JAMMED:
            code = MEDIA_JAM
        elif self._ribbon is Supply.OUT:
            code = INK_OUT
        elif units.blanks is Stock.EMPTY:
            code = EMPTY
        elif units.bin is Stock.FULL:
            # What is not taken could not be taken back.
            code = RETAIN_BIN_FULL
        elif Stock.UNKNOWN in (units.blanks, units.bin):
            code = UNITS_UNKNOWN
        return Health(health.state, code, _detail(units, self._ribbon))

    def _as_heard(self) -> MakerStatus:
        units = self._units
        return MakerStatus(self._health, self._place, units.blanks, units.bin, units.retained, self._ribbon)

    def _heard(self, message: Message) -> None:
        """An unsolicited event."""
        match self._carrier.event(message):
            case Taken() as said:
                self._place, self._counts_are_old = Place.NONE, True
                if self._exit is not None:
                    self._exit.sensed = said
                    self._exit.heard.set()
            case Place() as place:
                self._place = place
            case None:
                pass
        if message.name == "Common.StatusChangedEvent":
            self._learn(message.payload)
        elif message.name in ("Printer.InkThresholdEvent", "Printer.TonerThresholdEvent"):
            self._ribbon = supply(message.payload, "state") or Supply.UNKNOWN
        elif message.name.startswith("Storage."):
            self._counts_are_old = True
            self._asked_at = float("-inf")

    # -- asking and ordering -----------------------------------------------------------------------------------------

    async def _ready(self) -> None:
        """Connect if need be, and after every connect ask who is there. Raises DEVICE_NOT_READY."""
        try:
            await self._client.connect()
        except Unreachable as lost:
            raise self._dead(str(lost), acted=False) from None
        if self._greeted != self._client.openings:
            self._place, self._units, self._busy = Place.UNKNOWN, UNKNOWN_UNITS, False
            self._counts_are_old = True
            await self._greet()
            self._greeted = self._client.openings

    async def _greet(self) -> None:
        """Another machine behind this address is noticed before it is told to do anything."""
        said = (await self._question("Common.Capabilities")).payload
        listed: object = said.get("interfaces")
        interfaces = cast("list[object]", listed) if isinstance(listed, list) else []
        offered = {word(cast("dict[str, Any]", one), "name") for one in interfaces if isinstance(one, dict)}
        serial = word(part(part(said, "common"), "deviceInformation"), "serialNumber")
        if not self._carrier.interfaces <= offered or self._settings.serial not in ("", serial):
            await self._client.drop("another device")
            self._health = Health(DeviceState.HARDWARE_ERROR, WRONG_DEVICE, "another device answers at this address")
            raise DeviceFault(Completion.DEVICE_NOT_READY, WRONG_DEVICE)

    async def _question(self, name: str) -> Message:
        """What moves nothing."""
        try:
            return await self._client.ask(name, None, seconds=QUESTION_SECONDS)
        except Unreachable as lost:
            raise self._dead(str(lost), acted=False) from None
        except DeviceFault as fault:
            if fault.completion is Completion.TIME_OUT:
                raise self._dead("silent", acted=False) from None
            # A service that refuses to say where things are is one that cannot be used.
            self._health = Health(DeviceState.HARDWARE_ERROR, fault.code or fault.completion.value)
            raise DeviceFault(fault.completion, fault.code) from None

    async def _order(self, name: str, payload: Mapping[str, Any], seconds: float, told: Told = nobody) -> Message:
        """What moves or prints. A line that is lost meanwhile leaves the item's place unknown."""
        await self._client.settled()
        await self._ready()
        # Whatever comes of it: a movement changes what the units hold.
        self._counts_are_old = True
        stop = CANCEL_SECONDS
        loop = asyncio.get_running_loop()
        if loop.time() < self._deaf_until:
            seconds, stop = min(seconds, DEAF_ORDER_SECONDS), DEAF_STOP_SECONDS
        try:
            answer = await self._client.ask(name, payload, seconds=seconds, told=told, stop=stop)
            self._deaf_until = float("-inf")
            return answer
        except Unreachable as lost:
            raise self._dead(str(lost), acted=True) from None
        except DeviceFault as fault:
            log.info("%s ended: %s", name, fault)
            if fault.completion is Completion.TIME_OUT and fault.acted:
                # It acknowledges, and neither acts nor ends; somebody stands before it.
                self._deaf_until = loop.time() + DEAF_SECONDS
            if fault.acted:
                self._place = Place.UNKNOWN
            raise

    def _dead(self, why: str, *, acted: bool) -> DeviceFault:
        self._health = Health(DeviceState.POWER_OFF, "", why)
        self._place, self._units, self._ribbon = Place.UNKNOWN, UNKNOWN_UNITS, Supply.UNKNOWN
        return DeviceFault(Completion.DEVICE_NOT_READY, acted=acted)


def _health_of(device: str) -> Health:
    """Common.device. What people do to a machine is a hardware error until somebody has looked at it."""
    try:
        return Health(DeviceState(device))
    except ValueError:
        return Health(DeviceState.HARDWARE_ERROR, device)


def _detail(units: Units, ribbon: Supply) -> str:
    said = [f"blanks {units.blanks.value}"] if units.blanks in (Stock.LOW, Stock.EMPTY, Stock.UNKNOWN) else []
    said += [f"bin {units.bin.value}"] if units.bin is not Stock.OK else []
    said += [f"ribbon {ribbon.value}"] if ribbon in (Supply.LOW, Supply.OUT, Supply.JAMMED) else []
    return ", ".join(said)


def _bytes_of(of: Mapping[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(word(of, name), validate=True)
    except (binascii.Error, ValueError):
        raise DeviceFault(Completion.INVALID_DATA) from None
