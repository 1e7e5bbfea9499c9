"""Faults x services, recorded by playing every visit with every fault on the virtual clock (rule 36).

A fault strikes when the first step begins that needs the device: what stands in a cell is what came of that visit. A
fault "cannot occur" in a service that needs no such device, by its entry in the catalogue and by the steps of its
visit. What a fault does while nobody is there is another table: which services the attract page closes.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

from kiosk.commands.simulated import Machine
from kiosk.nights.lived import DAY, SEED, Lived, live, live_on
from kiosk.nights.night import Night, nightfall
from kiosk.nights.offered import catalogue, offered, service
from kiosk.nights.otherwise import Happening, Otherwise
from kiosk.nights.troubles import (
    EVERYBODYS,
    FIRST_STROKES,
    PICK_UP,
    PRINTERS,
    Trouble,
    needing,
    troubles,
)
from kiosk.people.synthetic import PopulationKey, Situation, population
from kiosk.screens.states import ServiceOpen
from kiosk.settings import load_settings
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.simulation.state import Device
from kiosk.virtual import run_virtual

IDLE_SECONDS = 60.0
"""How long a fault lasts before the attract page is looked at."""
CANNOT = "cannot occur"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a service's visit touches: found once, by playing it without any fault."""

    devices: frozenset[str]
    kinds: tuple[str, ...]
    """Of its steps, in order, each once."""
    profiles: frozenset[str] = frozenset({""})
    """Kinds of machine that offer it, of those that are played."""


@dataclass
class Matrix:
    """The record: cells by service and fault, and what is closed by fault while nobody is there."""

    seed: int = SEED
    day: str = DAY.isoformat()
    services: list[str] = field(default_factory=list[str])
    faults: list[str] = field(default_factory=list[str])
    cells: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    closes: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    wrong: list[str] = field(default_factory=list[str])

    def as_json(self) -> str:
        """One line a cell, so that a change is read as one."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @staticmethod
    def parse(text: str) -> Matrix:
        """Raises ValueError, TypeError."""
        return Matrix(**json.loads(text))


def needs_of(code: str) -> Needs:
    """Play it once. Raises AssertionError when even that does not go well."""
    lived = _live(code, Otherwise())
    if lived.wrong or lived.ending != "done":
        raise AssertionError(f"{code} does not go well without any fault: {lived.ending} {lived.wrong}")
    kinds = tuple(dict.fromkeys(kind for kind, _ in lived.steps))
    used = {d.value for d in Device if d.value not in PRINTERS and needing(d.value).intersection(kinds)}
    profiles = {"", PICK_UP} if code in load_settings(None, {"profile": PICK_UP}).kind.services else {""}
    return Needs(frozenset({*service(code).devices, *lived.printers, *used}), kinds, frozenset(profiles))


def can_occur(trouble: Trouble, needs: Needs) -> bool:
    """Computed, never typed: whether this fault can meet a visit that needs these."""
    if trouble.profile not in needs.profiles:
        return False
    if trouble.step:
        return trouble.step in needs.kinds
    return trouble.device in EVERYBODYS or trouble.device in needs.devices


def struck(trouble: Trouble, needs: Needs) -> Otherwise:
    """A visit in which the fault strikes when the first step begins that needs the device."""
    steps = frozenset({trouble.step}) if trouble.step else needing(trouble.device).intersection(needs.kinds)
    # What no step names is there from the beginning of what follows the identification.
    steps = steps or frozenset({"look-up"}).intersection(needs.kinds) or frozenset(needs.kinds[-1:])
    do, arguments = trouble.command
    return Otherwise(happenings=(Happening(steps, do, arguments),), profile=trouble.profile)


def cell(lived: Lived) -> str:
    """One cell in words: how it ended, the code that was told, and which effects did not come about."""
    if not lived.happened:
        return "did not come to it"
    words = [lived.ending or "no visit"]
    if lived.told:
        words.append(lived.code)
    notes = [f"{kind} {state.replace('_', ' ')}" for kind, state in lived.effects if state != "done"]
    return " ".join(words) + (f" ({', '.join(dict.fromkeys(notes))})" if notes else "")


def play(code: str, trouble: Trouble, needs: Needs) -> Lived:
    """One cell's visit."""
    return _live(code, struck(trouble, needs))


def _live(code: str, otherwise: Otherwise) -> Lived:
    with tempfile.TemporaryDirectory(prefix="kiosk-cell-") as folder:
        return live(Path(folder), code, otherwise)


