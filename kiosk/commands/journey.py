"""`kiosk journey CODE`: a scripted citizen makes one whole visit on the real terminal.

Real QML under real touch events, the simulated world on ptys, headquarters over HTTPS. Exit status 0 only when the
visit ended as it should and headquarters agrees; 1 when it did not; 3 when it could not begin.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

from kiosk.commands.cases import NoSuchCase, Plan, not_as_it_should, plan_of, tell_authority
from kiosk.commands.door_journey import CODE as DOOR_CODE
from kiosk.commands.door_journey import DoorJourney
from kiosk.commands.simulated import Machine, NotStarted, ensure_sandbox, machine_in, put_machine, settings_for
from kiosk.commands.staff_journey import JOURNEYS as STAFF_JOURNEYS
from kiosk.commands.staff_journey import StaffJourney
from kiosk.counter.watch import Whose
from kiosk.nights.offered import service
from kiosk.nights.otherwise import Happening
from kiosk.settings.loading import load_settings, profiles, screens
from kiosk.settings.model import FinishedIn
from kiosk.simulation.citizen import Citizen, Doing, Sight, by_dispenser, by_the_wall_clock, go_home, play
from kiosk.simulation.following import Follower, Told
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.simulation.state import FAULTS, faults_of
from kiosk.simulation.wandering import Wish, wander
from kiosk.simulation.ways import found_card, stranger_to

_log = logging.getLogger(__name__)

GOOD_ENDINGS = {code: {"done"} for code in SCRIPTS}
PAID_FOR = frozenset(code for code, (_, script) in SCRIPTS.items() if any(e.page == "PayPage" for e in script))
"""A good visit to these leaves exactly one payment."""
AGREE_SECONDS = 15.0


@dataclass
class Record:
    """What journey.json tells."""

    code: str
    language: str
    seed: int
    case: str = ""
    told: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    """What pages that say no told, in their four parts."""
    outcome: str = ""
    topic: str = ""
    case_number: str = ""
    problem: str = ""
    agreed: bool = False
    pages: list[str] = field(default_factory=list[str])
    steps: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    effects: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    papers: list[str] = field(default_factory=list[str])
    qt: dict[str, Any] = field(default_factory=dict[str, Any])
    taps: int = 0
    typed: int = 0
    """Characters, by keys on the glass."""
    touches: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Page and name of everything touched but keys, in order."""
    cpu_seconds: float = 0.0
    """Processor time of the terminal's own process during the visit, scripted hands included."""

    def as_json(self) -> dict[str, Any]:
        """Totals beside the steps."""
        whose = ("citizen", "device", "network", "software")
        totals = {w: round(sum(s[w] for s in self.steps), 3) for w in whose}
        totals["server"] = round(sum(s["server"] for s in self.steps), 3)
        return self.__dict__ | {"seconds": totals}


@dataclass(frozen=True, slots=True)
class FaultAt:
    """DEVICE:FAULT@STEP: a fault that strikes when a step begins (its key, or its kind)."""

    device: str
    fault: str
    step: str

    @property
    def happening(self) -> Happening:
        """As it befalls the world."""
        return Happening(frozenset({self.step}), "fault", {"device": self.device, "fault": self.fault})

    @staticmethod
    def parse(text: str) -> FaultAt:
        """Raises ValueError with what was expected."""
        what, at, step = text.partition("@")
        device, colon, fault = what.partition(":")
        if not (at and colon and device and fault and step):
            raise ValueError(
                "a fault is given as DEVICE:FAULT@STEP, such as receipt-printer:paper-out@collection-slip"
            )
        known = {one.value: sorted(faults_of(one)) for one, kinds in FAULTS.items() if kinds}
        if device not in known:
            raise ValueError(f"there is no device {device}; there are {', '.join(sorted(known))}")
        if fault not in known[device]:
            raise ValueError(f"{device} knows no fault {fault}; it knows {', '.join(known[device])}")
        return FaultAt(device, fault, step)


