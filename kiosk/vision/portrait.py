"""The product cut from a frame: where to cut, how far the hair reaches, and a JPEG of the right size.

Geometry after GA/T 461-2004 as `PortraitStandard` holds it. The eye line has precedence over the margin above the
hair. Everything is resampled exactly once; nothing is retouched, levelled or replaced.
"""

from __future__ import annotations

import enum
import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from kiosk.people.portrait import PortraitStandard
from kiosk.vision.detection import Face, Mesh
from kiosk.vision.measures import face_width, middle
from kiosk.vision.picture import Image, Point, resize

ENLARGED_AT_MOST = 1.2
"""A product enlarged further than this from the frame is not offered: the citizen comes closer instead."""

_GUARD = 6
"""Pixels kept of each tolerance, so that what is cut still holds when measured again."""
_EYES_WITHOUT_CROWN = 0.045
"""Where the hair cannot be found, the eyes stand this share of the height above their least height."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A rectangle of the frame (pixels, not yet rounded) that becomes the product, `scale` product pixels a frame
    pixel.

    It may reach beyond the frame: `beyond` says on which side.
    """

    x: float
    y: float
    width: float
    height: float
    scale: float
    crown: float | None

    def place(self, spot: Point) -> Point:
        """A frame point in product pixels."""
        return ((spot[0] - self.x) * self.scale, (spot[1] - self.y) * self.scale)


class Side(enum.Enum):
    """Which edge of the frame a cut would cross."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"
    TOO_LARGE = "too-large"


def beyond(cut: Cut, frame_width: int, frame_height: int) -> tuple[Side, ...]:
    """The edges crossed; TOO_LARGE alone where no move to a side could help."""
    if cut.width > frame_width or cut.height > frame_height:
        return (Side.TOO_LARGE,)
    crossed = (
        (Side.LEFT, cut.x < -0.5),
        (Side.RIGHT, cut.x + cut.width > frame_width + 0.5),
        (Side.TOP, cut.y < -0.5),
        (Side.BOTTOM, cut.y + cut.height > frame_height + 0.5),
    )
    return tuple(side for side, over in crossed if over)


def crown_row(frame: Image, face: Face, mesh: Mesh | None) -> float | None:
    """The frame row where the hair begins, or None where it cannot be told from the background.

    Rows are compared with the background beside the head, from the top down. Needs a plain background and a head
    that does not touch the frame's upper edge.
    """
    if face.eyes is None:
        return None
    width = face_width(face, mesh)
    x, y = middle(*face.eyes)
    step = max(1, round(width / 160))
    top, low = max(0, round(y - 2.0 * width)), round(y - 0.45 * width)
    sides = (
        (round(x - 1.45 * width), round(x - 1.05 * width)),
        (round(x + 1.05 * width), round(x + 1.45 * width)),
    )
    usable = [(a, b) for a, b in sides if a >= 0 and b <= frame.shape[1]]
    left, right = max(0, round(x - 0.3 * width)), min(frame.shape[1], round(x + 0.3 * width))
    if low - top < 12 * step or not usable or right - left < 8 * step:
        return None
    calm: NDArray[np.float64] = cv2.GaussianBlur(frame[top:low], (0, 0), 1.2 * step)[::step, ::step].astype(
        np.float64
    )
    references = [calm[:, a // step : b // step] for a, b in usable]
    reference = np.mean([np.median(part, axis=1) for part in references], axis=0)
    noise = float(np.mean([np.abs(part - np.median(part, axis=1, keepdims=True)).mean() for part in references]))
    if noise > 9 or float(np.median(reference, axis=0).min()) < 40:
        return None
    strip = calm[:, left // step : right // step]
    # The wall behind the head may be a little brighter or darker than beside it: its own level is taken from the top.
    level = np.median(strip[:3], axis=(0, 1)) - np.median(reference[:3], axis=0)
    if float(np.abs(level).max()) > 20:
        return None
    differs = np.abs(strip - (reference + level)[:, None, :]).max(axis=2) > max(11.0, 5 * noise)
    hair = differs.mean(axis=1) >= 0.12
    need = max(3, round(0.03 * width / step))
    for row in range(len(hair) - need):
        if bool(hair[row : row + need].all()):
            return None if row <= 1 else float(top + row * step)
    return None


def plan(standard: PortraitStandard, face: Face, mesh: Mesh | None, crown: float | None) -> Cut | None:
    """Where to cut, or None for a face whose eyes are not known.

    The face is brought to the standard's width; within the tolerance it becomes smaller where the hair would not fit
    otherwise. Then the hair's top goes to the middle of its range, unless the eyes would sink under their line.
    """
    if face.eyes is None:
        return None
    width = face_width(face, mesh)
    x, y = middle(*face.eyes)
    lowest_eyes = standard.height - standard.eyes_above_bottom_min - 2.0
    """Product row that the eyes may not go below."""
    scale = standard.face_width / width
    if crown is None:
        eyes = lowest_eyes - standard.height * _EYES_WITHOUT_CROWN
    else:
        smallest = (standard.face_width - standard.face_width_tolerance + _GUARD) / width
        above = y - crown
        fits = (lowest_eyes - standard.hair_top_min - 2) / above
        scale = max(smallest, min(scale, fits))
        wanted = (standard.hair_top_min + standard.hair_top_max) / 2 + above * scale
        eyes = min(wanted, lowest_eyes)
    return Cut(
        x=x - standard.width / scale / 2,
        y=y - eyes / scale,
        width=standard.width / scale,
        height=standard.height / scale,
        scale=scale,
        crown=crown,
    )


def cut_out(frame: Image, cut: Cut, standard: PortraitStandard) -> Image:
    """The product's pixels. The cut must lie inside the frame; it is rounded to whole frame pixels."""
    height, width = frame.shape[:2]
    wide, high = min(width, round(cut.width)), min(height, round(cut.height))
    x = max(0, min(width - wide, round(cut.x)))
    y = max(0, min(height - high, round(cut.y)))
    return resize(np.ascontiguousarray(frame[y : y + high, x : x + wide]), standard.width, standard.height)


