"""Composition root: settings in, a running terminal out. The only place that knows every room."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import logging
import os
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from kiosk.archive import Archive, mounts_of_the_system
from kiosk.backend.bells import Bells
from kiosk.backend.exchange import Exchange, Rejected, Unreachable
from kiosk.backend.headquarters import Headquarters
from kiosk.backend.link import Finished, Link, LinkAlarm, LinkState, LinkWatch, WatchedExchange
from kiosk.backend.outbox import Outbox
from kiosk.backend.patience import Patience
from kiosk.clock import Clock, Ids, Worker
from kiosk.counter.desk import Attendance, Cabinet, Challenge, Desk, ExamRoom, FinishedIn, Place, Tries
from kiosk.counter.dispensing import IN_BIN as DISPENSER_BIN
from kiosk.counter.durations import Durations
from kiosk.counter.duty import Duty, HouseRules, VisitReport
from kiosk.counter.entrance import DoorDuty, DoorRules, ExpiredCard, Watching
from kiosk.counter.nobody import DarkStage
from kiosk.counter.pages import NightHours, Pages
from kiosk.counter.passes import IN_BIN as WRITER_BIN
from kiosk.counter.passes import MAY_STAND_INSIDE, PASS, bin_what_was_left
from kiosk.counter.performers import Observer, nobody, timed
from kiosk.counter.ports import HelpNews, Papers, ServiceEntry
from kiosk.counter.power import Power
from kiosk.counter.readiness import Board
from kiosk.counter.rehearsing import RehearsingStage, rehearsed
from kiosk.counter.remote.hearing import Hearing
from kiosk.counter.remote.naming import known_messages
from kiosk.counter.remote.obedience import Books
from kiosk.counter.remote.overlooked import Overlooked
from kiosk.counter.remote.sketching import sketch
from kiosk.counter.technician.back_room import BackRoom, HandedBack
from kiosk.counter.technician.binning import Bins, Emptied, binners
from kiosk.counter.technician.cabinet import fetched
from kiosk.counter.technician.configuring import ConfigurationBook, configurers
from kiosk.counter.technician.doubting import Doubt, Doubts, doubters
from kiosk.counter.technician.exercising import Instruments
from kiosk.counter.technician.freeing import Behind, freers
from kiosk.counter.technician.lining import Identity, Line, liners
from kiosk.counter.technician.lining import Path as LinePath
from kiosk.counter.technician.mode import VendorMode
from kiosk.counter.technician.performers import technicians
from kiosk.counter.technician.records import archivists
from kiosk.counter.technician.upkeep import Upkeep, WatchedDocumentReader, WatchedIdReader
from kiosk.counter.watch import Watch
from kiosk.counter.without_line import WithoutLine
from kiosk.devices.absent import Absent
from kiosk.devices.audio.contract import Audio, Silent, Sound
from kiosk.devices.camera.contract import Camera
from kiosk.devices.classes import DeviceClass
from kiosk.devices.dispenser.contract import CardPlace, Dispenser
from kiosk.devices.document_reader.contract import DocumentReader
from kiosk.devices.door.contract import Door
from kiosk.devices.drivers import (
    DISPENSERS,
    DOCUMENT_READERS,
    DOORS,
    ENDORSEMENT_WRITERS,
    EXAM_BOOTHS,
    FINGERPRINT_SENSORS,
    HELP_BUTTONS,
    ID_READERS,
    KEY_SWITCHES,
    LOCKERS,
    PAGE_PRINTERS,
    PLATE_PRINTERS,
    PRESENCE_SENSORS,
    RECEIPT_PRINTERS,
    SCANNERS,
    SUPPLIES,
    Catalogue,
    Tools,
)
from kiosk.devices.endorsement_writer.contract import EndorsementWriter
from kiosk.devices.exam_booth.contract import ExamBooth
from kiosk.devices.fingerprint.contract import FingerprintSensor
from kiosk.devices.help_button.contract import HelpButton
from kiosk.devices.id_reader.contract import IdReader
from kiosk.devices.isolation.proxy import Wanted, isolated
from kiosk.devices.key_switch.contract import KeySwitch
from kiosk.devices.locker.contract import Compartment, DoorState, ItemState, Locker
from kiosk.devices.page_printer.contract import PagePrinter
from kiosk.devices.plate_printer.contract import PlatePrinter
from kiosk.devices.presence.contract import PresenceSensor
from kiosk.devices.receipt_printer.contract import ReceiptPrinter
from kiosk.devices.register import REGISTER
from kiosk.devices.scanner.contract import Scanner
from kiosk.devices.supervisor import DeviceNews, Driver, Supervisor, Usable, Watched
from kiosk.devices.ups.contract import Ups
from kiosk.devices.words import DeviceFault
from kiosk.flows.book import Book
from kiosk.flows.catalogue import FLOWS, PHASES
from kiosk.flows.effects import EffectState
from kiosk.flows.engine import Engine
from kiosk.flows.opening import Opening, SecondFactor
from kiosk.flows.recovery import RecoveredCase, Recovery
from kiosk.flows.steps import StepKind
from kiosk.maintenance.catalogue import FLOWS as TASK_FLOWS
from kiosk.maintenance.catalogue import TASKS
from kiosk.people.calibration import NEEDS
from kiosk.people.eyesight import Chart
from kiosk.people.money import Money
from kiosk.people.satisfaction import Satisfaction
from kiosk.people.silence import Remains
from kiosk.protocol.filings import BinEmptied, DoubtSettled, MaintenanceEnded, SlipReported
from kiosk.protocol.messages import AuditBatch, AuditRow, DeviceReport, Heartbeat, HelpAsk, LedgerCheck
from kiosk.protocol.sight import SeenPage
from kiosk.readings import Machine, Readings, nothing
from kiosk.remote import Remote
from kiosk.screens.screen_settings import ScreenSettings
from kiosk.screens.stage import Glass, Stage
from kiosk.screens.states import AttractPicture, ServiceOpen, ServiceTile
from kiosk.settings import Settings
from kiosk.settings.model import Liveness, Service, Task
from kiosk.store.failures import DiskFull, StoreFailure
from kiosk.store.loaded import GONE
from kiosk.store.opening import Store, open_store
from kiosk.workshop import Workshop, cleaning_of, gate_of, room_rules, through_of, word_of

_log = logging.getLogger(__name__)

D = TypeVar("D")

VERSION = "0.1.0"
AUDIT_BATCH = 200
DOOR_WATCH_SECONDS = 5.0
RECOVER_AGAIN_SECONDS = 30.0
CONFIRM_SECONDS = 2.0
DISK_WATCH_SECONDS = 30.0
CALIBRATION_WATCH_SECONDS = 300.0
LIST_SECONDS = 3600.0
"""Between two looks at what belongs into the cabinet; the list that is kept holds for days."""
HELP_LOOK_SECONDS = 2.0
LEAST_FREE_BYTES = 64 * 1024 * 1024
LOCALES = Path(__file__).resolve().parents[1] / "assets" / "locales"
"""Below this the terminal closes: room for the visits of a night, their pictures and the audit."""
_OPEN = {
    Usable.YES: ServiceOpen.OPEN,
    Usable.NO: ServiceOpen.CLOSED,
    Usable.CHECKING: ServiceOpen.CHECKING,
}


_DEVICE_OF = {
    StepKind.TAKE_IN: "locker",
    StepKind.PRINT: "receipt-printer",
    StepKind.TAKE_PASS: "endorsement-writer",
    StepKind.ENDORSE: "endorsement-writer",
    StepKind.RETURN_PASS: "endorsement-writer",
    StepKind.MAKE_PLATE: "plate-printer",
}
"""The device a case in doubt stands at; what hands documents over depends on the cabinet."""


@dataclass(frozen=True, slots=True)
class Hardware:
    """One driver a device class."""

    id_reader: IdReader
    camera: Camera
    fingerprint: FingerprintSensor
    locker: Locker
    receipt_printer: ReceiptPrinter
    page_printer: PagePrinter
    ups: Ups
    exam_booth: ExamBooth
    endorsement_writer: EndorsementWriter
    door: Door
    presence: PresenceSensor
    help_button: HelpButton
    scanner: Scanner
    plate_printer: PlatePrinter
    dispenser: Dispenser
    document_reader: DocumentReader
    key_switch: KeySwitch = field(default_factory=lambda: cast("KeySwitch", Absent()))

    def watched(self) -> dict[DeviceClass, Watched]:
        """For the supervisor."""
        return {
            DeviceClass.ID_READER: Watched(self.id_reader),
            DeviceClass.CAMERA: Watched(self.camera),
            DeviceClass.FINGERPRINT: Watched(self.fingerprint),
            DeviceClass.LOCKER: Watched(self.locker),
            DeviceClass.RECEIPT_PRINTER: Watched(self.receipt_printer),
            DeviceClass.PAGE_PRINTER: Watched(self.page_printer),
            DeviceClass.UPS: Watched(self.ups),
            DeviceClass.EXAM_BOOTH: Watched(self.exam_booth),
            DeviceClass.ENDORSEMENT_WRITER: Watched(self.endorsement_writer),
            **{device: Watched(driver) for device, driver in self._of_some().items()},
            DeviceClass.SCANNER: Watched(self.scanner),
            DeviceClass.PLATE_PRINTER: Watched(self.plate_printer),
        }

    def _of_some(self) -> dict[DeviceClass, Driver]:
        """Only a machine that has them tells of them."""
        drivers: dict[DeviceClass, Driver] = {
            DeviceClass.DOOR: self.door,
            DeviceClass.PRESENCE: self.presence,
            DeviceClass.HELP_BUTTON: self.help_button,
            DeviceClass.DISPENSER: self.dispenser,
            DeviceClass.DOCUMENT_READER: self.document_reader,
            DeviceClass.KEY_SWITCH: self.key_switch,
        }
        return {device: driver for device, driver in drivers.items() if not isinstance(driver, Absent)}


class Ended(enum.Enum):
    """Why a terminal came to its end by itself."""

    SWITCH_OFF = "switch-off"
    """The battery is at its end: the machine is to be switched off."""
    RESTART = "restart"
    """Headquarters wants the program started again."""


class _NoMorePower(Exception):
    """The battery is at its end and everything that had to be done before is done."""


class _StartAgain(Exception):
    """Headquarters wants the program started again, and nobody is being served."""


def _as_it_is(book: Book) -> Book:
    return book


def _nobody_holds() -> None:
    return


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a terminal is put into: real, simulated on ptys, or virtual in one thread."""

    state: Path
    clock: Clock
    ids: Ids
    exchange: Exchange
    outbox_exchange: Exchange
    link_exchange: Exchange
    writer: Worker
    reader: Worker
    hardware: Hardware
    papers: Papers
    simulated: bool
    audio: Audio = field(default_factory=Silent)
    durations: Durations = field(default_factory=Durations)
    observer: Observer = nobody
    after_visit: Callable[[VisitReport], Awaitable[None]] | None = None
    grant_key: Ed25519PublicKey | None = None
    """Headquarters' public key for grants; None: read from the file the settings name."""
    alarms: Callable[[], tuple[str, ...]] = tuple
    """What a technician has to know of that is not the terminal's own, for every heartbeat."""
    bells: Bells = field(default_factory=Bells)
    """Rung when headquarters tells that something of a kind waits; nobody rings where no line is held."""
    machine: Machine = nothing
    """Reads the machine's own temperature and disk."""
    notebook: Callable[[Book], Book] = _as_it_is
    """What stands between the engine and the book; for recordings."""
    configuration: ConfigurationBook | None = None
    """What is in force and where it came from; None: a terminal that was wired from values alone."""
    mounts: Callable[[], str] = mounts_of_the_system
    """The text of mountinfo: which USB sticks are there, and how they are mounted."""
    path: LinePath | None = None
    """The way to headquarters step by step; None where there is no line to walk."""
    identity: Identity | None = None
    """The way to another certificate; None where the settings name nobody to ask."""
    another_identity: Callable[[], None] = _nobody_holds
    """Told when there is one: what is held to headquarters is held anew with it."""


