"""Payment orders (rule 13): amounts are ours, at most one order of a bill is captured, late money goes back."""

from __future__ import annotations

from datetime import date

from sqlalchemy import and_, or_, select

from central.agencies.contract import AgencyFailed, FineAnswer, PaymentState
from central.desks.cards import open_case_of
from central.desks.desk import BEIJING, Desk
from central.desks.driving import slip_paid
from central.desks.endorsements import fee_of_bill, slip_of_endorsement
from central.desks.fines import received, standing, surely_paid
from central.desks.plates import plate_slip_paid
from central.desks.temporary_cards import FEE_TOPIC as TEMPORARY
from central.desks.temporary_cards import begin, may_apply_temporary, waiting_for_slip
from central.desks.travel_applications import KIND_OF_FEE, may_apply_travel, travel_slip_paid
from central.limits import ORDER_LIFETIME, SLIP_DUE
from central.model import CardCase, CardState, Decision, OrderKey, PaymentOrder
from central.model_exit_entry import EndorsementState
from central.problems import Declined, digest_differs, unknown
from kiosk.people.bills import bill_topic
from kiosk.people.id_number import IdNumber
from kiosk.people.records import Refusal
from kiosk.protocol.messages import (
    CloseOrder,
    CloseReason,
    Order,
    OrderRequest,
    OrderState,
)

ID_CARD_FEE = "bill-fee"
"""What bill_topic calls a fee for an identity card."""

_NO_MORE = (OrderState.CLOSED, OrderState.EXPIRED)


def create_order(request: OrderRequest, desk: Desk) -> Order:
    """A code for a bill; the same key, the same order. A bill its payer paid already answers with its paid order.

    One that somebody else paid, or that was paid elsewhere, gives no code: Declined(409, "paid-already").
    """
    known = desk.db.get(OrderKey, request.key)
    if known is not None:
        if known.digest != request.digest:
            raise digest_differs()
        return as_message(desk, settled(desk, find(desk, known.order_number)))
    payer = desk.number(request.payer)
    if payer is None:
        raise Declined(422, "payload", "payer: not an identity number")
    row = _captured_order(desk, request.bill, payer.text)
    fen = amount_of(desk, request.bill)
    if row is None or row.payer != payer.text:
        if fen == 0 or row is not None:
            raise Declined(409, "paid-already", "nothing is due for this bill any more")
        if fen != request.expected_fen:
            raise Declined(409, "amount", f"the amount of this bill is {fen} fen")
        if _pays_for_nothing(desk, request.bill, payer):
            raise Declined(409, "not-due", "no application of this citizen could use this money")
        row = _open_order(desk, request, payer.text, fen)
    desk.db.add(OrderKey(key=request.key, digest=request.digest, visit=request.case, order_number=row.number))
    desk.db.flush()
    return as_message(desk, row)


def _pays_for_nothing(desk: Desk, bill: str, payer: IdNumber) -> bool:
    """While a case is open no other application can be made; a temporary card needs one that is."""
    topic = bill_topic(bill)
    if topic == TEMPORARY:
        return isinstance(may_apply_temporary(desk, payer), Refusal)
    if topic in KIND_OF_FEE:
        return isinstance(may_apply_travel(desk, payer, KIND_OF_FEE[topic]), Refusal)
    return topic == ID_CARD_FEE and open_case_of(desk, payer.text) is not None


def _open_order(desk: Desk, request: OrderRequest, payer: str, fen: int) -> PaymentOrder:
    number = f"PO{desk.serial('order')}"
    row = PaymentOrder(
        number=number,
        token=desk.ids.nonce(),
        visit=request.case,
        terminal=desk.terminal,
        bill=request.bill,
        payer=payer,
        fen=fen,
        state=OrderState.OPEN,
        created_at=desk.now,
        expires=desk.now + ORDER_LIFETIME,
    )
    desk.db.add(row)
    desk.agencies.payment.open(number, fen, row.expires)
    return row


def amount_of(desk: Desk, bill: str) -> int:
    """What a bill comes to today, in fen: a fee of the table, or what remains of a fine with what lateness added.

    Raises Declined.
    """
    kind, _, rest = bill.partition(":")
    match kind:
        case "fee":
            for fee in desk.tables.fees:
                if fee.reference == bill:
                    if desk.tables.fee_of(fee.id, desk.today) != fee:
                        raise Declined(409, "amount", "this fee is not in force any more")
                    return fee.fen
            raise unknown("fee")
        case "fine":
            fine = desk.agencies.traffic.fine(rest)
            if fine is None:
                raise unknown("decision")
            return standing(desk, fine).due
        case "endorsement":
            return fee_of_bill(desk, bill).fen
        case _:
            raise unknown("kind of bill")


def bill_identity(bill: str, payer: str) -> str:
    """A fine is one bill whoever pays it; a fee is one bill for each citizen until an application uses it."""
    return bill if bill.startswith("fine:") else f"{bill}|{payer}"


