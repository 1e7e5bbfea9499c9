"""One night: a world, headquarters and a terminal between them, on the loop that is running.

The terminal can be killed and started again on what it left on disk; world and headquarters go on meanwhile, as they
would.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from central.database import sqlite_url, transaction
from central.handle import Headquarters
from central.ledger import ledger
from kiosk.app import Hardware, Surroundings, Terminal, drivers, durations_of, terminal
from kiosk.clock import Worker
from kiosk.commands.simulated import Machine, simulated_station, terminal_of
from kiosk.commands.simulated_staff import CODE_KEY, SECRET, entries, overlay
from kiosk.commands.station import LOCALES, screen_settings
from kiosk.counter.duty import VisitReport
from kiosk.counter.technician.configuring import ConfigurationBook
from kiosk.counter.technician.lining import Identity
from kiosk.counter.technician.lining import Path as LinePath
from kiosk.devices.audio.contract import Audio, Silent
from kiosk.devices.camera.contract import Camera
from kiosk.devices.document_reader.cards import Cards
from kiosk.devices.drivers import Tools
from kiosk.devices.key_switch.contract import KeySwitch
from kiosk.devices.transport import Line
from kiosk.documents.papers import Standing
from kiosk.documents.process import InlinePaper
from kiosk.flows.recovery import RecoveredCase
from kiosk.nights.beginning import filled
from kiosk.nights.makers import DOCUMENTS, DOCUMENTS_URL, PLATES, PLATES_URL, WRITER_URL, MakerHouse
from kiosk.nights.offered import offered
from kiosk.nights.power import Power, PoweredExchange, PoweredLine, PoweredWorker
from kiosk.nights.record import Record
from kiosk.nights.street import NumberedFaces, Onlookers, Owed, OwingWorker, PrinterPost, Street, Wire
from kiosk.people.synthetic import PopulationKey
from kiosk.screens.presenters import Presenters
from kiosk.screens.states import DoorPage, EntryStage, Look, ServiceOpen
from kiosk.screens.views import PageView
from kiosk.screens.words import OnMissing, load_words
from kiosk.settings import Settings, load_settings
from kiosk.simulation.citizen import Doing
from kiosk.simulation.entrance import ContactFile
from kiosk.simulation.plugs import WIRED
from kiosk.simulation.state import Device, MemoryStore
from kiosk.simulation.timing import Timing
from kiosk.simulation.virtual import VirtualWorld
from kiosk.simulation.virtual_terminal import HeadlessStage, VirtualHands
from kiosk.times import InlineWorker, SeededIds, VirtualClock
from kiosk.vision.scripted import ScriptedCamera

READY_SECONDS = 120.0
SHUT_SECONDS = 30.0
STATION_KEY = b"the key of a virtual station, 32"
"""Of a night with technicians: what keys their verifiers."""
PEOPLE_URL = "https://headquarters.invalid"
_PORTS = {device.value: device.value for device in WIRED} | {
    "camera": "scripted",
    "page-printer": "ipp://127.0.0.1:6310/ipp/print",
    "endorsement-writer": WRITER_URL,
    "plate-printer": PLATES_URL,
    "dispenser": DOCUMENTS_URL,
}
SERVICES = offered()


class Troubles(logging.Handler):
    """Every error the product logs: a broken visit, a crashed performer."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler."""
        self.seen.append(record.getMessage())


@dataclass
class Running:
    """A terminal that is on."""

    built: Terminal
    stage: HeadlessStage
    hands: VirtualHands
    power: Power
    task: asyncio.Task[None]
    folder: Path
    dead: asyncio.Event
    recovered: tuple[RecoveredCase, ...] = ()


