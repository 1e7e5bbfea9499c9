"""What needs a hand although its device says that it works: dirt, a camera that looks beside, a door that is stuck.

What goes through is counted by the books, what cannot be read by whoever reads; a limit that is reached becomes a
mark. A mark is taken away only by what the device shows: see kiosk.maintenance.faults.Ends.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk.clock import Clock
from kiosk.devices.document_reader.contract import (
    INVALID_MEDIA,
    NO_ATR,
    DocumentRead,
    DocumentReader,
    DocumentReaderCapabilities,
)
from kiosk.devices.id_reader.contract import CardRead, IdReader
from kiosk.devices.locker.contract import Compartment
from kiosk.devices.words import Completion, DeviceFault, Health
from kiosk.maintenance.faults import AIM_OFF, DOOR_STUCK, ROLLERS_DIRTY, SURFACE_DIRTY
from kiosk.people.travel_document import ChipKey


class UpkeepMarks(Protocol):
    """What is on the books: kiosk.store.upkeep.UpkeepBook."""

    async def marks(self) -> Mapping[str, Mapping[str, str]]: ...

    async def mark(self, name: str, facts: Mapping[str, str], details: Mapping[str, str]) -> None: ...

    async def mended(self, name: str, facts: Mapping[str, str], details: Mapping[str, str]) -> None: ...

    async def last_mended(self, name: str) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class CleanedAfter:
    """Cleaning is due after so many; `of` 0: of what went through, else of the last `of` readings so many in vain."""

    after: int
    of: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """One mark. `place` is board-number of a door, "" of any other."""

    device: str
    fault: str
    place: str = ""
    since: datetime | None = None

    @property
    def name(self) -> str:
        """As the books and a task's opening have it."""
        return f"{self.device}/{self.fault}" + (f"/{self.place}" if self.place else "")


class Reading(enum.Enum):
    """How a document came off a reader."""

    READ = "read"
    IN_VAIN = "in-vain"
    """It lay there, nobody took it away, and nothing sensible was read: what dirt does."""


class Upkeep:
    """Belongs to the core's loop. `through` counts what went through a device since a moment (None: ever)."""

    def __init__(
        self,
        book: UpkeepMarks,
        rules: Mapping[str, CleanedAfter],
        through: Callable[[str, datetime | None], Awaitable[int]],
        clock: Clock,
    ) -> None:
        self._book = book
        self._rules = rules
        self._through = through
        self._clock = clock
        self._readings = {device: deque[Reading](maxlen=rule.of) for device, rule in rules.items() if rule.of}
        self._heard: Callable[[], None] = lambda: None
        self.due: tuple[Due, ...] = ()

    def tell(self, heard: Callable[[], None]) -> None:
        """Whoever shows it is told when something became due, or is over."""
        self._heard = heard

    async def look(self) -> None:
        """Count what went through, and read the marks anew."""
        for device, rule in self._rules.items():
            if rule.of:
                continue
            last = (await self._book.last_mended(f"{device}/{ROLLERS_DIRTY}")).get("at")
            many = await self._through(device, datetime.fromisoformat(last) if last else None)
            if many >= rule.after:
                await self._mark(Due(device, ROLLERS_DIRTY), str(many))
        await self._know()

    async def read(self, device: str, how: Reading) -> None:
        """A document lay on a reader."""
        readings = self._readings.get(device)
        if readings is None:
            return
        readings.append(how)
        vain = sum(one is Reading.IN_VAIN for one in readings)
        if how is Reading.IN_VAIN and vain >= self._rules[device].after:
            await self._mark(Due(device, SURFACE_DIRTY), f"{vain}/{len(readings)}")
            await self._know()

    async def door_stuck(self, door: Compartment) -> None:
        """It was told to open, and its contact says that it is shut."""
        await self._mark(Due("locker", DOOR_STUCK, place_of(door)), "")
        await self._know()

    async def aim_off(self, value: str) -> None:
        """The camera was measured, and looks so far beside."""
        await self._mark(Due("camera", AIM_OFF), value)
        await self._know()

    def of(self, device: str) -> Due | None:
        """What is due first at a device."""
        return next((one for one in self.due if one.device == device), None)

    def has(self, device: str, fault: str, place: str = "") -> bool:
        """Whether it is still due."""
        return any((one.device, one.fault, one.place) == (device, fault, place) for one in self.due)

    @property
    def stuck(self) -> frozenset[str]:
        """Places of doors that are."""
        return frozenset(one.place for one in self.due if one.fault == DOOR_STUCK)

    async def mended(self, due: Due, who: str) -> None:
        """The device showed that it is over."""
        facts = {"at": self._clock.now().isoformat(), "by": who}
        details = {"who": who, "device": due.device, "fault": due.fault, "place": due.place}
        await self._book.mended(due.name, facts, details)
        if due.fault == SURFACE_DIRTY and due.device in self._readings:
            self._readings[due.device].clear()
        await self._know()

    async def _mark(self, due: Due, value: str) -> None:
        if self.has(due.device, due.fault, due.place):
            return
        details = {"device": due.device, "fault": due.fault, "place": due.place, "value": value}
        await self._book.mark(due.name, {"since": self._clock.now().isoformat()}, details)

    async def _know(self) -> None:
        found = tuple(_due(name, facts) for name, facts in (await self._book.marks()).items())
        if found != self.due:
            self.due = found
            self._heard()