def closed_by(trouble: Trouble) -> list[str]:
    """The offered services that the attract page closes for this fault while nobody is there."""
    found: list[str] = []

    async def whole() -> None:
        with tempfile.TemporaryDirectory(prefix="kiosk-cell-") as folder:
            async with Night(Path(folder), SEED, DAY, machine=Machine(trouble.profile)) as night:
                running = await night.start()
                do, arguments = trouble.command
                night.street.call(do, **arguments)
                await asyncio.sleep(IDLE_SECONDS)
                shown = running.stage.shown
                attract = shown is not None and shown.view.kind == "Attract"
                open_now = {t.code for t in running.built.duty.tiles() if attract and t.open is ServiceOpen.OPEN}
                here = night.settings.kind.services
                found.extend(code for code in offered() if code in here and code not in open_now)

    run_virtual(whole(), nightfall(DAY))
    return found


# -- recording


Played = tuple[str, list[str]]
"""A cell, and what was wrong after its visit."""
A_NIGHT = 8
"""So many cells share a night at most: beginning one costs as much as a few visits."""


def played(code: str, troubles: Sequence[Trouble], needs: Needs) -> dict[str, Played]:
    """Cells of a service, one after another in one night, in a process of its own; the first at least.

    Each is another person's visit, and before the next comes everything is mended and the books are in order.
    """
    others = [replace(struck(trouble, needs), nth=nth) for nth, trouble in enumerate(troubles)]
    with tempfile.TemporaryDirectory(prefix="kiosk-cell-") as folder:
        visits = live_on(Path(folder), code, others)
    return {
        trouble.name: (cell(lived), [f"{code} with {trouble.name}: {what}" for what in lived.wrong])
        for trouble, lived in zip(troubles, visits, strict=False)
        # Whom the one before left no chance comes alone.
        if lived.happened or trouble is troubles[0]
    }


def nights_of(code: str, troubles: Sequence[Trouble]) -> list[tuple[Trouble, ...]]:
    """By nights at one machine in which nobody comes twice."""
    people = population(PopulationKey(SEED, DAY)).all_of(Situation(SCRIPTS[code][0]))
    size = min(A_NIGHT, len(people))
    return [
        tuple(there[n : n + size])
        for profile in dict.fromkeys(trouble.profile for trouble in troubles)
        if (there := [trouble for trouble in troubles if trouble.profile == profile])
        for n in range(0, len(there), size)
    ]


def record(codes: Sequence[str], lanes: int, before: Matrix | None, done: Callable[[Matrix], None]) -> Matrix:
    """The services named, beside what an earlier record has; `done` is called after every night.

    Of the services named every cell is played that `before` does not have: to play one anew, take it out of there.
    """
    matrix = Matrix(services=list(offered()), faults=[t.name for t in troubles()])
    if before is not None:
        matrix.cells = {c: cells for c, cells in before.cells.items() if c in matrix.services}
        matrix.wrong = [w for w in before.wrong if w.partition(" ")[0] in matrix.cells]
        matrix.closes = dict(before.closes)
    # Spawned, never forked: each night brings threads of its own for databases.
    with ProcessPoolExecutor(lanes, mp_context=get_context("spawn"), initializer=quietly) as pool:
        missing = [c for c in codes if not set(matrix.faults) <= set(matrix.cells.get(c, {}))]
        needs = [(code, pool.submit(needs_of, code)) for code in missing]
        for code, found in needs:
            _row(pool, matrix, code, found.result(), done)
        idle = {
            t.name: pool.submit(closed_by, t)
            for t in troubles()
            if t.step in FIRST_STROKES and (missing or t.name not in matrix.closes)
        }
        for name, closed in idle.items():
            matrix.closes[name] = closed.result()
            done(matrix)
    matrix.wrong.sort()
    return matrix


