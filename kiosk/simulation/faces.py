"""Pictures of whoever stands before the camera: 1280x720, a plain light backdrop, a person who sways a little."""

from __future__ import annotations

import enum
import io
import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageOps

from kiosk.simulation import heads
from kiosk.simulation.state import Move

WIDTH, HEIGHT = 1280, 720
FRAMES_PER_SECOND = 15
SWAY_FRAMES = 60
"""The sway repeats after this many frames."""

_WAIT_FRAMES, _SWING = 4, (0.5, 0.87, 1.0, 1.0, 0.87, 0.5)
MOVE_FRAMES = _WAIT_FRAMES + len(_SWING)
"""Whoever is asked for a move needs a moment, does it, and does it again when it is still asked for."""
_TURN_DEGREES = 26.0
_OPEN_EYE_DISTANCES = 0.4
_NEARER = 0.34

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
    up: float = 0.0
    """So much of the picture higher than usual."""
    nearer: float = 0.0
    """So much larger in it."""
    move: Move = Move.NONE
    step: int = 0
    """Of MOVE_FRAMES: where in the move."""


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


@lru_cache(maxsize=12)
def _spots(face: str) -> heads.Points:
    """Where the parts of this face are in its drawing: rows as in the mesh of 468, those that were not kept are 0."""
    points = np.zeros((468, 3))
    for spot, place in json.loads((_FACES / "spots.json").read_text("utf-8"))[face].items():
        points[int(spot), :2] = place
    return points


@lru_cache(maxsize=24)
def _moved(face: str, move: Move, share: float) -> Image.Image:
    """The drawing with its head in the middle of a move."""
    figure = heads.Figure(np.asarray(_cast(face))[:, :, ::-1].copy(), _spots(face))
    match move:
        case Move.TURN_LEFT:
            figure = heads.turned(figure, yaw=_TURN_DEGREES * share)
        case Move.TURN_RIGHT:
            figure = heads.turned(figure, yaw=-_TURN_DEGREES * share)
        case Move.OPEN_MOUTH:
            figure = heads.mouth_open(figure, _OPEN_EYE_DISTANCES * share)
        case Move.BLINK:
            figure = heads.blinking(figure, share)
        case Move.COME_NEARER | Move.NONE:
            return _cast(face)
    return Image.fromarray(figure.picture[:, :, ::-1].copy())


def _moving(view: View) -> Image.Image:
    face = view.face or ""
    share = 0.0 if view.step < _WAIT_FRAMES else _SWING[view.step - _WAIT_FRAMES]
    nearer = _NEARER * share if view.move is Move.COME_NEARER else 0.0
    source = _moved(face, view.move, share) if share else _cast(face)
    return _standing(source, 1.0 + view.nearer + nearer, 0.5, view.up)


def _standing(source: Image.Image, scale: float, centre: float, up: float = 0.0) -> Image.Image:
    """The person at a scale (1: fills the height) with the middle at a fraction of the width, so much higher."""
    ratio = HEIGHT / source.height * scale
    size = (round(source.width * ratio), round(source.height * ratio))
    person = source.resize(size, Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", (WIDTH, HEIGHT), _BACKDROP)
    mask = _fading_mask(size, from_above=size[1] < HEIGHT)
    left, raised = round(WIDTH * centre - size[0] / 2), round(HEIGHT * up)
    canvas.paste(person, (left, HEIGHT - size[1] - raised), mask)
    if raised > 0:
        # The drawing ends at the chest; what is worn goes on below it.
        below, strip = (0, size[1] - 1, size[0], size[1]), (size[0], raised)
        canvas.paste(person.crop(below).resize(strip), (left, HEIGHT - raised), mask.crop(below).resize(strip))
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
def _scene(face: str | None, other: str, pose: Pose, up: float, nearer: float) -> Image.Image:
    if face is None:
        return Image.new("RGB", (WIDTH, HEIGHT), _BACKDROP)
    match pose:
        case Pose.FAR:
            return _standing(_cast(face), 0.3, 0.5)
        case Pose.WITH_COMPANY:
            canvas = _standing(_cast(face), 0.8, 0.28)
            canvas.paste(_standing(_cast(other), 0.8, 0.74).crop((WIDTH // 2, 0, WIDTH, HEIGHT)), (WIDTH // 2, 0))
            return canvas
        case Pose.TURNED:
            return _turned(_standing(_cast(face), 1.0, 0.5))
        case Pose.FRONT:
            return _standing(_cast(face), 1.0 + nearer, 0.5, up)


@lru_cache(maxsize=2 * SWAY_FRAMES)
def frame_jpeg(view: View) -> bytes:
    """One frame as JPEG; equal views are equal bytes."""
    phase = 2 * math.pi * (view.number % SWAY_FRAMES) / SWAY_FRAMES
    right, down = _SWAY_PIXELS * math.sin(phase), 0.5 * _SWAY_PIXELS * math.sin(2 * phase)
    moving = view.face is not None and view.move is not Move.NONE
    scene = _moving(view) if moving else _scene(view.face, view.other, view.pose, view.up, view.nearer)
    picture = scene.transform(
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
