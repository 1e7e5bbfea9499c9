"""签注机 as the counter uses it: the citizen's own pass is drawn in, written once, read back, and given back.

From the moment the slot opens the pass stands in the terminal's books, and in one place of them at a time (rule 10).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.counter.desk import Attendance, Desk
from kiosk.counter.filing import digest_of
from kiosk.counter.looking_up import arguments_of
from kiosk.counter.pages import Conversation
from kiosk.counter.ports import CustodyRecord
from kiosk.counter.reports import report
from kiosk.counter.tasks import end
from kiosk.counter.watch import Whose
from kiosk.devices.audio.contract import Sound
from kiosk.devices.endorsement_writer.contract import Endorsement, Endorsements
from kiosk.devices.making import HandOutPermit, Place, Taken, Verdict
from kiosk.devices.words import DeviceFault
from kiosk.flows.effects import (
    Certainty,
    EffectState,
    Endorse,
    Endorsed,
    EndorseInDoubt,
    NotEndorsed,
    PassInside,
    PassNotTaken,
    PassRetained,
    PassReturnInDoubt,
    PassStuck,
    PassTaken,
    ReturnPass,
    Spoiled,
    TakePass,
)
from kiosk.flows.performing import At, Evidence, Leave, Prepared, Recorder, Settled
from kiosk.flows.queries import ApprovalOf
from kiosk.flows.steps import AwaitApproval
from kiosk.people.exit_entry import ApprovalAnswer, ApprovalState
from kiosk.people.travel_document import ChipKey, InvalidMrz
from kiosk.protocol.messages import GrantRequest
from kiosk.screens.states import PassPage, PassStage, WorkingPage, WorkTopic

T = TypeVar("T")

IN_WRITER, IN_BIN, GIVEN_BACK, IN_DOUBT, NEVER = (
    "endorsement-writer",
    "endorsement-bin",
    "given-back",
    "in-doubt",
    "never-received",
)
"""Places of a pass on the terminal's books."""
PASS = "travel-pass"
MAY_STAND_INSIDE = frozenset({"expected", IN_WRITER, IN_DOUBT})
"""Places of which one in the writer's path may be."""