def run(argv: Sequence[str]) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="kiosk journey")
    parser.add_argument("code", nargs="?", default="", choices=["", DOOR_CODE, *sorted(SCRIPTS), *STAFF_JOURNEYS])
    parser.add_argument(
        "--all", action="store_true", help="every service of --profile and technicians' tasks, a line of JSON each"
    )
    parser.add_argument("--lanes", type=int, default=os.cpu_count() or 1, help="of --all: so many at the same time")
    parser.add_argument("--languages", default="zh-CN", help="of --all: one or several, with commas")
    parser.add_argument("--taps", type=Path, help="of --all: leave the table of taps here")
    parser.add_argument("--case", default="", help="a way it can go otherwise, or a fault; `list` prints them")
    parser.add_argument("--out", type=Path, help="pictures, papers and journey.json go here")
    parser.add_argument("--state", type=Path, help="keep everything here; a fresh folder is thrown away otherwise")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--language", choices=["zh-CN", "en"], default="zh-CN")
    parser.add_argument("--profile", choices=profiles(), default="", help="kind of machine")
    parser.add_argument("--screen", choices=screens(), default="", help="its screen")
    parser.add_argument("--fault", action="append", default=[], help="DEVICE:FAULT@STEP")
    parser.add_argument("--server", default="", help="headquarters already running at this address")
    parser.add_argument("--liveness", choices=["none", "basic"], default="", help="instead of what is configured")
    parser.add_argument("--nth", type=int, default=0, help="the nth person of the situation")
    parser.add_argument(
        "--as-it-comes", action="store_true", help="take every page as it comes, as after an interrupted visit"
    )
    parser.add_argument("--json", action="store_true", help="print journey.json on standard output")
    options = parser.parse_args(argv)
    if options.all and options.profile != DOOR_CODE:
        return _all(options)
    if options.profile == DOOR_CODE and options.code in ("", DOOR_CODE):
        options.code = DOOR_CODE
    if not options.code:
        parser.error("which service? or --all")
    if options.code == DOOR_CODE and (options.case or options.fault):
        parser.error("the door's journey knows no cases; kiosk matrix plays its faults")
    if options.code in STAFF_JOURNEYS and (options.case or options.fault):
        parser.error("technicians' journeys know no cases")
    if options.case == "list":
        from kiosk.commands.cases import listed

        print(json.dumps(listed(options.code), ensure_ascii=False, indent=1))
        return 0
    try:
        faults = tuple(FaultAt.parse(text) for text in options.fault)
        if options.case:
            # A fault of a device that only another kind of machine has is played at that one.
            options.profile = options.profile or plan_of(options.code, options.case).profile
    except (ValueError, NoSuchCase) as wrong:
        print(f"kiosk journey: {wrong}", file=sys.stderr)
        return 3
    if options.state is not None:
        return _journey(options, options.state.resolve(), faults)
    with tempfile.TemporaryDirectory(prefix="kiosk-journey-") as folder:
        return _journey(options, Path(folder), faults)


def _all(options: argparse.Namespace) -> int:
    from kiosk.commands.all_journeys import every, make, totals
    from kiosk.nights.offered import offered

    began = time.monotonic()
    machine = Machine(options.profile, options.screen)
    codes = [code for code in offered() if code in load_settings(None, machine.overlay()).kind.services]
    wanted = every([*codes, *STAFF_JOURNEYS], options.languages.split(","))
    lines = make(wanted, options.seed, options.lanes, machine, lambda line: print(line.as_json(), flush=True))
    print(json.dumps(totals(lines, time.monotonic() - began)), file=sys.stderr)
    if options.taps is not None:
        from kiosk.proofs.taps import page

        services = [line for line in lines if line.held and line.code not in STAFF_JOURNEYS]
        counted = {line.code: (line.touches, line.typed) for line in services}
        where = f"`kiosk journey --all --taps docs/taps.md` on the real terminal ({options.languages})"
        options.taps.write_text(page(counted, where), "utf-8")
    return 0 if all(line.held for line in lines) else 1


def _journey(options: argparse.Namespace, state: Path, faults: tuple[FaultAt, ...]) -> int:
    if options.code == DOOR_CODE:
        return _door(options, state)
    if options.code in STAFF_JOURNEYS:
        return _staff(options, state)
    put_machine(state, Machine(options.profile, options.screen))
    elsewhere = _not_offered(machine_in(state), options.code)
    if elsewhere:
        print(f"kiosk journey: {elsewhere}", file=sys.stderr)
        return 3
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        sandbox = ensure_sandbox(state, options.seed, options.server)
    except NotStarted as failure:
        print(f"kiosk journey: {failure}", file=sys.stderr)
        return 3
    try:
        visit = _Visit(options, sandbox, faults)
        status = visit.go()
    finally:
        sandbox.end()
    if options.json:
        print(json.dumps(visit.record.as_json(), ensure_ascii=False, indent=1))
    if visit.record.problem:
        print(f"kiosk journey: {visit.record.problem}", file=sys.stderr)
    return status


