"""The built-in challenge against people who do what they are asked, and against pictures of them.

APCER: share of attacks of one kind that were taken for a living person; BPCER: share of people who were not (words of
ISO/IEC 30107-3). On drawn people and drawn attacks: it shows what the challenge can and cannot see in principle, and
is no test under that standard.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.devices.camera.contract import Move, Presence
from kiosk.devices.camera.moves import draw_moves
from kiosk.proofs import people
from kiosk.proofs.attacks import Actor, Attack, Film, attack, live
from kiosk.vision.evaluation import Limits
from kiosk.vision.liveness import Basic, Judgement, LivenessEngine
from kiosk.vision.look import Looker


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one film: the judgement (None: the film ended first) and the seconds from beginning to end."""

    judgement: Judgement | None
    seconds: float


@dataclass
class Count:
    """Attempts of one kind: how often judged living, and what for."""

    attempts: int = 0
    live: int = 0
    verdicts: Counter[str] = field(default_factory=Counter[str])
    evidence: list[dict[str, float]] = field(default_factory=list[dict[str, float]])
    seconds: list[float] = field(default_factory=list[float])
    """From beginning to end, of those judged living."""

    def add(self, played: Played) -> None:
        """One attempt more; without a judgement it came to no end, which is no pass."""
        judgement = played.judgement
        self.attempts += 1
        if judgement is None:
            self.verdicts["no end"] += 1
            return
        if judgement.presence is Presence.LIVE:
            self.live += 1
            self.seconds.append(played.seconds)
        why = ",".join(reason.value for reason in judgement.reasons)
        self.verdicts[f"{judgement.presence.value} {why}".strip()] += 1
        self.evidence.append(dict(judgement.evidence))

    @property
    def taken_for_live(self) -> Limits:
        """With its limits at 95 %."""
        return Limits.of(self.live, self.attempts)

    @property
    def not_taken_for_live(self) -> Limits:
        """With its limits at 95 %."""
        return Limits.of(self.attempts - self.live, self.attempts)


def challenged(engine: LivenessEngine, looker: Looker, prompts: Sequence[Move], film: Film) -> Played:
    """What the engine makes of this film, whose people see what is asked for."""
    judge = engine.begin(prompts)
    seconds, frame = next(film)
    while True:
        progress = judge.see(seconds, frame, looker.look(frame, None))
        if progress.judgement is not None:
            return Played(progress.judgement, seconds)
        try:
            seconds, frame = film.send(progress.prompt)
        except StopIteration:
            return Played(None, seconds)


def run(models: Path, count: int, seed: int) -> tuple[Count, dict[Attack, Count]]:
    """The first `count` drawn people live, and each attack with each of them."""
    looker, engine = Looker(models), Basic()
    honest, attacks = Count(), {kind: Count() for kind in Attack}
    for index in range(count):
        actor = Actor(people.person(looker, index))
        chance = random.Random(seed * 1000 + index)
        prompts = draw_moves(chance)
        honest.add(challenged(engine, looker, prompts, live(actor, index)))
        for kind, found in attacks.items():
            prompts = draw_moves(chance)
            found.add(challenged(engine, looker, prompts, attack(kind, actor, prompts, index)))
    return honest, attacks
