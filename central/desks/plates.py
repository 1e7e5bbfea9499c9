"""JG09: who may have a temporary plate, and what becomes of it (order 164 art. 46, 47)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from central.agencies.new_vehicles_contract import Policy
from central.desks.answers import accepted, checked_number, refused
from central.desks.desk import Desk
from central.desks.driving import OFFICE, not_for_this_desk
from central.desks.notifying import notify
from central.model import Document, DocumentKind, PaymentOrder, Place
from central.model_plates import PlateCase, PlateState
from kiosk.people.id_number import IdNumber
from kiosk.people.new_vehicles import MayHavePlate, NewVehicle, PlateArea, PlateText, PurchasePapers
from kiosk.people.records import Refusal, RefusalCode
from kiosk.protocol.filings import PlateAsked
from kiosk.protocol.messages import Filing, FilingReply, OrderState

FEE_TOPIC = "bill-temporary-plate"
"""What bill_topic calls its fee."""
_AREA_WORDS = {PlateArea.WITHIN: "本行政辖区内行驶", PlateArea.ACROSS: "跨行政辖区行驶"}
_FIRST_PLATE = 60_000


def may_have_plate(desk: Desk, number: IdNumber, papers: PurchasePapers) -> MayHavePlate | Refusal:
    """One answer to everything that could stand in the way."""
    found = _looked_at(desk, number, papers)
    if isinstance(found, Refusal):
        return found
    vehicle, policy, had = found
    rules = desk.tables.rules
    fee = desk.tables.fee_of("temporary-plate", desk.today)
    last = desk.today + timedelta(days=rules["plate-days"] - 1)
    return MayHavePlate(
        model=vehicle.model,
        vin_masked=vehicle.masked,
        valid_to=min(last, policy.valid_to),
        insured_to=policy.valid_to,
        nth=had + 1,
        most=rules["plate-times"],
        fee=fee.money,
        fee_reference=fee.reference,
        window=desk.tables.desks[OFFICE].name,
    )


def _looked_at(desk: Desk, number: IdNumber, papers: PurchasePapers) -> tuple[NewVehicle, Policy, int] | Refusal:
    """The vehicle, its insurance, and how many plates it had."""
    refusal = not_for_this_desk(desk, number)
    if refusal is not None:
        return refusal
    agency = desk.agencies.new_vehicles
    invoice, vehicle = agency.invoice(papers.invoice), agency.certificate(papers.certificate)
    if invoice is None or vehicle is None:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "papers-not-found"))
    if invoice.buyer != number.text:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "not-the-buyer"))
    policy = agency.policy(papers.policy)
    if policy is None or policy.valid_to < desk.today:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "not-insured"))
    if not invoice.vin == vehicle.vin == policy.vin:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "papers-differ"))
    if agency.registered(vehicle.vin):
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "registered-already"))
    waiting = _waiting(desk, vehicle.vin)
    if waiting is not None:
        return desk.sent_to(RefusalCode.CASE_ALREADY_OPEN, OFFICE, ("case", waiting.number))
    plates = agency.plates(vehicle.vin)
    if plates and plates[-1].valid_to >= desk.today:
        after = plates[-1].valid_to + timedelta(days=1)
        return Refusal(RefusalCode.NOT_YET_DUE, (("from", after.isoformat()),))
    if len(plates) >= desk.tables.rules["plate-times"]:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "plates-used-up"))
    return vehicle, policy, len(plates)


def _waiting(desk: Desk, vin: str) -> PlateCase | None:
    """A plate of this vehicle that is not in its owner's hand yet."""
    states = (PlateState.AWAITING_PAYMENT, PlateState.ISSUED, PlateState.AT_WINDOW)
    return desk.db.scalars(select(PlateCase).where(PlateCase.vin == vin, PlateCase.state.in_(states))).first()


