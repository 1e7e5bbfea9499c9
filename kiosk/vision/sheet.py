"""A portrait laid open: the product with its guide lines, and every measure beside it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kiosk.people.portrait import PortraitStandard
from kiosk.vision.coach import Coach, Limits
from kiosk.vision.look import Looker, Seen
from kiosk.vision.picture import Image, decode
from kiosk.vision.portrait import Geometry, encode, geometry, meets

_ZOOM = 2
_TEXT_WIDTH = 620
_RED, _GREEN, _BLUE, _INK = (40, 40, 220), (40, 140, 40), (200, 80, 20), (30, 30, 30)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What came of one picture; `product` is empty where no cut was possible."""

    seen: Seen
    advice: str
    product: bytes
    measured: Geometry | None
    broken: tuple[str, ...]


def lay_open(looker: Looker, frame: Image, standard: PortraitStandard) -> Sheet:
    """Look at a picture as at one frame of the camera."""
    seen = looker.look(frame, standard)
    advice = Coach(standard, Limits()).see(0.0, 1, seen).advice.value
    if seen.product is None or seen.cut is None or seen.face is None:
        return Sheet(seen, advice, b"", None, tuple(side.value for side in seen.crossed))
    product = encode(seen.product, standard)
    measured = geometry(seen.cut, standard, seen.face, seen.mesh)
    broken = ("eyes",) if measured is None else meets(standard, measured, len(product))
    return Sheet(seen, advice, product, measured, broken)


def draw(sheet: Sheet, standard: PortraitStandard) -> Image:
    """The product twice its size with the standard's lines: eyes red, hair green, face width blue; text at the
    right.
    """
    product = decode(sheet.product)
    if product is None:
        product = np.full((standard.height, standard.width, 3), 128, np.uint8)
    picture = cv2.resize(product, None, fx=_ZOOM, fy=_ZOOM, interpolation=cv2.INTER_NEAREST)
    height, width = picture.shape[:2]

    def across(row: float, colour: tuple[int, int, int]) -> None:
        cv2.line(picture, (0, round(row * _ZOOM)), (width, round(row * _ZOOM)), colour, 1)

    def down(column: float, colour: tuple[int, int, int]) -> None:
        cv2.line(picture, (round(column * _ZOOM), 0), (round(column * _ZOOM), height), colour, 1)

    across(standard.height - standard.eyes_above_bottom_min, _RED)
    across(standard.hair_top_min, _GREEN)
    across(standard.hair_top_max, _GREEN)
    for side in (-1, 1):
        for edge in (-standard.face_width_tolerance, standard.face_width_tolerance):
            down(standard.width / 2 + side * (standard.face_width + edge) / 2, _BLUE)
    if sheet.measured is not None:
        eyes_row = standard.height - sheet.measured.eyes_above_bottom
        spot = (round(sheet.measured.eyes_x * _ZOOM), round(eyes_row * _ZOOM))
        cv2.drawMarker(picture, spot, _RED, cv2.MARKER_CROSS, 24, 2)
    side = np.full((height, _TEXT_WIDTH, 3), 255, np.uint8)
    for row, text in enumerate(_lines(sheet)):
        cv2.putText(side, text, (16, 30 + 27 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.55, _INK, 1, cv2.LINE_AA)
    return np.hstack([picture, side]).astype(np.uint8)


def _lines(sheet: Sheet) -> list[str]:
    found = [f"advice {sheet.advice}   bytes {len(sheet.product)}   breaks {', '.join(sheet.broken) or 'nothing'}"]
    if sheet.measured is not None:
        hair = "not found" if sheet.measured.hair_top is None else f"{sheet.measured.hair_top:.0f}"
        found.append(
            f"eyes {sheet.measured.eyes_above_bottom:.0f} above bottom   face {sheet.measured.face_width:.0f} wide"
            f"   hair top {hair}"
        )
    for measure in sheet.seen.measures.values():
        value = f"{measure.native:.3f}  q {measure.quality}" if measure.measured else "not measured"
        found.append(f"{measure.name}: {value}")
    return found
