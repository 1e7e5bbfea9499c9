"""One visit in a night of its own in which one thing is different, and what became of it.

The same for the matrix of faults and for the cases of a service: somebody who knows the way, a habit or an event that
is not as usual, and everything that must be true afterwards.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.commands.simulated import Machine
from kiosk.nights.many import in_order
from kiosk.nights.night import Night, NotReady, Running, nightfall
from kiosk.nights.otherwise import Happening, Otherwise
from kiosk.nights.truths import untrue
from kiosk.settings.model import FinishedIn
from kiosk.simulation.citizen import Citizen, Touched, Unexpected, by_dispenser
from kiosk.simulation.following import Follower, Told
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.simulation.ways import found_card, stranger_to
from kiosk.virtual import run_virtual

DAY = date(2026, 11, 22)
SEED = 7
LATE_SECONDS = 7_200.0
"""After so much of a night nobody else comes: midnight would change what is due."""
GLANCE_SECONDS = 0.2
"""Nobody looks at the page more often than that."""


@dataclass
class Lived:
    """A visit that is over. `wrong` is everything that must not be; nothing means all is well."""

    service: str
    ending: str = ""
    topic: str = ""
    number: str = ""
    pages: list[str] = field(default_factory=list[str])
    told: list[Told] = field(default_factory=list[Told])
    steps: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Kind and key of every step, in order."""
    touches: list[Touched] = field(default_factory=list[Touched])
    effects: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Kind and state."""
    printers: list[str] = field(default_factory=list[str])
    """What put paper out."""
    taken_fen: int = 0
    kept_fen: int = 0
    """Of what was taken, what was not given back."""
    happened: bool = False
    """Whether what was to happen did."""
    wrong: list[str] = field(default_factory=list[str])

    @property
    def code(self) -> str:
        """Of the page that told a no, the last one; "" where none did."""
        return self.told[-1].code if self.told else ""


def live(folder: Path, service: str, otherwise: Otherwise, *, seed: int = SEED, language: str = "zh-CN") -> Lived:
    """The visit, from the terminal's start to its books in order."""
    return live_on(folder, service, (otherwise,), seed=seed, language=language)[0]


def live_on(
    folder: Path, service: str, others: Sequence[Otherwise], *, seed: int = SEED, language: str = "zh-CN"
) -> list[Lived]:
    """One visit after another in one night, each with its books in order before the next comes.

    Fewer come back than were asked for where something went wrong, or the night grew late: the rest needs another.
    To be given people who have nothing to do with each other.
    """
    shutil.copytree(_headquarters(seed), folder / "central")
    found: list[Lived] = []

    async def whole() -> None:
        machine = Machine(others[0].profile)
        async with Night(folder, seed, DAY, language, machine=machine) as night:
            await _visits(night, service, others, found)

    run_virtual(whole(), nightfall(DAY))
    return found


@cache
def _headquarters(seed: int) -> Path:
    """Where headquarters' books lie as they are before its first day; made once: every night begins with them."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-lived-"))
    _ = atexit.register(shutil.rmtree, folder, ignore_errors=True)

    async def whole() -> None:
        async with Night(folder, seed, DAY):
            pass

    run_virtual(whole(), nightfall(DAY))
    return folder / "central"


@dataclass
class _Visit:
    """The visit under way, and what was on the books before it."""

    lived: Lived
    due: list[Happening]
    reports: int = 0
    papers: int = 0
    orders: frozenset[str] = frozenset()


async def _visits(night: Night, service: str, others: Sequence[Otherwise], found: list[Lived]) -> None:
    visit = _Visit(Lived(service), [])

    async def observe(kind: str, key: str) -> None:
        visit.lived.steps.append((kind, key))
        _happen(night, visit, kind, key)

    night.observer = observe
    running = await night.start()
    for otherwise in others:
        visit = _Visit(
            Lived(service),
            list(otherwise.happenings),
            len(night.reports),
            len(night.street.call("papers")["papers"]),
            frozenset(payment["order"] for payment in night.ledger()["payments"]),
        )
        found.append(visit.lived)
        await _visit(night, running, visit, otherwise)
        if visit.lived.wrong or _over(night, running, visit.lived):
            return


def _over(night: Night, running: Running, lived: Lived) -> bool:
    """Whether nobody else is to come: it is late, the terminal switched itself off, or a machine stands in doubt."""
    in_doubt = any(state == "in_doubt" for _, state in lived.effects)
    return in_doubt or running.task.done() or night.clock.monotonic() > LATE_SECONDS


async def _visit(night: Night, running: Running, visit: _Visit, otherwise: Otherwise) -> None:
    lived = visit.lived
    situation, script = SCRIPTS[lived.service]
    if night.settings.cabinet.finished is FinishedIn.DISPENSER:
        script = by_dispenser(script)
    wanted, nth = otherwise.situation or situation, otherwise.nth
    if otherwise.stranger:
        nth = stranger_to(night.street, wanted, situation)
    person = night.street.call("person-arrives", situation=wanted, nth=nth)["person"]
    number = person["number"]
    habits = otherwise.habits
    if otherwise.stranger:
        number = night.street.call("find", situation=situation, nth=0)["person"]["number"]
        habits = {**habits, "ReadCard": found_card(night.street, situation)}
    if otherwise.agency:
        _authority(night, otherwise.agency)
    citizen = Citizen(running.hands, night.street, number, person["phone"], lambda _: None, night.clock.monotonic)
    follower = Follower(citizen, lived.service, script, habits, pages=lived.pages, told=lived.told)
    _happen(night, visit, "", "")
    try:
        for seconds in follower.visit():
            await asyncio.sleep(max(seconds, GLANCE_SECONDS))
    except Unexpected as lost:
        lived.wrong.append(f"there was no way on: {lost}")
    lived.touches = citizen.touches
    if otherwise.agency:
        _authority(night, {"agency": otherwise.agency["agency"]})
    await _afterwards(night, visit)


def _authority(night: Night, order: Mapping[str, Any]) -> None:
    """Let an authority fail, or answer again."""
    answer = night.headquarters.people("POST", "/sandbox/faults", json.dumps(dict(order)).encode())
    if answer.status >= 400:
        raise AssertionError(f"headquarters' sandbox answered {answer.status}")


def _happen(night: Night, visit: _Visit, kind: str, key: str) -> None:
    for one in [h for h in visit.due if (kind in h.steps or key in h.steps if kind else not h.steps)]:
        visit.due.remove(one)
        night.street.call(one.do, **dict(one.arguments))
        visit.lived.happened = True


async def _afterwards(night: Night, visit: _Visit) -> None:
    """Everything is mended, and the books are looked at."""
    lived = visit.lived
    lived.printers = sorted({str(p["device"]) for p in night.street.call("papers")["papers"][visit.papers :]})
    try:
        await in_order(night)
    except (NotReady, TimeoutError) as never:
        lived.wrong.append(f"it does not come back into order: {never}")
        return
    if len(night.reports) > visit.reports:
        report = night.reports[-1]
        lived.ending, lived.topic, lived.number = report.ending, report.topic, report.number
        lived.effects = [(e.kind.value, e.state.value) for e in report.end.effects]
    for payment in night.ledger()["payments"]:
        if payment["order"] not in visit.orders:
            lived.taken_fen += payment["taken_fen"]
            lived.kept_fen += payment["taken_fen"] - payment["refunded_fen"]
    lived.wrong += untrue(night)
    lived.wrong += [f"{told.code} was told without its four parts" for told in lived.told if not told.whole]