def _door(options: argparse.Namespace, state: Path) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    put_machine(state, Machine(DOOR_CODE, options.screen))
    try:
        sandbox = ensure_sandbox(state, options.seed, options.server)
    except NotStarted as failure:
        print(f"kiosk journey: {failure}", file=sys.stderr)
        return 3
    try:
        journey = DoorJourney(sandbox, options.language, options.out)
        status = journey.go()
    finally:
        sandbox.end()
    print(json.dumps(journey.record.as_json(), ensure_ascii=False, indent=1 if options.json else None))
    if journey.record.problem:
        print(f"kiosk journey: {journey.record.problem}", file=sys.stderr)
    return status


def _staff(options: argparse.Namespace, state: Path) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    put_machine(state, Machine(options.profile, options.screen))
    try:
        sandbox = ensure_sandbox(state, options.seed, options.server)
    except NotStarted as failure:
        print(f"kiosk journey: {failure}", file=sys.stderr)
        return 3
    try:
        journey = StaffJourney(options.code, sandbox, options.language, options.out)
        status = journey.go()
    finally:
        sandbox.end()
    print(json.dumps(journey.record.as_json(), ensure_ascii=False, indent=1 if options.json else None))
    if journey.record.problem:
        print(f"kiosk journey: {journey.record.problem}", file=sys.stderr)
    return status


def _not_offered(machine: Machine, code: str) -> str:
    """Why this machine does not offer the service, and which one does; "" where it does."""
    settings = load_settings(None, machine.overlay())
    if code in settings.kind.services:
        return ""
    named = settings.elsewhere(code)
    kind = settings.kind.name.en
    return f"{code} is not offered by the {kind}" + ("" if named is None else f"; it is at the {named[1]}")


