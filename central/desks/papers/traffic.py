"""Papers of the traffic police: licences, plates, marks, examinations, objections and decisions."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from central.desks.desk import BEIJING
from central.desks.driving import collect_site
from central.desks.exams import record_values
from central.desks.inspections import MATTER as INSPECTION_MARK
from central.desks.inspections import on_mark
from central.desks.papers.visit import Values, Visit
from central.desks.plates import on_slip
from central.desks.traffic import is_rights_text
from central.model import (
    Decision,
    Objection,
    PaymentOrder,
)
from central.model_medical import DriverExam
from central.model_plates import PlateCase, PlateState
from central.model_traffic import TrafficCase, TrafficState
from kiosk.people.money import Money
from kiosk.people.records import PaperOnFile
from kiosk.people.traffic import ReviewKind
from kiosk.protocol.messages import FilingKind


def traffic_cases(visit: Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.execute(
        select(TrafficCase, PaymentOrder)
        .join(PaymentOrder, PaymentOrder.number == TrafficCase.order_number)
        .where(
            TrafficCase.visit == visit.case,
            TrafficCase.holder == visit.number.text,
            TrafficCase.state != TrafficState.VOID,
        )
        .order_by(TrafficCase.applied_at, TrafficCase.number)
    )
    for case, order in rows.all():
        plate: Values = (("plate", f"{case.plate[:2]}·{case.plate[2:]}"),) if case.plate else ()
        yield PaperOnFile(
            "traffic-receipt",
            case.number,
            (
                ("number", case.number),
                *visit.on_paper,
                ("matter", case.matter),
                *plate,
                ("fee", Money(order.fen).yuan),
                ("payment", "by-slip" if case.state is TrafficState.AWAITING_PAYMENT else "paid"),
                ("ready_by", case.ready_by.isoformat()),
                ("collect_site", collect_site(visit.desk, case)),
                ("verify_url", f"{visit.desk.people_url}/v/{case.number}"),
            ),
        )


def reviews(visit: Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.scalars(
        select(TrafficCase)
        .where(
            TrafficCase.visit == visit.case,
            TrafficCase.holder == visit.number.text,
            TrafficCase.matter.in_(tuple(kind.value for kind in ReviewKind)),
        )
        .order_by(TrafficCase.applied_at, TrafficCase.number)
    )
    for case in rows.all():
        report: Values = (("report", case.report),) if case.report else ()
        yield PaperOnFile(
            "review-slip",
            case.number,
            (
                ("number", case.number),
                *visit.on_paper,
                ("review", case.matter),
                ("cycle_ended", case.valid_to.isoformat() if case.valid_to else "long"),
                *report,
                ("verify_url", f"{visit.desk.people_url}/v/{case.number}"),
            ),
        )


def marks(visit: Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.scalars(
        select(TrafficCase)
        .where(
            TrafficCase.visit == visit.case,
            TrafficCase.holder == visit.number.text,
            TrafficCase.matter == INSPECTION_MARK,
        )
        .order_by(TrafficCase.applied_at, TrafficCase.number)
    )
    own = {v.plate.number: v for v in visit.desk.agencies.traffic.vehicles(visit.number.text)}
    for case in rows.all():
        vehicle = own.get(case.plate)
        if vehicle is None:
            continue
        yield PaperOnFile(
            "inspection-mark",
            case.number,
            (
                ("number", case.number),
                ("plate", vehicle.plate.spaced),
                ("plate_kind", vehicle.plate.kind.value),
                ("vehicle", vehicle.model),
                *on_mark(visit.desk, case).items(),
            ),
        )


def plates(visit: Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.execute(
        select(PlateCase, PaymentOrder)
        .join(PaymentOrder, PaymentOrder.number == PlateCase.order_number)
        .where(
            PlateCase.visit == visit.case,
            PlateCase.holder == visit.number.text,
            PlateCase.state != PlateState.VOID,
        )
        .order_by(PlateCase.applied_at, PlateCase.number)
    )
    for case, order in rows.all():
        unpaid = case.state is PlateState.AWAITING_PAYMENT
        handed = "handed-out" if case.state is PlateState.HANDED_OUT else "at-window"
        yield PaperOnFile(
            "plate-slip",
            case.number,
            (
                ("number", case.number),
                *visit.on_paper,
                ("fee", Money(order.fen).yuan),
                ("payment", "by-slip" if unpaid else "paid"),
                ("handed", handed),
                *on_slip(visit.desk, case).items(),
            ),
        )


def exams(visit: Visit) -> Iterator[PaperOnFile]:
    """Only while the figures are still here: afterwards they are the institution's."""
    rows = visit.desk.db.scalars(
        select(DriverExam).where(
            DriverExam.visit == visit.case, DriverExam.holder == visit.number.text, DriverExam.measured != ""
        )
    )
    for row in rows.all():
        values = (("number", row.number), *visit.on_paper, *record_values(visit.desk, row))
        yield PaperOnFile("exam-record", row.number, values)