@dataclass
class Night:
    """Make it inside a virtual loop; `async with` it. `folder` holds central/ and one folder for each start."""

    folder: Path
    seed: int
    today: date
    language: str = "zh-CN"
    record: Record | None = None
    timing: Timing | None = None
    observer: Callable[[str, str], Awaitable[None]] | None = None
    machine: Machine = field(default_factory=Machine)
    key: KeySwitch | None = None
    """The technicians' key switch, with which come the technicians of a simulated station; None: neither."""
    configuration: ConfigurationBook | None = None
    """Where its settings came from, for technicians; None: nobody knows."""
    path: LinePath | None = None
    """The way to headquarters, to be walked; None: there is no line."""
    identity: Identity | None = None
    """The way to another certificate; None: nobody can be asked."""
    another_identity: Callable[[], None] = lambda: None
    """Told when there is one."""
    mountinfo: str = ""
    """Which USB sticks are mounted, as /proc/self/mountinfo tells it."""
    cards: Callable[[], Cards] | None = None
    """What lies on the reader of passports and passes; None: this machine has no such reader."""
    audio: Audio = field(default_factory=Silent)
    """The loudspeaker; by default there is none."""
    reports: list[VisitReport] = field(default_factory=list[VisitReport])
    troubles: Troubles = field(default_factory=Troubles)
    dead_ends: list[str] = field(default_factory=list[str])
    """Pages without anything to touch or to do, by identity."""
    starts: int = 0
    running: Running | None = None

    async def __aenter__(self) -> Night:
        self.clock = VirtualClock()
        self.owed = Owed()
        self.world_store = MemoryStore()
        self.world = VirtualWorld(self.seed, self.today, timing=self.timing, store=self.world_store)
        central = self.folder / "central"
        central.mkdir(parents=True, exist_ok=True)
        books, key = central / "central.sqlite3", PopulationKey(self.seed, self.today)
        if not books.exists():
            books.write_bytes(filled(key))
        self.headquarters = Headquarters(
            sqlite_url(books),
            self.clock,
            SeededIds(self.seed * 1_000 + 1, self.clock),
            state=central,
            key=key,
            pause=self.owed.add,
            people_url=PEOPLE_URL,
            faces=NumberedFaces(),
        )
        self.grant_key = Ed25519PublicKey.from_public_bytes(self.headquarters.signer.public_raw)
        contact = self.folder / "door-contact"
        if self.machine.profile == "door":
            self.contact = ContactFile(self.world.scene, contact)
        more = {"document-reader": ""} if self.cards else {}
        self.station = _station(self.language, self.machine, contact, more)
        if self.key is not None:
            staff = overlay(entries(key, STATION_KEY), str(self._code_key()))
            self.station = _station(self.language, self.machine, contact, more) | staff
        self.settings = load_settings(None, self.station)
        self.presenters = presenters_of(self.settings, self.language)
        self.writer = MakerHouse(self.world.scene, Device.ENDORSEMENT_WRITER, self.world.scene.passes.maker)
        self.plates = MakerHouse(self.world.scene, Device.PLATE_PRINTER, self.world.scene.plates)
        self.documents = MakerHouse(self.world.scene, Device.DISPENSER, self.world.scene.dispenser)
        self.services = frozenset(SERVICES) & {service.code for service in self.settings.enabled}
        self.street = Street(self.world, self.headquarters)
        self.wire = Wire(self.headquarters, terminal_of(self.machine), self.clock, self.world, self.owed)
        await self.world.start()
        logging.getLogger("kiosk").addHandler(self.troubles)
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            if self.running is not None:
                await self.shut()
        finally:
            logging.getLogger("kiosk").removeHandler(self.troubles)
            await self.world.close()
            self.headquarters.close()

    # -- the terminal ------------------------------------------------------------------------------------------------

    async def start(self, cut_at: int | None = None) -> Running:
        """Switch the terminal on, on what the one before left; returns when its attract page offers every service.

        Returns earlier when the power is cut before that.
        """
        power = Power(cut_at)
        folder = self.folder / f"start-{self.starts:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        if self.key is not None and self.starts == 0:
            (folder / "terminal").mkdir(mode=0o700)
            (folder / "terminal" / "station.key").write_bytes(STATION_KEY)
        self.starts += 1
        after = self.folder / f"start-{self.starts:03d}"
        dead = asyncio.Event()

        def cut() -> None:
            shutil.copytree(folder, after)
            dead.set()

        power.cut = cut
        record = self.record if self.record is not None else Record()

        def put(view: PageView) -> None:
            record.page(view)
            if not has_a_way_on(view):
                self.dead_ends.append(view.identity)

        stage = HeadlessStage(self.presenters, Look(language=self.language), put)
        ready: asyncio.Future[Terminal] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._life(power, folder, stage, record, ready), name="terminal")
        _ = await asyncio.wait({ready, task}, return_when=asyncio.FIRST_COMPLETED)
        if task.done() and power.on:
            task.result()
        if not ready.done():
            await self._bury(task, None)
            raise PowerCut(power.last)
        running = Running(ready.result(), stage, VirtualHands(stage), power, task, folder, dead)
        self.running = running
        await self.ready()
        return running

    async def ready(self) -> None:
        """Wait until the attract page offers every service, or the power is cut. Raises what the terminal died of."""
        running = self.running
        assert running is not None
        until = self.clock.monotonic() + READY_SECONDS
        while not (self.offers_all() or running.dead.is_set() or running.task.done()):
            if self.clock.monotonic() > until:
                raise NotReady(self._what_is_closed(running))
            await asyncio.sleep(0.1)
        if running.task.done() and running.power.on:
            running.task.result()

    def _what_is_closed(self, running: Running) -> str:
        page = running.stage.shown.view.kind if running.stage.shown is not None else "no page"
        tiles = [f"{t.code} {t.open.value} {t.why}" for t in running.built.duty.tiles() if t.code in self.services]
        news = [f"{n.device.value} {n.health}" for n in running.built.supervisor.news() if n.availability.code]
        return (
            f"{page}: {', '.join(tiles)}; alarms: {', '.join(running.built.board.alarms())}; "
            f"damage: {running.built.store.damage}; devices: {'; '.join(news)}"
        )

    def offers_all(self) -> bool:
        """Whether the attract page is up and every service of ours is open; of a door, whether it waits for cards."""
        running = self.running
        if self.machine.profile == "door":
            shown = None if running is None else running.stage.shown
            return shown is not None and shown.state == DoorPage(EntryStage.WAITING)
        if running is None or running.stage.shown is None or running.stage.shown.view.kind != "Attract":
            return False
        opened = {t.code for t in running.built.duty.tiles() if t.open is ServiceOpen.OPEN}
        return opened.issuperset(self.services)

    async def _life(
        self, power: Power, folder: Path, stage: HeadlessStage, record: Record, ready: asyncio.Future[Terminal]
    ) -> None:
        camera = ScriptedCamera()
        onlookers = Onlookers(self.world.scene, camera)
        around = self._surroundings(power, folder, camera, record)
        try:
            async with terminal(self.settings, around, stage) as built:
                ready.set_result(built)
                await built.run()
        finally:
            onlookers.stop()

    def _surroundings(self, power: Power, folder: Path, camera: ScriptedCamera, record: Record) -> Surroundings:
        ids = SeededIds(self.seed * 1_000 + 1 + self.starts, self.clock)
        exchange = PoweredExchange(self.wire, power, record.heard)

        def line(name: str, baud: int) -> Line:
            del baud
            if name.endswith(PLATES):
                return PoweredLine(self.plates.line, power, record.heard_masked)
            if name.endswith(DOCUMENTS):
                return PoweredLine(self.documents.line, power, record.heard_masked)
            if name.startswith("tcp://"):
                return PoweredLine(self.writer.line, power, record.heard_masked)
            return PoweredLine(self.world.line(Device(name)), power, record.heard)

        def worker() -> Worker:
            return PoweredWorker(OwingWorker(self.owed), power, "a job for the page printer")

        chance = random.Random(f"{self.seed} {self.starts} drivers").randbytes
        tools = Tools(self.clock, line, worker, PrinterPost(self.world, self.owed, record.heard), random=chance)
        if self.cards is not None:
            tools = replace(tools, cards=self.cards)
        extra: dict[str, Any] = {} if self.observer is None else {"observer": self.observer}
        return Surroundings(
            state=folder,
            clock=self.clock,
            ids=ids,
            exchange=exchange,
            outbox_exchange=exchange,
            link_exchange=exchange,
            writer=PoweredWorker(InlineWorker(), power, "a durable write"),
            reader=InlineWorker(),
            hardware=self._hardware(camera, tools),
            papers=InlinePaper(Standing.SIMULATED),
            simulated=True,
            audio=self.audio,
            durations=durations_of(self.settings),
            after_visit=self._after,
            grant_key=self.grant_key,
            notebook=record.book,
            configuration=self.configuration,
            mounts=lambda: self.mountinfo,
            path=self.path,
            identity=self.identity,
            another_identity=self.another_identity,
            **extra,
        )

    def _hardware(self, camera: Camera, tools: Tools) -> Hardware:
        made = drivers(self.settings, camera, tools)
        return made if self.key is None else replace(made, key_switch=self.key)

    def _code_key(self) -> Path:
        file = self.folder / CODE_KEY
        file.write_bytes(SECRET)
        return file

    async def _after(self, report: VisitReport) -> None:
        self.reports.append(report)

    async def shut(self) -> None:
        """Switch off in an orderly way."""
        running, self.running = self.running, None
        assert running is not None
        await self._bury(running.task, None)
        if self.record is not None:
            self.record.database(running.folder / "terminal" / "terminal.db", str(self.folder))

    async def kill(self) -> str:
        """Cut the power if it is still on, and clear the dead terminal away; where it died, in words.

        What it left lies in the next start's folder.
        """
        running, self.running = self.running, None
        assert running is not None
        running.power.off()
        where = running.power.last
        await self._bury(running.task, running)
        return where

    async def _bury(self, task: asyncio.Task[None], killed: Running | None) -> None:
        task.cancel()
        _, waiting = await asyncio.wait({task}, timeout=SHUT_SECONDS)
        if waiting:
            raise RuntimeError("the terminal does not end")
        if killed is None:
            with contextlib.suppress(asyncio.CancelledError):
                task.result()
            return
        if not task.cancelled():
            _ = task.exception()
        killed.power.back()
        with contextlib.suppress(OSError):
            await killed.built.store.close()

    # -- what is true ------------------------------------------------------------------------------------------------

    def ledger(self) -> dict[str, Any]:
        """Headquarters' books."""
        with transaction(self.headquarters.engine) as db:
            return ledger(db)

    async def settled(self, seconds: float = 600.0) -> None:
        """Let the terminal settle what its books have open, or leave it to a person."""
        assert self.running is not None
        async with asyncio.timeout(seconds):
            while await self.running.built.store.book.open_cases():
                await asyncio.sleep(1.0)

    async def empty_outbox(self, seconds: float = 300.0) -> None:
        """Let the terminal send what it promised."""
        assert self.running is not None
        async with asyncio.timeout(seconds):
            while await self.running.built.store.outbox.waiting():
                await asyncio.sleep(1.0)


