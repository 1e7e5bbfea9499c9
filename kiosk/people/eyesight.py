"""The vision chart: which sizes a display can show from where, and which line comes next.

GB/T 11533, five-grade notation: L = 5 - lg(a), a the angle of one stroke in minutes of arc; an optotype E is five
strokes high and wide. Lines are tenths here: 49 is 4.9. Lengths are millimetres.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

COARSEST, FINEST = 40, 53
"""Lines of the chart, in tenths (GB/T 11533)."""
NORMAL = 50
"""5.0: what a chart must be able to show to be one."""
LEAST_STROKE_PX = 3
"""A stroke of fewer pixels is more pixel than stroke; decided for this machine."""
TOLERANCE = 0.05
"""How far a drawn stroke may be from its line's (ISO 8596 allows five per cent of a size)."""
LETTERS = 5
"""Shown in a line."""
ENOUGH = 3
"""More than half of a line: it was read."""
FIRST = 46
"""Where it begins: large enough for nearly everybody, small enough not to take all night."""
STRIDE = 2
"""Lines at once on the way down, until one was not read."""


class Eye(enum.Enum):
    """Which eye looks; the other one is covered."""

    RIGHT = "right"
    LEFT = "left"


class Opening(enum.Enum):
    """Where the open side of the E points."""

    UP = "up"
    RIGHT = "right"
    DOWN = "down"
    LEFT = "left"

    @property
    def mirrored(self) -> Opening:
        """As it must be drawn to be seen like this in a mirror."""
        match self:
            case Opening.LEFT:
                return Opening.RIGHT
            case Opening.RIGHT:
                return Opening.LEFT
            case Opening.UP | Opening.DOWN:
                return self


@dataclass(frozen=True, slots=True)
class Chart:
    """A display as a chart: its pixel pitch, and the length of the mirrors' path beside the measured distance."""

    pitch_mm: float
    path_mm: int = 0

    def stroke(self, line: int, eyes_mm: int) -> float:
        """Pixels of one stroke of a line, seen from `eyes_mm` before the screen; seldom a whole number."""
        return (eyes_mm + self.path_mm) * math.tan(stroke_angle(line)) / self.pitch_mm

    def drawn(self, line: int, eyes_mm: int) -> int | None:
        """Pixels of one stroke as it is drawn, or None where this display cannot show the line from there."""
        exact = self.stroke(line, eyes_mm)
        whole = round(exact)
        if exact < LEAST_STROKE_PX * (1 - 1e-9) or abs(whole - exact) > TOLERANCE * exact:
            return None
        return whole

    def lines(self, eyes_mm: int) -> tuple[int, ...]:
        """Every line that can be shown from there, coarsest first."""
        return tuple(line for line in range(COARSEST, FINEST + 1) if self.drawn(line, eyes_mm) is not None)

    def reaches(self, eyes_mm: int) -> bool:
        """Whether everything from the first line to 5.0 can be shown: only then it is a chart."""
        return set(range(FIRST, NORMAL + 1)) <= set(self.lines(eyes_mm))

    def nearest_mm(self) -> float:
        """From how far away 5.0 can be shown at all."""
        return LEAST_STROKE_PX * self.pitch_mm / math.tan(stroke_angle(NORMAL))


def stroke_angle(line: int) -> float:
    """The angle of one stroke of a line, in radians."""
    return math.radians(10 ** (5 - line / 10) / 60)


def grid(opening: Opening) -> tuple[str, ...]:
    """The E as five rows of five strokes: 1 is black."""
    right = ("11111", "10000", "11111", "10000", "11111")
    down = tuple("".join(row[x] for row in right) for x in range(5))
    match opening:
        case Opening.RIGHT:
            return right
        case Opening.LEFT:
            return tuple(row[::-1] for row in right)
        case Opening.DOWN:
            return down
        case Opening.UP:
            return down[::-1]


class Verdict(enum.Enum):
    """What became of a line."""

    READ = "read"
    NOT_READ = "not-read"


def line_verdict(right: int, wrong: int) -> Verdict | None:
    """As soon as it is decided; None while it is not."""
    if right >= ENOUGH:
        return Verdict.READ
    return Verdict.NOT_READ if wrong > LETTERS - ENOUGH else None


@dataclass(frozen=True, slots=True)
class Next:
    """The line to show."""

    line: int


@dataclass(frozen=True, slots=True)
class Found:
    """The finest line that was read, in tenths; 0 where none of those that can be shown was."""

    level: int


def staircase(lines: tuple[int, ...], seen: tuple[tuple[int, Verdict], ...]) -> Next | Found:
    """Down while lines are read, two at a time until one is not; then up until one is.

    `lines` can be shown, coarsest first, at least one; `seen` is what came of those shown so far. No line is shown
    twice, and what is found was read while the next finer one was not, or cannot be shown.
    """
    read = [line for line, verdict in seen if verdict is Verdict.READ]
    missed = [line for line, verdict in seen if verdict is Verdict.NOT_READ]
    floor = max(read, default=0)
    open_lines = [line for line in lines if line > floor and line < min(missed, default=FINEST + 1)]
    if not seen:
        return Next(max((line for line in lines if line <= FIRST), default=lines[0]))
    if not open_lines:
        return Found(floor)
    if missed:
        # Upwards: the coarser ones, the nearest first.
        return Next(open_lines[-1])
    return Next(open_lines[min(STRIDE, len(open_lines)) - 1])
