"""How well an engine tells people apart on pictures somebody has: error rates with their limits, never one number.

Words after ISO/IEC 19795-1: a false match is two people taken for one, a false non-match one person taken for two, a
failure to acquire a picture in which no face was found. Limits are exact binomial ones (Clopper and Pearson, 1934),
95 %. They take every pair for an independent trial, which pairs of few people are not: with few people the truth may
lie outside.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.comparison import Descriptor, Engine
from kiosk.vision.picture import Image, decode

PICTURES = (".jpg", ".jpeg", ".png", ".bmp")
SURE = 0.95
RULE_OF_THREE = 3.0
"""A rate of errors can be told from none only where at least this many errors would be expected."""

Distances = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture of one person; `group` is "" where the folders say none."""

    group: str
    person: str
    file: Path


@dataclass(frozen=True, slots=True)
class Limits:
    """A share with its exact limits at 95 %."""

    share: float
    low: float
    high: float

    @staticmethod
    def of(errors: int, trials: int) -> Limits:
        """Of nothing at all: anything is possible."""
        if trials == 0:
            return Limits(0.0, 0.0, 1.0)
        tail = (1 - SURE) / 2
        low = 0.0 if errors == 0 else _bisected(lambda p: 1 - _at_most(errors - 1, trials, p) - tail)
        high = 1.0 if errors == trials else _bisected(lambda p: tail - _at_most(errors, trials, p))
        return Limits(errors / trials, low, high)


@dataclass(frozen=True, slots=True)
class Point:
    """One threshold of the trade-off: distances below it match."""

    threshold: float
    fmr: float
    fnmr: float


@dataclass(frozen=True, slots=True)
class AtRate:
    """What is paid for a wished rate of false matches. `supported`: whether there are pairs enough to show it."""

    wished: float
    threshold: float
    fmr: Limits
    fnmr: Limits
    supported: bool


@dataclass(frozen=True, slots=True)
class Result:
    """Of all people, or of one group among itself."""

    name: str
    people: int
    pictures: int
    failures: Limits
    """To acquire."""
    genuine: Distances
    impostor: Distances
    rates: tuple[AtRate, ...]


def samples_in(folder: Path) -> tuple[Sample, ...]:
    """FOLDER/PERSON/pictures, or FOLDER/GROUP/PERSON/pictures. Raises ValueError where there are no two people."""
    found: list[Sample] = []
    for first in _folders(folder):
        inner = _folders(first)
        if inner:
            found += [
                Sample(first.name, f"{first.name}/{person.name}", file) for person in inner for file in _files(person)
            ]
        else:
            found += [Sample("", first.name, file) for file in _files(first)]
    if len({sample.person for sample in found}) < 2:
        raise ValueError("at least two people with pictures are needed: DIR/PERSON/*.jpg or DIR/GROUP/PERSON/*.jpg")
    return tuple(found)


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir())


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)


def evaluate(engine: Engine, samples: Sequence[Sample], wished: Sequence[float]) -> tuple[Result, ...]:
    """All people first, then each group among itself. Pictures are opened one at a time and not kept."""
    faces: dict[Sample, Descriptor | None] = {}
    for sample in samples:
        picture = decode(sample.file.read_bytes())
        faces[sample] = None if picture is None else engine.describe(picture)
    groups = sorted({sample.group for sample in samples if sample.group})
    parts = [("everybody", list(samples)), *((group, [s for s in samples if s.group == group]) for group in groups)]
    return tuple(_result(engine, name, {sample: faces[sample] for sample in part}, wished) for name, part in parts)


def _result(engine: Engine, name: str, faces: Mapping[Sample, Descriptor | None], wished: Sequence[float]) -> Result:
    known = [(sample.person, face) for sample, face in faces.items() if face is not None]
    genuine: list[float] = []
    impostor: list[float] = []
    for (one, first), (other, second) in itertools.combinations(known, 2):
        (genuine if one == other else impostor).append(engine.distance(first, second))
    return Result(
        name=name,
        people=len({sample.person for sample in faces}),
        pictures=len(faces),
        failures=Limits.of(len(faces) - len(known), len(faces)),
        genuine=np.sort(np.asarray(genuine, dtype=np.float64)),
        impostor=np.sort(np.asarray(impostor, dtype=np.float64)),
        rates=tuple(at_rate(np.sort(genuine), np.sort(impostor), rate) for rate in wished),
    )


def at_rate(genuine: Distances, impostor: Distances, wished: float) -> AtRate:
    """The largest threshold at which no more than the wished share of different people match. Both sorted."""
    allowed = math.floor(wished * len(impostor) + 1e-9)
    if len(impostor) == 0:
        threshold = 0.0
    elif allowed >= len(impostor):
        threshold = math.nextafter(float(impostor[-1]), math.inf)
    else:
        # Distances below the threshold match: the first impostor that must not match stands on it.
        threshold = float(impostor[allowed])
    return AtRate(
        wished=wished,
        threshold=threshold,
        fmr=Limits.of(_below(impostor, threshold), len(impostor)),
        fnmr=Limits.of(len(genuine) - _below(genuine, threshold), len(genuine)),
        supported=len(genuine) > 0 and wished * len(impostor) >= RULE_OF_THREE,
    )


