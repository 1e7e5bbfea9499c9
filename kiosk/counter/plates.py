"""Colour plates of our own: a figure of dots among dots, told apart by red against green alone.

The two colours of a plate lie on a line of confusion: they differ in one kind of cone only (Vienot, Brettel, Mollon
1999), so that whoever lacks it sees one colour. Brightness and blue against yellow are noise, dealt to figure
and ground alike: they give nothing away. The demonstration plate differs in brightness, for everybody.
"""

from __future__ import annotations

import enum
import io
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

FIGURES = "23456789"
"""0 and 1 are too like a ring and a bar to be read among dots."""
SIZE = 600
_DOTS, _SMALLEST, _LARGEST = 900, 5.0, 14.0
_TRIES = 7_000
_GAP = 1.5
_LEVELS = (0.30, 0.42, 0.54, 0.66, 0.78, 0.90)
"""Brightness of a dot, as a share of what the colour allows."""
_TINTS = (-0.12, 0.0, 0.12)
"""Blue against yellow, as a share of the S cones' signal."""
_SCALE = 2
"""Drawn larger and made smaller, so that dots are round."""
_MIDDLE = (0.62, 0.54, 0.34)
"""What the two colours of a plate have in common, in linear RGB: all their noises can be shown."""
_APART = 0.09
"""How far each of them is from there, as a share of the cone's signal."""

_TO_LMS = ((17.8824, 43.5161, 4.11935), (3.45565, 27.1554, 3.86714), (0.0299566, 0.184309, 1.46709))
"""Linear RGB to cone signals."""
_TO_RGB = (
    (0.0809444479, -0.130504409, 0.116721066),
    (-0.0102485335, 0.0540193266, -0.113614708),
    (-0.000365296938, -0.00412161469, 0.693511405),
)
_LUMINANCE = (0.2126, 0.7152, 0.0722)
"""Of linear sRGB (IEC 61966-2-1)."""

Colour = tuple[float, float, float]
Place = tuple[float, float, float]
"""Of a dot: x, y, radius."""


class Cone(enum.Enum):
    """Which cones tell figure from ground: without L nobody with protanopia, without M nobody with deuteranopia."""

    L = 0
    M = 1


