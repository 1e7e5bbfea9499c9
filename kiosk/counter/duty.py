"""A night at the counter: the attract page, one visit after another, and what is said at their end."""

from __future__ import annotations

import asyncio
import enum
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kiosk.counter.desk import Desk
from kiosk.counter.pages import Conversation
from kiosk.counter.ports import Readiness, ServiceEntry
from kiosk.counter.printing import every_paper_says, print_again, print_freely
from kiosk.counter.second_door import second_door_opens
from kiosk.counter.tasks import Laying
from kiosk.counter.watch import StepTime
from kiosk.counter.without_line import PRE_REGISTRATION_NEEDS, left_of
from kiosk.devices.id_reader.contract import CardRead
from kiosk.devices.receipt_printer.contract import PrintResult
from kiosk.devices.words import Completion, DeviceFault
from kiosk.flows.catalogue import WAITING
from kiosk.flows.effects import EffectState, PaperKind
from kiosk.flows.ending import Ended, Finished, InDoubt, Left, VisitBroken, VisitEnd
from kiosk.flows.engine import Engine
from kiosk.flows.opening import Line, Opening, SecondFactor
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.performing import Leave
from kiosk.flows.play import Flow
from kiosk.flows.steps import StepKind
from kiosk.people.records import Refusal
from kiosk.people.satisfaction import Satisfaction
from kiosk.people.silence import Remains, Taking
from kiosk.screens.stage import Intent
from kiosk.screens.states import (
    AllServices,
    Attract,
    AttractPicture,
    ClosingPage,
    OutOfService,
    RatingPage,
    ServiceOpen,
    ServiceTile,
    TellPage,
    WhatToBring,
    WorkingPage,
    WorkTopic,
)
from kiosk.store.failures import DiskFull, StoreFailure

_log = logging.getLogger(__name__)

_OPEN = ServiceOpen.OPEN
NO_IDLE = 10.0**9
"""The attract page waits for ever."""


@dataclass(frozen=True, slots=True)
class VisitReport:
    """One visit, for the record: nothing personal."""

    service: str
    end: VisitEnd
    ending: str
    topic: str
    number: str
    steps: tuple[StepTime, ...]
    pages: tuple[str, ...]


def no_notices(day: date) -> tuple[tuple[str, str], ...]:
    """Nothing to announce."""
    del day
    return ()


def no_pictures(day: date) -> tuple[AttractPicture, ...]:
    """Nothing to show."""
    del day
    return ()


@dataclass(frozen=True, slots=True)
class HouseRules:
    """What an opening takes from the settings in force."""

    settings_version: str
    second_factor: SecondFactor
    unresolved_telephone: str = ""
    """The desk for what could not be done; "" where there is none."""
    notices: Callable[[date], tuple[tuple[str, str], ...]] = no_notices
    """What the attract page announces on a day: (Chinese, English)."""
    pictures: Callable[[date], tuple[AttractPicture, ...]] = no_pictures
    """What the attract page shows on a day: one of these until somebody begins, then the next."""


class BackRoom(Protocol):
    """Whoever has the glass instead of citizens: kiosk.counter.technician.back_room.BackRoom."""

    @property
    def wanted(self) -> bool: ...

    def held(self, intent: Intent) -> bool: ...

    async def work(self) -> None: ...


class NoBackRoom:
    """A machine without one."""

    @property
    def wanted(self) -> bool:
        return False

    def held(self, intent: Intent) -> bool:
        """A corner that leads nowhere."""
        del intent
        return False

    async def work(self) -> None:
        """Never called."""


Rated = Callable[[str, Satisfaction], Awaitable[None]]
"""Told service and rating; raises StoreFailure."""


class Laid(enum.Enum):
    """Something on the reader that is no readable card."""

    UNREADABLE = "unreadable"


