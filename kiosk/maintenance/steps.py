"""The words a technician's task speaks beside those of flows: a fault mended, a supply exchanged, the machine proved.

Each is a step as kiosk.flows.steps has them. Who does it stands in the opening, so that every row that is written
says it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from kiosk.flows.steps import Step, StepKind, Stop
from kiosk.people.calibration import Adjusted


class Mended(enum.Enum):
    """How a short way ended. Only the device says that it works."""

    WORKS = "works"
    NOT_YET = "not-yet"
    """Gone to its end, and the device still says no."""
    TO_MEASURE = "to-measure"
    """Gone to its end; what was mended shows when it is measured, which comes next."""


@dataclass(frozen=True, kw_only=True)
class Mend(Step[Mended]):
    """Show the way by which a fault is mended, move by move, until the device says that it is."""

    kind: ClassVar[StepKind] = StepKind.MEND
    device: str
    fault: str

    @property
    def absent(self) -> Mended | Stop:
        return Mended.NOT_YET

    @property
    def answer_type(self) -> Any:
        return Mended


class Seen(enum.Enum):
    """What a person says of something only a person can see."""

    YES = "yes"
    NO = "no"
    NOT_TRIED = "not-tried"
    """The device did not take the order, or has nothing a person could see."""


@dataclass(frozen=True, kw_only=True)
class TryOut(Step[Seen]):
    """Have a device do what it is there for, and ask the person what they saw: did the slip come out?"""

    kind: ClassVar[StepKind] = StepKind.TRY_OUT
    device: str

    @property
    def absent(self) -> Seen | Stop:
        return Seen.NOT_TRIED

    @property
    def answer_type(self) -> Any:
        return Seen


@dataclass(frozen=True, slots=True)
class Tried:
    """One device, and what the person said of it."""

    device: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the self-test looked at. `verdict`: works, note or fails; `closes` are services that stay out."""

    what: str
    verdict: str
    code: str = ""
    closes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """All of it, and how many seconds it took."""

    findings: tuple[Finding, ...]
    seconds: float

    @property
    def stays_out(self) -> tuple[str, ...]:
        """What does not work, by name."""
        return tuple(f.what for f in self.findings if f.verdict == "fails")


@dataclass(frozen=True, kw_only=True)
class SelfTest(Step[Findings]):
    """Every device, the line, the clock, the books and the disk are asked, all at the same time."""

    kind: ClassVar[StepKind] = StepKind.SELF_TEST

    @property
    def absent(self) -> Findings | Stop:
        return Stop.STOP

    @property
    def answer_type(self) -> Any:
        return Findings


@dataclass(frozen=True, slots=True)
class Signed:
    """A readiness report as kiosk.protocol.readiness has it: the text that was signed, by which key, and how."""

    text: str
    algorithm: str
    certificate: str
    signature: str
    tag: Literal["signed"] = "signed"


@dataclass(frozen=True, slots=True)
class Unsigned:
    """The terminal's own key cannot be used: what was found goes home on paper only."""

    tag: Literal["unsigned"] = "unsigned"


@dataclass(frozen=True, kw_only=True)
class SignReport(Step[Signed | Unsigned]):
    """Write down what was found and seen, and sign it with the terminal's own key."""

    kind: ClassVar[StepKind] = StepKind.SIGN_REPORT
    findings: Findings
    tried: tuple[Tried, ...]

    @property
    def absent(self) -> Signed | Unsigned | Stop:
        return Stop.STOP

    @property
    def answer_type(self) -> Any:
        return Signed | Unsigned


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be measured next; None: nothing more."""

    what: Adjusted | None


@dataclass(frozen=True, kw_only=True)
class ChooseAdjusted(Step[Chosen]):
    """Show until when each adjustment holds, what is due first, and ask which is to be measured."""

    kind: ClassVar[StepKind] = StepKind.CHOOSE_ADJUSTED

    @property
    def absent(self) -> Chosen | Stop:
        return Chosen(None)

    @property
    def answer_type(self) -> Any:
        return Chosen


class Agreed(enum.Enum):
    """Whether the machine goes back to citizens with what stays out."""

    HAND_BACK = "hand-back"
    STAY = "stay"


@dataclass(frozen=True, kw_only=True)
class HandBack(Step[Agreed]):
    """Show what the self-test found and what stays out of service, and ask once."""

    kind: ClassVar[StepKind] = StepKind.HAND_BACK
    findings: Findings

    @property
    def absent(self) -> Agreed | Stop:
        return Agreed.STAY

    @property
    def answer_type(self) -> Any:
        return Agreed


# -- effects -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The supply is in and was counted; the device itself says that it has it."""

    before: str
    after: str
    tag: Literal["exchanged"] = "exchanged"


@dataclass(frozen=True, slots=True)
class NotExchanged:
    """Nothing was changed: nobody opened anything, or what was there is there still."""

    tag: Literal["not-exchanged"] = "not-exchanged"


@dataclass(frozen=True, slots=True)
class Uncounted:
    """It was begun, and nobody said what is in the machine now; `left`: how they went, where it is known."""

    left: str = ""
    tag: Literal["uncounted"] = "uncounted"


@dataclass(frozen=True, kw_only=True)
class Exchange(Step[Exchanged | NotExchanged | Uncounted]):
    """A supply is exchanged and counted (XFS4IoT Storage.StartExchange and EndExchange).

    Its row stands on disk with what was there before; it ends with what is there after. A power cut in between leaves
    it uncounted, which headquarters hears.
    """

    kind: ClassVar[StepKind] = StepKind.EXCHANGE
    is_effect: ClassVar[bool] = True
    device: str
    supply: str
    fault: str
    """Why: the fault it ends, or "" where it is done in good time."""

    @property
    def absent(self) -> Exchanged | NotExchanged | Uncounted | Stop:
        return NotExchanged()

    @property
    def blocked(self) -> Exchanged | NotExchanged | Uncounted | Stop:
        return NotExchanged()

    @property
    def answer_type(self) -> Any:
        return Exchanged | NotExchanged | Uncounted


@dataclass(frozen=True, slots=True)
class Calibrated:
    """It was measured against its reference and is right, to the end of `until` (ISO 8601)."""

    until: str
    tag: Literal["calibrated"] = "calibrated"


@dataclass(frozen=True, slots=True)
class NotCalibrated:
    """What was written down before stands; `left`: how they went, where it is known."""

    left: str = ""
    tag: Literal["not-calibrated"] = "not-calibrated"


@dataclass(frozen=True, kw_only=True)
class Calibrate(Step[Calibrated | NotCalibrated]):
    """Measure something against its reference, and write down until when it holds.

    Only what is within its tolerance is written down; services that rest on it open or close by that.
    """

    kind: ClassVar[StepKind] = StepKind.CALIBRATE
    is_effect: ClassVar[bool] = True
    what: Adjusted

    @property
    def absent(self) -> Calibrated | NotCalibrated | Stop:
        return NotCalibrated()

    @property
    def blocked(self) -> Calibrated | NotCalibrated | Stop:
        return NotCalibrated()

    @property
    def answer_type(self) -> Any:
        return Calibrated | NotCalibrated
