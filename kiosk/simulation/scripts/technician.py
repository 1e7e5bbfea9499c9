"""What technicians do: the way in, a task, the way out; tables of expected page and act, as for citizens."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from types import MappingProxyType

from kiosk.simulation.citizen import (
    Act,
    Citizen,
    Doing,
    Expect,
    Sight,
    Unexpected,
    lay,
    open_compartment,
    sign,
    tap,
    touch_sensor,
)
from kiosk.simulation.state import Device, FaultKind

HOLD_SECONDS = 3.6
BETWEEN_SECONDS = 0.6


def hold_corners(citizen: Citizen, sight: Sight) -> Doing:
    """The upper left corner, then the lower right."""
    for corner in ("upper-left", "lower-right"):
        citizen.hands.rest(corner)
        yield HOLD_SECONDS
        citizen.hands.lift()
        yield BETWEEN_SECONDS
    yield from citizen.gone(sight, "the page for technicians")


def turn_key(to: str) -> Act:
    """Turn the key in the cabinet."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        citizen.world.call("turn-key", to=to)
        yield from citizen.gone(sight, "the page for technicians")

    return act


def typed(text: str, then: str) -> Act:
    """On the number pad, then on."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        del sight
        for character in text:
            yield from citizen.touch(f"key:{character}")
        yield from citizen.touch(then)

    return act


def by_telephone(answer: Callable[[str], str]) -> Act:
    """Read the digits out, and type what headquarters answers."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        asked = str(sight.view["page"]["challenge"]).replace(" ", "")
        yield from typed(answer(asked), "code")(citizen, sight)

    return act


def at_the_machine(device: Device, *kinds: FaultKind, cover: bool = True) -> Act:
    """Open it, end what is wrong, shut it; then the device says the rest."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        if cover:
            citizen.world.call("fault", device=device.value, fault=FaultKind.COVER_OPEN.value)
            yield 1.0
        for kind in kinds:
            citizen.world.call("clear", device=device.value, fault=kind.value)
        yield 1.0
        if cover:
            citizen.world.call("clear", device=device.value, fault=FaultKind.COVER_OPEN.value)
        yield from citizen.gone(sight, "the device to say that it works")

    return act


def wrong(device: Device, kind: FaultKind) -> Act:
    """Something is wrong already when they come; nothing else is done on this page."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        del sight
        citizen.world.call("fault", device=device.value, fault=kind.value)
        yield 2.0

    return act


def in_turn(*acts: Act) -> Act:
    """One after another, on the same page."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        for one in acts:
            yield from one(citizen, sight)

    return act


def take_slip(citizen: Citizen, sight: Sight) -> Doing:
    """The test slip came out: take it, and say so."""
    if any(not paper["taken"] for paper in citizen.world.call("papers")["papers"]):
        citizen.world.call("take-paper")
    yield from tap("yes")(citizen, sight)


def sign_in(pin: str) -> tuple[Expect, ...]:
    """Card, then PIN."""
    return (Expect("StaffCardPage", lay("own")), Expect("StaffKeyPage", typed(pin, "pin")))


def sign_in_by_telephone(number: str, answer: Callable[[str], str]) -> tuple[Expect, ...]:
    """The reader is what is broken."""
    return (
        Expect("StaffCardPage", tap("by-code")),
        Expect("StaffKeyPage", typed(number, "number")),
        Expect("StaffKeyPage", by_telephone(answer)),
    )


HAND_BACK = (Expect("OverviewPage", tap("task-MT06")), Expect("HandBackPage", tap("hand-back")))

PAPER = (
    Expect("OverviewPage", tap("device:receipt-printer")),
    Expect("MendPage", at_the_machine(Device.RECEIPT_PRINTER, FaultKind.PAPER_OUT)),
    Expect("ChoosePage", tap("choose:full")),
    Expect("TryOutPage", take_slip),
)
"""MT02: paper is out."""

JAM = (
    Expect("OverviewPage", tap("device:page-printer")),
    Expect("MendPage", at_the_machine(Device.PAGE_PRINTER, FaultKind.MEDIA_JAM)),
    Expect("TryOutPage", take_slip),
)
"""MT03: a page is jammed; then a test page shows that it is not."""


def _show_any_code(citizen: Citizen, sight: Sight) -> Doing:
    """Hold what is at hand under the scanner until it was read."""
    while citizen.hands.look().revision == sight.revision:
        citizen.world.call("show-code", text="6901234567892")
        yield 1.0


def shut_the_door(citizen: Citizen, sight: Sight) -> Doing:
    """Push the door shut that stands open."""
    place = yield from open_compartment(citizen)
    citizen.world.call("door-close", **place)
    yield from citizen.gone(sight, "the door to be seen shut")


def press_help(citizen: Citizen, sight: Sight) -> Doing:
    """Press the button beside the screen, and let it go."""
    citizen.world.call("help-button", to="pressed")
    yield 0.5
    citizen.world.call("help-button", to="released")
    yield from citizen.gone(sight, "the button to be felt")


def walk_past(citizen: Citizen, sight: Sight) -> Doing:
    """Step aside until the radar says so, and come back."""
    back = citizen.world.call("state")["person"]
    citizen.world.call("person-leaves")
    yield 3.0
    citizen.world.call("person-arrives", citizen=back["index"])
    yield from citizen.gone(sight, "the radar to see somebody")


_BY_HAND: Mapping[str, Act] = MappingProxyType(
    {
        "id-reader": lay("own"),
        "fingerprint": touch_sensor,
        "scanner": _show_any_code,
        "locker": shut_the_door,
        "help-button": press_help,
        "presence": walk_past,
    }
)
"""What a person does at a device before it can say anything."""
_COMES_OUT = ("receipt-printer", "page-printer")
TRIED = (
    "receipt-printer",
    "page-printer",
    "endorsement-writer",
    "plate-printer",
    "id-reader",
    "fingerprint",
    "scanner",
    "locker",
)
"""Devices of a simulated machine with something to see, in the order in which they come."""
TRIED_BESIDE = ("audio", "help-button", "presence")
"""Those of a machine that stands there, after them: in a night nothing sounds, and nothing reports unasked."""


def _asked(what: str, act: Act) -> Act:
    """Only where the page asks that."""

    def checked(citizen: Citizen, sight: Sight) -> Doing:
        if str(sight.view["identity"]) != f"TryOutPage/{what}":
            raise Unexpected(f"{sight.view['identity']} came where {what} was expected")
        yield from act(citizen, sight)

    return checked


def tries(*devices: str) -> tuple[Expect, ...]:
    """Each device by hand where it needs one, then what was seen of it."""
    pages: list[Expect] = []
    for device in devices:
        by_hand = _BY_HAND.get(device)
        if by_hand is not None:
            pages.append(Expect("TryOutPage", _asked(f"do-{device}", by_hand)))
        saw = take_slip if device in _COMES_OUT else tap("yes")
        pages.append(Expect("TryOutPage", _asked(f"try-out-{device}", saw)))
    return tuple(pages)


def readiness(*devices: str) -> tuple[Expect, ...]:
    """MT04: the machine proved, device by device, and the screen measured anew."""
    return (
        Expect("OverviewPage", tap("task-MT04")),
        *tries(*devices),
        Expect("ChoosePage", tap("choose:display-size")),
        Expect("DisplayPage", tap("measured")),
        Expect("DisplayPage", tap("yes")),
        Expect("MeasurePage", tap("keep")),
        Expect("ChoosePage", tap("choose:enough-adjusted")),
    )


# -- documents in and out --------------------------------------------------------------------------------------------

LAID_IN = "seconds of the machine for each document"
"""Under this name a loader notes them: from laying it down to the open door, and from the shut door to the next."""


def loads(*items: str) -> Act:
    """Each on the reader, into the door that opens, and the door shut; nothing is touched in between."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        del sight
        for item in items:
            yield from load_one(citizen, item)

    return act