def boards_of(settings: Settings) -> list[dict[str, Any]]:
    """The cabinet's lock boards as the locker's driver wants them."""
    return [
        {
            "address": board.address,
            "ways": board.compartments,
            "feedback_polarity": "zero-is-closed" if board.closed_contact == "low" else "zero-is-open",
        }
        for board in settings.cabinet.boards
    ]


def house_rules(settings: Settings) -> HouseRules:
    """What visits take from the settings in force."""

    def notices(day: date) -> tuple[tuple[str, str], ...]:
        return tuple((notice.zh, notice.en) for notice in settings.notices if notice.stands(day))

    def pictures(day: date) -> tuple[AttractPicture, ...]:
        brought = settings.brought
        return tuple(
            AttractPicture(brought.files[picture.file].sha256, tuple(sorted(picture.alt.items())))
            for picture in brought.pictures
            if picture.stands(day)
        )

    return HouseRules(
        settings.settings_version,
        SecondFactor(settings.identity.second_factor.value),
        settings.terminal.unresolved_telephone,
        notices,
        pictures,
    )


def cabinet_of(settings: Settings) -> Cabinet:
    """How the first board's compartments stand; a machine without a cabinet has none."""
    board = next(iter(settings.cabinet.boards), None)
    if board is None:
        return Cabinet(0, 1)
    return Cabinet(board.compartments, board.columns, FinishedIn(settings.cabinet.finished.value))