class NotReady(AssertionError):
    """The terminal does not come to offer its services; says what it shows instead."""


class PowerCut(RuntimeError):
    """The power was cut before the terminal was up; says where."""


_PASSES_BY_ITSELF = frozenset({"WorkingPage", "OutOfService"})
_ACTED_ON_ELSEWHERE = frozenset({"TakePage", "PutInPage", "PassPage", "DoorPage", "TemporaryPlatePage", "SlotPage"})
"""While the door opens, the way on is the door; a plate is taken from its slot."""


def has_a_way_on(view: PageView) -> bool:
    """Whether a citizen in front of this page can do something about it; pages that end by themselves need not."""
    if view.kind in _PASSES_BY_ITSELF or view.kind in _ACTED_ON_ELSEWHERE or view.busy:
        return True
    return bool(view.ways or view.actions or getattr(view.page, "sheets", ()))


async def in_virtual_time(doing: Doing) -> None:
    """Carry out what a citizen does."""
    for seconds in doing:
        await asyncio.sleep(seconds)


def presenters_of(settings: Settings, language: str) -> Presenters:
    """Strict ones: a missing text is an error."""
    words = load_words(LOCALES, settings.terminal.languages, OnMissing.RAISE)
    return Presenters(words, screen_settings(settings, language))


def _station(language: str, machine: Machine, contact: Path, more: dict[str, str]) -> dict[str, Any]:
    """Equal wherever the night takes place: no folder is in it, but a door's contact."""
    ports = _PORTS | more | ({"door-contact": str(contact)} if machine.profile == "door" else {})
    return simulated_station(ports, PEOPLE_URL, Path("headquarters"), language, machine)


def nightfall(day: date) -> datetime:
    """When a night begins."""
    from kiosk.times import BEIJING

    return datetime(day.year, day.month, day.day, 21, 0, tzinfo=BEIJING)
