"""取证柜 as the counter uses it: a door that is opened once, watched, and reported."""

from __future__ import annotations

import asyncio
import enum
from dataclasses import dataclass
from datetime import datetime

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.counter.desk import Desk, FinishedIn
from kiosk.counter.dispensing import BY, Dispensing
from kiosk.counter.filing import digest_of
from kiosk.counter.pages import Conversation
from kiosk.counter.ports import CustodyRecord
from kiosk.counter.reports import report
from kiosk.counter.watch import Whose
from kiosk.devices.audio.contract import Sound
from kiosk.devices.locker.contract import Compartment, DoorState, OpenPermit
from kiosk.devices.words import DeviceFault
from kiosk.flows.effects import (
    Certainty,
    EffectState,
    GivenBack,
    HandOver,
    HandOverInDoubt,
    LeftOpen,
    NotOpened,
    TakeIn,
    TakeInInDoubt,
    TakeInRefused,
    Taken,
    TakenIn,
)
from kiosk.flows.performing import At, Evidence, Leave, Prepared, Recorder, Settled
from kiosk.protocol.messages import CustodyRequest, Grant, GrantRequest
from kiosk.screens.stage import Intent
from kiosk.screens.states import DoorStage, PageState, PutInPage, TakePage, WorkingPage, WorkTopic
from kiosk.store.loaded import LoadedPlace

OLD_CARD_BACK = "old-card-back"
"""The key of the step that gives the citizen back what was handed in."""


class Watched(enum.Enum):
    """How the watch over an open door ended."""

    CLOSED = "closed"
    LEFT_OPEN = "left-open"
    SAYS_DID_NOT_OPEN = "did-not-open"
    KEEPS_IT = "keep"


@dataclass(frozen=True, slots=True)
class Opened:
    """The door after the pulse."""

    door: DoorState
    why: str = ""