def drivers(settings: Settings, camera: Camera, tools: Tools) -> Hardware:
    """The drivers the settings name; driver "none" is a device that is not fitted.

    Raises UnknownDriver, InvalidSettings.
    """

    def of(name: str, drivers: Catalogue[D], more: dict[str, Any] | None = None) -> D:
        device = settings.devices[name]
        if not device.fitted:
            return cast("D", Absent())
        # Code from outside the tree may bring a vendor's library: it is not even loaded here.
        if device.isolate or drivers.comes_from_outside(device.driver):
            wanted = Wanted(drivers.device, device.driver, (more or {}) | dict(device.settings))
            return cast("D", isolated(REGISTER[drivers.device].contract, wanted))
        return drivers.make(device.driver, (more or {}) | dict(device.settings), tools)

    return Hardware(
        id_reader=of("id-reader", ID_READERS),
        camera=camera if settings.devices["camera"].fitted else cast("Camera", Absent()),
        fingerprint=of("fingerprint", FINGERPRINT_SENSORS),
        locker=of("locker", LOCKERS, {"boards": boards_of(settings)}),
        receipt_printer=of("receipt-printer", RECEIPT_PRINTERS),
        page_printer=of("page-printer", PAGE_PRINTERS),
        ups=of("ups", SUPPLIES),
        exam_booth=of("exam-booth", EXAM_BOOTHS),
        endorsement_writer=of("endorsement-writer", ENDORSEMENT_WRITERS),
        door=of("door", DOORS),
        presence=of("presence", PRESENCE_SENSORS),
        help_button=of("help-button", HELP_BUTTONS),
        scanner=of("scanner", SCANNERS),
        plate_printer=of("plate-printer", PLATE_PRINTERS),
        dispenser=of("dispenser", DISPENSERS),
        document_reader=of("document-reader", DOCUMENT_READERS),
        key_switch=of("key-switch", KEY_SWITCHES),
    )


def notice_facts(settings: Settings, service: Service) -> tuple[tuple[str, str, str], ...]:
    """What the dated tables say of a service and may be shown: time, what to mind, fees, articles."""
    facts: list[tuple[str, str, str]] = []
    if service.time.shown:
        facts.append(("fact-time", service.time.zh, service.time.en))
    if service.mind is not None and service.mind.shown:
        facts.append(("fact-mind", service.mind.zh, service.mind.en))
    fees = [settings.fees[key] for key in service.fees]
    if fees and all(fee.shown for fee in fees):
        zh = "；".join(f"{fee.name.zh} {Money(fee.fen).yuan} 元" for fee in fees)
        en = "; ".join(f"{fee.name.en} {Money(fee.fen).yuan} yuan" for fee in fees)
        facts.append(("fact-fee", zh, en))
    articles: dict[tuple[str, str], list[str]] = {}
    for key in service.law:
        law = settings.law[key]
        if law.shown:
            articles.setdefault((law.title.zh, law.title.en), []).append(law.articles)
    if articles:
        zh = "；".join(f"《{title}》{'、'.join(found)}" for (title, _), found in articles.items())
        en = "; ".join(f"{title}, {', '.join(found)}" for (_, title), found in articles.items())
        facts.append(("fact-law", zh, en))
    return tuple(facts)


def finished_elsewhere(settings: Settings, service: Service) -> tuple[tuple[str, str, str], ...]:
    """Where a matter begun here is finished at another machine, that one: said before it begins."""
    machine = settings.elsewhere(service.ends_with) if service.ends_with else None
    if machine is None:
        return ()
    ending = settings.services[service.ends_with].name
    return (("fact-finish", f"“{ending.zh}”在{machine[0]}办理", f"“{ending.en}” at the {machine[1]}"),)


def needs_of(settings: Settings, service: Service) -> tuple[str, ...]:
    """The devices a service needs here: who collects from a dispenser may have to hand the old one in at a door."""
    dispenses = settings.cabinet.finished.value == FinishedIn.DISPENSER.value
    more = (DeviceClass.DISPENSER.value,) if dispenses and DeviceClass.LOCKER.value in service.devices else ()
    adjusted = (f"calibration-{kind}" for kind, rule in settings.calibration.items() if service.code in rule.services)
    return (*service.devices, *more, *adjusted)


def catalogue(settings: Settings) -> dict[str, ServiceEntry]:
    """Every service of the settings, with the phases its flow goes through."""
    offered = {service.code for service in settings.enabled}
    return {
        service.code: ServiceEntry(
            code=service.code,
            minutes=service.minutes,
            phases=PHASES.get(service.code, ()),
            frequent=service.code in settings.leading,
            facts=(*notice_facts(settings, service), *finished_elsewhere(settings, service)),
            needs=needs_of(settings, service),
            remains=Remains(service.offline.value),
            enabled=service.code in offered,
            elsewhere=settings.elsewhere(service.code),
            names=(service.name.zh, service.name.en),
        )
        for service in settings.services.values()
    }


def instruments_of(settings: Settings, hardware: Hardware) -> Instruments:
    """What technicians try that visits never ask for themselves."""
    fitted = settings.devices["locker"].fitted
    return Instruments(
        None if isinstance(hardware.help_button, Absent) else hardware.help_button,
        None if isinstance(hardware.presence, Absent) else hardware.presence,
        tuple(board.address for board in settings.cabinet.boards) if fitted else (),
    )


def exam_room(settings: Settings) -> ExamRoom:
    """How the booth is built, as the settings have it."""
    exam = settings.exam
    chart = Chart(settings.display.pitch_mm, exam.path_mm)
    return ExamRoom(chart, exam.eyes_mm, exam.mirrors, exam.colours, exam.colours_until)


def patience_of(settings: Settings) -> Patience:
    """The waits of the line as the settings have them; what they do not name stays as the backend has it."""
    return Patience(**settings.line.model_dump())


