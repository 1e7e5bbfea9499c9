"""What scripted citizens can do: the words of the tables of expected page -> what a person does there (rule 28).

The tables of the services are in `scripts/`, one module a desk.

A citizen sees a page, does one thing in the world or on the glass, and waits for what comes. A page that the table
does not expect fails the journey. Pages that only say "one moment" are waited out.

Everything done is a generator of the seconds a person lets pass: a thread beside the real window sleeps them, the
virtual loop lets them go by. The tables are the same for both.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from kiosk.simulation import eyes
from kiosk.simulation.client import WorldError
from kiosk.simulation.scene import Impossible

PATIENCE_SECONDS = 120.0
"""How long a citizen waits for anything to happen before giving the journey up."""
LOOK_AGAIN_SECONDS = 0.05
CODE_SECONDS = 2.0
FINGER_SECONDS = 3.0
"""How long a finger stays before it is laid down anew."""
MIRROR_SECONDS = 0.5
STEP_SECONDS = 1.0
"""To hear what the page advises, to do it, and to see what it says now."""
STEPS: Mapping[str, Mapping[str, float]] = {
    "move-up": {"up": 0.03},
    "move-down": {"up": -0.02},
    "step-back": {"nearer": -0.05},
    "come-closer": {"nearer": 0.04},
}
"""How far somebody moves at each advice, as fractions of the picture's height and of their own size in it."""
READING_SECONDS = 0.7
"""Nobody agrees to a legal text faster."""
REACH_SECONDS = 5.0
"""How long a citizen tries to touch what the page does not let them touch yet."""
HOUSE = "012030401"
"""Building 12, unit 3, room 401."""
PASSING = frozenset({"WorkingPage"})


