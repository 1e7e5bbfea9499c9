"""The built-in challenge against people who do what they are asked, and against pictures of them.

APCER: share of attacks of one kind that were taken for a living person; BPCER: share of people who were not (words of
ISO/IEC 30107-3). On drawn people and drawn attacks: it shows what the challenge can and cannot see in principle, and
is no test under that standard.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.proofs import people
from kiosk.proofs.attacks import Actor, Attack, attack, live
from kiosk.vision.evaluation import Limits
from kiosk.vision.liveness import Basic, Judgement, LivenessEngine, Prompt, Verdict, draw_prompts
from kiosk.vision.look import Looker
from kiosk.vision.picture import Image


@dataclass
class Count:
    """Attempts of one kind: how often judged living, and what for."""

    attempts: int = 0
    live: int = 0
    verdicts: Counter[str] = field(default_factory=Counter[str])
    evidence: list[dict[str, float]] = field(default_factory=list[dict[str, float]])

    def add(self, judgement: Judgement | None) -> None:
        """One attempt more; None: it came to no end, which is no pass."""
        self.attempts += 1
        if judgement is None:
            self.verdicts["no end"] += 1
            return
        self.live += judgement.verdict is Verdict.LIVE
        why = ",".join(reason.value for reason in judgement.reasons)
        self.verdicts[f"{judgement.verdict.value} {why}".strip()] += 1
        self.evidence.append(dict(judgement.evidence))

    @property
    def taken_for_live(self) -> Limits:
        """With its limits at 95 %."""
        return Limits.of(self.live, self.attempts)

    @property
    def not_taken_for_live(self) -> Limits:
        """With its limits at 95 %."""
        return Limits.of(self.attempts - self.live, self.attempts)


def challenged(
    engine: LivenessEngine, looker: Looker, prompts: Sequence[Prompt], frames: Iterator[tuple[float, Image]]
) -> Judgement | None:
    """What the engine makes of these frames."""
    judge = engine.begin(prompts)
    for seconds, frame in frames:
        judgement = judge.see(seconds, frame, looker.look(frame, None)).judgement
        if judgement is not None:
            return judgement
    return None


def run(models: Path, count: int, seed: int) -> tuple[Count, dict[Attack, Count]]:
    """The first `count` drawn people live, and each attack with each of them."""
    looker, engine = Looker(models), Basic()
    honest, attacks = Count(), {kind: Count() for kind in Attack}
    for index in range(count):
        actor = Actor(people.person(looker, index))
        chance = random.Random(seed * 1000 + index)
        prompts = draw_prompts(chance)
        honest.add(challenged(engine, looker, prompts, live(actor, prompts, index)))
        for kind, found in attacks.items():
            prompts = draw_prompts(chance)
            found.add(challenged(engine, looker, prompts, attack(kind, actor, prompts, index)))
    return honest, attacks
