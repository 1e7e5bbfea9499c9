"""One performer a step kind: the whole counter as a table."""

from __future__ import annotations

from typing import Any

from kiosk.counter.asking import (
    ChooseDesk,
    ChooseManyDesk,
    ConsentDesk,
    DeclareDesk,
    FormDesk,
    NoticeDesk,
    RightsDesk,
    TellDesk,
)
from kiosk.counter.compartments import HandOverDesk, TakeInDesk
from kiosk.counter.desk import Desk
from kiosk.counter.filing import SubmitDesk
from kiosk.counter.identity import (
    CheckNewCardDesk,
    EnterNumberDesk,
    MatchFaceDesk,
    MatchFingerprintDesk,
    PresentCardDesk,
)
from kiosk.counter.looking_up import LookUpDesk
from kiosk.counter.paying import PayDesk
from kiosk.counter.printing import PrintDesk
from kiosk.counter.recording import EnrolDesk, PortraitDesk, SignDesk
from kiosk.flows.steps import StepKind


def performers(desk: Desk) -> dict[StepKind, Any]:
    """Every step kind has exactly one; a test compares the keys with StepKind."""
    return {
        StepKind.NOTICE: NoticeDesk(desk),
        StepKind.CONSENT: ConsentDesk(desk),
        StepKind.PRESENT_CARD: PresentCardDesk(desk),
        StepKind.ENTER_NUMBER: EnterNumberDesk(desk),
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
        StepKind.SUBMIT: SubmitDesk(desk),
        StepKind.PAY: PayDesk(desk),
        StepKind.PRINT: PrintDesk(desk),
        StepKind.HAND_OVER: HandOverDesk(desk),
        StepKind.TAKE_IN: TakeInDesk(desk),
    }
