"""When to kill a terminal: a moment drawn by chance or named, read off the terminal's own books from outside."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

EFFECTS = {"HZ02": 6, "JG01": 5, "HZ01": 3}
"""How many effects a whole visit has."""
WHOLE_VISIT_SECONDS = 14.0
SLOWEST_DEVICE_SECONDS = 1.5
ENOUGH_SPREAD = 0.8
"""The share of kills aimed at effects; the others come at any time of the visit."""


@dataclass(frozen=True, slots=True)
class Aim:
    """When to kill: `seconds` after the nth effect of the visit came to `point`; effect 0 is the terminal's start."""

    effect: int
    point: str
    seconds: float

    @staticmethod
    def draw(rng: random.Random, code: str) -> Aim:
        """By chance, most of them while something irreversible is under way."""
        if rng.random() >= ENOUGH_SPREAD:
            return Aim(0, "start", round(rng.uniform(0.0, WHOLE_VISIT_SECONDS), 3))
        delays = (0.0, rng.uniform(0.0, 0.1), rng.uniform(0.0, SLOWEST_DEVICE_SECONDS))
        point = rng.choice(("started", "stage", "ended"))
        return Aim(rng.randint(1, EFFECTS[code]), point, round(rng.choice(delays), 3))


def wait_for(aim: Aim, state: Path, over: Callable[[], bool], before: set[str]) -> bool:
    """Wait for the aim; False when the visit is over before. `before` are the keys of effects of earlier visits."""
    file = state / "terminal" / "terminal.db"
    while not reached(aim, file, before):
        if over():
            return False
        time.sleep(0.004)
    until = time.monotonic() + aim.seconds
    while time.monotonic() < until:
        if over():
            return False
        time.sleep(min(0.01, max(0.0, until - time.monotonic())))
    return True


def reached(aim: Aim, file: Path, before: set[str]) -> bool:
    """Whether the books of the terminal have come so far."""
    if aim.effect == 0:
        return True
    if not file.exists():
        return False
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=1)) as db:
            rows = db.execute("SELECT key, state FROM effects ORDER BY row").fetchall()
            new = [row for row in rows if row[0] not in before]
            if len(new) < aim.effect:
                return False
            key, state = new[aim.effect - 1]
            match aim.point:
                case "started":
                    return True
                case "stage":
                    staged = db.execute("SELECT 1 FROM stages WHERE key = ?", (key,)).fetchone() is not None
                    return staged or state != "started"
                case _:
                    return state != "started"
    except sqlite3.Error:
        return False
