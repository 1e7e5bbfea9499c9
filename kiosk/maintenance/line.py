"""The line to headquarters: gone step by step, and the terminal made one of the fleet anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import Phase, Step, StepKind, Stop


@dataclass(frozen=True, slots=True)
class LineFound:
    """The first step that fails and why, both "" where the line works to its end; `noted` is what to know of it."""

    step: str = ""
    why: str = ""
    noted: str = ""


@dataclass(frozen=True, kw_only=True)
class WalkLine(Step[LineFound]):
    """Go the way to headquarters step by step, and show where it ends and what to do; again as often as wanted."""

    kind: ClassVar[StepKind] = StepKind.WALK_LINE

    @property
    def absent(self) -> LineFound | Stop:
        return Stop.STOP

    @property
    def answer_type(self) -> Any:
        return LineFound


@dataclass(frozen=True, slots=True)
class EnrolledAnew:
    """Until when the certificate holds (ISO 8601), "" where there is no new one; `why` the last try failed."""

    until: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class EnrolAnew(Step[EnrolledAnew]):
    """Take the one-time code headquarters gave out for this terminal, and become it with a new key."""

    kind: ClassVar[StepKind] = StepKind.ENROL_ANEW

    @property
    def absent(self) -> EnrolledAnew | Stop:
        return EnrolledAnew()

    @property
    def answer_type(self) -> Any:
        return EnrolledAnew


async def check_line(opening: Opening) -> Outcome:
    """网络检查. Nothing is changed by it."""
    del opening
    found = await WalkLine(key="line", phase=Phase.DETAILS)
    if found.why:
        return Outcome(Ending.NEEDS_A_PERSON, "task-line-broken", details=(("step", found.step),))
    return Outcome(Ending.DONE, "task-line-whole")


async def enrol_anew(opening: Opening) -> Outcome:
    """重新登记. A terminal that was put out comes back so, and one that was set up anew."""
    del opening
    enrolled = await EnrolAnew(key="enrol", phase=Phase.DETAILS)
    if enrolled.until:
        return Outcome(Ending.DONE, "task-enrolled-anew")
    return Outcome(Ending.NEEDS_A_PERSON if enrolled.why else Ending.NOT_NOW, "task-not-enrolled")
