"""The back room: signing in, the overview, one task after another, the lock, and handing the machine back.

What kiosk.counter.duty.Duty is for citizens: it decides nothing about a task, it runs it on the same engine. It has
the glass only between visits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.counter.desk import Desk
from kiosk.counter.duty import NO_IDLE, VisitReport, described
from kiosk.counter.pages import Conversation
from kiosk.counter.ports import Readiness, ServiceEntry
from kiosk.counter.technician.corners import Corners, held_of
from kiosk.counter.technician.gate import Answer, Gate, Verdict, Way
from kiosk.counter.technician.mode import Mode, VendorMode
from kiosk.counter.technician.truth import Truth, counted_in
from kiosk.devices.id_reader.contract import CardRead
from kiosk.devices.key_switch.contract import KeyPosition, KeySwitch
from kiosk.devices.words import Completion, DeviceFault
from kiosk.flows.ending import Finished, VisitBroken, VisitEnd
from kiosk.flows.engine import Engine
from kiosk.flows.opening import Opening, SecondFactor
from kiosk.flows.outcome import Ending
from kiosk.flows.performing import Leave
from kiosk.maintenance.catalogue import BIN, CALIBRATION, EXCHANGE, HANDOVER, REPAIR, STUCK_DOOR, Task
from kiosk.maintenance.faults import BIN_FULL, DOOR_STUCK, HOLDING_DOCUMENTS, fault_of
from kiosk.people.calibration import NEEDS
from kiosk.people.silence import Remains
from kiosk.people.staff import Role, Staff
from kiosk.screens.stage import Intent
from kiosk.screens.states import (
    OverviewPage,
    RecordRow,
    RecordsPage,
    ServiceOpen,
    StaffAsks,
    StaffCardPage,
    StaffKeyPage,
    StaffStage,
    StaffTry,
)
from kiosk.store.failures import StoreFailure

_log = logging.getLogger(__name__)

KEY_SECONDS = 60.0
"""One stay at the key switch."""
KEY_AGAIN_SECONDS = 1.0
"""Between asking a switch that cannot be asked, and asking it again."""
TASK_ACTION = "task-"
MORE = "more"
"""The button behind which further tasks stand."""
_OPENING_KEYS = (KeyPosition.MAINTENANCE, KeyPosition.SUPERVISOR)
_TRY = {Verdict.WRONG: StaffTry.WRONG, Verdict.WAIT: StaffTry.WAIT, Verdict.CLOSED: StaffTry.CLOSED}


@dataclass(frozen=True, slots=True)
class BackRoomRules:
    """Seconds: how long the sign-in waits for a touch, how long a session may rest, and how long it may last."""

    settings_version: str
    sign_in: float
    idle: float
    longest: float
    corners: bool


@dataclass(frozen=True, slots=True)
class HandedBack:
    """What headquarters is told of a session."""

    staff: tuple[str, ...]
    since: datetime
    done: tuple[str, ...]
    stays_out: tuple[str, ...]
    self_test_seconds: float


@dataclass
class Session:
    """Who is signed in, and until when on the loop's clock."""

    staff: Staff
    ends: float
    done: list[str] = field(default_factory=list[str])
    """Each task, what it was about and how it ended: for the summary."""
    worked: list[str] = field(default_factory=list[str])
    """Everybody who did something in it, by number; those who signed in for one task only among them."""

    def __post_init__(self) -> None:
        self.works(self.staff)

    def works(self, staff: Staff) -> None:
        """Somebody has a hand in it."""
        if staff.number not in self.worked:
            self.worked.append(staff.number)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Whoever is signed in now first, then everybody else who worked."""
        return (self.staff.number, *(number for number in self.worked if number != self.staff.number))


class BackRoom:
    """Belongs to the core's loop; `work` is called by whoever has the glass, between visits."""

    def __init__(
        self,
        desk: Desk,
        engine: Engine,
        gate: Gate,
        mode: VendorMode,
        truth: Truth,
        readiness: Readiness,
        tasks: Mapping[str, Task],
        rules: BackRoomRules,
        after: Callable[[VisitReport], Awaitable[None]],
        key: KeySwitch | None,
        look_again: Callable[[], None],
        handed_back: Callable[[HandedBack], Awaitable[None]],
    ) -> None:
        self._desk = desk
        self._engine = engine
        self._gate = gate
        self._truth = truth
        self._readiness = readiness
        self._tasks = tasks
        self._rules = rules
        self._after = after
        self._key = key
        self._look_again = look_again
        self._handed_back = handed_back
        self._corners = Corners()
        self._called = False
        self._turned = False
        self._pages = 0
        self.mode = mode

    # -- the way in --------------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> bool:
        """Whether somebody turned the key or held the corners, and has not been asked who they are yet."""
        return self._called

    def held(self, intent: Intent) -> bool:
        """A finger rested in a corner of the glass; whether that was the last of the sign."""
        if not self._rules.corners:
            return False
        held = held_of(intent.payload, self._desk.clock.monotonic())
        if held is None or not self._corners.held(held):
            return False
        self._called = True
        return True

    async def watch_key(self) -> None:
        """For as long as the terminal is on. Turned: nobody new is served, and the page asks who it is."""
        key = self._key
        if key is None:
            return
        known = KeyPosition.UNKNOWN
        while True:
            try:
                now = await key.position() if known is KeyPosition.UNKNOWN else await key.turn(seconds=KEY_SECONDS)
            except DeviceFault:
                await asyncio.sleep(KEY_AGAIN_SECONDS)
                known = KeyPosition.UNKNOWN
                continue
            if now is KeyPosition.UNKNOWN:
                await asyncio.sleep(KEY_AGAIN_SECONDS)
            if now is None or now is known or now is KeyPosition.UNKNOWN:
                continue
            known = now
            await self._key_at(now)

    async def _key_at(self, now: KeyPosition) -> None:
        self._turned = now in _OPENING_KEYS
        if self._turned:
            self._called = True
            await self.mode.ask("key")
        else:
            self._called = False
            await self.mode.withdraw()
        self._look_again()

    # -- the session -------------------------------------------------------------------------------------------------

    async def work(self) -> None:
        """From the sign-in to the machine handed back, or to nobody having signed in."""
        pages = self._desk.pages
        self._called = False
        pages.idle = self._rules.sign_in
        try:
            found = await self._sign_in(StaffStage.CARD)
            if found is None:
                return
            staff, way = found
            session = Session(staff, self._desk.clock.monotonic() + self._rules.longest)
            await self.mode.enter(staff, way.value)
            await self._stay(session)
        except Leave:
            # The battery ends: the machine stays in their hands, and on disk it says so.
            self.mode.mode = Mode.ENTER_PENDING
        except StoreFailure as failure:
            _log.error("the books cannot be written: %s", failure)
        finally:
            pages.idle = None

    async def _stay(self, session: Session) -> None:
        said = ""
        while True:
            # Whoever is asked whether they need more time has that time too before the lock.
            self._desk.pages.idle = max(1.0, self._rules.idle - self._desk.durations.more_time)
            try:
                code, about = await self._choose(session, said)
                said = await self._task(session, code, about)
            except Leave as leave:
                if leave.why == "no-time":
                    raise
                await self._locked(session, leave.why)
                said = ""
                continue
            if self.mode.mode is Mode.INACTIVE:
                return
            if self._desk.clock.monotonic() >= session.ends:
                await self._locked(session, "longest")

    async def _choose(self, session: Session, said: str) -> tuple[str, str]:
        """What to do next: a task's code, and what it is about. Raises Leave when nobody touches anything."""
        page = self._overview_page()
        while True:
            page.amend(await self._overview(session, said))
            offered = tuple(TASK_ACTION + code for code in self._offered(session))
            got = await page.alongside(self._changed(session), "device", *offered)
            if not isinstance(got, Intent):
                if self._desk.clock.monotonic() >= session.ends:
                    raise Leave("longest")
                continue
            if got.action == TASK_ACTION + MORE:
                listed = await self._listed(session)
                if listed:
                    return listed, ""
                page = self._overview_page()
                continue
            if got.action != "device":
                return got.action.removeprefix(TASK_ACTION), ""
            device = str(got.payload.get("id", ""))
            if device in NEEDS:
                return CALIBRATION, device.removeprefix("calibration-")
            fault, due = self._truth.fault(device), self._truth.due(device)
            if not fault and due is not None:
                return (STUCK_DOOR if due.fault == DOOR_STUCK else REPAIR), due.name
            if fault == BIN_FULL and device in HOLDING_DOCUMENTS:
                return BIN, ""
            supply = fault_of(device, fault).supply if fault else next(iter(counted_in(device)), "")
            if supply:
                return EXCHANGE, f"{device}/{supply}/{fault}"
            return REPAIR, f"{device}/{fault}"

    async def _changed(self, session: Session) -> None:
        """At the next news of a device, or when the longest session is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, session.ends - self._desk.clock.monotonic())):
                await self._truth.changed()

    def _overview_page(self) -> Conversation:
        self._desk.pages.begin(_OUT_OF_SERVICE)
        self._desk.printed.clear()
        return self._desk.pages.conversation(None, None)

    async def _overview(self, session: Session, said: str) -> OverviewPage:
        rows = await self._truth.rows()
        first = next((row.device for row in rows if row.standing.value == "out"), "")
        since = self.mode.since or self._desk.clock.now()
        return OverviewPage(rows, first, self._offered(session), (session.staff.number,), since, said)

    def _offered(self, session: Session) -> tuple[str, ...]:
        """Tasks of their roles that begin at a button, the way out last."""
        codes = [t.code for t in self._tasks.values() if t.offered and session.staff.role in t.roles]
        more = (MORE,) if self._further(session) else ()
        return (*(code for code in codes if code != HANDOVER), *more, HANDOVER)

    def _further(self, session: Session) -> tuple[str, ...]:
        """Tasks of their roles that stand in the list."""
        return tuple(t.code for t in self._tasks.values() if t.listed and session.staff.role in t.roles)

    async def _listed(self, session: Session) -> str:
        """One of the further tasks, or ""."""
        page = self._overview_page()
        rows = tuple(RecordRow(code, f"task-{code}") for code in self._further(session))
        page.show(RecordsPage("tasks-more", rows, ("list-back",)))
        got = await page.answer("open", "list-back")
        return str(got.payload["id"]) if got.action == "open" else ""

    # -- a task ------------------------------------------------------------------------------------------------------

    async def _task(self, session: Session, code: str, about: str) -> str:
        """Run it; the key of what is to be said of it afterwards. Raises Leave when nobody was there any more."""
        task, desk = self._tasks[code], self._desk
        if session.staff.role not in task.roles:
            return "task-not-yours"
        hands = session.numbers if code == HANDOVER else (session.staff.number,)
        if task.people > 1:
            second = await self._second(session, task)
            if second is None:
                return "task-needs-two"
            hands = (*hands, second.number)
        await self._note(hands, code, about, "began")
        if code == HANDOVER:
            self.mode.leaving()
        entry = ServiceEntry(code, task.minutes, task.phases, False, (), (), Remains.EVERYTHING)
        desk.pages.begin(entry)
        desk.watch.reset()
        opening = Opening(
            service=code,
            now=desk.clock.now(),
            settings_version=self._rules.settings_version,
            terminal=desk.place.terminal,
            site=desk.place.site,
            language=desk.pages.stage.look.language,
            second_factor=SecondFactor.NOT_REQUIRED,
            staff=hands,
            about=about or "\n".join(session.done),
        )
        try:
            end = await self._engine.run(task.flow, opening)
        except VisitBroken as broken:
            _log.error("a task broke: %s", broken)
            end = broken.end
        ending, topic, number = described(end)
        await self._note(hands, code, about, ending)
        session.done.append(f"{code} {about} {ending}".replace("  ", " "))
        await self._after(VisitReport(code, end, ending, topic, number, desk.watch.ended(), tuple(desk.pages.seen)))
        if code == HANDOVER:
            await self._handed_over(session, end.how)
        gone = _gone(end, ending)
        if gone in ("timed-out", "no-time"):
            raise Leave(gone)
        return topic or ("" if ending == "left" else "task-broke")

    async def _handed_over(self, session: Session, how: object) -> None:
        match how:
            case Finished(outcome=outcome) if outcome.ending is Ending.DONE:
                told = dict(outcome.details)
                stays_out = tuple(part for part in told["stays_out"].split(",") if part)
                since = self.mode.since or self._desk.clock.now()
                await self.mode.leave(session.staff.number, stays_out, told["seconds"])
                await self._handed_back(
                    HandedBack(tuple(session.worked), since, tuple(session.done), stays_out, float(told["seconds"]))
                )
            case _:
                self.mode.stays()

    async def _second(self, session: Session, task: Task) -> Staff | None:
        """Another person signs in beside the first, for this task only; None when nobody of a right role did.

        Whoever joins for a task is gone when it is over: a second one who went home must not be one of two for ever.
        """
        found = await self._sign_in(StaffStage.SECOND)
        if found is None:
            return None
        staff, way = found
        fits = staff.number != session.staff.number and staff.role in (task.beside or task.roles)
        details = {"who": staff.number, "role": staff.role.value, "way": way.value, "task": task.code}
        if not fits:
            await self._desk.audit.write("maintenance-not-joined", "", details)
            return None
        await self._desk.audit.write("maintenance-joined", "", details)
        session.works(staff)
        return staff

    async def _note(self, hands: tuple[str, ...], code: str, about: str, outcome: str) -> None:
        details = {"who": ",".join(hands), "task": code, "about": about, "outcome": outcome}
        await self._desk.audit.write("maintenance-task", "", details)

    # -- the lock ----------------------------------------------------------------------------------------------------

    async def _locked(self, session: Session, why: str) -> None:
        """Until one of those who work here signs in again, or somebody who may unlock. The others are out of it."""
        await self._desk.audit.write("maintenance-locked", "", {"who": session.staff.number, "why": why})
        self._desk.pages.begin(_OUT_OF_SERVICE)
        while True:
            found = await self._sign_in(StaffStage.LOCKED)
            if found is None:
                continue
            staff, way = found
            if staff.number == session.staff.number or staff.role in (Role.TECHNICIAN, Role.SECURITY):
                session.staff = staff
                session.works(staff)
                session.ends = self._desk.clock.monotonic() + self._rules.longest
                details = {"who": staff.number, "way": way.value}
                await self._desk.audit.write("maintenance-unlocked", "", details)
                return

    # -- who is it ---------------------------------------------------------------------------------------------------

    async def _sign_in(self, stage: StaffStage) -> tuple[Staff, Way] | None:
        """Somebody who proved who they are, or None when nobody did. Raises Leave("no-time")."""
        pages = self._desk.pages
        kept, pages.idle = pages.idle, self._rules.sign_in
        try:
            got = await self._card_or_code(stage)
            if got is None:
                return None
            if isinstance(got, CardRead):
                candidate = self._gate.candidate(got.card)
                answer = await self._typed(StaffAsks.PIN, lambda pin: self._gate.pin(candidate, pin))
                return None if answer is None or answer.staff is None else (answer.staff, Way.CARD)
            answer = await self._by_telephone()
            return None if answer is None or answer.staff is None else (answer.staff, Way.CODE)
        except Leave as leave:
            if leave.why == "no-time":
                raise
            return None
        finally:
            pages.idle = kept

    async def _card_or_code(self, stage: StaffStage) -> CardRead | Intent | None:
        page = self._desk.pages.conversation(None, None)
        idle = NO_IDLE if stage is StaffStage.LOCKED else None
        now = stage
        while True:
            away = self._readiness.device("id-reader") is not ServiceOpen.OPEN
            by_code = away and self._turned and self._gate.codes
            page.amend(StaffCardPage(StaffStage.READER_AWAY if away else now, by_code))
            got = await page.alongside(self._read(), "give-up", "by-code", idle=idle)
            match got:
                case CardRead():
                    return got
                case Intent(action="by-code") if by_code:
                    return got
                case Intent(action="give-up"):
                    if stage is not StaffStage.LOCKED:
                        return None
                case StaffStage():
                    now = got
                case _:
                    now = stage

    async def _read(self) -> CardRead | StaffStage | None:
        try:
            return await self._desk.id_reader.read(seconds=self._desk.durations.card)
        except DeviceFault as fault:
            match fault.completion:
                case Completion.TIME_OUT:
                    return None
                case Completion.COMMAND_ERROR | Completion.INVALID_DATA:
                    return StaffStage.NOT_READ
                case _:
                    await asyncio.sleep(self._desk.durations.reader_pause)
                    return None

    async def _typed(
        self, asks: StaffAsks, judge: Callable[[str], Awaitable[Answer]], challenge: str = ""
    ) -> Answer | None:
        """Ask until it is right, or they give up, or it is closed."""
        page = self._desk.pages.conversation(None, None)
        last = StaffTry.NONE
        while True:
            text = await self._ask(page, asks, last, challenge)
            if text is None:
                return None
            answer = await judge(text)
            if answer.verdict is Verdict.RIGHT:
                return answer
            last = _TRY[answer.verdict]
            pauses = answer.verdict is Verdict.CLOSED or answer.wait > 0
            if pauses and not await self._wait_out(page, asks, answer):
                return None
            if asks is StaffAsks.CODE:
                # A challenge is good for one try.
                return answer

    async def _ask(self, page: Conversation, asks: StaffAsks, last: StaffTry, challenge: str) -> str | None:
        self._pages += 1
        page.show(StaffKeyPage(asks, last, challenge, self._pages))
        intent = await page.answer(asks.value, "give-up")
        return None if intent.action == "give-up" else str(intent.payload.get("text", ""))

    async def _wait_out(self, page: Conversation, asks: StaffAsks, answer: Answer) -> bool:
        """The pause after wrong tries counts down; whether it passed with somebody there."""
        self._pages += 1
        closed = answer.verdict is Verdict.CLOSED
        page.show(StaffKeyPage(asks, StaffTry.CLOSED if closed else StaffTry.WAIT, "", self._pages))
        clock = self._desk.clock
        began = clock.monotonic()
        while (passed := clock.monotonic() - began) < self._rules.sign_in:
            if not closed and passed >= answer.wait:
                return True
            if not closed:
                page.live(seconds_left=int(answer.wait - passed) + 1)
            if await page.answer_within(1.0, "give-up") is not None:
                return False
        return False

    async def _by_telephone(self) -> Answer | None:
        """The reader is what is broken: a number, and the code that headquarters reads out for a challenge."""
        page = self._desk.pages.conversation(None, None)
        last = StaffTry.NONE
        while True:
            number = await self._ask(page, StaffAsks.NUMBER, last, "")
            if number is None:
                return None
            asked = self._gate.ask()
            answer = await self._typed(
                StaffAsks.CODE, lambda code, a=asked, n=number: self._gate.code(a, n, code), asked
            )
            if answer is None or answer.verdict is Verdict.RIGHT:
                return answer
            last = StaffTry.WRONG


def _gone(end: VisitEnd, ending: str) -> str:
    """How the person went, also where an effect was ended in good order without them."""
    match end.how:
        case Finished(outcome=outcome):
            return dict(outcome.details).get("left", "")
        case _:
            return ending


_OUT_OF_SERVICE = ServiceEntry("MAINTENANCE", 0, (), False, (), (), Remains.EVERYTHING)
