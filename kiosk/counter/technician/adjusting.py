"""校准: which adjustment is due, and one measured and written down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kiosk.clock import Clock
from kiosk.counter.desk import Desk
from kiosk.counter.technician.measuring import Measuring, Screen, Yardstick
from kiosk.counter.technician.upkeep import Due
from kiosk.flows.effects import EffectState
from kiosk.flows.performing import At, Evidence, Leave, Prepared, Recorder, Settled
from kiosk.maintenance.faults import AIM_OFF
from kiosk.maintenance.steps import Calibrate, Calibrated, ChooseAdjusted, Chosen, NotCalibrated
from kiosk.people.calibration import Adjusted, Validity
from kiosk.screens.states import ChoosePage, MeasurePage, MeasureStage

NOTHING_MORE = "enough-adjusted"


@dataclass(frozen=True, slots=True)
class AdjustedNow:
    """How one adjustment stands, and to the end of which day it holds (None: nobody vouched for it)."""

    what: Adjusted
    stands: Validity
    until: date | None


class Vouching(Protocol):
    """What is on the books: kiosk.store.staff.StaffBook."""

    async def calibrate(self, what: str, facts: Mapping[str, str], details: Mapping[str, str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """What measuring reaches for. `stands` tells of the adjustments this machine has use for; `look` anew."""

    screen: Screen
    yardsticks: Mapping[Adjusted, Yardstick]
    book: Vouching
    stands: Callable[[], tuple[AdjustedNow, ...]]
    look: Callable[[], Awaitable[None]]
    clock: Clock


_DUE = {Validity.OVER: 0, Validity.NEVER: 0, Validity.SOON: 1, Validity.HOLDS: 2}


class ChooseAdjustedDesk:
    """What is due stands first; nothing is due for ever."""

    def __init__(self, desk: Desk, marks: Benchmarks) -> None:
        self._desk = desk
        self._marks = marks

    async def perform(self, step: ChooseAdjusted, at: At) -> Chosen:
        page = self._desk.pages.conversation(step.phase, at)
        known = sorted(self._marks.stands(), key=lambda one: _DUE[one.stands])
        options = tuple((one.what.value, one.what.need, self._note(one)) for one in known)
        page.show(ChoosePage("which-adjusted", (*options, (NOTHING_MORE, NOTHING_MORE, "")), ""))
        chosen = str((await page.answer("choose")).payload["id"])
        return Chosen(None if chosen == NOTHING_MORE else Adjusted(chosen))

    @staticmethod
    def _note(one: AdjustedNow) -> str:
        return f"calibration-{one.stands.value}" if one.until is None else f"{one.until.isoformat()}"


class CalibrateDesk:
    """Measured until it is right, or until the person would rather not."""

    def __init__(self, desk: Desk, marks: Benchmarks) -> None:
        self._desk = desk
        self._marks = marks

    async def prepare(self, step: Calibrate, at: At) -> Prepared:
        before = next((one.until for one in self._marks.stands() if one.what is step.what), None)
        until = "never" if before is None else before.isoformat()
        return Prepared({"what": step.what.value, "before": until, "who": ",".join(at.opening.staff)})

    async def perform(self, step: Calibrate, at: At, before: Evidence, record: Recorder) -> Settled:
        del record
        try:
            return await self._measure(step, at, before)
        except Leave as leave:
            return Settled(EffectState.FAILED, NotCalibrated(leave.why), {"left": leave.why})

    async def _measure(self, step: Calibrate, at: At, before: Evidence) -> Settled:
        marks, yardstick = self._marks, self._marks.yardsticks[step.what]
        while True:
            page = self._desk.pages.conversation(step.phase, at)
            found = await Measuring(self._desk, page, marks.screen, step.what, yardstick).take()
            if found is None:
                return Settled(EffectState.FAILED, NotCalibrated(), {"left": "cannot"})
            page.show(MeasurePage(step.what.value, MeasureStage.RESULT, found.facts, found.within))
            if step.what is Adjusted.CAMERA_AIM and found.value and not found.within:
                await self._desk.upkeep.aim_off(found.value)
                await marks.look()
            offered = ("again", "cannot", "keep") if found.within else ("again", "cannot")
            match (await page.answer(*offered)).action:
                case "keep":
                    return await self._kept(step, found.value, before)
                case "cannot":
                    return Settled(EffectState.FAILED, NotCalibrated(), {"left": "cannot"})
                case _:
                    continue

    async def _kept(self, step: Calibrate, value: str, before: Evidence) -> Settled:
        today = self._marks.clock.now().date()
        until = self._marks.yardsticks[step.what].rule.until(today).isoformat()
        facts = {"on": today.isoformat(), "until": until, "by": before["who"], "value": value}
        details = {
            "who": before["who"],
            "what": step.what.value,
            "value": value,
            "before": before["before"],
            "until": until,
        }
        await self._marks.book.calibrate(step.what.value, facts, details)
        if step.what is Adjusted.CAMERA_AIM and self._desk.upkeep.has("camera", AIM_OFF):
            await self._desk.upkeep.mended(Due("camera", AIM_OFF), before["who"])
        await self._marks.look()
        return Settled(EffectState.DONE, Calibrated(until), {"value": value, "until": until})

    async def settle(self, step: Calibrate, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """After a restart: what was not written down was not found right."""
        del step, at, before, stages
        return Settled(EffectState.FAILED, NotCalibrated(), {"interrupted": "yes"})
