"""JG03: who may be examined in a booth, and the way of an examination to a doctor and back (order 162 art. 14, 85).

What was measured is here only until the institution has answered, or until it has not been reached for so long that
the examination lapses; then figures and pictures are wiped.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from central.agencies.contract import AgencyFailed
from central.agencies.medical_contract import DoctorsAnswer, Examination, Verdict
from central.desks.answers import accepted, checked_number, refused
from central.desks.desk import BEIJING, Desk
from central.desks.driving import OFFICE, months_later, not_for_this_desk
from central.desks.notifying import notify
from central.model import FilingRow
from central.model_medical import DriverExam, ExamState
from kiosk.people.examination import ExamLimits, MayExamine, Measured, Side
from kiosk.people.id_number import IdNumber
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.vehicle import DrivingLicence, LicenceStatus
from kiosk.protocol.filings import ExamTaken
from kiosk.protocol.messages import Filing, FilingReply

INSTITUTION = "medical"
_OPEN = (ExamState.HELD, ExamState.SENT)


def may_be_examined(desk: Desk, number: IdNumber) -> MayExamine | Refusal:
    """One answer to everything that could stand in the way."""
    refusal = not_for_this_desk(desk, number)
    if refusal is not None:
        return refusal
    licence = desk.agencies.traffic.licence(number.text)
    if licence is None or licence.status is not LicenceStatus.NORMAL:
        return desk.sent_to(RefusalCode.LICENCE_NOT_VALID, OFFICE, ("reason", "application"))
    refusal = _not_in_a_booth(desk, number, licence) or _not_now(desk, licence) or _already(desk, number)
    if refusal is not None:
        return refusal
    examination = desk.tables.examination
    return MayExamine(
        institution=desk.tables.desks[INSTITUTION].name,
        answers_within_hours=desk.tables.rules["exam-answer-hours"],
        limits=limits(desk),
        conditions=examination.condition,
        movements=examination.movements.asked,
        basis=examination.basis.reference,
    )


def limits(desk: Desk) -> ExamLimits:
    """Of the classes that are examined in a booth."""
    rules = desk.tables.rules
    return ExamLimits(
        height_mm=rules["exam-height-mm"],
        vision=rules["exam-vision-tenths"],
        plates=rules["exam-plates"],
        plates_right=rules["exam-plates-right"],
        tones_right=rules["exam-tones-right"],
    )


def _not_in_a_booth(desk: Desk, number: IdNumber, licence: DrivingLicence) -> Refusal | None:
    """Whom only an institution examines."""
    if number.age_on(desk.today) >= desk.tables.rules["exam-age"]:
        return desk.sent_to(RefusalCode.EXAM_NOT_HERE, INSTITUTION, ("reason", "age"))
    if not desk.tables.examination.classes.open.issuperset(licence.classes):
        return desk.sent_to(RefusalCode.EXAM_NOT_HERE, INSTITUTION, ("reason", "class"))
    return None


def _not_now(desk: Desk, licence: DrivingLicence) -> Refusal | None:
    """A report must still count when the licence may be renewed (art. 63, 85)."""
    rules = desk.tables.rules
    if licence.valid_to is None:
        return Refusal(RefusalCode.NOT_YET_DUE, (("reason", "long-term"),))
    if desk.today > licence.valid_to + timedelta(days=rules["licence-lapse-days"]):
        return desk.sent_to(RefusalCode.LICENCE_NOT_VALID, OFFICE, ("reason", "application"))
    renewable = licence.valid_to - timedelta(days=rules["licence-renewal-days"])
    if months_later(desk.today, rules["medical-report-months"]) < renewable:
        earliest = months_later(renewable, -rules["medical-report-months"])
        return Refusal(RefusalCode.NOT_YET_DUE, (("from", earliest.isoformat()),))
    return None


def _already(desk: Desk, number: IdNumber) -> Refusal | None:
    """An examination that a doctor has, or a doctor's answer that still counts: this is how a citizen is told."""
    last = desk.db.scalars(
        select(DriverExam).where(DriverExam.holder == number.text).order_by(DriverExam.taken_at.desc()).limit(1)
    ).first()
    if last is not None and last.state in _OPEN:
        due = last.answer_by.astimezone(BEIJING).date().isoformat()
        return desk.sent_to(RefusalCode.CASE_ALREADY_OPEN, INSTITUTION, ("case", last.number), ("date", due))
    if last is not None and last.state is ExamState.CALLED_IN:
        return desk.sent_to(RefusalCode.DOCTOR_CALLS, INSTITUTION, ("case", last.number))
    report = desk.agencies.medical.report(number.text) if _reachable(desk) else None
    if report is None:
        return None
    until = months_later(report.issued_on, desk.tables.rules["medical-report-months"])
    if desk.today > until:
        return None
    return Refusal(RefusalCode.NOT_YET_DUE, (("reason", "report-counts"), ("date", until.isoformat())))


def _reachable(desk: Desk) -> bool:
    """Whether the institutions' reports can be asked for; who cannot be asked keeps nobody from being examined."""
    try:
        _ = desk.agencies.medical.report("")
    except AgencyFailed:
        return False
    return True