@dataclass(frozen=True, slots=True)
class Dot:
    """Where, how large, what colour (linear RGB), and whether it belongs to the figure."""

    x: float
    y: float
    radius: float
    colour: Colour
    figure: bool


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate; equal generators give equal plates."""

    figure: str
    dots: tuple[Dot, ...]

    def png(self) -> bytes:
        """As it is shown."""
        return _drawn(self.dots)


def demonstration(chance: random.Random) -> Plate:
    """Read by everybody who sees at all: dark on bright."""
    figure = chance.choice(FIGURES)
    dark, bright = (0.05, 0.06, 0.10), (0.62, 0.60, 0.52)
    places = _places(chance)
    dots = tuple(
        Dot(x, y, r, _times(dark if _inside(figure, x, y) else bright, chance.choice(_LEVELS)), _inside(figure, x, y))
        for x, y, r in places
    )
    return Plate(figure, dots)


def series(chance: random.Random, count: int) -> Iterator[Plate]:
    """So many plates, each made when it is wanted; the two kinds in turn, no figure twice before all were shown."""
    figures: list[str] = []
    while len(figures) < count:
        figures += chance.sample(FIGURES, len(FIGURES))
    kinds = chance.sample(tuple(Cone), len(Cone))
    places = _places(chance)
    for n in range(count):
        yield _plate(chance, _turned(places, chance), figures[n], kinds[n % len(kinds)])


def plate(chance: random.Random, figure: str, cone: Cone) -> Plate:
    """One plate whose figure is told by one kind of cone."""
    return _plate(chance, _places(chance), figure, cone)


def _plate(chance: random.Random, places: list[Place], figure: str, cone: Cone) -> Plate:
    ours, others = pair(cone)
    if chance.random() < 0.5:
        ours, others = others, ours
    noise = {True: _dealt(chance), False: _dealt(chance)}
    dots: list[Dot] = []
    for x, y, radius in places:
        inside = _inside(figure, x, y)
        level, tint = next(noise[inside])
        dots.append(Dot(x, y, radius, _noised(ours if inside else others, level, tint), inside))
    return Plate(figure, tuple(dots))


def _dealt(chance: random.Random) -> Iterator[tuple[float, float]]:
    """Brightness and tint, every one once before any comes again: figure and ground get the same share of each."""
    pack = [(level, tint) for level in _LEVELS for tint in _TINTS]
    while True:
        yield from chance.sample(pack, len(pack))


@cache
def pair(cone: Cone) -> tuple[Colour, Colour]:
    """Two colours, in linear RGB, that differ in one kind of cone.

    Where that cone alone differs the brightness of the two differs a little; where the brightness is the same, the
    other cones' signals differ a little. Half way between, the noise of brightness hides either.
    """
    first, second = (_shifted(lms(_MIDDLE), cone, sign * _APART) for sign in (1, -1))
    between = math.sqrt(luminance(first) * luminance(second))
    return (
        _times(first, math.sqrt(between / luminance(first))),
        _times(second, math.sqrt(between / luminance(second))),
    )


def lms(colour: Colour) -> Colour:
    """Cone signals of a linear RGB colour."""
    return _through(_TO_LMS, colour)


def luminance(colour: Colour) -> float:
    """Relative luminance of a linear RGB colour."""
    return sum(weight * part for weight, part in zip(_LUMINANCE, colour, strict=True))


def _shifted(middle: Colour, cone: Cone, share: float) -> Colour:
    parts = list(middle)
    parts[cone.value] *= 1 + share
    return _through(_TO_RGB, (parts[0], parts[1], parts[2]))


@cache
def _noised(colour: Colour, level: float, tint: float) -> Colour:
    """One of the few colours all dots have: kept, since a plate asks nine hundred times."""
    long, middle, short = lms(colour)
    tinted = _through(_TO_RGB, (long, middle, short * (1 + tint)))
    return _times(tinted, level * luminance(colour) / luminance(tinted))


def _times(colour: Colour, factor: float) -> Colour:
    return (colour[0] * factor, colour[1] * factor, colour[2] * factor)


def _through(matrix: tuple[Colour, Colour, Colour], colour: Colour) -> Colour:
    first, second, third = (sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix)
    return (first, second, third)


def _turned(places: list[Place], chance: random.Random) -> list[Place]:
    """The same dots, the disc turned by any angle and at times turned over: where they lie says nothing of a figure.

    Finding new places for every plate takes as long as drawing one.
    """
    middle, angle, over = SIZE / 2, chance.random() * 2 * math.pi, chance.choice((-1.0, 1.0))
    along, across = math.cos(angle), math.sin(angle)
    centred = [((x - middle) * over, y - middle, radius) for x, y, radius in places]
    return [(middle + x * along - y * across, middle + x * across + y * along, r) for x, y, r in centred]


def _places(chance: random.Random) -> list[Place]:
    """Dots that do not touch, in a disc."""
    middle = SIZE / 2
    cell = 2 * _LARGEST + _GAP
    grid: dict[tuple[int, int], list[Place]] = {}
    found: list[Place] = []
    for tried in range(_TRIES):
        # Large ones first: small ones fill what is left.
        radius = _LARGEST - (_LARGEST - _SMALLEST) * tried / _TRIES
        angle, away = chance.random() * 2 * math.pi, math.sqrt(chance.random()) * (middle - radius - 2)
        x, y = middle + away * math.cos(angle), middle + away * math.sin(angle)
        column, row = int(x // cell), int(y // cell)
        if _free(grid, column, row, x, y, radius + _GAP):
            found.append((x, y, radius))
            grid.setdefault((column, row), []).append((x, y, radius))
            if len(found) == _DOTS:
                break
    return found


def _free(grid: dict[tuple[int, int], list[Place]], column: int, row: int, x: float, y: float, wide: float) -> bool:
    """Whether nothing in this cell or one beside it is nearer than `wide` to its own edge. Asked very often."""
    for i in (column, column - 1, column + 1):
        for j in (row, row - 1, row + 1):
            for a, b, r in grid.get((i, j), ()):
                if (x - a) ** 2 + (y - b) ** 2 <= (wide + r) ** 2:
                    return False
    return True


@cache
def _shape(figure: str) -> Image.Image:
    """The figure in the middle of a plate, black on white."""
    font = ImageFont.load_default(SIZE * 0.86)
    image = Image.new("L", (SIZE, SIZE), 255)
    draw = ImageDraw.Draw(image)
    draw.text((SIZE / 2, SIZE / 2), figure, fill=0, font=font, anchor="mm", stroke_width=10)
    return image


def _inside(figure: str, x: float, y: float) -> bool:
    value = _shape(figure).getpixel((int(x), int(y)))
    assert isinstance(value, int)
    return value < 128


def _drawn(dots: tuple[Dot, ...]) -> bytes:
    wide = SIZE * _SCALE
    factor = wide / SIZE
    image = Image.new("RGB", (wide, wide), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    for dot in dots:
        x, y, r = dot.x * factor, dot.y * factor, dot.radius * factor
        draw.ellipse((x - r, y - r, x + r, y + r), fill=_coded(dot.colour))
    out = io.BytesIO()
    image.reduce(_SCALE).save(out, "PNG", compress_level=1)
    return out.getvalue()


@cache
def _coded(colour: Colour) -> tuple[int, int, int]:
    """sRGB's curve (IEC 61966-2-1)."""

    def curve(part: float) -> int:
        low = part <= 0.0031308
        return round(255 * (12.92 * part if low else 1.055 * part ** (1 / 2.4) - 0.055))

    return (curve(colour[0]), curve(colour[1]), curve(colour[2]))
