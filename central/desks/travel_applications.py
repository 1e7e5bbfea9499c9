"""CRJ04, CRJ05, CRJ06: who may have a new passport or pass, and what becomes of the application."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from central.desks.answers import accepted, checked_number, refused
from central.desks.cards import HOME_PROVINCE, months_before
from central.desks.desk import Desk, masked_phone, working_days_later
from central.desks.notifying import notify
from central.desks.travel_cases import closed_to, open_travel_case
from central.model import CardState, Document, DocumentKind, PaymentOrder, Place
from central.model_exit_entry import TravelCase
from central.problems import Declined
from kiosk.people.exit_entry import DocumentGround, DocumentStanding, TravelDocument, TravelDocumentKind
from kiosk.people.id_number import IdNumber
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.synthetic import case_number
from kiosk.people.travel_applications import MayApplyTravel
from kiosk.protocol.filings import TravelApplication
from kiosk.protocol.messages import Filing, FilingReply, OrderState

OFFICE = "exit-entry"
BRANCH = "exit-entry"
KIND_OF_FEE = {f"bill-{kind.value}": kind for kind in TravelDocumentKind}
"""What bill_topic calls the fee of each kind."""
_FIRST_SERIAL = 40_000
_GIVES_UP = (DocumentGround.RENEWAL, DocumentGround.DAMAGE, DocumentGround.LOSS)


def may_apply_travel(desk: Desk, number: IdNumber, kind: TravelDocumentKind) -> MayApplyTravel | Refusal:
    """One answer to everything that could stand in the way, with every ground that is open."""
    refusal = closed_to(desk, number)
    if refusal is not None:
        return refusal
    case = open_travel_case(desk, number.text, kind)
    if case is not None:
        return desk.sent_to(
            RefusalCode.CASE_ALREADY_OPEN,
            OFFICE,
            ("case", case.number),
            ("stage", case.state.value),
            ("date", case.ready_by.isoformat()),
        )
    fee = desk.tables.fee_of(kind.value, desk.today)
    person = desk.agencies.population.person(number.text)
    return MayApplyTravel(
        kind=kind,
        grounds=_grounds(desk, on_file(desk, number.text, kind)),
        fee=fee.money,
        fee_reference=fee.reference,
        phone_masked=masked_phone(person.phone) if person else "",
        collect_sites=desk.tables.sites_of(BRANCH),
        ready_by=_ready_by(desk, number),
    )


def on_file(desk: Desk, number: str, kind: TravelDocumentKind) -> TravelDocument | None:
    """The newest document of a kind that was handed to its holder and is not void."""
    wanted = (DocumentStanding.IN_FORCE, DocumentStanding.LOST)
    found = desk.agencies.exit_entry.documents(number)
    return next((d for d in found if d.kind is kind and d.standing in wanted), None)


def _grounds(desk: Desk, document: TravelDocument | None) -> tuple[DocumentGround, ...]:
    """首次 where there is none; 换发 from some months before the end; 补发 for what is damaged or lost."""
    if document is None:
        return (DocumentGround.FIRST,)
    if document.standing is DocumentStanding.LOST:
        return (DocumentGround.LOSS,)
    earliest = months_before(document.valid_to, desk.tables.rules["travel-renewal-months"])
    if desk.today >= earliest:
        return _GIVES_UP
    return (DocumentGround.DAMAGE, DocumentGround.LOSS)


def _ready_by(desk: Desk, number: IdNumber) -> date:
    person = desk.agencies.population.person(number.text)
    if person is not None and person.region.startswith(HOME_PROVINCE):
        return working_days_later(desk.today, desk.tables.rules["travel-local-working-days"])
    return desk.today + timedelta(days=desk.tables.rules["travel-document-days"])


def travel_applied(filing: Filing, payload: TravelApplication, order: PaymentOrder | None, desk: Desk) -> FilingReply:
    """受理: paid, or to be paid by slip. `order` is settled already."""
    number = checked_number(desk, payload.number)
    kind, ground = TravelDocumentKind(payload.kind), DocumentGround(payload.ground)
    site = desk.tables.sites.get(payload.collect_site)
    if site is None or site.branch not in ("", BRANCH):
        raise Declined(422, "payload", "collect_site: unknown")
    eligible = may_apply_travel(desk, number, kind)
    if isinstance(eligible, Refusal):
        return refused(eligible)
    if ground not in eligible.grounds:
        return refused(desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "facts-changed")))
    paid = order is not None and order.state is OrderState.CAPTURED
    by_slip = order is not None and bool(order.slip) and order.slip == payload.unpaid_slip
    right = order is not None and order.payer == number.text and order.bill == eligible.fee_reference
    if order is None or not right or order.used_by or not (paid or by_slip):
        return refused(desk.sent_to(RefusalCode.PAYMENT_UNSETTLED, OFFICE, ("order", payload.order)))
    person = desk.agencies.population.person(number.text)
    old = on_file(desk, number.text, kind)
    case = TravelCase(
        number=case_number(desk.today, (_FIRST_SERIAL + desk.next("travel")) % 100_000),
        holder=number.text,
        kind=kind,
        ground=ground,
        state=CardState.ACCEPTED if paid else CardState.AWAITING_PAYMENT,
        item=f"travel-{desk.serial('travel-item')}",
        site=site.id,
        applied_at=desk.now,
        state_since=desk.now,
        ready_by=eligible.ready_by,
        old_document="" if old is None else old.number,
        visit=filing.case,
        order_number=order.number,
        slip=payload.unpaid_slip,
        phone=payload.phone or (person.phone if person is not None else ""),
        portrait=payload.portrait,
        portrait_review=payload.portrait_review,
        signature=payload.signature,
    )
    desk.db.add(case)
    desk.db.add(
        Document(
            id=case.item,
            kind=DocumentKind.TRAVEL_DOCUMENT,
            case_number=case.number,
            place=Place.PRODUCTION,
            compartment=None,
            site=site.id,
        )
    )
    desk.db.flush()
    if ground is DocumentGround.LOSS and old is not None:
        desk.agencies.exit_entry.report_lost(old.number)
    if paid:
        _accept(desk, case)
    return accepted(case.number, **on_receipt(desk, case))


def on_receipt(desk: Desk, case: TravelCase) -> dict[str, str]:
    """What the receipt says besides what the citizen has said."""
    return {
        "ready_by": case.ready_by.isoformat(),
        "collect_site": desk.tables.sites[case.site].name,
        "verify_url": f"{desk.people_url}/v/{case.number}",
    }


def _accept(desk: Desk, case: TravelCase) -> None:
    """The money is there: the document goes into the works."""
    case.state, case.state_since = CardState.ACCEPTED, desk.now
    desk.agencies.exit_entry.order(case.number, case.holder, case.kind)
    notify(desk, case.phone, f"出入境证件申请已受理，受理号{case.number}。", case.number)


def travel_slip_paid(desk: Desk, slip: str) -> str:
    """The bank had the money of an application: it goes on. Its number, or ""."""
    case = desk.db.scalars(select(TravelCase).where(TravelCase.slip == slip, TravelCase.slip != "")).first()
    if case is None or case.state is not CardState.AWAITING_PAYMENT:
        return ""
    _accept(desk, case)
    return case.number


def void_unpaid_travel_cases(desk: Desk) -> None:
    """Applications whose slip nobody paid in time are over; so is the document that was never begun."""
    rows = desk.db.execute(
        select(TravelCase, PaymentOrder)
        .join(PaymentOrder, PaymentOrder.number == TravelCase.order_number)
        .where(TravelCase.state == CardState.AWAITING_PAYMENT, PaymentOrder.due < desk.today)
    )
    for case, _ in rows.all():
        case.state, case.state_since = CardState.VOID, desk.now
        document = desk.db.get(Document, case.item)
        if document is not None:
            desk.db.delete(document)
