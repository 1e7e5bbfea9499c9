"""Ways in which a visit goes otherwise: who comes, what they do instead, which authority does not answer.

Data: every situation of the synthetic people is a way, every authority that can be down, and a table of habits. What
becomes of a way in a service is not written here; it is recorded by playing it (kiosk.nights.ends).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kiosk.people.synthetic import Situation
from kiosk.simulation.citizen import (
    Act,
    Citizen,
    Doing,
    Expect,
    Sight,
    code_shows,
    lay,
    look_into_the_camera,
    read_and_tap,
    tap,
)

LONG_SECONDS = 3_600.0
"""How long an authority is down or slow."""
LATE_SECONDS = 900.0
"""How slow a provider is that does not confirm: longer than headquarters waits for it."""
AUTHORITIES = (
    "population",
    "traffic",
    "medical",
    "household",
    "criminal-records",
    "production",
    "payment",
    "face-matching",
    "finger-matching",
)
"""Those a visit may have to ask; notification and refunds fail without anybody being told."""


@dataclass(frozen=True, slots=True)
class Way:
    """One of them. `asks` are pages without which it cannot be; `expects` the code where the way decides it."""

    name: str
    told: str
    situation: str = ""
    """Of the citizen; the service's own where not said."""
    habits: Mapping[str, Act] = field(default_factory=dict[str, Act])
    asks: frozenset[str] = frozenset()
    agency: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """A fault of an authority, as headquarters' sandbox takes it."""
    expects: str = ""
    strangers: bool = False
    """Somebody else comes with the card, or with the number, of the service's own person."""
    nth: int = 0
    """Which of the people in the situation comes; from the end where negative."""


def wrong_finger(citizen: Citizen, sight: Sight) -> Doing:
    """A finger that is not on record, until the page is gone."""
    until = citizen.now() + 25.0
    while citizen.hands.look().revision == sight.revision and citizen.now() < until:
        citizen.world.call("touch-finger", finger="left-little")
        yield 1.0


def decline_on_the_telephone(citizen: Citizen, sight: Sight) -> Doing:
    """Says no on the telephone, then on the glass."""
    yield from code_shows(citizen, sight)
    citizen.world.call("pay-decline", url=citizen.hands.code())
    yield 2.0
    yield from citizen.touch("cancel")


def pay_and_see_nothing(citizen: Citizen, sight: Sight) -> Doing:
    """Says yes on the telephone; nobody confirms it."""
    yield from code_shows(citizen, sight)
    citizen.world.call("pay", url=citizen.hands.code())
    yield 2.0
    yield from citizen.touch("cancel")


def _after(seeing: Act, doing: Act) -> Act:
    def act(citizen: Citizen, sight: Sight) -> Doing:
        yield from seeing(citizen, sight)
        yield from doing(citizen, sight)

    return act


_CARD = frozenset({"ReadCard"})
_FACE = frozenset({"FacePage"})
_FINGER = frozenset({"FingerPage"})
_CONSENT = frozenset({"ConsentPage"})
_PAY = frozenset({"PayPage"})

HABITS: Sequence[Way] = (
    Way("card-unreadable", "the chip of the card does not answer", habits={"ReadCard": lay("damaged")}, asks=_CARD),
    Way("card-counterfeit", "the card is not authentic", habits={"ReadCard": lay("counterfeit")}, asks=_CARD),
    Way("card-of-another-kind", "no identity card at all", habits={"ReadCard": lay("foreign")}, asks=_CARD),
    Way(
        "stranger",
        "somebody else with a found card or a known number",
        situation=Situation.LONG_TERM.value,
        habits={"FacePage": look_into_the_camera, "FingerPage": wrong_finger},
        asks=_FACE,
        expects="E-FACE-01",
        strangers=True,
    ),
    Way(
        "declines-face",
        "no to the camera: the fingerprint alone leads on (E-FACE-02)",
        habits={"ConsentPage": read_and_tap("decline")},
        asks=_CONSENT | _FINGER,
    ),
    Way(
        "declines-face-and-finger",
        "no to the camera and to the sensor: to a person",
        habits={"ConsentPage": read_and_tap("decline"), "FingerPage": tap("other-way")},
        asks=_CONSENT | _FINGER,
        expects="E-FP-01",
    ),
    Way("wrong-finger", "a finger that does not match", habits={"FingerPage": wrong_finger}, asks=_FINGER),
    Way(
        "objects",
        "states and defends instead of accepting",
        habits={"RightsPage": read_and_tap("state-and-defend")},
        asks=frozenset({"RightsPage"}),
    ),
    Way(
        "not-now",
        "leaves the record undecided",
        habits={"RightsPage": read_and_tap("not-now")},
        asks=frozenset({"RightsPage"}),
    ),
    Way("pays-by-slip", "no smartphone", habits={"PayPage": _after(code_shows, tap("by-slip"))}, asks=_PAY),
    Way("cancels-payment", "does not pay", habits={"PayPage": _after(code_shows, tap("cancel"))}, asks=_PAY),
    Way("declines-payment", "no on the telephone", habits={"PayPage": decline_on_the_telephone}, asks=_PAY),
    Way(
        "paid-not-confirmed",
        "yes on the telephone, and the provider does not confirm (E-PAY-01)",
        habits={"PayPage": pay_and_see_nothing},
        asks=_PAY,
        agency={"agency": "payment", "fault": "slow", "seconds": LONG_SECONDS, "delay": LATE_SECONDS},
    ),
)

DOTTED = Way("dotted-name", "a citizen of the service's own situation whose name has a dot", nth=-1)

BY_SITUATION: Sequence[Way] = tuple(
    Way(situation.value, f"a citizen in the situation {situation.value}", situation=situation.value)
    for situation in Situation
)
BY_AUTHORITY: Sequence[Way] = tuple(
    Way(
        f"{name}-down",
        f"the authority {name} does not answer",
        agency={"agency": name, "fault": "down", "seconds": LONG_SECONDS},
    )
    for name in AUTHORITIES
)

WAYS: Mapping[str, Way] = {way.name: way for way in (*HABITS, DOTTED, *BY_AUTHORITY, *BY_SITUATION)}
"""All, by name."""

EVERYWHERE = frozenset(
    {
        "declines-face",
        DOTTED.name,
        Situation.UNDER_16.value,
        Situation.SENIOR_DRIVER.value,
        Situation.FACE_ONLY.value,
        Situation.CARD_LOST_NO_FINGERS.value,
        Situation.RARE_NAME.value,
        Situation.HONG_KONG_MACAO_TAIWAN.value,
        Situation.FOREIGNER_2017.value,
        Situation.FOREIGNER_2023.value,
    }
)
"""People who must get through, or a truthful next step, in every service: a case everywhere, however it ends."""


def possible(way: Way, script: Sequence[Expect]) -> bool:
    """Whether the way can be gone in a visit with these pages."""
    return way.asks <= {expect.page for expect in script}


def stranger_to(world: Any, situation: str, own: str) -> int:
    """Which person of a situation looks unlike the service's own: a dozen faces do for everybody in this world."""
    face = world.call("find", situation=own, nth=0)["person"]["face"]
    nth = 0
    while world.call("find", situation=situation, nth=nth)["person"]["face"] == face:
        nth += 1
    return nth


def found_card(world: Any, situation: str) -> Act:
    """Lays the card of the service's own person on the reader."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        owner = world.call("find", situation=situation, nth=0)["person"]["index"]
        yield from lay(f"own-{owner:04d}")(citizen, sight)

    return act
