"""How each way of each service ends: the packaged record, read and written a line a way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kiosk.simulation.ways import EVERYWHERE, HABITS, WAYS

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

    @property
    def line(self) -> str:
        """As the record has it."""
        return " ".join(part or NOTHING for part in (self.ending, self.code, self.topic))

    @staticmethod
    def parse(line: str) -> Case:
        """Raises ValueError for something else."""
        ending, code, topic = ("" if part == NOTHING else part for part in line.split(" "))
        return Case(ending, code, topic)


NOTHING = "-"
Cases = Mapping[str, Mapping[str, Case]]
"""By service and name of the way; "" is the straight visit."""
STRAIGHT = ""
"""The visit as it should be."""


def apart(ways: Mapping[str, Case]) -> dict[str, Case]:
    """Of the ways of one service those that end otherwise than the straight visit, each end once.

    Twenty situations in which somebody has no licence are one; people who must be answered everywhere are always one,
    and so is what somebody does otherwise.
    """
    straight = ways[STRAIGHT]
    known, found = {straight}, dict[str, Case]()
    for name in [name for name in WAYS if name in ways]:
        case = ways[name]
        if name in EVERYWHERE or case not in known or (WAYS[name] in HABITS and case != straight):
            found[name] = case
        known.add(case)
    return found


def as_json(cases: Cases) -> str:
    """The record, a line for each way."""
    plain = {code: {name: case.line for name, case in ways.items()} for code, ways in cases.items()}
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def parse(text: str) -> dict[str, dict[str, Case]]:
    """Raises ValueError, TypeError."""
    return {c: {n: Case.parse(line) for n, line in ways.items()} for c, ways in json.loads(text).items()}


@cache
def recorded() -> Cases:
    """The packaged record; empty before the first."""
    file = files("kiosk.nights") / RECORD
    return parse(file.read_text("utf-8")) if file.is_file() else {}
