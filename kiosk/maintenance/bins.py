"""Bins hold documents of people: two empty one, and each counts alone what came out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import Phase, Step, StepKind, Stop


@dataclass(frozen=True, slots=True)
class BinPicked:
    """The device whose bin is emptied, or "" for none."""

    device: str


@dataclass(frozen=True, kw_only=True)
class PickBin(Step[BinPicked]):
    """Show the bins of this machine, and what the books say lies in each."""

    kind: ClassVar[StepKind] = StepKind.PICK_BIN

    @property
    def absent(self) -> BinPicked | Stop:
        return BinPicked("")

    @property
    def answer_type(self) -> Any:
        return BinPicked


@dataclass(frozen=True, slots=True)
class BinEmpty:
    """Both counted the same; `expected` is what the books said, `bag` the number of the bag it all went into."""

    expected: int
    counted: int
    bag: str
    tag: Literal["bin-empty"] = "bin-empty"


@dataclass(frozen=True, slots=True)
class BinUncounted:
    """It was opened, and nobody can say what was in it: the books stay, and say that it is uncounted."""

    why: str
    tag: Literal["bin-uncounted"] = "bin-uncounted"


@dataclass(frozen=True, slots=True)
class BinLeft:
    """Nobody opened it."""

    tag: Literal["bin-left"] = "bin-left"


@dataclass(frozen=True, kw_only=True)
class EmptyBin(Step[BinEmpty | BinUncounted | BinLeft]):
    """A bin is emptied into a bag and counted (XFS4IoT Storage.StartExchange and EndExchange)."""

    kind: ClassVar[StepKind] = StepKind.EMPTY_BIN
    is_effect: ClassVar[bool] = True
    device: str

    @property
    def absent(self) -> BinEmpty | BinUncounted | BinLeft | Stop:
        return BinLeft()

    @property
    def blocked(self) -> BinEmpty | BinUncounted | BinLeft | Stop:
        return BinLeft()

    @property
    def answer_type(self) -> Any:
        return BinEmpty | BinUncounted | BinLeft


async def empty_bin(opening: Opening) -> Outcome:
    """清空回收箱, by two people."""
    del opening
    picked = await PickBin(key="pick", phase=Phase.DETAILS)
    if not picked.device:
        return Outcome(Ending.NOT_NOW, "task-nothing-changed")
    match await EmptyBin(key="empty", phase=Phase.CONFIRM, device=picked.device):
        case BinEmpty(expected=expected, counted=counted, bag=bag) if expected == counted:
            return Outcome(Ending.DONE, "task-bin-agrees", details=(("bag", bag),))
        case BinEmpty(bag=bag):
            return Outcome(Ending.NEEDS_A_PERSON, "task-bin-differs", details=(("bag", bag),))
        case BinUncounted(why=why):
            return Outcome(Ending.NEEDS_A_PERSON, "task-uncounted", details=(("left", why),))
        case BinLeft():
            return Outcome(Ending.NOT_NOW, "task-nothing-changed")
