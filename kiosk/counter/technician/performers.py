"""Carries out what a technician's task asks for. A fault is over when the device says so, never before."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from kiosk.clock import Clock
from kiosk.counter.desk import Desk
from kiosk.counter.pages import Conversation
from kiosk.counter.technician.adjusting import AdjustedNow, Benchmarks, CalibrateDesk, ChooseAdjustedDesk
from kiosk.counter.technician.cabinet import (
    CabinetBench,
    CountLeftDesk,
    FetchListDesk,
    LoadDocumentDesk,
    NextDocumentDesk,
    UnloadDocumentDesk,
)
from kiosk.counter.technician.exercising import SOUND, TRIED_OUT, Instruments, Trial, try_out
from kiosk.counter.technician.truth import UNKNOWN, Truth
from kiosk.counter.technician.upkeep import Due
from kiosk.flows.effects import EffectState
from kiosk.flows.performing import At, Evidence, Leave, Prepared, Recorder, Settled
from kiosk.flows.steps import StepKind
from kiosk.maintenance.faults import Ends, Move, fault_of
from kiosk.maintenance.steps import (
    Agreed,
    Exchange,
    Exchanged,
    Finding,
    Findings,
    HandBack,
    Mend,
    Mended,
    NotExchanged,
    Seen,
    SelfTest,
    Signed,
    SignReport,
    TryOut,
    Uncounted,
    Unsigned,
)
from kiosk.protocol.readiness import NotSigned, canonical, report_of
from kiosk.screens.stage import Intent
from kiosk.screens.states import ChoosePage, HandBackPage, MendPage, WorkingPage, WorkTopic

ANSWER_SECONDS = 3.0
"""After somebody says "look again": the device is given so long to say it."""
AMOUNTS = ("full", "half", "little", "none")
"""What a person may say is in the machine now."""
_FILL = (Move.OPEN, Move.PUT, Move.CLOSE)


class Counts(Protocol):
    """Where a count is written down: kiosk.store.staff.StaffBook."""

    async def count(self, supply: str, facts: Mapping[str, str], details: Mapping[str, str]) -> None: ...


Examine = Callable[[], Awaitable[tuple[Finding, ...]]]
"""What is to be said of the machine beside its devices: line, clock, disk, books."""

Sign = Callable[[str], Awaitable[tuple[str, str, str]]]
"""Algorithm, certificate (PEM) and signature of the terminal's own key. Raises NotSigned."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What technicians' performers reach for beside the counter."""

    desk: Desk
    truth: Truth
    counts: Counts
    examine: Examine
    clock: Clock
    sign: Sign
    instruments: Instruments
    marks: Benchmarks


class _Way:
    """The page of a short way, and the device it waits for."""

    def __init__(self, bench: Bench, page: Conversation, state: MendPage) -> None:
        self._truth = bench.truth
        self._page = page
        self._state = state

    async def until(self, device: str, over: Callable[[bool], bool]) -> bool:
        """Until `over` is true of (the person says they are done); False when they would rather not. Raises Leave."""
        page, asked = self._page, 0
        page.show(self._state)
        while not over(False):
            got = await page.alongside(self._truth.changed(), "done", "cannot")
            if not isinstance(got, Intent):
                # A cover opened or shut: somebody is at work.
                page.somebody_is_there()
                continue
            if got.action == "cannot":
                return False
            self._truth.nudge(device)
            if await self._said(lambda: over(True)):
                return True
            asked += 1
            page.amend(replace(self._state, asked=asked))
        return True

    async def _said(self, over: Callable[[], bool]) -> bool:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                while not over():
                    await self._truth.changed()
        except TimeoutError:
            return over()
        return True


class MendDesk:
    """检修."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def perform(self, step: Mend, at: At) -> Mended:
        fault, truth = fault_of(step.device, step.fault), self._bench.truth
        page = self._bench.desk.pages.conversation(step.phase, at)
        moves = tuple(m.value for m in fault.moves)
        place = truth.place(step.device, step.fault)
        shown = MendPage(step.device, fault.text, moves, 0, fault.ends.value, place, self._cabinet(step.device))
        match fault.ends:
            case Ends.WORKS | Ends.DOOR:
                way = _Way(self._bench, page, shown)
                works = await way.until(step.device, lambda _: truth.works(step.device))
                return Mended.WORKS if works else Mended.NOT_YET
            case Ends.TRIAL:
                return await self._by_trial(page, shown, step, at)
            case Ends.MEASURE:
                page.show(shown)
                gone = (await page.answer("done", "cannot")).action == "done"
                return Mended.TO_MEASURE if gone else Mended.NOT_YET

    def _cabinet(self, device: str) -> tuple[int, int]:
        cabinet = self._bench.desk.cabinet
        return (cabinet.compartments, cabinet.columns) if device == "locker" else (0, 0)

    async def _by_trial(self, page: Conversation, shown: MendPage, step: Mend, at: At) -> Mended:
        """After the way it is tried; only what the device did, and somebody saw, ends it."""
        bench = self._bench
        while True:
            page.show(shown)
            if (await page.answer("done", "cannot")).action == "cannot":
                return Mended.NOT_YET
            who = ",".join(at.opening.staff)
            if await try_out(Trial(bench.desk, bench.instruments, page, step.device, who)) is Seen.YES:
                await bench.desk.upkeep.mended(Due(step.device, step.fault), who)
                return Mended.WORKS
            shown = replace(shown, asked=shown.asked + 1)


