"""People's passes and the endorsement writer: who holds which pass, what lies in the machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from kiosk.people.exit_entry import TravelDocument, TravelDocumentKind
from kiosk.people.synthetic import Population, Situation, SyntheticPerson
from kiosk.people.synthetic_travel import travel_of
from kiosk.simulation.makers import Fault, Item, Maker, Spot
from kiosk.simulation.travel_chip import TravelChip
from kiosk.simulation.travel_files import PASS, made_for

MOTION_SECONDS = 0.3


class NoSuchPass(LookupError):
    """This person has no such pass in the hand."""


class Passes:
    """`random` gives a chip so many bytes for its challenge and its key."""

    def __init__(self, people: Population, maker: Maker, random: Callable[[int], bytes]) -> None:
        self.maker = maker
        self._random = random
        self._of: dict[int, tuple[TravelDocument, ...]] = {}
        self._whose: dict[str, tuple[SyntheticPerson, TravelDocument]] = {}
        seen: Counter[Situation] = Counter()
        for person in people.people:
            file = travel_of(person, people.key.as_of, seen[person.situation])
            seen[person.situation] += 1
            self._of[person.index] = file.documents
            self._whose |= {document.number: (person, document) for document in file.documents}
        maker.chip_of = self._chip

    def insert(self, person: SyntheticPerson, kind: TravelDocumentKind) -> str:
        """Hold one's pass into the slot. Raises NoSuchPass."""
        found, serial = self._in_hand(person, kind)
        # A booklet without a chip is pushed back.
        self.maker.offer(genuine=found.electronic, number=serial, document=found.number)
        return found.number

    def leave_inside(self, person: SyntheticPerson, kind: TravelDocumentKind) -> str:
        """Somebody with a key left a pass in the path. Raises NoSuchPass, also while another is there."""
        found, serial = self._in_hand(person, kind)
        if self.maker.inside.item is not None:
            raise NoSuchPass(kind.value)
        self.maker.inside.item, self.maker.inside.spot = Item(serial, document=found.number), Spot.TRANSPORT
        self.maker.changed("left-inside")
        return found.number

    def _in_hand(self, person: SyntheticPerson, kind: TravelDocumentKind) -> tuple[TravelDocument, int]:
        found = next((d for d in self._of[person.index] if d.kind is kind), None)
        serial = person.index * 10 + list(TravelDocumentKind).index(kind)
        if found is None or found.number in self._inside() or serial in self.maker.inside.bin:
            raise NoSuchPass(kind.value)
        return found, serial

    def take(self) -> str:
        """Take what stands at the exit. Raises LookupError."""
        return self.maker.take().document

    def withdraw(self) -> None:
        """Take the hand with the pass away from the slot."""
        self.maker.inside.offered = None
        self.maker.changed("withdrawn")

    def fault(self, name: str) -> None:
        """What goes wrong next. Raises ValueError."""
        self.maker.faults.append(Fault(name))

    def describe(self) -> dict[str, Any]:
        """For whoever looks at the machine from outside."""
        inside = self.maker.inside
        item = inside.item
        return {
            "spot": inside.spot.value,
            "offered": "" if inside.offered is None else inside.offered.document,
            "inside": "" if item is None else item.document,
            "face": {} if item is None else dict(item.face),
            "taken": [one.document for one in inside.hands],
            "faces_taken": [dict(one.face) for one in inside.hands],
            "bin": len(inside.bin),
        }

    def _inside(self) -> set[str]:
        inside = self.maker.inside
        return {one.document for one in (inside.item, inside.offered) if one is not None}

    def _chip(self, document: str) -> TravelChip | None:
        found = self._whose.get(document)
        if found is None:
            return None
        person, held = found
        files = made_for(person, PASS, held.number, held.valid_to)
        return TravelChip(files.information, files.files, self._random)