class Sight(Protocol):
    """What is on the screen."""

    @property
    def kind(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def view(self) -> dict[str, Any]: ...


class Hands(Protocol):
    """What a citizen does on the glass."""

    def look(self) -> Sight: ...
    def settle(self) -> Sight: ...
    def sees(self, name: str) -> bool: ...
    def tap(self, name: str) -> None: ...
    def draw(self, name: str, strokes: Sequence[Sequence[tuple[float, float]]]) -> None: ...
    def rest(self, corner: str) -> None:
        """Lay a finger into a corner of the glass and leave it there."""
        ...

    def lift(self) -> None:
        """Lift the finger that rests."""
        ...

    def advice(self) -> str:
        """What the camera's page advises, or ""."""
        ...

    def code(self) -> str:
        """The text of the code on the screen, as a telephone reads it, or ""."""
        ...


class World(Protocol):
    """What a citizen does off the glass."""

    def call(self, do: str, **arguments: Any) -> dict[str, Any]: ...


class Unexpected(AssertionError):
    """A page the citizen did not expect, or nothing at all for too long."""


@dataclass(frozen=True, slots=True)
class Touched:
    """One touch: the kind of the page, and the name of what was touched."""

    page: str
    name: str

    @property
    def typed(self) -> bool:
        """A key is a character typed; anything else is a tap."""
        return self.name.startswith("key:")


@dataclass
class Citizen:
    """One person in front of the terminal."""

    hands: Hands
    world: World
    number: str
    phone: str
    seen: Callable[[Sight], None]
    now: Callable[[], float] = time.monotonic
    notes: dict[str, str] = field(default_factory=dict[str, str])
    touches: list[Touched] = field(default_factory=list["Touched"])

    def until(self, condition: Callable[[], bool], what: str) -> Doing:
        """Wait for something, as long as a person would."""
        until = self.now() + PATIENCE_SECONDS
        while not condition():
            if self.now() > until:
                raise Unexpected(f"waited in vain for {what}")
            yield LOOK_AGAIN_SECONDS

    def gone(self, sight: Sight, what: str) -> Doing:
        """Wait until this page has made way for another."""
        return self.until(lambda: self.hands.look().revision != sight.revision, what)

    def touch(self, name: str) -> Doing:
        """Touch something as soon as it can be touched."""
        until = self.now() + REACH_SECONDS
        while not self.hands.sees(name) and self.now() < until:
            yield LOOK_AGAIN_SECONDS
        page = self.hands.look().kind
        self.hands.tap(name)
        self.touches.append(Touched(page, name))


Doing = Generator[float, None, None]
"""What a person does: yields the seconds that pass meanwhile."""

Act = Callable[[Citizen, Sight], Doing]


def by_the_wall_clock(doing: Doing) -> None:
    """Do it in real time, on a thread of one's own."""
    for seconds in doing:
        time.sleep(seconds)


@dataclass(frozen=True)
class Expect:
    """A page and what to do there. `optional`: it may not come. `mends`: only after a fault that was asked for."""

    page: str
    act: Act
    optional: bool = False
    first: Act | None = None
    """What is waited for before the page is looked at closely (and its picture taken)."""


def tap(*names: str) -> Act:
    """Touch these, one after another; long texts are turned to their last sheet first."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        del sight
        for name in names:
            yield from _turn_to(citizen, name)
            yield from citizen.touch(name)

    return act


def _turn_to(citizen: Citizen, name: str) -> Doing:
    for _ in range(20):
        if citizen.hands.sees(name) or not citizen.hands.sees("next-sheet"):
            return
        yield from citizen.touch("next-sheet")
        _ = citizen.hands.settle()


def read_and_tap(name: str) -> Act:
    """Turn to the last sheet, then touch: who agrees has read to the end."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        del sight
        while citizen.hands.sees("next-sheet"):
            yield from citizen.touch("next-sheet")
            _ = citizen.hands.settle()
        yield from citizen.touch(name)

    return act


def lay(card: str) -> Act:
    """Lay a card on the reader and leave it there until it was read."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        citizen.world.call("lay-card", card=card)
        yield from citizen.gone(sight, "the card to be read")
        citizen.world.call("take-card")

    return act


def look_into_the_camera(citizen: Citizen, sight: Sight) -> Doing:
    """Stand still, and make the moves that the page asks for."""
    made = ""

    def gone() -> bool:
        nonlocal made
        now = citizen.hands.look()
        page = cast("dict[str, Any]", now.view.get("page") or {})
        over = now.revision != sight.revision
        asked = "" if over else str(page.get("move") or "")
        if asked != made:
            made = asked
            citizen.world.call("move", move=made)
        return over

    return citizen.until(gone, "the face to be compared")


def touch_sensor(citizen: Citizen, sight: Sight) -> Doing:
    """Touch the fingerprint sensor as often as the page asks, with the finger it asks for."""
    until = citizen.now() + PATIENCE_SECONDS
    while citizen.hands.look().revision == sight.revision:
        if citizen.now() > until:
            raise Unexpected("the fingerprint page stays")
        asked = citizen.hands.look()
        citizen.world.call("touch-finger", finger=_finger(asked))
        answered = citizen.now() + FINGER_SECONDS
        while citizen.hands.look().view == asked.view and citizen.now() < answered:
            yield LOOK_AGAIN_SECONDS


def _finger(sight: Sight) -> str:
    page = cast("dict[str, Any]", sight.view.get("page") or {})
    wanted = str(page.get("finger_id", "") or page.get("finger", ""))
    for name in ("right-thumb", "right-index", "left-thumb", "left-index"):
        if name in wanted:
            return name
    return "right-thumb"


def type_number(citizen: Citizen, sight: Sight) -> Doing:
    """On the number pad, then on."""
    del sight
    yield from _type(citizen, citizen.number)
    yield from citizen.touch("number")


def _type(citizen: Citizen, text: str) -> Doing:
    for character in text:
        yield from citizen.touch(f"key:{character}")


def compose(*characters: tuple[str, str]) -> Act:
    """A name, character by character: its sound on the letters, then the character; then on."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        del sight
        for sound, character in characters:
            yield from _type(citizen, sound)
            _ = citizen.hands.settle()
            for _ in range(40):
                if citizen.hands.sees(f"pick:{character}"):
                    break
                yield from citizen.touch("next-characters")
                _ = citizen.hands.settle()
            yield from citizen.touch(f"pick:{character}")
        _ = citizen.hands.settle()
        yield from citizen.touch("name")

    return act


def fill_form(citizen: Citizen, sight: Sight) -> Doing:
    """Whatever the question: type the telephone, or take the first answer offered."""
    if citizen.hands.sees("key:1") and not _offered(citizen, sight, "answer:"):
        length = int(sight.view["page"]["keypad"]["length"])
        yield from _type(citizen, citizen.phone if length == len(citizen.phone) else HOUSE[:length])
        yield from citizen.touch("answer")
        return
    yield from _first(citizen, "answer:")


def _offered(citizen: Citizen, sight: Sight, prefix: str) -> bool:
    return any(citizen.hands.sees(prefix + name) for name in _ids(sight.view.get("page")))


def _first(citizen: Citizen, prefix: str) -> Doing:
    view = citizen.hands.look().view
    for name in _ids(view.get("page")):
        if citizen.hands.sees(prefix + name):
            yield from citizen.touch(prefix + name)
            return
    if citizen.hands.sees("answer"):
        yield from citizen.touch("answer")
        return
    raise Unexpected("a form without an answer to touch")


def _ids(value: object) -> list[str]:
    """Every id in a view, in order."""
    found: list[str] = []
    if isinstance(value, dict):
        for key, inner in cast("dict[str, object]", value).items():
            if key == "id" and isinstance(inner, str):
                found.append(inner)
            found.extend(_ids(inner))
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            found.extend(_ids(inner))
    return found


def read_the_permit(citizen: Citizen, sight: Sight) -> Doing:
    """The day of issue that stands on one's own residence permit."""
    del sight
    yield from citizen.touch(f"answer:{citizen.world.call('state')['permit']}")


def choose_first(prefix: str = "choose:", then: str = "") -> Act:
    """The first option, and a button after it where one is named."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        del sight
        yield from _first(citizen, prefix)
        if then:
            _ = citizen.hands.settle()
            yield from citizen.touch(then)

    return act


def choose_if_needed(citizen: Citizen, sight: Sight) -> Doing:
    """The first record, unless one is chosen already; then on."""
    if not any(record["chosen"] for sheet in sight.view["page"]["sheets"] for record in sheet["records"]):
        yield from choose_first()(citizen, sight)
        _ = citizen.hands.settle()
    yield from citizen.touch("choose")


def sign(citizen: Citizen, sight: Sight) -> Doing:
    """Three strokes like a name."""
    del sight
    strokes = [
        [(0.2 + 0.01 * i, 0.35 + 0.12 * math.sin(i / 3)) for i in range(14)],
        [(0.45, 0.25 + 0.03 * i) for i in range(14)],
        [(0.55 + 0.015 * i, 0.5 + 0.1 * math.cos(i / 2)) for i in range(16)],
    ]
    citizen.hands.draw("pad", strokes)
    _ = citizen.hands.settle()
    yield from citizen.touch("signed")


def put_old_card_in(citizen: Citizen, sight: Sight) -> Doing:
    """Into the open compartment, and push the door shut."""
    place = yield from open_compartment(citizen)
    citizen.world.call("put-in", item="own", **place)
    yield 0.2
    citizen.world.call("door-close", **place)
    yield from citizen.gone(sight, "the old card to be registered")


def put_old_document_in(citizen: Citizen, sight: Sight) -> Doing:
    """The old passport or pass into the open compartment, and push the door shut."""
    place = yield from open_compartment(citizen)
    citizen.world.call("put-in", item="oldtravel", **place)
    yield 0.2
    citizen.world.call("door-close", **place)
    yield from citizen.gone(sight, "the old document to be registered")


def take_new_card(citizen: Citizen, sight: Sight) -> Doing:
    """Out of the open compartment, and push the door shut."""
    place = yield from open_compartment(citizen)
    citizen.world.call("take-out", **place)
    yield 0.2
    citizen.world.call("door-close", **place)
    yield from citizen.gone(sight, "the compartment to be seen shut")


def take_from_slot(citizen: Citizen, sight: Sight) -> Doing:
    """Out of the dispenser's slot, once it is held out."""
    del sight

    def out() -> bool:
        return citizen.world.call("state")["dispenser"]["spot"] == "exit"

    yield from citizen.until(out, "the document to come out")
    yield 0.5
    citizen.world.call("take-document")
    yield from citizen.until(lambda: citizen.hands.look().kind != "SlotPage", "the document to be seen taken")


def by_dispenser(script: Sequence[Expect]) -> tuple[Expect, ...]:
    """The same visit where finished documents come out of a dispenser: read inside, they are not tried by hand."""
    place = next((n for n, expect in enumerate(script) if expect.act is take_new_card), None)
    if place is None:
        return tuple(script)
    after = script[place + 1 :]
    return (*script[:place], Expect("SlotPage", take_from_slot), *after[1 if after[0].page == "ReadCard" else 0 :])


def open_compartment(citizen: Citizen) -> Generator[float, None, dict[str, int]]:
    """Wait until a door stands open; which."""
    found: list[dict[str, int]] = []

    def opened() -> bool:
        found[:] = [
            {"board": c["board"], "compartment": c["compartment"]}
            for c in citizen.world.call("state")["compartments"]
            if c["door"] == "open"
        ]
        return bool(found)

    yield from citizen.until(opened, "a compartment to open")
    return found[0]


def three_shots(citizen: Citizen, sight: Sight) -> Doing:
    """Stand as the page advises, and hold still until the pictures are there."""
    until = citizen.now() + PATIENCE_SECONDS
    while citizen.hands.look().revision == sight.revision and not citizen.hands.sees("choose:0"):
        if citizen.now() > until:
            raise Unexpected("waited in vain for three pictures")
        step = STEPS.get(citizen.hands.advice())
        if step is not None:
            citizen.world.call("stand", **step)
        yield LOOK_AGAIN_SECONDS if step is None else STEP_SECONDS


def code_shows(citizen: Citizen, sight: Sight) -> Doing:
    """Until a telephone can read the code."""
    del sight
    yield from citizen.until(lambda: citizen.hands.code().startswith("http"), "a code that can be read")


def see_oneself(citizen: Citizen, sight: Sight) -> Doing:
    """Until the picture of the camera is there."""
    del citizen, sight
    yield MIRROR_SECONDS


def pay_by_phone(citizen: Citizen, sight: Sight) -> Doing:
    """Confirm with a telephone what its camera read from the screen."""
    citizen.world.call("pay", url=citizen.hands.code())
    yield from citizen.gone(sight, "the payment to be confirmed")


def read_letter(citizen: Citizen, sight: Sight) -> Doing:
    """One page of the vision chart: cover an eye, say where the E is open, or step back onto the footprints."""
    page = sight.view["page"]
    match page["stage"]:
        case "cover":
            yield from citizen.touch("without-glasses")
        case "letter":
            yield from citizen.touch(f"point:{eyes.opening(page['rows'])}")
        case _:
            yield LOOK_AGAIN_SECONDS


def read_plate(citizen: Citizen, sight: Sight) -> Doing:
    """One page of the colour plates: say the figure, or go on after the demonstration."""
    page = sight.view["page"]
    match page["stage"]:
        case "solved":
            yield from citizen.touch("continue")
        case "show-how":
            yield from citizen.touch(f"figure:{eyes.figure(page['picture'], eyes.brightness)}")
        case _:
            yield from citizen.touch(f"figure:{eyes.figure(page['picture'])}")


def hear_tone(citizen: Citizen, sight: Sight) -> Doing:
    """One page of the tones: put the headset on, or say where the last tone was."""
    match sight.view["page"]["stage"]:
        case "answer":
            yield from citizen.touch(f"heard:{citizen.world.call('state')['tones'][-1]}")
        case "headset" | "headset-off" | "loud":
            yield from citizen.touch("ready")
        case _:
            yield LOOK_AGAIN_SECONDS


def make_movement(citizen: Citizen, sight: Sight) -> Doing:
    """One page of the movements."""
    if sight.view["page"]["stage"] == "show-how":
        yield from citizen.touch("begin")
    yield LOOK_AGAIN_SECONDS


def through(act: Act) -> Act:
    """Do this on every page of the kind, until another kind comes; on a page that only has to pass, wait."""

    def all_of_them(citizen: Citizen, sight: Sight) -> Doing:
        until = citizen.now() + PATIENCE_SECONDS
        kind, now = sight.kind, sight
        while now.kind == kind:
            if citizen.now() > until:
                raise Unexpected(f"{kind} stays")
            yield from act(citizen, now)
            acted_on = now.revision
            while (now := citizen.hands.settle()).kind == kind and now.revision == acted_on:
                if citizen.now() > until:
                    raise Unexpected(f"{kind} stays")
                yield LOOK_AGAIN_SECONDS
            until = citizen.now() + PATIENCE_SECONDS

    return all_of_them


def take_paper(citizen: Citizen, sight: Sight) -> Doing:
    """Everything that came out, then end."""
    del sight
    papers = citizen.world.call("papers")["papers"]
    citizen.notes["papers"] = str(len(papers))
    if any(not paper["taken"] for paper in papers):
        citizen.world.call("take-paper")
    yield from citizen.touch("end")


def go_home(citizen: Citizen) -> Doing:
    """After the visit: one touch to say how it was, where that is asked; until nobody is served any more."""
    acted_on = -1
    until = citizen.now() + PATIENCE_SECONDS
    while (sight := citizen.hands.look()).kind != "Attract":
        if citizen.now() > until:
            raise Unexpected(f"waited in vain for the attract page; {sight.kind} stays")
        if sight.kind == "RatingPage" and sight.revision != acted_on:
            sight = citizen.hands.settle()
            acted_on = sight.revision
            citizen.seen(sight)
            yield from citizen.touch("rate:very-satisfied")
        yield LOOK_AGAIN_SECONDS


def show_code(paper: str) -> Act:
    """Hold one of the papers under the scanner until it was read."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        until = citizen.now() + PATIENCE_SECONDS
        while citizen.hands.look().revision == sight.revision:
            if citizen.now() > until:
                raise Unexpected("the code is not read")
            citizen.world.call("show-code", paper=paper)
            shown = citizen.now() + CODE_SECONDS
            while citizen.hands.look().revision == sight.revision and citizen.now() < shown:
                yield LOOK_AGAIN_SECONDS

    return act


def take_plate(citizen: Citizen, sight: Sight) -> Doing:
    """Out of the slot, once it stands there."""
    del sight

    def out() -> bool:
        return citizen.world.call("state")["plates"]["spot"] == "exit"

    yield from citizen.until(out, "the plate to come out")
    yield 0.5
    citizen.world.call("take-plate")
    yield from citizen.until(lambda: citizen.hands.look().kind != "TemporaryPlatePage", "the plate to be seen taken")


def put_pass_in(kind: str) -> Act:
    """Hold one's pass into the slot until it is drawn in."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        del sight
        citizen.world.call("insert-pass", kind=kind)
        yield from citizen.until(lambda: citizen.hands.look().kind != "PassPage", "the pass to be read")

    return act


def take_pass(citizen: Citizen, sight: Sight) -> Doing:
    """Take it from the slot."""
    yield from citizen.until(lambda: citizen.world.call("state")["writer"]["spot"] == "exit", "the pass to come out")
    citizen.world.call("take-pass")
    yield from citizen.gone(sight, "the pass to be seen taken")


def mind_the_pass(citizen: Citizen, sight: Sight) -> Doing:
    """Put it in, take it out, or keep it, as the slot asks."""
    page = sight.view.get("page")
    stage = cast("dict[str, object]", page).get("stage") if isinstance(page, dict) else ""
    if stage in ("take", "still-there"):
        yield from take_pass(citizen, sight)
        return
    for kind in ("hk-macao-pass", "taiwan-pass"):
        try:
            citizen.world.call("insert-pass", kind=kind)
        except (Impossible, WorldError):
            continue
        yield from citizen.until(lambda: citizen.hands.look().revision != sight.revision, "the pass to be read")
        return
    yield from citizen.touch("keep")


def arming(value: object) -> bool:
    """Whether a button of this view does not take touches in its first moments (rule 21)."""
    if isinstance(value, dict):
        table = cast("dict[str, object]", value)
        waits = table.get("arms_after_ms", 0)
        return (isinstance(waits, int) and waits > 0) or any(arming(inner) for inner in table.values())
    return isinstance(value, list) and any(arming(inner) for inner in cast("list[object]", value))


def play(citizen: Citizen, script: Sequence[Expect]) -> Doing:
    """The whole visit. Raises Unexpected, or what hands and world raise."""
    position, acted_on = 0, -1
    until = citizen.now() + PATIENCE_SECONDS
    while position < len(script):
        sight = citizen.hands.settle()
        expect = script[position]
        if sight.kind in PASSING or sight.revision == acted_on:
            if citizen.now() > until:
                raise Unexpected(f"{sight.kind} stays; {expect.page} was expected")
            yield LOOK_AGAIN_SECONDS
            continue
        while expect.page != sight.kind:
            if not expect.optional:
                raise Unexpected(
                    f"{sight.kind} came where {expect.page} was expected: {sight.view.get('sentence', '')}"
                )
            position += 1
            if position == len(script):
                return
            expect = script[position]
        acted_on = sight.revision
        if expect.first is not None:
            yield from expect.first(citizen, sight)
        citizen.seen(sight)
        if arming(sight.view):
            yield READING_SECONDS
        yield from expect.act(citizen, sight)
        position += 1
        until = citizen.now() + PATIENCE_SECONDS
