"""The world's own rules: who stands where, which card lies where, what is shut, what is broken.

Plain and synchronous: every command changes the state, saves it, and only then wakes those who wait for a change.
Simulators ask and tell the scene; they keep nothing that should survive them.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kiosk.people.records import FinishedCard, Ground
from kiosk.people.synthetic import (
    HERE,
    CardStage,
    Finger,
    NewCard,
    Population,
    PopulationKey,
    Situation,
    SyntheticPerson,
    population,
)
from kiosk.people.synthetic_travel import WITH_A_FINISHED_DOCUMENT, OpenTravelCase, travel_of
from kiosk.simulation.makers import Kind, Maker
from kiosk.simulation.passes import MOTION_SECONDS, Passes
from kiosk.simulation.positions import BOARD, Positions
from kiosk.simulation.state import (
    AS_USUAL,
    FAULTS,
    ONCE,
    Board,
    Device,
    Fault,
    FaultKind,
    HelpHeld,
    KeyTurned,
    MadeCard,
    Move,
    Network,
    Paper,
    Payment,
    Place,
    PlaceKind,
    Stance,
    Store,
    Touch,
    WorldState,
)

PLATE_SECONDS = 0.8
"""How long each movement of a sheet takes in the plate printer."""
ROLL_FULL_MM = 50_000.0
ROLL_NEAR_END_MM = 3_000.0


class Impossible(Exception):
    """What was asked for cannot be done in this world now; the text says why, without personal data."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A card as the reader meets it."""

    card_id: str
    kind: str
    person: SyntheticPerson


OWN, NEW, FOREIGN, DAMAGED, COUNTERFEIT = "own", "new", "foreign", "damaged", "counterfeit"
OLD_TRAVEL = "oldtravel"
_PROPS = (FOREIGN, DAMAGED, COUNTERFEIT, OLD_TRAVEL)
"""Cards everybody carries for trying: no identity card, one whose chip cannot be read, one that is not authentic; and
their old passport or pass, which to the reader of identity cards is no identity card.
"""


def _finished_travel_documents(people: Population) -> dict[str, tuple[SyntheticPerson, OpenTravelCase]]:
    """Finished passports and passes by their id."""
    seen: Counter[Situation] = Counter()
    found: dict[str, tuple[SyntheticPerson, OpenTravelCase]] = {}
    for person in people.people:
        nth = seen[person.situation]
        seen[person.situation] += 1
        if person.situation in WITH_A_FINISHED_DOCUMENT:
            case = travel_of(person, people.key.as_of, nth).case
            if case is not None:
                found[case.item] = (person, case)
    return found


