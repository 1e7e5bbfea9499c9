"""The papers of an interrupted visit, made again from the books (rule 17): same numbers, same facts.

Only what the books bear out today: an old card that went back has no custody slip any more, and a decision whose
texts were replaced since is not printed with other ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from central.agencies.contract import Person
from central.desks.certificates import printed as certificate_values
from central.desks.criminal_records import KIND as NO_RECORD
from central.desks.criminal_records import receipt
from central.desks.crossings import printed_crossings
from central.desks.desk import BEIJING, Desk
from central.desks.driving import collect_site
from central.desks.endorsements import slip_values as slip_values_of_endorsement
from central.desks.exams import record_values
from central.desks.inspections import MATTER as INSPECTION_MARK
from central.desks.inspections import on_mark
from central.desks.permits import endorsement_values
from central.desks.plates import on_slip
from central.desks.residence import slip_values as residence_values
from central.desks.temporary_cards import slip_values
from central.desks.traffic import is_rights_text
from central.desks.travel_applications import on_receipt
from central.model import (
    CardCase,
    CardState,
    Decision,
    Document,
    FilingRow,
    GrantKind,
    GrantRow,
    Objection,
    OrderKey,
    PaymentOrder,
    Place,
)
from central.model_exit_entry import CrossingQuery, EndorsementCase, EndorsementState, TravelCase
from central.model_household import CertificateRow, LossReport, RecordCase, TemporaryCard
from central.model_medical import DriverExam
from central.model_plates import PlateCase, PlateState
from central.model_residence import PermitEndorsement, ResidenceCase
from central.model_traffic import TrafficCase, TrafficState
from kiosk.people.bills import bill_topic
from kiosk.people.exit_entry import masked_document
from kiosk.people.id_card import masked_name
from kiosk.people.id_number import IdNumber
from kiosk.people.money import Money
from kiosk.people.records import PaperOnFile
from kiosk.people.traffic import ReviewKind
from kiosk.protocol.filings import CardCollected, TravelCollected
from kiosk.protocol.messages import FilingKind, FilingReply, OrderState

Values = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Visit:
    """A visit to the asking terminal, and the citizen who asks."""

    desk: Desk
    case: str
    number: IdNumber
    person: Person

    @property
    def on_paper(self) -> Values:
        return (("name_masked", masked_name(self.person.name)), ("id_masked", self.number.masked))

    def filings(self, kind: FilingKind) -> Iterator[tuple[FilingRow, FilingReply]]:
        """Accepted filings of one kind, oldest first."""
        rows = self.desk.db.scalars(
            select(FilingRow)
            .where(FilingRow.visit == self.case, FilingRow.terminal == self.desk.terminal, FilingRow.kind == kind)
            .order_by(FilingRow.received_at, FilingRow.key)
        )
        for row in rows:
            reply = FilingReply.model_validate_json(row.reply)
            if reply.status == "accepted":
                yield row, reply


def papers_of(desk: Desk, number: IdNumber, case: str) -> tuple[PaperOnFile, ...]:
    """Every paper that is due for this visit, in the order in which the visit gave them; none to anybody else."""
    person = desk.agencies.population.person(number.text)
    if person is None:
        return ()
    visit = _Visit(desk, case, number, person)
    makers: tuple[Callable[[_Visit], Iterator[PaperOnFile]], ...] = (
        _custody,
        _collections,
        _applications,
        _travel_custody,
        _travel_collections,
        _travel_applications,
        _losses,
        _temporary,
        _residence,
        _endorsements,
        _certificates,
        _record_receipts,
        _crossings,
        _pass_endorsements,
        _traffic_cases,
        _reviews,
        _exams,
        _marks,
        _plates,
        _objections,
        _decisions,
        _money,
    )
    return tuple(paper for make in makers for paper in make(visit))


def _custody(visit: _Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.execute(
        select(Document, GrantRow, CardCase)
        .join(GrantRow, GrantRow.item == Document.id)
        .join(CardCase, CardCase.number == Document.case_number)
        .where(
            GrantRow.visit == visit.case,
            GrantRow.terminal == visit.desk.terminal,
            GrantRow.kind == GrantKind.TAKE_IN,
            Document.place == Place.CUSTODY,
            CardCase.holder == visit.number.text,
        )
        .order_by(GrantRow.granted_at, GrantRow.id)
    )
    for document, grant, case in rows.all():
        yield PaperOnFile(
            "custody-slip",
            document.id,
            (
                ("number", document.id),
                ("case_number", case.number),
                *visit.on_paper,
                ("document", "id-card"),
                ("place", f"{grant.board}-{grant.compartment}"),
            ),
        )


def _collections(visit: _Visit) -> Iterator[PaperOnFile]:
    for row, _ in visit.filings(FilingKind.CARD_COLLECTED):
        payload = CardCollected.model_validate_json(row.payload)
        case = visit.desk.db.get(CardCase, payload.case_number)
        if case is None or case.holder != visit.number.text or payload.number != visit.number.text:
            continue
        yield PaperOnFile(
            "collection-slip",
            case.number,
            (
                ("number", case.number),
                ("case_number", case.number),
                *visit.on_paper,
                ("document", "id-card"),
                ("valid_to", case.valid_to.isoformat() if case.valid_to else "long"),
                ("certainty", payload.certainty),
            ),
        )


def _applications(visit: _Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.execute(
        select(CardCase, PaymentOrder)
        .join(PaymentOrder, PaymentOrder.number == CardCase.order_number)
        .where(
            CardCase.visit == visit.case,
            CardCase.holder == visit.number.text,
            CardCase.state != CardState.VOID,
            PaymentOrder.terminal == visit.desk.terminal,
        )
        .order_by(CardCase.applied_at, CardCase.number)
    )
    for case, order in rows.all():
        review: Values = (("portrait_review", "yes"),) if case.portrait_review else ()
        yield PaperOnFile(
            "application-receipt",
            case.number,
            (
                ("number", case.number),
                *visit.on_paper,
                ("ground", case.ground.value),
                ("fee", Money(order.fen).yuan),
                ("payment", "by-slip" if case.state is CardState.AWAITING_PAYMENT else "paid"),
                ("ready_by", case.ready_by.isoformat()),
                ("collect_site", visit.desk.tables.sites[case.site].name),
                ("verify_url", f"{visit.desk.people_url}/v/{case.number}"),
                *review,
            ),
        )


def _travel_custody(visit: _Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.execute(
        select(Document, GrantRow, TravelCase)
        .join(GrantRow, GrantRow.item == Document.id)
        .join(TravelCase, TravelCase.number == Document.case_number)
        .where(
            GrantRow.visit == visit.case,
            GrantRow.terminal == visit.desk.terminal,
            GrantRow.kind == GrantKind.TAKE_IN,
            Document.place == Place.CUSTODY,
            TravelCase.holder == visit.number.text,
        )
        .order_by(GrantRow.granted_at, GrantRow.id)
    )
    for document, grant, case in rows.all():
        yield PaperOnFile(
            "custody-slip",
            document.id,
            (
                ("number", document.id),
                ("case_number", case.number),
                *visit.on_paper,
                ("document", case.kind.value),
                ("place", f"{grant.board}-{grant.compartment}"),
            ),
        )


def _travel_collections(visit: _Visit) -> Iterator[PaperOnFile]:
    for row, _ in visit.filings(FilingKind.TRAVEL_COLLECTED):
        payload = TravelCollected.model_validate_json(row.payload)
        case = visit.desk.db.get(TravelCase, payload.case_number)
        if case is None or case.holder != visit.number.text or payload.number != visit.number.text:
            continue
        yield PaperOnFile(
            "collection-slip",
            case.number,
            (
                ("number", case.number),
                ("case_number", case.number),
                *visit.on_paper,
                ("document", case.kind.value),
                ("valid_to", case.valid_to.isoformat() if case.valid_to else "long"),
                ("certainty", payload.certainty),
            ),
        )


def _travel_applications(visit: _Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.execute(
        select(TravelCase, PaymentOrder)
        .join(PaymentOrder, PaymentOrder.number == TravelCase.order_number)
        .where(
            TravelCase.visit == visit.case,
            TravelCase.holder == visit.number.text,
            TravelCase.state != CardState.VOID,
        )
        .order_by(TravelCase.applied_at, TravelCase.number)
    )
    for case, order in rows.all():
        review: Values = (("portrait_review", "yes"),) if case.portrait_review else ()
        yield PaperOnFile(
            "travel-receipt",
            case.number,
            (
                ("number", case.number),
                *visit.on_paper,
                ("document", case.kind.value),
                ("ground", f"travel-{case.ground.value}"),
                ("fee", Money(order.fen).yuan),
                ("payment", "by-slip" if case.state is CardState.AWAITING_PAYMENT else "paid"),
                *on_receipt(visit.desk, case).items(),
                *review,
            ),
        )


def _losses(visit: _Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.scalars(
        select(LossReport)
        .where(LossReport.visit == visit.case, LossReport.holder == visit.number.text)
        .order_by(LossReport.reported_at, LossReport.number)
    )
    for row in rows.all():
        yield PaperOnFile(
            "report-receipt",
            row.number,
            (
                ("number", row.number),
                *visit.on_paper,
                ("reported_at", _moment(row.reported_at)),
                ("loss_date", row.lost_on.isoformat()),
                ("loss_place", f"loss-place-{row.place}"),
                ("loss_manner", f"loss-manner-{row.manner}"),
                ("verify_url", f"{visit.desk.people_url}/v/{row.number}"),
            ),
        )


def _temporary(visit: _Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.execute(
        select(TemporaryCard, PaymentOrder)
        .join(PaymentOrder, PaymentOrder.number == TemporaryCard.order_number)
        .where(
            TemporaryCard.visit == visit.case,
            TemporaryCard.holder == visit.number.text,
            TemporaryCard.state != "void",
        )
        .order_by(TemporaryCard.applied_at, TemporaryCard.number)
    )
    for row, order in rows.all():
        yield PaperOnFile(
            "temporary-slip",
            row.number,
            (
                ("number", row.number),
                *visit.on_paper,
                ("case_number", row.card_case),
                ("fee", Money(order.fen).yuan),
                ("payment", "by-slip" if row.state == "awaiting-payment" else "paid"),
                *slip_values(visit.desk, row).items(),
            ),
        )


def _certificates(visit: _Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.scalars(
        select(CertificateRow)
        .where(CertificateRow.visit == visit.case, CertificateRow.holder == visit.number.text)
        .order_by(CertificateRow.issued_at, CertificateRow.number)
    )
    for row in rows.all():
        household = row.kind != NO_RECORD
        paper = "household-certificate" if household else "no-record-certificate"
        kind: Values = (("kind", row.kind),) if household else ()
        yield PaperOnFile(
            paper, row.number, (("number", row.number), *kind, *certificate_values(visit.desk, row).items())
        )


def _crossings(visit: _Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.scalars(
        select(CrossingQuery)
        .where(CrossingQuery.visit == visit.case, CrossingQuery.holder == visit.number.text)
        .order_by(CrossingQuery.asked_at, CrossingQuery.number)
    )
    for row in rows.all():
        values = (("number", row.number), *printed_crossings(visit.desk, row).items())
        yield PaperOnFile("crossing-record", row.number, values)


_OUTCOMES = {
    EndorsementState.WRITTEN: "endorse-written",
    EndorsementState.WITHDRAWN: "endorse-not-written",
    EndorsementState.IN_DOUBT: "endorse-unknown",
}


def _pass_endorsements(visit: _Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.scalars(
        select(EndorsementCase)
        .where(EndorsementCase.visit == visit.case, EndorsementCase.holder == visit.number.text)
        .order_by(EndorsementCase.asked_at, EndorsementCase.number)
    )
    for row in rows.all():
        values = (
            ("number", row.number),
            *visit.on_paper,
            ("document_number", masked_document(row.document)),
            ("outcome", _OUTCOMES.get(row.state, "endorse-at-window")),
            ("pass_place", f"pass-{row.pass_place or 'given-back'}"),
            *((("custody", row.custody),) if row.custody else ()),
            ("fee", Money(row.fen).yuan),
            *slip_values_of_endorsement(visit.desk, row).items(),
        )
        yield PaperOnFile("endorsement-slip", row.number, values)


def _record_receipts(visit: _Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.scalars(
        select(RecordCase)
        .where(RecordCase.visit == visit.case, RecordCase.holder == visit.number.text, RecordCase.certificate == "")
        .order_by(RecordCase.asked_at, RecordCase.number)
    )
    for row in rows.all():
        purpose = ("record_purpose", f"record-purpose-{row.purpose}")
        values = (("number", row.number), *visit.on_paper, purpose, *receipt(visit.desk, row).items())
        yield PaperOnFile("record-receipt", row.number, values)


def _traffic_cases(visit: _Visit) -> Iterator[PaperOnFile]:
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


def _reviews(visit: _Visit) -> Iterator[PaperOnFile]:
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


def _marks(visit: _Visit) -> Iterator[PaperOnFile]:
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


def _exams(visit: _Visit) -> Iterator[PaperOnFile]:
    """Only while the figures are still here: afterwards they are the institution's."""
    rows = visit.desk.db.scalars(
        select(DriverExam).where(
            DriverExam.visit == visit.case, DriverExam.holder == visit.number.text, DriverExam.measured != ""
        )
    )
    for row in rows.all():
        values = (("number", row.number), *visit.on_paper, *record_values(visit.desk, row))
        yield PaperOnFile("exam-record", row.number, values)


