"""What becomes of each way a visit can go otherwise, in each service: recorded by playing it on the virtual clock.

Every way that was gone is on record, beside the straight visit, so that what is missing can be told from what ends
like another. The record is what `kiosk journey CODE --case NAME` holds the real terminal against, and docs/cases.md
is the table of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path

from kiosk.nights.ends import STRAIGHT, Case, Cases
from kiosk.nights.lived import Lived, live, live_on
from kiosk.nights.matrix import CANNOT, Matrix, quietly
from kiosk.nights.offered import catalogue
from kiosk.nights.otherwise import Otherwise
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.simulation.ways import HABITS, WAYS, Way, possible


def otherwise(way: Way) -> Otherwise:
    """The way as a visit."""
    return Otherwise(way.situation, way.nth, habits=way.habits, agency=way.agency, stranger=way.strangers)


def play(code: str, way: Way) -> Lived:
    """One way in one service."""
    with tempfile.TemporaryDirectory(prefix="kiosk-case-") as folder:
        return live(Path(folder), code, otherwise(way))


def wrong(way: Way, lived: Lived) -> list[str]:
    """What must not be: of the visit's own, a refusal other than the way's, money kept behind a refusal."""
    found = list(lived.wrong)
    if way.expects and way.expects != lived.code:
        found.append(f"{way.expects} should be told, and it is {lived.code or 'nothing'}")
    if lived.ending == "refused" and lived.kept_fen:
        found.append(f"it was refused, and {lived.kept_fen} fen were kept")
    if lived.ending == "refused" and not lived.told:
        found.append("it was refused without a page that tells it")
    return found


Played = tuple[Case, list[str]]


def played(code: str, names: Sequence[str]) -> dict[str, Played]:
    """Ways in one service, one after another in one night, in a process of its own; the first at least."""
    with tempfile.TemporaryDirectory(prefix="kiosk-case-") as folder:
        others = [otherwise(WAYS[name]) if name else Otherwise() for name in names]
        visits = live_on(Path(folder), code, others)
    found: dict[str, Played] = {}
    for name, lived in zip(names, visits, strict=False):
        said = wrong(WAYS[name], lived) if name else lived.wrong
        case = Case(lived.ending, lived.code, lived.topic)
        found[name] = case, [f"{code} {name or 'straight'}: {what}" for what in said]
    return found


def nights_of(names: Sequence[str]) -> list[tuple[str, ...]]:
    """The straight visit and ways, by nights: nobody comes twice in one, and whoever may leave something unsettled
    behind comes last.

    The service's own person comes straight, with every habit and with every authority that is down: a night each.
    """
    others = [name for name in names if name and (WAYS[name].situation or WAYS[name].nth) and name not in _HABITS]
    own = [name for name in (STRAIGHT, *names) if name not in others]
    share = -(-len(others) // len(own))
    return [(*others[n * share : (n + 1) * share], name) for n, name in enumerate(dict.fromkeys(own))]


_HABITS = frozenset(way.name for way in HABITS)


def ways_of(code: str) -> list[str]:
    """Those that can be gone in this service."""
    own, script = SCRIPTS[code]
    return [name for name, way in WAYS.items() if way.situation != own and possible(way, script)]


def missing(code: str, before: Cases) -> list[str]:
    """The ways of a service that are not on record."""
    known = before.get(code, {})
    return [name for name in (STRAIGHT, *ways_of(code)) if name not in known]


def record(
    wanted: Mapping[str, Sequence[str]], lanes: int, before: Cases, done: Callable[[Cases], None]
) -> list[str]:
    """Go these ways of these services; what else is on record stays. `done` after each service. What was wrong."""
    cases = {code: dict(known) for code, known in before.items()}
    bad: list[str] = []
    with ProcessPoolExecutor(lanes, mp_context=get_context("spawn"), initializer=quietly) as pool:
        for code, ways in wanted.items():
            names = [name for name in ways if name]
            ends = _ends(pool, code, names)
            bad += [what for _, said in ends.values() for what in said]
            found = cases.get(code, {}) | {name: case for name, (case, _) in ends.items()}
            cases[code] = {name: found[name] for name in (STRAIGHT, *ways_of(code)) if name in found}
            done(cases)
    return sorted(bad)


def _ends(pool: ProcessPoolExecutor, code: str, names: Sequence[str]) -> dict[str, Played]:
    """Of every way; what a night did not come to is played in another."""
    ends: dict[str, Played] = {}
    running = {pool.submit(played, code, night): night for night in nights_of(names)}
    while running:
        over, _ = wait(running, return_when=FIRST_COMPLETED)
        for one in over:
            night = running.pop(one)
            ends |= one.result()
            rest = tuple(name for name in night if name not in ends)
            if rest:
                running[pool.submit(played, code, rest)] = rest
    return ends


def page(cases: Cases) -> str:
    """docs/cases.md."""
    services = {entry.code: entry for entry in catalogue() if entry.code in cases}
    lines = [
        "# Who comes, and how it ends",
        "",
        "Recorded by `kiosk matrix --cases`, never typed: every service visited on the virtual clock in every way",
        "that can be gone in it: each habit, each authority that does not answer, each situation of the synthetic",
        "people. A cell says how the visit ended and the code that was told in four parts; a blank one is a way that",
        "cannot be gone there. After each visit the books of the terminal, of headquarters and of the world agree,",
        f"and nothing was kept for nothing. {sum(len(ways) for ways in cases.values())} visits.",
        "",
        "`kiosk journey CODE --case NAME` plays one on the real terminal.",
    ]
    for branch in dict.fromkeys(entry.branch for entry in services.values()):
        codes = [code for code, entry in services.items() if entry.branch == branch]
        lines += ["", f"| who, or what | {' | '.join(codes)} |", "|---" * (len(codes) + 1) + "|"]
        for name in (STRAIGHT, *WAYS):
            cells = [cases[code][name].words if name in cases[code] else "" for code in codes]
            if any(cells):
                lines.append(f"| {name or 'the straight visit'} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def faults_of(matrix: Matrix, code: str) -> dict[str, str]:
    """The device faults that can meet a service, and what the matrix says came of each."""
    return {name: text for name, text in matrix.cells.get(code, {}).items() if text != CANNOT}
