"""Logs and journal: looking something up, and taking it along.

A disputed visit is shown step by step; nothing can be changed here. What leaves the machine is sealed for
headquarters, and who took what along is on record.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import Phase, Step, StepKind, Stop


class Where(enum.Enum):
    """Where records go."""

    NOWHERE = "nowhere"
    """Looking was enough."""
    STICK = "stick"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Looked:
    """Enough was seen; what is taken along goes there, from the day `since` on (ISO 8601; "" everything)."""

    export: Where
    since: str = ""


@dataclass(frozen=True, kw_only=True)
class LookInto(Step[Looked]):
    """Show the records: visits, documents, devices, people who work here, settings, the program's own log."""

    kind: ClassVar[StepKind] = StepKind.LOOK_INTO

    @property
    def absent(self) -> Looked | Stop:
        return Stop.STOP

    @property
    def answer_type(self) -> Any:
        return Looked


@dataclass(frozen=True, slots=True)
class Exported:
    """Sealed, and whole where it was to go: `name` of the file, its size and how many lines are in it."""

    name: str
    bytes: int
    lines: int
    tag: Literal["exported"] = "exported"


@dataclass(frozen=True, slots=True)
class NotExported:
    """Nothing left the machine. `why`: no-key, given-up, too-large, not-written."""

    why: str
    tag: Literal["not-exported"] = "not-exported"


@dataclass(frozen=True, kw_only=True)
class ExportRecords(Step[Exported | NotExported]):
    """Seal the records for headquarters, and write them to a stick or send them."""

    kind: ClassVar[StepKind] = StepKind.EXPORT_RECORDS
    where: Where
    since: str

    @property
    def absent(self) -> Exported | NotExported | Stop:
        return NotExported("given-up")

    @property
    def answer_type(self) -> Any:
        return Exported | NotExported


async def read_records(opening: Opening) -> Outcome:
    """记录: look, and take along what somebody else has to see."""
    del opening
    looked = await LookInto(key="look-into", phase=Phase.DETAILS)
    if looked.export is Where.NOWHERE:
        return Outcome(Ending.DONE, "task-looked")
    match await ExportRecords(key="export", phase=Phase.CONFIRM, where=looked.export, since=looked.since):
        case Exported(name=name):
            return Outcome(Ending.DONE, f"task-exported-{looked.export.value}", details=(("file", name),))
        case NotExported(why=why):
            return Outcome(Ending.NOT_NOW, f"task-not-exported-{why}")