def trade_off(genuine: Distances, impostor: Distances, points: int = 60) -> tuple[Point, ...]:
    """The points of a DET curve, from the strictest threshold to the laxest."""
    if len(genuine) == 0 or len(impostor) == 0:
        return ()
    low, high = float(min(genuine[0], impostor[0])), float(max(genuine[-1], impostor[-1]))
    thresholds = [low + (high - low) * number / (points - 1) for number in range(points)]
    return tuple(
        Point(
            threshold,
            _below(impostor, threshold) / len(impostor),
            1 - _below(genuine, threshold) / len(genuine),
        )
        for threshold in thresholds
    )


def _below(values: Distances, threshold: float) -> int:
    return int(np.searchsorted(values, threshold, side="left"))


def _at_most(errors: int, trials: int, share: float) -> float:
    """Probability of so many errors or fewer in so many trials."""
    if share <= 0.0:
        return 1.0
    if share >= 1.0:
        return 0.0 if errors < trials else 1.0
    whole = math.lgamma(trials + 1)
    logs = [
        whole
        - math.lgamma(count + 1)
        - math.lgamma(trials - count + 1)
        + count * math.log(share)
        + (trials - count) * math.log1p(-share)
        for count in range(errors + 1)
    ]
    most = max(logs)
    return min(1.0, math.exp(most) * sum(math.exp(value - most) for value in logs))


def _bisected(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


# The plot -----------------------------------------------------------------------------------------------------------

_SIDE, _EDGE = 640, 80
_LEAST = 1e-4
_TICKS = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
_INKS = ((160, 60, 20), (30, 130, 30), (30, 30, 190), (140, 40, 140), (20, 120, 170))


def plot(results: Sequence[Result], label: str) -> Image:
    """DET curves on logarithmic axes: false matches to the right, false non-matches upwards; the label on top."""
    picture = np.full((_SIDE + 2 * _EDGE, _SIDE + 2 * _EDGE + 220, 3), 255, np.uint8)

    def at(share: float) -> float:
        return _SIDE * (math.log10(max(_LEAST, share)) - math.log10(_LEAST)) / -math.log10(_LEAST)

    def spot(fmr: float, fnmr: float) -> tuple[int, int]:
        return round(_EDGE + at(fmr)), round(_EDGE + _SIDE - at(fnmr))

    for tick in _TICKS:
        cv2.line(picture, spot(tick, _LEAST), spot(tick, 1.0), (220, 220, 220), 1)
        cv2.line(picture, spot(_LEAST, tick), spot(1.0, tick), (220, 220, 220), 1)
        x, y = spot(tick, _LEAST)
        _write(picture, f"{tick:g}", (x - 20, y + 24))
        x, y = spot(_LEAST, tick)
        _write(picture, f"{tick:g}", (x - 62, y + 6))
    _write(picture, "false match rate", (_EDGE + _SIDE // 2 - 70, _EDGE + _SIDE + 56))
    _write(picture, "false non-match rate", (12, _EDGE - 22))
    _write(picture, label, (_EDGE + 160, _EDGE - 44))
    for number, result in enumerate(results):
        ink = _INKS[number % len(_INKS)]
        curve = np.asarray([spot(p.fmr, p.fnmr) for p in trade_off(result.genuine, result.impostor)], dtype=np.int32)
        if len(curve):
            cv2.polylines(picture, [curve], isClosed=False, color=ink, thickness=2, lineType=cv2.LINE_AA)
        row = _EDGE + 30 * number + 20
        cv2.line(picture, (_EDGE + _SIDE + 20, row), (_EDGE + _SIDE + 60, row), ink, 3)
        _write(picture, f"{result.name} ({result.people})", (_EDGE + _SIDE + 70, row + 6))
    return picture


def _write(picture: Image, text: str, at: tuple[int, int]) -> None:
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20, 20, 20), 1, cv2.LINE_AA)


def listed(results: Iterable[Result]) -> list[dict[str, object]]:
    """As JSON."""
    return [
        {
            "group": result.name,
            "people": result.people,
            "pictures": result.pictures,
            "failure_to_acquire": _limits(result.failures),
            "genuine_pairs": len(result.genuine),
            "impostor_pairs": len(result.impostor),
            "at": [
                {
                    "fmr_wished": rate.wished,
                    "threshold": round(rate.threshold, 4),
                    "fmr": _limits(rate.fmr),
                    "fnmr": _limits(rate.fnmr),
                    "supported": rate.supported,
                }
                for rate in result.rates
            ],
            "det": [
                {"threshold": round(p.threshold, 4), "fmr": round(p.fmr, 6), "fnmr": round(p.fnmr, 6)}
                for p in trade_off(result.genuine, result.impostor, 20)
            ],
        }
        for result in results
    ]


def _limits(limits: Limits) -> dict[str, float]:
    return {"share": round(limits.share, 6), "low_95": round(limits.low, 6), "high_95": round(limits.high, 6)}
