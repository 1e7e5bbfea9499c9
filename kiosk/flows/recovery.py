"""After a restart: every case that was not closed is played again with nobody there, and its effects are settled.

Nothing is opened, dispensed, printed or charged: what was begun is asked about, and only what was agreed to and moves
nothing (a filing) may still be carried out. Three tries, then a person (rules 15 and 16).
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.flows.book import Book, Letters, OpenCase
from kiosk.flows.effects import EffectState
from kiosk.flows.opening import Opening
from kiosk.flows.performing import Evidence, Leave
from kiosk.flows.play import Broken, Flow
from kiosk.flows.steps import StepKind
from kiosk.flows.transcript import Transcript, TranscriptDamaged
from kiosk.flows.visit import (
    Known,
    Performers,
    ReplayDiverged,
    Surroundings,
    Undecided,
    Visit,
    close_after,
    close_for_people,
)

_log = logging.getLogger(__name__)

TRIES = 3
"""Recoveries of a case before it is parked in doubt."""


@dataclass(frozen=True, slots=True)
class SettledEffect:
    """One effect of a recovered case: its state before and after, and the number to quote. `now` is never started.

    `evidence` is what was read before it and what was found out now; `stages` are the names of what it went through.
    """

    case: str
    key: str
    kind: StepKind
    was: EffectState
    now: EffectState
    number: str
    evidence: Evidence = field(default_factory=dict[str, str])
    stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecoveredCase:
    """One case after recovery. `trouble` is for a technician, or ""; what is not `closed` is tried again."""

    case: str
    service: str
    effects: tuple[SettledEffect, ...]
    trouble: str
    closed: bool


class Recovery:
    """Settles what a power cut or a crash left. Run it when no visit is running: at start, and between visits."""

    def __init__(self, flows: Mapping[str, Flow], performers: Performers, book: Book, letters: Letters) -> None:
        self._flows = flows
        self._around = Surroundings(performers, book, letters)

    async def run(self) -> tuple[RecoveredCase, ...]:
        """Try every open case once. Raises only what the book raises when it cannot write."""
        return tuple([await self._recover(found) for found in await self._around.book.open_cases()])

    async def _recover(self, found: OpenCase) -> RecoveredCase:
        attempt = await self._around.book.begin_recovery(found.case)
        known = {row.key: Known.of(row) for row in found.effects}
        was = {key: effect.state for key, effect in known.items()}
        visit: Visit | None = None
        try:
            transcript = Transcript.read(found.lines)
            if attempt > TRIES:
                raise _Hopeless(f"{attempt - 1} recoveries did not come to an end")
            visit = Visit(
                around=self._around,
                flow=self._flow(transcript.opening),
                case=found.case,
                transcript=transcript,
                gone=Leave("restart"),
                attempt=attempt,
                last_attempt=attempt >= TRIES,
                known=known,
            )
            closed, trouble = await self._play(visit)
        except (Broken, TranscriptDamaged) as broken:
            closed, trouble = True, str(broken)
            _log.error("case %s cannot be recovered: %s", found.case, trouble)
            await close_for_people(self._around, found.case, known, "in-doubt")
        finally:
            if visit is not None:
                with contextlib.suppress(Broken):
                    visit.close()
        effects = tuple(
            SettledEffect(
                found.case,
                key,
                effect.kind,
                was.get(key, EffectState.PLANNED),
                effect.state,
                effect.number,
                {**effect.evidence, **effect.found},
                effect.stages,
            )
            for key, effect in known.items()
        )
        return RecoveredCase(found.case, found.service, effects, trouble, closed)

    def _flow(self, opening: Opening) -> Flow:
        flow = self._flows.get(opening.service)
        if flow is None:
            raise ReplayDiverged(f"no flow is known for {opening.service}")
        return flow

    async def _play(self, visit: Visit) -> tuple[bool, str]:
        """Whether the case was closed, and the trouble."""
        finish = await visit.go()
        visit.close()
        for effect in visit.known.values():
            if effect.state is EffectState.STARTED:
                raise ReplayDiverged(f"the flow never came to {effect.kind.value} {effect.key}, which was begun")
        if isinstance(finish, Undecided) and not visit.last_attempt:
            return False, finish.trouble
        await close_after(visit, finish)
        return True, ""


class _Hopeless(Broken):
    """Tried often enough."""
