"""Carries out what two people do about doubts: the list, the evidence, and what each says they found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from kiosk.counter.desk import Desk
from kiosk.counter.pages import Conversation
from kiosk.flows.effects import EffectState
from kiosk.flows.performing import At, Evidence, Leave, Prepared, Recorder, Settled
from kiosk.flows.steps import StepKind
from kiosk.maintenance.doubts import VERDICTS, Judged, PickDoubt, Picked, SettleDoubt, StillOpen
from kiosk.screens.states import RecordRow, RecordsPage, RowMark

NOT_SURE = "not-sure"


class Doubt(Protocol):
    """kiosk.store.doubts.Doubt."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> Literal["effect", "document", "database"]: ...
    @property
    def what(self) -> str: ...
    @property
    def case(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def said(self) -> tuple[tuple[str, str], ...]: ...


@dataclass(frozen=True, slots=True)
class Doubts:
    """What waits, what was said of one, and how it is written down with the message to headquarters."""

    open: Callable[[], Awaitable[tuple[Doubt, ...]]]
    found: Callable[[str], Awaitable[Mapping[str, str]]]
    settle: Callable[[Doubt, str, tuple[str, ...]], Awaitable[bool]]


class PickDoubtDesk:
    """存疑清单."""

    def __init__(self, desk: Desk, doubts: Doubts) -> None:
        self._desk = desk
        self._doubts = doubts

    async def perform(self, step: PickDoubt, at: At) -> Picked:
        page = self._desk.pages.conversation(step.phase, at)
        found = await self._doubts.open()
        page.show(RecordsPage("doubts" if found else "doubts-none", tuple(map(_row, found)), ("enough-seen",)))
        got = await page.answer("open", "enough-seen")
        return Picked(str(got.payload["id"]) if got.action == "open" else "")


class SettleDoubtDesk:
    """两人核实."""

    def __init__(self, desk: Desk, doubts: Doubts) -> None:
        self._desk = desk
        self._doubts = doubts

    async def prepare(self, step: SettleDoubt, at: At) -> Prepared:
        return Prepared({"doubt": step.doubt, "who": ",".join(at.opening.staff)})

    async def perform(self, step: SettleDoubt, at: At, before: Evidence, record: Recorder) -> Settled:
        del before, record
        doubt = next((one for one in await self._doubts.open() if one.id == step.doubt), None)
        if doubt is None or len(set(at.opening.staff)) < 2:
            return _open("left")
        page = self._desk.pages.conversation(step.phase, at)
        said: list[str] = []
        try:
            for turn, number in enumerate(at.opening.staff[:2]):
                said.append(await self._asked(page, doubt, number, turn))
        except Leave:
            return _open("left")
        if NOT_SURE in said:
            return _open(NOT_SURE)
        if said[0] != said[1]:
            return _open("differ")
        if not await self._doubts.settle(doubt, said[0], at.opening.staff[:2]):
            return _open("left")
        return Settled(EffectState.DONE, Judged(said[0]), {"verdict": said[0]})

    async def _asked(self, page: Conversation, doubt: Doubt, number: str, turn: int) -> str:
        """What one of them found; nothing is chosen beforehand, and what the other said is not shown."""
        evidence = tuple(RecordRow("", f"detail-{name}", text) for name, text in doubt.said)
        words = (*VERDICTS[doubt.kind], NOT_SURE)
        asked = tuple(RecordRow(word, f"verdict-{doubt.kind}-{word}") for word in words)
        rows = (_head(doubt), *evidence, *asked)
        page.show(RecordsPage("doubt-asked", rows, ("enough-seen",), (("who", number),), turn))
        got = await page.answer("open", "enough-seen")
        return str(got.payload["id"]) if got.action == "open" else NOT_SURE

    async def settle(self, step: SettleDoubt, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """After a restart: what both said is on disk, or nothing was decided."""
        del at, before, stages
        said = await self._doubts.found(step.doubt)
        if not said:
            return _open("left")
        return Settled(EffectState.DONE, Judged(said["verdict"]), {"verdict": said["verdict"]})


def _open(why: str) -> Settled:
    return Settled(EffectState.FAILED, StillOpen(why), {"why": why})


def _row(doubt: Doubt) -> RecordRow:
    """In the list, with its evidence at a glance."""
    said = (*_known(doubt), *doubt.said)
    return RecordRow(doubt.id, doubt.what, f"doubt-{doubt.kind}", said, doubt.at, RowMark.BAD)


def _head(doubt: Doubt) -> RecordRow:
    """Above its evidence."""
    return RecordRow("", doubt.what, f"doubt-{doubt.kind}", _known(doubt), doubt.at, RowMark.BAD)


def _known(doubt: Doubt) -> tuple[tuple[str, str], ...]:
    return (("case", doubt.case[-8:]), ("service", f"service-{doubt.service}")) if doubt.case else ()


def doubters(desk: Desk, doubts: Doubts) -> dict[StepKind, Any]:
    """Performers of the steps about doubts."""
    return {
        StepKind.PICK_DOUBT: PickDoubtDesk(desk, doubts),
        StepKind.SETTLE_DOUBT: SettleDoubtDesk(desk, doubts),
    }
