"""`kiosk journey MT02` and its like: a technician's visit on the real terminal, from the way in to the way out.

Real QML under real touch events, the simulated world on ptys, headquarters over HTTPS. Exit status 0 only when every
page came as it should, the task ended well, citizens are served again, and the audit trail that headquarters holds
tells the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import requests

from kiosk.commands.simulated import TERMINAL, Sandbox, settings_for
from kiosk.commands.simulated_staff import SECRET, SITUATION, Simulated, of_role
from kiosk.people.staff import Role
from kiosk.people.synthetic import PopulationKey, Situation, population
from kiosk.protocol.staff import response
from kiosk.simulation.citizen import Act, Citizen, Doing, Expect, Sight, by_the_wall_clock, lay, play, tap
from kiosk.simulation.scripts.technician import (
    HAND_BACK,
    JAM,
    PAPER,
    TRIED,
    TRIED_BESIDE,
    hold_corners,
    in_turn,
    load,
    loads,
    readiness,
    sign_in,
    sign_in_by_telephone,
    turn_key,
    typed,
)

_log = logging.getLogger(__name__)

AGREE_SECONDS = 60.0
DEPOT_SECONDS = 10.0
"""Until headquarters holds the trail of the visit: it goes up with the heartbeat's rhythm."""
LOOK_AGAIN_SECONDS = 0.2
PATIENCE_SECONDS = 60.0
BOOKS = "central.sqlite3"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One technician's visit: who, what is done in the world before they come, the pages, and what must be on record.

    `trail` are audit events with details of which each must be there, in this order; `most_taps` between the overview
    and the overview again.
    """

    who: Simulated
    before: tuple[dict[str, str], ...]
    script: Callable[[Simulated], tuple[Expect, ...]]
    trail: tuple[tuple[str, dict[str, str]], ...]
    most_taps: int = 0
    box: tuple[int, ...] = ()
    """Finished cards that come from the depot in a box: which of the people whose renewed card is finished."""


def world(do: str, **arguments: str) -> Act:
    """Something in the world, on whatever page is up."""

    def act(citizen: Citizen, sight: Sight) -> Any:
        del sight
        citizen.world.call(do, **arguments)
        yield LOOK_AGAIN_SECONDS

    return act


def _by_corners(task: Sequence[Expect]) -> Callable[[Simulated], tuple[Expect, ...]]:
    return lambda who: (Expect("OutOfService|Attract", hold_corners), *sign_in(who.pin), *task, *HAND_BACK)


def _offline(who: Simulated) -> tuple[Expect, ...]:
    """Headquarters is away and so is the reader: the key, and a code by telephone."""
    by_code = sign_in_by_telephone(who.number, lambda asked: response(SECRET, TERMINAL, asked, who.number))
    mended = in_turn(
        world("clear", device="id-reader", fault="silent"),
        _until_well,
        tap("task-MT06"),
    )
    return (
        Expect("Attract", turn_key("maintenance")),
        *by_code,
        Expect("OverviewPage", mended),
        Expect("HandBackPage", in_turn(world("turn-key", to="run"), tap("hand-back"))),
    )


def _until_well(citizen: Citizen, sight: Sight) -> Doing:
    del sight
    yield from citizen.until(lambda: _well(citizen), "the devices to answer")


def _well(citizen: Citizen) -> bool:
    rows = citizen.hands.look().view["page"].get("rows", [])
    return bool(rows) and all(row["tone"] != "danger" for row in rows)


IN_THE_BOX = "box"
"""Under this name the citizen's notes have what is in the box."""


def _arrives(who: Simulated) -> Act:
    """They step before the machine, and the other one aside."""
    return world("person-arrives", situation=SITUATION.value, nth=str(who.nth))


def _opens_the_box(citizen: Citizen, sight: Sight) -> Doing:
    del sight
    for item in citizen.notes[IN_THE_BOX].split():
        citizen.world.call("deliver", card=item)
    yield LOOK_AGAIN_SECONDS


def _lays_in(citizen: Citizen, sight: Sight) -> Doing:
    yield from loads(*citizen.notes[IN_THE_BOX].split())(citizen, sight)


def _loading(who: Simulated) -> tuple[Expect, ...]:
    """Two people: the first brings the box and lays in what is asked for, the second signs in beside them."""
    beside = of_role(Role.LOADER, 1)
    return (
        Expect("OutOfService|Attract", hold_corners),
        *sign_in(who.pin),
        Expect("OverviewPage", tap("task-MT01")),
        Expect("StaffCardPage", in_turn(_opens_the_box, _arrives(beside), lay("own"))),
        Expect("StaffKeyPage", typed(beside.pin, "pin")),
        *load(_arrives(who), _lays_in),
        *HAND_BACK,
    )


