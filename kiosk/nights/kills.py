"""Deaths of the terminal: the power is cut at one boundary of a visit, and a new terminal finds what is left.

Before and after every durable write, every command to a device and every request lies a boundary (see power.py). A
run without a cut counts them; then each is visited with a cut of its own. What must be true afterwards is checked
after the restart, after the citizen came back, and after their next visit.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kiosk.commands.simulated import Machine
from kiosk.nights.many import in_order
from kiosk.nights.night import Night, NotReady, PowerCut, Running, nightfall
from kiosk.nights.somebody import steps_up
from kiosk.nights.truths import untrue
from kiosk.settings.model import FinishedIn
from kiosk.simulation.citizen import Citizen, Doing, Expect, by_dispenser, play
from kiosk.simulation.scene import Impossible
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.simulation.wanderer import STEADY, Wanderer
from kiosk.virtual import run_virtual

DAY = date(2026, 11, 22)
AWAY_SECONDS = 20.0
"""Between the cut and the next start: what the devices were doing comes to its end."""


@dataclass(frozen=True, slots=True)
class Death:
    """One cut: where it was, how the books looked before and after the recovery, whether the citizen was told."""

    number: int
    where: str
    service: str
    effects: tuple[tuple[str, str, str], ...]
    """(kind, was, now) of each effect the new terminal found in an open case."""
    told: bool
    next_ending: str
    wrong: tuple[str, ...] = ()


@dataclass
class Deaths:
    """All cuts of one service."""

    service: str
    boundaries: int
    deaths: list[Death] = field(default_factory=list[Death])

    @property
    def wrong(self) -> tuple[str, ...]:
        """Everything that was false after some cut."""
        return tuple(f"{self.service} cut {d.number} ({d.where}): {w}" for d in self.deaths for w in d.wrong)


def kill_everywhere(
    folder: Path,
    service: str,
    seed: int,
    *,
    step: int = 1,
    offset: int = 0,
    language: str = "zh-CN",
    machine: Machine | None = None,
) -> Deaths:
    """Cut at every `step`th boundary of a good visit, beginning with number `offset`, at this kind of machine."""
    stands = machine or Machine()
    first, last = _boundaries(folder / "counted", service, seed, language, stands)
    deaths = Deaths(service, last - first)
    for number in range(first + 1 + offset, last + 1, step):
        place = folder / f"cut-{number:05d}"
        deaths.deaths.append(_one(place, service, seed, number, language, stands))
    return deaths


def _boundaries(folder: Path, service: str, seed: int, language: str, machine: Machine) -> tuple[int, int]:
    found: list[int] = []

    async def whole() -> None:
        async with Night(folder, seed, DAY, language, machine=machine) as night:
            running = await night.start()
            found.append(running.power.passed)
            if not await _until_dead(running, play(_somebody(night, service), _script(night, service))):
                raise AssertionError("the visit that counts boundaries died")
            found.append(running.power.passed)

    run_virtual(whole(), nightfall(DAY))
    return found[0], found[1]


def _one(folder: Path, service: str, seed: int, number: int, language: str, machine: Machine) -> Death:
    found: list[Death] = []

    async def whole() -> None:
        async with Night(folder, seed, DAY, language, machine=machine) as night:
            found.append(await _die_and_come_back(night, service, number))

    run_virtual(whole(), nightfall(DAY))
    return found[0]


def _script(night: Night, service: str) -> Sequence[Expect]:
    """What a citizen does at this machine."""
    script = SCRIPTS[service][1]
    return by_dispenser(script) if night.settings.cabinet.finished is FinishedIn.DISPENSER else script


async def _die_and_come_back(night: Night, service: str, number: int) -> Death:
    running = await night.start(number)
    alive = await _until_dead(running, play(_somebody(night, service), _script(night, service)))
    if alive and running.power.on:
        raise AssertionError(f"boundary {number} was never reached")
    where = await night.kill()
    _take_back(night)
    await _pass(AWAY_SECONDS)
    left = night.folder / f"start-{night.starts:03d}" / "terminal" / "terminal.db"
    before, interrupted = _effects(left), _interrupted(left)
    try:
        await _start_again(night)
    except NotReady as closed:
        raise NotReady(f"after cut {number} ({where}): {closed}") from None
    await in_order(night)
    after = _effects(_database(night))
    wrong = [f"after the restart: {w}" for w in untrue(night)]
    back = await _come_back(night, service)
    await in_order(night)
    wrong += [f"after they came back: {w}" for w in untrue(night)]
    if interrupted and not back.told:
        wrong.append("the citizen who came back was not told")
    effects = tuple((kind, state, after.get(key, ("", "gone"))[1]) for key, (kind, state) in before.items())
    return Death(number, where, service, effects, back.told, back.ending, tuple(wrong))


@dataclass(frozen=True, slots=True)
class _Back:
    told: bool
    ending: str


async def _come_back(night: Night, service: str) -> _Back:
    """The same person once more, with whatever cards they have in the hand; does what each page asks."""
    assert night.running is not None
    pages: list[str] = []
    citizen = _somebody(night, service, pages)
    hand = night.street.call("state")["hand"]
    prefer: dict[str, str] = {"RightsPage": "no-objection"}
    if not hand:
        prefer["ReadCard"] = "without-card"
    if service == "HZ01":
        prefer["ChoosePage"] = "choose:renewal" if hand else "choose:loss"
    before = len(night.reports)
    wanderer = Wanderer(citizen, service, random.Random(1), STEADY, prefer)
    for seconds in wanderer.visit():
        await _pass(seconds)
    ending = night.reports[-1].ending if len(night.reports) > before else ""
    return _Back("WelcomeBack" in pages, ending)


async def _start_again(night: Night) -> None:
    try:
        _ = await night.start()
    except PowerCut as cut:
        raise AssertionError("the power was cut though nobody asked for it") from cut


def _somebody(night: Night, service: str, pages: list[str] | None = None) -> Citizen:
    return steps_up(night, service, lambda sight: None if pages is None else pages.append(sight.kind))


async def _until_dead(running: Running, doing: Doing) -> bool:
    """Whether the citizen came to the end of what they do before the power was cut."""
    for seconds in doing:
        if running.dead.is_set():
            doing.close()
            return False
        await _pass(seconds)
    return not running.dead.is_set()


async def _pass(seconds: float) -> None:
    await asyncio.sleep(seconds)


def _database(night: Night) -> Path:
    assert night.running is not None
    return night.running.folder / "terminal" / "terminal.db"


def _effects(file: Path) -> dict[str, tuple[str, str]]:
    """Kind and state of every effect, by key, in the order they were begun."""
    if not file.exists():
        return {}
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return {key: (kind, state) for key, kind, state in _rows(connection)}
    finally:
        connection.close()


def _interrupted(file: Path) -> bool:
    """Whether a visit was cut short that had reached the books."""
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return bool(connection.execute("SELECT count(*) FROM cases WHERE how = 'open'").fetchone()[0])
    finally:
        connection.close()


def _rows(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    yield from connection.execute("SELECT key, kind, state FROM effects ORDER BY row")


def _take_back(night: Night) -> None:
    """Whoever sees the screen go dark takes card and pass as far as they stand out."""
    for do in ("take-card", "withdraw-pass", "take-pass", "take-document"):
        try:
            night.street.call(do)
        except Impossible:
            continue
