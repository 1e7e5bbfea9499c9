"""Pictures of whoever stands before the camera: 1280x720, a plain light backdrop, a person who sways a little."""

from __future__ import annotations

import enum
import io
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageOps

WIDTH, HEIGHT = 1280, 720
FRAMES_PER_SECOND = 15
SWAY_FRAMES = 60
"""The sway repeats after this many frames."""

_SWAY_PIXELS = 3.0
_BACKDROP = (198, 198, 198)
"""The wall: the shade of the backdrop the people were drawn on."""
_JPEG_QUALITY = 88
_EDGE = 0.12
"""The picture's own backdrop fades into the wall over this fraction, so that no edge shows around the person."""
_FACES = Path(__file__).resolve().parents[2] / "assets" / "simulation" / "faces"


class Pose(enum.Enum):
    """How somebody stands there."""

    FRONT = "front"
    FAR = "far"
    WITH_COMPANY = "with-company"
    TURNED = "turned"


@dataclass(frozen=True, slots=True)
class View:
    """One frame: who (None: nobody), who else, how, how bright (1: as it should be), and where in the sway."""

    face: str | None
    other: str
    pose: Pose
    gain: float
    number: int


@lru_cache(maxsize=4)
def _cast(face: str) -> Image.Image:
    with Image.open(_FACES / f"cast_{face}.jpg") as picture:
        return picture.convert("RGB")


def _fading_mask(size: tuple[int, int], *, from_above: bool) -> Image.Image:
    """Opaque in the middle, clear at both sides, and clear above where the picture does not reach the top."""
    level = Image.linear_gradient("L").point([min(255, round(v / _EDGE)) for v in range(256)])
    from_left = level.rotate(90).resize(size)
    mask = ImageChops.darker(from_left, ImageOps.mirror(from_left))
    return ImageChops.darker(mask, level.resize(size)) if from_above else mask


def _standing(face: str, scale: float, centre: float) -> Image.Image:
    """The person at a scale (1: fills the height) with the middle at a fraction of the width."""
    source = _cast(face)
    ratio = HEIGHT / source.height * scale
    size = (round(source.width * ratio), round(source.height * ratio))
    person = source.resize(size, Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", (WIDTH, HEIGHT), _BACKDROP)
    mask = _fading_mask(size, from_above=size[1] < HEIGHT)
    canvas.paste(person, (round(WIDTH * centre - size[0] / 2), HEIGHT - size[1]), mask)
    return canvas


def _turned(picture: Image.Image) -> Image.Image:
    """As if the person looked past the camera: one half squeezed, the other stretched."""
    middle = WIDTH // 2
    left = picture.crop((middle - 400, 0, middle, HEIGHT)).resize((200, HEIGHT))
    right = picture.crop((middle, 0, middle + 400, HEIGHT)).resize((480, HEIGHT))
    canvas = Image.new("RGB", (WIDTH, HEIGHT), _BACKDROP)
    canvas.paste(left, (middle - 300, 0))
    canvas.paste(right, (middle - 100, 0))
    return canvas


@lru_cache(maxsize=8)
def _scene(face: str | None, other: str, pose: Pose) -> Image.Image:
    if face is None:
        return Image.new("RGB", (WIDTH, HEIGHT), _BACKDROP)
    match pose:
        case Pose.FAR:
            return _standing(face, 0.3, 0.5)
        case Pose.WITH_COMPANY:
            canvas = _standing(face, 0.8, 0.28)
            canvas.paste(_standing(other, 0.8, 0.74).crop((WIDTH // 2, 0, WIDTH, HEIGHT)), (WIDTH // 2, 0))
            return canvas
        case Pose.TURNED:
            return _turned(_standing(face, 1.0, 0.5))
        case Pose.FRONT:
            return _standing(face, 1.0, 0.5)


@lru_cache(maxsize=2 * SWAY_FRAMES)
def frame_jpeg(view: View) -> bytes:
    """One frame as JPEG; equal views are equal bytes."""
    phase = 2 * math.pi * (view.number % SWAY_FRAMES) / SWAY_FRAMES
    right, down = _SWAY_PIXELS * math.sin(phase), 0.5 * _SWAY_PIXELS * math.sin(2 * phase)
    picture = _scene(view.face, view.other, view.pose).transform(
        (WIDTH, HEIGHT),
        Image.Transform.AFFINE,
        (1, 0, -right, 0, 1, -down),
        Image.Resampling.BILINEAR,
        fillcolor=_BACKDROP,
    )
    if view.gain != 1.0:
        picture = picture.point([min(255, round(value * view.gain)) for value in range(256)] * 3)
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", quality=_JPEG_QUALITY)
    return encoded.getvalue()
