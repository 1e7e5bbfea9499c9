"""The drivers there are, by class and name, each with its settings model and its builder.

Drivers from outside the tree come by entry points of group `kiosk.drivers`; each names a `DriverEntry` that says for
which version of the contracts it was written. docs/devices/example-driver is one, complete.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kiosk.clock import Clock, Worker
from kiosk.devices.audio.contract import Audio
from kiosk.devices.audio.player import Player, PlayerSettings
from kiosk.devices.classes import DeviceClass
from kiosk.devices.dispenser.contract import Dispenser
from kiosk.devices.dispenser.crt_591 import Crt591, Crt591Settings
from kiosk.devices.dispenser.xfs4iot import PositionsSettings, Xfs4iotDispenser
from kiosk.devices.document_reader.cards import Cards
from kiosk.devices.document_reader.contract import DocumentReader
from kiosk.devices.document_reader.pcsc import Pcsc, PcscSettings
from kiosk.devices.document_reader.service import PcscCards
from kiosk.devices.door.contact import Contact, FileContact, FileFireInput, FireInput, NoContact, NoFireInput
from kiosk.devices.door.contract import Door
from kiosk.devices.door.relay_lcus import DoorSettings, RelayDoor
from kiosk.devices.endorsement_writer.contract import EndorsementWriter
from kiosk.devices.endorsement_writer.xfs4iot import WriterSettings, Xfs4iotEndorsementWriter
from kiosk.devices.exam_booth.contract import ExamBooth
from kiosk.devices.exam_booth.simulated import BoothSettings, SimulatedBooth
from kiosk.devices.fingerprint.contract import FingerprintSensor
from kiosk.devices.fingerprint.simulated import SimulatedSensor, SimulatedSettings
from kiosk.devices.help_button.contacts import BoardButtonSettings, ContactButton, ModemButtonSettings
from kiosk.devices.help_button.contract import HelpButton
from kiosk.devices.id_reader.contract import IdReader
from kiosk.devices.id_reader.sam_v import SamV, SamVSettings
from kiosk.devices.inputs.wires import InputBoard, ModemLines
from kiosk.devices.intake.contract import Intake
from kiosk.devices.intake.crt_310 import Crt310, Crt310Settings
from kiosk.devices.key_switch.contacts import BoardKeySettings, ContactKey, ModemKeySettings
from kiosk.devices.key_switch.contract import KeySwitch
from kiosk.devices.licence_printer.contract import LicencePrinter
from kiosk.devices.licence_printer.xfs4iot import LicencePrinterSettings, Xfs4iotLicencePrinter
from kiosk.devices.lights.contract import Lights
from kiosk.devices.lights.relay_lcus import LightsSettings, RelayLights
from kiosk.devices.locker.contract import Locker
from kiosk.devices.locker.kerong_cu16 import KerongCu16, KerongSettings
from kiosk.devices.locker.lock_8a import Lock8A, Lock8ASettings
from kiosk.devices.page_printer.contract import PagePrinter
from kiosk.devices.page_printer.ipp import IppPrinter, IppSettings
from kiosk.devices.page_printer.posting import Poster
from kiosk.devices.plate_printer.contract import PlatePrinter
from kiosk.devices.plate_printer.xfs4iot import PlatePrinterSettings, Xfs4iotPlatePrinter
from kiosk.devices.presence.contract import PresenceSensor
from kiosk.devices.presence.ld2410 import Ld2410, Ld2410Settings
from kiosk.devices.receipt_printer.contract import ReceiptPrinter
from kiosk.devices.receipt_printer.escpos import EscPosPrinter, EscPosSettings
from kiosk.devices.relays.lcus import RelayBoard
from kiosk.devices.scanner.contract import Scanner
from kiosk.devices.scanner.serial_scanner import SerialScanner, SerialScannerSettings
from kiosk.devices.temporary_id_maker.contract import TemporaryIdMaker
from kiosk.devices.temporary_id_maker.xfs4iot import TemporaryIdMakerSettings, Xfs4iotTemporaryIdMaker
from kiosk.devices.transport import Line
from kiosk.devices.ups.contract import Ups
from kiosk.devices.ups.nut import Nut, NutSettings

log = logging.getLogger(__name__)

GROUP = "kiosk.drivers"

CONTRACT_VERSION = 1
"""Of everything a driver from outside the tree is written against: the contracts of the classes, `words` and
`transport` of this room, `Tools` and `DriverEntry`. Raised with every change that such a driver would notice."""

D_co = TypeVar("D_co", covariant=True)
S = TypeVar("S", bound=BaseModel)


class UnknownDriver(LookupError):
    """No driver of that name for that class."""


class InvalidSettings(ValueError):
    """Settings a driver does not accept; the message names fields, never values."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What builders get from whoever wires the terminal.

    `line` opens nothing, it names a place by port setting and baud rate; under the virtual clock it returns memory
    lines. `worker` makes a worker of the driver's own. `cards` makes what watches smart card readers, and `random`
    gives so many random bytes: for what speaks to chips.
    """

    clock: Clock
    line: Callable[[str, int], Line]
    worker: Callable[[], Worker]
    post: Poster
    cards: Callable[[], Cards] = PcscCards
    random: Callable[[int], bytes] = secrets.token_bytes


@dataclass(frozen=True, slots=True)
class DriverEntry(Generic[D_co]):
    """One driver: how it is named, what it is set to, how it is built. Building does no I/O."""

    device: DeviceClass
    name: str
    settings: type[BaseModel]
    build: Callable[[Any, Tools], D_co]
    """From an instance of `settings`."""
    contract: int | None = None
    """The version it was written for. The tree's own drivers are always of this version and need not say so."""

    def make(self, settings: Mapping[str, object], tools: Tools) -> D_co:
        """Check the settings and build. Raises InvalidSettings."""
        try:
            checked = self.settings.model_validate(settings)
        except ValidationError as invalid:
            raise InvalidSettings("; ".join(_in_words(error) for error in invalid.errors())) from None
        try:
            return self.build(checked, tools)
        except ValueError as wrong:
            raise InvalidSettings(str(wrong)) from None


