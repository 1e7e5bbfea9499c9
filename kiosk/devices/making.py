"""The words of machines that make or rewrite an item and hand it out: cards, licences, plates.

Words and facts of XFS4IoT's CardReader, Printer and Storage classes. Every item is in exactly one place at all times,
and the machine can always be asked which: after a connect, after a line lost amid a command, after its service died.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.devices.words import Health, Supply

MEDIA_JAM = "mediaJam"
EMPTY = "empty"
RETAIN_BIN_FULL = "retainBinFull"
NO_MEDIA = "noMedia"
OCCUPIED = "occupied"
INVALID_MEDIA = "invalidMedia"
UNVERIFIED = "mediaUnverified"
INK_OUT = "inkOut"
WRONG_DEVICE = "wrongDevice"
"""Another machine answers at this address than the settings name."""


class Place(enum.Enum):
    """Where the sensors see the item: CardReader.Move's words, and jammed. NONE: no item in the machine's path."""

    NONE = "none"
    EXIT = "exit"
    TRANSPORT = "transport"
    JAMMED = "jammed"
    UNKNOWN = "unknown"


class Stock(enum.Enum):
    """A storage unit's replenishment status; for a bin, FULL means nothing more may go in."""

    OK = "ok"
    HIGH = "high"
    LOW = "low"
    EMPTY = "empty"
    FULL = "full"
    UNKNOWN = "unknown"
    NOT_SUPPORTED = "notSupported"


class Taken(enum.Enum):
    """What became of a presented item.

    TAKEN: the sensor's event said so (sensed). GONE: it is neither at the exit nor counted into a bin, but nobody was
    listening when it went (inferred). RETAINED: the machine drew it back into a bin. LEFT: it is still there.
    """

    TAKEN = "taken"
    GONE = "gone"
    RETAINED = "retained"
    LEFT = "left"
    UNKNOWN = "unknown"


class Verdict(enum.Enum):
    """What reading an item back says of what should stand on it."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_SUPPORTED = "notSupported"


@dataclass(frozen=True, slots=True)
class MakerCapabilities:
    """Static. `verifies`: a print can be read back; `senses_taken`: a hand that takes is seen."""

    retains: bool
    verifies: bool
    senses_taken: bool
    reads_chips: bool


@dataclass(frozen=True, slots=True)
class MakerStatus:
    """Health, where an item is, the blanks, whether the bin can take one, how many it holds, the ribbon or ink."""

    health: Health
    place: Place
    blanks: Stock
    bin: Stock
    retained: int | None
    ribbon: Supply


@dataclass(frozen=True, slots=True)
class HandOutPermit:
    """Says that handing out this item was authorised once: made by the counter from a verified grant."""

    grant: str


@dataclass(frozen=True, slots=True)
class Face:
    """What stands on an item, by the form's field names; pictures as bytes of PNG. It names a person: never shown."""

    texts: Mapping[str, str] = field(repr=False)
    pictures: Mapping[str, bytes] = field(default_factory=dict[str, bytes], repr=False)


class HandsOut(Protocol):
    """What all of these machines have in common.

    Moving commands raise DeviceFault with codes mediaJam, empty, retainBinFull, noMedia, occupied, inkOut,
    mediaUnverified. After a fault with acted=True, and after every connect, ask `where` the item is.
    """

    @property
    def capabilities(self) -> MakerCapabilities: ...

    async def status(self) -> MakerStatus:
        """As the machine says now; while another command runs, what was last heard. Raises nothing."""
        ...

    async def where(self) -> Place:
        """Where the item is, asked of a machine that stands still. Raises DEVICE_NOT_READY."""
        ...

    async def present(self, permit: HandOutPermit) -> None:
        """Bring the item to the exit and hold it there.

        A permit is used once: a second use raises DeviceFault(AUTHORISATION_REQUIRED).
        """
        ...

    async def taken(self, *, seconds: float) -> Taken:
        """Watch the presented item until it is gone or the time is over. Raises SEQUENCE_ERROR without one."""
        ...

    async def retain(self) -> None:
        """Take the item into the bin, which must count it. Raises retainBinFull unless the bin has room."""
        ...

    async def clear(self) -> None:
        """Reset the mechanics: what is in the path, jammed or not, goes into the bin as far as it can."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...


class MakesItems(HandsOut, Protocol):
    """A machine with blanks of its own."""

    async def stage(self) -> None:
        """Take a blank from the stack into the path. Raises empty, occupied."""
        ...
