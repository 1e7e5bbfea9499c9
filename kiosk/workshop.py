"""Wiring of the technicians' mode: what it hears of devices, what it may ask, and who may come in."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from kiosk.clock import Clock, Ids, Worker
from kiosk.counter.desk import Desk
from kiosk.counter.readiness import Board
from kiosk.counter.technician.adjusting import AdjustedNow, Benchmarks
from kiosk.counter.technician.back_room import BackRoomRules
from kiosk.counter.technician.exercising import Instruments
from kiosk.counter.technician.gate import Entry, Gate, GateRules
from kiosk.counter.technician.lining import Path as LinePath
from kiosk.counter.technician.lining import line_finding
from kiosk.counter.technician.measuring import Screen, Yardstick
from kiosk.counter.technician.performers import Bench
from kiosk.counter.technician.truth import DeviceWord, Sources, Truth
from kiosk.counter.technician.upkeep import CleanedAfter
from kiosk.devices.classes import DeviceClass
from kiosk.devices.locker.contract import DoorState
from kiosk.devices.supervisor import DeviceNews, Supervisor
from kiosk.devices.words import DeviceFault
from kiosk.flows.steps import StepKind
from kiosk.maintenance.faults import AIM_OFF, COUNTED
from kiosk.maintenance.steps import Finding
from kiosk.people.calibration import Adjusted, Rule, Validity
from kiosk.people.staff import Role
from kiosk.protocol.readiness import NotSigned, sign
from kiosk.protocol.staff import Cost
from kiosk.screens.states import ServiceOpen
from kiosk.settings import Settings
from kiosk.settings.model import Corners, FinishedIn
from kiosk.store.loaded import LoadedPlace
from kiosk.store.opening import Store

LOOK_SECONDS = 30.0
"""Until every device was looked at anew; one that is silent for so long is told as it was known."""
LOOK_AGAIN_SECONDS = 0.05
DOOR_SECONDS = 5.0
_EVER = datetime(1, 1, 1, tzinfo=UTC)
_MADE: Mapping[str, tuple[str, ...]] = {
    "endorsement-writer": (StepKind.ENDORSE.value,),
    "plate-printer": (StepKind.MAKE_PLATE.value,),
    "dispenser": (StepKind.HAND_OVER.value,),
}
"""The effects by which something goes through a machine that is no printer of papers."""
_WORKS, _NOTE, _FAILS = "works", "note", "fails"
MEMORY = Path("/proc/meminfo")
ZONES = Path("/sys/class/thermal")
SCARCE_MEMORY, LEAST_MEMORY = 0.10, 0.05
"""Share of the memory that is available (proc(5)): below the first one is told, below the second it fails."""
WARM_CELSIUS, HOT_CELSIUS = 80.0, 95.0
"""Processors for such machines throttle themselves from some 95 to 105 degrees on."""


def word_of(news: DeviceNews) -> DeviceWord:
    """A device as the supervisor tells of it, in the words technicians and headquarters are told from."""
    health = news.health
    return DeviceWord(news.device.value, health.state.value, news.availability.code, health.detail)


def gate_rules(settings: Settings) -> GateRules:
    """Who may come in, as the settings in force have it. Without the station's secret there are no codes."""
    given = settings.maintenance
    entries = tuple(Entry(e.number, Role(e.role.value), e.card, e.verifier, e.since, e.until) for e in given.staff)
    secret: bytes | None = None
    with suppress(OSError):
        secret = settings.headquarters.file(given.code_key).read_bytes()
    least = Cost(passes=given.passes, memory_kib=given.memory_kib)
    return GateRules(entries, least, given.tries, given.first_wait, given.last_try, secret or None)


def room_rules(settings: Settings) -> BackRoomRules:
    """How long the sign-in waits, and sessions last."""
    given = settings.maintenance
    return BackRoomRules(
        settings.settings_version, given.sign_in, given.idle, given.longest, given.corners is Corners.HELD
    )


def cleaning_of(settings: Settings) -> dict[str, CleanedAfter]:
    """After how much the devices of this machine are due for cleaning."""
    fitted = {name for name in settings.upkeep if settings.devices[name].fitted}
    if settings.cabinet.finished is not FinishedIn.DISPENSER:
        fitted.discard("dispenser")
    return {name: CleanedAfter(settings.upkeep[name].after, settings.upkeep[name].of) for name in sorted(fitted)}


