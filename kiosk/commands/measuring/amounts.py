"""How much load is measured, and what a backlog is made of: computed from visits, never typed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from statistics import fmean

VISITS_A_DAY = 60
"""Of one terminal: 600,000 visits a day at 10,000 terminals."""
DAYS_WITHOUT_LINE = 3


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is measured. `share` of the backlog of three days is drained: its terminals are all there, with that
    share of their rows each."""

    terminals: int = 100
    share: float = 1.0
    filings: int = 600
    beats: int = 600
    callers: int = 8
    seconds: float = 5.0
    """Of each physical limit, and of watching an idle server."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit leaves on a terminal: rows of its outbox and its audit chain."""

    outbox_rows: float
    audit_rows: float
    requests: float
    """To headquarters while it lasts: questions, orders, pictures, filings."""
    picture_bytes: float = 0.0
    """Of photographs, signatures and papers that it sends up."""

    @staticmethod
    def average(visits: Sequence[Visit]) -> Visit:
        """Of visits that are all equally frequent. Raises ValueError for none."""
        if not visits:
            raise ValueError("no visit was counted")
        return Visit(*(fmean(each) for each in zip(*(astuple(visit) for visit in visits), strict=True)))

    def as_json(self) -> dict[str, float]:
        """By name."""
        return {name: round(value, 2) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Backlog:
    """What each terminal has to bring."""

    filings: int
    audit_rows: int

    @staticmethod
    def of(visit: Visit, share: float) -> Backlog:
        """Of three days, or a share of them."""
        visits = VISITS_A_DAY * DAYS_WITHOUT_LINE * share
        return Backlog(max(1, round(visits * visit.outbox_rows)), max(1, round(visits * visit.audit_rows)))
