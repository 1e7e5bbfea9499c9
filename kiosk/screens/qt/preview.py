"""The camera's picture: the latest frame, mirrored as in a looking-glass, drawn at most thirty times a second."""

from __future__ import annotations

from typing import ClassVar, Protocol

from PySide6.QtCore import Property, QObject, QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

FRAME_MS = 34
"""Thirty pictures a second at most."""


class FrameSource(Protocol):
    """Where frames come from. Called on the Qt thread; must not block."""

    def latest(self) -> tuple[int, int, int, bytes] | None:
        """Number, width, height and width*height*3 bytes of RGB, a copy of one whole frame; None without one."""
        ...


class NoFrames:
    """No camera."""

    def latest(self) -> tuple[int, int, int, bytes] | None:
        return None


class CameraPreview(QQuickPaintedItem):
    """Fills itself with the middle of the latest frame. Dark and still while not shown."""

    shownChanged = Signal()  # noqa: N815
    pictureChanged = Signal()  # noqa: N815
    source: ClassVar[FrameSource] = NoFrames()

    def __init__(self, parent: QQuickItem | QObject | None = None) -> None:
        super().__init__(parent if isinstance(parent, QQuickItem) else None)
        self._shown = False
        self._number = -1
        self._image: QImage | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.look)

    def _get_shown(self) -> bool:
        return self._shown

    def _set_shown(self, shown: bool) -> None:
        if shown == self._shown:
            return
        self._shown = shown
        if shown:
            self._timer.start()
            self.look()
        else:
            self._timer.stop()
            self._number = -1
            self._image = None
            self.pictureChanged.emit()
            self.update()
        self.shownChanged.emit()

    def _get_has_picture(self) -> bool:
        return self._image is not None

    shown = Property(bool, _get_shown, _set_shown, notify=shownChanged)
    hasPicture = Property(bool, _get_has_picture, notify=pictureChanged)  # noqa: N815

    @Slot()
    def look(self) -> None:
        """Take the latest frame if it is another one."""
        frame = type(self).source.latest()
        if frame is None or frame[0] == self._number:
            return
        number, width, height, data = frame
        image = QImage(data, width, height, width * 3, QImage.Format.Format_RGB888)
        first = self._image is None
        self._number = number
        # The copy owns its pixels; `data` may go.
        self._image = image.transformed(QTransform().scale(-1, 1))
        if first:
            self.pictureChanged.emit()
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Draw the middle of the frame so that it fills the item."""
        if self._image is None:
            return
        area = QRectF(0, 0, self.width(), self.height())
        scale = max(area.width() / self._image.width(), area.height() / self._image.height())
        width, height = area.width() / scale, area.height() / scale
        part = QRectF((self._image.width() - width) / 2, (self._image.height() - height) / 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, self._image, part)
