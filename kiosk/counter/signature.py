"""A signature as strokes, and its picture."""

from __future__ import annotations

import io
from typing import Any, cast

WIDTH, HEIGHT = 900, 300
MOST_POINTS = 20_000
LEAST_POINTS = 8

Point = tuple[int, int, int]
Stroke = tuple[Point, ...]


def strokes_of(raw: Any) -> tuple[Stroke, ...] | None:
    """Strokes as the pad sends them ([[x, y, ms], ...] each), or None: a dot, or nonsense."""
    if not isinstance(raw, list):
        return None
    strokes: list[Stroke] = []
    for item in cast("list[Any]", raw):
        if not isinstance(item, list):
            return None
        points: list[Point] = []
        for entry in cast("list[Any]", item):
            if not isinstance(entry, list) or len(cast("list[Any]", entry)) != 3:
                return None
            x, y, ms = (int(v) for v in cast("list[float]", entry))
            points.append((x, y, ms))
        strokes.append(tuple(points))
    count = sum(len(s) for s in strokes)
    if not LEAST_POINTS <= count <= MOST_POINTS:
        return None
    return tuple(strokes)


def draw(strokes: tuple[Stroke, ...]) -> bytes:
    """Black on transparent, as a PNG that is equal for equal strokes."""
    from PIL import Image, ImageDraw

    picture = Image.new("LA", (WIDTH, HEIGHT), (0, 0))
    pen = ImageDraw.Draw(picture)
    scale = WIDTH / 10_000
    for stroke in strokes:
        line = [(x * scale, y * scale) for x, y, _ in stroke]
        if len(line) == 1:
            line = [line[0], line[0]]
        pen.line(line, fill=(0, 255), width=5, joint="curve")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()