def exam_taken(filing: Filing, payload: ExamTaken, desk: Desk) -> FilingReply:
    """Sent to the institution, or held until it can be reached. What is below a limit is not for a booth."""
    number = checked_number(desk, payload.number)
    may = may_be_examined(desk, number)
    if isinstance(may, Refusal):
        return refused(may)
    item = below(payload.measured, may)
    if item:
        return refused(desk.sent_to(RefusalCode.EXAM_NOT_PASSED_HERE, INSTITUTION, ("reason", item)))
    rules = desk.tables.rules
    row = DriverExam(
        number=f"T{desk.serial('exam')}",
        holder=number.text,
        visit=filing.case,
        filing=filing.key,
        state=ExamState.HELD,
        taken_at=desk.now,
        state_since=desk.now,
        answer_by=desk.now + timedelta(hours=rules["exam-answer-hours"]),
        measured=payload.model_dump_json(),
    )
    desk.db.add(row)
    desk.db.flush()
    _send(desk, row)
    return accepted(row.number, **slip_values(desk, row))


def below(measured: Measured, may: MayExamine) -> str:
    """The first item that is below its limit, as the terminal names them, or ""."""
    asked = {condition.id for condition in may.conditions}
    limit = may.limits
    if not measured.declaration.clear or {name for name, _ in measured.declaration.answers} != asked:
        return "declared"
    if measured.height.mm < limit.height_mm:
        return "height"
    if min(measured.right.level, measured.left.level) < limit.vision:
        return "vision"
    if len(measured.plates.answers) != limit.plates or measured.plates.right < limit.plates_right:
        return "colours"
    if min(measured.tones.right(Side.LEFT), measured.tones.right(Side.RIGHT)) < limit.tones_right:
        return "hearing"
    return ""


def slip_values(desk: Desk, row: DriverExam) -> dict[str, str]:
    """What a record of an examination carries beside person and figures."""
    return {
        "state": "held" if row.state is ExamState.HELD else "sent",
        "answer_by": row.answer_by.astimezone(BEIJING).isoformat(),
        "verify_url": f"{desk.people_url}/v/{row.number}",
    }


def record_values(desk: Desk, row: DriverExam) -> tuple[tuple[str, str], ...]:
    """What the record of an examination carries beside its number and the person; the terminal's own words."""
    measured = ExamTaken.model_validate_json(row.measured).measured
    slip = slip_values(desk, row)
    return (
        ("institution", desk.tables.desks[INSTITUTION].name),
        ("answer_by", slip["answer_by"]),
        *measured.on_paper,
        ("verify_url", slip["verify_url"]),
    )


def _send(desk: Desk, row: DriverExam) -> None:
    payload = ExamTaken.model_validate_json(row.measured)
    asked = desk.tables.examination.movements.asked
    try:
        desk.agencies.exams.send(
            Examination(row.number, row.holder, payload.measured, asked, payload.portrait_review)
        )
    except AgencyFailed:
        return
    row.state, row.state_since = ExamState.SENT, desk.now
    row.answer_by = desk.now + timedelta(hours=desk.tables.rules["exam-answer-hours"])


def look_at_held_exams(desk: Desk) -> None:
    """What is held is sent, or lapses: that happens while the institution is away."""
    hold = timedelta(hours=desk.tables.rules["exam-hold-hours"])
    held = (
        select(DriverExam).where(DriverExam.state == ExamState.HELD).order_by(DriverExam.taken_at, DriverExam.number)
    )
    for row in desk.db.scalars(held).all():
        if row.taken_at + hold <= desk.now:
            _end(desk, row, ExamState.LAPSED, "体检机构未能接收，记录已删除，请到医疗机构体检，或者重新自助体检。")
        else:
            _send(desk, row)


def look_at_doctors_answers(desk: Desk) -> None:
    """What a doctor answered is told."""
    for answer in desk.agencies.exams.answers():
        row = desk.db.get(DriverExam, answer.case)
        if row is not None and row.state is ExamState.SENT:
            _answered(desk, row, answer)


def _answered(desk: Desk, row: DriverExam, answer: DoctorsAnswer) -> None:
    row.report = answer.report
    match answer.verdict:
        case Verdict.CONFIRMED:
            _end(desk, row, ExamState.CONFIRMED, f"医师已确认，身体条件证明编号{answer.report}，可以换领驾驶证。")
        case Verdict.DECLINED:
            _end(desk, row, ExamState.DECLINED, "医师未能据此出具身体条件证明，请到医疗机构体检。")
        case Verdict.CALLED_IN:
            where = desk.tables.desks[INSTITUTION].name
            _end(desk, row, ExamState.CALLED_IN, f"医师请您到{where}当面检查。")


def _end(desk: Desk, row: DriverExam, state: ExamState, text: str) -> None:
    """Nobody here needs the figures and pictures any more: they are wiped (PIPL art. 19, 47)."""
    payload = ExamTaken.model_validate_json(row.measured)
    for _, picture in payload.movements.pictures:
        desk.blobs.drop(picture.sha256)
    if state is not ExamState.CONFIRMED:
        # Whoever has a report renews the licence with its portrait; what they signed stands behind it.
        desk.blobs.drop(payload.portrait)
        desk.blobs.drop(payload.signature)
    filing = desk.db.get(FilingRow, row.filing)
    if filing is not None:
        filing.payload = "{}"
    row.state, row.state_since, row.measured = state, desk.now, ""
    person = desk.agencies.population.person(row.holder)
    if person is not None:
        notify(desk, person.phone, f"体检{row.number}：{text}", row.number)
