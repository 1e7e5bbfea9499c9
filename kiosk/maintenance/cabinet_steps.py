"""The words of loading and unloading: the list, the next document, a door that opens for it, and the count."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from kiosk.flows.effects import Certainty
from kiosk.flows.steps import Step, StepKind, Stop


@dataclass(frozen=True, slots=True)
class OnTheWayOut:
    """A document that leaves. `compartment` 0 is the bin; `why`: expired, recalled, retracted, recovered."""

    item: str
    kind: str
    board: int
    compartment: int
    why: str


@dataclass(frozen=True, slots=True)
class ListReady:
    """Headquarters' signed list, fetched now or the last one that was kept. `inside` lie behind doors already."""

    number: str
    kept: bool
    to_load: int
    inside: tuple[str, ...]
    unload: tuple[OnTheWayOut, ...]
    tag: Literal["list"] = "list"


@dataclass(frozen=True, slots=True)
class NoList:
    """Nothing may go in or out: `why` is no-list, ran-out, or no-cabinet."""

    why: str
    tag: Literal["no-list"] = "no-list"


class ListFor(enum.Enum):
    """What the list is wanted for: people lay nothing into a dispenser, and take out what fell into its bin."""

    LOADING = "loading"
    UNLOADING = "unloading"


@dataclass(frozen=True, kw_only=True)
class FetchList(Step[ListReady | NoList]):
    """From headquarters where it can be reached, else the one that was kept."""

    kind: ClassVar[StepKind] = StepKind.FETCH_LIST
    wanted: ListFor = ListFor.LOADING

    @property
    def absent(self) -> ListReady | NoList | Stop:
        return Stop.STOP

    @property
    def answer_type(self) -> Any:
        return ListReady | NoList


@dataclass(frozen=True, slots=True)
class Fits:
    """It belongs here: the reader and the list agree on which it is."""

    item: str
    document: str
    """id-card, or the kind of a passport or pass."""
    tag: Literal["fits"] = "fits"


@dataclass(frozen=True, slots=True)
class SetAside:
    """It does not go in. `item` is "" where nobody knows which it is.

    `why`: unreadable, not-listed, old-card, elsewhere, collected, blocked, returned, here (the books have it inside).
    """

    why: str
    item: str = ""
    tag: Literal["aside"] = "aside"


@dataclass(frozen=True, slots=True)
class NoMore:
    """The pair says that was all."""

    tag: Literal["no-more"] = "no-more"


@dataclass(frozen=True, kw_only=True)
class NextDocument(Step[Fits | SetAside | NoMore]):
    """Wait for a document on either reader and say what it is by the list. Nobody touches anything in between.

    What was done so far stands on the page: how many are in, how many aside, and what became of the last one.
    """

    kind: ClassVar[StepKind] = StepKind.NEXT_DOCUMENT
    list_number: str
    kept: bool
    to_load: int
    loaded: int
    aside: int
    last: str = ""

    @property
    def absent(self) -> Fits | SetAside | NoMore | Stop:
        return NoMore()

    @property
    def answer_type(self) -> Any:
        return Fits | SetAside | NoMore


@dataclass(frozen=True, slots=True)
class LeftOver:
    """How many documents the pair holds. `explained` is "" where it is as many as the machine set aside."""

    number: int
    explained: str = ""
    tag: Literal["left"] = "left"


@dataclass(frozen=True, slots=True)
class Differs:
    """They hold another number than the machine set aside: whatever they hold is read once more."""

    number: int
    tag: Literal["differs"] = "differs"


@dataclass(frozen=True, slots=True)
class NotCounted:
    """Nobody said how many."""

    tag: Literal["not-counted"] = "not-counted"


@dataclass(frozen=True, kw_only=True)
class CountLeft(Step[LeftOver | Differs | NotCounted]):
    """Ask how many documents are left in their hands. `last_time`: a difference needs a reason now."""

    kind: ClassVar[StepKind] = StepKind.COUNT_LEFT
    expected: int
    last_time: Literal["no", "yes"] = "no"

    @property
    def absent(self) -> LeftOver | Differs | NotCounted | Stop:
        return NotCounted()

    @property
    def answer_type(self) -> Any:
        return LeftOver | Differs | NotCounted


# -- effects -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loaded:
    """The door was shut on it; sensed where the compartment can feel it."""

    board: int
    compartment: int
    certainty: Certainty
    tag: Literal["loaded"] = "loaded"


@dataclass(frozen=True, slots=True)
class NotLoaded:
    """Surely not in: no compartment was free, the list allows no more openings, or the door stayed shut."""

    why: str
    tag: Literal["not-loaded"] = "not-loaded"


@dataclass(frozen=True, slots=True)
class LoadInDoubt:
    """The door opened, and nobody knows what is behind it now."""

    tag: Literal["load-in-doubt"] = "load-in-doubt"


@dataclass(frozen=True, kw_only=True)
class LoadDocument(Step[Loaded | NotLoaded | LoadInDoubt]):
    """装柜: an empty compartment opens for this one document, and is shut on it.

    Its row, with the compartment, stands on disk before the lock is touched.
    """

    kind: ClassVar[StepKind] = StepKind.LOAD_DOCUMENT
    is_effect: ClassVar[bool] = True
    item: str
    document: str
    list_number: str

    @property
    def absent(self) -> Loaded | NotLoaded | LoadInDoubt | Stop:
        return NotLoaded("nobody-there")

    @property
    def blocked(self) -> Loaded | NotLoaded | LoadInDoubt | Stop:
        return NotLoaded("earlier-in-doubt")

    @property
    def answer_type(self) -> Any:
        return Loaded | NotLoaded | LoadInDoubt


@dataclass(frozen=True, slots=True)
class Unloaded:
    """It is out. sensed: read on the reader outside."""

    certainty: Certainty
    tag: Literal["unloaded"] = "unloaded"


@dataclass(frozen=True, slots=True)
class NotUnloaded:
    """It stays where it is."""

    why: str
    tag: Literal["not-unloaded"] = "not-unloaded"


@dataclass(frozen=True, slots=True)
class Missing:
    """The door opened, and both say there was nothing behind it."""

    tag: Literal["missing"] = "missing"


@dataclass(frozen=True, slots=True)
class UnloadInDoubt:
    """The door opened, and nobody knows."""

    tag: Literal["unload-in-doubt"] = "unload-in-doubt"


@dataclass(frozen=True, kw_only=True)
class UnloadDocument(Step[Unloaded | NotUnloaded | Missing | UnloadInDoubt]):
    """清柜: the compartment of this one document opens, it is taken out, and read where it can be."""

    kind: ClassVar[StepKind] = StepKind.UNLOAD_DOCUMENT
    is_effect: ClassVar[bool] = True
    out: OnTheWayOut
    list_number: str
    nth: int
    of: int

    @property
    def absent(self) -> Unloaded | NotUnloaded | Missing | UnloadInDoubt | Stop:
        return NotUnloaded("nobody-there")

    @property
    def blocked(self) -> Unloaded | NotUnloaded | Missing | UnloadInDoubt | Stop:
        return NotUnloaded("earlier-in-doubt")

    @property
    def answer_type(self) -> Any:
        return Unloaded | NotUnloaded | Missing | UnloadInDoubt
