"""A door with a magnet: an LCUS board's relay lets people in; handle, fire loop and power cut let everybody out.

    A0 channel state check      the check is the low byte of the sum of the three before

The magnet's current runs through the fire loop, the inside handle's contact and the relay's normally closed contact,
one after the other: whatever opens the circuit frees the door, and no program can close what another has opened.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.simulation.wires import Wire

_HEAD = 0xA0
_FRAME = 4


def _nobody() -> None:
    return


class Loop(enum.Enum):
    """A part of the magnet's circuit."""

    CLOSED = "closed"
    OPEN = "open"


@dataclass
class Magnet:
    """What holds the door. `relay` is of the channel the door hangs on; open is energised."""

    mains: Loop = Loop.CLOSED
    fire: Loop = Loop.CLOSED
    handle: Loop = Loop.CLOSED
    relay: Loop = Loop.CLOSED

    @property
    def free(self) -> bool:
        """Whether the door can be pushed open."""
        return Loop.OPEN in (self.mains, self.fire, self.handle, self.relay)


@dataclass
class DoorBoard:
    """The relay board, silent as most are; a frame that is none is dropped byte by byte."""

    channel: int = 1
    magnet: Magnet = field(default_factory=Magnet)
    told: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    switched: Callable[[], None] = _nobody
    """Called when the relay of the door has been told something."""

    async def run(self, wire: Wire) -> None:
        """Serve one plugging-in; ends with WireGone. Relays keep their state without a line, not without power."""
        pending = bytearray()
        while True:
            pending += await wire.read(64)
            while len(pending) >= _FRAME:
                head, channel, state, check = pending[:_FRAME]
                if head != _HEAD or state > 1 or check != (head + channel + state) & 0xFF:
                    del pending[0]
                    continue
                del pending[:_FRAME]
                self.told.append((channel, state))
                if channel == self.channel:
                    self.magnet.relay = Loop.OPEN if state else Loop.CLOSED
                    self.switched()
