"""The dispenser of this world: finished documents in positions that have the numbers of compartments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from kiosk.people.exit_entry import TravelDocumentKind
from kiosk.people.synthetic import SyntheticPerson
from kiosk.people.synthetic_travel import OpenTravelCase
from kiosk.simulation.makers import Fault, Kind, Maker, Spot
from kiosk.simulation.state import Place, PlaceKind
from kiosk.simulation.travel_chip import TravelChip
from kiosk.simulation.travel_files import PASS, PASSPORT, made_for

BOARD = 1
"""Whose numbers the positions have."""
FETCH_SECONDS = 0.8
"""How long each movement of a document takes."""


class Cards(Protocol):
    """What the machine asks of the world it stands in."""

    def contents(self, board: int, compartment: int) -> tuple[str, ...]:
        """Ids of the documents of a compartment, or of the position with its number."""
        ...

    def put(self, card_id: str, place: Place) -> None:
        """A document is somewhere else now."""
        ...

    def visitor_index(self) -> int:
        """Who takes what is held out; -1 when nobody stands there."""
        ...


class Positions(Maker):
    """Its documents lie where the world says; this machine moves them."""

    def __init__(
        self,
        cards: Cards,
        ways: int,
        travel: dict[str, tuple[SyntheticPerson, OpenTravelCase]],
        random: Callable[[int], bytes],
        state: Path | None,
    ) -> None:
        super().__init__(Kind.POSITIONS, motion_seconds=FETCH_SECONDS, state=state)
        self._cards = cards
        self._ways = ways
        self._travel = travel
        self._random = random
        self.chip_of = self._chip

    @property
    def positions(self) -> int:
        """How many there are."""
        return self._ways

    def held(self, position: int) -> str:
        """See Maker.held."""
        return next(iter(self._cards.contents(BOARD, position)), "")

    def draw(self, position: int) -> str:
        """See Maker.draw."""
        document = self.held(position)
        if not document:
            raise LookupError("nothing lies at that position")
        self._cards.put(document, Place(kind=PlaceKind.DISPENSER))
        return document

    def at_reading_place(self) -> str | None:
        """The document that stands where it can be read."""
        item = self.inside.item
        return item.document if item is not None and self.inside.spot is Spot.TRANSPORT else None

    def take_out(self) -> str:
        """Take what is held out. Raises LookupError."""
        document = self.take().document
        self._cards.put(document, Place(kind=PlaceKind.HAND, person=self._cards.visitor_index()))
        return document

    def fault(self, name: str) -> None:
        """What goes wrong next. Raises ValueError."""
        self.faults.append(Fault(name))

    def describe(self) -> dict[str, Any]:
        """For whoever looks at the machine from outside."""
        inside = self.inside
        return {
            "spot": inside.spot.value,
            "inside": "" if inside.item is None else inside.item.document,
            "taken": [item.document for item in inside.hands],
            "bin": len(inside.bin),
        }

    def _into_bin(self) -> None:
        document = "" if self.inside.item is None else self.inside.item.document
        super()._into_bin()
        self._cards.put(document, Place(kind=PlaceKind.BIN))

    def _chip(self, document: str) -> TravelChip | None:
        found = self._travel.get(document)
        if found is None or found[1].finished is None:
            return None
        person, finished = found[0], found[1].finished
        form = PASSPORT if finished.kind is TravelDocumentKind.PASSPORT else PASS
        files = made_for(person, form, finished.number, finished.valid_to)
        return TravelChip(files.information, files.files, self._random)
