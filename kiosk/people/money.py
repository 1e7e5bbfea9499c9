"""Money is a whole number of fen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in fen (1/100 yuan), never negative."""

    fen: int

    def __post_init__(self) -> None:
        if self.fen < 0:
            raise ValueError("an amount of money cannot be negative")

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    @staticmethod
    def total(amounts: Iterable[Money]) -> Money:
        """All of them together."""
        return Money(sum(amount.fen for amount in amounts))

    @property
    def yuan(self) -> str:
        """Decimal yuan without needless zeros: 20, 19.50."""
        whole, rest = divmod(self.fen, 100)
        return f"{whole}.{rest:02d}" if rest else str(whole)