class AwaitApprovalDesk:
    """等审批: asked again every few seconds; a silent line is waited out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: AwaitApproval, at: At) -> ApprovalAnswer:
        desk = self._desk
        page = desk.pages.conversation(step.phase, at, finishing="finishing-approval")
        page.show(WorkingPage(WorkTopic.APPROVAL))
        query = ApprovalOf(step.number, step.case)
        until = desk.clock.monotonic() + step.seconds
        while True:
            try:
                asking = desk.headquarters.lookup(query.name, arguments_of(query), at.case, query.answer)
                answer = await desk.ask_headquarters(asking, desk.durations.lookup)
            except (Unreachable, Rejected, TimeoutError):
                answer = ApprovalAnswer(ApprovalState.NOT_YET)
            if answer.state is not ApprovalState.NOT_YET or desk.clock.monotonic() >= until:
                return answer
            page.live(seconds_left=max(0, int(until - desk.clock.monotonic())))
            with desk.watch.waiting_for(Whose.NETWORK):
                await asyncio.sleep(desk.durations.approval_poll)


class _Writer:
    """What the three performers do with the machine."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.machine = desk.endorsement_writer

    async def where(self) -> Place:
        """Where the pass is; UNKNOWN where the machine cannot say."""
        try:
            return await self.do(self.machine.where(), self.desk.durations.writer_query)
        except (DeviceFault, TimeoutError):
            return Place.UNKNOWN

    async def do(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """With its deadline. Raises DeviceFault, TimeoutError."""
        return await self.desk.use_device(work, seconds)

    async def give_back(self, page: Conversation, at: At, custody: str, record: Recorder) -> Settled:
        """Hold it out and watch; what nobody takes goes into the bin."""
        desk = self.desk
        await record.stage("held-out", {"custody": custody}, Certainty.SENSED)
        try:
            permit = HandOutPermit(f"{at.key}/return")
            await self.do(self.machine.present(permit), desk.durations.writer_move)
        except (DeviceFault, TimeoutError):
            if await self.where() is not Place.EXIT:
                return await self.retain(at, custody, record)
        page.machine_rests()
        page.show(PassPage(PassStage.TAKE))
        with desk.watch.waiting_for(Whose.CITIZEN):
            taken = await self._watched(page, desk.durations.pass_exposed)
            if taken is Taken.LEFT:
                desk.audio.sound(Sound.DOOR_OPEN)
                page.amend(PassPage(PassStage.STILL_THERE))
                taken = await self._watched(page, desk.durations.pass_given_up)
                desk.audio.hush(Sound.DOOR_OPEN)
        match taken:
            case Taken.TAKEN | Taken.GONE:
                sure = Certainty.SENSED if taken is Taken.TAKEN else Certainty.INFERRED
                return await self._settled(custody, GIVEN_BACK, PassTaken(sure), {"taken": taken.value})
            case Taken.RETAINED:
                return await self._settled(custody, IN_BIN, PassRetained(custody), {"taken": taken.value})
            case Taken.LEFT:
                return await self.retain(at, custody, record)
            case Taken.UNKNOWN:
                return await self.in_doubt(custody, "unknown")

    async def _watched(self, page: Conversation, seconds: float) -> Taken:
        """A citizen who leaves the page has not taken the pass yet."""
        until = asyncio.get_running_loop().time() + seconds
        while True:
            left = max(0.5, until - asyncio.get_running_loop().time())
            try:
                seen = await page.alongside(self.machine.taken(seconds=left), idle=self.desk.durations.without_idle)
            except Leave:
                continue
            except (DeviceFault, TimeoutError):
                return Taken.UNKNOWN
            if isinstance(seen, Taken):
                return seen

    async def retain(self, at: At, custody: str, record: Recorder) -> Settled:
        """Into the bin, under its number."""
        del at
        await record.stage("retaining", {"custody": custody}, Certainty.SENSED)
        return await self.into_bin(custody)

    async def into_bin(self, custody: str) -> Settled:
        """What can be moved is moved; what cannot is left to a person."""
        for movement in (self.machine.retain, self.machine.clear):
            try:
                await self.do(movement(), self.desk.durations.writer_move)
            except (DeviceFault, TimeoutError):
                continue
            if await self.where() is Place.NONE:
                return await self._settled(custody, IN_BIN, PassRetained(custody), {"place": "bin"})
        return await self.in_doubt(custody, "stuck")

    async def in_doubt(self, custody: str, why: str) -> Settled:
        """Nobody can say where it is."""
        await self.desk.custody.move(custody, IN_DOUBT)
        evidence = {"custody": custody, "place": why}
        return Settled(EffectState.IN_DOUBT, PassReturnInDoubt(custody), evidence)

    async def _settled(self, custody: str, place: str, answer: PassTaken | PassRetained, more: Evidence) -> Settled:
        await self.desk.custody.move(custody, place)
        return Settled(EffectState.DONE, answer, {"custody": custody, **more})


async def bin_what_was_left(desk: Desk, booked: Callable[[], Awaitable[bool]], number: str) -> bool:
    """After a start: a pass in the path that is in no case's books goes into the bin under `number` (rule 10).

    `booked` says whether the books know of a pass that may stand there: it is asked once the machine said what it
    holds, so that a pass that is being drawn in meanwhile is its citizen's. True where one was found.
    """
    writer = _Writer(desk)
    if await writer.where() not in (Place.TRANSPORT, Place.EXIT, Place.JAMMED) or await booked():
        return False
    await desk.custody.record(CustodyRecord(number, "", PASS, 0, 0, IN_WRITER), number)
    _ = await writer.into_bin(number)
    return True


class TakePassDesk:
    """收通行证: the row is on disk before the slot opens, and the chip says which pass it is."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._writer = _Writer(desk)

    async def prepare(self, step: TakePass, at: At) -> Prepared:
        """The pass's number on the books, and what the machine holds before."""
        del step
        place = await self._writer.where()
        return Prepared({"custody": f"P-{at.case[-8:]}-{at.occurrence}", "place": place.value})

    async def perform(self, step: TakePass, at: At, before: Evidence, record: Recorder) -> Settled:
        desk, custody = self._desk, before["custody"]
        if before["place"] != Place.NONE.value:
            return _not_taken(at, "machine", custody)
        page = desk.pages.conversation(step.phase, at, finishing="finishing-taking-in")
        books = CustodyRecord(custody, at.case, PASS, 0, 0, "expected")
        await desk.custody.record(books, step.number.text)
        await record.stage("waiting", {"custody": custody}, Certainty.SENSED)
        why = await self._drawn_in(page)
        if why:
            place = await self._writer.where()
            if place is Place.NONE:
                await desk.custody.move(custody, NEVER)
                return _not_taken(at, why, custody)
            if place is Place.UNKNOWN:
                await desk.custody.move(custody, IN_DOUBT)
                return _stuck(at, custody, "unknown")
        await desk.custody.move(custody, IN_WRITER)
        await record.stage("inside", {"custody": custody}, Certainty.SENSED)
        page.show(PassPage(PassStage.READING))
        wrong = why or await self._wrong(step)
        if not wrong:
            return Settled(EffectState.DONE, PassInside(custody), {"custody": custody, "chip": "same"})
        given = await self._writer.give_back(page, at, custody, record)
        if isinstance(given.answer, PassReturnInDoubt):
            return _stuck(at, custody, wrong)
        return _not_taken(at, "retained" if isinstance(given.answer, PassRetained) else wrong, custody)

    async def _drawn_in(self, page: Conversation) -> str:
        """Why no pass came in, or ""."""
        desk = self._desk
        loop = asyncio.get_running_loop()
        page.machine_rests()
        page.show(PassPage(PassStage.INSERT))

        def refused() -> None:
            _ = loop.call_soon(page.amend, PassPage(PassStage.PUSHED_BACK))

        try:
            with desk.watch.waiting_for(Whose.CITIZEN):
                drawing = self._writer.machine.take_in(seconds=desk.durations.pass_in, refused=refused)
                got = await page.alongside(drawing, "keep", idle=desk.durations.without_idle)
        except Leave:
            return "gave-up"
        except (DeviceFault, TimeoutError) as fault:
            return fault.code or fault.completion.value if isinstance(fault, DeviceFault) else "machine"
        return "gave-up" if not hasattr(got, "atr") else ""

    async def _wrong(self, step: TakePass) -> str:
        """What is wrong with the pass inside, or ""."""
        try:
            key = ChipKey.of(step.document, *step.opens)
            reading = self._writer.machine.chip_number(key)
            number = await self._writer.do(reading, self._desk.durations.chip)
        except DeviceFault as fault:
            return "another-pass" if fault.code == ACCESS_DENIED else "unreadable"
        except (InvalidMrz, TimeoutError):
            return "unreadable"
        return "" if number == step.document else "another-pass"

    async def settle(self, step: TakePass, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """The machine is asked where the pass is; nothing is moved."""
        del step
        custody = before["custody"]
        if "waiting" not in stages:
            if await self._desk.custody.of_case(at.case) == custody:
                await self._desk.custody.move(custody, NEVER)
            return _not_taken(at, "interrupted", custody)
        place = await self._writer.where()
        match place:
            case Place.TRANSPORT | Place.EXIT | Place.JAMMED:
                await self._desk.custody.move(custody, IN_WRITER)
                return Settled(EffectState.DONE, PassInside(custody), {"custody": custody, "place": place.value})
            case Place.NONE if "inside" not in stages:
                await self._desk.custody.move(custody, NEVER)
                return _not_taken(at, "interrupted", custody)
            case Place.NONE if "held-out" in stages:
                await self._desk.custody.move(custody, GIVEN_BACK)
                return _not_taken(at, "interrupted", custody)
            case Place.NONE | Place.UNKNOWN:
                await self._desk.custody.move(custody, IN_DOUBT)
                return _stuck(at, custody, place.value)


ACCESS_DENIED = "accessDenied"


def _not_taken(at: At, why: str, custody: str) -> Settled:
    settled = Settled(EffectState.FAILED, PassNotTaken(why), {"why": why, "custody": custody})
    return report(at, "take-pass", settled)


def _stuck(at: At, custody: str, why: str) -> Settled:
    settled = Settled(EffectState.IN_DOUBT, PassStuck(custody), {"why": why, "custody": custody})
    return report(at, "take-pass", settled)


class EndorseDesk:
    """写签注: once, against a grant, and read back. Unknown is never written again (rules 8, 11)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._writer = _Writer(desk)

    async def prepare(self, step: Endorse, at: At) -> Prepared:
        """The nonce is on disk before the grant is asked for."""
        del step, at
        return Prepared({"nonce": self._desk.ids.nonce()})

    async def perform(self, step: Endorse, at: At, before: Evidence, record: Recorder) -> Settled:
        desk = self._desk
        page = desk.pages.conversation(step.phase, at, finishing="finishing-writing")
        page.show(WorkingPage(WorkTopic.WRITING))
        request = GrantRequest(
            key=at.key,
            digest=digest_of({"item": step.case, "board": 0, "compartment": 0}),
            case=at.case,
            item=step.case,
            board=0,
            compartment=0,
            nonce=before["nonce"],
        )
        try:
            grant = await desk.ask_headquarters(desk.headquarters.grant(request), desk.durations.grant)
        except Rejected as no:
            return _not_endorsed(at, f"refused-{no.problem.code}")
        except (Unreachable, TimeoutError):
            return _not_endorsed(at, "offline")
        if not await desk.grants.use_once(grant.grant, grant.nonce):
            return _not_endorsed(at, "grant-used")
        await record.stage("writing", {"grant": grant.grant}, Certainty.SENSED)
        said = "written"
        try:
            await self._write(step, page)
        except DeviceFault as fault:
            if not fault.acted:
                await record.stage("not-written", {"code": fault.code}, Certainty.SENSED)
                return _not_endorsed(at, fault.code or fault.completion.value, grant.grant)
            said = fault.code or fault.completion.value
        except TimeoutError:
            said = "silent"
        await record.stage("answered", {"said": said}, Certainty.SENSED)
        return await self._read_back(step, at, {"grant": grant.grant, "said": said})

    async def _write(self, step: Endorse, page: Conversation) -> None:
        """Once. Whoever waits longer than usual is told where their pass is. Raises DeviceFault, TimeoutError."""
        durations = self._desk.durations
        writing = asyncio.ensure_future(self._writer.do(self._writer.machine.write(_face(step)), durations.writing))
        try:
            done, _ = await asyncio.wait({writing}, timeout=durations.writing_usual)
            if not done:
                page.show(WorkingPage(WorkTopic.WRITING_LONG))
            await writing
        finally:
            await end(writing)

    async def _read_back(self, step: Endorse, at: At, evidence: Evidence) -> Settled:
        try:
            reading = self._writer.machine.verify(_face(step))
            verdict = await self._writer.do(reading, self._desk.durations.writer_move)
        except (DeviceFault, TimeoutError):
            return _endorse(at, EffectState.IN_DOUBT, EndorseInDoubt(), {**evidence, "read": "nothing"})
        read = {**evidence, "read": verdict.value}
        match verdict:
            case Verdict.SAME:
                return _endorse(at, EffectState.DONE, Endorsed(Certainty.SENSED), read)
            case Verdict.DIFFERENT:
                return _endorse(at, EffectState.FAILED, Spoiled(), read)
            case Verdict.NOT_SUPPORTED if evidence.get("said") == "written":
                return _endorse(at, EffectState.DONE, Endorsed(Certainty.INFERRED), read)
            case Verdict.NOT_SUPPORTED:
                return _endorse(at, EffectState.IN_DOUBT, EndorseInDoubt(), read)

    async def settle(self, step: Endorse, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """Without `writing` on disk nothing was written. Else the back is read; nothing is written."""
        del before
        if "writing" not in stages or "not-written" in stages:
            return _not_endorsed(at, "interrupted")
        return await self._read_back(step, at, {"said": "interrupted"})


def _face(step: Endorse) -> Endorsements:
    return Endorsements(
        tuple(
            Endorsement(line.kind, line.entries, line.valid_to, line.stay, line.issued_at, line.issued_on)
            for line in step.lines
        )
    )


def _endorse(at: At, state: EffectState, answer: Any, evidence: Evidence) -> Settled:
    return report(at, "endorse", Settled(state, answer, evidence))


def _not_endorsed(at: At, why: str, grant: str = "") -> Settled:
    evidence = {"why": why, **({"grant": grant} if grant else {})}
    return _endorse(at, EffectState.FAILED, NotEndorsed(why), evidence)


class ReturnPassDesk:
    """退还通行证. In a recovery nobody is there: it goes into the bin, and its owner is told where it is."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._writer = _Writer(desk)

    async def prepare(self, step: ReturnPass, at: At) -> Prepared:
        """How many the bin holds before."""
        del at
        held = (await self._writer.machine.status()).retained
        return Prepared({"custody": step.custody, "retained": "" if held is None else str(held)})

    async def perform(self, step: ReturnPass, at: At, before: Evidence, record: Recorder) -> Settled:
        del before
        match self._desk.attendance:
            case Attendance.NOBODY:
                settled = await self._writer.retain(at, step.custody, record)
            case Attendance.SOMEBODY:
                page = self._desk.pages.conversation(step.phase, at, finishing="finishing-giving-back")
                page.show(WorkingPage(WorkTopic.RETURNING_PASS))
                settled = await self._writer.give_back(page, at, step.custody, record)
        return report(at, "return-pass", settled)

    async def settle(self, step: ReturnPass, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """What still stands in the path goes into the bin; what is gone was taken, unless the bin counted it."""
        place = await self._writer.where()
        if place is Place.UNKNOWN:
            return report(at, "return-pass", await self._writer.in_doubt(step.custody, place.value))
        if place is not Place.NONE:
            return report(at, "return-pass", await self._writer.into_bin(step.custody))
        held = (await self._writer.machine.status()).retained
        binned = before["retained"] != "" and held is not None and held > int(before["retained"])
        if "retaining" in stages or binned:
            await self._desk.custody.move(step.custody, IN_BIN)
            settled = Settled(EffectState.DONE, PassRetained(step.custody), {"custody": step.custody, "place": "bin"})
        elif "held-out" in stages:
            await self._desk.custody.move(step.custody, GIVEN_BACK)
            settled = Settled(EffectState.DONE, PassTaken(Certainty.INFERRED), {"custody": step.custody})
        else:
            settled = await self._writer.in_doubt(step.custody, "gone")
        return report(at, "return-pass", settled)