class Catalogue(Generic[D_co]):
    """The drivers of one class: those of the tree, and those installed beside it."""

    def __init__(self, device: DeviceClass, *built_in: DriverEntry[D_co]) -> None:
        self.device = device
        self._built_in = {entry.name: entry for entry in built_in}

    def names(self) -> tuple[str, ...]:
        """All names, in order."""
        return tuple(sorted({**self._installed(), **self._built_in}))

    def entry(self, name: str) -> DriverEntry[D_co]:
        """One driver; the tree's own wins over an installed one of the same name. Raises UnknownDriver."""
        found = self._built_in.get(name)
        if found is not None:
            return found
        found = self._installed().get(name)
        if found is None:
            known = ", ".join(self.names())
            raise UnknownDriver(f"no driver {name} for {self.device.value}; there are: {known}{_not_loaded(name)}")
        if found.contract != CONTRACT_VERSION:
            written = "does not say for which version of the contracts it was written"
            if found.contract is not None:
                written = f"was written for version {found.contract} of the contracts"
            raise UnknownDriver(
                f"driver {name} for {self.device.value} {written}, this terminal has version {CONTRACT_VERSION}: "
                "install a release of the driver for it"
            )
        return found

    def comes_from_outside(self, name: str) -> bool:
        """Whether this driver could only be one installed beside the tree; nothing is loaded to find out."""
        return name not in self._built_in and bool(_points())

    def make(self, name: str, settings: Mapping[str, object], tools: Tools) -> D_co:
        """Build a driver. Raises UnknownDriver, InvalidSettings."""
        return self.entry(name).make(settings, tools)

    def _installed(self) -> dict[str, DriverEntry[D_co]]:
        installed: dict[str, DriverEntry[D_co]] = {}
        for point in _points():
            try:
                loaded = cast("object", point.load())
            except Exception as error:  # vendor code: whatever it raises, the others stay
                log.warning("driver %s does not load: %s", point.name, type(error).__name__)
                continue
            if isinstance(loaded, DriverEntry):
                entry = cast("DriverEntry[D_co]", loaded)
                if entry.device is self.device:
                    installed[entry.name] = entry
        return installed