class TryOutDesk:
    """The device does what it is there for; the person says what they saw."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def perform(self, step: TryOut, at: At) -> Seen:
        """A device that is not here, or does not work, shows nothing: the self-test tells of it."""
        bench = self._bench
        watched = step.device != SOUND
        if step.device not in TRIED_OUT or (watched and not bench.truth.works(step.device)):
            return Seen.NOT_TRIED
        page = bench.desk.pages.conversation(step.phase, at)
        who = ",".join(at.opening.staff)
        return await try_out(Trial(bench.desk, bench.instruments, page, step.device, who))


class SignReportDesk:
    """签名: what was found, in the terminal's own hand."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def perform(self, step: SignReport, at: At) -> Signed | Unsigned:
        bench = self._bench
        found = [{"name": f.what, "verdict": f.verdict, "text": f.code} for f in step.findings.findings]
        report = report_of(
            terminal=at.opening.terminal,
            at=bench.clock.now(),
            settings_version=at.opening.settings_version,
            findings=found,
            tried={one.device: one.seen.value for one in step.tried},
            self_test_seconds=step.findings.seconds,
            staff=list(at.opening.staff),
            adjusted={one.what.value: _until(one) for one in bench.marks.stands()},
        )
        text = canonical(report)
        try:
            algorithm, certificate, signature = await bench.sign(text)
        except NotSigned:
            return Unsigned()
        return Signed(text, algorithm, certificate, signature)


def _until(one: AdjustedNow) -> str:
    return one.stands.value if one.until is None else f"{one.stands.value} {one.until.isoformat()}"


class SelfTestDesk:
    """自检: every device is asked anew, and so is what stands around them."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def perform(self, step: SelfTest, at: At) -> Findings:
        page = self._bench.desk.pages.conversation(step.phase, at)
        return await page.wait(self_test(self._bench), WorkingPage(WorkTopic.ONE_MOMENT))


async def self_test(bench: Bench) -> Findings:
    """Everything, side by side; what fails first."""
    began = bench.clock.monotonic()
    _, around = await asyncio.gather(bench.truth.look_at_all(), bench.examine())
    devices = tuple(
        Finding(row.device, _VERDICTS[row.standing.value], row.defect, row.closes) for row in await bench.truth.rows()
    )
    order = {"fails": 0, "note": 1, "works": 2}
    found = tuple(sorted((*devices, *around), key=lambda f: order[f.verdict]))
    return Findings(found, round(bench.clock.monotonic() - began, 3))


_VERDICTS = {"out": "fails", "low": "note", "checking": "note", "works": "works"}


class HandBackDesk:
    """交接."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def perform(self, step: HandBack, at: At) -> Agreed:
        page = self._bench.desk.pages.conversation(step.phase, at)
        closes = tuple(dict.fromkeys(code for f in step.findings.findings for code in f.closes))
        rows = tuple((f.what, f.verdict, f.code) for f in step.findings.findings)
        page.show(HandBackPage(rows, closes, step.findings.seconds))
        intent = await page.answer("hand-back", "go-on")
        return Agreed.HAND_BACK if intent.action == "hand-back" else Agreed.STAY


