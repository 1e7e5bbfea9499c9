"""What technicians do: the way in, a task, the way out; tables of expected page and act, as for citizens."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.simulation.citizen import Act, Citizen, Doing, Expect, Sight, lay, tap, touch_sensor
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
)
"""MT03: a page is jammed."""


def _show_any_code(citizen: Citizen, sight: Sight) -> Doing:
    """Hold what is at hand under the scanner until it was read."""
    while citizen.hands.look().revision == sight.revision:
        citizen.world.call("show-code", text="6901234567892")
        yield 1.0


def _tried(*, heard: bool) -> tuple[Expect, ...]:
    """Every device that a simulated machine has something to see of; `heard`: it has a loudspeaker."""
    saw_it = Expect("TryOutPage", tap("yes"))
    by_hand = (lay("own"), touch_sensor, _show_any_code)
    done = tuple(one for act in by_hand for one in (Expect("TryOutPage", act), saw_it))
    return (Expect("TryOutPage", take_slip), *done, saw_it, *((saw_it,) if heard else ()))


def readiness(*, heard: bool) -> tuple[Expect, ...]:
    """MT04: the machine proved, device by device, and the screen measured anew."""
    return (
        Expect("OverviewPage", tap("task-MT04")),
        *_tried(heard=heard),
        Expect("ChoosePage", tap("choose:display-size")),
        Expect("DisplayPage", tap("measured")),
        Expect("DisplayPage", tap("yes")),
        Expect("MeasurePage", tap("keep")),
        Expect("ChoosePage", tap("choose:enough-adjusted")),
    )