def _in_words(error: ErrorDetails) -> str:
    name = ".".join(map(str, error["loc"])) or "settings"
    if error["type"] == "missing":
        return f"{name} is not set: --set {name}=..., or in the station's file"
    return f"{name}: {error['msg']}"


def _points() -> list[EntryPoint]:
    return sorted(entry_points(group=GROUP), key=lambda point: point.name)


def _not_loaded(name: str) -> str:
    """What is wrong with an entry point of that name, for whoever installed it."""
    for point in _points():
        if point.name == name:
            try:
                loaded = cast("object", point.load())
            except Exception as error:  # vendor code: its kind is all that may be said
                return f"; an installed package names it, and does not load: {type(error).__name__}"
            if not isinstance(loaded, DriverEntry):
                return "; an installed package names it, and it is no DriverEntry"
    return ""


def _sam_v(settings: SamVSettings, tools: Tools) -> IdReader:
    return SamV(tools.line(settings.port, settings.baud), settings, tools.clock)


def _pcsc(settings: PcscSettings, tools: Tools) -> DocumentReader:
    return Pcsc(tools.cards(), settings, tools.clock, tools.random)


def _simulated_fingerprint(settings: SimulatedSettings, tools: Tools) -> FingerprintSensor:
    return SimulatedSensor(tools.line(settings.port, settings.baud))


def _lock_8a(settings: Lock8ASettings, tools: Tools) -> Locker:
    return Lock8A(tools.line(settings.port, settings.baud), settings)


def _kerong_cu16(settings: KerongSettings, tools: Tools) -> Locker:
    return KerongCu16(tools.line(settings.port, settings.baud), settings)


def _escpos(settings: EscPosSettings, tools: Tools) -> ReceiptPrinter:
    return EscPosPrinter(tools.line(settings.port, settings.baud), settings)


def _ipp(settings: IppSettings, tools: Tools) -> PagePrinter:
    return IppPrinter(settings, tools.post, tools.worker(), tools.clock)


def _crt_591(settings: Crt591Settings, tools: Tools) -> Dispenser:
    return Crt591([tools.line(settings.port, rate) for rate in settings.rates], settings)


def _positions(settings: PositionsSettings, tools: Tools) -> Dispenser:
    inside = settings.card_reader
    module = SamVSettings(port=inside)
    reader = SamV(tools.line(inside, module.baud), module, tools.clock) if inside else None
    return Xfs4iotDispenser(lambda port: tools.line(port, 0), reader, settings, tools.clock, tools.random)


def _serial_scanner(settings: SerialScannerSettings, tools: Tools) -> Scanner:
    return SerialScanner(tools.line(settings.port, settings.baud), settings)


def _crt_310(settings: Crt310Settings, tools: Tools) -> Intake:
    return Crt310(tools.line(settings.port, settings.baud), settings, tools.worker())


def _relay_door(settings: DoorSettings, tools: Tools) -> Door:
    board = RelayBoard(tools.line(settings.port, settings.baud), (settings.channel,))
    contact: Contact = NoContact()
    if settings.contact:
        contact = FileContact(Path(settings.contact), settings.contact_says, tools.worker())
    fire: FireInput = NoFireInput()
    if settings.fire:
        fire = FileFireInput(Path(settings.fire), settings.fire_says, tools.worker())
    return RelayDoor(board, contact, settings, tools.clock, fire)


def _relay_lights(settings: LightsSettings, tools: Tools) -> Lights:
    board = RelayBoard(tools.line(settings.port, settings.baud), tuple(settings.channels.values()))
    return RelayLights(board, settings)


