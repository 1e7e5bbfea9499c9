"""Pictures of nobody and nowhere, for samples: also what the camera would show of a drawn visitor."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

_PEOPLE = Path(__file__).resolve().parents[3] / "assets" / "simulation" / "faces"
_FRAME_WIDTH, _FRAME_HEIGHT = 1280, 720
_CHEEKS, _BROW, _CHIN = ("234", "454"), "10", "152"
"""Spots of the mesh between which a detector's box stands."""


@cache
def _people() -> dict[str, dict[str, tuple[float, float]]]:
    """Where the parts of each drawn face are in its picture."""
    return json.loads((_PEOPLE / "spots.json").read_text("utf-8"))


class DrawnVisitors:
    """What the preview shows of a sample: one of the drawn people after another, the face where the sample has it."""

    def __init__(self) -> None:
        self._number = 0
        self._frame: tuple[int, int, int, bytes] | None = None

    def step_up(self, who: int, face: tuple[float, float, float, float] | None) -> None:
        """Somebody stands so that their face fills this part of the frame; nobody does where it is None."""
        self._number += 1
        image = draw_visitor(who, face)
        self._frame = (self._number, image.width(), image.height(), bytes(image.constBits()))

    def latest(self) -> tuple[int, int, int, bytes] | None:
        """See kiosk.screens.qt.preview.FrameSource."""
        return self._frame


def draw_visitor(who: int, face: tuple[float, float, float, float] | None) -> QImage:
    """A camera's frame, 1280 x 720, of one of the drawn people before their wall."""
    frame = QImage(_FRAME_WIDTH, _FRAME_HEIGHT, QImage.Format.Format_RGB888)
    frame.fill(QColor(198, 198, 198))
    if face is None:
        return frame
    people = _people()
    name = sorted(people)[who % len(people)]
    spots, picture = people[name], QImage(str(_PEOPLE / f"cast_{name}.jpg"))
    left, right = (spots[spot][0] for spot in _CHEEKS)
    top, bottom = spots[_BROW][1], spots[_CHIN][1]
    scale = face[3] * _FRAME_HEIGHT / (bottom - top)
    x = (face[0] + face[2] / 2) * _FRAME_WIDTH - (left + right) / 2 * scale
    y = face[1] * _FRAME_HEIGHT - top * scale
    painter = QPainter(frame)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    area = QRectF(x, y, picture.width() * scale, picture.height() * scale)
    # The drawing's own wall goes on to all sides, and what is worn goes on downwards.
    above, below = picture.copy(0, 0, picture.width(), 1), picture.copy(0, picture.height() - 1, picture.width(), 1)
    painter.drawImage(QRectF(area.x(), 0, area.width(), area.y() + 1), above)
    painter.drawImage(QRectF(area.x(), area.bottom() - 1, area.width(), _FRAME_HEIGHT), below)
    painter.drawImage(area, picture)
    for column, start, width in ((0, 0.0, area.x() + 1), (picture.width() - 1, area.right() - 1, _FRAME_WIDTH)):
        painter.drawImage(QRectF(start, 0, width, _FRAME_HEIGHT), picture.copy(column, 0, 1, 1))
    painter.end()
    return frame


def draw_portrait() -> QImage:
    """A head and shoulders without a face, 358 x 441."""
    image, painter = _begin(358, 441, "#F4F6F8")
    painter.setBrush(QColor("#2F3B52"))
    painter.drawEllipse(QRectF(36, 306, 286, 330))
    painter.setBrush(QColor("#E3BE9E"))
    painter.drawRect(QRectF(151, 240, 56, 80))
    painter.drawEllipse(QRectF(112, 74, 134, 196))
    painter.setBrush(QColor("#2A2320"))
    painter.drawPie(QRectF(104, 52, 150, 180), 0, 180 * 16)
    painter.end()
    return image


def draw_street() -> QImage:
    """A road, a crossing and a car seen from above it, 800 x 600."""
    image, painter = _begin(800, 600, "#BAC8D6")
    painter.setBrush(QColor("#6A727B"))
    painter.drawPolygon(QPolygonF([QPointF(0, 600), QPointF(330, 190), QPointF(470, 190), QPointF(800, 600)]))
    painter.setBrush(QColor("#E9EDF1"))
    for stripe in range(7):
        painter.drawRect(QRectF(170 + stripe * 70, 500, 40, 60))
    painter.setBrush(QColor("#28406B"))
    painter.drawRoundedRect(QRectF(330, 300, 150, 110), 18, 18)
    painter.setBrush(QColor("#B9D0E8"))
    painter.drawRoundedRect(QRectF(350, 314, 110, 40), 8, 8)
    painter.end()
    return image


def _begin(width: int, height: int, ground: str) -> tuple[QImage, QPainter]:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(0, 0, 0, 0))
    return image, painter