def through_of(store: Store) -> Callable[[str, datetime | None], Awaitable[int]]:
    """Counts what went through a device: papers by printer, else what was made or handed out."""

    async def through(device: str, since: datetime | None) -> int:
        if device in _MADE:
            return await store.upkeep.done_since(_MADE[device], since)
        return await store.staff.papers_since(device, since or _EVER)

    return through


def rule_of(settings: Settings, what: Adjusted) -> Rule:
    """For how long an adjustment is vouched for here."""
    given = settings.calibration[what.value]
    return Rule(given.valid_days, given.warn_days)


def gate_of(settings: Settings, store: Store, clock: Clock, ids: Ids, worker: Worker) -> Gate:
    """The gate of this station."""
    rules = gate_rules(settings)
    return Gate(rules, store.staff.pepper, store.staff, store.audit, clock, ids, worker, settings.terminal.name)


@dataclass(slots=True)
class Workshop:
    """Asks the machine, for the overview and the self-test."""

    settings: Settings
    desk: Desk
    board: Board
    store: Store
    clock: Clock
    state: Path
    least_free_bytes: int
    supervisor: Callable[[], Supervisor]
    worker: Worker
    instruments: Instruments
    path: LinePath | None = None
    truth: Truth = field(init=False)
    adjusted: tuple[AdjustedNow, ...] = field(default=(), init=False)
    """How the adjustments stand that a service of this machine rests on."""

    def __post_init__(self) -> None:
        sources = Sources(
            news=self._news,
            nudge=lambda device: self.supervisor().nudge(DeviceClass(device)),
            look=self._look_at_all,
            supplies=self._supplies,
            whole=self.settings.maintenance.whole,
            adjusted=lambda: self.adjusted,
            due=self.desk.upkeep.of,
        )
        self.truth = Truth(sources, self.board, self.desk.catalogue, self.store.staff, self.clock)
        self.desk.upkeep.tell(self.truth.look_again)

    def bench(self, desk: Desk) -> Bench:
        """For performers at this counter, or at the one where nobody is."""
        return Bench(
            desk,
            self.truth,
            self.store.staff,
            self.examine,
            self.clock,
            self._sign,
            self.instruments,
            self._marks(),
        )

    def _news(self) -> tuple[DeviceWord, ...]:
        """Of what machines of this kind have: a door without a printer lacks nothing."""
        has = self.settings.kind.devices
        return tuple(word_of(news) for news in self.supervisor().news() if news.device.value in has)

    async def _look_at_all(self) -> None:
        supervisor = self.supervisor()
        before = supervisor.looks()
        for device in before:
            supervisor.nudge(device)
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                # The look that was under way may have begun before the question: the one after it did not.
                while any(now < before[device] + 2 for device, now in supervisor.looks().items()):
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _supplies(self, device: str) -> Mapping[str, str]:
        match device:
            case "receipt-printer":
                return {"paper": (await self.desk.receipt_printer.status()).paper.value}
            case "page-printer":
                said = await self.desk.page_printer.status()
                return {"paper": said.paper.value, "toner": said.toner.value}
            case "endorsement-writer":
                return {"ink": (await self.desk.endorsement_writer.status()).ribbon.value}
            case "plate-printer":
                maker = await self.desk.plate_printer.status()
                return {"blanks": maker.blanks.value, "ink": maker.ribbon.value}
            case _:
                return {}

    async def _sign(self, text: str) -> tuple[str, str, str]:
        """With the key and the certificate this terminal shows to headquarters. Raises NotSigned."""
        given = self.settings.headquarters

        def act() -> tuple[str, str, str]:
            try:
                key = given.file(given.key).read_bytes()
                certificate = given.file(given.certificate).read_text("ascii")
            except (OSError, ValueError) as failure:
                raise NotSigned(f"key or certificate cannot be read ({type(failure).__name__})") from None
            algorithm, signature = sign(text, key)
            return algorithm, certificate, signature

        return await self.worker.run(act)

    # -- what is adjusted on the spot --------------------------------------------------------------------------------

    async def look_at_calibrations(self) -> None:
        """What ran out closes what rests on it, and what was made anew opens it."""
        found: list[AdjustedNow] = []
        today = self.clock.now().date()
        for what in Adjusted:
            until = await self._vouched(what)
            stands = rule_of(self.settings, what).stands(until, today)
            closed = stands in (Validity.OVER, Validity.NEVER)
            if what is Adjusted.CAMERA_AIM and self.desk.upkeep.has("camera", AIM_OFF):
                closed = True
            self.board.put_device(what.need, ServiceOpen.CLOSED if closed else ServiceOpen.OPEN)
            if any(what.need in entry.needs and entry.enabled for entry in self.desk.catalogue.values()):
                found.append(AdjustedNow(what, stands, until))
        if tuple(found) != self.adjusted:
            self.adjusted = tuple(found)
            self.truth.look_again()

    async def _vouched(self, what: Adjusted) -> date | None:
        """To the end of which day: by whoever set the machine up, or by a technician later; the later word counts."""
        given = self.settings.calibrated.get(what.value)
        kept = (await self.store.staff.calibrated(what.value)).get("until")
        return date.fromisoformat(kept) if kept else None if given is None else given.until

    def _marks(self) -> Benchmarks:
        display, settings = self.settings.display, self.settings
        references = {Adjusted.DISTANCE: float(settings.exam.eyes_mm)}
        sticks = {
            what: Yardstick(
                references.get(what, settings.calibration[what.value].reference),
                settings.calibration[what.value].tolerance,
                rule_of(settings, what),
            )
            for what in Adjusted
        }
        screen = Screen(display.width, display.height, display.pitch_mm)
        return Benchmarks(
            screen, sticks, self.store.staff, lambda: self.adjusted, self.look_at_calibrations, self.clock
        )

    # -- the self-test beside the devices --------------------------------------------------------------------------

    async def examine(self) -> tuple[Finding, ...]:
        """The line, the clock, the disk, the books, what waits to be sent, the doors, the counts."""
        alarms = self.board.alarms()
        online = self.board.headquarters() is ServiceOpen.OPEN
        waiting = await self.store.outbox.waiting()
        free = shutil.disk_usage(self.state).free
        return (
            *await line_finding(self.path),
            Finding("headquarters", _WORKS if online else _FAILS),
            Finding("clock", _FAILS if "alarm-clock" in alarms else _WORKS),
            Finding("disk", _FAILS if free < self.least_free_bytes else _WORKS),
            Finding("memory", memory_verdict(_read(MEMORY))),
            Finding("temperature", heat_verdict([_read(zone) for zone in sorted(ZONES.glob("*/temp"))])),
            Finding("books", _FAILS if not self.board.effects_open() else _WORKS),
            Finding("outbox", _NOTE if waiting else _WORKS),
            Finding("doors", await self._doors()),
            Finding("counts", await self._counts()),
            Finding("documents", await self._documents()),
        )

    async def _doors(self) -> str:
        if not self.settings.devices["locker"].fitted:
            return _WORKS
        for board in self.settings.cabinet.boards:
            try:
                async with asyncio.timeout(DOOR_SECONDS):
                    doors = await self.desk.locker.doors(board.address)
            except (DeviceFault, TimeoutError):
                return _NOTE
            if DoorState.OPEN in doors.values():
                return _FAILS
        return _WORKS

    async def _documents(self) -> str:
        """Whatever loaders laid in was counted by them, and no door is in doubt."""
        live = await self.store.loaded.live()
        settled = all(one.counted and one.place is LoadedPlace.INSIDE for one in live)
        return _WORKS if settled else _FAILS

    async def _counts(self) -> str:
        for device, supplies in (*COUNTED.items(), ("dispenser", ())):
            for supply in supplies:
                if (await self.store.staff.counted(f"{device}/{supply}")).get("after") == "unknown":
                    return _FAILS
            if (await self.store.staff.counted(f"{device}/bin")).get("after") == "unknown":
                return _FAILS
        return _WORKS


def _read(file: Path) -> str:
    """What a file of the kernel says; "" where there is none."""
    try:
        return file.read_text("ascii")
    except (OSError, ValueError):
        return ""


def memory_verdict(meminfo: str) -> str:
    """By /proc/meminfo (proc(5)); a note where it does not say."""
    told: dict[str, int] = {}
    for line in meminfo.splitlines():
        name, _, rest = line.partition(":")
        number = rest.split()[:1]
        if number and number[0].isdigit():
            told[name] = int(number[0])
    whole, available = told.get("MemTotal", 0), told.get("MemAvailable")
    if not whole or available is None:
        return _NOTE
    share = available / whole
    return _FAILS if share < LEAST_MEMORY else _NOTE if share < SCARCE_MEMORY else _WORKS


def heat_verdict(zones: list[str]) -> str:
    """By the kernel's thermal zones (thousandths of a degree); a machine without any is not judged by them."""
    hottest = max((int(z) / 1000 for z in zones if z.strip().lstrip("-").isdigit()), default=0.0)
    return _FAILS if hottest >= HOT_CELSIUS else _NOTE if hottest >= WARM_CELSIUS else _WORKS