def _ld2410(settings: Ld2410Settings, tools: Tools) -> PresenceSensor:
    return Ld2410(tools.line(settings.port, settings.baud))


def _nut(settings: NutSettings, tools: Tools) -> Ups:
    # A TCP line has no rate.
    return Nut(tools.line(settings.port, 0), settings)


def _modem_button(settings: ModemButtonSettings, tools: Tools) -> HelpButton:
    wire = ModemLines(settings.port, tools.worker())
    return ContactButton(wire, settings.rest, settings.pressed, settings.timing, tools.clock)


def _board_button(settings: BoardButtonSettings, tools: Tools) -> HelpButton:
    wire = InputBoard(tools.line(settings.port, settings.baud))
    return ContactButton(wire, settings.rest, settings.pressed, settings.timing, tools.clock)


def _modem_key(settings: ModemKeySettings, tools: Tools) -> KeySwitch:
    return ContactKey(ModemLines(settings.port, tools.worker()), settings.positions, settings.timing, tools.clock)


def _board_key(settings: BoardKeySettings, tools: Tools) -> KeySwitch:
    wire = InputBoard(tools.line(settings.port, settings.baud))
    return ContactKey(wire, settings.positions, settings.timing, tools.clock)


def _player(settings: PlayerSettings, _tools: Tools) -> Audio:
    return Player(settings)


def _exam_booth(settings: BoothSettings, tools: Tools) -> ExamBooth:
    return SimulatedBooth(tools.line(settings.port, settings.baud), tools.clock)


def _endorsement_writer(settings: WriterSettings, tools: Tools) -> EndorsementWriter:
    return Xfs4iotEndorsementWriter(lambda port: tools.line(port, 0), settings, tools.clock, tools.random)


def _licence_printer(settings: LicencePrinterSettings, tools: Tools) -> LicencePrinter:
    return Xfs4iotLicencePrinter(lambda port: tools.line(port, 0), settings)


def _plate_printer(settings: PlatePrinterSettings, tools: Tools) -> PlatePrinter:
    return Xfs4iotPlatePrinter(lambda port: tools.line(port, 0), settings)


def _temporary_id_maker(settings: TemporaryIdMakerSettings, tools: Tools) -> TemporaryIdMaker:
    return Xfs4iotTemporaryIdMaker(lambda port: tools.line(port, 0), settings)