class Scene:
    """State, people, and the rules between them. Everything runs on one event loop."""

    def __init__(
        self,
        state: WorldState,
        store: Store,
        writer: Path | None = None,
        plates: Path | None = None,
        dispenser: Path | None = None,
    ) -> None:
        self.state = state
        self.people: Population = population(PopulationKey(state.seed, state.as_of))
        self._store = store
        self._waiting: list[asyncio.Future[None]] = []
        self._listeners: list[Callable[[], None]] = []
        machine = Maker(Kind.VISITORS_CARD, motion_seconds=MOTION_SECONDS, state=writer)
        self.passes = Passes(self.people, machine, random.Random(f"{state.seed} chips").randbytes)
        machine.listeners.append(lambda _what: self.changed())
        self._new_cards = {p.new_card.record.item: p for p in self.people.people if p.new_card}
        self.plates = Maker(Kind.SHEETS, motion_seconds=PLATE_SECONDS, state=plates)
        self.plates.listeners.append(lambda _what: self.changed())
        self._travel = _finished_travel_documents(self.people)
        chance = random.Random(f"{state.seed} documents").randbytes
        self.dispenser = Positions(self, state.boards[0].ways, self._travel, chance, dispenser)
        self.dispenser.listeners.append(lambda _what: self.changed())
        self._new_cards |= {made.item: self._with_card(made) for made in state.made}
        store.save(state)

    # -- change ----------------------------------------------------------------------------------------------------

    def changed(self) -> None:
        """Save, then wake whoever waits. To be called after every change of the state."""
        self._store.save(self.state)
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)
        for listener in tuple(self._listeners):
            listener()

    async def next_change(self) -> None:
        """Until anything changes; the caller sets the deadline."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future

    async def until(self, condition: Callable[[], bool]) -> None:
        """Until a condition on the state holds; the caller sets the deadline."""
        while not condition():
            await self.next_change()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after every change; the result stops that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # -- people ----------------------------------------------------------------------------------------------------

    @property
    def visitor(self) -> SyntheticPerson | None:
        """Who stands there."""
        return None if self.state.person is None else self.people.people[self.state.person]

    def require_visitor(self) -> SyntheticPerson:
        """Who stands there. Raises Impossible when nobody does."""
        visitor = self.visitor
        if visitor is None:
            raise Impossible("nobody stands there")
        return visitor

    def person(self, citizen: str | int) -> SyntheticPerson:
        """By index, or by number. Raises Impossible."""
        text = str(citizen)
        if len(text) < 6 and text.isdigit() and int(text) < len(self.people.people):
            return self.people.people[int(text)]
        found = self.people.by_number(text.upper())
        if found is None:
            raise Impossible("nobody in this world has that index or number")
        return found

    def find(self, situation: Situation, nth: int) -> SyntheticPerson:
        """The nth person in a situation. Raises Impossible."""
        try:
            return self.people.find(situation, nth)
        except IndexError:
            raise Impossible("there are not that many people in this situation") from None

    def person_arrives(self, person: SyntheticPerson) -> None:
        """Somebody steps in front of the terminal, and whoever stood there leaves."""
        self.state.person = person.index
        self.state.stance = AS_USUAL
        self.state.finger = None
        self.state.move = Move.NONE
        self.state.tones = []
        self.changed()

    def person_leaves(self) -> None:
        """Whatever lies on the reader or in a compartment stays there."""
        self.state.person = None
        self.state.finger = None
        self.state.move = Move.NONE
        self.changed()

    def move(self, move: Move) -> None:
        """Begin to move the head so, or stand still again. Raises Impossible when nobody stands there."""
        if move is not Move.NONE:
            _ = self.require_visitor()
        self.state.move = move
        self.changed()

    def stand(self, *, up: float, nearer: float) -> Stance:
        """Move by so much, as far as anybody can. Raises Impossible when nobody stands there."""
        self.require_visitor()
        now = self.state.stance
        self.state.stance = Stance(
            up=round(min(0.3, max(-0.3, now.up + up)), 4), nearer=round(min(0.3, max(-0.6, now.nearer + nearer)), 4)
        )
        self.changed()
        return self.state.stance

    def calibrate_booth(self, on: date) -> None:
        """Somebody from the maker was there with their instruments."""
        self.state.booth_calibrated = on
        self.changed()

    def stand_gauge(self, millimetres: int | None) -> None:
        """A gauge is stood under the booth's height sensor, or taken away again (None)."""
        self.state.gauge_mm = millimetres
        self.changed()

    def touch_finger(self, finger: Finger, owner: SyntheticPerson) -> None:
        """A finger is laid on the sensor and stays until it has been read."""
        self.state.touches += 1
        self.state.finger = Touch(person=owner.index, finger=finger, nonce=str(self.state.touches))
        self.changed()

    # -- cards -----------------------------------------------------------------------------------------------------

    def chip(self, card_id: str) -> Chip:
        """What a card is. Raises Impossible for an id no card has."""
        if card_id in self._new_cards:
            return Chip(card_id, NEW, self._new_cards[card_id])
        if card_id in self._travel:
            return Chip(card_id, FOREIGN, self._travel[card_id][0])
        kind, _, index = card_id.partition("-")
        if kind == OLD_TRAVEL and index.isdigit() and int(index) < len(self.people.people):
            return Chip(card_id, FOREIGN, self.people.people[int(index)])
        if kind in (OWN, *_PROPS) and index.isdigit() and int(index) < len(self.people.people):
            return Chip(card_id, kind, self.people.people[int(index)])
        raise Impossible("there is no such card")

    def card_id(self, card: str, person: SyntheticPerson) -> str:
        """The id behind own, new, foreign, damaged, counterfeit (of this person), or the id itself."""
        if card == NEW:
            mine = [item for item, holder in self._new_cards.items() if holder.index == person.index]
            if not mine:
                raise Impossible("no new card was made for this person")
            return mine[-1]
        return f"{card}-{person.index:04d}" if card in (OWN, *_PROPS) else card

    def place(self, card_id: str) -> Place:
        """Where a card is. Raises Impossible for an id no card has."""
        if card_id in self.state.cards:
            return self.state.cards[card_id]
        if card_id in self._travel:
            compartment = self._travel[card_id][1].compartment
            if compartment:
                return Place(kind=PlaceKind.COMPARTMENT, board=1, compartment=compartment)
            return Place(kind=PlaceKind.ELSEWHERE)
        chip = self.chip(card_id)
        person = chip.person
        if chip.kind == NEW:
            record = person.new_card.record if person.new_card else None
            if record is not None and record.board:
                return Place(kind=PlaceKind.COMPARTMENT, board=record.board, compartment=record.compartment)
            return Place(kind=PlaceKind.ELSEWHERE)
        if chip.kind == OWN and not person.holds_card:
            return Place(kind=PlaceKind.ELSEWHERE)
        return Place(kind=PlaceKind.HAND, person=person.index)

    def card_on_reader(self) -> Chip | None:
        """The card that lies on the reader."""
        for card_id, place in self.state.cards.items():
            if place.kind is PlaceKind.READER:
                return self.chip(card_id)
        return None

    def lay_card(self, card: str) -> str:
        """Lay a card from somebody's hand on the reader. Raises Impossible."""
        card_id = self.card_id(card, self.require_visitor())
        if self.card_on_reader() is not None:
            raise Impossible("a card lies on the reader already")
        if self.place(card_id).kind is not PlaceKind.HAND:
            raise Impossible("that card is in nobody's hand")
        self.state.cards[card_id] = Place(kind=PlaceKind.READER)
        self.state.card_was_read = False
        self.changed()
        return card_id

    def take_card(self) -> str:
        """Take the card off the reader. Raises Impossible."""
        chip = self.card_on_reader()
        if chip is None:
            raise Impossible("no card lies on the reader")
        holder = self.visitor or chip.person
        self.state.cards[chip.card_id] = Place(kind=PlaceKind.HAND, person=holder.index)
        self.state.card_was_read = False
        self.changed()
        return chip.card_id

    @property
    def travel_documents(self) -> set[str]:
        """Ids of finished passports and passes."""
        return set(self._travel)

    def hear(self, ear: str) -> None:
        """A tone sounded in one ear of whoever wears the headset."""
        self.state.tones.append(ear)
        self.changed()

    # -- the door of the zone ---------------------------------------------------------------------------------------

    def free_entrance(self, *, free: bool) -> None:
        """The magnet lets go, or holds again; an open door stays open."""
        if free != self.state.entrance_free:
            self.state.entrance_free = free
            self.changed()

    def turn_key(self, to: KeyTurned) -> None:
        """Turn the technician's key in the cabinet."""
        self.state.key = to
        self.changed()

    def hold_help(self, held: HelpHeld) -> None:
        """Press the help button, or let it go."""
        self.state.help = held
        self.changed()

    def push_entrance(self) -> None:
        """Push the door from outside. Raises Impossible while it is locked."""
        if self.state.entrance_open:
            raise Impossible("the door stands open already")
        if not self.state.entrance_free:
            raise Impossible("the door is locked")
        self.state.entrance_open = True
        self.changed()

    def leave_by_entrance(self) -> None:
        """By the handle from inside: always possible, whatever any program does."""
        self.state.entrance_open = True
        self.changed()

    def shut_entrance(self) -> None:
        """Raises Impossible."""
        if not self.state.entrance_open:
            raise Impossible("the door is shut already")
        self.state.entrance_open = False
        self.changed()

    # -- compartments ----------------------------------------------------------------------------------------------

    def board(self, address: int) -> Board | None:
        """The board with an address."""
        return next((board for board in self.state.boards if board.address == address), None)

    def _require(self, board: int, compartment: int) -> None:
        found = self.board(board)
        if found is None or not 1 <= compartment <= found.ways:
            raise Impossible("there is no such compartment")

    def is_open(self, board: int, compartment: int) -> bool:
        """Whether a door stands open."""
        return (board, compartment) in self.state.open_doors

    def pulse(self, board: int, compartment: int) -> None:
        """The lock of a door gets its opening pulse: the door springs open unless the bolt is stuck."""
        name = f"{board}:{compartment}"
        self.state.pulses[name] = self.state.pulses.get(name, 0) + 1
        stuck = self.find_fault(Device.LOCKER, FaultKind.STUCK, board, compartment)
        if stuck is None and not self.is_open(board, compartment):
            self.state.open_doors.append((board, compartment))
        self.changed()

    def load_card(self, made: MadeCard, board: int, compartment: int) -> None:
        """Staff lay a finished card into an empty compartment and shut it. Raises Impossible."""
        self._require(board, compartment)
        if made.item in self._new_cards:
            raise Impossible("that card exists already")
        if self.contents(board, compartment):
            raise Impossible("that compartment is not empty")
        self._new_cards[made.item] = self._with_card(made)
        self.state.made.append(made)
        self.state.cards[made.item] = Place(kind=PlaceKind.COMPARTMENT, board=board, compartment=compartment)
        self.changed()

    def deliver(self, card: str) -> str:
        """A finished document comes in a box to whoever stands there, wherever it lay. Raises Impossible."""
        holder = self.require_visitor()
        _ = self.chip(card)
        self.state.cards[card] = Place(kind=PlaceKind.HAND, person=holder.index)
        self.changed()
        return card

    def _with_card(self, made: MadeCard) -> SyntheticPerson:
        """The person with what the new card says of them."""
        person = self.people.people[made.person]
        card = replace(person.card, authority=made.authority, valid_from=made.issue_date, valid_to=made.valid_to)
        record = FinishedCard(
            item=made.item,
            case_number=made.case_number,
            board=0,
            compartment=0,
            ground=Ground(made.ground),
            issue_date=made.issue_date,
            valid_to=made.valid_to,
            authority=made.authority,
        )
        return replace(person, new_card=NewCard(CardStage.WAITING, HERE, card, record))

    def door_close(self, board: int, compartment: int) -> None:
        """Push a door shut. Raises Impossible."""
        self._require(board, compartment)
        if not self.is_open(board, compartment):
            raise Impossible("that door is shut already")
        self.state.open_doors.remove((board, compartment))
        self.changed()

    def contents(self, board: int, compartment: int) -> tuple[str, ...]:
        """Ids of the cards in a compartment."""
        here = Place(kind=PlaceKind.COMPARTMENT, board=board, compartment=compartment)
        moved = tuple(card_id for card_id, place in self.state.cards.items() if place == here)
        made = (*self._new_cards, *self._travel)
        first = tuple(item for item in made if item not in self.state.cards and self.place(item) == here)
        return moved + first

    def put(self, card_id: str, place: Place) -> None:
        """A machine, or who loads it, has moved a document."""
        self.state.cards[card_id] = place
        self.changed()

    def visitor_index(self) -> int:
        """Who stands there; -1 for nobody."""
        return -1 if self.state.person is None else self.state.person

    def swap(self, one: int, other: int) -> None:
        """Whoever loaded the cabinet laid two documents into each other's places. Raises Impossible."""
        first, second = self.contents(BOARD, one), self.contents(BOARD, other)
        if not first or not second:
            raise Impossible("one of the two places is empty")
        for card_id, number in ((first[0], other), (second[0], one)):
            self.put(card_id, Place(kind=PlaceKind.COMPARTMENT, board=BOARD, compartment=number))

    def put_in(self, board: int, compartment: int, card: str) -> str:
        """Lay a card from the hand, or from the reader, into an open compartment. Raises Impossible."""
        self._require(board, compartment)
        card_id = self.card_id(card, self.require_visitor())
        if not self.is_open(board, compartment):
            raise Impossible("that door is shut")
        if self.place(card_id).kind not in (PlaceKind.HAND, PlaceKind.READER):
            raise Impossible("that card is in nobody's hand")
        self.state.cards[card_id] = Place(kind=PlaceKind.COMPARTMENT, board=board, compartment=compartment)
        self.changed()
        return card_id

    def take_out(self, board: int, compartment: int) -> tuple[str, ...]:
        """Take everything out of an open compartment. Raises Impossible."""
        self._require(board, compartment)
        visitor = self.require_visitor()
        if not self.is_open(board, compartment):
            raise Impossible("that door is shut")
        cards = self.contents(board, compartment)
        if not cards:
            raise Impossible("that compartment is empty")
        for card_id in cards:
            self.state.cards[card_id] = Place(kind=PlaceKind.HAND, person=visitor.index)
        self.changed()
        return cards

    # -- papers ----------------------------------------------------------------------------------------------------

    def next_paper_number(self) -> int:
        """The number the next finished paper gets."""
        return len(self.state.papers) + 1

    def add_paper(self, paper: Paper) -> None:
        """A paper came out."""
        self.state.papers.append(paper)
        self.changed()

    def take_paper(self, number: int | None) -> tuple[int, ...]:
        """Take one paper, or all that lie there. Raises Impossible."""
        taken: list[int] = []
        for position, paper in enumerate(self.state.papers):
            if not paper.taken and number in (None, paper.number):
                self.state.papers[position] = paper.model_copy(update={"taken": True})
                taken.append(paper.number)
        if not taken:
            raise Impossible("no such paper lies there")
        self.changed()
        return tuple(taken)

    # -- faults ----------------------------------------------------------------------------------------------------

    def add_fault(self, device: Device, fault: Fault) -> None:
        """Break something. Raises Impossible when that class of device cannot break that way."""
        if fault.kind not in FAULTS[device]:
            raise Impossible(f"{device.value} has no fault {fault.kind.value}")
        if fault.times == 0 and fault.kind in ONCE:
            fault = fault.model_copy(update={"times": 1})
        kept = [
            f
            for f in self.state.faults.get(device, [])
            if (f.kind, f.board, f.compartment) != (fault.kind, fault.board, fault.compartment)
        ]
        self.state.faults[device] = [*kept, fault]
        self.changed()

    def maker(self, device: Device) -> Maker | None:
        """The machine behind a service, where the device is one."""
        match device:
            case Device.ENDORSEMENT_WRITER:
                return self.passes.maker
            case Device.PLATE_PRINTER:
                return self.plates
            case Device.DISPENSER:
                return self.dispenser
            case _:
                return None

    def clear(self, device: Device) -> None:
        """Repair a device: no faults, full paper, plugged in."""
        self.state.faults.pop(device, None)
        maker = self.maker(device)
        if maker is not None:
            maker.faults.clear()
        if device is Device.RECEIPT_PRINTER:
            self.state.roll_mm = ROLL_FULL_MM
        if device is Device.HEADQUARTERS:
            self.state.network = Network.UP
        if device in self.state.unplugged:
            self.state.unplugged.remove(device)
        self.changed()

    def find_fault(self, device: Device, kind: FaultKind, board: int = 0, compartment: int = 0) -> Fault | None:
        """A fault in force now, without using it up. A fault that names no compartment is meant for all of them."""
        for fault in self.state.faults.get(device, ()):
            meant = (fault.board, fault.compartment) in ((0, 0), (board, compartment))
            if fault.kind is kind and fault.after == 0 and meant:
                return fault
        return None

    def has(self, device: Device, kind: FaultKind) -> bool:
        """Whether a fault is in force now."""
        return self.find_fault(device, kind) is not None

    def strike(self, device: Device, kind: FaultKind) -> Fault | None:
        """A fault in force now, used up once."""
        fault = self.find_fault(device, kind)
        if fault is None:
            return None
        if fault.times:
            fault.times -= 1
            if fault.times == 0:
                self.state.faults[device].remove(fault)
            self.changed()
        return fault

    def tick(self, device: Device) -> None:
        """One command has passed: faults that were to strike later come nearer."""
        waiting = [fault for fault in self.state.faults.get(device, ()) if fault.after]
        for fault in waiting:
            fault.after -= 1
        if waiting:
            self.changed()

    # -- plugs, network, clock -------------------------------------------------------------------------------------

    def plugged(self, device: Device) -> bool:
        """Whether a device is plugged in."""
        return device not in self.state.unplugged

    def unplug(self, device: Device) -> None:
        """Pull the cable."""
        if self.plugged(device):
            self.state.unplugged.append(device)
            self.changed()

    def plug(self, device: Device) -> None:
        """Put the cable back."""
        if not self.plugged(device):
            self.state.unplugged.remove(device)
            self.changed()

    def set_network(self, network: Network) -> None:
        """What the wire to headquarters does from now on."""
        self.state.network = network
        self.changed()

    def set_upstream(self, address: str) -> None:
        """Where headquarters listens for terminals, as HOST:PORT."""
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit():
            raise Impossible("an upstream is HOST:PORT")
        self.state.upstream = address
        self.changed()

    def paid(self, payment: Payment) -> None:
        """The phone did something with a code."""
        self.state.payments.append(payment)
        self.changed()

    def set_clock(self, offset_seconds: float) -> None:
        """How far the terminal's real-time clock is off."""
        self.state.clock_offset = offset_seconds
        self.changed()

    def use_paper(self, millimetres: float) -> None:
        """The receipt printer feeds."""
        self.state.roll_mm = max(0.0, self.state.roll_mm - millimetres)
        self.changed()

    @property
    def paper_out(self) -> bool:
        """Whether the receipt printer's roll is used up."""
        return self.state.roll_mm <= 0 or self.has(Device.RECEIPT_PRINTER, FaultKind.PAPER_OUT)

    @property
    def paper_low(self) -> bool:
        """Whether the receipt printer's roll is near its end, or used up."""
        low = self.state.roll_mm < ROLL_NEAR_END_MM or self.has(Device.RECEIPT_PRINTER, FaultKind.PAPER_LOW)
        return low or self.paper_out
