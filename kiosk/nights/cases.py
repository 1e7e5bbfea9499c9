"""What becomes of each way a visit can go otherwise, in each service: recorded by playing it on the virtual clock.

A way is a case of a service when it does not end like the straight visit, or is one that must be answered everywhere.
The record is what `kiosk journey CODE --case NAME` holds the real terminal against.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path

from kiosk.nights.lived import Lived, Otherwise, live
from kiosk.nights.matrix import CANNOT, Matrix, quietly
from kiosk.simulation.citizen import SCRIPTS
from kiosk.simulation.ways import EVERYWHERE, HABITS, WAYS, Way, possible

RECORD = "cases.json"


@dataclass(frozen=True, slots=True)
class Case:
    """How a way ends in a service: the ending, the code of the page that told it, the closing page's topic."""

    ending: str
    code: str = ""
    topic: str = ""

    @property
    def words(self) -> str:
        """As `--case list` prints it."""
        return " ".join(filter(None, (self.ending, self.code)))


Cases = Mapping[str, Mapping[str, Case]]
"""By service and name of the way."""


def otherwise(way: Way) -> Otherwise:
    """The way as a visit."""
    return Otherwise(way.situation, habits=way.habits, agency=way.agency, stranger=way.strangers)


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


def cases_of(code: str) -> tuple[dict[str, Case], list[str]]:
    """All ways of one service that are cases, and what was wrong in any."""
    own, script = SCRIPTS[code]
    found, bad = dict[str, Case](), list[str]()
    with tempfile.TemporaryDirectory(prefix="kiosk-case-") as folder:
        straight = live(Path(folder), code, Otherwise())
    known = {Case(straight.ending, straight.code, straight.topic)}
    for way in WAYS.values():
        if way.situation == own or not possible(way, script):
            continue
        lived = play(code, way)
        bad += [f"{code} {way.name}: {what}" for what in wrong(way, lived)]
        case = Case(lived.ending, lived.code, lived.topic)
        # Twenty situations in which somebody has no licence are one case.
        if way.name in EVERYWHERE or case not in known or (way in HABITS and case.ending != straight.ending):
            found[way.name] = case
        known.add(case)
    return found, bad


def record(codes: Sequence[str], lanes: int, before: Cases, done: Callable[[Cases], None]) -> list[str]:
    """The services named anew, the others as they were; `done` after each. What was wrong."""
    kept = {code: dict(cases) for code, cases in before.items() if code not in codes}
    bad: list[str] = []
    with ProcessPoolExecutor(lanes, mp_context=get_context("spawn"), initializer=quietly) as pool:
        played = {pool.submit(cases_of, code): code for code in codes}
        for row in as_completed(played):
            found, said = row.result()
            kept[played[row]] = found
            bad += said
            done(kept)
    return sorted(bad)


def as_json(cases: Cases) -> str:
    """The record."""
    plain = {code: {name: asdict(case) for name, case in ways.items()} for code, ways in cases.items()}
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def parse(text: str) -> dict[str, dict[str, Case]]:
    """Raises ValueError, TypeError."""
    return {c: {n: Case(**case) for n, case in ways.items()} for c, ways in json.loads(text).items()}


@cache
def recorded() -> Cases:
    """The packaged record; empty before the first."""
    file = files("kiosk.nights") / RECORD
    return parse(file.read_text("utf-8")) if file.is_file() else {}


def faults_of(matrix: Matrix, code: str) -> dict[str, str]:
    """The device faults that can meet a service, and what the matrix says came of each."""
    return {name: text for name, text in matrix.cells.get(code, {}).items() if text != CANNOT}