def _plates(visit: _Visit) -> Iterator[PaperOnFile]:
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


def _record(visit: _Visit, record_id: str) -> Values:
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


def _objections(visit: _Visit) -> Iterator[PaperOnFile]:
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


def _decisions(visit: _Visit) -> Iterator[PaperOnFile]:
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


def _decision(visit: _Visit, row: Decision, extras: dict[str, str], facts: Values) -> PaperOnFile | None:
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


def _money(visit: _Visit) -> Iterator[PaperOnFile]:
    """A receipt for money that counts and a slip for money that is still due."""
    rows = visit.desk.db.scalars(
        select(PaymentOrder)
        .join(OrderKey, OrderKey.order_number == PaymentOrder.number)
        .where(OrderKey.visit == visit.case, PaymentOrder.payer == visit.number.text)
        .distinct()
        .order_by(PaymentOrder.created_at, PaymentOrder.number)
    )
    for order in rows.all():
        fine = order.bill.startswith("fine:")
        bill: Values = (
            ("order", order.number),
            *visit.on_paper,
            ("subject", bill_topic(order.bill)),
            ("amount", Money(order.fen).yuan),
        )
        case: Values = (("case_number", order.bill.removeprefix("fine:")),) if fine else ()
        match order.state:
            case OrderState.CAPTURED if fine or not order.used_by:
                paid = (
                    ("paid_at", _moment(order.captured_at or order.created_at)),
                    ("verify_url", f"{visit.desk.people_url}/v/{order.receipt}"),
                )
                yield PaperOnFile("payment-receipt", order.receipt, (("number", order.receipt), *bill, *paid, *case))
            case OrderState.CLOSED | OrderState.EXPIRED if order.slip and order.due is not None:
                due = (("due", order.due.isoformat()),)
                yield PaperOnFile("payment-slip", order.slip, (("number", order.slip), *bill, *due, *case))
            case _:
                # A fee that paid for an application stands on the application's receipt.
                pass


def _moment(at: datetime) -> str:
    return at.astimezone(BEIJING).isoformat(timespec="seconds")


def _residence(visit: _Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.scalars(
        select(ResidenceCase)
        .where(ResidenceCase.visit == visit.case, ResidenceCase.holder == visit.number.text)
        .order_by(ResidenceCase.applied_at, ResidenceCase.number)
    )
    for row in rows.all():
        values = residence_values(visit.desk, row)
        on_slip = (("number", row.number), *visit.on_paper, ("residence_matter", row.matter), *values.items())
        yield PaperOnFile("residence-slip", row.number, on_slip)


def _endorsements(visit: _Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.scalars(
        select(PermitEndorsement)
        .where(PermitEndorsement.visit == visit.case, PermitEndorsement.holder == visit.number.text)
        .order_by(PermitEndorsement.endorsed_at, PermitEndorsement.number)
    )
    for row in rows.all():
        values = endorsement_values(visit.desk, row)
        yield PaperOnFile("permit-slip", row.number, (("number", row.number), *visit.on_paper, *values.items()))
