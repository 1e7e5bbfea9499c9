"""The power is cut while two people load the cabinet; then they come back and go on.

Before and after every durable write, every command to a device and every request lies a boundary (see power.py). One
is chosen, the terminal dies there, whoever stands there shuts what is open, and a new terminal finds what is left. No
document may be missing from the books or be in two places: not after the restart, and not when the box is empty.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kiosk.commands.simulated_staff import SITUATION, Simulated, of_role
from kiosk.devices.key_switch.contract import KeyPosition
from kiosk.nights.night import Night, nightfall
from kiosk.nights.turned_key import ScriptedKey
from kiosk.people.staff import Role
from kiosk.people.synthetic import Situation
from kiosk.simulation.citizen import Citizen, Doing, Expect, play, tap
from kiosk.simulation.scripts.technician import (
    counted,
    opened_for,
    sign_in,
    that_was_all,
    waits_for_one,
)
from kiosk.simulation.state import PlaceKind
from kiosk.virtual import run_virtual

DAY = date(2026, 11, 22)
AWAY_SECONDS = 20.0
"""Between the cut and the next start."""
PAGE_SECONDS = 300.0
BOX = 3
"""Documents in the box; the last of them is of another station."""
FIRST, SECOND = of_role(Role.LOADER), of_role(Role.LOADER, 1)
_BOOKS = "SELECT item, board, compartment, place FROM loaded WHERE place != 'out'"


@dataclass(frozen=True, slots=True)
class Cut:
    """One: where it was, how many documents were in doubt after the restart, and what was false."""

    number: int
    where: str
    in_doubt: int
    wrong: tuple[str, ...] = ()


@dataclass
class Cuts:
    """All of them."""

    boundaries: int = 0
    cuts: list[Cut] = field(default_factory=list[Cut])

    @property
    def wrong(self) -> tuple[str, ...]:
        """Everything that was false after some cut."""
        return tuple(f"cut {cut.number} ({cut.where}): {w}" for cut in self.cuts for w in cut.wrong)


def cut_while_loading(folder: Path, count: int, seed: int) -> Cuts:
    """So many cuts, spread evenly over the boundaries of one loading; each in a night of its own."""
    first, last = _boundaries(folder / "counted", seed)
    found = Cuts(last - first)
    for nth in range(count):
        number = first + 1 + (nth * (last - first) // count if count <= last - first else nth % (last - first))
        found.cuts.append(_one(folder / f"cut-{nth:05d}", seed, number, random.Random(f"{seed} {nth}")))
    return found


class Session:
    """Two people, one box, and a terminal that may die under them."""

    def __init__(self, night: Night, key: ScriptedKey) -> None:
        self.night = night
        self._key = key
        made = [p.new_card.record.item for p in night.world.scene.people.people if p.new_card is not None]
        of = night.world.scene.people.find
        cards = [of(Situation.CARD_FINISHED_RENEWAL, nth).new_card for nth in range(BOX - 1)]
        stranger = of(Situation.CARD_AT_ANOTHER_SITE, 0).new_card
        assert stranger is not None and made
        self.box = (*(card.record.item for card in cards if card is not None), stranger.record.item)

    # -- what they do ------------------------------------------------------------------------------------------------

    def bring(self) -> None:
        """The box comes from the depot."""
        self._stands(FIRST)
        for item in self.box[:-1]:
            assert self.night.headquarters.people("POST", f"/sandbox/depot/{item}", b"").status == 200
        for item in self.box:
            self.night.street.call("deliver", card=item)

    async def signs_in(self) -> bool:
        """Key, card and PIN of one, the task, card and PIN of the other; False when the power went first."""
        self._key.to(KeyPosition.RUN)
        await asyncio.sleep(1.0)
        self._key.to(KeyPosition.MAINTENANCE)
        if not await self._page("StaffCardPage") or not await self._does(FIRST, *sign_in(FIRST.pin)):
            return False
        if not await self._page("OverviewPage") or not await self._does(
            FIRST, Expect("OverviewPage", tap("task-MT01"))
        ):
            return False
        return (
            await self._page("StaffCardPage")
            and await self._does(SECOND, *sign_in(SECOND.pin))
            and await self._page("LoadPage")
        )

    async def loads(self) -> bool:
        """Everything that is in their hands, and the count."""
        held = [item for item in self.box if self._in_hand(item)]
        aside: list[str] = []

        def act(citizen: Citizen, sight: object) -> Doing:
            del sight
            for item in held:
                yield from one(citizen, item, aside)

        return (
            await self._does(FIRST, Expect("LoadPage", act))
            and await self._does(FIRST, Expect("LoadPage", that_was_all))
            and await self._does(FIRST, counted(len(aside)))
            and await self._page("OverviewPage")
        )

    def shut_what_is_open(self, chance: random.Random) -> None:
        """The screen went dark: they shut the door, the document inside or in the hand; a card leaves the reader."""
        self._stands(FIRST)
        scene = self.night.world.scene
        for board, lock in tuple(scene.state.open_doors):
            if scene.contents(board, lock) and chance.random() < 0.5:
                _ = scene.take_out(board, lock)
            scene.door_close(board, lock)
        if scene.card_on_reader() is not None:
            _ = scene.take_card()

    def _in_hand(self, item: str) -> bool:
        return self.night.world.scene.place(item).kind is PlaceKind.HAND

    def _stands(self, who: Simulated) -> None:
        _ = self.night.street.call("person-arrives", situation=SITUATION.value, nth=who.nth)

    async def _does(self, who: Simulated, *script: Expect) -> bool:
        running = self.night.running
        assert running is not None
        self._stands(who)
        citizen = Citizen(running.hands, self.night.street, "", "", lambda _: None, self.night.clock.monotonic)
        doing = play(citizen, script)
        for seconds in doing:
            if running.dead.is_set():
                doing.close()
                return False
            await asyncio.sleep(seconds)
        return not running.dead.is_set()

    async def _page(self, kind: str) -> bool:
        running = self.night.running
        async with asyncio.timeout(PAGE_SECONDS):
            while running is None or running.stage.shown is None or running.hands.look().kind != kind:
                running = self.night.running
                if running is not None and running.dead.is_set():
                    return False
                await asyncio.sleep(0.1)
        return True

    # -- what is true ------------------------------------------------------------------------------------------------

    def untrue(self, *, over: bool) -> list[str]:
        """What is wrong between world, headquarters' books and the terminal's; `over`: the box is empty."""
        night, wrong = self.night, list(self.night.troubles.seen)
        assert night.running is not None
        documents = night.ledger()["documents"]
        seen = Counter(document["id"] for document in documents)
        books = {document["id"]: document["place"] for document in documents}
        states = {case["item"]: case["state"] for case in night.ledger()["cases"] if "item" in case}
        with closing(sqlite3.connect(f"file:{_database(night)}?mode=ro", uri=True)) as db:
            rows = db.execute(_BOOKS).fetchall()
        here = {item: (f"cabinet:KDL-001:{board}:{lock}", place) for item, board, lock, place in rows}
        if len({place for place, _ in here.values()}) != len(rows) or len(here) != len(rows):
            wrong.append("two documents share a compartment by the terminal's books")
        for item in self.box:
            real, said = night.world.scene.place(item), books.get(item, "nothing")
            if seen[item] != 1:
                wrong.append(f"headquarters has {item} {seen[item]} times")
            if real.kind is PlaceKind.COMPARTMENT:
                place = f"cabinet:KDL-001:{real.board}:{real.compartment}"
                if said not in (place, "in-doubt"):
                    wrong.append(f"{item} lies in {place}, headquarters says {said}")
                if here.get(item, ("", ""))[0] != place:
                    wrong.append(f"{item} lies in {place}, the terminal says {here.get(item)}")
                if over and said == place and states[item] != "to-collect":
                    wrong.append(f"{item} was counted, and nobody was told")
            else:
                if said.startswith("cabinet:"):
                    wrong.append(f"{item} is in {real.kind.value}, headquarters says {said}")
                if here.get(item, ("", ""))[1] == "inside":
                    wrong.append(f"{item} is in {real.kind.value}, the terminal says inside")
                if over and item != self.box[-1]:
                    wrong.append(f"{item} is still in {real.kind.value}")
        contents = Counter((p.board, p.compartment) for p in map(night.world.scene.place, self.box) if p.compartment)
        wrong += [f"compartment {place} holds {n} documents" for place, n in contents.items() if n > 1]
        granted = Counter(f"{g['board']}:{g['compartment']}" for g in night.ledger()["grants"])
        for place, pulses in night.world.scene.state.pulses.items():
            if pulses > granted[place]:
                wrong.append(f"lock {place} was opened {pulses} times on {granted[place]} permissions")
        return wrong

    def in_doubt(self) -> int:
        """How many of the box nobody can say the place of."""
        places = {document["id"]: document["place"] for document in self.night.ledger()["documents"]}
        return sum(places[item] == "in-doubt" for item in self.box)


def one(citizen: Citizen, item: str, aside: list[str]) -> Doing:
    """A document into the door that opens for it, or aside when the machine says so."""
    before = citizen.hands.look().revision
    citizen.world.call("lay-card", card=item)

    def judged() -> bool:
        now = citizen.hands.look()
        opened = any(c["door"] == "open" for c in citizen.world.call("state")["compartments"])
        return opened or (now.revision != before and waits_for_one(citizen))

    yield from citizen.until(judged, "the machine to say what it is")
    if waits_for_one(citizen):
        citizen.world.call("take-card")
        aside.append(item)
        yield 0.5
        return
    place = yield from opened_for(citizen, "LoadPage/put")
    yield 0.5
    citizen.world.call("put-in", item=item, **place)
    yield 0.3
    citizen.world.call("door-close", **place)
    yield from citizen.until(lambda: waits_for_one(citizen), "the next document to be asked for")


def _boundaries(folder: Path, seed: int) -> tuple[int, int]:
    found: list[int] = []

    async def whole() -> None:
        key = ScriptedKey()
        async with Night(folder, seed, DAY, key=key) as night:
            running = await night.start()
            session = Session(night, key)
            session.bring()
            assert await session.signs_in()
            found.append(running.power.passed)
            assert await session.loads()
            found.append(running.power.passed)
            await night.empty_outbox()
            assert session.untrue(over=True) == [], session.untrue(over=True)

    run_virtual(whole(), nightfall(DAY))
    return found[0], found[1]


def _one(folder: Path, seed: int, number: int, chance: random.Random) -> Cut:
    found: list[Cut] = []

    async def whole() -> None:
        key = ScriptedKey()
        async with Night(folder, seed, DAY, key=key) as night:
            found.append(await _die_and_go_on(night, key, number, chance))

    run_virtual(whole(), nightfall(DAY))
    return found[0]


async def _die_and_go_on(night: Night, key: ScriptedKey, number: int, chance: random.Random) -> Cut:
    running = await night.start(number)
    session = Session(night, key)
    session.bring()
    if await session.signs_in() and await session.loads() and running.power.on:
        raise AssertionError(f"boundary {number} was never reached")
    where = await night.kill()
    session.shut_what_is_open(chance)
    await asyncio.sleep(AWAY_SECONDS)
    starting = asyncio.ensure_future(night.start())
    try:
        await _up(night)
        await night.settled()
        await night.empty_outbox()
        wrong = [f"after the restart: {w}" for w in session.untrue(over=False)]
        in_doubt = session.in_doubt()
        if not (await session.signs_in() and await session.loads()):
            raise AssertionError("the power was cut though nobody asked for it")
        await night.empty_outbox()
        wrong += [f"when the box was empty: {w}" for w in session.untrue(over=True)]
    finally:
        _ = starting.cancel()
        _ = await asyncio.gather(starting, return_exceptions=True)
    return Cut(number, where, in_doubt, tuple(wrong))


async def _up(night: Night) -> None:
    async with asyncio.timeout(PAGE_SECONDS):
        while night.running is None or night.running.stage.shown is None:
            await asyncio.sleep(0.1)
        while night.running.hands.look().kind != "StaffCardPage":
            await asyncio.sleep(0.1)


def _database(night: Night) -> Path:
    assert night.running is not None
    return night.running.folder / "terminal" / "terminal.db"
