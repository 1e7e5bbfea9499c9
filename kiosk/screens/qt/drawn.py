"""Pictures of nobody and nowhere, for samples."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF


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
