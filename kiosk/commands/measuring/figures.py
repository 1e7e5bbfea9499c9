"""From measured values to figures, and from figures to goals met or not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figures:
    """Of `n` values, all in the unit the name above them ends in. `p99` is the smallest value that at least 99 in a
    hundred do not exceed (nearest rank), and so the largest of fewer than a hundred.
    """

    n: int
    min: float
    median: float
    p99: float
    max: float

    @staticmethod
    def of(values: Sequence[float], factor: float = 1.0) -> Figures:
        """Of `values`, each times `factor` (1000 for seconds into milliseconds). Raises ValueError for none."""
        if not values:
            raise ValueError("nothing was measured")
        ordered = sorted(value * factor for value in values)
        return Figures(
            n=len(ordered),
            min=_short(ordered[0]),
            median=_short(_median(ordered)),
            p99=_short(ordered[math.ceil(0.99 * len(ordered)) - 1]),
            max=_short(ordered[-1]),
        )

    def as_json(self) -> dict[str, float]:
        """The five, by name."""
        return asdict(self)


def _median(ordered: Sequence[float]) -> float:
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _short(value: float) -> float:
    """Four digits are more than any of these values mean."""
    return float(f"{value:.4g}")


@dataclass(frozen=True, slots=True)
class Goal:
    """`statistic` of the figures at `path` is at most `limit`; with several figures there, the worst of them."""

    name: str
    path: tuple[str, ...]
    statistic: str
    limit: float


GOALS = (
    Goal("software share of a visit", ("visits", "software_s"), "median", 1.0),
    Goal("page change", ("pages", "page_change_ms"), "p99", 100.0),
    Goal("start to first frame", ("start", "first_frame_s"), "median", 0.8),
    Goal("identity card reading beyond the wire", ("id_read", "own_ms"), "p99", 5.0),
    Goal("camera: a face found in a 720p frame", ("camera", "detect_ms"), "median", 15.0),
    Goal("camera: 30 frames a second, decoded and a face found", ("camera", "frame_ms"), "median", 33.3),
    Goal("device pulled out is closed", ("reconnect", "lost_s"), "max", 1.0),
    Goal("device put back is open again", ("reconnect", "back_s"), "max", 3.0),
    Goal("work on one frame of the camera", ("faces", "preview_frame_cpu_ms"), "median", 20.0),
    Goal("change before the lens to other words", ("faces", "change_to_words_ms"), "median", 150.0),
    Goal("a published set in force on idle terminals", ("push", "publish_to_in_force_s"), "p99", 5.0),
    Goal("longest stall of the Qt thread in a visit", ("visits", "longest_stall_ms"), "max", 50.0),
)


def judged(measured: Mapping[str, Any], goals: Sequence[Goal] = GOALS) -> list[dict[str, Any]]:
    """Each goal with what was measured and whether it is met. Raises KeyError where nothing was measured."""
    verdicts: list[dict[str, Any]] = []
    for goal in goals:
        found: Any = measured
        for key in goal.path:
            found = found[key]
        value = found[goal.statistic] if goal.statistic in found else max(f[goal.statistic] for f in found.values())
        verdicts.append(
            {
                "goal": goal.name,
                "figure": ".".join(goal.path),
                "statistic": goal.statistic,
                "limit": goal.limit,
                "measured": value,
                "met": value <= goal.limit,
            }
        )
    return verdicts