def plate_asked(filing: Filing, payload: PlateAsked, order: PaymentOrder | None, desk: Desk) -> FilingReply:
    """核发: a number is given; paid here, the machine may make it once. `order` is settled already."""
    number = checked_number(desk, payload.number)
    papers = PurchasePapers(payload.invoice, payload.certificate, payload.policy)
    found = _looked_at(desk, number, papers)
    eligible = may_have_plate(desk, number, papers)
    if isinstance(found, Refusal) or isinstance(eligible, Refusal):
        return refused(found if isinstance(found, Refusal) else Refusal.other())
    paid = order is not None and order.state is OrderState.CAPTURED
    by_slip = order is not None and bool(order.slip) and order.slip == payload.unpaid_slip
    right = order is not None and order.payer == number.text and order.bill == eligible.fee_reference
    if order is None or not right or order.used_by or not (paid or by_slip):
        return refused(desk.sent_to(RefusalCode.PAYMENT_UNSETTLED, OFFICE, ("order", payload.order)))
    vehicle, _, _ = found
    case = PlateCase(
        number=f"P{desk.serial('plate')}",
        holder=number.text,
        state=PlateState.ISSUED if paid else PlateState.AWAITING_PAYMENT,
        item=f"plate-{desk.serial('plate-item')}",
        plate=f"蒙B{(_FIRST_PLATE + desk.next('plate-number')) % 100_000:05d}临",
        vin=vehicle.vin,
        model=vehicle.model,
        vehicle_type=vehicle.vehicle_type,
        engine=vehicle.engine,
        area=PlateArea(payload.area).value,
        nth=eligible.nth,
        issued_on=desk.today,
        valid_to=eligible.valid_to,
        applied_at=desk.now,
        visit=filing.case,
        terminal=desk.terminal,
        order_number=order.number,
        slip=payload.unpaid_slip,
        signature=payload.signature,
    )
    desk.db.add(case)
    desk.db.add(
        Document(
            id=case.item,
            kind=DocumentKind.TEMPORARY_PLATE,
            case_number=case.number,
            place=Place.PRODUCTION,
            compartment=None,
            site=desk.tables.terminals[desk.terminal].site,
        )
    )
    desk.db.flush()
    if paid:
        _issue(desk, case)
    return accepted(case.number, **on_slip(desk, case))


def _issue(desk: Desk, case: PlateCase) -> None:
    desk.agencies.new_vehicles.plate_issued(case.number, case.vin, case.plate, case.issued_on, case.valid_to)


def on_slip(desk: Desk, case: PlateCase) -> dict[str, str]:
    """What the slip says besides person and money."""
    return {
        "plate": case.plate,
        "valid_to": case.valid_to.isoformat(),
        "nth": str(case.nth),
        "place": desk.tables.desks[OFFICE].name,
        "verify_url": f"{desk.people_url}/v/{case.number}",
    }


def issued_plate(desk: Desk, number: IdNumber, case_number: str) -> PlateText | Refusal:
    """What is to be printed, told to the machine that was granted it; to nobody once it was handed out."""
    case = desk.db.get(PlateCase, case_number)
    person = desk.agencies.population.person(number.text)
    mine = case is not None and case.holder == number.text and case.terminal == desk.terminal
    if case is None or person is None or not mine or case.state is not PlateState.ISSUED:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "facts-changed"))
    return PlateText(
        item=case.item,
        number=case.plate,
        vehicle_type=case.vehicle_type,
        model=case.model,
        vin=case.vin,
        engine=case.engine,
        owner=person.name,
        area=_AREA_WORDS[PlateArea(case.area)],
        valid_to=case.valid_to.isoformat(),
        authority=desk.tables.authority["traffic"],
        issued_on=case.issued_on.isoformat(),
    )


def may_be_made(desk: Desk, document: Document) -> bool:
    """Whether the asking terminal may make and hand out this plate."""
    case = desk.db.get(PlateCase, document.case_number)
    return case is not None and case.state is PlateState.ISSUED and case.terminal == desk.terminal


def plate_moved(desk: Desk, document: Document) -> None:
    """The plate's case follows where its sheet is: with its owner, or for people at the window."""
    case = desk.db.get(PlateCase, document.case_number)
    if case is None or case.state in (PlateState.HANDED_OUT, PlateState.VOID):
        return
    case.state = PlateState.HANDED_OUT if document.place is Place.CITIZEN else PlateState.AT_WINDOW


def plate_slip_paid(desk: Desk, slip: str) -> str:
    """The bank had the money: the window makes the plate. The case's number, or ""."""
    case = desk.db.scalars(select(PlateCase).where(PlateCase.slip == slip, PlateCase.slip != "")).first()
    if case is None or case.state is not PlateState.AWAITING_PAYMENT:
        return ""
    case.state = PlateState.AT_WINDOW
    _issue(desk, case)
    person = desk.agencies.population.person(case.holder)
    if person is not None:
        notify(desk, person.phone, f"临时号牌已核发，受理号{case.number}，请到窗口领取。", case.number)
    return case.number


def void_unpaid_plates(desk: Desk) -> None:
    """Plates whose slip nobody paid in time are over."""
    rows = desk.db.execute(
        select(PlateCase, PaymentOrder)
        .join(PaymentOrder, PaymentOrder.number == PlateCase.order_number)
        .where(PlateCase.state == PlateState.AWAITING_PAYMENT, PaymentOrder.due < desk.today)
    )
    for case, _ in rows.all():
        case.state = PlateState.VOID
        document = desk.db.get(Document, case.item)
        if document is not None:
            desk.db.delete(document)