def compares_at(settings: Settings, simulated: bool) -> str:
    """Where a face may be compared, as the consent must say it before it is asked for.

    With an engine here it is still headquarters' where the card's photograph cannot be read or no card is there.
    """
    if settings.identity.face_engine != "headquarters":
        return "here-or-headquarters"
    return "sandbox" if simulated else "headquarters"


def challenge_of(settings: Settings) -> Challenge:
    """Whether faces are challenged here."""
    match settings.identity.liveness:
        case Liveness.NONE:
            return Challenge.OFF
        case Liveness.BASIC:
            return Challenge.BASIC


BINS: Mapping[str, str] = MappingProxyType({"dispenser": DISPENSER_BIN, "endorsement-writer": WRITER_BIN})
"""Bins that documents of people fall into, and what such a place is called on the books."""


class _Handled:
    """Tells the watch how long headquarters itself worked on each request (rule 25)."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def finished(self, request: Finished) -> None:
        """See kiosk.backend.link.Observer."""
        self._watch.served(request.handling_seconds)


def sketches(settings: Settings) -> Callable[[Glass], SeenPage]:
    """Pages by the names of their messages; nothing a station or a citizen is called by is needed for that."""
    known = cache(lambda: known_messages(LOCALES))
    screen = ScreenSettings("", "", "", languages=settings.languages)
    return lambda glass: sketch(glass, known(), screen)


class Terminal:
    """One terminal, wired. Make it with `terminal`."""

    def __init__(self, settings: Settings, around: Surroundings, stage: Stage, store: Store) -> None:
        self.settings = settings
        self.store = store
        self._around = around
        language = settings.terminal.language
        place = Place(
            settings.terminal.name, settings.terminal.site.in_language(language), settings.terminal.duty_telephone
        )
        patience = patience_of(settings)
        grant_key = around.grant_key if around.grant_key is not None else grant_key_of(settings)
        name = settings.terminal.name
        self.watch = Watch(around.clock)
        handled = _Handled(self.watch)
        self.headquarters = Headquarters(
            WatchedExchange(around.exchange, around.clock, handled),
            terminal=name,
            grant_key=grant_key,
            clock=around.clock,
            patience=patience,
        )
        line = Headquarters(
            around.link_exchange, terminal=name, grant_key=grant_key, clock=around.clock, patience=patience
        )
        self.board = Board((*(d.value for d in around.hardware.watched()), *NEEDS))
        letters = store.letters
        night = NightHours(settings.appearance.night_from, settings.appearance.night_to)
        pages = Pages(
            stage,
            around.clock,
            self.watch,
            around.durations,
            around.simulated,
            self._call_for_help,
            night,
            self._answers,
        )
        self._help_line, self._help_key = line, ""
        self.overlooked = Overlooked(line, pages, sketches(settings), around.clock)
        self.hearing = Hearing(line, pages, around.audio, self.overlooked.closed)
        self._slips: set[str] = set()
        self._to_print: asyncio.Queue[str] = asyncio.Queue()
        self._letters = letters
        upkeep = Upkeep(store.upkeep, cleaning_of(settings), through_of(store), around.clock)
        self.desk = Desk(
            pages=pages,
            clock=around.clock,
            ids=around.ids,
            durations=around.durations,
            watch=self.watch,
            id_reader=WatchedIdReader(around.hardware.id_reader, upkeep),
            camera=around.hardware.camera,
            fingerprint=around.hardware.fingerprint,
            locker=around.hardware.locker,
            receipt_printer=around.hardware.receipt_printer,
            page_printer=around.hardware.page_printer,
            endorsement_writer=around.hardware.endorsement_writer,
            door=around.hardware.door,
            scanner=around.hardware.scanner,
            plate_printer=around.hardware.plate_printer,
            dispenser=around.hardware.dispenser,
            document_reader=WatchedDocumentReader(around.hardware.document_reader, upkeep),
            headquarters=self.headquarters,
            papers=around.papers,
            blobs=store.blobs,
            outbox=store.outbox,
            grants=store.grants,
            custody=store.custody,
            loaded=store.loaded,
            memory=store.memory,
            audit=store.audit,
            cabinet=cabinet_of(settings),
            place=place,
            catalogue=catalogue(settings),
            audio=around.audio,
            tries=Tries(
                face=settings.tries.face,
                finger=settings.tries.finger,
                card=settings.tries.card,
                portrait=settings.tries.portrait,
            ),
            compares_at=compares_at(settings, around.simulated),
            challenge=challenge_of(settings),
            exam_booth=around.hardware.exam_booth,
            exam_room=exam_room(settings),
            upkeep=upkeep,
        )
        self.workshop = Workshop(
            settings,
            self.desk,
            self.board,
            store,
            around.clock,
            around.state,
            LEAST_FREE_BYTES,
            lambda: self.supervisor,
            around.reader,
            instruments_of(settings, around.hardware),
            around.path,
        )
        self.archive = Archive(settings, store, around.clock, around.ids, around.state, around.mounts)
        self.performers = timed(self.desk, around.observer, self._technicians(self.desk))
        book = around.notebook(store.book)
        engine = Engine(self.performers, book, around.ids, letters)
        rules = house_rules(settings)
        self.duty = Duty(self.desk, engine, FLOWS, self.board, rules, self._after, self._closed, self._rated)
        self.entrance = self._door_duty(engine) if settings.kind.task is Task.DOOR else None
        self.serving: DoorDuty | Duty = self.duty if self.entrance is None else self.entrance
        unwatched = Watch(around.clock)
        dark = Pages(
            DarkStage(stage.look), around.clock, unwatched, around.durations, around.simulated, self._call_for_help
        )
        nobodys = replace(self.desk, pages=dark, watch=unwatched, attendance=Attendance.NOBODY)
        alone = timed(nobodys, nobody, self._technicians(nobodys))
        self.recovery = Recovery({**FLOWS, **TASK_FLOWS}, alone, book, letters)
        self._rehearse = self._rehearsal(stage, rules)
        outgoing = WatchedExchange(around.outbox_exchange, around.clock, handled)
        self.outbox = Outbox(outgoing, store.outbox, around.clock, around.ids, patience)
        self._line = LinkState.CHECKING
        longest = timedelta(days=settings.without_line.days)
        self.without_line = WithoutLine(store.line, self.board, around.clock, longest)
        self.desk.seal = self.without_line.seal
        self._back = asyncio.Event()
        self.link = LinkWatch(line, around.clock, self._heartbeat, self.line_changed, patience)
        self.mode = VendorMode(self.board, store.staff, store.audit, around.clock, self.link.beat_now)
        self.back_room = self._back_room(engine)
        self.duty.back_room = self.back_room
        if self.entrance is not None:
            self.entrance.back_room = self.back_room
        self.readings = Readings(
            desk=self.desk,
            ups=around.hardware.ups,
            supplies=self.workshop.truth.supplies,
            machine=around.machine,
            worker=around.reader,
            busy=lambda: self.serving.busy,
            devices=lambda: tuple(news.device.value for news in self.supervisor.news()),
            tell=self.link.beat_now,
        )
        self.remote = Remote(self.workshop, self._heartbeat, VERSION)
        self.obedience = self.remote.obedience(
            Books(store.commands, store.outbox, letters, store.audit), self.serving, self.mode, self.link.beat_now
        )
        self._power = Power(
            ups=around.hardware.ups,
            house=self.board,
            serving=self.serving,
            audit=store.audit,
            retracting=(),
            tell=self.link.beat,
            shut_down_seconds=settings.power.shut_down_seconds,
        )
        self.supervisor = Supervisor(around.hardware.watched(), jitter=around.ids.jitter, tell=self._device_news)

    def _rehearsal(self, stage: Stage, rules: HouseRules) -> Callable[[], Awaitable[tuple[str, ...]]]:
        around, unwatched = self._around, Watch(self._around.clock)
        dark = Pages(
            RehearsingStage(stage.look),
            around.clock,
            unwatched,
            around.durations,
            around.simulated,
            self._call_for_help,
        )
        desk = replace(self.desk, pages=dark, watch=unwatched, audio=Silent())

        def opening(service: str) -> Opening:
            return Opening(
                service=service,
                now=around.clock.now(),
                settings_version=rules.settings_version,
                terminal=desk.place.terminal,
                site=desk.place.site,
                language=stage.look.language,
                second_factor=rules.second_factor,
            )

        async def rehearse() -> tuple[str, ...]:
            services = [each.code for each in self.settings.enabled if each.code in FLOWS]
            return await rehearsed(FLOWS, services, opening, timed(desk), around.ids, self._letters)

        return rehearse

    async def rehearse(self) -> tuple[str, ...]:
        """A visit to every service that is on, by nobody and without effects; which of them cannot be begun."""
        return await self._rehearse()

    def _technicians(self, desk: Desk) -> dict[StepKind, Any]:
        """Who carries out technicians' steps at this counter, or at the one where nobody is."""
        return {
            **technicians(self.workshop.bench(desk)),
            **archivists(desk, self.archive),
            **self._configurers(desk),
            **self._liners(desk),
            **self._doubters(desk),
            **self._binners(desk),
            **freers(desk, self._behind),
        }

    def _binners(self, desk: Desk) -> dict[StepKind, Any]:
        return binners(desk, Bins(self._in_bins, self._bin_emptied, self.store.bins.uncounted))

    async def _in_bins(self) -> Mapping[str, tuple[str, ...]]:
        return await self.store.bins.inside(
            {d: place for d, place in BINS.items() if self.settings.devices[d].fitted}
        )

    async def _behind(self, door: Compartment) -> tuple[Behind, ...]:
        """What the books have behind a door."""
        place = (door.board, door.lock)
        live = await self.store.loaded.live()
        there = [d for d in await self.store.custody.all() if (d.board, d.compartment) == place]
        return (
            *(Behind(d.item) for d in live if (d.board, d.compartment) == place),
            *(Behind(d.custody, d.custody) for d in there if d.place not in GONE),
        )

    async def _bin_emptied(self, told: Emptied) -> None:
        said = BinEmptied(
            device=told.device,
            bag=told.bag,
            custody=told.custody,
            counted=told.counted,
            staff=(told.by[0], told.by[1]),
        )
        await self.store.bins.emptied(told, self._letters.bin_emptied(emptied=said))
        self.board.clear_alarm("alarm-dispenser-bin")

    def _doubters(self, desk: Desk) -> dict[StepKind, Any]:
        return doubters(desk, Doubts(self.store.doubts.open, self.store.doubts.found, self._settle_doubt))

    async def _settle_doubt(self, doubt: Doubt, verdict: str, by: tuple[str, ...]) -> bool:
        """Two people said what they found; what was kept closed for its sake alone is not kept closed any more."""
        said = DoubtSettled(
            doubt=doubt.id,
            kind=doubt.kind,
            effect=doubt.id.removeprefix("effect/") if doubt.kind == "effect" else "",
            verdict=verdict,
            staff=(by[0], by[1]),
        )
        settled = await self.store.doubts.settle(doubt, verdict, by, self._letters.doubt_settled(settled=said))
        left = await self.store.doubts.open()
        closed = {self._stands_at(StepKind(one.what.removeprefix("effect-"))) for one in left if one.kind == "effect"}
        for device in self.board.devices:
            if device not in closed:
                self.board.let_go(device, "parked-case")
        if not left:
            for alarm in ("alarm-found", "alarm-dispenser-bin"):
                self.board.clear_alarm(alarm)
        return settled

    def _configurers(self, desk: Desk) -> dict[StepKind, Any]:
        return configurers(desk, self.store.audit, self._around.configuration)

    def _liners(self, desk: Desk) -> dict[StepKind, Any]:
        around = self._around

        def used() -> None:
            around.another_identity()
            self.link.beat_now()

        return liners(desk, self.store.audit, Line(around.path, around.identity, used))

    def _back_room(self, engine: Engine) -> BackRoom:
        around, key = self._around, self._around.hardware.key_switch
        return BackRoom(
            desk=self.desk,
            engine=engine,
            gate=gate_of(self.settings, self.store, around.clock, around.ids, around.reader),
            mode=self.mode,
            truth=self.workshop.truth,
            readiness=self.board,
            tasks=TASKS,
            rules=room_rules(self.settings),
            after=self._after,
            key=None if isinstance(key, Absent) else key,
            look_again=self.board.look_again,
            handed_back=self._handed_back,
        )

    def _door_duty(self, engine: Engine) -> DoorDuty:
        hardware, entrance = self._around.hardware, self.settings.entrance
        return DoorDuty(
            desk=self.desk,
            engine=engine,
            flows=FLOWS,
            readiness=self.board,
            house=self.board,
            rules=DoorRules(
                self.settings.settings_version,
                entrance.through,
                entrance.noticed,
                entrance.called,
                ExpiredCard(entrance.expired_card.value),
            ),
            watching=Watching(
                None if isinstance(hardware.presence, Absent) else hardware.presence,
                None if isinstance(hardware.help_button, Absent) else hardware.help_button,
            ),
            audit=self.store.audit,
            call_for_help=self._call_for_help,
            tell=lambda: self.link.beat_now(),
            closed=self._closed,
        )

    # -- the world tells ---------------------------------------------------------------------------------------------

    def _device_news(self, news: DeviceNews) -> None:
        self.board.put_device(news.device.value, _OPEN[news.availability.usable])
        self.workshop.truth.heard(word_of(news))
        self.link.beat_now()

    def line_changed(self, link: Link) -> None:
        """News of the line: what can be done, and alarms. A wrong clock closes the terminal: its papers would lie."""
        state = {
            LinkState.CHECKING: ServiceOpen.CHECKING,
            LinkState.ONLINE: ServiceOpen.OPEN,
            LinkState.OFFLINE: ServiceOpen.CLOSED,
        }[link.state]
        self.board.put_headquarters(state)
        if link.state is LinkState.ONLINE and link.reply is not None:
            self.without_line.heard(link.reply.seal_for)
        else:
            self.without_line.look()
        if link.state is LinkState.ONLINE and self._line is not LinkState.ONLINE:
            self._back.set()
        if self.entrance is not None and link.reply is not None and link.state is LinkState.ONLINE:
            self.entrance.ordered(link.reply.orders)
        if link.reply is not None and link.state is LinkState.ONLINE and "command" in link.reply.waiting:
            self.obedience.look()
        self._line = link.state
        if LinkAlarm.WRONG_CLOCK in link.alarms:
            self.board.close_all("clock")
        else:
            self.board.open_again("clock")
        for wrong, key in (
            (LinkAlarm.WRONG_CLOCK in link.alarms, "alarm-clock"),
            (link.state is LinkState.OFFLINE, "alarm-offline"),
        ):
            if wrong:
                self.board.raise_alarm(key)
            else:
                self.board.clear_alarm(key)

    def _closed(self, why: str) -> None:
        """The whole terminal closes, and says so to everybody: a full disk, books that cannot be written."""
        self.board.close_all(why)
        self.board.raise_alarm(f"alarm-{why}")
        self.link.beat_now()

    async def _confirm_ledger(self) -> None:
        """After a damaged database: closed until no grant of this terminal is open at headquarters (rule 18)."""
        while self.store.damage is not None:
            await asyncio.sleep(CONFIRM_SECONDS)
            with contextlib.suppress(Unreachable, Rejected):
                if not (await self.headquarters.ledger(LedgerCheck(case=""))).entries:
                    await self.store.ledger_confirmed()
        self.board.put_unconfirmed(unconfirmed=False)
        self.board.clear_alarm("alarm-database")

    async def fetch_list(self) -> bool:
        """Ask for the list of this cabinet and keep it for loaders without a line; whether there is a fresh one."""
        cabinet = self.desk.cabinet
        if not cabinet.compartments or cabinet.finished is FinishedIn.DISPENSER:
            return False
        return await fetched(replace(self.desk, watch=Watch(self._around.clock))) is not None

    async def _keep_list(self) -> None:
        """Now and then, so that the one that is kept is young when the line fails."""
        while True:
            await asyncio.sleep(LIST_SECONDS)
            if self.board.headquarters() is ServiceOpen.OPEN:
                _ = await self.fetch_list()

    async def _watch_disk(self) -> None:
        """A disk that is full closes the terminal before a visit finds out, and opens it again when there is room."""
        while True:
            free = await self._around.reader.run(lambda: shutil.disk_usage(self._around.state))
            if free.free < LEAST_FREE_BYTES:
                self._closed("disk")
            else:
                self.board.open_again("disk")
                self.board.clear_alarm("alarm-disk")
            await asyncio.sleep(DISK_WATCH_SECONDS)

    async def _watch_calibrations(self) -> None:
        """What is adjusted on the spot runs out at a day's end, and cleaning is due by count, whoever is there."""
        while True:
            await asyncio.sleep(CALIBRATION_WATCH_SECONDS)
            await self.desk.upkeep.look()
            await self.workshop.look_at_calibrations()

    async def _heartbeat(self) -> Heartbeat:
        head = await self.store.audit.head()
        news = self.supervisor.news()
        tiles = self.serving.tiles()
        return Heartbeat(
            at=self._around.clock.now(),
            version=VERSION,
            settings_version=self.settings.settings_version,
            devices=tuple(
                DeviceReport(
                    device=n.device.value,
                    state=n.health.state.value,
                    code=n.health.code,
                    supplies=self.readings.of(n.device.value),
                )
                for n in news
            ),
            services_open=self._services_open(tiles),
            outbox_waiting=await self.store.outbox.waiting(),
            audit_rows=head.rows,
            audit_head=head.hash,
            custody=tuple(d.custody for d in await self.store.custody.all() if d.place.startswith("compartment")),
            alarms=(*self.board.alarms(), *self.outbox.stuck, *self._around.alarms()),
            maintenance_since=self.mode.since,
            closed={t.code: t.why for t in tiles if t.open is ServiceOpen.CLOSED and t.why != "closed-not-here"},
            visiting=self.serving.busy and self.mode.since is None,
            readings=self.readings.of_the_machine(),
            out_of_service=self.board.out_of_service(),
            locked=tuple(f"{board}:{number}" for board, number in sorted(self.desk.kept_shut)),
        )

    def _services_open(self, tiles: tuple[ServiceTile, ...]) -> tuple[str, ...]:
        """What a citizen could begin now: nothing while the whole terminal is closed."""
        if self.board.out_of_service():
            return ()
        return tuple(t.code for t in tiles if t.open is ServiceOpen.OPEN)

    async def _call_for_help(self, page: str) -> None:
        key = f"help/{self._around.ids.nonce()}"
        await self.store.audit.write("help-called", "", {"page": page})
        visit = self.desk.pages.frame.service
        service, language = visit.code if visit is not None else "", self.desk.pages.stage.look.language
        item = self._letters.help_call(
            key=key, page=page, service=service, language=language, voice=self.hearing.possible
        )
        self._help_key = key
        await self.store.outbox.queue(item)
        self.overlooked.called(key)
        self.hearing.called(key)

    async def _handed_back(self, told: HandedBack) -> None:
        ended = MaintenanceEnded(
            staff=told.staff,
            since=told.since,
            done=told.done,
            stays_out=told.stays_out,
            self_test_seconds=told.self_test_seconds,
        )
        item = self._letters.maintenance(key=f"maintenance/{self._around.ids.nonce()}", ended=ended)
        await self.store.outbox.queue(item)

    async def _answers(self, known: HelpNews) -> HelpNews:
        """Headquarters is asked while the page of help stands; no answer from it is no news."""
        while True:
            await asyncio.sleep(HELP_LOOK_SECONDS)
            try:
                said = await self._help_line.help_answer(HelpAsk(key=self._help_key))
            except (Unreachable, Rejected):
                continue
            news = HelpNews(said.said, said.more, said.state == "closed", len(said.spoken), said.handed)
            if news != known:
                if news.handed and news.handed not in self._slips:
                    self._slips.add(news.handed)
                    self._to_print.put_nowait(news.handed)
                return news

    async def _print_numbers(self) -> None:
        """Numbers with which matters were handed to the desk, on paper, whoever goes on or away meanwhile.

        Headquarters hears whether each came out.
        """
        while True:
            number = await self._to_print.get()
            result = "not-printed"
            if self.board.device("receipt-printer") is ServiceOpen.OPEN:
                result = await self.duty.print_number(number)
            await self.store.audit.write("unresolved-slip", "", {"result": result})
            letter = self._letters.slip(
                case="", key=f"slip/{number}", slip=SlipReported(number=number, result=result)
            )
            await self.store.outbox.queue(letter)

    async def _rated(self, service: str, rating: Satisfaction) -> None:
        item = self._letters.rated(key=f"rating/{self._around.ids.nonce()}", service=service, rating=rating)
        await self.store.outbox.queue(item)

    async def _after(self, report: VisitReport) -> None:
        if self._around.after_visit is not None:
            await self._around.after_visit(report)

    # -- what is asked before it is wired anew -----------------------------------------------------------------------

    def at_rest(self) -> bool:
        """Whether nobody is served and nobody has begun to choose."""
        return self.serving.at_rest

    def fitted(self) -> tuple[str, ...]:
        """The watched device classes that this machine has; what else closes services is none of them."""
        devices = self.settings.devices
        return tuple(name for name in self.board.devices if name in devices and devices[name].fitted)

    async def unsettled(self) -> bool:
        """Whether a case is open: one of its effects may not be settled."""
        return bool(await self.store.book.open_cases())

    # -- life --------------------------------------------------------------------------------------------------------

    async def recover(self) -> tuple[RecoveredCase, ...]:
        """Settle what the last run left, before anything else."""
        return await self.recovery.run()

    async def run(self) -> Ended:
        """Visits for ever, with everything that goes on beside them.

        Ends by cancellation, with the battery, or when headquarters wants the program started again.
        """
        ended = Ended.SWITCH_OFF
        self.remote.listen()
        try:
            await self._run()
        except* _NoMorePower:
            _log.warning("the terminal is closed; the machine is to be switched off")
        except* _StartAgain:
            _log.warning("the terminal is closed; the program is to be started again")
            ended = Ended.RESTART
        finally:
            self.remote.stop_listening()
        return ended

    async def _until_started_again(self) -> None:
        await self.remote.restart.wait()
        raise _StartAgain

    async def _until_no_power(self) -> None:
        await self._power.until_it_ends()
        raise _NoMorePower

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            await self.without_line.begin()
            group.create_task(self.without_line.run(), name="without-line")
            group.create_task(self.supervisor.run(), name="supervisor")
            group.create_task(self.outbox.run(), name="outbox")
            group.create_task(self.link.run(), name="link")
            group.create_task(self._push_audit(), name="audit")
            group.create_task(self._send_when_back(), name="back")
            group.create_task(self._watch_doors(), name="doors")
            group.create_task(self._confirm_ledger(), name="ledger")
            group.create_task(self._watch_disk(), name="disk")
            group.create_task(self._keep_list(), name="list")
            group.create_task(self._until_no_power(), name="power")
            group.create_task(self._until_started_again(), name="restart")
            await self.desk.upkeep.look()
            await self.workshop.look_at_calibrations()
            group.create_task(self._watch_calibrations(), name="calibrations")
            await self.mode.resume()
            await self.obedience.resume()
            group.create_task(self.obedience.run(), name="commands")
            group.create_task(self.readings.run(), name="readings")
            group.create_task(self._print_numbers(), name="numbers")
            group.create_task(self.overlooked.run(), name="overlooked")
            group.create_task(self.hearing.run(), name="hearing")
            group.create_task(self.obedience.listen(self._around.bells), name="commands-bell")
            for case in await self.recover():
                self.park(case)
                _log.warning("case %s of %s recovered: %s", case.case[-8:], case.service, case.trouble or "settled")
            await self.compare_with_books()
            await self._empty_dispenser()
            group.create_task(self._recover_again(), name="recovery")
            if self.settings.devices["endorsement-writer"].fitted:
                group.create_task(self._empty_the_writer(), name="writer")
            group.create_task(self.back_room.watch_key(), name="key")
            await self.serving.run()

    async def compare_with_books(self) -> None:
        """At start: what the cabinet holds against the books (rule 10).

        A board that feels its compartments is asked for each one; the 8A boards feel doors only, so that for them the
        books and a person decide. A document still expected after recovery is in doubt; so is one that is missing.
        """
        for document in await self.store.custody.all():
            compartment = Compartment(document.board, document.compartment)
            booked = f"compartment-{document.board}-{document.compartment}"
            if document.place not in (booked, "expected"):
                continue
            try:
                async with asyncio.timeout(DOOR_WATCH_SECONDS):
                    felt = await self.desk.locker.item(compartment)
            except (DeviceFault, TimeoutError):
                felt = ItemState.UNKNOWN
            if document.place == "expected" or felt is ItemState.NOT_PRESENT:
                await self.store.custody.move(document.custody, "in-doubt")
                self.board.raise_alarm("alarm-database")

    async def _empty_the_writer(self) -> None:
        """Once after the start, when the endorsement writer answers: a pass of no case is taken out of its path.

        A case that was parked with its pass inside is a person's, and nothing is moved.
        """
        while self.serving.busy or self.board.device("endorsement-writer") is not ServiceOpen.OPEN:
            await asyncio.sleep(DOOR_WATCH_SECONDS)

        async def booked() -> bool:
            documents = await self.store.custody.all()
            return any(d.document == PASS and d.place in MAY_STAND_INSIDE for d in documents)

        number = f"P-FOUND-{self._around.clock.now():%y%m%d%H%M%S}"
        if await bin_what_was_left(self.desk, booked, number):
            _log.warning("a pass of no case stood in the endorsement writer: %s", number)
            self.board.raise_alarm("alarm-found")

    async def _recover_again(self) -> None:
        """What is still open is tried again between visits while headquarters answers; the third try is the last."""
        while True:
            await asyncio.sleep(RECOVER_AGAIN_SECONDS)
            if self.serving.busy or self.link.link.state is not LinkState.ONLINE:
                continue
            for case in await self.recover():
                self.park(case)
                _log.warning("case %s of %s: %s", case.case[-8:], case.service, case.trouble or "settled")

    async def _watch_doors(self) -> None:
        """A compartment left open closes what needs the cabinet, is named to everybody, and rings headquarters."""
        named: set[str] = set()
        while True:
            await asyncio.sleep(DOOR_WATCH_SECONDS)
            busy = self.serving.busy
            if (busy and not named) or self.board.device("locker") is ServiceOpen.CHECKING:
                continue
            now: set[str] = set()
            for board in self.settings.cabinet.boards:
                try:
                    async with asyncio.timeout(DOOR_WATCH_SECONDS):
                        doors = await self.desk.locker.doors(board.address)
                except (DeviceFault, TimeoutError):
                    now |= named
                    continue
                now |= {f"alarm-door-open:{lock}" for lock, door in doors.items() if door is DoorState.OPEN}
            if busy:
                # What is opened meanwhile is opened for whoever stands there; what stood open may be shut by them.
                now &= named
            for key in sorted(now - named):
                self.board.raise_alarm(key)
            for key in sorted(named - now):
                self.board.clear_alarm(key)
            if now:
                self.board.hold("locker", "door-open")
                self.desk.audio.sound(Sound.DOOR_OPEN)
            else:
                self.board.let_go("locker", "door-open")
                self.desk.audio.hush(Sound.DOOR_OPEN)
            if now != named:
                self.link.beat_now()
                self.workshop.truth.look_again()
            named = now

    def _stands_at(self, kind: StepKind) -> str | None:
        """The device an effect of this kind stands at."""
        if kind is StepKind.HAND_OVER:
            return self.desk.cabinet.finished.value
        return _DEVICE_OF.get(kind)

    async def _empty_dispenser(self) -> None:
        """At start: what stands in the dispenser without a case goes into its bin, with a record and an alarm."""
        if self.desk.cabinet.finished is not FinishedIn.DISPENSER:
            return
        dispenser, durations = self.desk.dispenser, self.desk.durations
        try:
            async with asyncio.timeout(durations.maker_query):
                place = await dispenser.where()
            if place is CardPlace.NONE:
                return
            async with asyncio.timeout(durations.maker_move):
                await (dispenser.clear() if place is CardPlace.JAMMED else dispenser.retain())
            said = "retained"
        except (DeviceFault, TimeoutError) as fault:
            if isinstance(fault, TimeoutError) or not fault.acted:
                # A machine that is away is asked again at the next visit, before it is told anything.
                return
            said = fault.code or fault.completion.value
        await self.store.audit.write("document-without-case", "", {"device": "dispenser", "result": said})
        self.board.raise_alarm("alarm-dispenser-bin")

    def park(self, case: RecoveredCase) -> None:
        """A case that could not be recovered is a person's now; the device it stands at stays closed (rule 16)."""
        if not (case.trouble and case.closed):
            return
        for effect in case.effects:
            device = self._stands_at(effect.kind)
            if device is not None and effect.now is EffectState.IN_DOUBT:
                self.board.hold(device, "parked-case")
        self.board.raise_alarm("alarm-database")

    async def _send_when_back(self) -> None:
        """The moment headquarters answers again, nothing waits for the end of a pause that grew while it was away."""
        while True:
            await self._back.wait()
            self._back.clear()
            with contextlib.suppress(DiskFull, StoreFailure):
                await self.store.outbox.hasten()

    async def _push_audit(self) -> None:
        """The chain goes up as it grows; headquarters says what it has."""
        row = 0
        while True:
            await asyncio.sleep(self.settings.line.heartbeat_every)
            if self.link.link.state is not LinkState.ONLINE:
                continue
            rows = await self.store.audit.rows_after(row, AUDIT_BATCH)
            if not rows:
                continue
            batch = AuditBatch(rows=tuple(AuditRow(row=r.row, text=r.text, hash=r.hash) for r in rows))
            with contextlib.suppress(Exception):
                row = (await self.headquarters.push_audit(batch)).row