ID_READERS: Catalogue[IdReader] = Catalogue(
    DeviceClass.ID_READER, DriverEntry(DeviceClass.ID_READER, "sam-v", SamVSettings, _sam_v)
)
DOCUMENT_READERS: Catalogue[DocumentReader] = Catalogue(
    DeviceClass.DOCUMENT_READER, DriverEntry(DeviceClass.DOCUMENT_READER, "pcsc", PcscSettings, _pcsc)
)
FINGERPRINT_SENSORS: Catalogue[FingerprintSensor] = Catalogue(
    DeviceClass.FINGERPRINT,
    DriverEntry(DeviceClass.FINGERPRINT, "simulated", SimulatedSettings, _simulated_fingerprint),
)
LOCKERS: Catalogue[Locker] = Catalogue(
    DeviceClass.LOCKER,
    DriverEntry(DeviceClass.LOCKER, "lock-8a", Lock8ASettings, _lock_8a),
    DriverEntry(DeviceClass.LOCKER, "kerong-cu16", KerongSettings, _kerong_cu16),
)
RECEIPT_PRINTERS: Catalogue[ReceiptPrinter] = Catalogue(
    DeviceClass.RECEIPT_PRINTER, DriverEntry(DeviceClass.RECEIPT_PRINTER, "escpos", EscPosSettings, _escpos)
)
PAGE_PRINTERS: Catalogue[PagePrinter] = Catalogue(
    DeviceClass.PAGE_PRINTER, DriverEntry(DeviceClass.PAGE_PRINTER, "ipp", IppSettings, _ipp)
)
DISPENSERS: Catalogue[Dispenser] = Catalogue(
    DeviceClass.DISPENSER,
    DriverEntry(DeviceClass.DISPENSER, "crt-591", Crt591Settings, _crt_591),
    DriverEntry(DeviceClass.DISPENSER, "xfs4iot", PositionsSettings, _positions),
)
SCANNERS: Catalogue[Scanner] = Catalogue(
    DeviceClass.SCANNER, DriverEntry(DeviceClass.SCANNER, "serial-scanner", SerialScannerSettings, _serial_scanner)
)
INTAKES: Catalogue[Intake] = Catalogue(
    DeviceClass.INTAKE, DriverEntry(DeviceClass.INTAKE, "crt-310", Crt310Settings, _crt_310)
)
DOORS: Catalogue[Door] = Catalogue(
    DeviceClass.DOOR, DriverEntry(DeviceClass.DOOR, "relay-lcus", DoorSettings, _relay_door)
)
LIGHTS: Catalogue[Lights] = Catalogue(
    DeviceClass.LIGHTS, DriverEntry(DeviceClass.LIGHTS, "relay-lcus", LightsSettings, _relay_lights)
)
PRESENCE_SENSORS: Catalogue[PresenceSensor] = Catalogue(
    DeviceClass.PRESENCE, DriverEntry(DeviceClass.PRESENCE, "ld2410", Ld2410Settings, _ld2410)
)
SUPPLIES: Catalogue[Ups] = Catalogue(DeviceClass.UPS, DriverEntry(DeviceClass.UPS, "nut", NutSettings, _nut))
ENDORSEMENT_WRITERS: Catalogue[EndorsementWriter] = Catalogue(
    DeviceClass.ENDORSEMENT_WRITER,
    DriverEntry(DeviceClass.ENDORSEMENT_WRITER, "xfs4iot", WriterSettings, _endorsement_writer),
)
LICENCE_PRINTERS: Catalogue[LicencePrinter] = Catalogue(
    DeviceClass.LICENCE_PRINTER,
    DriverEntry(DeviceClass.LICENCE_PRINTER, "xfs4iot", LicencePrinterSettings, _licence_printer),
)
PLATE_PRINTERS: Catalogue[PlatePrinter] = Catalogue(
    DeviceClass.PLATE_PRINTER,
    DriverEntry(DeviceClass.PLATE_PRINTER, "xfs4iot", PlatePrinterSettings, _plate_printer),
)
TEMPORARY_ID_MAKERS: Catalogue[TemporaryIdMaker] = Catalogue(
    DeviceClass.TEMPORARY_ID_MAKER,
    DriverEntry(DeviceClass.TEMPORARY_ID_MAKER, "xfs4iot", TemporaryIdMakerSettings, _temporary_id_maker),
)
EXAM_BOOTHS: Catalogue[ExamBooth] = Catalogue(
    DeviceClass.EXAM_BOOTH, DriverEntry(DeviceClass.EXAM_BOOTH, "simulated", BoothSettings, _exam_booth)
)
HELP_BUTTONS: Catalogue[HelpButton] = Catalogue(
    DeviceClass.HELP_BUTTON,
    DriverEntry(DeviceClass.HELP_BUTTON, "modem-lines", ModemButtonSettings, _modem_button),
    DriverEntry(DeviceClass.HELP_BUTTON, "input-board", BoardButtonSettings, _board_button),
)
KEY_SWITCHES: Catalogue[KeySwitch] = Catalogue(
    DeviceClass.KEY_SWITCH,
    DriverEntry(DeviceClass.KEY_SWITCH, "modem-lines", ModemKeySettings, _modem_key),
    DriverEntry(DeviceClass.KEY_SWITCH, "input-board", BoardKeySettings, _board_key),
)
AUDIO: Catalogue[Audio] = Catalogue(
    DeviceClass.AUDIO, DriverEntry(DeviceClass.AUDIO, "player", PlayerSettings, _player)
)
