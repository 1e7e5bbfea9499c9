"""Drawn people in other poses, expressions, light and dress than they were drawn in, for proofs and tests.

A figure is a drawn picture and where the parts of its face are. Everything is made by moving and painting pixels of
the twelve drawings: no photograph and no data set. A turned head is the drawing laid over a smooth head with a nose
and turned as a body, so that near parts move further than far ones; a photograph of it moves as a plane. The mesh
reads about half the degrees, because what a drawing does not show at its side cannot come into sight.
What is measured on these people shows that a way works. It says nothing about real people.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from kiosk.simulation.heads import (
    BROW,
    CHIN,
    LEFT_EYE,
    NOSE,
    RIGHT_EYE,
    Field,
    Figure,
    Points,
    bump,
    grid,
    head,
    mouth_open,
    pushed,
    taken_from,
)
from kiosk.vision.look import Looker
from kiosk.vision.picture import Image

CAST = ("1027", "1031", "1122", "1129", "1181", "1244", "1263", "1270", "1278", "1314", "1317", "1328")
FACES = Path(__file__).resolve().parents[2] / "assets" / "simulation" / "faces"
WIDTH, HEIGHT = 1280, 720
PEOPLE = 50
"""How many different people are made of the twelve."""


@functools.cache
def _drawing(number: str) -> Image:
    found = cv2.imread(str(FACES / f"cast_{number}.jpg"))
    if found is None:  # pyright: ignore[reportUnnecessaryComparison]
        raise FileNotFoundError(f"cast_{number}.jpg")
    return cast(Image, found)


def drawn(looker: Looker, number: str) -> Figure:
    """One of the twelve as drawn. Raises ValueError without the mesh's model."""
    picture = _drawing(number)
    mesh = looker.look(picture, None).mesh
    if mesh is None:
        raise ValueError("drawn people need the models of detector and mesh")
    return Figure(picture, mesh.points)


def person(looker: Looker, index: int) -> Figure:
    """The people from 0 to 49: the twelve, then their features in other proportions and other tones of skin."""
    figure = drawn(looker, CAST[index % len(CAST)])
    if index < len(CAST):
        return figure
    chance = np.random.default_rng(7000 + index)
    shape = chance.uniform(-1, 1, 4)
    figure = _reshaped(figure, shape)
    tone = float(chance.uniform(0.72, 1.12))
    warm = float(chance.uniform(0.96, 1.04))
    return _toned(figure, tone, warm)


