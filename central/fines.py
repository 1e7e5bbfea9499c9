"""What a fine comes to on a day: one arithmetic for headquarters and for whoever holds the decisions.

Road Traffic Safety Law art. 108 and 109, order 157 art. 60: fifteen days to pay; then three per cent of the fine for
each day late, together never more than the fine. The numbers themselves are dated data (central/tables/law.toml).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PaidOn:
    """Money that reached the decision on a day, in fen."""

    day: date
    fen: int


@dataclass(frozen=True, slots=True)
class Balance:
    """How a fine stands, in fen. `due` is what is still to be paid."""

    fine: int
    surcharge: int
    paid: int
    days_late: int

    @property
    def due(self) -> int:
        """Never below nothing: what was paid too much is for people to give back."""
        return max(0, self.fine + self.surcharge - self.paid)


def balance(fine_fen: int, pay_by: date, payments: Iterable[PaidOn], today: date, percent: int) -> Balance:
    """What is due on a day.

    Lateness is counted until the day on which the fine itself was covered; part payments go to the fine first.
    """
    paid, covered = 0, None
    for payment in sorted(payments, key=lambda p: p.day):
        paid += payment.fen
        if covered is None and paid >= fine_fen:
            covered = payment.day
    days = max(0, ((covered or today) - pay_by).days)
    return Balance(fine_fen, min(fine_fen, fine_fen * percent * days // 100), paid, days)
