"""Draws `winter-night.png`, a picture as headquarters could push it: `python make.py OUT.png`."""

from __future__ import annotations

import math
import sys
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT, FINE = 1500, 600, 2
_NIGHT, _DUSK, _GLOW, _LIT = (9, 26, 58), (38, 74, 128), (255, 214, 140), (255, 236, 190)
_WALL, _ROOF, _DOOR, _SNOW, _SHADE = (22, 52, 98), (14, 36, 72), (46, 84, 138), (226, 235, 247), (188, 205, 229)

_STREET = ((-40, 210, 170), (150, 150, 120), (330, 130, 200), (1060, 190, 150), (1240, 140, 210), (1370, 190, 130))
"""Houses behind: left edge, width, height."""


def _mixed(one: tuple[int, int, int], other: tuple[int, int, int], part: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def draw() -> Image.Image:
    """A small station on a winter night: the only lit door of the street."""
    picture = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE))
    pen = ImageDraw.Draw(picture)

    def box(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
        return x * FINE, y * FINE, (x + width) * FINE, (y + height) * FINE

    for y in range(HEIGHT):
        pen.rectangle(box(0, y, WIDTH, 1), fill=_mixed(_NIGHT, _DUSK, (y / 440) ** 1.6 if y < 440 else 1.0))
    # The moon, and stars where a low sequence puts them: nothing here is by chance.
    pen.ellipse(box(1236, 66, 84, 84), fill=(240, 244, 250))
    pen.ellipse(box(1214, 54, 84, 84), fill=_mixed(_NIGHT, _DUSK, 0.07))
    for n in range(1, 46):
        x, y, size = (n * 0.61803 % 1) * WIDTH, (n * 0.41421 % 1) * 250 + 14, 2 + n % 3
        if not (1180 < x < 1350 and 30 < y < 180):
            pen.ellipse(box(x, y, size, size), fill=(198, 213, 238))
    for x, wide, high in _STREET:
        pen.rectangle(box(x, 462 - high, wide, high), fill=_mixed(_NIGHT, _DUSK, 0.42))
    _lay_snow(pen)
    # Light on the snow before the door.
    for step in range(26):
        part = step / 25
        pen.polygon(
            [
                ((752 - 60 - 210 * (1 - part)) * FINE, 596 * FINE),
                ((752 + 60 + 210 * (1 - part)) * FINE, 596 * FINE),
                ((752 + 62) * FINE, 470 * FINE),
                ((752 - 62) * FINE, 470 * FINE),
            ],
            fill=_mixed(_SNOW, _GLOW, 0.08 + 0.5 * part),
        )
    pen.rectangle(box(502, 232, 500, 242), fill=_WALL)
    for colour, corners in (
        (_ROOF, ((470, 240), (1034, 240), (986, 178), (518, 178))),
        (_SNOW, ((462, 240), (1042, 240), (1036, 226), (468, 226))),
        (_SNOW, ((512, 186), (992, 186), (980, 168), (524, 168))),
    ):
        pen.polygon([(x * FINE, y * FINE) for x, y in corners], fill=colour)
    for x in (544, 884):
        pen.rounded_rectangle(box(x, 290, 78, 96), 6 * FINE, fill=_DOOR)
        pen.rectangle(box(x + 36, 290, 6, 96), fill=_WALL)
    pen.rounded_rectangle(box(676, 288, 152, 186), 8 * FINE, fill=_GLOW)
    pen.rounded_rectangle(box(686, 298, 132, 176), 4 * FINE, fill=_LIT)
    pen.rectangle(box(749, 298, 6, 176), fill=_GLOW)
    # The shield over the door, and the terminal's screen behind it.
    pen.polygon([(x * FINE, y * FINE) for x, y in _shield(752, 256, 22)], fill=_LIT)
    pen.rounded_rectangle(box(706, 352, 30, 62), 4 * FINE, fill=_WALL)
    pen.rounded_rectangle(box(710, 357, 22, 30), 2 * FINE, fill=(120, 170, 235))
    _lamp(pen, 430)
    _lamp(pen, 1096)
    for n in range(1, 120):
        x, y, size = (n * 0.7548 % 1) * WIDTH, (n * 0.5698 % 1) * HEIGHT, 3 + n % 4
        pen.ellipse(box(x, y, size, size), fill=_SNOW if y < 440 else (255, 255, 255))
    return picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _lay_snow(pen: ImageDraw.ImageDraw) -> None:
    steps = range(0, WIDTH + 1, 10)
    ground = [(x * FINE, (462 + 9 * math.sin(x / 130) + 5 * math.sin(x / 47)) * FINE) for x in steps]
    pen.polygon([*ground, (WIDTH * FINE, HEIGHT * FINE), (0, HEIGHT * FINE)], fill=_SNOW)
    low = [(x * FINE, (548 + 12 * math.sin(x / 170 + 2)) * FINE) for x in steps]
    pen.polygon([*low, (WIDTH * FINE, HEIGHT * FINE), (0, HEIGHT * FINE)], fill=_SHADE)


def _shield(x: float, y: float, half: float) -> list[tuple[float, float]]:
    return [
        (x, y - half * 1.1),
        (x + half, y - half * 0.7),
        (x + half * 0.92, y + half * 0.3),
        (x, y + half * 1.2),
        (x - half * 0.92, y + half * 0.3),
        (x - half, y - half * 0.7),
    ]


def _lamp(pen: ImageDraw.ImageDraw, x: float) -> None:
    pen.rectangle((x * FINE, 300 * FINE, (x + 7) * FINE, 474 * FINE), fill=_ROOF)
    for radius, part in ((44, 0.14), (30, 0.3), (18, 1.0)):
        middle = x + 3.5
        pen.ellipse(
            ((middle - radius) * FINE, (292 - radius) * FINE, (middle + radius) * FINE, (292 + radius) * FINE),
            fill=_mixed(_mixed(_NIGHT, _DUSK, 0.55), _GLOW, part),
        )


if __name__ == "__main__":
    draw().convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(Path(sys.argv[1]), optimize=True)
