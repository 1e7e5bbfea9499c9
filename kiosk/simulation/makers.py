"""Machines that make or rewrite an item: their path, blanks, bin and ribbon, and the hands that take what comes out.

No protocol here: `kiosk.simulation.xfs4iot` shows them as services. Every item is in exactly one place at all times.
"""

from __future__ import annotations

import asyncio
import enum
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol


class Kind(enum.Enum):
    """What travels in it: the visitor's own card, cards of a stack, or sheets of a paper source."""

    VISITORS_CARD = "visitors-card"
    STACK = "stack"
    SHEETS = "sheets"
    POSITIONS = "positions"
    """Documents, each in a position of its own."""


class Spot(enum.Enum):
    """Where in the path an item is. JAMMED is somewhere between."""

    EMPTY = "empty"
    TRANSPORT = "transport"
    EXIT = "exit"
    JAMMED = "jammed"


class Fault(enum.Enum):
    """What goes wrong next, once. The first four are the machine's, the others its service's."""

    JAM = "jam"
    SMUDGE = "smudge"
    UNCOUNTED = "uncounted"
    STUCK_AT_EXIT = "stuck-at-exit"
    REFUSE = "refuse"
    NO_ACKNOWLEDGE = "no-acknowledge"
    DOUBLE_COMPLETION = "double-completion"
    NONSENSE = "nonsense"
    HANG = "hang"
    CUT_BEFORE = "cut-before"
    CUT_AMID = "cut-amid"
    CUT_AFTER = "cut-after"
    DIE_AMID = "die-amid"
    EVENT_LOST = "event-lost"


@dataclass
class Item:
    """A card or sheet. `genuine`: of the kind this machine takes."""

    number: int
    genuine: bool = True
    document: str = ""
    """The number of the pass, or the id of the document, it is; "" for anything else."""
    face: dict[str, str] = field(default_factory=dict[str, str])


@dataclass
class Inside:
    """What survives the death of the service: things, not memory."""

    kind: Kind
    spot: Spot = Spot.EMPTY
    item: Item | None = None
    offered: Item | None = None
    """Held into the slot by the visitor."""
    blanks: int = 20
    made: int = 0
    bin: list[int] = field(default_factory=list[int])
    bin_counted: int = 0
    bin_capacity: int = 30
    prints_left: int = 200
    hands: list[Item] = field(default_factory=list[Item])
    positions: dict[str, str] = field(default_factory=dict[str, str])
    """What lies at which, by number, in a machine that stands alone."""


LOW_BLANKS, LOW_PRINTS = 5, 10
POSITIONS = 24


class Chip(Protocol):
    """What answers commands on a card."""

    def answer(self, apdu: bytes) -> bytes:
        """One command's answer with its two status bytes."""
        ...


class Jammed(Exception):
    """The item stands somewhere in between."""