class Doors:
    """Opening against a verified grant, and watching."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def open(self, grant: Grant, record: Recorder) -> Opened:
        """The grant is used up on disk, then `opening` is on disk, then the lock is pulsed once."""
        desk = self._desk
        if grant.terminal != desk.place.terminal or grant.expires < desk.clock.now():
            return Opened(DoorState.CLOSED, "grant-not-valid")
        if (grant.board, grant.compartment) in desk.kept_shut:
            return Opened(DoorState.CLOSED, "kept-shut")
        if not await desk.grants.use_once(grant.grant, grant.nonce):
            return Opened(DoorState.CLOSED, "grant-used")
        compartment = Compartment(grant.board, grant.compartment)
        await record.stage("opening", {"grant": grant.grant, "compartment": str(grant.compartment)}, Certainty.SENSED)
        try:
            door = await desk.use_device(desk.locker.open(OpenPermit(grant.grant, compartment)), desk.durations.lock)
        except DeviceFault as fault:
            if not fault.acted:
                await record.stage("not-opened", {"code": fault.code}, Certainty.SENSED)
                return Opened(DoorState.CLOSED, fault.code or fault.completion.value)
            door = DoorState.UNKNOWN
        except TimeoutError:
            door = DoorState.UNKNOWN
        name = {DoorState.OPEN: "opened", DoorState.CLOSED: "not-opened", DoorState.UNKNOWN: "silent"}[door]
        await record.stage(name, {"door": door.value}, Certainty.SENSED)
        if door is DoorState.CLOSED:
            await desk.upkeep.door_stuck(compartment)
        return Opened(door, "" if door is DoorState.OPEN else name)

    async def watch(
        self, page: Conversation, compartment: Compartment, exposed: PageState, *actions: str
    ) -> Watched | Intent:
        """Until the door is shut, the citizen says something, or patience ends; `exposed` is shown after a while."""
        try:
            return await page.alongside(
                self._until_closed(page, compartment, exposed), *actions, idle=self._desk.durations.without_idle
            )
        except Leave:
            return await self._until_closed(page, compartment, exposed)

    async def _until_closed(self, page: Conversation, compartment: Compartment, exposed: PageState) -> Watched:
        desk = self._desk
        began = desk.clock.monotonic()
        while True:
            await asyncio.sleep(desk.durations.door_poll)
            waited = desk.clock.monotonic() - began
            if waited > desk.durations.door_exposed:
                if page.state != exposed:
                    page.amend(exposed)
                desk.audio.sound(Sound.DOOR_OPEN)
                page.live(seconds_left=max(0, int(desk.durations.door_given_up - waited)))
            try:
                door = await desk.use_device(desk.locker.door(compartment), desk.durations.door_query)
            except (DeviceFault, TimeoutError):
                door = DoorState.UNKNOWN
            if door is DoorState.CLOSED:
                desk.audio.hush(Sound.DOOR_OPEN)
                return Watched.CLOSED
            if waited > desk.durations.door_given_up:
                return Watched.LEFT_OPEN

    async def where(self, compartment: Compartment) -> DoorState:
        """For recovery: where is the door now?"""
        try:
            asking = self._desk.locker.door(compartment)
            return await self._desk.use_device(asking, self._desk.durations.door_query)
        except (DeviceFault, TimeoutError):
            return DoorState.UNKNOWN


class HandOverDesk:
    """发证 (rules 11, 12): finished documents by the machine this cabinet has; old ones always behind doors."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._doors = Doors(desk)
        self._dispensing = Dispensing(desk)

    async def prepare(self, step: HandOver, at: At) -> Prepared:
        """The nonce is on disk before the grant is asked for, so that a restart asks for the same one."""
        del at
        if step.key != OLD_CARD_BACK and self._desk.cabinet.finished is FinishedIn.DISPENSER:
            return await self._dispensing.prepare(step)
        door = await self._doors.where(Compartment(step.card.board, step.card.compartment))
        return Prepared({"door": door.value, "nonce": self._desk.ids.nonce()})

    def _request(self, step: HandOver, at: At, before: Evidence) -> GrantRequest:
        arguments = {"item": step.card.item, "board": step.card.board, "compartment": step.card.compartment}
        return GrantRequest(
            key=at.key,
            digest=digest_of(arguments),
            case=at.case,
            item=step.card.item,
            board=step.card.board,
            compartment=step.card.compartment,
            nonce=before["nonce"],
        )

    async def perform(self, step: HandOver, at: At, before: Evidence, record: Recorder) -> Settled:
        if before.get("by") == BY:
            return await self._dispensing.perform(step, at, before, record)
        desk = self._desk
        page = desk.pages.conversation(step.phase, at, finishing="finishing-opening")
        page.show(WorkingPage(WorkTopic.OPENING))
        if before["door"] != DoorState.CLOSED.value:
            return _not_opened(at, "door-not-closed")
        try:
            asking = desk.headquarters.grant(self._request(step, at, before))
            grant = await desk.ask_headquarters(asking, desk.durations.grant)
        except Rejected as no:
            return _not_opened(at, f"refused-{no.problem.code}")
        except (Unreachable, TimeoutError):
            return _not_opened(at, "offline")
        opened = await self._doors.open(grant, record)
        match opened.door:
            case DoorState.CLOSED:
                return _not_opened(at, opened.why)
            case DoorState.UNKNOWN:
                doubt = Settled(EffectState.IN_DOUBT, HandOverInDoubt(), {"door": "unknown"})
                return report(at, "hand-over", await self._in_books(step, at, doubt))
            case DoorState.OPEN:
                return await self._in_books(step, at, await self._wait_for_hand(page, step, at))

    async def _in_books(self, step: HandOver, at: At, settled: Settled) -> Settled:
        """What goes out leaves the books: every document is in exactly one place (rule 10)."""
        if step.key != OLD_CARD_BACK:
            match settled.answer:
                case Taken():
                    await self._desk.loaded.move(step.card.item, LoadedPlace.OUT, at.case)
                case LeftOpen() | HandOverInDoubt():
                    await self._desk.loaded.move(step.card.item, LoadedPlace.IN_DOUBT, at.case)
                case _:
                    pass
        if step.key == OLD_CARD_BACK:
            match settled.answer:
                case Taken():
                    await self._desk.custody.move(step.card.item, "given-back")
                case LeftOpen() | HandOverInDoubt():
                    await self._desk.custody.move(step.card.item, "in-doubt")
                case _:
                    pass
        return settled

    async def _wait_for_hand(self, page: Conversation, step: HandOver, at: At) -> Settled:
        desk = self._desk
        compartment = Compartment(step.card.board, step.card.compartment)
        shape = (step.card.compartment, desk.cabinet.compartments, desk.cabinet.columns)
        content = "old-card" if step.key == OLD_CARD_BACK else "new-card"
        document = step.card.document
        still_open = TakePage(DoorStage.STILL_OPEN, *shape, content, document)
        page.machine_rests()
        page.show(TakePage(DoorStage.OPEN, *shape, content, document))
        began: datetime = desk.clock.now()
        with desk.watch.waiting_for(Whose.CITIZEN):
            while True:
                seen = await self._doors.watch(page, compartment, still_open, "taken", "did-not-open")
                if isinstance(seen, Intent):
                    page.amend(still_open)
                    continue
                break
        waited = str(int((desk.clock.now() - began).total_seconds()))
        if seen is Watched.CLOSED:
            taken = Settled(EffectState.DONE, Taken(Certainty.INFERRED), {"door": "closed", "seconds": waited})
            return report(at, "hand-over", taken)
        left = Settled(EffectState.DONE, LeftOpen(), {"door": "open", "seconds": waited})
        return report(at, "hand-over", left)

    async def settle(self, step: HandOver, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """Without `opening` on disk the lock was never touched. Else the door is asked; nothing is opened."""
        if before.get("by") == BY:
            return await self._dispensing.settle(step, at, before, stages)
        if "opening" not in stages or "not-opened" in stages:
            return _not_opened(at, "interrupted")
        door = await self._doors.where(Compartment(step.card.board, step.card.compartment))
        match door:
            case DoorState.OPEN:
                settled = Settled(EffectState.DONE, LeftOpen(), {"door": "open"})
            case DoorState.CLOSED if "opened" in stages:
                settled = Settled(EffectState.DONE, Taken(Certainty.INFERRED), {"door": "closed"})
            case DoorState.CLOSED | DoorState.UNKNOWN:
                settled = Settled(EffectState.IN_DOUBT, HandOverInDoubt(), {"door": door.value})
        return report(at, "hand-over", await self._in_books(step, at, settled))


def _not_opened(at: At, why: str) -> Settled:
    return report(at, "hand-over", Settled(EffectState.FAILED, NotOpened(why), {"why": why}))


class TakeInDesk:
    """收旧证 (rule 10): headquarters assigns an empty compartment, the row is on disk, then the door opens."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._doors = Doors(desk)
        self._places: dict[str, Grant] = {}

    async def prepare(self, step: TakeIn, at: At) -> Prepared:
        """The place and the custody number are part of the started row: the document's line in the books."""
        desk = self._desk
        arguments = {"document": step.document, "number": step.number.text}
        request = CustodyRequest(
            key=at.key,
            digest=digest_of(arguments),
            case=at.case,
            document=step.document,
            number=step.number.text,
            nonce=desk.ids.nonce(),
        )
        page = desk.pages.conversation(step.phase, at)
        asking = desk.ask_headquarters(desk.headquarters.custody_place(request), desk.durations.grant)
        try:
            place = await page.wait(asking, WorkingPage(WorkTopic.ASKING_HEADQUARTERS))
        except Rejected as no:
            return Prepared({"refused": no.problem.code})
        except (Unreachable, TimeoutError):
            return Prepared({"refused": "offline"})
        if (place.grant.board, place.grant.compartment) in await desk.loaded.occupied():
            # Loaded without a line, and headquarters has not heard of it yet.
            return Prepared({"refused": "occupied"})
        self._places[at.key] = place.grant
        return Prepared(
            {
                "custody": place.custody,
                "board": str(place.grant.board),
                "compartment": str(place.grant.compartment),
                "document": step.document,
            }
        )

    async def perform(self, step: TakeIn, at: At, before: Evidence, record: Recorder) -> Settled:
        desk = self._desk
        if "refused" in before:
            return _refused(at, before["refused"])
        grant, custody = self._places.pop(at.key), before["custody"]
        page = desk.pages.conversation(step.phase, at, finishing="finishing-taking-in")
        page.show(WorkingPage(WorkTopic.OPENING))
        books = CustodyRecord(custody, at.case, step.document, grant.board, grant.compartment, "expected")
        await desk.custody.record(books, step.number.text)
        opened = await self._doors.open(grant, record)
        match opened.door:
            case DoorState.CLOSED:
                await desk.custody.move(custody, "never-received")
                return _refused(at, opened.why, custody)
            case DoorState.UNKNOWN:
                await desk.custody.move(custody, "in-doubt")
                return _in_doubt(at, custody, "unknown")
            case DoorState.OPEN:
                return await self._wait_for_card(page, at, custody, grant, step.document)

    async def _wait_for_card(self, page: Conversation, at: At, custody: str, grant: Grant, document: str) -> Settled:
        desk = self._desk
        compartment = Compartment(grant.board, grant.compartment)
        shape = (grant.compartment, desk.cabinet.compartments, desk.cabinet.columns)
        still_open = PutInPage(DoorStage.STILL_OPEN, *shape, document)
        page.machine_rests()
        page.show(PutInPage(DoorStage.OPEN, *shape, document))
        keeps = False
        with desk.watch.waiting_for(Whose.CITIZEN):
            while True:
                seen = await self._doors.watch(page, compartment, still_open, "keep", "did-not-open")
                if isinstance(seen, Intent):
                    keeps = keeps or seen.action == "keep"
                    page.amend(still_open)
                    continue
                break
        if seen is Watched.LEFT_OPEN:
            await desk.custody.move(custody, "in-doubt")
            return _in_doubt(at, custody, "open")
        if keeps:
            await desk.custody.move(custody, "given-back")
            settled = Settled(EffectState.FAILED, GivenBack(), {"door": "closed", "custody": custody})
            return report(at, "take-in", settled)
        await desk.custody.move(custody, f"compartment-{grant.board}-{grant.compartment}")
        held = TakenIn(custody, grant.board, grant.compartment)
        evidence = {"door": "closed", "custody": custody, "certainty": Certainty.INFERRED.value}
        return report(at, "take-in", Settled(EffectState.DONE, held, evidence))

    async def settle(self, step: TakeIn, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """A lock board has no item sensor: once the door opened, only a person can say what lies behind it."""
        del step, before
        custody = await self._desk.custody.of_case(at.case)
        if "opening" not in stages or "not-opened" in stages:
            if custody:
                await self._desk.custody.move(custody, "never-received")
            return _refused(at, "interrupted", custody)
        if custody:
            await self._desk.custody.move(custody, "in-doubt")
        return _in_doubt(at, custody, "interrupted")


def _refused(at: At, why: str, custody: str = "") -> Settled:
    settled = Settled(EffectState.FAILED, TakeInRefused(why), {"why": why, "custody": custody})
    return report(at, "take-in", settled)


def _in_doubt(at: At, custody: str, door: str) -> Settled:
    settled = Settled(EffectState.IN_DOUBT, TakeInInDoubt(custody), {"door": door, "custody": custody})
    return report(at, "take-in", settled)
