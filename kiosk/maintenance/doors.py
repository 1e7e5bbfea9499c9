"""A door that did not open when it was told to: freed by two people, because a document may lie behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import Phase, Step, StepKind, Stop


@dataclass(frozen=True, slots=True)
class DoorFree:
    """Its contact told that it opened and that it is shut again, and what the books have behind it is there."""

    tag: Literal["door-free"] = "door-free"


@dataclass(frozen=True, slots=True)
class DoorFreeInDoubt:
    """The door goes; what the books have behind it, two people did not see there."""

    item: str
    tag: Literal["door-free-in-doubt"] = "door-free-in-doubt"


@dataclass(frozen=True, slots=True)
class DoorStays:
    """Its contact did not tell both; `left`: how they went, where it is known."""

    left: str = ""
    tag: Literal["door-stays"] = "door-stays"


@dataclass(frozen=True, kw_only=True)
class FreeDoor(Step[DoorFree | DoorFreeInDoubt | DoorStays]):
    """Show the way to a stuck door, until the contact of that door told that it opened, and then that it is shut.

    What the books have behind it stands on disk before. `place`: board-number.
    """

    kind: ClassVar[StepKind] = StepKind.FREE_DOOR
    is_effect: ClassVar[bool] = True
    place: str

    @property
    def absent(self) -> DoorFree | DoorFreeInDoubt | DoorStays | Stop:
        return DoorStays("nobody-there")

    @property
    def blocked(self) -> DoorFree | DoorFreeInDoubt | DoorStays | Stop:
        return DoorStays("earlier-in-doubt")

    @property
    def answer_type(self) -> Any:
        return DoorFree | DoorFreeInDoubt | DoorStays


async def free_door(opening: Opening) -> Outcome:
    """柜门卡住. `about`: locker/door-stuck/place."""
    place = opening.about.split("/")[2]
    match await FreeDoor(key="free", phase=Phase.DETAILS, place=place):
        case DoorFree():
            return Outcome(Ending.DONE, "task-door-free")
        case DoorFreeInDoubt(item=item):
            return Outcome(Ending.NEEDS_A_PERSON, "task-door-doubt", item)
        case DoorStays(left=left):
            return Outcome(Ending.NEEDS_A_PERSON, "task-still-broken", details=(("left", left),))
