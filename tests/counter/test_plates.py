"""Colour plates: whole eyes read them; brightness, or eyes without one kind of cone, do not."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Sequence

import pytest

from kiosk.counter.plates import FIGURES, Cone, Dot, Plate, demonstration, lms, luminance, plate, series
from kiosk.simulation import eyes

PLATES = [plate(random.Random(seed), FIGURES[seed % len(FIGURES)], cone) for seed in range(8) for cone in Cone]


def source_of(shown: Plate) -> str:
    return "data:image/png;base64," + base64.b64encode(shown.png()).decode()


def linear(part: int) -> float:
    value = part / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def cone(which: int) -> Callable[[eyes.Pixel], float]:
    """What one kind of cone alone tells."""
    return lambda pixel: lms((linear(pixel[0]), linear(pixel[1]), linear(pixel[2])))[which]


def overlap(dots: Sequence[Dot], measure: Callable[[Dot], float]) -> float:
    """How often a dot of the figure has more of it than one of the ground: one half says nothing at all."""
    figure = [measure(dot) for dot in dots if dot.figure]
    ground = [measure(dot) for dot in dots if not dot.figure]
    more = sum((a > b) + 0.5 * (a == b) for a in figure for b in ground)
    return more / (len(figure) * len(ground))


def test_equal_generators_give_equal_plates_and_others_others() -> None:
    one, same, other = (tuple(series(random.Random(seed), 3)) for seed in (7, 7, 8))
    assert one == same
    assert [p.figure for p in one] != [p.figure for p in other]
    assert plate(random.Random(7), "3", Cone.L).png() == plate(random.Random(7), "3", Cone.L).png()


def test_a_series_has_as_many_plates_for_either_cone_and_no_figure_twice() -> None:
    for seed in range(2):
        shown = tuple(series(random.Random(seed), 6))
        assert len({p.figure for p in shown}) == 6
        assert all(len(p.dots) > 250 for p in shown)
        assert all(20 < sum(dot.figure for dot in p.dots) < len(p.dots) / 2 for p in shown)


def test_every_dot_is_a_colour_of_the_display_and_none_touches_another() -> None:
    for shown in PLATES[:4]:
        assert all(0 <= part <= 1 for dot in shown.dots for part in dot.colour)
        for at, dot in enumerate(shown.dots):
            for other in shown.dots[:at]:
                assert (dot.x - other.x) ** 2 + (dot.y - other.y) ** 2 > (dot.radius + other.radius) ** 2


@pytest.mark.parametrize("shown", PLATES, ids=lambda p: p.figure)
def test_brightness_says_nothing_and_red_against_green_everything(shown: Plate) -> None:
    assert overlap(shown.dots, lambda dot: luminance(dot.colour)) == pytest.approx(0.5, abs=0.13)
    ratio = overlap(shown.dots, lambda dot: lms(dot.colour)[0] / lms(dot.colour)[1])
    assert ratio in (0.0, 1.0)


def test_whole_eyes_read_them_all_and_brightness_reads_no_more_than_chance() -> None:
    sources = [(p.figure, source_of(p)) for p in PLATES]
    assert all(eyes.figure(source) == figure for figure, source in sources)
    by_brightness = sum(eyes.figure(source, eyes.brightness) == figure for figure, source in sources)
    assert by_brightness <= 5


@pytest.mark.parametrize(("missing", "left"), [(Cone.L, 1), (Cone.M, 0)])
def test_who_lacks_a_cone_does_not_read_its_plates(missing: Cone, left: int) -> None:
    """An eye that adds every pixel up is better than anybody's, and still too poor for five of six."""
    shown = [plate(random.Random(90 + n), FIGURES[n], missing) for n in range(8)]
    read = sum(eyes.figure(source_of(p), cone(left)) == p.figure for p in shown)
    assert read <= 4


def test_the_demonstration_is_read_by_brightness_alone() -> None:
    for seed in range(4):
        shown = demonstration(random.Random(seed))
        assert eyes.figure(source_of(shown), eyes.brightness) == shown.figure
