"""An examination that went well, of nobody."""

from __future__ import annotations

from dataclasses import replace

from kiosk.people.examination import (
    Condition,
    Declaration,
    ExamLimits,
    EyeMeasured,
    Having,
    HeightMeasured,
    Letter,
    MayExamine,
    Measured,
    MovementsRecorded,
    PlatesRead,
    Side,
    ToneHeard,
    TonesHeard,
)
from kiosk.people.eyesight import Eye, Opening
from kiosk.people.portrait import Blob

MOVEMENTS = ("arms-up", "fists", "fingers", "squat", "knee-up", "head-left", "head-right", "bend")
CONDITIONS = (
    *("heart", "epilepsy", "meniere", "vertigo", "hysteria", "parkinson"),
    *("psychosis", "dementia", "nerves", "drugs", "limbs", "hearing-aid"),
)
LIMITS = ExamLimits(height_mm=0, vision=49, plates=6, plates_right=5, tones_right=3)
MAY = MayExamine(
    "体检中心", 24, LIMITS, tuple(Condition(c, f"{c}？", f"{c}?") for c in CONDITIONS), MOVEMENTS, "第十五条"
)


def picture(name: str) -> Blob:
    """A picture that stands for itself."""
    return Blob((name.encode().hex() * 64)[:64], 1000, "image/jpeg")


def eye(which: Eye, level: int, read: int = 3) -> EyeMeasured:
    """One eye that read `read` letters of its line."""
    letters = tuple(Letter(level, 3, 3300, Opening.UP, Opening.UP if n < read else Opening.DOWN) for n in range(3))
    return EyeMeasured(which, level, False, letters, "CAL-0042")


def plates(right: int, of: int = 6) -> PlatesRead:
    """So many of so many."""
    return PlatesRead(tuple(("5", "5" if n < right else "") for n in range(of)))


def tones(left: int, right: int) -> TonesHeard:
    """So many of four in each ear."""
    heard = tuple(
        ToneHeard(ear, hertz, ear if n < good else Side.NOWHERE)
        for ear, good in ((Side.LEFT, left), (Side.RIGHT, right))
        for n, hertz in enumerate((500, 1000, 2000, 4000))
    )
    return TonesHeard(heard, 40, 385, "CAL-0042")


def declared(**answers: Having) -> Declaration:
    """No to all but these."""
    return Declaration(tuple((c, answers.get(c, Having.NO)) for c in CONDITIONS))


WELL = Measured(
    declaration=declared(),
    height=HeightMeasured(1726, (1724, 1731, 1726), "CAL-0042"),
    right=eye(Eye.RIGHT, 50),
    left=eye(Eye.LEFT, 49),
    plates=plates(6),
    tones=tones(4, 3),
    movements=MovementsRecorded(tuple((name, picture(name)) for name in MOVEMENTS)),
)

BELOW = {
    "declared": replace(WELL, declaration=declared(epilepsy=Having.YES)),
    "vision": replace(WELL, left=eye(Eye.LEFT, 48)),
    "colours": replace(WELL, plates=plates(4)),
    "hearing": replace(WELL, tones=tones(4, 2)),
}
"""Each a little below one limit."""
