"""Citizens who do what comes into their heads: mostly what the page asks, sometimes something else, or nothing.

A wanderer has no table of pages. Each page has habits, the first of them the way on; which one is taken is drawn from
a seed. Nothing they do may leave the terminal without a way back to its attract page.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kiosk.simulation.citizen import (
    Act,
    Citizen,
    Doing,
    Sight,
    choose_first,
    choose_if_needed,
    compose,
    fill_form,
    hear_tone,
    look_into_the_camera,
    make_movement,
    mind_the_pass,
    pay_by_phone,
    put_old_card_in,
    read_and_tap,
    read_letter,
    read_plate,
    sign,
    take_from_slot,
    take_new_card,
    take_paper,
    tap,
    three_shots,
    touch_sensor,
    type_number,
)
from kiosk.simulation.scene import Impossible

LONGEST_VISIT_SECONDS = 3_600.0
"""A visit that lasts longer has lost its way on."""
LOOK_SECONDS = 0.1
BEAT_SECONDS = 0.5
"""Between doing something and seeing what came of it."""
CHOOSING_TRIES, CHOOSING_SECONDS = 5, 5.0
SHORT_SECONDS = 20.0
"""How long one thing is tried before something else comes into the head."""
IDLE_SECONDS = 75.0
"""Longer than the time after which the terminal asks."""
GONE_SECONDS = 600.0
"""Longer than any page waits."""


class NoWayOn(AssertionError):
    """The visit does not come to its end."""


class Walked(Exception):
    """The citizen went away from the machine in the middle of everything."""


@dataclass(frozen=True, slots=True)
class Temper:
    """Chances, each for one page: to leave, go back, call for help, do nothing, walk away, tap anything."""

    leave: float = 0.03
    back: float = 0.05
    help: float = 0.02
    idle: float = 0.02
    walk_away: float = 0.015
    anything: float = 0.05
    language: float = 0.03
    aside: float = 0.08
    """To take another way on than the first, where the page has several."""
    mischief: float = 0.0
    """To let something break when a page appears."""


STEADY = Temper(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""Does what the page asks and nothing else."""


def choose_service(citizen: Citizen, code: str) -> Doing:
    """Touch the service where it is shown: on the attract page, or among all services."""
    if not citizen.hands.sees(f"service:{code}") and citizen.hands.sees("all-services"):
        yield from citizen.touch("all-services")
        _ = citizen.hands.settle()
    if citizen.hands.look().kind == "AllServices":
        yield from tap(f"service:{code}")(citizen, citizen.hands.look())
        return
    yield from citizen.touch(f"service:{code}")


def wait_and_see(citizen: Citizen, sight: Sight) -> Doing:
    """Nothing at all, for a while."""
    del citizen, sight
    yield IDLE_SECONDS


