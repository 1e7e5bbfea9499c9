"""HZ05 filed: paid or by slip, once for each application."""

from __future__ import annotations

from central.desks.answers import accepted, checked_number, refused
from central.desks.desk import Desk
from central.desks.orders import find, settled, use_order
from central.desks.temporary_cards import begin, may_apply_temporary, slip_values
from central.model import PaymentOrder
from central.model_household import TemporaryCard
from kiosk.people.records import Refusal, RefusalCode
from kiosk.protocol.filings import TemporaryCardApplication
from kiosk.protocol.messages import Filing, FilingReply, OrderState


def temporary_applied(filing: Filing, payload: TemporaryCardApplication, desk: Desk) -> FilingReply:
    """Accepted when the money is there, or promised by a payment slip."""
    number = checked_number(desk, payload.number)
    eligible = may_apply_temporary(desk, number)
    if isinstance(eligible, Refusal):
        return refused(eligible)
    order = settled(desk, find(desk, payload.order)) if desk.db.get(PaymentOrder, payload.order) else None
    paid = order is not None and order.state is OrderState.CAPTURED
    by_slip = order is not None and bool(order.slip) and order.slip == payload.unpaid_slip
    if (
        order is None
        or order.payer != number.text
        or order.bill != eligible.fee_reference
        or order.fen != eligible.fee.fen
        or order.used_by
        or not (paid or by_slip)
    ):
        return refused(desk.sent_to(RefusalCode.PAYMENT_UNSETTLED, "household", ("order", payload.order)))
    row = TemporaryCard(
        number=f"L{desk.serial('temporary')}",
        holder=number.text,
        card_case=eligible.case_number,
        visit=filing.case,
        state="awaiting-payment",
        applied_at=desk.now,
        state_since=desk.now,
        ready_by=eligible.ready_by,
        order_number=order.number,
        slip=payload.unpaid_slip,
        portrait=payload.portrait,
        portrait_review=payload.portrait_review,
        signature=payload.signature,
    )
    desk.db.add(row)
    desk.db.flush()
    if paid:
        use_order(order, row.number)
        begin(desk, row)
    return accepted(row.number, **slip_values(desk, row))
