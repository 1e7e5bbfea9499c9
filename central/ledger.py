"""The books as JSON, read straight from the database, whether or not a server runs. No personal data."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.agencies.sandbox_model import SandboxPayment, SandboxRefund
from central.desks.desk import BEIJING
from central.ledger_exit_entry import exit_entry_cases
from central.model import (
    CardCase,
    Decision,
    Document,
    DocumentKind,
    GrantRow,
    HelpCall,
    Objection,
    PaymentOrder,
    Place,
    Settlement,
)
from central.model_household import CertificateRow, LossReport, RecordCase, TemporaryCard
from central.model_medical import DriverExam
from central.model_plates import PlateCase
from central.model_pre_registration import PreRegistrationRow
from central.model_residence import PermitEndorsement, ResidenceCase
from central.model_traffic import TrafficCase


def ledger(db: Session) -> dict[str, Any]:
    """documents, payments, cases, grants, settlements. Every document has exactly one place."""
    return {
        "documents": documents(db),
        "payments": payments(db),
        "cases": cases(db),
        "grants": grants(db),
        "settlements": settlements(db),
    }


def documents(db: Session) -> list[dict[str, Any]]:
    """New cards, and old cards that were taken in: not those for which a compartment is merely reserved."""
    return [
        {"id": d.id, "kind": d.kind.value, "place": d.place_text, "case": d.case_number}
        for d in db.scalars(select(Document).order_by(Document.id))
        if not (d.kind is DocumentKind.OLD_CARD and d.place is Place.CITIZEN and d.compartment)
    ]


def payments(db: Session) -> list[dict[str, Any]]:
    """Orders, with what the provider took and gave back, in fen."""
    rows: list[dict[str, Any]] = []
    for order in db.scalars(select(PaymentOrder).order_by(PaymentOrder.number)):
        taken = db.get(SandboxPayment, order.number)
        back = db.get(SandboxRefund, order.number)
        rows.append(
            {
                "order": order.number,
                "visit": order.visit,
                "bill": order.bill,
                "state": order.state.value,
                "fen": order.fen,
                "taken_fen": order.fen if taken is not None and taken.captured_at is not None else 0,
                "refunded_fen": back.fen if back is not None else 0,
                "receipt": order.receipt,
                "slip": order.slip,
                "used_by": order.used_by,
            }
        )
    return rows


def cases(db: Session) -> list[dict[str, Any]]:
    """Applications, decisions, objections and calls for help."""
    rows: list[dict[str, Any]] = [
        {
            "number": c.number,
            "kind": "id-card",
            "state": c.state.value,
            "visit": c.visit,
            "ground": c.ground.value,
            "item": c.item,
            "blocked": c.blocked,
            "certainty": c.certainty,
            "at": c.applied_at.astimezone(BEIJING).isoformat(),
        }
        for c in db.scalars(select(CardCase).order_by(CardCase.number))
    ]
    rows += [
        {
            "number": d.number,
            "kind": "decision",
            "state": "paid" if d.paid_by_order else "unpaid",
            "visit": d.visit,
            "record": d.record,
            "fine_fen": d.fine_fen,
            "points": d.points,
            "rights_text_known": d.rights_text_known,
            "at": d.decided_at.astimezone(BEIJING).isoformat(),
        }
        for d in db.scalars(select(Decision).order_by(Decision.number))
    ]
    rows += [
        {
            "number": o.number,
            "kind": "objection",
            "state": "open",
            "visit": o.visit,
            "record": o.record,
            "answer_due": o.answer_due.isoformat(),
            "at": o.filed_at.astimezone(BEIJING).isoformat(),
        }
        for o in db.scalars(select(Objection).order_by(Objection.number))
    ]
    rows += [
        {
            "number": h.number,
            "kind": "help",
            "state": "open",
            "visit": h.visit,
            "page": h.page,
            "at": h.at.astimezone(BEIJING).isoformat(),
        }
        for h in db.scalars(select(HelpCall).order_by(HelpCall.number))
    ]
    rows += [
        {
            "number": p.number,
            "kind": "pre-registration",
            "state": p.state.value,
            "visit": p.visit,
            "at": p.received_at.astimezone(BEIJING).isoformat(),
        }
        for p in db.scalars(select(PreRegistrationRow).order_by(PreRegistrationRow.number))
    ]
    rows += [
        {
            "number": r.number,
            "kind": "report-of-loss",
            "state": "in-force",
            "visit": r.visit,
            "at": r.reported_at.astimezone(BEIJING).isoformat(),
        }
        for r in db.scalars(select(LossReport).order_by(LossReport.number))
    ]
    rows += [
        {
            "number": c.number,
            "kind": f"certificate-{c.kind}",
            "state": "issued",
            "visit": c.visit,
            "at": c.issued_at.astimezone(BEIJING).isoformat(),
        }
        for c in db.scalars(select(CertificateRow).order_by(CertificateRow.number))
    ]
    rows += [
        {
            "number": c.number,
            "kind": "record-query",
            "state": "answered" if c.certificate else "open",
            "visit": c.visit,
            "due": c.due.isoformat(),
            "at": c.asked_at.astimezone(BEIJING).isoformat(),
        }
        for c in db.scalars(select(RecordCase).order_by(RecordCase.number))
    ]
    rows += [
        {
            "number": c.number,
            "kind": c.matter,
            "state": c.state.value,
            "visit": c.visit,
            "at": c.applied_at.astimezone(BEIJING).isoformat(),
        }
        for c in db.scalars(select(TrafficCase).order_by(TrafficCase.number))
    ]
    rows += [
        {
            "number": p.number,
            "kind": "temporary-plate",
            "state": p.state.value,
            "visit": p.visit,
            "item": p.item,
            "at": p.applied_at.astimezone(BEIJING).isoformat(),
        }
        for p in db.scalars(select(PlateCase).order_by(PlateCase.number))
    ]
    rows += [
        {
            "number": t.number,
            "kind": "temporary-card",
            "state": t.state,
            "visit": t.visit,
            "case": t.card_case,
            "at": t.applied_at.astimezone(BEIJING).isoformat(),
        }
        for t in db.scalars(select(TemporaryCard).order_by(TemporaryCard.number))
    ]
    rows += [
        {
            "number": c.number,
            "kind": f"residence-{c.matter}",
            "state": c.state,
            "visit": c.visit,
            "at": c.applied_at.astimezone(BEIJING).isoformat(),
        }
        for c in db.scalars(select(ResidenceCase).order_by(ResidenceCase.number))
    ]
    rows += [
        {
            "number": e.number,
            "kind": "permit-endorsement",
            "state": e.time,
            "visit": e.visit,
            "until": e.until.isoformat(),
            "at": e.endorsed_at.astimezone(BEIJING).isoformat(),
        }
        for e in db.scalars(select(PermitEndorsement).order_by(PermitEndorsement.number))
    ]
    rows += [
        {
            "number": e.number,
            "kind": "driver-exam",
            "state": e.state.value,
            "visit": e.visit,
            "at": e.taken_at.astimezone(BEIJING).isoformat(),
        }
        for e in db.scalars(select(DriverExam).order_by(DriverExam.number))
    ]
    return rows + exit_entry_cases(db)


def grants(db: Session) -> list[dict[str, Any]]:
    """Every grant and what came of it."""
    return [
        {
            "grant": g.id,
            "kind": g.kind.value,
            "state": g.state.value,
            "visit": g.visit,
            "key": g.key,
            "item": g.item,
            "terminal": g.terminal,
            "board": g.board,
            "compartment": g.compartment,
            "outcome": g.outcome,
        }
        for g in db.scalars(select(GrantRow).order_by(GrantRow.id))
    ]


def settlements(db: Session) -> list[dict[str, str]]:
    """What people settled, oldest first."""
    return [settlement(row) for row in db.scalars(select(Settlement).order_by(Settlement.at, Settlement.id))]


def settlement(row: Settlement) -> dict[str, str]:
    """One of them."""
    return {
        "kind": row.kind,
        "subject": row.subject,
        "was": row.was,
        "now": row.now,
        "by": row.by,
        "because": row.because,
        "at": row.at.astimezone(BEIJING).isoformat(),
    }
