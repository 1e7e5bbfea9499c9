"""How a visit ends, as the flow decides it; the closing page is made from it."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.people.records import Refusal


class Ending(enum.Enum):
    """The citizen's last page, and what `journey.json` calls the outcome."""

    DONE = "done"
    PENDING = "pending"
    LEFT_UNPAID = "left-unpaid"
    UNSETTLED = "unsettled"
    OBJECTION = "objection"
    NOT_NOW = "not-now"
    NOTHING_DUE = "nothing-due"
    REFUSED = "refused"
    NEEDS_A_PERSON = "needs-a-person"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`topic` names the closing text; `number` is quoted on it; `take` names what must not be left behind."""

    ending: Ending
    topic: str
    number: str = ""
    refusal: Refusal | None = None
    take: tuple[str, ...] = ()
    details: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def gravest(ends: Sequence[Outcome]) -> Outcome:
        """One closing page for several matters: what needs attention most is named, an undone one least."""
        good = [Ending.DONE, Ending.NOT_NOW]
        order = [ending for ending in Ending if ending not in good] + good
        return min(ends, key=lambda end: order.index(end.ending))