async def _laid(card: Callable[[], Awaitable[CardRead | None]], pause: float) -> CardRead | Laid | None:
    """A card that cannot be read is somebody at the counter all the same; the page at the reader tells them more.

    None, after `pause` seconds, where the reader itself has something.
    """
    try:
        return await card()
    except DeviceFault as fault:
        match fault.completion:
            case Completion.TIME_OUT:
                return None
            case Completion.COMMAND_ERROR | Completion.INVALID_DATA:
                return Laid.UNREADABLE
            case _:
                await asyncio.sleep(pause)
                return None


class Duty:
    """Runs visits for as long as the terminal is on."""

    def __init__(
        self,
        desk: Desk,
        engine: Engine,
        flows: Mapping[str, Flow],
        readiness: Readiness,
        rules: HouseRules,
        after: Callable[[VisitReport], Awaitable[None]],
        closed: Callable[[str], None],
        rated: Rated,
    ) -> None:
        self.back_room: BackRoom = NoBackRoom()
        self._desk = desk
        self._engine = engine
        self._flows = flows
        self._readiness = readiness
        self._rules = rules
        self._after = after
        self._closed = closed
        self._rated = rated
        self._turn = 0
        self.busy = False
        """Whether somebody is being served; what must not disturb a visit waits for its end."""
        self.at_rest = False
        """Whether the first page stands and nobody has begun to choose."""

    def wait_for_nobody(self) -> None:
        """The visit under way ends as if its citizen had left: there is no more time to wait for them."""
        if self.busy:
            self._desk.pages.end_talk()

    async def run(self) -> None:
        """One visit after another."""
        while True:
            await self.one()

    async def one(self) -> None:
        """From the attract page back to the attract page."""
        desk = self._desk
        self._turn += 1
        desk.card_on_counter = None
        desk.printed.clear()
        desk.pages.begin(None)
        desk.pages.reset_look()
        if self.back_room.wanted:
            await self._for_technicians()
            return
        try:
            code = await self._choose()
        except Leave:
            return
        if self._readiness.out_of_service():
            # Closed while somebody was choosing, or was laying their card down: nobody is let in any more.
            return
        entry = desk.entry(code) if self._line() is Line.UP else left_of(desk.entry(code))
        desk.pages.begin(entry)
        desk.watch.reset()
        self.busy = True
        try:
            await self._visit(entry)
        finally:
            self.busy = False

    async def _for_technicians(self) -> None:
        self.busy = True
        try:
            await self.back_room.work()
        finally:
            self.busy = False

    # -- before a visit ----------------------------------------------------------------------------------------------

    async def _choose(self) -> str:
        """Both doors: touch and choose, or lay the card down and see what is waiting.

        Where nobody can be verified now, a card leads to the list of services, which says what is closed and why.
        """
        page = self._desk.pages.conversation(None, None)
        while True:
            got = await self._attract(page)
            if isinstance(got, CardRead):
                self._desk.card_on_counter = got
                if second_door_opens(got, self._readiness, self._rules.second_factor, self._open_services()):
                    return WAITING
                code = await self._pick(page, AllServices(self.tiles()))
            elif isinstance(got, Laid):
                code = await self._pick(page, AllServices(self.tiles()))
            elif got.action == "held":
                code = ""
                if self.back_room.held(got):
                    raise Leave("technician")
            elif got.action == "service":
                code = self._open(got)
            elif got.action == "what-to-bring":
                code = await self._pick(page, WhatToBring(self.tiles()))
            else:
                code = await self._pick(page, AllServices(self.tiles()))
            if code:
                return code
            self._desk.card_on_counter = None

    async def _attract(self, page: Conversation) -> Intent | CardRead | Laid:
        self.at_rest = True
        try:
            return await self._until_somebody_comes(page)
        finally:
            self.at_rest = False

    async def _until_somebody_comes(self, page: Conversation) -> Intent | CardRead | Laid:
        while self._readiness.out_of_service():
            page.show(OutOfService(self._readiness.out_of_service(), said=self._readiness.said()))
            got = await page.alongside(_until(self._readiness.changed()), "held", idle=NO_IDLE)
            if self.back_room.wanted or (got is not None and self.back_room.held(got)):
                raise Leave("technician")
        page.show(self._welcome())
        while True:
            got = await self._card_or_touch(page)
            if got is not None:
                return got
            if self.back_room.wanted:
                raise Leave("technician")
            if self._readiness.out_of_service():
                return await self._until_somebody_comes(page)
            self._desk.pages.follow_the_hour()
            page.amend(self._welcome())

    def _welcome(self) -> Attract:
        today = self._desk.clock.now().date()
        pictures = self._rules.pictures(today)
        picture = pictures[self._turn % len(pictures)] if pictures else None
        return Attract(self.tiles(), self._readiness.alarms(), self._rules.notices(today), picture)

    async def _card_or_touch(self, page: Conversation) -> Intent | CardRead | Laid | None:
        """A touch, a card, or None when availability may have changed.

        Whoever touches a service while their card is being read is not asked for it again: it is on the counter.
        """
        laying = Laying(self._desk.id_reader, self._desk.durations.card)
        try:
            got = await page.alongside(
                _laid(lambda: laying.or_change(self._readiness.changed()), self._desk.durations.reader_pause),
                *("begin", "service", "all-services", "what-to-bring", "held"),
                idle=NO_IDLE,
            )
            if isinstance(got, Intent) and laying.found:
                card = await page.wait(_laid(laying.card, 0.0), WorkingPage(WorkTopic.ONE_MOMENT))
                self._desk.card_on_counter = card if isinstance(card, CardRead) else None
            return got
        finally:
            await laying.end()

    async def _pick(self, page: Conversation, state: AllServices | WhatToBring) -> str:
        """A service from a list, or "" to go back to the attract page."""
        page.show(state)
        while True:
            try:
                intent = await page.answer("service", "back")
            except Leave:
                return ""
            if intent.action == "back":
                return ""
            code = self._open(intent)
            if code:
                return code

    def _open(self, intent: Intent) -> str:
        """The code, if that service is open now."""
        code = str(intent.payload.get("code", ""))
        return code if code in self._open_services() else ""

    def _open_services(self) -> tuple[str, ...]:
        return tuple(tile.code for tile in self.tiles() if tile.open is ServiceOpen.OPEN)

    def tiles(self) -> tuple[ServiceTile, ...]:
        """What can be done here now, and why not."""
        return tuple(self._tile(entry) for entry in self._desk.catalogue.values())

    def _tile(self, entry: ServiceEntry) -> ServiceTile:
        state, why = ServiceOpen.OPEN, ""
        if not entry.enabled or entry.code not in self._flows:
            state, why = ServiceOpen.CLOSED, "closed-not-here"
        elif not self._readiness.effects_open():
            state, why = ServiceOpen.CLOSED, "closed-effects-unconfirmed"
        elif self._readiness.headquarters() is ServiceOpen.CHECKING:
            state = ServiceOpen.CHECKING
        elif self._readiness.headquarters() is ServiceOpen.CLOSED:
            state, why = self._without_line(entry)
        else:
            state, why = self._devices(entry.needs)
        return ServiceTile(
            entry.code,
            state,
            why if state is ServiceOpen.CLOSED else "",
            entry.minutes,
            entry.frequent,
            entry.elsewhere if entry.code in self._flows else None,
            self._line(),
        )

    def _line(self) -> Line:
        return Line.DOWN if self._readiness.headquarters() is ServiceOpen.CLOSED else Line.UP

    def _devices(self, needs: Sequence[str]) -> tuple[ServiceOpen, str]:
        for device in needs:
            ready = self._readiness.device(device)
            if ready is not ServiceOpen.OPEN:
                return ready, f"closed-{device}"
        return ServiceOpen.OPEN, ""

    def _without_line(self, entry: ServiceEntry) -> tuple[ServiceOpen, str]:
        if entry.remains is not Remains.PRE_REGISTRATION:
            return ServiceOpen.CLOSED, "closed-offline"
        match self._readiness.without_line():
            case Taking.PRE_REGISTRATIONS:
                return self._devices(PRE_REGISTRATION_NEEDS)
            case Taking.TOO_LONG:
                return ServiceOpen.CLOSED, "closed-offline-long"
            case Taking.UNHEARD:
                return ServiceOpen.CLOSED, "closed-offline"

    # -- the visit and its end ---------------------------------------------------------------------------------------

    async def _visit(self, entry: ServiceEntry) -> None:
        desk = self._desk
        desk.audio.visit_begins()
        opening = Opening(
            service=entry.code,
            now=desk.clock.now(),
            settings_version=self._rules.settings_version,
            terminal=desk.place.terminal,
            site=desk.place.site,
            language=desk.pages.stage.look.language,
            second_factor=self._rules.second_factor,
            open_services=self._open_services(),
            line=self._line(),
        )
        try:
            end = await self._engine.run(self._flows[entry.code], opening)
        except VisitBroken as broken:
            _log.error("visit broken: %s", broken)
            end = broken.end
        except StoreFailure as failure:
            self._books_failed(failure)
            return
        ending, topic, number = described(end)
        report = VisitReport(entry.code, end, ending, topic, number, desk.watch.ended(), tuple(desk.pages.seen))
        seconds = round(sum(sum(step.seconds.values()) for step in report.steps))
        try:
            await desk.audit.write(
                "visit-ended",
                end.case,
                {"service": entry.code, "ending": ending, "topic": topic, "seconds": str(seconds)},
            )
        except StoreFailure as failure:
            self._books_failed(failure)
        await self._after(report)
        await self._goodbye(end)

    def _books_failed(self, failure: StoreFailure) -> None:
        _log.error("the books cannot be written: %s", failure)
        self._closed("disk" if isinstance(failure, DiskFull) else "database")

    async def _goodbye(self, end: VisitEnd) -> None:
        """The last pages: how it ended, a slip for whoever could not be helped, and what not to leave behind."""
        slip = asyncio.ensure_future(self._print_for_unresolved(end))
        try:
            if await self._say_how_it_ended(end):
                printed = await self._desk.pages.conversation(None, None).wait(
                    _result(slip), WorkingPage(WorkTopic.PRINTING_RECEIPT)
                )
                await self._ask_how_it_was(slip=printed)
        except Leave:
            return
        finally:
            # Half a slip must not come out under the next citizen's hands.
            _ = await asyncio.wait({slip})

    async def _say_how_it_ended(self, end: VisitEnd) -> bool:
        """Whether anybody was still there to hear it."""
        page = self._desk.pages.conversation(None, None)
        durations = self._desk.durations
        quote = end.case[-8:]
        match end.how:
            case Finished(outcome=outcome) | Left(outcome=Outcome() as outcome):
                page.show(closing(outcome, end))
                patience = durations.closing if outcome.take else durations.closing_nothing_to_take
            case Left(why=why):
                return why == "left"
            case Ended(code=code, details=details, outcome=outcome):
                number = outcome.number if outcome else quote
                page.show(TellPage(Refusal(code, details), number, holds(end), desk=self._rules.unresolved_telephone))
                patience = durations.tell
            case InDoubt():
                page.show(TellPage(Refusal.other(), quote, holds(end), desk=self._rules.unresolved_telephone))
                patience = durations.tell
        while (await page.answer("end", "reprint", idle=patience)).action == "reprint":
            await self._reprint(page)
        return True

    async def _print_for_unresolved(self, end: VisitEnd) -> bool:
        """办不成事: a refusal or a failure goes home with a number on paper; whether one came out.

        It is no effect: nothing personal is on it, nothing hangs on it, and no case is kept for it.
        """
        desk, telephone = self._desk, self._rules.unresolved_telephone
        number = unresolved(end)
        if not (number and telephone) or self._readiness.device(PaperKind.NOT_DONE_SLIP.device.value) is not _OPEN:
            return False
        result = await self.print_number(number)
        try:
            await desk.audit.write("unresolved-slip", end.case, {"result": result})
        except StoreFailure as failure:
            self._books_failed(failure)
        return result == PrintResult.PRINTED.value

    async def print_number(self, number: str) -> str:
        """A slip with the number to quote at the people's desk; a word of PrintResult."""
        desk = self._desk
        language = desk.pages.stage.look.language
        entry = desk.pages.frame.service
        service = "" if entry is None else entry.names[language == "en"]
        values = {
            "number": number,
            "desk_telephone": self._rules.unresolved_telephone,
            **every_paper_says(desk, desk.clock.now()),
        }
        return await print_freely(
            desk, PaperKind.NOT_DONE_SLIP, values | ({"service": service} if service else {}), language
        )

    async def _ask_how_it_was(self, *, slip: bool) -> None:
        """One touch, or none: the page goes by itself."""
        entry = self._desk.pages.frame.service
        page = self._desk.pages.conversation(None, None)
        page.show(RatingPage(slip))
        intent = await page.answer_within(self._desk.durations.rating, "rate", "skip-rating")
        if intent is None or intent.action != "rate" or entry is None:
            return
        try:
            rating = Satisfaction(str(intent.payload.get("id", "")))
        except ValueError:
            return
        try:
            await self._rated(entry.code, rating)
        except StoreFailure as failure:
            self._books_failed(failure)

    async def _reprint(self, page: Conversation) -> None:
        """Every paper of this visit once more on request, marked 补打, with the same number (rule 14)."""
        shown = page.state
        for paper in self._desk.printed:
            report = await print_again(self._desk, paper)
            await self._desk.audit.write("reprinted", "", {"paper": paper.kind.value, "result": report})
        if shown is not None:
            page.show(shown)