class Maker:
    """One machine. `motion_seconds`: how long each movement takes; `state`: a file it is kept in."""

    def __init__(self, kind: Kind, *, motion_seconds: float = 0.0, state: Path | None = None) -> None:
        self._file = state
        self._motion_seconds = motion_seconds
        self.inside = _loaded(state) or Inside(kind)
        self.faults: list[Fault] = []
        self.moving = False
        self.listeners: list[Callable[[str], None]] = []
        self.chip_of: Callable[[str], Chip | None] = lambda _document: None
        """The chip of a pass, by the pass's number."""
        self._turned = asyncio.Event()

    # -- hands --------------------------------------------------------------------------------------------------

    def offer(self, *, genuine: bool = True, number: int = 9001, document: str = "") -> None:
        """Hold a card into the slot."""
        self.inside.offered = Item(number, genuine, document, {"line1Kind": "old"})
        self.changed("offered")

    def take(self) -> Item:
        """Take what stands at the exit. Raises LookupError."""
        item = self.inside.item
        if item is None or self.inside.spot is not Spot.EXIT:
            raise LookupError("nothing stands at the exit")
        self.inside.item, self.inside.spot = None, Spot.EMPTY
        self.inside.hands.append(item)
        self.changed("removed" if not self.strikes(Fault.EVENT_LOST) else "removed-unheard")
        return item

    def draw_back(self) -> None:
        """What nobody takes goes into the bin by itself."""
        assert self.inside.item is not None
        self._into_bin()
        self.changed("drawn-back")

    # -- movements ----------------------------------------------------------------------------------------------

    async def move(self, to: Spot) -> None:
        """Raises Jammed."""
        await self._motion()
        if not (to is Spot.EXIT and self.strikes(Fault.STUCK_AT_EXIT)):
            self.inside.spot = to
        self.changed("moved")

    async def blank(self) -> None:
        """The next of the stack or paper source. Raises Jammed."""
        self.inside.blanks -= 1
        self.inside.made += 1
        self.inside.item = Item(self.inside.made)
        self.inside.spot = Spot.TRANSPORT
        await self._motion()
        self.changed("staged")

    @property
    def positions(self) -> int:
        """How many documents it can hold."""
        return POSITIONS

    def held(self, position: int) -> str:
        """The document of a position, or ""."""
        return self.inside.positions.get(str(position), "")

    def draw(self, position: int) -> str:
        """Take the document out of its position; the position is empty then. Raises LookupError."""
        return self.inside.positions.pop(str(position))

    async def fetch(self, position: int) -> None:
        """The document of a position into the path. Raises LookupError, Jammed."""
        document = self.draw(position)
        self.inside.made += 1
        self.inside.item = Item(self.inside.made, document=document)
        self.inside.spot = Spot.TRANSPORT
        await self._motion()
        self.changed("staged")

    async def swallow(self) -> bool:
        """Draw in what is offered; False when it was pushed back. Raises Jammed."""
        card, self.inside.offered = self.inside.offered, None
        assert card is not None
        if not card.genuine:
            self.inside.hands.append(card)
            self.changed("pushed-back")
            return False
        self.inside.item, self.inside.spot = card, Spot.TRANSPORT
        await self._motion()
        self.changed("inserted")
        return True

    async def retain(self) -> None:
        """Into the bin. Raises Jammed."""
        await self._motion()
        self._into_bin()
        self.changed("retained")

    async def print(self, face: dict[str, str]) -> None:
        """Wipes what stood there. Raises Jammed."""
        assert self.inside.item is not None
        self.inside.item.face = {}
        await self._motion()
        self.inside.prints_left -= 1
        self.inside.item.face = dict.fromkeys(face, "?") if self.strikes(Fault.SMUDGE) else dict(face)
        self.changed("printed")

    async def reset(self) -> None:
        """Whatever is in the path goes into the bin."""
        if self.inside.item is not None:
            self.inside.spot = Spot.TRANSPORT
            await self.retain()

    def strikes(self, fault: Fault) -> bool:
        """Whether this goes wrong now; then it no longer does."""
        if fault not in self.faults:
            return False
        self.faults.remove(fault)
        return True

    def changed(self, what: str) -> None:
        """Keep it, and tell whoever shows this machine."""
        if self._file is not None:
            _keep(self._file, self.inside)
        for listener in tuple(self.listeners):
            listener(what)
        self._turned.set()
        self._turned = asyncio.Event()

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for the machine to be so."""
        while not true():
            await self._turned.wait()

    def whereabouts(self) -> list[int]:
        """Every item's number once for each place it is in: no number may be missing or come twice."""
        there = [item.number for item in (self.inside.item, self.inside.offered, *self.inside.hands) if item]
        return sorted([*there, *self.inside.bin])

    async def _motion(self) -> None:
        self.moving = True
        try:
            await asyncio.sleep(self._motion_seconds)
        finally:
            self.moving = False
        if self.strikes(Fault.JAM):
            self.inside.spot = Spot.JAMMED
            self.changed("jammed")
            raise Jammed

    def _into_bin(self) -> None:
        assert self.inside.item is not None
        self.inside.bin.append(self.inside.item.number)
        if not self.strikes(Fault.UNCOUNTED):
            self.inside.bin_counted += 1
        self.inside.item, self.inside.spot = None, Spot.EMPTY


def _keep(file: Path, inside: Inside) -> None:
    beside = file.with_suffix(".new")
    written = asdict(inside) | {"kind": inside.kind.value, "spot": inside.spot.value}
    with beside.open("w", encoding="utf-8") as out:
        json.dump(written, out)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)


def _loaded(file: Path | None) -> Inside | None:
    if file is None or not file.exists():
        return None
    kept: dict[str, Any] = json.loads(file.read_text("utf-8"))
    for name in ("item", "offered"):
        kept[name] = None if kept[name] is None else Item(**kept[name])
    kept |= {"kind": Kind(kept["kind"]), "spot": Spot(kept["spot"]), "hands": [Item(**one) for one in kept["hands"]]}
    return Inside(**kept)
