"""Papers of cards, passports and passes: what a terminal holds, what was collected, what was applied for."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from central.desks.crossings import printed_crossings
from central.desks.endorsements import slip_values as slip_values_of_endorsement
from central.desks.papers.visit import Values, Visit
from central.desks.travel_applications import on_receipt
from central.model import (
    CardCase,
    CardState,
    Document,
    GrantKind,
    GrantRow,
    PaymentOrder,
    Place,
)
from central.model_exit_entry import CrossingQuery, EndorsementCase, EndorsementState, TravelCase
from kiosk.people.exit_entry import masked_document
from kiosk.people.money import Money
from kiosk.people.records import PaperOnFile
from kiosk.protocol.filings import CardCollected, TravelCollected
from kiosk.protocol.messages import FilingKind


def custody(visit: Visit) -> Iterator[PaperOnFile]:
    """One slip for each document this visit put behind a door that is still there."""
    rows = visit.desk.db.execute(
        select(Document, GrantRow)
        .join(GrantRow, GrantRow.item == Document.id)
        .where(
            GrantRow.visit == visit.case,
            GrantRow.terminal == visit.desk.terminal,
            GrantRow.kind == GrantKind.TAKE_IN,
            Document.place == Place.CUSTODY,
        )
        .order_by(GrantRow.granted_at, GrantRow.id)
    )
    for document, grant in rows.all():
        case = _own(visit, document.case_number)
        if case is None:
            continue
        yield PaperOnFile(
            "custody-slip",
            document.id,
            (
                ("number", document.id),
                ("case_number", case.number),
                *visit.on_paper,
                ("document", _kind(case)),
                ("place", f"{grant.board}-{grant.compartment}"),
            ),
        )


def collections(visit: Visit) -> Iterator[PaperOnFile]:
    """One slip for each document that was collected."""
    payloads = (
        *(CardCollected.model_validate_json(row.payload) for row, _ in visit.filings(FilingKind.CARD_COLLECTED)),
        *(TravelCollected.model_validate_json(row.payload) for row, _ in visit.filings(FilingKind.TRAVEL_COLLECTED)),
    )
    for payload in payloads:
        case = _own(visit, payload.case_number)
        if case is None or payload.number != visit.number.text:
            continue
        yield PaperOnFile(
            "collection-slip",
            case.number,
            (
                ("number", case.number),
                ("case_number", case.number),
                *visit.on_paper,
                ("document", _kind(case)),
                ("valid_to", case.valid_to.isoformat() if case.valid_to else "long"),
                ("certainty", payload.certainty),
            ),
        )


def _own(visit: Visit, number: str) -> CardCase | TravelCase | None:
    """The application of this number, if it is this citizen's."""
    case = visit.desk.db.get(CardCase, number) or visit.desk.db.get(TravelCase, number)
    return case if case is not None and case.holder == visit.number.text else None


def _kind(case: CardCase | TravelCase) -> str:
    return "id-card" if isinstance(case, CardCase) else case.kind.value


def applications(visit: Visit) -> Iterator[PaperOnFile]:
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


def travel_applications(visit: Visit) -> Iterator[PaperOnFile]:
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


def crossings(visit: Visit) -> Iterator[PaperOnFile]:
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


def pass_endorsements(visit: Visit) -> Iterator[PaperOnFile]:
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