class _Visit:
    """The citizen's thread, the terminal on the main thread, and what both leave behind."""

    def __init__(self, options: argparse.Namespace, sandbox: Any, faults: tuple[FaultAt, ...]) -> None:
        self.record = Record(options.code, options.language, options.seed, options.case)
        self._options = options
        self._sandbox = sandbox
        self._settings = settings_for(sandbox, options.language, options.liveness)
        self._plan = plan_of(options.code, options.case) if options.case else None
        self._due = [fault.happening for fault in faults]
        if self._plan is not None and self._plan.happening is not None:
            self._due.append(self._plan.happening)
        self._told: list[Told] = []
        self._out: Path | None = options.out
        self._hands: Any = None
        self._pulse: Any = None
        self._finished = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._as_it_comes = bool(options.fault or options.as_it_comes)
        self._shots = 0
        self._case = ""
        self._papers_before = self._papers()
        self._writers: list[threading.Thread] = []
        if self._out is not None:
            self._out.mkdir(parents=True, exist_ok=True)

    def go(self) -> int:
        from kiosk.commands.process import Manner, run_process
        from kiosk.screens.qt.messages import QtWarnings
        from kiosk.screens.words import OnMissing

        manner = Manner(
            state=self._sandbox.state,
            simulated=True,
            offset=self._sandbox.clock_offset(),
            core=self._core,
            language=self._options.language,
            warnings=QtWarnings.CRASH,
            motion=0.0,
            missing_text=OnMissing.RAISE,
            ready=self._ready,
            observer=self._observe,
            after_visit=self._after,
            environment=dict(os.environ),
        )
        status = run_process(self._settings, manner)
        for writer in self._writers:
            writer.join()
        self.record.told = [asdict(told) for told in self._told]
        if not self.record.problem and status != 0:
            self.record.problem = f"the terminal ended with status {status}"
        if not self.record.problem:
            self._judge()
        self._leave_papers()
        if self._out is not None:
            text = json.dumps(self.record.as_json(), ensure_ascii=False, indent=1) + "\n"
            (self._out / "journey.json").write_text(text, "utf-8")
        return 1 if self.record.problem else 0

    # -- the core's side ---------------------------------------------------------------------------------------------

    async def _core(self, built: Any) -> int | None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        running = asyncio.ensure_future(built.run())
        waiting = asyncio.ensure_future(self._ended.wait())
        _ = await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        await self._empty_outbox(built)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        return None

    async def _empty_outbox(self, built: Any) -> None:
        """What was promised goes out before headquarters is asked whether it agrees."""
        until = time.monotonic() + AGREE_SECONDS
        while await built.store.outbox.waiting() and time.monotonic() < until:
            await asyncio.sleep(0.05)

    async def _observe(self, kind: str, key: str) -> None:
        for one in [h for h in self._due if h.steps.intersection((kind, key))]:
            self._due.remove(one)
            _ = await asyncio.to_thread(self._sandbox.world.call, one.do, **one.arguments)

    async def _after(self, report: Any) -> None:
        self.record.outcome = report.ending
        self.record.topic = report.topic
        self.record.case_number = report.number
        self._case = report.end.case
        self.record.steps = [
            {
                "kind": s.kind,
                "key": s.key,
                "citizen": round(s.seconds[Whose.CITIZEN], 4),
                "device": round(s.seconds[Whose.DEVICE], 4),
                "network": round(s.network, 4),
                "software": round(s.software, 4),
                "server": round(s.server, 4),
            }
            for s in report.steps
        ]
        self.record.effects = [
            {"key": e.key, "kind": e.kind.value, "state": e.state.value, "number": e.number}
            for e in report.end.effects
        ]

    # -- the citizen's side ------------------------------------------------------------------------------------------

    def _ready(self, window: Any, stage: Any) -> None:
        from kiosk.simulation.qt.gauge import Pulse
        from kiosk.simulation.qt.hands import Hands

        del stage
        self._hands = Hands(window)
        self._pulse = Pulse(window, lambda: self._hands.eyes_seconds)
        self._pulse.start()
        threading.Thread(target=self._citizen, name="citizen", daemon=True).start()

    def _citizen(self) -> None:
        try:
            world = self._sandbox.world
            citizen = self._somebody()
            self._wait_for_service()
            doing = self._doing(citizen)
            self._pulse.begin()
            used = time.process_time()
            by_the_wall_clock(doing)
            # Saying how it was is nobody's duty: its touch is not the service's.
            self._count(citizen)
            by_the_wall_clock(go_home(citizen))
            self.record.cpu_seconds = round(time.process_time() - used, 3)
            self.record.qt = _stalls(self._pulse)
            world.call("person-leaves")
        except BaseException as failure:
            self.record.problem = f"{type(failure).__name__}: {failure}"
            if self._out is not None:
                try:
                    self._hands.grab(self._out / "problem.png")
                except Exception:
                    _log.exception("no picture of the problem")
        finally:
            while self._loop is None or self._ended is None:
                time.sleep(0.05)
            self._loop.call_soon_threadsafe(self._ended.set)

    def _somebody(self) -> Citizen:
        """The service's own person, the one of the case, or a stranger who knows the first one's number."""
        world, own, plan = self._sandbox.world, SCRIPTS[self._options.code][0], self._plan
        wanted = (plan.situation if plan is not None else "") or own
        strangers = plan is not None and plan.way is not None and plan.way.strangers
        nth = stranger_to(world, wanted, own) if strangers else self._options.nth
        if plan is not None and plan.way is not None and plan.way.nth:
            nth = plan.way.nth
        person = world.call("person-arrives", situation=wanted, nth=nth)["person"]
        number = person["number"]
        if strangers:
            number = world.call("find", situation=own, nth=0)["person"]["number"]
        return Citizen(self._hands, world, number, person["phone"], self._seen)

    def _doing(self, citizen: Citizen) -> Doing:
        """By the table; where something goes wrong, no table says what comes: the pages themselves must."""
        code, plan = self._options.code, self._plan
        own, script = SCRIPTS[code]
        if self._settings.cabinet.finished is FinishedIn.DISPENSER:
            script = by_dispenser(script)
        if plan is not None:
            habits = {} if plan.way is None else dict(plan.way.habits)
            if plan.way is not None and plan.way.strangers:
                habits["ReadCard"] = found_card(self._sandbox.world, own)
            if plan.agency:
                tell_authority(self._sandbox, plan.agency)
            return Follower(citizen, code, script, habits, told=self._told).visit()
        return wander(citizen, Wish(code)) if self._as_it_comes else play(citizen, script)

    def _count(self, citizen: Citizen) -> None:
        self.record.touches = [(t.page, t.name) for t in citizen.touches if not t.typed]
        self.record.taps = len(self.record.touches)
        self.record.typed = len(citizen.touches) - self.record.taps

    def _wait_for_service(self) -> None:
        """The terminal says on its attract page when the service can be had."""
        until = time.monotonic() + 60
        while not self._ready_for_it():
            if time.monotonic() > until:
                raise AssertionError(f"{self._options.code} did not open")
            time.sleep(0.05)

    def _ready_for_it(self) -> bool:
        """A service without a tile on the attract page is looked for among all, once nothing is being checked."""
        view = self._hands.look().view
        frequent = self._options.code in _codes(view)
        return _open_now(view, self._options.code) if frequent else _quiet(view)

    def _seen(self, sight: Sight) -> None:
        self.record.pages.append(sight.kind)
        if self._out is None:
            return
        self._shots += 1
        self._hands.grab(self._out / f"{self._shots:02d}-{sight.kind.removesuffix('Page').lower()}.png")

    # -- afterwards --------------------------------------------------------------------------------------------------

    def _judge(self) -> None:
        """The ending must be one this visit should have, and headquarters must agree with it."""
        if self._plan is not None:
            self._judge_case(self._plan)
            return
        if not self._as_it_comes and self.record.outcome not in GOOD_ENDINGS[self._options.code]:
            self.record.problem = f"the visit ended {self.record.outcome or 'without an outcome'}"
            return
        done = subprocess.run(
            [sys.executable, "-m", "central", "ledger", "--state", str(self._sandbox.state), "--json"],
            capture_output=True,
            timeout=60,
            check=False,
        )
        if done.returncode != 0:
            self.record.problem = "headquarters' ledger could not be read"
            return
        ledger = json.loads(done.stdout)
        self.record.problem = self._disagreement(ledger)
        self.record.agreed = not self.record.problem

    def _judge_case(self, plan: Plan) -> None:
        if plan.agency:
            tell_authority(self._sandbox, {"agency": plan.agency["agency"]})
        found = not_as_it_should(plan, self._sandbox, self.record.outcome, self._told, self._case)
        self.record.problem = "; ".join(found)
        self.record.agreed = not self.record.problem

    def _disagreement(self, ledger: dict[str, Any]) -> str:
        """Why headquarters does not agree, or nothing."""
        text = json.dumps(ledger, ensure_ascii=False)
        number = self.record.case_number
        if number and number not in text:
            return f"headquarters does not know {number}"
        if self.record.outcome != "done":
            return ""
        made = [d for d in ledger["documents"] if d["case"] == number and not d["kind"].startswith("old-")]
        if "locker" in service(self._options.code).devices and [d["place"] for d in made] != ["citizen"]:
            return "headquarters still has the new document in the cabinet"
        if self._options.code in PAID_FOR:
            captured = [p for p in ledger["payments"] if p["state"] == "captured" and p["visit"] == self._case]
            if len(captured) != 1:
                return f"headquarters captured {len(captured)} payments"
        return ""

    def _leave_papers(self) -> None:
        """The printed paper, beside the pictures."""
        if self._out is None:
            return
        for file in sorted(self._papers() - self._papers_before):
            (self._out / file.name).write_bytes(file.read_bytes())
            self.record.papers.append(file.name)

    def _papers(self) -> set[Path]:
        """What the world's printers have put out so far."""
        return set((self._sandbox.state / "world" / "papers").glob("*"))