def _row(pool: ProcessPoolExecutor, matrix: Matrix, code: str, needs: Needs, done: Callable[[Matrix], None]) -> None:
    cells = matrix.cells.setdefault(code, {})
    wanted = [trouble for trouble in troubles() if trouble.name not in cells]
    anew = {f"{code} with {trouble.name}" for trouble in wanted}
    matrix.wrong = [said for said in matrix.wrong if said.partition(": ")[0] not in anew]
    cells |= {trouble.name: CANNOT for trouble in wanted if not can_occur(trouble, needs)}
    nights = nights_of(code, [trouble for trouble in wanted if can_occur(trouble, needs)])
    running = {pool.submit(played, code, night, needs): night for night in nights}
    while running:
        over, _ = wait(running, return_when=FIRST_COMPLETED)
        for one in over:
            night, found = running.pop(one), one.result()
            cells |= {name: text for name, (text, _) in found.items()}
            matrix.wrong += [what for _, said in found.values() for what in said]
            rest = tuple(trouble for trouble in night if trouble.name not in found)
            if rest:
                running[pool.submit(played, code, rest, needs)] = rest
            done(matrix)


def quietly() -> None:
    """Devices are lost on purpose, and every night makes new databases."""
    import logging

    for name in ("kiosk", "alembic", "central"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


# -- the page


def page(matrix: Matrix) -> str:
    """docs/matrix.md."""
    names: Mapping[str, str] = {s.code: s.name.zh for s in catalogue()}
    missing = [s.code for s in catalogue() if s.code not in matrix.services]
    lines = [
        "# Faults and services",
        "",
        "Recorded by `kiosk matrix --out docs/matrix.md`, never typed: every service's visit on the virtual clock,",
        "with every fault of the simulated world striking at the first step that needs the device, lasting unless it",
        "is one that strikes a single time. A cell says how the visit ended, the code that was told, and the effects",
        "that did not come about or stayed in doubt. After each visit everything is mended and the books of the",
        "terminal, of headquarters and of the world are held against each other: nothing lost, nothing charged for",
        "nothing. Faults of a dispenser and of the reader inside it are played at the machine with one, pick-up.",
        f"What is wrong is listed at the end. Seed {matrix.seed}, {matrix.day}; "
        f"{sum(_played(matrix))} visits played.",
        "",
        f"Services: {', '.join(f'{c} {names[c]}' for c in matrix.services)}.",
    ]
    if missing:
        lines += ["", f"Closed in the catalogue when this was recorded: {', '.join(missing)}."]
    waiting = [c for c in matrix.services if not set(matrix.faults) <= set(matrix.cells.get(c, {}))]
    if waiting:
        lines += ["", f"Offered, and not recorded yet, or not wholly: {', '.join(waiting)}."]
    lines += ["", "`kiosk journey CODE --case DEVICE:FAULT` plays a cell on the real terminal.", ""]
    for device in dict.fromkeys(name.partition(":")[0] for name in matrix.faults):
        lines += _table(matrix, device)
    lines += [
        "## Closed on the attract page",
        "",
        "What a fault closes while nobody is there, after a minute.",
        "",
    ]
    lines += ["| fault | closed |", "|---|---|"]
    for name, closed in matrix.closes.items():
        lines.append(f"| {name.partition('@')[0]} | {_those(matrix, closed)} |")
    lines += ["", "## Wrong afterwards", ""]
    lines += [f"- {what}" for what in matrix.wrong] or ["Nothing."]
    return "\n".join(lines) + "\n"


def _played(matrix: Matrix) -> list[int]:
    return [sum(1 for text in cells.values() if text != CANNOT) for cells in matrix.cells.values()]


def _table(matrix: Matrix, device: str) -> list[str]:
    faults = [name for name in matrix.faults if name.partition(":")[0] == device]
    known = [c for c in matrix.services if c in matrix.cells]
    meets = [c for c in known if any(_cell(matrix, c, f) != CANNOT for f in faults)]
    never = [c for c in known if c not in meets]
    lines = [f"## {device}", ""]
    if meets:
        lines += [f"| fault | {' | '.join(meets)} |", "|---" * (len(meets) + 1) + "|"]
        for fault in faults:
            texts = [_cell(matrix, c, fault) for c in meets]
            lines.append(f"| {fault.partition(':')[2]} | {' | '.join(texts)} |")
        lines.append("")
    if not meets:
        lines += [f"Faults: {', '.join(f.partition(':')[2] for f in faults)}.", ""]
    if never:
        lines += [f"Cannot occur, since the service needs no {device}: {', '.join(never)}.", ""]
    return lines


def _cell(matrix: Matrix, code: str, fault: str) -> str:
    return matrix.cells.get(code, {}).get(fault, "not recorded")


def _those(matrix: Matrix, closed: Sequence[str]) -> str:
    if not closed:
        return "nothing"
    return "all" if set(closed) == set(matrix.services) else ", ".join(closed)