_LOADER = of_role(Role.LOADER)
_TECHNICIAN = of_role(Role.TECHNICIAN)
_ATTENDANT = of_role(Role.ATTENDANT)
_IN = ("maintenance-entered", {"way": "card"})
_OUT = ("maintenance-left", {"stays-out": ""})

JOURNEYS = MappingProxyType(
    {
        "MT01": Wanted(
            _LOADER,
            (),
            _loading,
            (
                _IN,
                ("documents-counted", {"machine": "0", "people": "0", "why": ""}),
                ("maintenance-task", {"task": "MT01", "outcome": "done"}),
                _OUT,
            ),
            box=(5, 6),
        ),
        "MT02": Wanted(
            _ATTENDANT,
            ({"do": "fault", "device": "receipt-printer", "fault": "paper-out"},),
            _by_corners(PAPER),
            (_IN, ("supply-exchanged", {"before": "out", "after": "full", "who": _ATTENDANT.number}), _OUT),
            most_taps=6,
        ),
        "MT03": Wanted(
            _TECHNICIAN,
            ({"do": "fault", "device": "page-printer", "fault": "media-jam"},),
            _by_corners(JAM),
            (_IN, ("maintenance-task", {"task": "MT03", "outcome": "done"}), _OUT),
            most_taps=6,
        ),
        "MT04": Wanted(
            _TECHNICIAN,
            (),
            _by_corners(readiness(*TRIED, *TRIED_BESIDE)),
            (
                _IN,
                ("calibrated", {"what": "display-size"}),
                ("maintenance-task", {"task": "MT04", "outcome": "done"}),
                _OUT,
            ),
        ),
        "MT05": Wanted(
            _TECHNICIAN,
            (
                {"do": "network", "state": "down"},
                {"do": "fault", "device": "id-reader", "fault": "silent"},
            ),
            _offline,
            (
                ("staff-try", {"way": "code", "outcome": "right"}),
                ("maintenance-entered", {"way": "code"}),
                ("maintenance-left", {"stays-out": "network,headquarters"}),
            ),
        ),
    }
)


@dataclass
class Record:
    """What journey.json tells."""

    code: str
    language: str
    outcome: str = ""
    agreed: bool = False
    pages: list[str] = field(default_factory=list[str])
    touches: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    taps: int = 0
    task_taps: int = 0
    """From the overview to the overview again."""
    typed: int = 0
    wall_seconds: float = 0.0
    """From the way in to citizens being served again."""
    trail: list[str] = field(default_factory=list[str])
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """For journey.json."""
        return asdict(self)


