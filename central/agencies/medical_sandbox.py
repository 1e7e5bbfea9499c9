"""A medical institution of the sandbox: a doctor who looks at what a booth sent, and takes hours to do it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone

from sqlalchemy import select

from central.agencies.contract import Agency
from central.agencies.medical_contract import DoctorsAnswer, Examination, Verdict
from central.agencies.medical_model import SandboxMedicalExam
from central.agencies.sandbox import Gate
from central.agencies.sandbox_model import SandboxMedicalReport
from kiosk.people.examination import EyeMeasured

_BEIJING = timezone(timedelta(hours=8))
_READ, _STEADY_MM = 3, 10


@dataclass(frozen=True, slots=True)
class SandboxMedicalExams:
    """One institution. Answers `hours` after it has received an examination."""

    gate: Gate
    institution: str
    hours: float

    def send(self, examination: Examination) -> None:
        self.gate.pass_through(Agency.MEDICAL)
        if self.gate.db.get(SandboxMedicalExam, examination.case) is None:
            self.gate.db.add(
                SandboxMedicalExam(
                    case_number=examination.case,
                    person=examination.number,
                    received_at=self.gate.now,
                    answers_at=self.gate.now + timedelta(hours=self.hours),
                    verdict=judged(examination).value,
                )
            )

    def answers(self) -> tuple[DoctorsAnswer, ...]:
        self.gate.pass_through(Agency.MEDICAL)
        rows = self.gate.db.scalars(
            select(SandboxMedicalExam)
            .where(SandboxMedicalExam.answers_at <= self.gate.now, SandboxMedicalExam.told.is_(False))
            .order_by(SandboxMedicalExam.answers_at, SandboxMedicalExam.case_number)
        ).all()
        return tuple(self._told(row) for row in rows)

    def _told(self, row: SandboxMedicalExam) -> DoctorsAnswer:
        row.told = True
        verdict = Verdict(row.verdict)
        if verdict is not Verdict.CONFIRMED:
            return DoctorsAnswer(row.case_number, verdict, "")
        report = f"TJ{row.case_number[1:]}"
        self.gate.db.add(
            SandboxMedicalReport(
                number=report,
                person=row.person,
                institution=self.institution,
                issued_on=row.answers_at.astimezone(_BEIJING).date(),
            )
        )
        return DoctorsAnswer(row.case_number, verdict, report)


def judged(examination: Examination) -> Verdict:
    """What does not bear itself out makes no report; what a picture cannot settle is looked at in person."""
    measured = examination.measured
    if not measured.declaration.clear or not (_borne_out(measured.right) and _borne_out(measured.left)):
        return Verdict.DECLINED
    recorded = {movement for movement, _ in measured.movements.pictures}
    spread = max(measured.height.readings_mm) - min(measured.height.readings_mm)
    if examination.portrait_review or recorded != set(examination.movements_asked) or spread > _STEADY_MM:
        return Verdict.CALLED_IN
    return Verdict.CONFIRMED


def _borne_out(eye: EyeMeasured) -> bool:
    """Whether the letters say the line that is claimed."""
    return sum(letter.answer is letter.shown for letter in eye.letters if letter.line == eye.level) >= _READ