class ExchangeDesk:
    """换料点数: before on disk, then the short way, then what is in now."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def prepare(self, step: Exchange, at: At) -> Prepared:
        """StartExchange."""
        before = (await self._bench.truth.supplies(step.device)).get(step.supply, UNKNOWN)
        evidence = {"device": step.device, "supply": step.supply, "before": before, "why": step.fault or "in-time"}
        return Prepared(evidence | {"who": ",".join(at.opening.staff)})

    async def perform(self, step: Exchange, at: At, before: Evidence, record: Recorder) -> Settled:
        """The way, the count, EndExchange. Whoever leaves in between leaves it uncounted."""
        del record
        try:
            return await self._exchange(step, at, before)
        except Leave as leave:
            await self._write_down(step, before, UNKNOWN)
            return Settled(EffectState.IN_DOUBT, Uncounted(leave.why), {"left": leave.why})

    async def _exchange(self, step: Exchange, at: At, before: Evidence) -> Settled:
        truth = self._bench.truth
        fault = fault_of(step.device, step.fault) if step.fault else None
        page = self._bench.desk.pages.conversation(step.phase, at)
        moves = _FILL if fault is None else fault.moves
        defect = f"exchange-{step.device}-{step.supply}" if fault is None else fault.text
        way = _Way(self._bench, page, MendPage(step.device, defect, tuple(m.value for m in moves)))

        def over(said_so: bool) -> bool:
            """In good time only the person tells that it is over; the device has the last word all the same."""
            return truth.works(step.device) and (said_so or fault is not None)

        if not await way.until(step.device, over):
            return Settled(EffectState.FAILED, NotExchanged(), {"after": before["before"]})
        page.show(ChoosePage("exchange-after", tuple((a, f"exchange-after-{a}", "") for a in AMOUNTS), ""))
        after = str((await page.answer("choose")).payload["id"])
        if after == "none":
            return Settled(EffectState.FAILED, NotExchanged(), {"after": before["before"]})
        await self._write_down(step, before, after)
        return Settled(EffectState.DONE, Exchanged(before["before"], after), {"after": after})

    async def _write_down(self, step: Exchange, before: Evidence, after: str) -> None:
        details = {
            "who": before["who"],
            "device": step.device,
            "supply": step.supply,
            "before": before["before"],
            "after": after,
            "why": before["why"],
            "certainty": UNKNOWN if after == UNKNOWN else "sensed" if step.fault else "said",
        }
        facts = {"after": after, "at": self._bench.clock.now().isoformat(), "by": before["who"]}
        await self._bench.counts.count(f"{step.device}/{step.supply}", facts, details)

    async def settle(self, step: Exchange, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """After a restart nobody can say what is in it: it stays uncounted, and a person says."""
        del at, stages
        await self._write_down(step, before, UNKNOWN)
        return Settled(EffectState.IN_DOUBT, Uncounted(), {"interrupted": "yes"})


def technicians(bench: Bench) -> dict[StepKind, Any]:
    """One performer for each kind of step that only technicians' tasks have."""
    cabinet = CabinetBench(bench.desk, bench.truth)
    return {
        StepKind.MEND: MendDesk(bench),
        StepKind.TRY_OUT: TryOutDesk(bench),
        StepKind.SELF_TEST: SelfTestDesk(bench),
        StepKind.HAND_BACK: HandBackDesk(bench),
        StepKind.SIGN_REPORT: SignReportDesk(bench),
        StepKind.EXCHANGE: ExchangeDesk(bench),
        StepKind.CHOOSE_ADJUSTED: ChooseAdjustedDesk(bench.desk, bench.marks),
        StepKind.CALIBRATE: CalibrateDesk(bench.desk, bench.marks),
        StepKind.FETCH_LIST: FetchListDesk(cabinet),
        StepKind.NEXT_DOCUMENT: NextDocumentDesk(cabinet),
        StepKind.LOAD_DOCUMENT: LoadDocumentDesk(cabinet),
        StepKind.COUNT_LEFT: CountLeftDesk(cabinet),
        StepKind.UNLOAD_DOCUMENT: UnloadDocumentDesk(cabinet),
    }