class StaffJourney:
    """The technician's thread, and the terminal on the main thread."""

    def __init__(self, code: str, sandbox: Sandbox, language: str, out: Path | None) -> None:
        self.record = Record(code, language)
        self._wanted = JOURNEYS[code]
        self._sandbox = sandbox
        self._out = out
        self._hands: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._before = 0
        """How much of technicians' visits headquarters held before this one."""
        self._before = len(self._trail())
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)

    def go(self) -> int:
        """The exit status."""
        from kiosk.commands.process import Manner, run_process
        from kiosk.screens.qt.messages import QtWarnings
        from kiosk.screens.words import OnMissing

        manner = Manner(
            state=self._sandbox.state,
            simulated=True,
            offset=self._sandbox.clock_offset(),
            core=self._core,
            language=self.record.language,
            warnings=QtWarnings.CRASH,
            motion=0.0,
            missing_text=OnMissing.RAISE,
            ready=self._ready,
            after_visit=self._after,
            environment=dict(os.environ),
        )
        status = run_process(settings_for(self._sandbox, self.record.language), manner)
        if not self.record.problem and status != 0:
            self.record.problem = f"the terminal ended with status {status}"
        if not self.record.problem:
            self._judge()
        if self._out is not None:
            text = json.dumps(self.record.as_json(), ensure_ascii=False, indent=1) + "\n"
            (self._out / "journey.json").write_text(text, "utf-8")
        return 1 if self.record.problem else 0

    async def _core(self, built: Any) -> int | None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        running = asyncio.ensure_future(built.run())
        waiting = asyncio.ensure_future(self._ended.wait())
        _ = await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        until = time.monotonic() + AGREE_SECONDS
        while not self.record.problem and not self._held() and time.monotonic() < until:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        return None

    async def _after(self, report: Any) -> None:
        self.record.outcome = report.ending

    # -- the technician ----------------------------------------------------------------------------------------------

    def _ready(self, window: Any, stage: Any) -> None:
        from kiosk.simulation.qt.hands import Hands

        del stage
        self._hands = Hands(window)
        threading.Thread(target=self._technician, name="technician", daemon=True).start()

    def _technician(self) -> None:
        try:
            world = self._sandbox.world
            who = self._wanted.who
            person = world.call("person-arrives", situation=SITUATION.value, nth=who.nth)["person"]
            citizen = Citizen(self._hands, world, person["number"], person["phone"], self._seen)
            citizen.notes[IN_THE_BOX] = " ".join(self._from_the_depot())
            by_the_wall_clock(citizen.until(lambda: self._hands.look().kind == "Attract", "the attract page"))
            for told in self._wanted.before:
                arguments = {name: value for name, value in told.items() if name != "do"}
                world.call(told["do"], **arguments)
            began = time.monotonic()
            by_the_wall_clock(play(citizen, [_where_they_begin(e, self._hands) for e in self._wanted.script(who)]))
            by_the_wall_clock(citizen.until(lambda: self._hands.look().kind == "Attract", "citizens to be served"))
            world.call("network", state="up")
            self.record.wall_seconds = round(time.monotonic() - began, 1)
            self._count(citizen)
            world.call("person-leaves")
        except BaseException as failure:
            self.record.problem = f"{type(failure).__name__}: {failure}"
            if self._out is not None:
                with contextlib.suppress(Exception):
                    self._hands.grab(self._out / "problem.png")
        finally:
            while self._loop is None or self._ended is None:
                time.sleep(0.05)
            self._loop.call_soon_threadsafe(self._ended.set)

    def _from_the_depot(self) -> list[str]:
        """The cards of the box; headquarters' books have them in the station's depot from now on."""
        people = population(PopulationKey.from_json((self._sandbox.state / "population.json").read_text("utf-8")))
        made = [people.find(Situation.CARD_FINISHED_RENEWAL, nth).new_card for nth in self._wanted.box]
        items = [card.record.item for card in made if card is not None]
        with requests.Session() as session:
            session.trust_env = False
            for item in items:
                # The sandbox's own certificate, on this machine.
                address = f"{self._sandbox.address.people}/sandbox/depot/{item}"
                session.post(address, timeout=DEPOT_SECONDS, verify=False).raise_for_status()
        return items

    def _seen(self, sight: Sight) -> None:
        self.record.pages.append(sight.kind)
        if self._out is not None:
            name = f"{len(self.record.pages):02d}-{sight.kind.removesuffix('Page').lower()}.png"
            self._hands.grab(self._out / name)

    def _count(self, citizen: Citizen) -> None:
        self.record.touches = [(t.page, t.name) for t in citizen.touches if not t.typed]
        self.record.taps = len(self.record.touches)
        self.record.typed = len(citizen.touches) - self.record.taps
        way_in_and_out = Counter(page for page, _ in self.record.touches)
        around = way_in_and_out["StaffCardPage"] + way_in_and_out["StaffKeyPage"] + way_in_and_out["HandBackPage"]
        handing_back = sum(name == "task-MT06" for _, name in self.record.touches)
        self.record.task_taps = self.record.taps - around - handing_back

    # -- afterwards --------------------------------------------------------------------------------------------------

    def _held(self) -> bool:
        """Whether headquarters holds the end of it."""
        return any(event == "maintenance-left" for event, _ in self._trail())

    def _trail(self) -> list[tuple[str, dict[str, str]]]:
        """The technician's rows of the audit trail, as headquarters holds them."""
        books = self._sandbox.state / "central" / BOOKS
        connection = sqlite3.connect(f"file:{books}?mode=ro", uri=True)
        try:
            rows = connection.execute("SELECT text FROM audit_line ORDER BY row").fetchall()
        finally:
            connection.close()
        told = [json.loads(text) for (text,) in rows]
        mine = ("calibrated", "documents-", "staff-", "maintenance-", "supply-")
        return [(row["event"], row["details"]) for row in told if row["event"].startswith(mine)][self._before :]

    def _judge(self) -> None:
        trail = self._trail()
        self.record.trail = [event for event, _ in trail]
        if self.record.outcome != "done":
            self.record.problem = f"the last task ended {self.record.outcome or 'without an outcome'}"
            return
        if self._wanted.most_taps and self.record.task_taps > self._wanted.most_taps:
            self.record.problem = f"{self.record.task_taps} taps, {self._wanted.most_taps} are enough"
            return
        rows = iter(trail)
        for event, details in self._wanted.trail:
            if not any(e == event and details.items() <= d.items() for e, d in rows):
                self.record.problem = f"headquarters' trail does not tell {event} {details}"
                return
        self.record.agreed = True


def _where_they_begin(expect: Expect, hands: Any) -> Expect:
    """Whatever the terminal shows to citizens when they come."""
    if "|" not in expect.page:
        return expect
    return Expect(hands.look().kind, expect.act)
