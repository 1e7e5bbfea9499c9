"""What stays in doubt is looked at by two people; what each of them found, they say by themselves.

Nothing is decided by a default: who goes away, or is not sure, leaves it open, and where both do not say the same, it
stays open too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import Phase, Step, StepKind, Stop

VERDICTS = {
    "effect": ("done", "not-done"),
    "document": ("bagged", "owner-known"),
    "database": ("kept-for-headquarters",),
}
"""What may be found, by kind of doubt. "Not sure" is always there beside them, and changes nothing."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The doubt that is to be looked at, or "" for none."""

    doubt: str


@dataclass(frozen=True, kw_only=True)
class PickDoubt(Step[Picked]):
    """Show what waits, with its evidence."""

    kind: ClassVar[StepKind] = StepKind.PICK_DOUBT

    @property
    def absent(self) -> Picked | Stop:
        return Picked("")

    @property
    def answer_type(self) -> Any:
        return Picked


@dataclass(frozen=True, slots=True)
class Judged:
    """Both found the same."""

    verdict: str
    tag: Literal["judged"] = "judged"


@dataclass(frozen=True, slots=True)
class StillOpen:
    """It waits on. `why`: not-sure, differ, left."""

    why: str
    tag: Literal["still-open"] = "still-open"


@dataclass(frozen=True, kw_only=True)
class SettleDoubt(Step[Judged | StillOpen]):
    """Both say what they found, one after the other, neither seeing what the other said."""

    kind: ClassVar[StepKind] = StepKind.SETTLE_DOUBT
    is_effect: ClassVar[bool] = True
    doubt: str

    @property
    def absent(self) -> Judged | StillOpen | Stop:
        return StillOpen("left")

    @property
    def blocked(self) -> Judged | StillOpen | Stop:
        return StillOpen("left")

    @property
    def answer_type(self) -> Any:
        return Judged | StillOpen


async def settle_doubts(opening: Opening) -> Outcome:
    """存疑: one of them, by two people."""
    del opening
    picked = await PickDoubt(key="pick", phase=Phase.DETAILS)
    if not picked.doubt:
        return Outcome(Ending.DONE, "task-doubts-looked")
    match await SettleDoubt(key="settle", phase=Phase.CONFIRM, doubt=picked.doubt):
        case Judged(verdict=verdict):
            return Outcome(Ending.DONE, "task-doubt-settled", details=(("verdict", verdict),))
        case StillOpen(why=why):
            return Outcome(Ending.NOT_NOW, f"task-doubt-{why}")