def closing(outcome: Outcome, end: VisitEnd) -> ClosingPage:
    """The last page; it says so when a paper did not come out."""
    printed = all(e.state.value == "done" for e in end.effects if e.kind is StepKind.PRINT)
    return ClosingPage(outcome.topic, outcome.number, outcome.details, outcome.take, printed)


def unresolved(end: VisitEnd) -> str:
    """The number to quote where something could not be done and no paper of the visit says so; else ""."""
    papers = any(effect.kind is StepKind.PRINT and effect.state is EffectState.DONE for effect in end.effects)
    match end.how:
        case Ended(outcome=outcome):
            return outcome.number if outcome else end.case[-8:]
        case InDoubt():
            return end.case[-8:]
        case Finished(outcome=Outcome(ending=Ending.REFUSED | Ending.NEEDS_A_PERSON, number=number)) if not papers:
            return number or end.case[-8:]
        case Finished() | Left():
            return ""


async def _result(task: asyncio.Future[bool]) -> bool:
    return await asyncio.shield(task)


def holds(end: VisitEnd) -> tuple[str, ...]:
    """What the terminal or headquarters holds of the citizen's, as message keys."""
    held: list[str] = []
    for effect in end.effects:
        match effect.kind, effect.state:
            case StepKind.TAKE_IN, EffectState.DONE | EffectState.IN_DOUBT:
                held.append("holding-old-card")
            case ((StepKind.TAKE_PASS | StepKind.RETURN_PASS), EffectState.IN_DOUBT):
                held.append("holding-pass")
            case StepKind.PAY, EffectState.DONE:
                held.append("holding-payment")
            case StepKind.PAY, EffectState.IN_DOUBT:
                held.append("holding-payment-unsettled")
            case _:
                pass
    return tuple(held)


def described(end: VisitEnd) -> tuple[str, str, str]:
    """Ending, topic and number for the record."""
    match end.how:
        case Finished(outcome=outcome) | Left(outcome=Outcome() as outcome) | Ended(outcome=Outcome() as outcome):
            return outcome.ending.value, outcome.topic, outcome.number
        case Left(why=why):
            return why, "", ""
        case Ended(code=code):
            return Ending.REFUSED.value, code.value, ""
        case InDoubt():
            return "in-doubt", "", ""


async def _until(change: Awaitable[None]) -> None:
    await change
