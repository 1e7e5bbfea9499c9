"""How an item travels: cards by the CardReader class, sheets and plates by the Printer class. No I/O.

Each names the commands that move it and says what statuses, storage units and events mean for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kiosk.devices.making import Place, Stock, Taken
from kiosk.devices.words import Supply
from kiosk.devices.xfs4iot.messages import Message, number, part, word

Ask = tuple[str, Mapping[str, Any]]
"""A command's name and payload."""

_PLACES = {
    "present": Place.TRANSPORT,
    "latched": Place.TRANSPORT,
    "entering": Place.EXIT,
    "notPresent": Place.NONE,
    "retracted": Place.NONE,
    "jammed": Place.JAMMED,
}
_POSITIONS = {
    "exit": Place.EXIT,
    "entering": Place.EXIT,
    "transport": Place.TRANSPORT,
    "present": Place.TRANSPORT,
    "jammed": Place.JAMMED,
    "expelled": Place.NONE,
}
_STOCKS = {stock.value: stock for stock in (Stock.OK, Stock.HIGH, Stock.LOW, Stock.EMPTY, Stock.FULL)}
_SUPPLIES = {supply.value: supply for supply in (Supply.FULL, Supply.LOW, Supply.OUT, Supply.JAMMED)}


@dataclass(frozen=True, slots=True)
class Units:
    """What the storage units say: blanks, bin, and how many items the bin holds (None where nobody counts)."""

    blanks: Stock
    bin: Stock
    retained: int | None


UNKNOWN_UNITS = Units(Stock.UNKNOWN, Stock.UNKNOWN, None)


class Carrier(Protocol):
    """One kind of item."""

    @property
    def interfaces(self) -> frozenset[str]:
        """The XFS4IoT classes a service of this kind has to offer."""
        ...

    def eject(self, place: Place) -> Ask:
        """From where the item is to the exit."""
        ...

    def retain(self, place: Place) -> Ask:
        """From where the item is into the bin."""
        ...

    @property
    def reset(self) -> Ask: ...

    @property
    def stage(self) -> Ask | None:
        """How a blank comes into the path; None: it does so by being printed."""
        ...

    def place(self, status: Mapping[str, Any]) -> Place | None:
        """Where a Status payload sees the item; None when it does not say (partial StatusChangedEvent)."""
        ...

    def units(self, storage: Mapping[str, Any], status: Mapping[str, Any]) -> Units: ...

    def event(self, message: Message) -> Taken | Place | None:
        """What an unsolicited event says of the item."""
        ...


def supply(of: Mapping[str, Any], name: str) -> Supply | None:
    """A supply's word; None when the status does not mention it."""
    if name not in of:
        return None
    return _SUPPLIES.get(word(of, name), Supply.UNKNOWN)


def _stock(status: Mapping[str, Any]) -> Stock:
    return _STOCKS.get(word(status, "replenishmentStatus"), Stock.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CardCarrier:
    """Cards: from a unit of type dispense or from the visitor, to the exit, into a unit of type retain."""

    blanks: str
    bin: str

    @property
    def interfaces(self) -> frozenset[str]:
        """See Carrier."""
        return frozenset({"Common", "CardReader", "Printer", "Storage"})

    def eject(self, place: Place) -> Ask:
        """See Carrier."""
        return "CardReader.Move", {"from": place.value, "to": "exit"}

    def retain(self, place: Place) -> Ask:
        """See Carrier."""
        return "CardReader.Move", {"from": place.value, "to": self.bin}

    @property
    def reset(self) -> Ask:
        """See Carrier."""
        return "CardReader.Reset", {"to": "retain", "storageId": self.bin}

    @property
    def stage(self) -> Ask | None:
        """See Carrier."""
        return ("CardReader.Move", {"from": self.blanks, "to": "transport"}) if self.blanks else None

    def place(self, status: Mapping[str, Any]) -> Place | None:
        """See Carrier."""
        said = part(status, "cardReader")
        return _PLACES.get(word(said, "media"), Place.UNKNOWN) if "media" in said else None

    def units(self, storage: Mapping[str, Any], status: Mapping[str, Any]) -> Units:  # noqa: ARG002 (the contract's)
        """See Carrier. A unit that is missing or broken is unknown: nothing is taken from it or put into it."""
        return Units(
            _unit(storage, self.blanks, "card")[0] if self.blanks else Stock.NOT_SUPPORTED,
            *_unit(storage, self.bin, "card"),
        )

    def event(self, message: Message) -> Taken | Place | None:
        """See Carrier."""
        match message.name:
            case "CardReader.MediaRemovedEvent":
                return Taken.TAKEN
            case "CardReader.CardActionEvent" if word(message.payload, "to").startswith("unit"):
                return Taken.RETAINED
            case "CardReader.MediaDetectedEvent":
                return _detected(word(message.payload, "position"))
            case "Common.StatusChangedEvent":
                return self.place(message.payload)
            case _:
                return None


@dataclass(frozen=True, slots=True)
class SheetCarrier:
    """Sheets and plates: from a paper source while being printed, to the exit, into the retract bin."""

    source: str
    bin: str

    @property
    def interfaces(self) -> frozenset[str]:
        """See Carrier."""
        return frozenset({"Common", "Printer", "Storage"})

    def eject(self, place: Place) -> Ask:  # noqa: ARG002 (the printer knows where its sheet is)
        """See Carrier."""
        return "Printer.ControlMedia", {"mediaControl": {"move": "eject"}}

    def retain(self, place: Place) -> Ask:  # noqa: ARG002 (the printer knows where its sheet is)
        """See Carrier."""
        return "Printer.RetractMedia", {"mediaControl": self.bin}

    @property
    def reset(self) -> Ask:
        """See Carrier."""
        return "Printer.Reset", {"mediaControl": self.bin}

    @property
    def stage(self) -> Ask | None:
        """See Carrier."""
        return None

    def place(self, status: Mapping[str, Any]) -> Place | None:
        """See Carrier."""
        said = part(status, "printer")
        return _PLACES.get(word(said, "media"), Place.UNKNOWN) if "media" in said else None

    def units(self, storage: Mapping[str, Any], status: Mapping[str, Any]) -> Units:
        """See Carrier."""
        paper = supply(part(part(status, "printer"), "paper"), self.source)
        blanks = {Supply.FULL: Stock.OK, Supply.LOW: Stock.LOW, Supply.OUT: Stock.EMPTY}.get(
            paper or Supply.UNKNOWN, Stock.UNKNOWN
        )
        return Units(blanks, *_unit(storage, self.bin, "printer"))

    def event(self, message: Message) -> Taken | Place | None:
        """See Carrier."""
        match message.name:
            case "Printer.MediaTakenEvent":
                return Taken.TAKEN
            case "Printer.MediaAutoRetractedEvent":
                result = word(message.payload, "result")
                return Taken.RETAINED if result.startswith("unit") else _detected(result)
            case "Printer.MediaDetectedEvent":
                position = word(message.payload, "position")
                return Taken.RETAINED if position.startswith("unit") else _detected(position)
            case "Common.StatusChangedEvent":
                return self.place(message.payload)
            case _:
                return None


def _detected(position: str) -> Place:
    return _POSITIONS.get(position, Place.UNKNOWN)


def _unit(storage: Mapping[str, Any], unit: str, kind: str) -> tuple[Stock, int | None]:
    """A unit's replenishment status and count: of a bin, how many items it holds."""
    said = part(part(storage, "storage"), unit)
    if word(said, "status") != "ok":
        return Stock.UNKNOWN, None
    status = part(part(said, kind), "status")
    return _stock(status), number(status, "count" if kind == "card" else "in")
