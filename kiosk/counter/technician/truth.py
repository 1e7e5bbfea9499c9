"""How every device stands: the one truth that citizens, technicians and headquarters are told from.

Devices speak through the supervisor, what is held out of use through the board; what a device closes is what the
catalogue says needs it. How many days a supply lasts is reckoned from what was used since it was last counted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk.clock import Clock
from kiosk.counter.ports import Readiness, ServiceEntry
from kiosk.counter.technician.adjusting import AdjustedNow
from kiosk.counter.technician.upkeep import Due
from kiosk.devices.words import DeviceFault
from kiosk.maintenance.faults import AIM_OFF, COUNTED, DOOR_OPEN, fault_of
from kiosk.people.calibration import Adjusted, Validity
from kiosk.screens.states import DeviceRow, ServiceOpen, Standing

DAY_SECONDS = 86_400.0
LOOK_SECONDS = 0.1
UNKNOWN = "unknown"
_LOW = ("low", "out", "empty", "high", "jammed")
SUPPLY_SECONDS = 6.0
"""One device's word about what it holds."""


@dataclass(frozen=True, slots=True)
class DeviceWord:
    """A device as the supervisor tells of it: XFS's state, and its own word for what is wrong ("" for nothing)."""

    device: str
    state: str
    code: str
    detail: str = ""


class House(Readiness, Protocol):
    """kiosk.counter.readiness.Board."""

    def held(self, device_class: str) -> tuple[str, ...]:
        """Why a device is held out of use although it answers."""
        ...


