"""A receipt for money that counts and a slip for money that is still due."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from central.desks.papers.visit import Values, Visit, moment
from central.model import (
    OrderKey,
    PaymentOrder,
)
from kiosk.people.bills import bill_topic
from kiosk.people.money import Money
from kiosk.people.records import PaperOnFile
from kiosk.protocol.messages import OrderState


def money(visit: Visit) -> Iterator[PaperOnFile]:
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
                    ("paid_at", moment(order.captured_at or order.created_at)),
                    ("verify_url", f"{visit.desk.people_url}/v/{order.receipt}"),
                )
                yield PaperOnFile("payment-receipt", order.receipt, (("number", order.receipt), *bill, *paid, *case))
            case OrderState.CLOSED | OrderState.EXPIRED if order.slip and order.due is not None:
                due = (("due", order.due.isoformat()),)
                yield PaperOnFile("payment-slip", order.slip, (("number", order.slip), *bill, *due, *case))
            case _:
                # A fee that paid for an application stands on the application's receipt.
                pass
