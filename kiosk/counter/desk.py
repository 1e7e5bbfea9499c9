"""Everything on the counter: what performers reach for."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from kiosk.backend.headquarters import Headquarters
from kiosk.clock import Clock, Ids
from kiosk.counter.durations import Durations
from kiosk.counter.pages import Pages
from kiosk.counter.ports import (
    Audit,
    Blobs,
    CustodyBook,
    Grants,
    Memory,
    OutboxPort,
    Papers,
    ServiceEntry,
)
from kiosk.counter.second_door import SECOND_DOOR
from kiosk.counter.technician.upkeep import Upkeep
from kiosk.counter.threshold import Threshold
from kiosk.counter.watch import Watch, Whose
from kiosk.devices.audio.contract import Audio, Silent
from kiosk.devices.camera.contract import Camera
from kiosk.devices.dispenser.contract import Dispenser
from kiosk.devices.document_reader.contract import DocumentReader
from kiosk.devices.door.contract import Door
from kiosk.devices.endorsement_writer.contract import EndorsementWriter
from kiosk.devices.exam_booth.contract import ExamBooth
from kiosk.devices.fingerprint.contract import FingerprintSensor
from kiosk.devices.id_reader.contract import CardRead, IdReader
from kiosk.devices.locker.contract import Locker
from kiosk.devices.page_printer.contract import PagePrinter
from kiosk.devices.plate_printer.contract import PlatePrinter
from kiosk.devices.receipt_printer.contract import ReceiptPrinter
from kiosk.devices.scanner.contract import Scanner
from kiosk.flows.effects import PaperKind
from kiosk.people.eyesight import Chart
from kiosk.protocol.records import NobodyToSealFor
from kiosk.store.loaded import LoadedBook

T = TypeVar("T")


class Attendance(enum.Enum):
    """Whether anybody can stand at the counter: nobody does in a recovery."""

    SOMEBODY = "somebody"
    NOBODY = "nobody"


class FinishedIn(enum.Enum):
    """What finished documents lie in: behind doors, or at the positions of a dispenser with the same numbers."""

    LOCKER = "locker"
    DISPENSER = "dispenser"


@dataclass(frozen=True, slots=True)
class Cabinet:
    """How the compartments stand: counted along rows of `columns`."""

    compartments: int
    columns: int
    finished: FinishedIn = FinishedIn.LOCKER


@dataclass(frozen=True, slots=True)
class Place:
    """Where this terminal stands, as papers say it."""

    terminal: str
    site: str
    telephone: str


@dataclass(frozen=True, slots=True)
class ExamRoom:
    """How the examination booth is built: the display as a chart, and where the mark on the floor puts the eyes.

    `mirrors` stand between display and eyes; `colours` names the certificate of the display's colours ("" for none),
    which holds to `colours_until`.
    """

    chart: Chart
    eyes_mm: int
    mirrors: int
    colours: str
    colours_until: date


@dataclass(frozen=True, slots=True)
class Tries:
    """How often something is tried before another way is offered."""

    face: int = 3
    finger: int = 3
    card: int = 3
    """Cards laid down that could not be read, or were not authentic."""
    portrait: int = 3
    """Rounds of poor pictures, after which a person may judge."""


class Challenge(enum.Enum):
    """Whether a face is challenged before it is compared. BASIC is not certified: it decides nothing alone."""

    OFF = ""
    BASIC = "basic"


@dataclass(frozen=True, slots=True)
class PrintedPaper:
    """A paper of the running visit, for printing it once more; forgotten with the visit."""

    kind: PaperKind
    values: dict[str, str]
    language: str


def nobody_to_seal_for(content: bytes) -> bytes:
    """Where headquarters has never been heard."""
    del content
    raise NobodyToSealFor("headquarters has not told its key yet")


@dataclass
class Desk:
    """The ports of one terminal. `card_on_counter` is a card read on the attract page, asked for only once."""

    pages: Pages
    clock: Clock
    ids: Ids
    durations: Durations
    watch: Watch
    id_reader: IdReader
    camera: Camera
    fingerprint: FingerprintSensor
    locker: Locker
    receipt_printer: ReceiptPrinter
    page_printer: PagePrinter
    endorsement_writer: EndorsementWriter
    door: Door
    scanner: Scanner
    plate_printer: PlatePrinter
    dispenser: Dispenser
    document_reader: DocumentReader
    headquarters: Headquarters
    papers: Papers
    blobs: Blobs
    outbox: OutboxPort
    grants: Grants
    custody: CustodyBook
    loaded: LoadedBook
    memory: Memory
    audit: Audit
    cabinet: Cabinet
    place: Place
    catalogue: dict[str, ServiceEntry]
    compares_at: str
    exam_booth: ExamBooth
    exam_room: ExamRoom
    upkeep: Upkeep
    challenge: Challenge = Challenge.OFF
    card_on_counter: CardRead | None = None
    tries: Tries = field(default_factory=Tries)
    attendance: Attendance = Attendance.SOMEBODY
    audio: Audio = field(default_factory=Silent)
    threshold: Threshold = field(default_factory=Threshold)
    door_order: str = ""
    """The order of a guard that is being carried out; used up once."""
    seal: Callable[[bytes], bytes] = nobody_to_seal_for
    """For headquarters' eyes alone. Raises NobodyToSealFor."""
    kept_shut: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    """Board and number of compartments that headquarters keeps shut: nothing is handed out of them or taken in."""
    printed: list[PrintedPaper] = field(default_factory=list[PrintedPaper])

    def entry(self, code: str) -> ServiceEntry:
        """What a visit with this code shows of itself. Raises KeyError."""
        return SECOND_DOOR if code == SECOND_DOOR.code else self.catalogue[code]

    async def ask_headquarters(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """A request with its overall deadline, timed as the network's. Raises Unreachable, Rejected, TimeoutError."""
        with self.watch.waiting_for(Whose.NETWORK):
            async with asyncio.timeout(seconds):
                return await work

    async def use_device(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """A device command with its deadline, timed as the device's. Raises DeviceFault, TimeoutError."""
        with self.watch.waiting_for(Whose.DEVICE):
            async with asyncio.timeout(seconds):
                return await work

    async def compute(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """Work of ours in a process beside this one, with its deadline: neither a device's time nor anybody else's.

        Raises what the work raises, and TimeoutError.
        """
        async with asyncio.timeout(seconds):
            return await work