def lay_any(*cards: str) -> Act:
    """Lay the first of these that is in the hand on the reader, until the page has changed; then take it back."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        for card in cards:
            try:
                citizen.world.call("lay-card", card=card)
            except Impossible:
                continue
            try:
                yield from citizen.gone(sight, "the card to be read")
            finally:
                _take_back(citizen)
            return
        yield LOOK_SECONDS

    return act


def _take_back(citizen: Citizen) -> None:
    try:
        citizen.world.call("take-card")
    except Impossible:
        return


def pull_card(citizen: Citizen, sight: Sight) -> Doing:
    """Lay the card down and pull it while it is read."""
    del sight
    citizen.world.call("lay-card", card="own")
    yield 0.4
    _take_back(citizen)


def shut_without_taking(citizen: Citizen, sight: Sight) -> Doing:
    """Push the door shut and leave in it what is in it."""
    for place in citizen.world.call("state")["compartments"]:
        if place["door"] == "open":
            citizen.world.call("door-close", board=place["board"], compartment=place["compartment"])
    yield from citizen.gone(sight, "the shut door to be seen")


def answers(name: str) -> Act:
    """Touch a button, long texts to their end first."""
    return read_and_tap(name)


def keep_the_card(citizen: Citizen, sight: Sight) -> Doing:
    """Say so, and push the door shut."""
    yield from citizen.touch("keep")
    yield from shut_without_taking(citizen, sight)


def type_number_anew(citizen: Citizen, sight: Sight) -> Doing:
    """Rub out what stands there, then type."""
    for _ in citizen.number:
        yield from citizen.touch("key:delete")
    yield from type_number(citizen, sight)
    yield BEAT_SECONDS


HABITS: Mapping[str, Sequence[Act]] = {
    "NoticePage": (answers("continue"),),
    "ConsentPage": (answers("agree"), answers("decline")),
    "ReadCard": (
        lay_any("new", "own"),
        tap("without-card"),
        tap("skip"),
        pull_card,
        lay_any("foreign"),
        lay_any("own"),
    ),
    "TypeNumber": (type_number_anew,),
    "EnterNamePage": (compose(("wang", "王"), ("wei", "伟")),),
    "FacePage": (look_into_the_camera, tap("other-way")),
    "FingerPage": (touch_sensor, tap("other-way"), tap("other-finger")),
    "ChoosePage": (choose_first(),),
    "ChooseViolations": (choose_first(then="choose"),),
    "ChooseFines": (choose_if_needed,),
    "FormPage": (fill_form,),
    "ResultPage": (tap("enough"), tap("print")),
    "QuestionPage": (tap("no"), tap("yes")),
    "HeightPage": (tap("ready"),),
    "ChartPage": (read_letter, tap("not-seen")),
    "PlatePage": (read_plate, tap("not-seen")),
    "TonePage": (hear_tone, tap("heard:nowhere")),
    "MovementPage": (make_movement,),
    "RightsPage": (answers("no-objection"), answers("state-and-defend"), answers("not-now")),
    "DeclarationPage": (answers("agree"),),
    "SignPage": (sign,),
    "PayPage": (pay_by_phone, tap("by-slip"), tap("cancel"), wait_and_see),
    "TakePage": (take_new_card, tap("did-not-open"), shut_without_taking),
    "SlotPage": (take_from_slot, wait_and_see),
    "PassPage": (mind_the_pass,),
    "PutInPage": (put_old_card_in, keep_the_card, shut_without_taking, tap("did-not-open")),
    "PortraitPage": (three_shots, tap("retake")),
    "TellPage": (tap("end"), tap("continue"), wait_and_see),
    "ClosingPage": (take_paper, tap("reprint"), wait_and_see),
    "RatingPage": (tap("rate:satisfied"), tap("skip-rating"), wait_and_see),
    "WelcomeBack": (tap("continue"), tap("reprint"), tap("end")),
    "HelpPage": (tap("continue"), wait_and_see),
    "LeavePage": (tap("stay"), tap("leave")),
}
"""What can be done on a page; the first is the way on."""


@dataclass
class Wanderer:
    """One visit of one citizen. `prefer` names a button to touch on a page before anything else."""

    citizen: Citizen
    service: str
    chance: random.Random
    temper: Temper = field(default_factory=Temper)
    prefer: Mapping[str, str] = field(default_factory=dict[str, str])
    mischief: Callable[[random.Random], None] | None = None
    pages: list[str] = field(default_factory=list[str])

    def visit(self) -> Doing:
        """From the attract page until it is back. Raises NoWayOn."""
        citizen = self.citizen
        began = citizen.now()
        yield from self._choose()
        try:
            while (sight := citizen.hands.look()).kind != "Attract":
                if citizen.now() - began > LONGEST_VISIT_SECONDS:
                    raise NoWayOn(f"{self.service}: {sight.kind} stays; before it {', '.join(self.pages[-6:])}")
                yield from self._on(sight)
        except Walked:
            citizen.world.call("person-leaves")
            yield from self._alone()

    def _choose(self) -> Doing:
        """Touch the service; again, where it was closed in that very moment."""
        citizen = self.citizen
        for _ in range(CHOOSING_TRIES):
            yield from choose_service(citizen, self.service)
            until = citizen.now() + CHOOSING_SECONDS
            while citizen.hands.look().kind in ("Attract", "AllServices") and citizen.now() < until:
                yield LOOK_SECONDS
            if citizen.hands.look().kind not in ("Attract", "AllServices"):
                return
        raise NoWayOn(f"{self.service}: it cannot be chosen")

    def _alone(self) -> Doing:
        """Nobody is there; the terminal must find its way home."""
        citizen = self.citizen
        until = citizen.now() + LONGEST_VISIT_SECONDS
        while citizen.hands.look().kind != "Attract":
            if citizen.now() > until:
                raise NoWayOn(f"{self.service}: {citizen.hands.look().kind} stays though nobody is there")
            yield 1.0

    def _on(self, sight: Sight) -> Doing:
        if sight.kind == "WorkingPage":
            yield LOOK_SECONDS
            return
        self.pages.append(sight.kind)
        self.citizen.seen(sight)
        if self.mischief is not None and self.chance.random() < self.temper.mischief:
            self.mischief(self.chance)
        # Nobody acts faster than a button that guards a legal answer.
        yield 0.6
        doing = self._idea(sight)(self.citizen, sight)
        until = self.citizen.now() + (GONE_SECONDS if self.temper == STEADY else SHORT_SECONDS)
        try:
            for seconds in doing:
                yield seconds
                if self.citizen.now() > until and seconds < SHORT_SECONDS:
                    break
        except (Impossible, AssertionError):
            # A person who cannot do what they meant to does something else.
            yield LOOK_SECONDS
        finally:
            doing.close()
        yield BEAT_SECONDS

    def _idea(self, sight: Sight) -> Act:
        chance, temper, hands = self.chance, self.temper, self.citizen.hands
        wanted = self.prefer.get(sight.kind, "")
        if chance.random() < temper.walk_away:
            raise Walked
        for name, odds in (("leave", temper.leave), ("back", temper.back), ("help", temper.help)):
            if chance.random() < odds and hands.sees(name):
                return tap(name)
        if chance.random() < temper.language and hands.sees("language"):
            return tap("language")
        if chance.random() < temper.idle:
            return wait_and_see
        if hands.sees("more-time"):
            return tap("more-time")
        if chance.random() < temper.anything:
            names = [n for n in self._names() if n not in ("leave",)]
            if names:
                return tap(chance.choice(names))
        if wanted and hands.sees(wanted):
            return tap(wanted)
        habits = HABITS[sight.kind]
        if hands.sees("choose:0") and sight.kind == "PortraitPage":
            return tap("choose:0")
        if len(habits) > 1 and chance.random() < temper.aside:
            return chance.choice(habits[1:])
        if sight.kind == "TellPage":
            return tap("end") if hands.sees("end") else tap("continue")
        return habits[0]

    def _names(self) -> tuple[str, ...]:
        names = getattr(self.citizen.hands, "names", None)
        return () if names is None else tuple(names())
