"""`kiosk journey --all`: the straight journey of every service that is offered, one line of JSON each.

Lanes run beside each other, each with a headquarters and a world of its own, so that no visit meets another's. In a
lane visits follow each other; each is a process of its own with a person who was not there before.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kiosk.commands.simulated import Machine, NotStarted, Sandbox, ensure_sandbox, put_machine
from kiosk.commands.simulated_staff import SITUATION
from kiosk.commands.staff_journey import JOURNEYS as STAFF_JOURNEYS
from kiosk.simulation.client import WorldError
from kiosk.simulation.scripts.straight import SCRIPTS

LANGUAGES = ("zh-CN", "en")
ONE_SECONDS = 240.0
"""The longest a journey may take on a machine that does other things beside it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One journey to be made."""

    code: str
    language: str


@dataclass
class Line:
    """What is printed of one journey. `taps` are touches but for the keys, which are `typed`."""

    code: str
    language: str
    outcome: str = ""
    agreed: bool = False
    seconds: float = 0.0
    """On the wall, with the terminal's start."""
    software_seconds: float = 0.0
    taps: int = 0
    typed: int = 0
    pages: int = 0
    pictures: int = 0
    papers: list[str] = field(default_factory=list[str])
    problem: str = ""
    touches: list[list[str]] = field(default_factory=list[list[str]])

    @property
    def held(self) -> bool:
        """Whether it ended as it should and headquarters agrees."""
        return self.agreed and not self.problem

    def as_json(self) -> str:
        """Without the touches one by one."""
        return json.dumps({k: v for k, v in asdict(self).items() if k != "touches"}, ensure_ascii=False)


def every(codes: Sequence[str], languages: Sequence[str]) -> list[Wanted]:
    """The journeys of these services in these languages."""
    return [Wanted(code, language) for language in languages for code in codes]


def make(
    wanted: Sequence[Wanted], seed: int, lanes: int, machine: Machine, made: Callable[[Line], None]
) -> list[Line]:
    """All of them, at one kind of machine, in the order wanted; `made` is called with each as it ends."""
    waiting: queue.SimpleQueue[tuple[int, Wanted]] = queue.SimpleQueue()
    for number, one in enumerate(wanted):
        waiting.put((number, one))
    done: dict[int, Line] = {}
    lock = threading.Lock()

    def lane(folder: Path) -> None:
        with _Lane(folder, seed, machine) as own:
            while True:
                try:
                    number, one = waiting.get_nowait()
                except queue.Empty:
                    return
                line = own.journey(one)
                with lock:
                    done[number] = line
                    made(line)

    with tempfile.TemporaryDirectory(prefix="kiosk-journeys-") as place:
        threads = [
            threading.Thread(target=lane, args=(Path(place) / str(n),), name=f"lane {n}")
            for n in range(max(1, min(lanes, len(wanted))))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return [done.get(n, Line(w.code, w.language, problem="it was not made")) for n, w in enumerate(wanted)]


class _Lane:
    """One headquarters and one world, made anew when it has nobody left who was not there yet."""

    def __init__(self, folder: Path, seed: int, machine: Machine) -> None:
        self._folder = folder
        self._seed = seed
        self._machine = machine
        self._worlds = 0
        self._sandbox: Sandbox | None = None
        self._used: Counter[str] = Counter()

    def __enter__(self) -> _Lane:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        if self._sandbox is not None:
            self._sandbox.end()
            self._sandbox = None

    def journey(self, wanted: Wanted) -> Line:
        """One journey in a process of its own."""
        line = Line(wanted.code, wanted.language)
        began = time.monotonic()
        try:
            state, nth = self._somebody(_situation(wanted.code))
        except NotStarted as failure:
            line.problem = str(failure)
            return line
        out = self._folder / f"{wanted.code}-{wanted.language}"
        command = [sys.executable, "-m", "kiosk", "journey", wanted.code, "--language", wanted.language]
        command += ["--state", str(state), "--nth", str(nth), "--seed", str(self._seed), "--out", str(out), "--json"]
        try:
            done = subprocess.run(command, capture_output=True, timeout=ONE_SECONDS, check=False, env=offscreen())
        except subprocess.TimeoutExpired:
            line.problem = f"it did not end within {ONE_SECONDS:.0f} s"
            return line
        line.seconds = round(time.monotonic() - began, 1)
        told: dict[str, Any] = json.loads(done.stdout) if done.stdout else {}
        _fill(line, told, out)
        if done.returncode and not line.problem:
            line.problem = f"status {done.returncode}: {done.stderr.decode('utf-8', 'replace')[-400:]}"
        return line

    def _somebody(self, situation: str) -> tuple[Path, int]:
        """The folder of a world with somebody in this situation whom no visit knows yet. Raises NotStarted."""
        for _ in range(2):
            if self._sandbox is None:
                state = self._folder / f"world-{self._worlds}"
                put_machine(state, self._machine)
                self._sandbox = ensure_sandbox(state, self._seed)
                self._worlds += 1
                self._used.clear()
            nth = self._used[situation]
            try:
                _ = self._sandbox.world.call("find", situation=situation, nth=nth)
            except WorldError:
                self._end()
                continue
            self._used[situation] += 1
            return self._sandbox.state, nth
        raise NotStarted(f"this world has nobody in the situation {situation}")


def _situation(code: str) -> str:
    """Of whom a journey is; a technician takes nobody's place."""
    return SITUATION.value if code in STAFF_JOURNEYS else SCRIPTS[code][0]


def _fill(line: Line, told: dict[str, Any], out: Path) -> None:
    line.outcome, line.agreed = told.get("outcome", ""), told.get("agreed", False)
    line.problem = told.get("problem", "")
    line.software_seconds = round(told.get("seconds", {}).get("software", 0.0), 3)
    line.taps, line.typed = told.get("taps", 0), told.get("typed", 0)
    line.pages, line.papers = len(told.get("pages", ())), told.get("papers", [])
    line.touches = told.get("touches", [])
    line.pictures = len(list(out.glob("[0-9][0-9]-*.png")))


def offscreen() -> dict[str, str]:
    """The environment of a journey without a display."""
    return {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"} | os.environ


def totals(lines: Sequence[Line], seconds: float) -> dict[str, Any]:
    """The last line of all: how many held, and how long all took together."""
    return {"journeys": len(lines), "held": sum(line.held for line in lines), "wall_seconds": round(seconds, 1)}


def broken(lines: Sequence[Line]) -> Iterator[str]:
    """One sentence for each that did not hold."""
    for line in lines:
        if not line.held:
            yield f"{line.code} {line.language}: {line.outcome or 'no outcome'} {line.problem}".strip()
