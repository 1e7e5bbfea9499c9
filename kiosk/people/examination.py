"""What a booth collects of a driver for a medical institution (order 162 art. 14, 15, 85). It never says "fit"."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from kiosk.people.eyesight import Eye, Opening
from kiosk.people.portrait import Blob


@dataclass(frozen=True, slots=True)
class Condition:
    """One disease or condition that is asked about, from headquarters' dated table."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ExamLimits:
    """What the classes of a licence ask for: heights in millimetres (0: none), lines in tenths, right answers."""

    height_mm: int
    vision: int
    plates: int
    plates_right: int
    tones_right: int
    """Of the four of one ear."""

    def missed(self, reading: Reading) -> str:
        """The item that is below its limit with this reading, in a word; "" where it is not."""
        match reading:
            case Declaration(clear=clear):
                return "" if clear else "declared"
            case HeightMeasured(mm=mm):
                return "height" if mm < self.height_mm else ""
            case EyeMeasured(level=level):
                return "vision" if level < self.vision else ""
            case PlatesRead(right=right):
                return "colours" if right < self.plates_right else ""
            case TonesHeard():
                weaker = min(reading.right(Side.LEFT), reading.right(Side.RIGHT))
                return "hearing" if weaker < self.tones_right else ""
            case MovementsRecorded():
                return ""


@dataclass(frozen=True, slots=True)
class MayExamine:
    """Yes: what to ask, what to measure, what to record, and who will look at it."""

    institution: str
    answers_within_hours: int
    limits: ExamLimits
    conditions: tuple[Condition, ...]
    movements: tuple[str, ...]
    basis: str
    """Reference of the list of conditions."""
    tag: Literal["may-examine"] = "may-examine"


class Unfit(enum.Enum):
    """Why the booth, not the citizen, is not fit for it."""

    DISPLAY = "display"
    """Its pixels are too large, or it stands too near, for 5.0."""
    COLOURS = "colours"
    """The colours of its display were not measured, or too long ago."""
    CALIBRATION = "calibration"
    """The booth's own measures are not vouched for."""


@dataclass(frozen=True, slots=True)
class BoothFit:
    """The booth can do all of it now."""

    calibration: str
    tag: Literal["booth-fit"] = "booth-fit"


@dataclass(frozen=True, slots=True)
class BoothUnfit:
    """It cannot; said before anything is asked or measured."""

    why: Unfit
    tag: Literal["booth-unfit"] = "booth-unfit"


class Having(enum.Enum):
    """Answer to one question about a condition."""

    NO = "no"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Declaration:
    """Condition and answer, in the order asked. It ends with the first that a person must look at."""

    answers: tuple[tuple[str, Having], ...] = field(repr=False)

    @property
    def clear(self) -> bool:
        """Whether none of them applies."""
        return all(answer is Having.NO for _, answer in self.answers)


@dataclass(frozen=True, slots=True)
class HeightMeasured:
    """Three readings and their middle one, in millimetres."""

    mm: int = field(repr=False)
    readings_mm: tuple[int, int, int] = field(repr=False)
    calibration: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One E that was shown: its line in tenths, stroke in pixels, from where, and the answer (None: not seen)."""

    line: int
    stroke_px: int
    distance_mm: int
    shown: Opening
    answer: Opening | None


@dataclass(frozen=True, slots=True)
class EyeMeasured:
    """One eye: the finest line read in tenths (0: none), whether with glasses or lenses, and every letter."""

    eye: Eye
    level: int = field(repr=False)
    corrected: bool
    letters: tuple[Letter, ...] = field(repr=False)
    calibration: str


@dataclass(frozen=True, slots=True)
class PlatesRead:
    """Figure shown and figure answered ("" where none was seen), plate by plate; the demonstration does not count."""

    answers: tuple[tuple[str, str], ...] = field(repr=False)

    @property
    def right(self) -> int:
        """How many were read."""
        return sum(shown == answer for shown, answer in self.answers)


class Side(enum.Enum):
    """Where a tone was heard."""

    LEFT = "left"
    RIGHT = "right"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class ToneHeard:
    """A pure tone: in which ear it was played, in hertz, and where it was heard."""

    ear: Side
    hertz: int
    answer: Side


@dataclass(frozen=True, slots=True)
class TonesHeard:
    """Every tone, the level in dB HL, and the noise around in tenths of dB(A)."""

    tones: tuple[ToneHeard, ...] = field(repr=False)
    level_db_hl: int
    noise_tenths: int
    calibration: str

    def right(self, ear: Side) -> int:
        """How many of one ear's were heard where they were played."""
        return sum(tone.answer is tone.ear for tone in self.tones if tone.ear is ear)


@dataclass(frozen=True, slots=True)
class MovementsRecorded:
    """A still picture of each movement; what they show, a doctor says."""

    pictures: tuple[tuple[str, Blob], ...]


Reading = Declaration | HeightMeasured | EyeMeasured | PlatesRead | TonesHeard | MovementsRecorded
"""What one item gives."""


@dataclass(frozen=True, slots=True)
class Measured:
    """All of it."""

    declaration: Declaration
    height: HeightMeasured
    right: EyeMeasured
    left: EyeMeasured
    plates: PlatesRead
    tones: TonesHeard
    movements: MovementsRecorded

    @staticmethod
    def of(readings: Sequence[Reading]) -> Measured:
        """Of all items, in the order of the examination. Raises ValueError where one is missing."""
        match readings:
            case (
                Declaration() as declaration,
                HeightMeasured() as height,
                EyeMeasured(eye=Eye.RIGHT) as right,
                EyeMeasured(eye=Eye.LEFT) as left,
                PlatesRead() as plates,
                TonesHeard() as tones,
                MovementsRecorded() as movements,
            ):
                return Measured(declaration, height, right, left, plates, tones, movements)
            case _:
                raise ValueError("the items of an examination are not all there")

    @property
    def filed(self) -> tuple[tuple[str, Reading], ...]:
        """What goes to the institution."""
        return (
            ("declaration", self.declaration),
            ("height", self.height),
            ("right", self.right),
            ("left", self.left),
            ("plates", self.plates),
            ("tones", self.tones),
            ("movements", self.movements),
        )

    @property
    def on_paper(self) -> tuple[tuple[str, str], ...]:
        """The figures as the citizen's copy has them: centimetres, lines of the chart, right ones of all."""
        tones = self.tones
        return (
            ("height", f"{self.height.mm / 10:.1f}"),
            ("vision_right", f"{self.right.level / 10:.1f}"),
            ("vision_left", f"{self.left.level / 10:.1f}"),
            ("corrected", "worn" if self.right.corrected or self.left.corrected else "not-worn"),
            ("plates", f"{self.plates.right}/{len(self.plates.answers)}"),
            ("hearing_right", f"{tones.right(Side.RIGHT)}/{sum(t.ear is Side.RIGHT for t in tones.tones)}"),
            ("hearing_left", f"{tones.right(Side.LEFT)}/{sum(t.ear is Side.LEFT for t in tones.tones)}"),
            ("noise", f"{tones.noise_tenths / 10:.1f}"),
            ("distance", str(self.left.letters[-1].distance_mm) if self.left.letters else "0"),
            ("movements", str(len(self.movements.pictures))),
            ("conditions", str(len(self.declaration.answers))),
            ("calibration", self.height.calibration),
        )
