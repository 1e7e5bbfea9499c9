"""Carries out the freeing of a stuck door, and the trying of a lock on a compartment that is surely empty.

A loaded compartment is never opened by the machine here (rule 11): people open it with the cabinet's own key, and the
contact of its door says the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kiosk.counter.compartments import Doors
from kiosk.counter.desk import Desk
from kiosk.counter.pages import Conversation
from kiosk.counter.technician.cabinet import felt, fetched
from kiosk.counter.technician.upkeep import Due, place_of
from kiosk.devices.locker.contract import Compartment, DoorState, ItemState, OpenPermit
from kiosk.devices.words import DeviceFault
from kiosk.flows.effects import Certainty, EffectState
from kiosk.flows.performing import At, Evidence, Leave, Prepared, Recorder, Settled
from kiosk.flows.steps import StepKind
from kiosk.maintenance.doors import DoorFree, DoorFreeInDoubt, DoorStays, FreeDoor
from kiosk.maintenance.faults import DOOR_STUCK, Ends, Move, fault_of
from kiosk.screens.stage import Intent
from kiosk.screens.states import ChoosePage, MendPage, WorkingPage, WorkTopic
from kiosk.store.failures import StoreFailure
from kiosk.store.loaded import LoadedPlace

STILL_THERE, NOT_THERE = "still-there", "not-there"


async def free_by_headquarters(desk: Desk) -> frozenset[tuple[int, int]]:
    """Compartments headquarters knows to be empty, by a fresh list or the last one; none where there is neither.

    An older list serves too: whatever came in since came in here, and stands on this machine's own books.
    """
    listed = await fetched(desk)
    if listed is None:
        text = await desk.loaded.kept_list()
        listed = desk.headquarters.kept_list(text) if text else None
    return frozenset() if listed is None else frozenset(listed.free)


async def surely_empty(desk: Desk, door: Compartment, free: frozenset[tuple[int, int]]) -> bool:
    """By both books and what the compartment feels: no document can lie behind it. `free`: headquarters' word."""
    place = (door.board, door.lock)
    if place not in free or place in desk.kept_shut or place in await desk.loaded.occupied():
        return False
    return await felt(desk, door) is not ItemState.PRESENT


async def try_lock(desk: Desk, door: Compartment, who: str) -> DoorState:
    """One pulse for a door that is `surely_empty`, on the audit trail first; what its contact says afterwards."""
    await desk.audit.write("door-tried", "", {"who": who, "place": place_of(door)})
    permit = OpenPermit(f"maintenance/{desk.ids.nonce()}", door)
    try:
        return await desk.use_device(desk.locker.open(permit), desk.durations.lock)
    except (DeviceFault, TimeoutError):
        return DoorState.UNKNOWN


@dataclass(frozen=True, slots=True)
class Behind:
    """A document the books have behind a door: finished, or handed in."""

    item: str
    handed_in: str = ""
    """Its custody number, where it was handed in."""


FindBehind = Callable[[Compartment], Awaitable[tuple[Behind, ...]]]


