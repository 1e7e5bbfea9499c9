"""What becomes of each way a visit can go otherwise, in each service: recorded by playing it on the virtual clock.

A way is a case of a service when it does not end like the straight visit, or is one that must be answered everywhere.
The record is what `kiosk journey CODE --case NAME` holds the real terminal against.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path

from kiosk.nights.lived import Lived, Otherwise, live
from kiosk.nights.matrix import CANNOT, Matrix, quietly
from kiosk.simulation.scripts.straight import SCRIPTS
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


def played(code: str, name: str) -> Played:
    """One way in one service, in a process of its own; "" is the straight visit."""
    with tempfile.TemporaryDirectory(prefix="kiosk-case-") as folder:
        way = WAYS.get(name)
        lived = live(Path(folder), code, Otherwise() if way is None else otherwise(way))
    said = lived.wrong if way is None else wrong(way, lived)
    return Case(lived.ending, lived.code, lived.topic), [f"{code} {name or 'straight'}: {what}" for what in said]


def ways_of(code: str) -> list[str]:
    """Those that can be gone in this service."""
    own, script = SCRIPTS[code]
    return [name for name, way in WAYS.items() if way.situation != own and possible(way, script)]


def kept(straight: Case, ways: Mapping[str, Case]) -> dict[str, Case]:
    """The ways that are cases: they end otherwise than the straight visit, and each end is kept once.

    Twenty situations in which somebody has no licence are one case; people who must be answered everywhere are
    always one, and so is what somebody does otherwise.
    """
    known, found = {straight}, dict[str, Case]()
    for name, case in ways.items():
        if name in EVERYWHERE or case not in known or (WAYS[name] in HABITS and case != straight):
            found[name] = case
        known.add(case)
    return found


def record(codes: Sequence[str], lanes: int, before: Cases, done: Callable[[Cases], None]) -> list[str]:
    """The services named anew, the others as they were; `done` after each. What was wrong."""
    cases = {code: dict(ways) for code, ways in before.items() if code not in codes}
    bad: list[str] = []
    with ProcessPoolExecutor(lanes, mp_context=get_context("spawn"), initializer=quietly) as pool:
        for code in codes:
            running = {name: pool.submit(played, code, name) for name in ("", *ways_of(code))}
            ends = {name: one.result() for name, one in running.items()}
            bad += [what for _, said in ends.values() for what in said]
            straight, _ = ends.pop("")
            cases[code] = kept(straight, {name: case for name, (case, _) in ends.items()})
            done(cases)
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
