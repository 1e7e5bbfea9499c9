"""Two corners held in order: the sign, what is almost the sign, and what ten thousand children do."""

from __future__ import annotations

import random

import pytest

from kiosk.counter.technician.corners import Corner, Corners, Held, held_of


def told(*held: tuple[Corner, float, float]) -> list[bool]:
    corners = Corners()
    return [corners.held(Held(corner, seconds, lifted)) for corner, seconds, lifted in held]


FIRST = (Corner.UPPER_LEFT, 4.0, 10.0)


def test_the_sign() -> None:
    assert told(FIRST, (Corner.LOWER_RIGHT, 4.0, 16.0)) == [False, True]


@pytest.mark.parametrize(
    "second",
    [
        (Corner.LOWER_RIGHT, 2.9, 15.0),
        (Corner.LOWER_RIGHT, 8.1, 20.0),
        (Corner.LOWER_RIGHT, 4.0, 17.5),
        (Corner.LOWER_LEFT, 4.0, 16.0),
        (Corner.UPPER_LEFT, 4.0, 16.0),
    ],
    ids=["too short", "too long", "too late", "another corner", "the same corner"],
)
def test_almost_the_sign_is_none(second: tuple[Corner, float, float]) -> None:
    assert told(FIRST, second) == [False, False]


def test_whoever_was_wrong_begins_anew_with_the_first_corner() -> None:
    begun = (Corner.UPPER_LEFT, 4.0, 16.0)
    assert told(FIRST, begun, (Corner.LOWER_RIGHT, 4.0, 21.0)) == [False, False, True]


def test_what_makes_no_sense_is_no_corner() -> None:
    for payload in ({}, {"corner": "middle", "ms": 4000}, {"corner": "upper-left", "ms": "4000"}, None, "x"):
        assert held_of(payload, 0.0) is None
    assert held_of({"corner": "upper-left", "ms": 4000}, 9.0) == Held(Corner.UPPER_LEFT, 4.0, 9.0)


def test_ten_thousand_touches_as_citizens_and_children_make_them_are_never_the_sign() -> None:
    """Taps, leaning elbows, two hands at play; held corners are rare and mostly short, but they do occur."""
    rng = random.Random(20261123)
    corners, now = Corners(), 0.0
    for _ in range(10_000):
        corner = rng.choice(list(Corner))
        seconds = min(rng.expovariate(1.6), 10.0)
        now += seconds + rng.uniform(0.2, 30.0)
        assert not corners.held(Held(corner, seconds, now))
