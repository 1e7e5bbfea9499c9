"""Where stations lie, drawn to scale."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from central.console.map import HEIGHT, WIDTH, Map, drawn
from central.console.standing import Light, Standing
from central.tables import Site


def standing(name: str, light: Light) -> Standing:
    return Standing(name, "", "terminal", light, "", None, None, False, (), (), (), (), (), False, 0, "", "")


def map_of(*places: tuple[float, float]) -> Map:
    sites = {
        f"s{n}": Site(id=f"s{n}", name=f"S{n}", address="", telephone="", latitude=lat, longitude=lon)
        for n, (lat, lon) in enumerate(places)
    }
    terminals = [standing(f"K{n}", Light.GOOD) for n in range(len(places))]
    return drawn(sites, terminals, {f"K{n}": f"s{n}" for n in range(len(places))})


PLACES = st.tuples(st.floats(37.5, 53.2), st.floats(97.2, 126.0))
"""Inner Mongolia, from corner to corner."""


@given(st.lists(PLACES, min_size=1, max_size=40))
def test_every_station_lies_within_the_drawing(places: list[tuple[float, float]]) -> None:
    made = map_of(*places)
    assert len(made.pins) == len(places)
    assert all(0 <= pin.x <= WIDTH and 0 <= pin.y <= HEIGHT for pin in made.pins)


def test_north_is_up_east_is_right_and_the_bar_measures() -> None:
    south, north = map_of((40.60, 109.80), (40.65, 109.85)).pins
    assert north.y < south.y and north.x > south.x
    made = map_of((40.60, 109.80), (40.65, 109.80))
    south, north = made.pins
    assert math.isclose((south.y - north.y) / 5.566, made.scale / made.scale_km, rel_tol=0.01)


def test_a_station_shows_the_worst_of_its_terminals_and_one_without_coordinates_is_named() -> None:
    sites = {
        "a": Site(id="a", name="A", address="", telephone="", latitude=40.6, longitude=109.8),
        "b": Site(id="b", name="B", address="", telephone=""),
    }
    terminals = [standing("1", Light.GOOD), standing("2", Light.ATTENTION), standing("3", Light.BAD)]
    made = drawn(sites, terminals, {"1": "a", "2": "a", "3": "b"})
    assert [(pin.name, pin.terminals, pin.light) for pin in made.pins] == [("A", 2, Light.ATTENTION)]
    assert made.elsewhere == ("B",)
    assert drawn({}, [], {}).pins == ()