def load_one(citizen: Citizen, item: str) -> Doing:
    """One document."""
    began = citizen.now()
    citizen.world.call("lay-card", card=item)
    place = yield from opened_for(citizen, "LoadPage/put")
    opened = citizen.now() - began
    yield 0.5
    citizen.world.call("put-in", item=item, **place)
    yield 0.3
    began = citizen.now()
    citizen.world.call("door-close", **place)
    yield from citizen.until(lambda: waits_for_one(citizen), "the next document to be asked for")
    took = opened + citizen.now() - began
    citizen.notes[LAID_IN] = f"{citizen.notes.get(LAID_IN, '')} {took:.2f}".strip()


def opened_for(citizen: Citizen, page: str) -> Generator[float, None, dict[str, int]]:
    """Wait until a door stands open and the page says what to do with it; which."""
    place = yield from open_compartment(citizen)
    yield from citizen.until(
        lambda: str(citizen.hands.look().view["identity"]).startswith(page), "the page to say what to do"
    )
    return place


def waits_for_one(citizen: Citizen) -> bool:
    """Whether the page asks for the next document."""
    now = citizen.hands.look()
    return now.kind == "LoadPage" and str(now.view["identity"]).startswith("LoadPage/lay/")


def set_aside(*items: str) -> Act:
    """Each on the reader; the machine says why it does not go in, and it is taken away."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        del sight
        for item in items:
            yield from citizen.until(lambda: waits_for_one(citizen), "the next document to be asked for")
            before = citizen.hands.look().revision
            citizen.world.call("lay-card", card=item)
            yield from citizen.until(
                lambda b=before: waits_for_one(citizen) and citizen.hands.look().revision != b, "a reason"
            )
            citizen.world.call("take-card")
            yield 0.5

    return act


def that_was_all(citizen: Citizen, sight: Sight) -> Doing:
    """The box is empty."""
    yield from citizen.until(lambda: waits_for_one(citizen), "the next document to be asked for")
    yield from tap("no-more")(citizen, sight)
    yield from citizen.until(lambda: citizen.hands.look().kind != "LoadPage", "the count to be asked for")


def unload_one(citizen: Citizen, sight: Sight) -> Doing:
    """Out of the open door, the door shut, and the document on the reader."""
    place = yield from opened_for(citizen, "UnloadPage/take")
    (card, *_) = citizen.world.call("take-out", **place)["cards"]
    yield 0.3
    citizen.world.call("door-close", **place)

    def asked() -> bool:
        return str(citizen.hands.look().view["identity"]).startswith("UnloadPage/read/")

    yield from citizen.until(asked, "the document to be asked for")
    citizen.world.call("lay-card", card=card)
    yield from citizen.gone(sight, "the document to be read")
    citizen.world.call("take-card")


def counted(left: int) -> Expect:
    """How many are left in their hands."""
    return Expect("StaffKeyPage", typed(f"{left:02d}", "count"))


def load(*acts: Act, left: int = 0) -> tuple[Expect, ...]:
    """MT01, from the list to the count; the second person has signed in."""
    return (Expect("LoadPage", in_turn(*acts, that_was_all)), counted(left))


SIGN_BOTH = (Expect("SignPage", sign), Expect("SignPage", sign))
