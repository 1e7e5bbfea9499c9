"""The product cut from a frame: where to cut, how far the hair reaches, and a JPEG of the right size.

Geometry as a `PortraitStandard` holds it. For the identity card the eye line has precedence over the margin above the
hair; where the height of the head is ruled, the place and size with the most room to every rule are looked for. The
accepted frame is resampled exactly once, in linear light; nothing is retouched, levelled or replaced.
"""

from __future__ import annotations

import enum
import functools
import io
import math
from dataclasses import dataclass, replace
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageCms

from kiosk.people.portrait import PortraitStandard
from kiosk.vision.detection import Face, Mesh
from kiosk.vision.measures import face_width, middle
from kiosk.vision.picture import Image, Point, resample, resize

ENLARGED_AT_MOST = 1.2
"""A product enlarged further than this from the frame is not offered: the citizen comes closer instead."""

Grid = NDArray[np.float64]

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
    """Frame row of the hair's top where it could be seen."""
    inferred_crown: float | None = None
    """Frame row where it must be about, by the proportions of the face; told as inferred."""

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


_BLUR_REACH = 4
"""Steps beyond the columns looked at that their blur reaches."""


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
    # Only the columns that are looked at are made calm.
    first = max(0, min(left, *(a for a, _ in usable)) // step - _BLUR_REACH) * step
    last = max(right, *(b for _, b in usable)) + _BLUR_REACH * step
    calm = cv2.GaussianBlur(frame[top:low, first:last], (0, 0), 1.2 * step)[::step, ::step].astype(np.float32)
    # Every third column of the wall tells its level as well as all of them.
    references = [calm[:, (a - first) // step : (b - first) // step : 3] for a, b in usable]
    middles = [np.median(part, axis=1) for part in references]
    reference = np.mean(middles, axis=0)
    noise = float(np.mean([np.abs(part - of[:, None]).mean() for part, of in zip(references, middles, strict=True)]))
    if noise > 9 or float(np.median(reference, axis=0).min()) < 40:
        return None
    strip = calm[:, (left - first) // step : (right - first) // step]
    # The wall behind the head may be a little brighter or darker than beside it: its own level is taken from the top.
    level = np.median(strip[:3], axis=(0, 1)) - np.median(reference[:3], axis=0)
    if float(np.abs(level).max()) > 20:
        return None
    away = np.abs(strip - (reference + level)[:, None, :])
    differs = np.maximum(np.maximum(away[:, :, 0], away[:, :, 1]), away[:, :, 2]) > max(11.0, 5 * noise)
    hair = differs.mean(axis=1) >= 0.12
    need = max(3, round(0.03 * width / step))
    lasting = np.convolve(hair.astype(np.int64), np.ones(need, dtype=np.int64), "valid")[: max(0, len(hair) - need)]
    rows = np.flatnonzero(lasting == need)
    return None if len(rows) == 0 or rows[0] <= 1 else float(top + int(rows[0]) * step)


CROWN_ABOVE_EYES = 1.12
"""The hair's top above the eyes over the chin below them; drawn people have 0.96 to 1.30."""
_CHIN_BELOW_EYES = 0.83
"""Of the face's width, where no mesh says where the chin is."""


def chin_below(face: Face, mesh: Mesh | None) -> float | None:
    """Frame pixels from the middle of the eyes down to the chin; by proportion without a mesh."""
    if mesh is not None:
        return float(mesh.points[152, 1]) - middle(*mesh.eyes)[1]
    return None if face.eyes is None else face_width(face, mesh) * _CHIN_BELOW_EYES


def plan(standard: PortraitStandard, face: Face, mesh: Mesh | None, crown: float | None) -> Cut | None:
    """Where to cut, or None for a face whose eyes are not known."""
    below = chin_below(face, mesh)
    if face.eyes is None or below is None:
        return None
    inferred = None if crown is not None else middle(*face.eyes)[1] - CROWN_ABOVE_EYES * below
    if standard.head_height_max:
        cut = _by_the_head(standard, face, face_width(face, mesh), crown, inferred, below)
    else:
        cut = _by_the_face(standard, face, mesh, crown)
    return None if cut is None else replace(cut, inferred_crown=inferred)


def _room(values: Grid, low: float, high: float) -> Grid:
    """How far inside its range a value is: 1 in the middle, 0 at the edge; everything is inside where high is 0."""
    if not high:
        return np.ones_like(values)
    return np.minimum(values - low, high - values) / ((high - low) / 2)


def _by_the_head(
    standard: PortraitStandard, face: Face, width: float, crown: float | None, inferred: float | None, below: float
) -> Cut | None:
    """The size and height of the eyes with the most room to the nearest of all rules."""
    if face.eyes is None:
        return None
    x, y = middle(*face.eyes)
    top = crown if crown is not None else inferred
    if top is None:
        return None
    above = y - top
    head = above + below
    wanted = (standard.head_height_min + standard.head_height_max) / 2
    scales, eyes = np.meshgrid(
        wanted / head * np.linspace(0.88, 1.12, 49), np.linspace(0.2, 0.6, 121) * standard.height, indexing="ij"
    )
    chin = standard.height - (eyes + below * scales)
    tolerance = standard.face_width_tolerance
    rules = (
        _room(head * scales, standard.head_height_min, standard.head_height_max),
        _room(width * scales, standard.face_width - tolerance, standard.face_width + tolerance),
        _room(math.dist(*face.eyes) * scales, standard.eye_distance_min, standard.eye_distance_max),
        _room(eyes - above * scales, standard.hair_top_min, standard.hair_top_max),
        _room(eyes, standard.eyes_below_top_min, standard.eyes_below_top_max),
        np.minimum(1.0, (chin - standard.chin_above_bottom_min) / 20),
    )
    best = int(np.argmin(-np.minimum.reduce(rules)))
    scale, row = float(scales.ravel()[best]), float(eyes.ravel()[best])
    return Cut(
        x=x - standard.width / scale / 2,
        y=y - row / scale,
        width=standard.width / scale,
        height=standard.height / scale,
        scale=scale,
        crown=crown,
    )


def _by_the_face(standard: PortraitStandard, face: Face, mesh: Mesh | None, crown: float | None) -> Cut | None:
    """By the face's width and the line of the eyes.

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
    """The product's pixels, resampled once in linear light. The cut must lie inside the frame; it is rounded to whole
    frame pixels.
    """
    return resample(_part(frame, cut), standard.width, standard.height)


def sketch(frame: Image, cut: Cut, standard: PortraitStandard) -> Image:
    """As the product will be, quickly, to look at what is behind the head."""
    return resize(_part(frame, cut), standard.width, standard.height)


def _part(frame: Image, cut: Cut) -> Image:
    height, width = frame.shape[:2]
    wide, high = min(width, round(cut.width)), min(height, round(cut.height))
    x = max(0, min(width - wide, round(cut.x)))
    y = max(0, min(height - high, round(cut.y)))
    return np.ascontiguousarray(frame[y : y + high, x : x + wide])


@functools.cache
def srgb_profile() -> bytes:
    """The colour profile that says how the codes are meant. Its date is left blank: equal bytes each time."""
    plain: Any = cast(Any, ImageCms).createProfile("sRGB")
    made = bytearray(ImageCms.ImageCmsProfile(plain).tobytes())
    made[24:36] = bytes(12)
    return bytes(made)


def encode(product: Image, standard: PortraitStandard) -> bytes:
    """24-bit sRGB JPEG with the standard's resolution: the best quality that stays within its greatest size.

    A very even picture may stay below the least size all the same. It is not filled up with bytes that show nothing:
    an office's least size is there to keep pictures out that were compressed too much.
    """
    picture = Pillow.fromarray(np.ascontiguousarray(product[:, :, ::-1]))

    def at(quality: int) -> bytes:
        out = io.BytesIO()
        picture.save(
            out,
            "JPEG",
            quality=quality,
            subsampling=0,
            dpi=(standard.dpi, standard.dpi),
            icc_profile=srgb_profile(),
            optimize=True,
        )
        return out.getvalue()

    low, high = 20, 100
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
    """Where it could be seen."""
    inferred_hair_top: float | None = None
    head_height: float | None = None
    """From chin to crown, seen or inferred."""
    eye_distance: float = 0.0
    chin_above_bottom: float | None = None

    def listed(self) -> tuple[tuple[str, float, int], ...]:
        """As a `Shot` carries them beside the measures: pixels of the product; quality 0 marks what is inferred."""
        seen = 100 if self.hair_top is not None else 0
        top = self.hair_top if self.hair_top is not None else self.inferred_hair_top
        found = [
            ("ProductEyesAboveBottom", self.eyes_above_bottom, 100),
            ("ProductEyesAcross", self.eyes_x, 100),
            ("ProductFaceWidth", self.face_width, 100),
            ("ProductEyeDistance", self.eye_distance, 100),
        ]
        if top is not None:
            found.append(("ProductCrown", top, seen))
        if self.head_height is not None:
            found.append(("ProductHeadHeight", self.head_height, seen))
        return tuple((name, round(value, 2), quality) for name, value, quality in found)


def geometry(cut: Cut, standard: PortraitStandard, face: Face, mesh: Mesh | None) -> Geometry | None:
    if face.eyes is None:
        return None
    x, y = cut.place(middle(*face.eyes))
    below = chin_below(face, mesh)
    tops = [None if row is None else cut.place((0.0, row))[1] for row in (cut.crown, cut.inferred_crown)]
    top = tops[0] if tops[0] is not None else tops[1]
    chin = None if below is None else y + below * cut.scale
    return Geometry(
        eyes_above_bottom=standard.height - y,
        eyes_x=x,
        face_width=face_width(face, mesh) * cut.scale,
        hair_top=tops[0],
        inferred_hair_top=tops[1],
        head_height=None if chin is None or top is None else chin - top,
        eye_distance=math.dist(*face.eyes) * cut.scale,
        chin_above_bottom=None if chin is None else standard.height - chin,
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
    if measured.hair_top is not None and not standard.head_height_max:
        on_the_line = measured.eyes_above_bottom < standard.eyes_above_bottom_min + 4
        if measured.hair_top > standard.hair_top_max or (
            measured.hair_top < standard.hair_top_min and not on_the_line
        ):
            broken.append("hair-top")
    broken += _head_rules(standard, measured)
    if not standard.bytes_min <= size <= standard.bytes_max:
        broken.append("bytes")
    return tuple(broken)


def _head_rules(standard: PortraitStandard, measured: Geometry) -> list[str]:
    """Rules of standards that rule the head's height; an inferred crown is believed to a fifteenth of the head."""
    if not standard.head_height_max:
        return []
    guess = 0.0 if measured.hair_top is not None or measured.head_height is None else measured.head_height / 15
    top = measured.hair_top if measured.hair_top is not None else measured.inferred_hair_top
    below_top = standard.height - measured.eyes_above_bottom

    def outside(value: float | None, low: float, high: float, slack: float) -> bool:
        return value is not None and bool(high) and not low - slack <= value <= high + slack

    rules = (
        ("head-height", measured.head_height, standard.head_height_min, standard.head_height_max, guess),
        ("hair-top", top, standard.hair_top_min, standard.hair_top_max, guess),
        ("eyes-below-top", below_top, standard.eyes_below_top_min, standard.eyes_below_top_max, 0.0),
        ("eye-distance", measured.eye_distance, standard.eye_distance_min, standard.eye_distance_max, 0.0),
        ("chin", measured.chin_above_bottom, standard.chin_above_bottom_min, standard.height, 0.0),
    )
    return [name for name, value, low, high, slack in rules if outside(value, low, high, slack)]
