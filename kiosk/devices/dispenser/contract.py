"""What a dispenser with a retain bin can do (XFS4IoT CardReader.Move between storage units, transport, exit).

One kind feeds the next card of a stack; the other takes a document out of the position it was loaded into, reads it
inside and only then holds it out. `capabilities` says which.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.id_reader.contract import CardRead
from kiosk.devices.words import Health
from kiosk.people.travel_document import ChipKey


class CardPlace(enum.Enum):
    """Where the sensors see a card: CardReader.Move's words for places, and "none" for no card in the unit."""

    NONE = "none"
    EXIT = "exit"
    TRANSPORT = "transport"
    JAMMED = "jammed"
    UNKNOWN = "unknown"


class Stock(enum.Enum):
    """A storage unit's replenishment status; for a bin, FULL means nothing more may go in."""

    OK = "ok"
    LOW = "low"
    EMPTY = "empty"
    FULL = "full"
    UNKNOWN = "unknown"
    NOT_SUPPORTED = "notSupported"


class Held(enum.Enum):
    """Whether a document lies at a position, as the unit's own sensor or count says."""

    PRESENT = "present"
    EMPTY = "empty"
    UNKNOWN = "unknown"


class Taken(enum.Enum):
    """What became of a presented card. TAKEN only when the sensor saw it at the gate and then saw it gone.

    GONE: it is neither at the gate nor counted into the bin, but nobody was listening when it went (inferred).
    RETAINED: the unit drew it back into its bin. LEFT: it is still there.
    """

    TAKEN = "taken"
    GONE = "gone"
    RETAINED = "retained"
    LEFT = "left"
    UNKNOWN = "unknown"


class AtInit(enum.Enum):
    """What initialising does with a card that is inside."""

    LEAVE = "leave"
    PRESENT = "present"
    RETAIN = "retain"


@dataclass(frozen=True, slots=True)
class DispenserCapabilities:
    """Static. `named_cards`: whether a particular card can be asked for, or only the next of the stack."""

    retains: bool
    named_cards: bool
    reads_chips: bool


@dataclass(frozen=True, slots=True)
class DispenserStatus:
    """Health, where a card is, what the stacker holds, and whether the bin can take one."""

    health: Health
    card: CardPlace
    stacker: Stock
    bin: Stock


@dataclass(frozen=True, slots=True)
class PresentPermit:
    """Says that handing out the staged card was authorised once: made by the counter from a verified grant."""

    grant: str


class Dispenser(Protocol):
    """Believes its sensors: no command succeeds because the unit said so, only because a card was seen to be there.

    Moving commands raise DeviceFault with codes mediaJam, empty, retainBinFull, noMedia, occupied, cardTooLong,
    cardTooShort, mediaUnverified. After a fault with acted=True ask `status` where the card is.
    """

    @property
    def capabilities(self) -> DispenserCapabilities: ...

    async def init(self, card: AtInit) -> str:
        """Initialise; the firmware's name. RETAIN raises retainBinFull unless the bin is known to have room."""
        ...

    async def status(self) -> DispenserStatus:
        """Raises nothing: silence is DeviceState.POWER_OFF with everything else unknown."""
        ...

    async def where(self) -> CardPlace:
        """Where a card is, asked of a unit that stands still. Raises DEVICE_NOT_READY."""
        ...

    async def holds(self, position: int) -> Held:
        """Whether a document lies at this position, from 1; nothing is moved. UNKNOWN without `named_cards`."""
        ...

    async def fetch(self, position: int) -> None:
        """Take the document of this position to where it can be read. Raises occupied, empty, UNSUPPORTED."""
        ...

    async def identity_card(self) -> CardRead:
        """Read the identity card at the reading place. Raises as IdReader.read does; UNSUPPORTED, noMedia."""
        ...

    async def chip_number(self, key: ChipKey) -> str:
        """The number the travel document at the reading place says of itself, read with what opens its chip.

        Raises accessDenied where it is another document, invalidMedia for no travel document, UNSUPPORTED, noMedia.
        """
        ...

    async def stage(self) -> None:
        """Feed the next card of the stack to the place where it can be read. Raises occupied when a card is in."""
        ...

    async def present(self, permit: PresentPermit) -> None:
        """Bring the staged card to the gate and hold it there.

        A permit is used once: a second use raises DeviceFault(AUTHORISATION_REQUIRED).
        """
        ...

    async def taken(self, *, seconds: float) -> Taken:
        """Watch the presented card until it is gone or the time is over."""
        ...

    async def retain(self) -> None:
        """Take the card in the unit into the bin. Raises retainBinFull unless the bin is known to have room."""
        ...

    async def clear(self) -> None:
        """Reset the mechanics: what is in the unit, jammed or not, goes into the bin as far as it can."""
        ...

    async def retained(self) -> int:
        """How many cards the unit has counted into its bin since the count was last set."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
