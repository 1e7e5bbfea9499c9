"""In whose hands the machine is, after XFS VendorMode (CEN/XFS part 11): asked for, active, asked back, inactive.

A visit under way is never broken off: the machine is closed to whoever comes next, and changes hands when it is over.
That it is in a technician's hands is on disk: after a power cut nobody is served until it was handed back.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from kiosk.clock import Clock
from kiosk.counter.ports import Audit
from kiosk.people.staff import Staff

WHY = "maintenance"
"""Why the terminal is closed, as the page for citizens says it."""


class Mode(enum.Enum):
    """XFS's words."""

    INACTIVE = "inactive"
    ENTER_PENDING = "enterPending"
    ACTIVE = "active"
    EXIT_PENDING = "exitPending"


class House(Protocol):
    """What can be closed: kiosk.counter.readiness.Board."""

    def close_all(self, why: str) -> None: ...

    def open_again(self, why: str) -> None: ...


class Held(Protocol):
    """On disk: kiosk.store.staff.StaffBook."""

    async def held(self) -> Mapping[str, str]: ...

    async def hold(self, facts: Mapping[str, str], event: str, details: Mapping[str, str]) -> None: ...

    async def let_go(self, event: str, details: Mapping[str, str]) -> None: ...


class VendorMode:
    """Changes hands. `tell` sends the state to headquarters at once."""

    def __init__(self, house: House, book: Held, audit: Audit, clock: Clock, tell: Callable[[], None]) -> None:
        self._house = house
        self._book = book
        self._audit = audit
        self._clock = clock
        self._tell = tell
        self.mode = Mode.INACTIVE
        self.since: datetime | None = None
        """When it was taken out of service; None while citizens have it."""

    async def resume(self) -> None:
        """At start: what a power cut left in a technician's hands stays there."""
        kept = await self._book.held()
        if kept:
            self.mode = Mode.ENTER_PENDING
            self.since = datetime.fromisoformat(kept["since"])
            self._house.close_all(WHY)

    async def ask(self, way: str) -> None:
        """Nobody new is served from now on."""
        if self.mode is Mode.INACTIVE:
            self.mode = Mode.ENTER_PENDING
            self._house.close_all(WHY)
            await self._audit.write("maintenance-asked", "", {"way": way})

    async def withdraw(self) -> None:
        """Nobody signed in, and the key is turned back: citizens are served again. Not after a power cut."""
        if self.mode is Mode.ENTER_PENDING and self.since is None:
            self.mode = Mode.INACTIVE
            self._house.open_again(WHY)

    async def enter(self, staff: Staff, way: str) -> None:
        """Somebody signed in, and no visit is under way."""
        before = self.mode
        now = self._clock.now()
        self.since = self.since or now
        facts = {"since": self.since.isoformat(), "by": staff.number}
        details = {"who": staff.number, "role": staff.role.value, "way": way, "before": before.value}
        await self._book.hold(facts, "maintenance-entered", details)
        self.mode = Mode.ACTIVE
        self._house.close_all(WHY)
        self._tell()

    def leaving(self) -> None:
        """The machine proves itself before it changes hands."""
        self.mode = Mode.EXIT_PENDING

    def stays(self) -> None:
        """It does not change hands after all."""
        self.mode = Mode.ACTIVE

    async def leave(self, who: str, stays_out: tuple[str, ...], self_test: str) -> None:
        """Citizens have it again; what stays out stays out by its own state."""
        details = {
            "who": who,
            "after": Mode.INACTIVE.value,
            "stays-out": ",".join(stays_out),
            "self-test": self_test,
        }
        await self._book.let_go("maintenance-left", details)
        self.mode, self.since = Mode.INACTIVE, None
        self._house.open_again(WHY)
        self._tell()
