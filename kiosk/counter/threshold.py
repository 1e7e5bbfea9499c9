"""What the door's contact tells, made into what somebody has to know: who held it open, forced it, or came along."""

from __future__ import annotations

import asyncio
import enum
from collections import deque

from kiosk.devices.door.contract import DoorEvent


class Noticed(enum.Enum):
    """Something about the door that is told to whoever stands there, and to headquarters."""

    HELD = "held"
    """It stands open for longer than anybody needs."""
    TAIL_GATE = "tail-gate"
    """One release, and more than one came: opened a second time, or still passed through."""
    FORCED = "forced"
    """Opened without having been released."""
    FREED = "freed"
    """The fire input frees it; nobody is accused of anything."""

    @property
    def alarm(self) -> str:
        """The message key of its alarm."""
        return f"door-alarm-{self.value}"


class Threshold:
    """Counts openings since the last release. Belongs to the core's loop; `told` is the door's own callback."""

    def __init__(self) -> None:
        self.openings = 0
        """How often it was opened since the lock last let somebody in."""
        self.is_open = False
        self._followed = False
        self._noticed: deque[Noticed] = deque()
        self._changed = asyncio.Event()

    def released(self) -> None:
        """The lock lets one person in from now on."""
        self.openings = 0
        self._followed = False

    def told(self, event: DoorEvent) -> None:
        """See Door.watch."""
        match event:
            case DoorEvent.OPENED:
                self.is_open = True
                self.openings += 1
                if self.openings > 1:
                    self.followed()
            case DoorEvent.CLOSED:
                self.is_open = False
            case DoorEvent.FORCED:
                self.is_open = True
                self._noticed.append(Noticed.FORCED)
            case DoorEvent.HELD:
                self._noticed.append(Noticed.HELD)
            case DoorEvent.FREED:
                self._noticed.append(Noticed.FREED)
        self._changed.set()

    def followed(self) -> None:
        """Somebody came in on another's card; noticed once for each release."""
        if not self._followed:
            self._followed = True
            self._noticed.append(Noticed.TAIL_GATE)
            self._changed.set()

    def noticed(self) -> tuple[Noticed, ...]:
        """What is new; each is given out once."""
        found = tuple(self._noticed)
        self._noticed.clear()
        return found

    async def changed(self) -> None:
        """Returns at the next change, or at once when one was missed."""
        await self._changed.wait()
        self._changed.clear()
