"""Steps of an examination in a booth: look at the booth, ask, measure, record. They measure; a doctor judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from kiosk.flows.steps import DeviceClass, Phase, Step, StepKind
from kiosk.people.examination import (
    BoothFit,
    BoothUnfit,
    Condition,
    Declaration,
    EyeMeasured,
    HeightMeasured,
    MayExamine,
    MovementsRecorded,
    PlatesRead,
    Reading,
    TonesHeard,
)
from kiosk.people.eyesight import Eye

_BOOTH = (DeviceClass.EXAM_BOOTH,)


@dataclass(frozen=True, kw_only=True)
class CheckBooth(Step[BoothFit | BoothUnfit]):
    """Whether display, distance and calibration here allow an examination at all; nobody is measured."""

    kind: ClassVar[StepKind] = StepKind.CHECK_BOOTH
    needs: ClassVar[tuple[DeviceClass, ...]] = _BOOTH

    @property
    def answer_type(self) -> Any:
        return BoothFit | BoothUnfit


@dataclass(frozen=True, kw_only=True)
class AskConditions(Step[Declaration]):
    """病史申报: each asked plainly, one a page, to the first that applies. `basis` is the rule behind it."""

    kind: ClassVar[StepKind] = StepKind.ASK_CONDITIONS
    revisitable: ClassVar[bool] = True
    conditions: tuple[Condition, ...]
    basis: str

    @property
    def answer_type(self) -> Any:
        return Declaration


@dataclass(frozen=True, kw_only=True)
class MeasureHeight(Step[HeightMeasured]):
    """身高: three readings that agree."""

    kind: ClassVar[StepKind] = StepKind.MEASURE_HEIGHT
    revisitable: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = _BOOTH

    @property
    def answer_type(self) -> Any:
        return HeightMeasured


@dataclass(frozen=True, kw_only=True)
class ReadChart(Step[EyeMeasured]):
    """视力: one eye, the other covered; sizes from the distance measured before each letter."""

    kind: ClassVar[StepKind] = StepKind.READ_CHART
    revisitable: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = _BOOTH
    eye: Eye

    @property
    def answer_type(self) -> Any:
        return EyeMeasured


@dataclass(frozen=True, kw_only=True)
class ReadPlates(Step[PlatesRead]):
    """辨色力: one plate to see how it is done, then `plates` at random."""

    kind: ClassVar[StepKind] = StepKind.READ_PLATES
    revisitable: ClassVar[bool] = True
    plates: int

    @property
    def answer_type(self) -> Any:
        return PlatesRead


@dataclass(frozen=True, kw_only=True)
class HearTones(Step[TonesHeard]):
    """听力: quiet first, then pure tones in either ear at random."""

    kind: ClassVar[StepKind] = StepKind.HEAR_TONES
    revisitable: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = _BOOTH

    @property
    def answer_type(self) -> Any:
        return TonesHeard


@dataclass(frozen=True, kw_only=True)
class RecordMovements(Step[MovementsRecorded]):
    """四肢、躯干、颈部: each movement shown, done, and recorded as a still picture."""

    kind: ClassVar[StepKind] = StepKind.RECORD_MOVEMENTS
    revisitable: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.CAMERA,)
    movements: tuple[str, ...]

    @property
    def answer_type(self) -> Any:
        return MovementsRecorded


def items(exam: MayExamine) -> tuple[Step[Reading], ...]:
    """What is asked, measured and recorded, in this order (order 162 art. 14, 15)."""
    phase = Phase.DETAILS
    return (
        AskConditions(key="conditions", phase=phase, conditions=exam.conditions, basis=exam.basis),
        MeasureHeight(key="height", phase=phase),
        ReadChart(key="right-eye", phase=phase, eye=Eye.RIGHT),
        ReadChart(key="left-eye", phase=phase, eye=Eye.LEFT),
        ReadPlates(key="plates", phase=phase, plates=exam.limits.plates),
        HearTones(key="tones", phase=phase),
        RecordMovements(key="movements", phase=phase, movements=exam.movements),
    )
