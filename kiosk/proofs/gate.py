"""Random tries at the technicians' gate: PINs, codes and touches in corners, over the real books on disk.

As fast as the gate lets one, on the virtual clock, so that every pause is waited out; now and then the terminal is
started anew in between. Nobody may come in.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from kiosk.commands.simulated_staff import CHEAP, SITUATION, STAFF, entries
from kiosk.counter.technician.corners import Corner, Corners, Held
from kiosk.counter.technician.gate import Entry, Gate, GateRules, Verdict
from kiosk.people.staff import PIN_DIGITS, Role
from kiosk.people.synthetic import PopulationKey, population
from kiosk.store.keys import station_key
from kiosk.store.opening import open_store
from kiosk.times import BEIJING, InlineWorker, SeededIds, VirtualClock
from kiosk.virtual import run_virtual

RESTART_EVERY = 500
DAY = date(2026, 11, 23)
STRANGERS = 5
"""Cards of people who are none of the staff, beside those who are."""
NEVER_SECONDS = 24 * 3600.0
"""What is waited after a way was closed for good."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How the tries ended, by the gate's word; `signs` counts touches that were taken for the corners' sign."""

    verdicts: dict[str, int]
    signs: int
    rows: int
    """Rows of the audit chain: one for each try, at least."""

    @property
    def got_in(self) -> int:
        """Of all."""
        return self.verdicts.get(Verdict.RIGHT.value, 0) + self.signs


def tried(folder: Path, count: int, seed: int) -> Tried:
    """So many tries at the gate and so many touches in corners."""
    return run_virtual(_tries(folder, count, seed), datetime(2026, 11, 23, 4, 0, tzinfo=BEIJING))


async def _tries(folder: Path, count: int, seed: int) -> Tried:
    rng, clock = random.Random(seed), VirtualClock()
    ids, worker = SeededIds(seed, clock), InlineWorker()
    key = PopulationKey(seed, DAY)
    people = population(key)
    cards = [people.find(SITUATION, one.nth).card for one in STAFF]
    cards += [people.find(SITUATION, nth).card for nth in range(STRANGERS)]
    terminal = folder / "terminal"
    terminal.mkdir(parents=True)
    station = station_key(terminal / "station.key", ids)
    rules = GateRules(_of(entries(key, station)), CHEAP, 5, 15.0, 15, b"s" * 32)
    right = {one.pin for one in STAFF}
    verdicts: Counter[str] = Counter()
    done = rows = 0
    while done < count:
        store = await open_store(terminal, writer=worker, reader=worker, clock=clock, ids=ids)
        gate = Gate(rules, store.staff.pepper, store.staff, store.audit, clock, ids, worker, "KDL-001")
        for _ in range(min(RESTART_EVERY, count - done)):
            digits = f"{rng.randrange(10**PIN_DIGITS):0{PIN_DIGITS}d}"
            if rng.random() < 0.2:
                answer = await gate.code(gate.ask(), rng.choice(STAFF).number, digits)
            else:
                pin = digits if digits not in right else digits[::-1]
                answer = await gate.pin(gate.candidate(rng.choice(cards)), pin)
            verdicts[answer.verdict.value] += 1
            await asyncio.sleep(NEVER_SECONDS if answer.verdict is Verdict.CLOSED else answer.wait)
            done += 1
        rows = (await store.audit.head()).rows
        await store.close()
    return Tried(dict(verdicts), _signs(rng, count), rows)


def _of(given: list[dict[str, str]]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            one["number"],
            Role(one["role"]),
            one["card"],
            one["verifier"],
            date.fromisoformat(one["since"]),
            date.fromisoformat(one["until"]),
        )
        for one in given
    )


def _signs(rng: random.Random, count: int) -> int:
    """Touches as citizens and children make them, in corners only: taps, resting hands, play."""
    corners, now, signs = Corners(), 0.0, 0
    for _ in range(count):
        seconds = min(rng.expovariate(1.6), 10.0)
        now += seconds + rng.uniform(0.2, 30.0)
        signs += corners.held(Held(rng.choice(list(Corner)), seconds, now))
    return signs