def _stalls(pulse: Any) -> dict[str, Any]:
    """How late the Qt thread was at worst, and every time it was notably late."""

    def told(stall: Any) -> dict[str, Any]:
        times = {"late_ms": stall.late, "busy_ms": stall.busy, "queued_ms": stall.queued}
        return {name: round(seconds * 1e3, 1) for name, seconds in times.items()} | {"page": stall.page}

    return {"longest_stall": told(pulse.longest), "stalls": [told(stall) for stall in pulse.notable]}


def _codes(value: Any) -> set[str]:
    """Codes of all tiles of a view."""
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        own = {table["code"]} if isinstance(table.get("code"), str) else set[str]()
        return own.union(*(_codes(inner) for inner in table.values()))
    if isinstance(value, list):
        return set[str]().union(*(_codes(inner) for inner in cast("list[Any]", value)))
    return set()


def _quiet(value: Any) -> bool:
    """Whether nothing of a view is still being checked, and something is open."""
    states = set(_states(value))
    return "open" in states and "checking" not in states


def _states(value: Any) -> Iterator[str]:
    """The state of every tile."""
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        if "code" in table and isinstance(table.get("state"), str):
            yield table["state"]
        for inner in table.values():
            yield from _states(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _states(inner)


def _open_now(value: Any, code: str) -> bool:
    """Whether a view holds the tile of this service, open."""
    if isinstance(value, dict):
        if value.get("code") == code and value.get("enabled") is True:  # pyright: ignore[reportUnknownMemberType]
            return True
        return any(_open_now(v, code) for v in value.values())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return isinstance(value, list) and any(_open_now(v, code) for v in value)  # pyright: ignore[reportUnknownVariableType]