def _captured_order(desk: Desk, bill: str, payer: str) -> PaymentOrder | None:
    identity = bill_identity(bill, payer)
    # Somebody may have paid an earlier code a moment ago: the provider is asked before another code is made.
    for row in desk.db.scalars(
        select(PaymentOrder)
        .where(PaymentOrder.bill == bill, PaymentOrder.state == OrderState.OPEN)
        .order_by(PaymentOrder.created_at, PaymentOrder.number)
    ).all():
        if bill_identity(row.bill, row.payer) == identity:
            _ = settled(desk, row)
    return desk.db.scalars(select(PaymentOrder).where(PaymentOrder.captured_bill == identity)).first()


def find(desk: Desk, number: str) -> PaymentOrder:
    """An order by its number, held until the end of the transaction. Raises Declined(404)."""
    row = desk.db.get(PaymentOrder, number)
    if row is None:
        raise unknown("order")
    return _held(desk, row)


def find_by_token(desk: Desk, token: str) -> PaymentOrder:
    """An order by the secret in its code, held like `find`. Raises Declined(404)."""
    row = desk.db.scalars(select(PaymentOrder).where(PaymentOrder.token == token)).first()
    if row is None:
        raise unknown("order")
    return _held(desk, row)


def _held(desk: Desk, row: PaymentOrder) -> PaymentOrder:
    """All codes of one bill are held together and in one order: whoever settles one may have to close the others."""
    one_bill = PaymentOrder.bill == row.bill
    if not row.bill.startswith("fine:"):
        one_bill = and_(one_bill, PaymentOrder.payer == row.payer)
    concerned = or_(PaymentOrder.number == row.number, and_(one_bill, PaymentOrder.state == OrderState.OPEN))
    _ = desk.db.scalars(
        select(PaymentOrder)
        .where(concerned)
        .order_by(PaymentOrder.number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return row


def order_state(number: str, desk: Desk) -> Order:
    """How an order stands, the provider having been asked. Raises Declined(404): none, or another terminal's code."""
    return as_message(desk, settled(desk, _asked_for(desk, number)))


def _asked_for(desk: Desk, number: str) -> PaymentOrder:
    """Codes that can still be paid are their terminal's alone; what was paid counts wherever its payer goes on."""
    row = find(desk, number)
    if row.state is OrderState.OPEN and row.terminal != desk.terminal:
        raise unknown("order")
    return row


def settled(desk: Desk, row: PaymentOrder) -> PaymentOrder:
    """Bring an order up to the provider's truth and the hour."""
    if row.state is OrderState.OPEN:
        if desk.agencies.payment.state(row.number) is PaymentState.CAPTURED:
            capture(desk, row)
        elif row.expires <= desk.now:
            desk.agencies.payment.close(row.number)
            row.state = OrderState.EXPIRED
            row.closed_at = desk.now
        elif _paid_meanwhile(desk, row):
            desk.agencies.payment.close(row.number)
            row.state = OrderState.CLOSED
            row.closed_at = desk.now
    desk.db.flush()
    return row


def fine_of(bill: str) -> str:
    """The decision a bill is for, or ""."""
    return bill.removeprefix("fine:") if bill.startswith("fine:") else ""


def _paid_meanwhile(desk: Desk, row: PaymentOrder) -> bool:
    """Whether its fine was paid at a bank or on a telephone while the code was on a screen."""
    decision = fine_of(row.bill)
    return bool(decision) and surely_paid(desk, decision)


def capture(desk: Desk, row: PaymentOrder) -> None:
    """The provider has the money: it counts, or it goes back."""
    if row.state in (OrderState.CAPTURED, OrderState.REFUNDED):
        return
    identity = bill_identity(row.bill, row.payer)
    taken = desk.db.scalars(select(PaymentOrder).where(PaymentOrder.captured_bill == identity)).first()
    row.captured_at = desk.now
    if row.state in _NO_MORE or taken is not None:
        money_back(desk, row, "late-capture" if row.state in _NO_MORE else "second-capture")
        return
    decision = fine_of(row.bill)
    if decision and received(desk, decision, row) is FineAnswer.PAID_ALREADY:
        money_back(desk, row, "fine-paid-twice")
        return
    row.state = OrderState.CAPTURED
    row.captured_bill = identity
    row.receipt = f"R{desk.serial('receipt')}"
    _after_capture(desk, row)
    desk.db.flush()


def _after_capture(desk: Desk, row: PaymentOrder) -> None:
    fine = fine_of(row.bill)
    if fine:
        row.used_by = fine
        decision = desk.db.get(Decision, fine)
        if decision is not None:
            decision.paid_by_order = row.number
    others = desk.db.scalars(
        select(PaymentOrder).where(
            PaymentOrder.bill == row.bill,
            PaymentOrder.state == OrderState.OPEN,
            PaymentOrder.number != row.number,
        )
    ).all()
    for other in others:
        if bill_identity(other.bill, other.payer) != bill_identity(row.bill, row.payer):
            continue
        if desk.agencies.payment.state(other.number) is PaymentState.CAPTURED:
            capture(desk, other)
            continue
        desk.agencies.payment.close(other.number)
        other.state = OrderState.CLOSED
        other.closed_at = desk.now


def money_back(desk: Desk, row: PaymentOrder, why: str) -> None:
    """This money pays for nothing: people see why, and it goes back."""
    row.refund_wanted = True
    desk.alarm(why)
    give_back(desk, row)


def give_back(desk: Desk, row: PaymentOrder) -> None:
    """Refund now if the agency answers; else the next look at the clock tries again."""
    try:
        desk.agencies.refunds.give_back(row.number, row.fen)
    except AgencyFailed:
        return
    row.state = OrderState.REFUNDED
    row.refunded_at = desk.now
    row.refund_wanted = False
    row.captured_bill = None


def close_order(number: str, request: CloseOrder, desk: Desk) -> Order:
    """Close unless captured; BY_SLIP gives a slip's number and the day it is due instead of a second code.

    Raises Declined(404): none, or another terminal's code that can still be paid.
    """
    row = settled(desk, _asked_for(desk, number))
    if row.state is OrderState.OPEN:
        desk.agencies.payment.close(row.number)
        row.state = OrderState.EXPIRED if request.reason is CloseReason.EXPIRED else OrderState.CLOSED
        row.closed_at = desk.now
    by_slip = request.reason is CloseReason.BY_SLIP and row.state in _NO_MORE and not row.slip
    if by_slip and not _paid_otherwise(desk, row):
        row.slip = desk.serial("slip", "1502")
        row.due = _slip_due(desk, row.bill)
    desk.db.flush()
    return as_message(desk, row)


def _slip_due(desk: Desk, bill: str) -> date:
    """A fine by its day; past it the amount is today's, so the slip is too."""
    fine = desk.agencies.traffic.fine(fine_of(bill)) if fine_of(bill) else None
    return max(fine.pay_by, desk.today) if fine is not None else desk.today + SLIP_DUE


def refund(desk: Desk, number: str) -> PaymentOrder:
    """Give money back whose purpose failed; an order that paid for something stays captured.

    An open order is closed first, so that money which is under way comes back by itself.
    """
    row = settled(desk, find(desk, number))
    if row.state is OrderState.OPEN:
        _ = close_order(number, CloseOrder(reason=CloseReason.RECOVERY), desk)
    if row.state is OrderState.CAPTURED and not row.used_by:
        row.refund_wanted = True
        give_back(desk, row)
    desk.db.flush()
    return row


def use_order(row: PaymentOrder, case_number: str) -> None:
    """An application consumes its fee; the citizen's next one is another bill."""
    row.used_by = case_number
    row.captured_bill = f"{bill_identity(row.bill, row.payer)}|{case_number}"


def pay_slip(desk: Desk, slip: str) -> Order:
    """The bank or the window took the money of a slip."""
    row = desk.db.scalars(
        select(PaymentOrder).where(PaymentOrder.slip == slip, PaymentOrder.slip != "").with_for_update()
    ).first()
    if row is None:
        raise unknown("slip")
    if row.state in _NO_MORE:
        row.state = OrderState.OPEN
        capture(desk, row)
        case = desk.db.scalars(select(CardCase).where(CardCase.slip == slip)).first()
        if case is not None and case.state is CardState.AWAITING_PAYMENT and row.state is OrderState.CAPTURED:
            use_order(row, case.number)
            case.state, case.state_since = CardState.ACCEPTED, desk.now
            desk.agencies.production.order(case.number)
        if row.state is OrderState.CAPTURED:
            number = slip_paid(desk, slip) or travel_slip_paid(desk, slip) or plate_slip_paid(desk, slip)
            if number:
                use_order(row, number)
        temporary = waiting_for_slip(desk, slip)
        if temporary is not None and row.state is OrderState.CAPTURED:
            use_order(row, temporary.number)
            begin(desk, temporary)
        requested = slip_of_endorsement(desk, slip)
        if requested is not None and row.state is OrderState.CAPTURED:
            use_order(row, requested.number)
            requested.state, requested.state_since = EndorsementState.AT_WINDOW, desk.now
    return as_message(desk, row)


def as_message(desk: Desk, row: PaymentOrder) -> Order:
    """What a terminal is told."""
    return Order(
        number=row.number,
        bill=row.bill,
        state=row.state,
        fen=row.fen,
        url=f"{desk.people_url}/pay/{row.token}",
        expires=row.expires,
        receipt=row.receipt,
        slip=row.slip,
        due=row.due.isoformat() if row.due else "",
        paid_elsewhere=_paid_otherwise(desk, row),
        verify_url=f"{desk.people_url}/v/{row.receipt}" if row.state is OrderState.CAPTURED else "",
    )


def _paid_otherwise(desk: Desk, row: PaymentOrder) -> bool:
    """Whether this code came to nothing because its fine was paid by another code, at a bank, or by somebody else."""
    decision = fine_of(row.bill)
    if not decision or row.state in (OrderState.OPEN, OrderState.CAPTURED):
        return False
    other = select(PaymentOrder.number).where(PaymentOrder.captured_bill == row.bill)
    return desk.db.scalars(other).first() is not None or surely_paid(desk, decision)


def due_text(row: PaymentOrder) -> str:
    """When a code runs out, as a payer reads it."""
    return f"{row.expires.astimezone(BEIJING):%H:%M:%S}"
