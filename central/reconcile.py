"""对账: a day's orders against what the payment provider says it took and gave back.

Every order whose two sides do not say the same is listed with the reason that the books themselves give for it; one
without such a reason is unexplained, and a person looks. Amounts in fen, days in Beijing. No personal data.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.agencies.sandbox_model import SandboxPayment, SandboxRefund
from central.desks.desk import BEIJING
from central.model import FineReceipt, PaymentOrder
from kiosk.people.bills import bill_topic
from kiosk.protocol.messages import OrderState


class Why(enum.Enum):
    """What the books say about a difference."""

    ON_ITS_WAY = "on its way at the provider"
    LATE = "captured after the code was closed; the next look at the clock sends it back"
    TO_GIVE_BACK = "to be given back, and the provider has not done it yet"
    AT_THE_BANK = "paid with a slip at the bank or the window, not through the provider"
    NOT_USED = "paid today, and the application it is for is not filed yet"
    TO_TELL = "the traffic platform has not been told yet"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Difference:
    """One order whose sides differ: what headquarters has of it, what the provider kept, and why."""

    order: str
    ours: str
    ours_fen: int
    theirs_fen: int
    why: Why

    def as_json(self) -> dict[str, Any]:
        """One entry."""
        return {
            "order": self.order,
            "ours": self.ours,
            "ours_fen": self.ours_fen,
            "theirs_fen": self.theirs_fen,
            "why": self.why.value,
        }


@dataclass(frozen=True, slots=True)
class _Pair:
    """An order on both sides; None where one does not know it."""

    number: str
    ours: PaymentOrder | None
    taken: SandboxPayment | None
    back: SandboxRefund | None

    def theirs(self, until: datetime) -> int:
        """What the provider kept of it by a moment."""
        captured = self.taken is not None and self.taken.captured_at is not None and self.taken.captured_at <= until
        kept = self.taken.fen if captured and self.taken is not None else 0
        return kept - (self.back.fen if self.back is not None and self.back.at <= until else 0)


def reconcile(db: Session, day: date | None, now: datetime) -> dict[str, Any]:
    """The report of one day, or of all days. `unexplained` is the number that must be nothing."""
    pairs = [pair for pair in _pairs(db) if day is None or _day(pair) == day]
    untold = set(db.scalars(select(FineReceipt.order_number).where(FineReceipt.told.is_(False))))
    differences = [found for pair in pairs if (found := _difference(pair, untold, now)) is not None]
    kept: Counter[str] = Counter()
    for pair in pairs:
        if pair.ours is not None and pair.ours.state is OrderState.CAPTURED:
            kept[bill_topic(pair.ours.bill)] += pair.ours.fen
    return {
        "day": day.isoformat() if day is not None else "all",
        "orders": len(pairs),
        "by_state": dict(sorted(Counter(p.ours.state.value for p in pairs if p.ours is not None).items())),
        "taken_fen": sum(p.taken.fen for p in pairs if p.taken is not None and _captured(p.taken, now)),
        "given_back_fen": sum(p.back.fen for p in pairs if p.back is not None),
        "kept_fen": sum(p.theirs(now) for p in pairs),
        "ours_fen": sum(kept.values()),
        "ours_by_bill_fen": dict(sorted(kept.items())),
        "differences": [found.as_json() for found in differences],
        "unexplained": sum(found.why is Why.UNEXPLAINED for found in differences),
    }


def _pairs(db: Session) -> Sequence[_Pair]:
    ours = {row.number: row for row in db.scalars(select(PaymentOrder))}
    taken = {row.order_number: row for row in db.scalars(select(SandboxPayment))}
    back = {row.order_number: row for row in db.scalars(select(SandboxRefund))}
    numbers = sorted({*ours, *taken, *back})
    return [_Pair(number, ours.get(number), taken.get(number), back.get(number)) for number in numbers]


def _day(pair: _Pair) -> date | None:
    """An order belongs to the day its code was made; what only the provider knows, to the day of the money."""
    if pair.ours is not None:
        return pair.ours.created_at.astimezone(BEIJING).date()
    at = pair.taken.captured_at if pair.taken is not None else None
    return at.astimezone(BEIJING).date() if at is not None else None


def _captured(taken: SandboxPayment, now: datetime) -> bool:
    return taken.captured_at is not None and taken.captured_at <= now


def _difference(pair: _Pair, untold: set[str], now: datetime) -> Difference | None:
    theirs = pair.theirs(now)
    if pair.ours is None:
        return Difference(pair.number, "unknown", 0, theirs, Why.UNEXPLAINED) if theirs else None
    ours = pair.ours.fen if pair.ours.state is OrderState.CAPTURED else 0
    why = _why(pair, pair.ours, ours, theirs, untold, now)
    return None if why is None else Difference(pair.number, pair.ours.state.value, ours, theirs, why)


def _why(pair: _Pair, row: PaymentOrder, ours: int, theirs: int, untold: set[str], now: datetime) -> Why | None:
    """None where both sides say the same and the money has its purpose."""
    if ours == theirs:
        if ours and not row.used_by:
            today = row.captured_at is not None and _same_day(row.captured_at, now)
            return Why.NOT_USED if today else Why.UNEXPLAINED
        if row.number in untold:
            return Why.TO_TELL
        taken = pair.taken
        on_its_way = taken is not None and taken.captured_at is not None and taken.captured_at > now
        return Why.ON_ITS_WAY if on_its_way else None
    if row.slip and theirs == 0 and ours == row.fen:
        return Why.AT_THE_BANK
    if row.refund_wanted and theirs == row.fen:
        return Why.TO_GIVE_BACK
    waiting = row.state in (OrderState.OPEN, OrderState.CLOSED, OrderState.EXPIRED)
    if waiting and theirs == row.fen and pair.taken is not None and not pair.taken.told:
        return Why.LATE
    return Why.UNEXPLAINED


def _same_day(moment: datetime, now: datetime) -> bool:
    return moment.astimezone(BEIJING).date() == now.astimezone(BEIJING).date()
