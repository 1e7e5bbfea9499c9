"""How a visit to a service ended, for the closing page and the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kiosk.flows.effects import EffectState
from kiosk.flows.outcome import Outcome
from kiosk.flows.steps import StepKind
from kiosk.people.records import RefusalCode


@dataclass(frozen=True, slots=True)
class EffectRecord:
    """One effect of a case: what it was, what became of it, and the number to quote ("" where none)."""

    key: str
    kind: StepKind
    state: EffectState
    number: str = ""
    answer: Any = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The flow came to its end with the citizen there."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Left:
    """The citizen left (`why`: left, timed-out). `outcome` is the flow's where it could end without them."""

    why: str
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """What no flow can decide ended the visit."""

    code: RefusalCode
    details: tuple[tuple[str, str], ...] = ()
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class InDoubt:
    """An effect of which nobody can say what became of it stopped the visit; `trouble` is for a technician."""

    trouble: str


How = Finished | Left | Ended | InDoubt


@dataclass(frozen=True, slots=True)
class VisitEnd:
    """The end of one visit; `effects` in the order they were begun."""

    case: str
    how: How
    effects: tuple[EffectRecord, ...]


class VisitBroken(RuntimeError):
    """A mistake of our own ended the visit. Everything is wiped or kept for recovery already; `end` says which.

    The text names places in the program and never a value.
    """

    def __init__(self, trouble: str, end: VisitEnd) -> None:
        super().__init__(trouble)
        self.end = end
