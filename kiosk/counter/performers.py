"""One performer a step kind: the whole counter as a table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from kiosk.counter.asking import (
    ChooseDesk,
    ChooseManyDesk,
    ConsentDesk,
    DeclareDesk,
    FormDesk,
    NoticeDesk,
    RightsDesk,
    ShowResultDesk,
    TellDesk,
)
from kiosk.counter.compartments import HandOverDesk, TakeInDesk
from kiosk.counter.desk import Desk
from kiosk.counter.entrance import OpenDoorDesk
from kiosk.counter.examining import (
    ChartDesk,
    CheckBoothDesk,
    ConditionsDesk,
    HeightDesk,
    MovementsDesk,
    PlatesDesk,
    TonesDesk,
)
from kiosk.counter.filing import SubmitDesk
from kiosk.counter.identity import (
    CheckNewCardDesk,
    EnterNameDesk,
    EnterNumberDesk,
    MatchFaceDesk,
    MatchFingerprintDesk,
    PresentCardDesk,
)
from kiosk.counter.looking_up import LookUpDesk
from kiosk.counter.passes import AwaitApprovalDesk, EndorseDesk, ReturnPassDesk, TakePassDesk
from kiosk.counter.paying import PayDesk
from kiosk.counter.printing import PrintDesk
from kiosk.counter.recording import EnrolDesk, PortraitDesk, SignDesk
from kiosk.counter.scanning import ScanDesk
from kiosk.counter.temporary_plates import MakePlateDesk
from kiosk.flows.performing import At, Evidence, Prepared, Settled
from kiosk.flows.steps import Step, StepKind


def performers(desk: Desk) -> dict[StepKind, Any]:
    """Every step kind has exactly one; a test compares the keys with StepKind."""
    return {
        StepKind.NOTICE: NoticeDesk(desk),
        StepKind.CONSENT: ConsentDesk(desk),
        StepKind.PRESENT_CARD: PresentCardDesk(desk),
        StepKind.ENTER_NUMBER: EnterNumberDesk(desk),
        StepKind.ENTER_NAME: EnterNameDesk(desk),
        StepKind.MATCH_FACE: MatchFaceDesk(desk),
        StepKind.MATCH_FINGERPRINT: MatchFingerprintDesk(desk),
        StepKind.LOOK_UP: LookUpDesk(desk),
        StepKind.CHOOSE: ChooseDesk(desk),
        StepKind.CHOOSE_MANY: ChooseManyDesk(desk),
        StepKind.FILL_FORM: FormDesk(desk),
        StepKind.RIGHTS: RightsDesk(desk),
        StepKind.DECLARE: DeclareDesk(desk),
        StepKind.SIGN: SignDesk(desk),
        StepKind.TAKE_PORTRAIT: PortraitDesk(desk),
        StepKind.ENROL_FINGERS: EnrolDesk(desk),
        StepKind.CHECK_NEW_CARD: CheckNewCardDesk(desk),
        StepKind.TELL: TellDesk(desk),
        StepKind.SHOW_RESULT: ShowResultDesk(desk),
        StepKind.CHECK_BOOTH: CheckBoothDesk(desk),
        StepKind.ASK_CONDITIONS: ConditionsDesk(desk),
        StepKind.MEASURE_HEIGHT: HeightDesk(desk),
        StepKind.READ_CHART: ChartDesk(desk),
        StepKind.READ_PLATES: PlatesDesk(desk),
        StepKind.HEAR_TONES: TonesDesk(desk),
        StepKind.RECORD_MOVEMENTS: MovementsDesk(desk),
        StepKind.SUBMIT: SubmitDesk(desk),
        StepKind.PAY: PayDesk(desk),
        StepKind.PRINT: PrintDesk(desk),
        StepKind.HAND_OVER: HandOverDesk(desk),
        StepKind.TAKE_IN: TakeInDesk(desk),
        StepKind.AWAIT_APPROVAL: AwaitApprovalDesk(desk),
        StepKind.TAKE_PASS: TakePassDesk(desk),
        StepKind.ENDORSE: EndorseDesk(desk),
        StepKind.RETURN_PASS: ReturnPassDesk(desk),
        StepKind.OPEN_DOOR: OpenDoorDesk(desk),
        StepKind.SCAN: ScanDesk(desk),
        StepKind.MAKE_PLATE: MakePlateDesk(desk),
    }


Observer = Callable[[str, str], Awaitable[None]]
"""Told kind and key of each step before it is carried out; for journeys that let a fault strike at a step."""


async def nobody(kind: str, key: str) -> None:
    """Observes nothing."""
    del kind, key


class _Timed:
    """A performer whose time is written down as its step's."""

    def __init__(self, desk: Desk, inner: Any, observer: Observer) -> None:
        self._desk = desk
        self._inner = inner
        self._observer = observer

    async def perform(self, step: Step[Any], at: At, *rest: Any) -> Any:
        if not step.is_effect:
            await self._observer(step.kind.value, step.key)
        with self._desk.watch.step(step.kind.value, step.key):
            return await self._inner.perform(step, at, *rest)

    async def prepare(self, step: Step[Any], at: At) -> Prepared:
        await self._observer(step.kind.value, step.key)
        with self._desk.watch.step(f"{step.kind.value}/prepare", step.key):
            return await self._inner.prepare(step, at)

    async def settle(self, step: Step[Any], at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        with self._desk.watch.step(f"{step.kind.value}/settle", step.key):
            return await self._inner.settle(step, at, before, stages)


def timed(desk: Desk, observer: Observer = nobody, more: Mapping[StepKind, Any] | None = None) -> dict[StepKind, Any]:
    """All performers, and those of technicians' tasks, with the desk's watch running."""
    return {kind: _Timed(desk, inner, observer) for kind, inner in (performers(desk) | dict(more or {})).items()}
