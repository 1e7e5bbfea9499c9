"""Replaying transcripts: what Back and a restart cost. They are those of whole visits on the virtual clock."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Collection
from datetime import date
from pathlib import Path

from kiosk.flows.catalogue import FLOWS
from kiosk.flows.codec import decode
from kiosk.flows.identity import identity_of
from kiosk.flows.outcome import Outcome
from kiosk.flows.play import Play
from kiosk.flows.transcript import Transcript
from kiosk.nights.night import Night, nightfall
from kiosk.nights.record import Record
from kiosk.nights.somebody import straight_visit
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.virtual import run_virtual

DAY = date(2026, 11, 22)
SEED = 7


class _Lines(Record):
    """Keeps transcripts by case."""

    def __init__(self) -> None:
        super().__init__()
        self.cases: dict[str, list[str]] = {}

    def line(self, case: str, text: str) -> None:
        self.cases.setdefault(case, []).append(text)


def replays(count: int, services: Collection[str]) -> dict[str, list[float]]:
    """Seconds a step, for `count` replays of the transcript of each of these services; by service."""
    found: dict[str, list[float]] = {}
    for lines in _transcripts(services):
        code = Transcript.read(lines).opening.service
        found[code] = [_replay(lines) for _ in range(count)]
    return found


def _transcripts(services: Collection[str]) -> list[list[str]]:
    record = _Lines()

    async def night() -> None:
        with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
            async with Night(Path(folder), SEED, DAY, record=record) as made:
                _ = await made.start()
                for code in (code for code in SCRIPTS if code in services):
                    await straight_visit(made, code)

    run_virtual(night(), nightfall(DAY))
    return list(record.cases.values())


def _replay(lines: list[str]) -> float:
    """Lines off the disk to the step that would be asked next, checked as after a restart; seconds a step."""
    began = time.perf_counter()
    transcript = Transcript.read(lines)
    flow = Play(FLOWS[transcript.opening.service], transcript.opening)
    for row in transcript.answers:
        step = flow.asked
        if isinstance(step, Outcome) or identity_of(step, row.identity.occurrence) != row.identity:
            raise RuntimeError("the transcript is of another flow")
        flow.send(decode(step, row.answer))
    took = time.perf_counter() - began
    flow.close()
    return took / len(transcript.answers)
