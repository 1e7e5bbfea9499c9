"""A portrait laid open: every product with its guide lines, and every measure beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from kiosk.people.portrait import PortraitStandard
from kiosk.vision.coach import Coach, Limits
from kiosk.vision.look import Looker, Seen
from kiosk.vision.picture import Image, decode
from kiosk.vision.portrait import Geometry, cut_out, encode, geometry, meets

_PANEL_HEIGHT = 800
_FOOT_HEIGHT = 76
_TEXT_WIDTH = 520
_RED, _GREEN, _BLUE, _INK = (40, 40, 220), (40, 140, 40), (200, 80, 20), (30, 30, 30)
_VIOLET = (170, 40, 150)


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
    product = encode(cut_out(frame, seen.cut, standard), standard)
    measured = geometry(seen.cut, standard, seen.face, seen.mesh)
    broken = ("eyes",) if measured is None else meets(standard, measured, len(product))
    return Sheet(seen, advice, product, measured, broken)


def draw(sheets: Sequence[tuple[PortraitStandard, Sheet]]) -> Image:
    """Every product with the lines of its standard: eyes red, hair and crown green, chin violet, face width blue; the
    measures of the first at the right.
    """
    panels = [_panel(standard, sheet) for standard, sheet in sheets]
    height = max(panel.shape[0] for panel in panels)
    side = np.full((height, _TEXT_WIDTH, 3), 255, np.uint8)
    for row, text in enumerate(_lines(sheets[0][1])):
        at = (16, 26 + round(row * min(27.0, (height - 30) / 40)))
        cv2.putText(side, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, _INK, 1, cv2.LINE_AA)
    level = [
        cv2.copyMakeBorder(
            panel, 0, height - panel.shape[0], 0, 12, cv2.BORDER_CONSTANT, value=(255, 255, 255)
        ).astype(np.uint8)
        for panel in panels
    ]
    return np.hstack([*level, side]).astype(np.uint8)


def _panel(standard: PortraitStandard, sheet: Sheet) -> Image:
    product = decode(sheet.product)
    if product is None:
        product = np.full((standard.height, standard.width, 3), 128, np.uint8)
    zoom = _PANEL_HEIGHT / standard.height
    picture = cv2.resize(product, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    height, width = picture.shape[:2]

    def across(row: float, colour: tuple[int, int, int], thick: int = 1) -> None:
        cv2.line(picture, (0, round(row * zoom)), (width, round(row * zoom)), colour, thick)

    if standard.eyes_above_bottom_min:
        across(standard.height - standard.eyes_above_bottom_min, _RED)
    if standard.eyes_below_top_max:
        across(standard.eyes_below_top_min, _RED)
        across(standard.eyes_below_top_max, _RED)
    across(standard.hair_top_min, _GREEN)
    across(standard.hair_top_max, _GREEN)
    if standard.chin_above_bottom_min:
        across(standard.height - standard.chin_above_bottom_min, _VIOLET)
    for side in (-1, 1):
        for edge in (-standard.face_width_tolerance, standard.face_width_tolerance):
            column = round((standard.width / 2 + side * (standard.face_width + edge) / 2) * zoom)
            cv2.line(picture, (column, 0), (column, height), _BLUE, 1)
    if sheet.measured is not None:
        _mark(picture, standard, sheet.measured, zoom)
    foot = np.full((_FOOT_HEIGHT, width, 3), 255, np.uint8)
    for row, text in enumerate(_told(standard, sheet)):
        cv2.putText(foot, text, (4, 20 + 22 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.5, _INK, 1, cv2.LINE_AA)
    return np.vstack([picture, foot]).astype(np.uint8)


def _mark(picture: Image, standard: PortraitStandard, measured: Geometry, zoom: float) -> None:
    """Where eyes, crown and chin came to be; an inferred crown is drawn open."""
    eyes = standard.height - measured.eyes_above_bottom
    spot = (round(measured.eyes_x * zoom), round(eyes * zoom))
    cv2.drawMarker(picture, spot, _RED, cv2.MARKER_CROSS, 22, 2)
    top = measured.hair_top if measured.hair_top is not None else measured.inferred_hair_top
    if top is not None:
        crown = (spot[0], round(top * zoom))
        cv2.circle(picture, crown, 7, _GREEN, -1 if measured.hair_top is not None else 2, cv2.LINE_AA)
    if measured.chin_above_bottom is not None:
        chin = (spot[0], round((standard.height - measured.chin_above_bottom) * zoom))
        cv2.drawMarker(picture, chin, _VIOLET, cv2.MARKER_TRIANGLE_UP, 14, 2)


def _told(standard: PortraitStandard, sheet: Sheet) -> list[str]:
    size = f"{standard.width}x{standard.height} {standard.dpi} dpi {len(sheet.product) / 1024:.1f} KB"
    told = [f"{standard.code}{'' if standard.confirmed else ' (NOT VERIFIED)'}", size]
    crown = ""
    if sheet.measured is not None:
        crown = "crown seen" if sheet.measured.hair_top is not None else "crown INFERRED"
    return [*told, f"breaks {', '.join(sheet.broken) or 'nothing'}  {crown}"]


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