def blended(one: Figure, other: Figure, share: float) -> Figure:
    """Somebody who looks like both: the other's picture laid over the first by eyes and chin, mixed by the share."""
    first, second = (np.asarray([*figure.eyes, figure.points[CHIN, :2]], dtype=np.float32) for figure in (one, other))
    height, width = one.picture.shape[:2]
    laid = cv2.warpAffine(
        other.picture, cv2.getAffineTransform(second, first), (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    return one.painted(cast(Image, cv2.addWeighted(one.picture, 1 - share, laid, share, 0)))


# Moving pixels ------------------------------------------------------------------------------------------------------


def rolled(figure: Figure, degrees: float) -> Figure:
    """The whole picture turned in its plane; positive: the picture's right eye goes down."""
    height, width = figure.picture.shape[:2]
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height * 0.5), -degrees, 1.0), dtype=np.float64)
    picture = cv2.warpAffine(figure.picture, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    points = figure.points.copy()
    points[:, :2] = points[:, :2] @ turn[:, :2].T + turn[:, 2]
    return Figure(cast(Image, picture), points)


def _reshaped(figure: Figure, shape: Points) -> Figure:
    """Jaw, eyes, nose and mouth in other proportions: four numbers from -1 to 1."""
    x, y = grid(figure.picture)
    width = figure.face_width
    jaw, apart, nose, mouth = (float(value) for value in shape)
    chin, tip = figure.points[CHIN, :2], figure.points[NOSE, :2]
    lips = figure.points[[13, 14], :2].mean(axis=0)
    right = jaw * 0.16 * (x - chin[0]) * bump(x, y, chin - (0, 0.2 * width), 0.6 * width, 0.35 * width)
    down = jaw * -0.04 * width * bump(x, y, chin, 0.4 * width, 0.3 * width)
    for eye, away in zip(figure.eyes, (-1, 1), strict=True):
        right += away * apart * 0.03 * width * bump(x, y, eye, 0.2 * width, 0.16 * width)
    right += nose * 0.22 * (x - tip[0]) * bump(x, y, tip, 0.16 * width, 0.18 * width)
    down += nose * 0.03 * width * bump(x, y, tip, 0.16 * width, 0.16 * width)
    right += mouth * 0.2 * (x - lips[0]) * bump(x, y, lips, 0.28 * width, 0.14 * width)
    return pushed(figure, right.astype(np.float32), down.astype(np.float32))


# Expression ---------------------------------------------------------------------------------------------------------


def mouth_in_a_hole(figure: Figure, share: float) -> Figure:
    """A stiff mask of this face with a hole for the mouth: the wearer's mouth opens in it, nothing else moves."""
    x, y = grid(figure.picture)
    left, right = figure.points[78, :2], figure.points[308, :2]
    line = float((figure.points[13, 1] + figure.points[14, 1]) / 2) + 0.12 * figure.eye_distance
    middle, half = (left[0] + right[0]) / 2, abs(right[0] - left[0]) / 2 * 1.15
    hole = ((x - middle) / half) ** 2 + ((y - line) / (0.26 * figure.eye_distance)) ** 2 < 1
    picture = np.where(hole[:, :, None], mouth_open(figure, share).picture, figure.picture)
    return figure.painted(picture.astype(np.uint8))


def looking_aside(figure: Figure, share: float) -> Figure:
    """Both irises moved by a share of the eye's width, to the picture's right where positive."""
    x, y = grid(figure.picture)
    right = np.zeros_like(x)
    for spots in (LEFT_EYE, RIGHT_EYE):
        inner, outer, upper, lower = (figure.points[spot, :2] for spot in spots[:4])
        wide, high = abs(outer[0] - inner[0]), max(4.0, lower[1] - upper[1])
        middle = np.asarray([(inner[0] + outer[0]) / 2, (upper[1] + lower[1]) / 2])
        right += share * wide * bump(x, y, middle, 0.38 * wide, 0.8 * high)
    moved = pushed(figure, right.astype(np.float32), np.zeros_like(right))
    return figure.painted(moved.picture)


# Dress --------------------------------------------------------------------------------------------------------------


def _cloth(figure: Figure, mask: Field, colour: tuple[int, int, int]) -> Figure:
    x, y = grid(figure.picture)
    folds = 1 + 0.05 * np.sin(x / 13 + y / 31) + 0.03 * np.sin(y / 17 - x / 29)
    paint = np.asarray(colour, dtype=np.float32)[None, None, :] * folds[:, :, None]
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.2)[:, :, None]
    return figure.painted(np.clip(figure.picture * (1 - soft) + paint * soft, 0, 255).astype(np.uint8))


def scarf(figure: Figure) -> Figure:
    """A cloth over hair, ears and neck, for faith or health; the outline of the face is free."""
    x, y = grid(figure.picture)
    width = figure.face_width
    top, chin = figure.points[10, :2], figure.points[CHIN, :2]
    centre_x, centre_y = figure.points[BROW, 0], (top[1] + chin[1]) / 2
    half = (chin[1] - top[1]) / 2
    face = ((x - centre_x) / (0.55 * width)) ** 2 + ((y - centre_y) / (1.06 * half)) ** 2 < 1
    around = ((x - centre_x) / (0.86 * width)) ** 2 + ((y - centre_y + 0.1 * width) / (1.75 * half)) ** 2 < 1
    below = (np.abs(x - centre_x) < 0.62 * width + 0.35 * np.clip(y - chin[1], 0, None)) & (y > chin[1] - half)
    return _cloth(figure, ((around | below) & ~face).astype(np.float32), (110, 74, 46))


def without_neck(figure: Figure) -> Figure:
    """A high collar or shoulders drawn up: cloth to the chin."""
    x, y = grid(figure.picture)
    chin = figure.points[CHIN, :2]
    width = figure.face_width
    edge = chin[1] - 0.03 * width + 0.55 * np.clip(np.abs(x - chin[0]) - 0.32 * width, 0, None)
    return _cloth(figure, (y > edge).astype(np.float32), (92, 66, 52))


def eye_patch(figure: Figure) -> Figure:
    """The eye at the picture's left is covered."""
    left, right = figure.eyes
    picture = figure.picture.copy()
    at = (round(left[0]), round(left[1]))
    axes = (round(0.36 * figure.eye_distance), round(0.27 * figure.eye_distance))
    cv2.line(
        picture,
        at,
        (round(right[0] + 0.8 * figure.eye_distance), round(right[1] - figure.eye_distance)),
        (30, 30, 34),
        5,
    )
    cv2.line(picture, at, (round(left[0] - 0.7 * figure.eye_distance), round(left[1])), (30, 30, 34), 5)
    cv2.ellipse(picture, at, axes, 0, 0, 360, (30, 30, 34), -1, cv2.LINE_AA)
    return figure.painted(picture)