class Counted(Protocol):
    """What is on the books of supplies: kiosk.store.staff.StaffBook."""

    async def counted(self, supply: str) -> Mapping[str, str]: ...

    async def papers_since(self, device: str, since: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the truth comes from. `supplies` asks a device what it holds, in its own words; may raise nothing.

    `look` has every device looked at anew and returns when all have been, or a deadline is over. `whole` is how many
    papers a whole roll, pack or cartridge is good for, by device and supply.
    """

    news: Callable[[], tuple[DeviceWord, ...]]
    nudge: Callable[[str], None]
    look: Callable[[], Awaitable[None]]
    supplies: Callable[[str], Awaitable[Mapping[str, str]]]
    whole: Mapping[str, int]
    adjusted: Callable[[], tuple[AdjustedNow, ...]] = tuple
    due: Callable[[str], Due | None] = lambda _: None
    """What needs a hand at a device that says it works."""


class Truth:
    """Tells how devices stand now, and since when."""

    def __init__(
        self,
        sources: Sources,
        house: House,
        catalogue: Mapping[str, ServiceEntry],
        book: Counted,
        clock: Clock,
    ) -> None:
        self._sources = sources
        self._house = house
        self._catalogue = catalogue
        self._book = book
        self._clock = clock
        self._since: dict[str, tuple[str, datetime]] = {}
        self._news = asyncio.Event()

    def heard(self, word: DeviceWord) -> None:
        """The supervisor's news: remembers since when it is so."""
        known = self._since.get(word.device)
        if known is None or known[0] != word.code:
            self._since[word.device] = (word.code, self._clock.now())
        self._news.set()

    async def changed(self) -> None:
        """Returns at the next news of any device, or at once when one was missed."""
        await self._news.wait()
        self._news.clear()

    def nudge(self, device: str) -> None:
        """Have it looked at now."""
        self._sources.nudge(device)

    async def look_at_all(self) -> None:
        """Have all looked at now; returns when they have been."""
        await self._sources.look()

    def fault(self, device: str) -> str:
        """What keeps a device from working, by its name; "" when nothing does. A device nobody fitted is noDevice."""
        word = next((w for w in self._sources.news() if w.device == device), None)
        if word is None:
            return "noDevice"
        held = self._house.held(device)
        if word.code:
            return word.code
        return held[0] if held else ""

    def due(self, device: str) -> Due | None:
        """What needs a hand there although it works; None for nothing."""
        return self._sources.due(device)

    def place(self, device: str, fault: str) -> str:
        """Where in the device, where it has many places: the numbers of doors that stand open; "" of any other."""
        if (device, fault) != ("locker", DOOR_OPEN):
            return ""
        said = [alarm.partition(":") for alarm in self._house.alarms()]
        return ", ".join(number for name, _, number in said if name == f"alarm-{DOOR_OPEN}")

    def works(self, device: str) -> bool:
        """Only the device says so; what is held out of use for another reason does not work either."""
        return self.fault(device) == "" and self._house.device(device) is ServiceOpen.OPEN

    async def supplies(self, device: str) -> Mapping[str, str]:
        """What a device says it holds, by supply; nothing where it cannot be asked."""
        try:
            async with asyncio.timeout(SUPPLY_SECONDS):
                return await self._sources.supplies(device)
        except (TimeoutError, DeviceFault):
            return {}

    async def rows(self) -> tuple[DeviceRow, ...]:
        """Every device, what keeps citizens from most first."""
        found = [await self._row(word) for word in self._sources.news()]
        found += [self._adjusted(one) for one in self._sources.adjusted() if one.stands is not Validity.HOLDS]
        order = {standing: place for place, standing in enumerate(Standing)}
        return tuple(sorted(found, key=lambda row: (order[row.standing], -len(row.closes))))

    def closed_by(self, device: str) -> tuple[str, ...]:
        """Services of this machine that need the device, while it does not work."""
        if self._house.device(device) is not ServiceOpen.CLOSED:
            return ()
        return tuple(e.code for e in self._catalogue.values() if e.enabled and device in e.needs)

    async def _row(self, word: DeviceWord) -> DeviceRow:
        fault = self.fault(word.device)
        left = tuple([await self._left(word.device, s, w) for s, w in (await self.supplies(word.device)).items()])
        if word.state == "starting":
            return DeviceRow(word.device, Standing.CHECKING)
        if fault:
            since = self._since.get(word.device)
            return DeviceRow(
                word.device,
                Standing.OUT,
                fault_of(word.device, fault).text,
                None if since is None else since[1],
                self.closed_by(word.device),
                left,
                self.place(word.device, fault),
            )
        due = self.due(word.device)
        if due is not None:
            closes = self.closed_by(Adjusted.CAMERA_AIM.need) if due.fault == AIM_OFF else ()
            standing = Standing.OUT if closes else Standing.LOW
            text = fault_of(due.device, due.fault).text
            return DeviceRow(word.device, standing, text, due.since, closes, left, due.place.rpartition("-")[2])
        low = any(state in _LOW for _, state, _ in left)
        return DeviceRow(word.device, Standing.LOW if low else Standing.WORKS, left=left)

    def _adjusted(self, one: AdjustedNow) -> DeviceRow:
        """What is adjusted on the spot and runs out, or has."""
        standing = Standing.LOW if one.stands is Validity.SOON else Standing.OUT
        need = one.what.need
        return DeviceRow(need, standing, f"calibration-{one.stands.value}", None, self.closed_by(need))

    def look_again(self) -> None:
        """Something other than a device's own word has changed."""
        self._news.set()

    async def _left(self, device: str, supply: str, state: str) -> tuple[str, str, int | None]:
        return supply, state, await self._days(device, supply)

    async def _days(self, device: str, supply: str) -> int | None:
        """Whole days, where the last count and a day's use are known."""
        name = f"{device}/{supply}"
        whole, counted = self._sources.whole.get(name), await self._book.counted(name)
        if whole is None or "at" not in counted:
            return None
        since = datetime.fromisoformat(counted["at"])
        days = (self._clock.now() - since).total_seconds() / DAY_SECONDS
        used = await self._book.papers_since(device, since)
        if days < 1.0 or used == 0:
            return None
        left = whole * SHARES.get(counted.get("after", ""), 0.0) - used
        return max(0, int(left / (used / days)))


SHARES: Mapping[str, float] = {"full": 1.0, "half": 0.5, "little": 0.1}
"""What a person's word at the count means, as a share of a whole one."""


def counted_in(device: str) -> tuple[str, ...]:
    """What can be exchanged in a device."""
    return COUNTED.get(device, ())