def _record(visit: Visit, record_id: str) -> Values:
    """What every paper about a camera record says of it; nothing where the record or its code is not known."""
    record = visit.desk.agencies.traffic.record(record_id)
    behaviour = None if record is None else visit.desk.tables.behaviours.get(record.code)
    if record is None or behaviour is None:
        return ()
    return (
        ("plate", record.plate.spaced),
        ("at", record.at.isoformat()),
        ("place", record.place),
        ("behaviour", behaviour.behaviour),
        ("code", record.code),
    )


def objections(visit: Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.scalars(
        select(Objection)
        .where(Objection.visit == visit.case, Objection.holder == visit.number.text)
        .order_by(Objection.filed_at, Objection.number)
    )
    for row in rows.all():
        facts = _record(visit, row.record)
        if facts:
            due = (("answer_due", row.answer_due.isoformat()),)
            yield PaperOnFile("objection-slip", row.number, (("number", row.number), *visit.on_paper, *facts, *due))


def decisions(visit: Visit) -> Iterator[PaperOnFile]:
    for _, reply in visit.filings(FilingKind.VIOLATION_DECIDED):
        row = visit.desk.db.get(Decision, reply.number)
        if row is None or row.holder != visit.number.text:
            continue
        facts = _record(visit, row.record)
        if not facts:
            continue
        whole = _decision(visit, row, reply.extras, facts)
        if whole is not None:
            yield whole
        yield PaperOnFile(
            "violation-slip",
            row.number,
            (
                ("number", row.number),
                *visit.on_paper,
                *facts,
                ("fine", Money(row.fine_fen).yuan),
                ("points", str(row.points)),
                ("pay_by", row.pay_by.isoformat()),
            ),
        )


def _decision(visit: Visit, row: Decision, extras: dict[str, str], facts: Values) -> PaperOnFile | None:
    """《公安交通管理简易程序处罚决定书》 once more, if every text on it is the one that was told."""
    desk, number = visit.desk, visit.number.text
    record = desk.agencies.traffic.record(row.record)
    licence = desk.agencies.traffic.licence(number)
    texts = [desk.tables.texts[name] for name in ("rights", "payment-terms", "declaration")]
    decided_on = row.decided_at.astimezone(BEIJING).date()
    told = is_rights_text(desk, row.rights_text_sha256) and all(text.as_of <= decided_on for text in texts)
    if record is None or licence is None or not told:
        return None
    behaviour = desk.tables.behaviours[record.code]
    rights, payment_terms, declaration = texts
    model = next((v.model for v in desk.agencies.traffic.vehicles(number) if v.plate == record.plate), "")
    return PaperOnFile(
        "penalty-decision",
        row.number,
        (
            ("number", row.number),
            ("name", visit.person.name),
            ("id_masked", visit.number.masked),
            ("licence_file", licence.file_number),
            ("licence_classes", "".join(c.value for c in licence.classes)),
            ("licence_office", licence.issuing_office),
            *facts,
            ("plate_kind", record.plate.kind.value),
            *((("vehicle", model),) if model else ()),
            ("articles_broken", behaviour.broken),
            ("articles_basis", behaviour.basis),
            ("fine", Money(row.fine_fen).yuan),
            ("points", str(row.points)),
            ("rights_text", rights.text),
            ("payment_text", payment_terms.text),
            ("declaration_text", declaration.text),
            ("authority", extras["authority"]),
            ("decided_at", extras["decided_at"]),
            ("verify_url", extras["verify_url"]),
            ("signed", "yes"),
        ),
    )
