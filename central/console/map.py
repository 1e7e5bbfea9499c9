"""Where the stations lie, drawn to scale from their coordinates: no map is fetched from anywhere. Pure values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from central.console.standing import Light, Standing
from central.tables import Site

WIDTH, HEIGHT = 1120.0, 300.0
_MARGIN = 46.0
_DEGREE_KM = 111.32
"""Kilometres of one degree of latitude, and of one of longitude at the equator."""
_LEAST_KM = 4.0
"""A city of one station is drawn with so much around it."""
_WORST = (Light.BAD, Light.ATTENTION, Light.OFF, Light.GOOD)
_ROUND = (1, 2, 5, 10, 20, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Pin:
    """One site with terminals: where, in the drawing's units, how many, and the light of the worst of them."""

    id: str
    name: str
    x: float
    y: float
    terminals: int
    light: Light
    left: bool
    """Its name stands at the left, where the right would leave the drawing."""


@dataclass(frozen=True, slots=True)
class Map:
    """Pins, and what a bar of so many kilometres measures; `elsewhere` are sites without coordinates."""

    pins: tuple[Pin, ...]
    scale_km: int
    scale: float
    elsewhere: tuple[str, ...]


def drawn(sites: Mapping[str, Site], terminals: Iterable[Standing], names: Mapping[str, str]) -> Map:
    """The map of these terminals; `names` gives the site of each. North is up."""
    by_site: dict[str, list[Standing]] = {}
    for one in terminals:
        if one.id in names:
            by_site.setdefault(names[one.id], []).append(one)
    known = [sites[site] for site in sorted(by_site) if site in sites]
    placed = [site for site in known if site.latitude is not None and site.longitude is not None]
    elsewhere = tuple(site.name for site in known if site not in placed)
    if not placed:
        return Map((), 0, 0.0, elsewhere)
    points = _kilometres([(site.latitude or 0.0, site.longitude or 0.0) for site in placed])
    east, north = [x for x, _ in points], [y for _, y in points]
    middle = (min(east) + max(east)) / 2, (min(north) + max(north)) / 2
    wide = max(max(east) - min(east), _LEAST_KM)
    high = max(max(north) - min(north), _LEAST_KM / 2)
    unit = min((WIDTH - 2 * _MARGIN) / wide, (HEIGHT - 2 * _MARGIN) / high)
    pins = tuple(
        _pin(site, WIDTH / 2 + (x - middle[0]) * unit, HEIGHT / 2 - (y - middle[1]) * unit, by_site[site.id])
        for site, (x, y) in zip(placed, points, strict=True)
    )
    bar = max((km for km in _ROUND if km * unit <= WIDTH / 4), default=_ROUND[0])
    return Map(pins, bar, round(bar * unit, 1), elsewhere)


def _pin(site: Site, x: float, y: float, there: Sequence[Standing]) -> Pin:
    lights = {one.light for one in there}
    worst = next(light for light in _WORST if light in lights)
    return Pin(site.id, site.name, round(x, 1), round(y, 1), len(there), worst, left=x > WIDTH * 0.7)


def _kilometres(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """East and north of the first, on a plane: a province is small enough for that."""
    first = places[0]
    narrowed = math.cos(math.radians(first[0]))
    return [((lon - first[1]) * _DEGREE_KM * narrowed, (lat - first[0]) * _DEGREE_KM) for lat, lon in places]