@asynccontextmanager
async def terminal(settings: Settings, around: Surroundings, stage: Stage) -> AsyncGenerator[Terminal]:
    """Open the books, wire everything, and close it all again. Raises LockedElsewhere, DiskFull, StoreFailure."""
    store = await open_store(
        around.state / "terminal",
        writer=around.writer,
        reader=around.reader,
        clock=around.clock,
        ids=around.ids,
    )
    try:
        await store.audit.write("terminal-started", "", {"version": VERSION})
        await store.settings.put(settings.settings_version, settings.model_dump_json())
        built = Terminal(settings, around, stage, store)
        if store.damage is not None:
            built.board.raise_alarm("alarm-database")
            built.board.put_unconfirmed(unconfirmed=True)
        yield built
    finally:
        await store.close()


def durations_of(settings: Settings) -> Durations:
    """The counter's waits as the settings have them."""
    t = settings.timeouts
    return Durations(
        idle=t.idle,
        idle_elder=t.idle_elder,
        more_time=int(t.more_time),
        face_shot=t.face_try,
        finger=t.finger_try,
        signature=t.signature,
        filing=t.submit,
        page_print=t.printing,
        door_exposed=t.take_sounds,
        door_given_up=t.take,
        closing=t.closing,
        rating=t.rating,
        help_unanswered=t.help_unanswered,
    )


def grant_key_of(settings: Settings) -> Ed25519PublicKey:
    """Headquarters' public key for grants. Raises OSError, ValueError."""
    key = load_pem_public_key(settings.headquarters.file(settings.headquarters.grant_key).read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("headquarters' grant key is no Ed25519 key")
    return key


def environment() -> Mapping[str, str]:
    """The process's environment, read in one place."""
    return dict(os.environ)
