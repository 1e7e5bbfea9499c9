"""A citizen who knows how the visit goes, and makes the best of it when something else comes.

They do on each page what the table of the service says for it; on a page the table does not name, what the page asks.
What leads nowhere for a while is given up for a way round it, and without one they leave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from kiosk.simulation import citizen as acts
from kiosk.simulation.citizen import Act, Citizen, Doing, Expect, Sight, Unexpected
from kiosk.simulation.client import WorldError
from kiosk.simulation.scene import Impossible
from kiosk.simulation.wandering import Wish, act_on

PATIENT_SECONDS = 30.0
"""How long one thing is tried before a way round it is looked for; shorter than a page's own patience."""
TRIES = {"ReadCard": (3, 10.0), "HeightPage": (3, 10.0)}
"""Pages on which the same is tried again: how often, and for how long each time."""
HELD_SECONDS = 600.0
"""How long somebody stays before a machine that says it is finishing something: their document may be in it."""
MOST_PAGES = 80
RETRIES = 2
"""How often a page that offers to try again is believed."""
WAYS_ROUND = (
    "did-not-open",
    "review",
    "other-letters",
    "without-card",
    "other-way",
    "skip",
    "cannot",
    "keep",
    "by-slip",
    "cancel",
    "continue",
    "enough",
    "end",
    "leave",
)
"""What is touched where nothing else leads on, in this order."""
LEADS_NOWHERE = (Impossible, WorldError, AssertionError)
"""What hands and world raise where a person would see that it does not work."""

Habits = Mapping[str, Act]
"""What somebody does on a kind of page instead of what the table says."""


@dataclass(frozen=True, slots=True)
class Told:
    """A page that says no, as it is read: its code, and the four parts of it."""

    code: str
    happened: str
    safe: str
    now: str
    quote: str

    @property
    def whole(self) -> bool:
        """Whether all four parts are there."""
        return all((self.happened, self.safe, self.now, self.quote))

    @staticmethod
    def read(sight: Sight) -> Told | None:
        """What the page tells, if it is one of that kind."""
        if sight.kind != "TellPage":
            return None
        page = cast("dict[str, Any]", sight.view.get("page") or {})
        parts = {str(p.get("kind", "")).lower(): str(p.get("text", "")) for p in page.get("parts", ())}
        return Told(
            str(page.get("code", "")),
            str(sight.view.get("sentence", "")),
            parts.get("safe", ""),
            parts.get("now", ""),
            parts.get("quote", ""),
        )


@dataclass
class Follower:
    """One visit. `pages` and `told` grow while it lasts."""

    citizen: Citizen
    code: str
    script: Sequence[Expect]
    habits: Habits = field(default_factory=dict[str, Act])
    seen: Callable[[Sight], None] = lambda _: None
    pages: list[str] = field(default_factory=list[str])
    told: list[Told] = field(default_factory=list[Told])
    _position: int = 0
    _retries: int = 0

    def visit(self) -> Doing:
        """From the attract page back to it. Raises Unexpected when no page follows, or no end comes."""
        citizen, acted_on, began = self.citizen, -1, False
        until = citizen.now() + acts.PATIENCE_SECONDS
        while True:
            sight = citizen.hands.settle()
            if sight.kind in ("Attract", "OutOfService") and began:
                return
            if sight.kind in acts.PASSING or sight.revision == acted_on:
                held = HELD_SECONDS - acts.PATIENCE_SECONDS if sight.kind in acts.PASSING else 0.0
                if citizen.now() > until + held:
                    raise Unexpected(f"{sight.kind} stays")
                yield acts.LOOK_AGAIN_SECONDS
                continue
            if len(self.pages) >= MOST_PAGES:
                raise Unexpected(f"the visit goes in circles: {', '.join(self.pages[-6:])}")
            acted_on = sight.revision
            began = began or sight.kind not in ("Attract", "AllServices")
            self._see(sight)
            if acts.arming(sight.view):
                yield acts.READING_SECONDS
            yield from self._on(sight)
            until = citizen.now() + acts.PATIENCE_SECONDS

    def _see(self, sight: Sight) -> None:
        self.pages.append(sight.kind)
        told = Told.read(sight)
        if told is not None:
            self.told.append(told)
        self.citizen.seen(sight)
        self.seen(sight)

    def _on(self, sight: Sight) -> Doing:
        """The habit, the table's act, or what the page asks; then, if the page stays, a way round it."""
        citizen = self.citizen
        _, patience = TRIES.get(sight.kind, (1, PATIENT_SECONDS))
        for act in self._ideas(sight):
            doing = act(citizen, sight)
            until = citizen.now() + patience
            try:
                for seconds in doing:
                    yield seconds
                    if citizen.now() > until:
                        break
            except LEADS_NOWHERE:
                yield acts.LOOK_AGAIN_SECONDS
            finally:
                doing.close()
                _take_card_back(citizen, sight)
            if citizen.hands.look().revision != sight.revision:
                return
            waited = citizen.now() + acts.REACH_SECONDS
            while citizen.now() < waited:
                yield acts.LOOK_AGAIN_SECONDS
                if citizen.hands.look().revision != sight.revision:
                    return

    def _ideas(self, sight: Sight) -> list[Act]:
        ideas = [self.habits[sight.kind]] if sight.kind in self.habits else []
        if sight.kind == "TellPage" and self.citizen.hands.sees("without-card"):
            ideas.append(acts.tap("without-card"))
        elif sight.kind == "TellPage" and self._retries < RETRIES and self.citizen.hands.sees("retry"):
            self._retries += 1
            ideas.append(acts.tap("retry"))
        if sight.kind == "ChoosePage" and self.citizen.hands.sees("choose:loss") and not self._has_a_card():
            return [acts.tap("choose:loss"), way_round]
        expect = self._expected(sight.kind)
        if expect is not None and not ideas:
            ideas.append(_whole(expect))
        if not ideas:
            with suppress(Unexpected):
                ideas.append(act_on(sight, Wish(self.code), self.citizen))
        if sight.kind == "ChoosePage":
            # What the table chooses may not be offered to this person.
            ideas.append(acts.choose_first())
        tries, _ = TRIES.get(sight.kind, (1, 0.0))
        return [*ideas * tries, way_round]

    def _has_a_card(self) -> bool:
        return any(card.startswith("own-") for card in self.citizen.world.call("state")["hand"])

    def _expected(self, kind: str) -> Expect | None:
        """The next entry of the table for such a page; else the last one that was used, as for a second try."""
        ahead = [i for i, e in enumerate(self.script) if e.page == kind and i >= self._position]
        if ahead:
            self._position = ahead[0] + 1
            return self.script[ahead[0]]
        before = [e for e in self.script[: self._position] if e.page == kind]
        return before[-1] if before else None


def way_round(citizen: Citizen, sight: Sight) -> Doing:
    """Touch the first way on there is."""
    for name in WAYS_ROUND:
        if citizen.hands.sees(name):
            yield from citizen.touch(name)
            return
    raise Unexpected(f"nothing leads on from {sight.kind}")


def _take_card_back(citizen: Citizen, sight: Sight) -> None:
    """Nobody walks on with their card on the reader."""
    if sight.kind == "ReadCard":
        with suppress(Impossible, WorldError):
            citizen.world.call("take-card")


def _whole(expect: Expect) -> Act:
    """What is waited for, and what is done then."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        if expect.first is not None:
            yield from expect.first(citizen, sight)
        yield from expect.act(citizen, sight)

    return act
