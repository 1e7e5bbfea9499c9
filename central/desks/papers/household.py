"""Papers of the household desk: reports, temporary cards, certificates and permits."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from central.desks.certificates import printed as certificate_values
from central.desks.criminal_records import KIND as NO_RECORD
from central.desks.criminal_records import receipt
from central.desks.papers.visit import Values, Visit, moment
from central.desks.permits import endorsement_values
from central.desks.residence import slip_values as residence_values
from central.desks.temporary_cards import slip_values
from central.model import (
    PaymentOrder,
)
from central.model_household import CertificateRow, LossReport, RecordCase, TemporaryCard
from central.model_residence import PermitEndorsement, ResidenceCase
from kiosk.people.money import Money
from kiosk.people.records import PaperOnFile


def losses(visit: Visit) -> Iterator[PaperOnFile]:
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
                ("reported_at", moment(row.reported_at)),
                ("loss_date", row.lost_on.isoformat()),
                ("loss_place", f"loss-place-{row.place}"),
                ("loss_manner", f"loss-manner-{row.manner}"),
                ("verify_url", f"{visit.desk.people_url}/v/{row.number}"),
            ),
        )


def temporary(visit: Visit) -> Iterator[PaperOnFile]:
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


def certificates(visit: Visit) -> Iterator[PaperOnFile]:
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


def record_receipts(visit: Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.scalars(
        select(RecordCase)
        .where(RecordCase.visit == visit.case, RecordCase.holder == visit.number.text, RecordCase.certificate == "")
        .order_by(RecordCase.asked_at, RecordCase.number)
    )
    for row in rows.all():
        purpose = ("record_purpose", f"record-purpose-{row.purpose}")
        values = (("number", row.number), *visit.on_paper, purpose, *receipt(visit.desk, row).items())
        yield PaperOnFile("record-receipt", row.number, values)


def residence(visit: Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.scalars(
        select(ResidenceCase)
        .where(ResidenceCase.visit == visit.case, ResidenceCase.holder == visit.number.text)
        .order_by(ResidenceCase.applied_at, ResidenceCase.number)
    )
    for row in rows.all():
        values = residence_values(visit.desk, row)
        on_slip = (("number", row.number), *visit.on_paper, ("residence_matter", row.matter), *values.items())
        yield PaperOnFile("residence-slip", row.number, on_slip)


def endorsements(visit: Visit) -> Iterator[PaperOnFile]:
    rows = visit.desk.db.scalars(
        select(PermitEndorsement)
        .where(PermitEndorsement.visit == visit.case, PermitEndorsement.holder == visit.number.text)
        .order_by(PermitEndorsement.endorsed_at, PermitEndorsement.number)
    )
    for row in rows.all():
        values = endorsement_values(visit.desk, row)
        yield PaperOnFile("permit-slip", row.number, (("number", row.number), *visit.on_paper, *values.items()))