class FreeDoorDesk:
    """柜门卡住."""

    def __init__(self, desk: Desk, behind: FindBehind) -> None:
        self._desk = desk
        self._behind = behind
        self._doors = Doors(desk)

    async def prepare(self, step: FreeDoor, at: At) -> Prepared:
        items = ",".join(one.item for one in await self._behind(_door(step)))
        return Prepared({"place": step.place, "items": items, "who": ",".join(at.opening.staff)})

    async def perform(self, step: FreeDoor, at: At, before: Evidence, record: Recorder) -> Settled:
        door, opened = _door(step), asyncio.Event()
        page = self._desk.pages.conversation(step.phase, at)
        try:
            if not await self._seen_open(page, door, before, record):
                return _stays("cannot")
            opened.set()
            if not await self._seen_shut(page, door, record):
                return await self._unwatched(step, at, "cannot")
            there = await self._still_there(page, door, before)
        except Leave as leave:
            return await self._unwatched(step, at, leave.why) if opened.is_set() else _stays(leave.why)
        await self._desk.upkeep.mended(Due("locker", DOOR_STUCK, step.place), before["who"])
        if there:
            return Settled(EffectState.DONE, DoorFree(), {"door": "opened-and-shut"})
        item = await self._doubt(step, at)
        return Settled(EffectState.DONE, DoorFreeInDoubt(item), {"door": "opened-and-shut", "missing": item})

    async def _seen_open(self, page: Conversation, door: Compartment, before: Evidence, record: Recorder) -> bool:
        """False: they would rather not. An empty compartment is told to open each time they say it is free."""
        said = self._page(door, fault_of("locker", DOOR_STUCK).moves)
        page.show(said)
        while isinstance(got := await page.alongside(self._until(door, DoorState.OPEN), "done", "cannot"), Intent):
            if got.action == "cannot":
                return False
            free = await page.wait(free_by_headquarters(self._desk), WorkingPage(WorkTopic.ASKING_HEADQUARTERS))
            if await surely_empty(self._desk, door, free):
                _ = await try_lock(self._desk, door, before["who"])
            said = replace(said, asked=said.asked + 1)
            page.show(said)
        page.somebody_is_there()
        await record.stage("opened", {"door": "open"}, Certainty.SENSED)
        return True

    async def _seen_shut(self, page: Conversation, door: Compartment, record: Recorder) -> bool:
        said = self._page(door, (Move.CLOSE,))
        page.amend(said)
        while isinstance(got := await page.alongside(self._until(door, DoorState.CLOSED), "done", "cannot"), Intent):
            if got.action == "cannot":
                return False
            said = replace(said, asked=said.asked + 1)
            page.amend(said)
        page.somebody_is_there()
        await record.stage("closed", {"door": "closed"}, Certainty.SENSED)
        return True

    def _page(self, door: Compartment, moves: tuple[Move, ...]) -> MendPage:
        shape = (self._desk.cabinet.compartments, self._desk.cabinet.columns)
        defect = fault_of("locker", DOOR_STUCK).text
        return MendPage("locker", defect, tuple(m.value for m in moves), 0, Ends.DOOR.value, str(door.lock), shape)

    async def _until(self, door: Compartment, wanted: DoorState) -> None:
        while await self._doors.where(door) is not wanted:
            await asyncio.sleep(self._desk.durations.door_poll)

    async def _still_there(self, page: Conversation, door: Compartment, before: Evidence) -> bool:
        """Whether what the books have behind it is: felt, else both say so. Raises Leave."""
        if not before["items"]:
            return True
        match await felt(self._desk, door):
            case ItemState.PRESENT:
                return True
            case ItemState.NOT_PRESENT:
                return False
            case ItemState.UNKNOWN | ItemState.NOT_SUPPORTED:
                options = tuple((one, f"door-behind-{one}", "") for one in (STILL_THERE, NOT_THERE))
                page.show(ChoosePage("door-behind", options, ""))
                return (await page.answer("choose")).payload["id"] == STILL_THERE

    async def _unwatched(self, step: FreeDoor, at: At, why: str) -> Settled:
        """It stood open, and nobody saw what became of what lies behind it."""
        item = await self._doubt(step, at)
        return Settled(EffectState.FAILED, DoorStays(why), {"left": why, "missing": item})

    async def _doubt(self, step: FreeDoor, at: At) -> str:
        """What the books have there is in doubt from now on; the first of it, or ""."""
        desk, found = self._desk, await self._behind(_door(step))
        for one in found:
            if one.handed_in:
                try:
                    await desk.custody.move(one.handed_in, "in-doubt")
                except StoreFailure:
                    continue
            else:
                await desk.loaded.move(one.item, LoadedPlace.IN_DOUBT, at.case)
        return found[0].item if found else ""

    async def settle(self, step: FreeDoor, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """After a restart it is stuck as before; once it stood open nobody knows what lies behind it."""
        if "opened" not in stages or not before["items"]:
            return _stays("interrupted")
        door = _door(step)
        if await self._doors.where(door) is DoorState.CLOSED and await felt(self._desk, door) is ItemState.PRESENT:
            return _stays("interrupted")
        return await self._unwatched(step, at, "interrupted")


def _stays(why: str) -> Settled:
    return Settled(EffectState.FAILED, DoorStays(why), {"left": why})


def _door(step: FreeDoor) -> Compartment:
    board, _, lock = step.place.partition("-")
    return Compartment(int(board), int(lock))


def freers(desk: Desk, behind: FindBehind) -> Mapping[StepKind, Any]:
    """Performers of the steps about doors."""
    return {StepKind.FREE_DOOR: FreeDoorDesk(desk, behind)}
