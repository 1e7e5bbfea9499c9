"""What headquarters asks of an accredited medical institution that judges examinations taken in a booth.

Every call that changes something is idempotent by the case it is given. Any call may raise AgencyFailed.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from kiosk.people.examination import Measured


class Verdict(enum.Enum):
    """A doctor's answer. CONFIRMED comes with a report; DECLINED says that no report is made of this examination;

    CALLED_IN that the doctor wants to see the driver.
    """

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CALLED_IN = "called-in"


@dataclass(frozen=True, slots=True)
class Examination:
    """What is sent. `portrait_review`: the portrait did not pass by itself."""

    case: str
    number: str
    measured: Measured
    movements_asked: tuple[str, ...]
    portrait_review: bool

    def __repr__(self) -> str:
        return f"Examination({self.case!r}, ...)"


@dataclass(frozen=True, slots=True)
class DoctorsAnswer:
    """`report` is the number of the 身体条件证明, "" unless confirmed."""

    case: str
    verdict: Verdict
    report: str


class MedicalExams(Protocol):
    """医疗机构."""

    def send(self, examination: Examination) -> None: ...

    def answers(self) -> tuple[DoctorsAnswer, ...]:
        """Given and not yet told, oldest first; telling them once is this call's effect."""
        ...
