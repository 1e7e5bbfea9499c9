"""A citizen who takes every page as it comes: for visits in which something goes wrong, where no table fits.

Told by the kind of a page what to do there; no page is unexpected as long as there is something to do on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.simulation import citizen as acts
from kiosk.simulation.citizen import Act, Citizen, Doing, Sight, Unexpected

MOST_PAGES = 160


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody came for. `leaves_when_told`: they only want to hear what became of their last visit."""

    code: str
    leaves_when_told: bool = False


def wander(citizen: Citizen, wish: Wish) -> Doing:
    """From the attract page back to it, doing on each page what is asked there. Raises Unexpected."""
    acted_on, pages, began = -1, 0, False
    until = citizen.now() + acts.PATIENCE_SECONDS
    while True:
        sight = citizen.hands.settle()
        if sight.kind == "Attract" and began and sight.revision != acted_on:
            return
        if sight.kind in acts.PASSING or sight.revision == acted_on:
            if citizen.now() > until:
                raise Unexpected(f"{sight.kind} stays")
            yield acts.LOOK_AGAIN_SECONDS
            continue
        pages += 1
        if pages > MOST_PAGES:
            raise Unexpected("the visit goes in circles")
        acted_on = sight.revision
        citizen.seen(sight)
        if acts.arming(sight.view):
            yield acts.READING_SECONDS
        yield from act_on(sight, wish, citizen)(citizen, sight)
        began = began or sight.kind == "Attract"
        until = citizen.now() + acts.PATIENCE_SECONDS


def _service(code: str) -> Act:
    """On the attract page, or among all services."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        if not citizen.hands.sees(f"service:{code}") and citizen.hands.sees("all-services"):
            yield from citizen.touch("all-services")
            return
        yield from acts.tap(f"service:{code}")(citizen, sight)

    return act


def _closing(citizen: Citizen, sight: Sight) -> Doing:
    """Take what came out, if anything did, and end."""
    del sight
    if any(not paper["taken"] for paper in citizen.world.call("papers")["papers"]):
        citizen.world.call("take-paper")
    yield from citizen.touch("end")


_ACTS: dict[str, Act] = {
    "NoticePage": acts.read_and_tap("continue"),
    "ConsentPage": acts.read_and_tap("agree"),
    "FacePage": acts.look_into_the_camera,
    "FingerPage": acts.touch_sensor,
    "TypeNumber": acts.type_number,
    "EnterNamePage": acts.compose(("wang", "王"), ("wei", "伟")),
    "ChooseViolations": acts.choose_first(then="choose"),
    "ChooseFines": acts.choose_if_needed,
    "QuestionPage": acts.tap("no"),
    "HeightPage": acts.tap("ready"),
    "ChartPage": acts.read_letter,
    "PlatePage": acts.read_plate,
    "TonePage": acts.hear_tone,
    "MovementPage": acts.make_movement,
    "RightsPage": acts.read_and_tap("no-objection"),
    "DeclarationPage": acts.read_and_tap("agree"),
    "SignPage": acts.sign,
    "FormPage": acts.fill_form,
    "ResultPage": acts.tap("enough"),
    "PassPage": acts.mind_the_pass,
    "PutInPage": acts.put_old_card_in,
    "TakePage": acts.take_new_card,
    "SlotPage": acts.take_from_slot,
    "ClosingPage": _closing,
    "RatingPage": acts.tap("rate:satisfied"),
    "LeavePage": acts.tap("leave"),
}


def act_on(sight: Sight, wish: Wish, citizen: Citizen) -> Act:
    """What they do on this page. Raises Unexpected for a page nobody can do anything on."""
    match sight.kind:
        case "Attract" | "AllServices":
            return _service(wish.code)
        case "ReadCard":
            return _read_card
        case "ChoosePage":
            return _choose
        case "PortraitPage":
            return _portrait
        case "PayPage":
            return _pay
        case "TellPage":
            return _end
        case "WelcomeBack":
            return acts.tap("continue")
        case kind if wish.leaves_when_told and "leave" in _names(citizen) and kind in _AFTER_IDENTITY:
            return acts.tap("leave")
        case kind if kind in _ACTS:
            return _ACTS[kind]
        case kind:
            raise Unexpected(f"nothing can be done on {kind}")


_AFTER_IDENTITY = {
    "SignPage",
    "RightsPage",
    "DeclarationPage",
    "FormPage",
    "ChooseViolations",
    "ChooseFines",
    "ResultPage",
}


def _names(citizen: Citizen) -> tuple[str, ...]:
    return tuple(name for name in ("leave",) if citizen.hands.sees(name))


def _read_card(citizen: Citizen, sight: Sight) -> Doing:
    """The new card once it was handed over, else the old one; without either, by number."""
    hand = list(citizen.world.call("state")["hand"])
    own = [c for c in hand if c.startswith("own-")]
    new = [c for c in hand if c.startswith("card-")]
    if new:
        return acts.lay(new[0])(citizen, sight)
    if own:
        return acts.lay(own[0])(citizen, sight)
    return acts.tap("without-card" if citizen.hands.sees("without-card") else "skip")(citizen, sight)


def _choose(citizen: Citizen, sight: Sight) -> Doing:
    for name in ("choose:now", "choose:renewal"):
        if citizen.hands.sees(name):
            return acts.tap(name)(citizen, sight)
    return acts.choose_first()(citizen, sight)


def _portrait(citizen: Citizen, sight: Sight) -> Doing:
    if citizen.hands.sees("choose:0"):
        return acts.tap("choose:0")(citizen, sight)
    return acts.three_shots(citizen, sight)


def _pay(citizen: Citizen, sight: Sight) -> Doing:
    yield from acts.code_shows(citizen, sight)
    yield from acts.pay_by_phone(citizen, sight)


def _end(citizen: Citizen, sight: Sight) -> Doing:
    """Whatever the page offers to end it."""
    for name in ("end", "continue", "leave"):
        if citizen.hands.sees(name):
            yield from citizen.touch(name)
            return
    raise Unexpected(f"no way on from {sight.kind}")