def place_of(door: Compartment) -> str:
    """1-7: board and number."""
    return f"{door.board}-{door.lock}"


def _due(name: str, facts: Mapping[str, str]) -> Due:
    device, fault, *place = name.split("/")
    since = facts.get("since")
    return Due(device, fault, place[0] if place else "", datetime.fromisoformat(since) if since else None)


class WatchedIdReader:
    """A reader of identity cards whose readings are counted; it is an IdReader."""

    def __init__(self, reader: IdReader, upkeep: Upkeep) -> None:
        self._reader = reader
        self._upkeep = upkeep

    async def read(self, *, seconds: float, card_seen: Callable[[], None] | None = None) -> CardRead:
        """See IdReader. A card that was pulled, and one that is not authentic, say nothing of dirt."""
        try:
            found = await self._reader.read(seconds=seconds, card_seen=card_seen)
        except DeviceFault as fault:
            if fault.completion is Completion.COMMAND_ERROR and fault.code == INVALID_MEDIA:
                await self._upkeep.read("id-reader", Reading.IN_VAIN)
            raise
        await self._upkeep.read("id-reader", Reading.READ)
        return found

    async def additional_address(self) -> str:
        """See IdReader."""
        return await self._reader.additional_address()

    async def health(self) -> Health:
        """See IdReader."""
        return await self._reader.health()

    async def sam_id(self) -> str:
        """See IdReader."""
        return await self._reader.sam_id()

    async def reset(self) -> None:
        """See IdReader."""
        await self._reader.reset()

    async def close(self) -> None:
        """See IdReader."""
        await self._reader.close()


class WatchedDocumentReader:
    """A reader of travel documents whose readings are counted; it is a DocumentReader."""

    def __init__(self, reader: DocumentReader, upkeep: Upkeep) -> None:
        self._reader = reader
        self._upkeep = upkeep

    @property
    def capabilities(self) -> DocumentReaderCapabilities:
        """See DocumentReader."""
        return self._reader.capabilities

    async def read(
        self, key: ChipKey, *, seconds: float, document_seen: Callable[[], None] | None = None
    ) -> DocumentRead:
        """See DocumentReader. A chip that answers to another key was reached all the same."""
        try:
            found = await self._reader.read(key, seconds=seconds, document_seen=document_seen)
        except DeviceFault as fault:
            if fault.completion is Completion.COMMAND_ERROR and fault.code in (INVALID_MEDIA, NO_ATR):
                await self._upkeep.read("document-reader", Reading.IN_VAIN)
            raise
        await self._upkeep.read("document-reader", Reading.READ)
        return found

    async def health(self) -> Health:
        """See DocumentReader."""
        return await self._reader.health()

    async def close(self) -> None:
        """See DocumentReader."""
        await self._reader.close()