def glasses(figure: Figure, *, strength: float = 0.12) -> Figure:
    """Frames with lenses that make the eyes smaller by the strength, as strong ones do; no reflection."""
    x, y = grid(figure.picture)
    from_x, from_y = x.copy(), y.copy()
    radius = 0.4 * figure.eye_distance
    for eye in figure.eyes:
        away = np.hypot(x - eye[0], y - eye[1])
        inside = away < radius
        from_x = np.where(inside, eye[0] + (x - eye[0]) * (1 + strength), from_x)
        from_y = np.where(inside, eye[1] + (y - eye[1]) * (1 + strength), from_y)
    picture = taken_from(figure.picture, from_x, from_y)
    thick = max(3, round(0.05 * figure.eye_distance))
    left, right = figure.eyes
    for eye in (left, right):
        cv2.circle(picture, (round(eye[0]), round(eye[1])), round(radius), (36, 30, 28), thick, cv2.LINE_AA)
    cv2.line(
        picture,
        (round(left[0] + radius), round(left[1])),
        (round(right[0] - radius), round(right[1])),
        (36, 30, 28),
        thick,
        cv2.LINE_AA,
    )
    return figure.painted(picture)


# Light and camera ---------------------------------------------------------------------------------------------------


def _toned(figure: Figure, gain: float, warm: float) -> Figure:
    """Skin (and hair) lighter or darker, the wall as it was."""
    _, belongs = head(figure)
    neck = np.zeros_like(belongs)
    chin = figure.points[CHIN, :2]
    x, y = grid(figure.picture)
    neck[(np.abs(x - chin[0]) < 0.45 * figure.face_width) & (y > chin[1] - 20)] = 1
    wall = np.median(figure.picture[:60].reshape(-1, 3), axis=0)
    away = np.abs(figure.picture.astype(np.float32) - wall).max(axis=2)
    weight = np.maximum(belongs, cv2.GaussianBlur(neck, (0, 0), 6)) * np.clip((away - 14) / 18, 0, 1)
    factors = np.asarray([gain / warm, gain, gain * warm], dtype=np.float32)
    changed = figure.picture * (1 + weight[:, :, None] * (factors - 1))
    return figure.painted(np.clip(changed, 0, 255).astype(np.uint8))


def lit_from(figure: Figure, side: int, *, warm: float = 1.0) -> Figure:
    """A lamp at the picture's left (-1) or right (1); the other side falls into shadow."""
    x, _ = grid(figure.picture)
    across = np.clip((x - figure.points[NOSE, 0]) / figure.face_width * 1.6, -1, 1) * side
    gain = (0.72 + 0.38 * across)[:, :, None] * np.asarray([1 / warm, 1.0, warm], dtype=np.float32)
    return figure.painted(np.clip(figure.picture * gain, 0, 255).astype(np.uint8))


def in_frame(picture: Image, *, scale: float = 1.2, right: int = 0, down: int = 0) -> Image:
    """A person in a 1280 x 720 frame, moved by pixels; the wall goes on beyond the picture."""
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    scaled = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)
    pad = 900
    wide = cv2.copyMakeBorder(scaled, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    left = pad + size[0] // 2 - WIDTH // 2 - right
    top = pad + size[1] - HEIGHT - down
    return cast(Image, np.ascontiguousarray(wide[top : top + HEIGHT, left : left + WIDTH]))


def dimmed(frame: Image, gain: float) -> Image:
    """Less light everywhere."""
    return np.clip(frame.astype(np.float32) * gain, 0, 255).astype(np.uint8)


def grainy(frame: Image, sigma: float, seed: int) -> Image:
    """Noise of a sensor."""
    noise = np.random.default_rng(seed).normal(0, sigma, frame.shape)
    return np.clip(frame + noise, 0, 255).astype(np.uint8)


def in_a_room(frame: Image, wall: tuple[int, int, int], seed: int) -> Image:
    """Shelves and posters where the plain wall of this colour was."""
    chance = np.random.default_rng(seed)
    tiles = chance.integers(20, 235, (9, 16, 3), dtype=np.uint8)
    room = cv2.resize(tiles, (frame.shape[1], frame.shape[0]), interpolation=cv2.INTER_NEAREST).astype(np.float32)
    away = np.abs(frame.astype(np.float32) - np.asarray(wall, dtype=np.float32)).max(axis=2)
    behind = np.asarray(cv2.GaussianBlur((away < 26).astype(np.float32), (0, 0), 1.5), dtype=np.float32)[:, :, None]
    mixed = np.asarray(frame * (1 - behind) + room * behind, dtype=np.float32)
    return np.clip(mixed, 0, 255).astype(np.uint8)
