"""How visits begin: by which door, told what, known by what."""

from __future__ import annotations

from kiosk.simulation.citizen import Expect, lay, look_into_the_camera, read_and_tap, see_oneself, tap, touch_sensor

IDENTITY = (
    Expect("FacePage", look_into_the_camera, first=see_oneself),
    Expect("WelcomeBack", tap("continue"), optional=True),
    Expect("FingerPage", touch_sensor),
    Expect("WelcomeBack", tap("continue"), optional=True),
)
"""The factors, and what an interrupted visit says between them."""

FAMILIAR = (
    Expect("ConsentPage", read_and_tap("agree")),
    Expect("ReadCard", lay("own")),
    *IDENTITY,
)
"""Consent, the card, the factors: where no notice comes first."""

TOLD = (Expect("NoticePage", read_and_tap("continue")), *FAMILIAR)
"""办事须知, consent, the card, the factors: how most visits begin."""


def from_attract(code: str) -> Expect:
    """A service that is among the frequent ones."""
    return Expect("Attract", tap(f"service:{code}"))


def from_all_services(code: str) -> tuple[Expect, ...]:
    """A service that is not among the frequent ones of the attract page."""
    return (Expect("Attract", tap("all-services")), Expect("AllServices", tap(f"service:{code}")))