def encode(product: Image, standard: PortraitStandard) -> bytes:
    """24-bit JPEG with the standard's resolution: the best quality that stays within its greatest size."""
    picture = Pillow.fromarray(np.ascontiguousarray(product[:, :, ::-1]))

    def at(quality: int) -> bytes:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, subsampling=0, dpi=(standard.dpi, standard.dpi), optimize=True)
        return out.getvalue()

    low, high = 20, 97
    best = at(low)
    while low < high:
        quality = (low + high + 1) // 2
        data = at(quality)
        if len(data) <= standard.bytes_max:
            low, best = quality, data
        else:
            high = quality - 1
    return best


@dataclass(frozen=True, slots=True)
class Geometry:
    """What a finished product measures, in its own pixels; None where it could not be measured."""

    eyes_above_bottom: float
    eyes_x: float
    face_width: float
    hair_top: float | None


def geometry(cut: Cut, standard: PortraitStandard, face: Face, mesh: Mesh | None) -> Geometry | None:
    if face.eyes is None:
        return None
    x, y = cut.place(middle(*face.eyes))
    return Geometry(
        eyes_above_bottom=standard.height - y,
        eyes_x=x,
        face_width=face_width(face, mesh) * cut.scale,
        hair_top=None if cut.crown is None else cut.place((0.0, cut.crown))[1],
    )


def meets(standard: PortraitStandard, measured: Geometry, size: int) -> tuple[str, ...]:
    """The rules of the standard that a product breaks, by name; empty when it holds all of them.

    Hair above its margin is no breach where the eyes stand on their line, because the eye line has precedence.
    """
    broken: list[str] = []
    if abs(measured.face_width - standard.face_width) > standard.face_width_tolerance:
        broken.append("face-width")
    if measured.eyes_above_bottom < standard.eyes_above_bottom_min:
        broken.append("eye-line")
    if abs(measured.eyes_x - standard.width / 2) > standard.width * 0.05:
        broken.append("centre")
    if measured.hair_top is not None:
        on_the_line = measured.eyes_above_bottom < standard.eyes_above_bottom_min + 4
        if measured.hair_top > standard.hair_top_max or (
            measured.hair_top < standard.hair_top_min and not on_the_line
        ):
            broken.append("hair-top")
    if not standard.bytes_min <= size <= standard.bytes_max:
        broken.append("bytes")
    return tuple(broken)
