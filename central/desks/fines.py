"""JG02: what is still to be paid, and the traffic platform told of what was paid here."""

from __future__ import annotations

from sqlalchemy import select

from central.agencies.contract import AgencyFailed, FineAnswer, FineOnFile
from central.desks.desk import BEIJING, Desk
from central.desks.traffic import behaviour_text
from central.fines import Balance, PaidOn, balance
from central.model import FineReceipt, PaymentOrder
from kiosk.people.id_number import IdNumber
from kiosk.people.money import Money
from kiosk.people.vehicle import Fine


def unpaid_fines(desk: Desk, number: IdNumber) -> tuple[Fine, ...]:
    """Decided and not wholly paid, the one that falls due first at the top."""
    traffic = desk.agencies.traffic
    found: list[Fine] = []
    for fine in sorted(traffic.fines(number.text), key=lambda f: (f.pay_by, f.decision)):
        stands = standing(desk, fine)
        record = traffic.record(fine.record)
        if stands.due == 0 or record is None:
            continue
        found.append(
            Fine(
                decision=fine.decision,
                plate=record.plate,
                at=record.at,
                place=record.place,
                behaviour=behaviour_text(desk, record),
                code=record.code,
                fine=Money(stands.fine),
                surcharge=Money(stands.surcharge),
                paid=Money(stands.paid),
                due=Money(stands.due),
                pay_by=fine.pay_by,
                days_late=stands.days_late,
            )
        )
    return tuple(found)


def standing(desk: Desk, fine: FineOnFile) -> Balance:
    """A fine today: what the platform knows was paid, and what was paid here and it does not know yet."""
    known = {payment.reference for payment in fine.payments}
    here = desk.db.scalars(
        select(FineReceipt).where(FineReceipt.decision == fine.decision, FineReceipt.refused.is_(False))
    )
    payments = [PaidOn(p.at.astimezone(BEIJING).date(), p.fen) for p in fine.payments]
    payments += [PaidOn(r.at.astimezone(BEIJING).date(), r.fen) for r in here if r.order_number not in known]
    return balance(fine.fine.fen, fine.pay_by, payments, desk.today, desk.tables.rules["fine-late-percent-per-day"])


def paid_by_now(desk: Desk, decision: str) -> bool:
    """Whether nothing is due any more. Raises AgencyFailed."""
    fine = desk.agencies.traffic.fine(decision)
    return fine is not None and standing(desk, fine).due == 0


def surely_paid(desk: Desk, decision: str) -> bool:
    """As `paid_by_now`; no where the platform cannot say."""
    try:
        return paid_by_now(desk, decision)
    except AgencyFailed:
        return False


def received(desk: Desk, decision: str, order: PaymentOrder) -> FineAnswer:
    """Money for a fine was captured here: the platform is told now, or at the next look at the clock.

    It counts for the day its code was made, whose amount it is; a slip's money for the day it was brought.
    """
    row = desk.db.get(FineReceipt, order.number)
    if row is None:
        at = desk.now if order.slip else order.created_at
        row = FineReceipt(order_number=order.number, decision=decision, fen=order.fen, at=at)
        desk.db.add(row)
        desk.db.flush()
    return tell(desk, row)


def tell(desk: Desk, row: FineReceipt) -> FineAnswer:
    """Tell the platform once; its silence is asked about again and counts as paid until it speaks."""
    try:
        answer = desk.agencies.traffic.fine_paid(row.decision, row.order_number, row.fen, row.at)
    except AgencyFailed:
        return FineAnswer.COUNTED
    row.told = True
    row.refused = answer is FineAnswer.PAID_ALREADY
    desk.db.flush()
    return answer
