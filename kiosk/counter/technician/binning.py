"""Carries out the emptying of a bin: what the books say is on disk first, then each of two people counts alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.counter.desk import Desk
from kiosk.counter.pages import Conversation
from kiosk.flows.effects import EffectState
from kiosk.flows.performing import At, Evidence, Leave, Prepared, Recorder, Settled
from kiosk.flows.steps import StepKind
from kiosk.maintenance.bins import BinEmpty, BinLeft, BinPicked, BinUncounted, EmptyBin, PickBin
from kiosk.maintenance.faults import Move
from kiosk.screens.states import MendPage, RecordRow, RecordsPage, StaffAsks, StaffKeyPage

COUNTS = 3
"""So often both count until they agree."""
_MOVES = (Move.OPEN, Move.PULL, Move.CLOSE)


@dataclass(frozen=True, slots=True)
class Emptied:
    """What two people took out of a bin: `custody` are the numbers the books had there."""

    device: str
    custody: tuple[str, ...]
    counted: int
    bag: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bins:
    """The bins of this machine with the custody numbers the books have in each, and how it is written down."""

    inside: Callable[[], Awaitable[Mapping[str, tuple[str, ...]]]]
    emptied: Callable[[Emptied], Awaitable[None]]
    uncounted: Callable[[str, int, tuple[str, ...]], Awaitable[None]]
    """Device, how many the books have, who."""


class PickBinDesk:
    """选回收箱."""

    def __init__(self, desk: Desk, bins: Bins) -> None:
        self._desk = desk
        self._bins = bins

    async def perform(self, step: PickBin, at: At) -> BinPicked:
        page = self._desk.pages.conversation(step.phase, at)
        inside = await self._bins.inside()
        rows = tuple(
            RecordRow(device, f"device-{device}", "", (("in-bin", str(len(numbers))),))
            for device, numbers in inside.items()
        )
        page.show(RecordsPage("bins" if rows else "bins-none", rows, ("enough-seen",)))
        got = await page.answer("open", "enough-seen")
        return BinPicked(str(got.payload["id"]) if got.action == "open" else "")


class EmptyBinDesk:
    """清空回收箱."""

    def __init__(self, desk: Desk, bins: Bins) -> None:
        self._desk = desk
        self._bins = bins

    async def prepare(self, step: EmptyBin, at: At) -> Prepared:
        """StartExchange."""
        numbers = (await self._bins.inside()).get(step.device, ())
        who = ",".join(at.opening.staff)
        evidence = {"device": step.device, "before": str(len(numbers)), "custody": ",".join(numbers), "who": who}
        return Prepared(evidence)

    async def perform(self, step: EmptyBin, at: At, before: Evidence, record: Recorder) -> Settled:
        """The way, both counts, EndExchange."""
        del record
        who = at.opening.staff[:2]
        page = self._desk.pages.conversation(step.phase, at)
        if len(set(who)) < 2:
            return Settled(EffectState.FAILED, BinLeft(), {"after": before["before"]})
        page.show(MendPage(step.device, f"exchange-{step.device}-bin", tuple(move.value for move in _MOVES)))
        if (await page.answer("done", "cannot")).action == "cannot":
            return Settled(EffectState.FAILED, BinLeft(), {"after": before["before"]})
        try:
            counted = await self._counted(page, who)
        except Leave as leave:
            return await self._uncounted(before, leave.why)
        if counted is None:
            return await self._uncounted(before, "differ")
        numbers = tuple(number for number in before["custody"].split(",") if number)
        bag = f"B-{self._desk.clock.now():%y%m%d%H%M%S}"
        await self._bins.emptied(Emptied(step.device, numbers, counted, bag, who))
        found = {"after": "0", "counted": str(counted), "bag": bag}
        return Settled(EffectState.DONE, BinEmpty(len(numbers), counted, bag), found)

    async def _counted(self, page: Conversation, who: tuple[str, ...]) -> int | None:
        """What both counted, each without the other's number; None when they never agree or stop. Raises Leave."""
        for turn in range(COUNTS):
            said: list[int] = []
            for place, number in enumerate(who):
                page.show(StaffKeyPage(StaffAsks.BIN_COUNT, challenge=number, turn=2 * turn + place))
                got = await page.answer(StaffAsks.BIN_COUNT.value, "give-up")
                if got.action == "give-up":
                    return None
                said.append(int(str(got.payload["text"])))
            if said[0] == said[1]:
                return said[0]
        return None

    async def _uncounted(self, before: Evidence, why: str) -> Settled:
        await self._bins.uncounted(before["device"], int(before["before"]), tuple(before["who"].split(",")))
        return Settled(EffectState.IN_DOUBT, BinUncounted(why), {"after": "unknown", "why": why})

    async def settle(self, step: EmptyBin, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """After a restart nobody can say what was in it."""
        del step, at, stages
        return await self._uncounted(before, "interrupted")


def binners(desk: Desk, bins: Bins) -> dict[StepKind, Any]:
    """Performers of the steps about bins."""
    return {StepKind.PICK_BIN: PickBinDesk(desk, bins), StepKind.EMPTY_BIN: EmptyBinDesk(desk, bins)}
