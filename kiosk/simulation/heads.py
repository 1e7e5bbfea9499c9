"""Drawn heads that turn, blink and open the mouth: pixels of a drawing moved and painted, for whoever stands there.

A turned head is the drawing laid over a smooth head with a nose and turned as a body, so that near parts move further
than far ones. The spots of the face are those of the 468-point mesh; only the few named here are needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.uint8]
Field: TypeAlias = NDArray[np.float32]
Points: TypeAlias = NDArray[np.float64]

NOSE, CHIN, BROW = 1, 152, 9
LEFT_EYE, RIGHT_EYE = (33, 133, 159, 145, 105), (362, 263, 386, 374, 334)
"""Corners, upper lid, lower lid and brow of the eye at the picture's left and right."""
SPOTS = (NOSE, CHIN, BROW, 10, *LEFT_EYE, *RIGHT_EYE, 234, 454, 13, 14, 78, 308)
"""Every spot that is read here."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One person before the backdrop. `points` are the 468 spots of the mesh as the unchanged drawing has them."""

    picture: Image
    points: Points

    @property
    def eyes(self) -> tuple[Points, Points]:
        """Middles of the eye at the picture's left and of the one at its right."""
        return self.points[[33, 133], :2].mean(axis=0), self.points[[362, 263], :2].mean(axis=0)

    @property
    def eye_distance(self) -> float:
        """Pixels of the picture."""
        left, right = self.eyes
        return float(np.hypot(*(right - left)))

    @property
    def face_width(self) -> float:
        """Pixels of the picture between the cheeks."""
        return float(np.hypot(*(self.points[454, :2] - self.points[234, :2])))

    def painted(self, picture: Image) -> Figure:
        """The same person with other pixels."""
        return replace(self, picture=picture)


def grid(picture: Image) -> tuple[Field, Field]:
    height, width = picture.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return x, y


def taken_from(picture: Image, x: Field, y: Field) -> Image:
    return cast(
        Image,
        cv2.remap(
            picture,
            x.astype(np.float32),
            y.astype(np.float32),
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        ),
    )


def _moved_points(points: Points, right: Field, down: Field) -> Points:
    rows = np.clip(points[:, 1].round().astype(int), 0, right.shape[0] - 1)
    columns = np.clip(points[:, 0].round().astype(int), 0, right.shape[1] - 1)
    moved = points.copy()
    moved[:, 0] += right[rows, columns]
    moved[:, 1] += down[rows, columns]
    return moved


def pushed(figure: Figure, right: Field, down: Field) -> Figure:
    """Every pixel moved by what the fields say at the place it comes from."""
    x, y = grid(figure.picture)
    from_x, from_y = x.copy(), y.copy()
    for _ in range(12):
        from_x, from_y = (
            x - cv2.remap(right, from_x, from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
            y - cv2.remap(down, from_x, from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        )
    return Figure(taken_from(figure.picture, from_x, from_y), _moved_points(figure.points, right, down))


def bump(x: Field, y: Field, at: Points, wide: float, high: float) -> Field:
    return np.exp(-(((x - at[0]) / wide) ** 2) - ((y - at[1]) / high) ** 2).astype(np.float32)


def head(figure: Figure) -> tuple[Field, Field]:
    """Depth of the head before the plane of its ears (pixels), and how much a pixel belongs to the head."""
    x, y = grid(figure.picture)
    width = figure.face_width
    middle = figure.points[BROW, :2]
    centre_x, centre_y = middle[0], middle[1] + 0.12 * width
    across, along = (x - centre_x) / (0.72 * width), (y - centre_y) / (0.98 * width)
    inside = 1 - across**2 - along**2
    depth = 0.62 * width * np.sqrt(np.clip(inside, 0, None))
    depth += 0.17 * width * bump(x, y, figure.points[NOSE, :2], 0.11 * width, 0.15 * width)
    for eye in figure.eyes:
        depth -= 0.045 * width * bump(x, y, eye, 0.11 * width, 0.07 * width)
    belongs = 1 / (1 + np.exp(-(1.25 - np.sqrt(across**2 + along**2)) * 18))
    neck = np.clip((figure.points[CHIN, 1] + 0.35 * width - y) / (0.35 * width), 0, 1)
    return depth.astype(np.float32), (belongs * neck).astype(np.float32)


def turned(figure: Figure, *, yaw: float = 0.0, pitch: float = 0.0) -> Figure:
    """Degrees, up to about 25: yaw to the picture's right, pitch upwards. Only the head turns."""
    x, y = grid(figure.picture)
    depth, belongs = head(figure)
    centre = figure.points[BROW, :2] + (0, 0.12 * figure.face_width)
    a, b = math.radians(yaw), math.radians(pitch)
    right = (x - centre[0]) * (math.cos(a) - 1) + depth * math.sin(a)
    deep = depth * math.cos(a) - (x - centre[0]) * math.sin(a)
    down = (y - centre[1]) * (math.cos(b) - 1) - deep * math.sin(b)
    return pushed(figure, (right * belongs).astype(np.float32), (down * belongs).astype(np.float32))


def blinking(figure: Figure, share: float, *, eyes: tuple[int, ...] = (0, 1)) -> Figure:
    """Lids lowered by a share of the opening (1: shut): the skin above the eye is drawn down over it."""
    x, y = grid(figure.picture)
    from_y = y.copy()
    for which in eyes:
        inner, outer, upper, lower, brow = (figure.points[spot, :2] for spot in (LEFT_EYE, RIGHT_EYE)[which])
        middle = (inner[0] + outer[0]) / 2
        half = abs(outer[0] - inner[0]) / 2 * 1.25
        arch = np.sqrt(np.clip(1 - ((x - middle) / half) ** 2, 0, 1))
        opening = lower[1] - upper[1] + 0.05 * figure.eye_distance
        low = lower[1] + 0.02 * figure.eye_distance
        top = brow[1] + 0.35 * (upper[1] - brow[1])
        shut = share * opening * arch
        lid = low - shut
        # From the brow to the lid's new edge lies what lay from the brow to its old edge.
        span = np.clip(low - top, 1e-3, None)
        inside = (y > top) & (y < low) & (arch > 0)
        pulled = top + (y - top) * (lid - top) / span
        from_y = np.where(inside, pulled, from_y)
    return figure.painted(taken_from(figure.picture, x, from_y.astype(np.float32)))


def mouth_open(figure: Figure, share: float) -> Figure:
    """The lower lip and jaw down by a share of the eye distance; the gap is dark, with teeth above."""
    x, y = grid(figure.picture)
    left, right = figure.points[78, :2], figure.points[308, :2]
    line = float((figure.points[13, 1] + figure.points[14, 1]) / 2)
    middle, half = (left[0] + right[0]) / 2, abs(right[0] - left[0]) / 2
    gap = share * figure.eye_distance * np.sqrt(np.clip(1 - ((x - middle) / half) ** 2, 0, 1))
    chin = float(figure.points[CHIN, 1])
    fades = np.clip(1 - (y - line) / (chin - line), 0, 1)
    from_y = np.where(y > line, np.maximum(line, y - gap * fades), y)
    picture = taken_from(figure.picture, x, from_y.astype(np.float32))
    hole = (y > line) & (y < line + gap)
    teeth = hole & (y < line + gap * 0.35)
    picture[hole] = (28, 22, 58)
    picture[teeth] = (196, 208, 214)
    points = figure.points.copy()
    below = points[:, 1] > line
    points[below, 1] += share * figure.eye_distance * 0.6
    return Figure(cast(Image, cv2.GaussianBlur(picture, (0, 0), 0.6)), points)
