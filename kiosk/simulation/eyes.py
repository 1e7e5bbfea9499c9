"""How a person of the world sees what is on the glass: which way an E opens, which figure stands among coloured dots.

Nothing of the terminal's own drawing is used: a picture is looked at as it is shown.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFont

FIGURES = "0123456789"
_SIDE = 75

Pixel = tuple[int, int, int]


def opening(rows: Sequence[str]) -> str:
    """Where an E of rows of 1 and 0 is open: up, right, down or left."""
    columns = ["".join(row[x] for row in rows) for x in range(len(rows))]
    sides = {"up": rows[0], "right": columns[-1], "down": rows[-1], "left": columns[0]}
    return min(sides, key=lambda side: sides[side].count("1"))


def red_against_green(pixel: Pixel) -> float:
    """What an eye with all its cones tells a plate by."""
    red, green, _ = pixel
    return (red - green) / max(1, red + green)


def brightness(pixel: Pixel) -> float:
    """What an eye without colours has."""
    red, green, blue = pixel
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def figure(source: str, tell: Callable[[Pixel], float] = red_against_green) -> str:
    """The figure in a picture (a data URL), as far as one can be told; the likeliest is always named."""
    data = base64.b64decode(source.partition(",")[2])
    image = Image.open(io.BytesIO(data)).convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.NEAREST)
    raw = image.tobytes()
    seen: list[tuple[int, float]] = []
    for place in range(_SIDE * _SIDE):
        pixel = (raw[3 * place], raw[3 * place + 1], raw[3 * place + 2])
        if min(pixel) < 245:
            seen.append((place, tell(pixel)))

    def likeness(one: str) -> float:
        shape = _shape(one)
        inside = [value for place, value in seen if shape[place]]
        outside = [value for place, value in seen if not shape[place]]
        if not inside or not outside:
            return 0.0
        gap = sum(inside) / len(inside) - sum(outside) / len(outside)
        between = len(inside) * len(outside) / len(seen) ** 2
        return gap * gap * between

    return max(FIGURES, key=likeness)


@cache
def _shape(one: str) -> tuple[bool, ...]:
    image = Image.new("L", (_SIDE, _SIDE), 255)
    font = ImageFont.load_default(_SIDE * 0.86)
    ImageDraw.Draw(image).text((_SIDE / 2, _SIDE / 2), one, fill=0, font=font, anchor="mm", stroke_width=1)
    return tuple(value < 128 for value in image.tobytes())
