"""A scripted citizen's hands and eyes: they live on the Qt thread and are asked from another (rule 28).

A tap is a real touch at the item's centre, after a test that the item is the topmost thing there that takes touches,
enabled, on screen and not clipped away. Items are looked up anew for every tap and never kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.screens.qt.window import KioskWindow

T = TypeVar("T")

CORNER_PIXELS = 12
"""How far from both edges a finger rests in a corner."""
PRESS_SECONDS = 0.06
"""Longer than the shortest touch that counts."""
STROKE_POINT_SECONDS = 0.004
SETTLE_SECONDS = 10.0
FIND_SECONDS = 5.0
ANSWER_SECONDS = 20.0


class CannotTouch(AssertionError):
    """What a person could not do either: nothing there, hidden, covered, disabled, or off the screen."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is on the screen: the page's kind, revision and identity, and its view as plain data."""

    kind: str
    revision: int
    identity: str
    view: dict[str, Any]


class Hands(QObject):
    """Made on the Qt thread; every public method may be called from any other thread."""

    _asked = Signal(object, object)

    def __init__(self, window: KioskWindow) -> None:
        super().__init__()
        self._window = window
        self._device = QTest.createTouchDevice()
        self._touched = False
        self._resting = QPoint()
        self.eyes_seconds = 0.0
        """What looking took of the Qt thread so far: a person's eyes take none."""
        self.released_at = 0.0
        """When a finger was last lifted, on the clock of `time.perf_counter`."""
        self._asked.connect(self._do, Qt.ConnectionType.QueuedConnection)

    @Slot(object, object)
    def _do(self, call: Callable[[], Any], answer: Future[Any]) -> None:
        began = time.perf_counter()
        self._touched = False
        try:
            answer.set_result(call())
        except BaseException as failure:
            answer.set_exception(failure)
        if not self._touched:
            self.eyes_seconds += time.perf_counter() - began

    def _on_qt(self, call: Callable[[], T]) -> T:
        answer: Future[T] = Future()
        self._asked.emit(call, answer)
        return answer.result(ANSWER_SECONDS)

    # -- eyes --------------------------------------------------------------------------------------------------------

    def look(self) -> Sight:
        """The page now."""
        return self._on_qt(self._sight)

    def _sight(self) -> Sight:
        view = cast("dict[str, Any]", self._window.bridge.page)
        return Sight(
            str(view.get("kind", "")), int(view.get("revision", -1)), str(view.get("identity", "")), dict(view)
        )

    def settle(self) -> Sight:
        """Wait until what the core said last is painted, two frames in a row. Raises CannotTouch after a deadline."""
        until = time.monotonic() + SETTLE_SECONDS
        still = 0
        while time.monotonic() < until:
            still = still + 1 if self._on_qt(self._painted) else 0
            if still >= 2:
                return self.look()
            time.sleep(0.015)
        raise CannotTouch("the page did not come to rest")

    def _painted(self) -> bool:
        bridge = self._window.bridge
        self._window.window.update()
        return bridge.painted_revision == bridge.shown_revision == self._sight().revision

    def grab(self, file: Path) -> None:
        """A picture of the window, written off the Qt thread."""
        image = self._on_qt(self._grab)
        if not image.save(str(file)):
            raise OSError(f"the picture {file.name} could not be written")

    def _grab(self) -> QImage:
        return self._window.window.grabWindow().copy()

    def advice(self) -> str:
        """What the camera's page advises, or ""."""
        return self._on_qt(lambda: str(cast("dict[str, Any]", self._window.bridge.live).get("advice_kind", "")))

    def code(self) -> str:
        """The text of the code on the screen, read from its picture like a telephone does, or "".

        Not with OpenCV's reader: it fails on some two of a hundred codes that every telephone reads.
        """
        import numpy
        import zxingcpp

        image = self._on_qt(self._grab).convertToFormat(QImage.Format.Format_Grayscale8)
        rows = numpy.frombuffer(image.constBits(), numpy.uint8).reshape(image.height(), image.bytesPerLine())
        found = zxingcpp.read_barcodes(
            rows[:, : image.width()].copy(), zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        )
        return found[0].text if found else ""

    # -- hands -------------------------------------------------------------------------------------------------------

    def sees(self, name: str) -> bool:
        """Whether exactly this can be touched now."""
        return self._on_qt(lambda: self._touchable(name) is not None)

    def tap(self, name: str) -> None:
        """Touch the one item of this name, like a finger: down, a moment, up."""
        point = self._wait_for(name)
        self._on_qt(lambda: self._press(point))
        time.sleep(PRESS_SECONDS)
        self._on_qt(lambda: self._release(point))

    def draw(self, name: str, strokes: Sequence[Sequence[tuple[float, float]]]) -> None:
        """Write on an item; points are fractions of its width and height."""
        _ = self._wait_for(name)
        for stroke in strokes:
            points = [self._on_qt(lambda p=p: self._point_in(name, p)) for p in stroke]
            self._on_qt(lambda at=points[0]: self._press(at))
            for point in points[1:]:
                self._on_qt(lambda at=point: self._move(at))
                time.sleep(STROKE_POINT_SECONDS)
            time.sleep(PRESS_SECONDS)
            self._on_qt(lambda at=points[-1]: self._release(at))

    def rest(self, corner: str) -> None:
        """Lay a finger into a corner of the glass and leave it there: upper-left, lower-right and so on."""
        self._resting = self._on_qt(lambda: self._corner(corner))
        point = self._resting
        self._on_qt(lambda: self._press(point))

    def lift(self) -> None:
        """Lift the finger that rests."""
        point = self._resting
        self._on_qt(lambda: self._release(point))

    def _corner(self, corner: str) -> QPoint:
        down, _, side = corner.partition("-")
        width, height = self._window.window.width(), self._window.window.height()
        x = CORNER_PIXELS if side == "left" else width - CORNER_PIXELS
        return QPoint(x, CORNER_PIXELS if down == "upper" else height - CORNER_PIXELS)

    def _wait_for(self, name: str) -> QPoint:
        until = time.monotonic() + FIND_SECONDS
        while True:
            found = self._on_qt(lambda: self._touchable(name))
            if found is not None:
                return found
            if time.monotonic() > until:
                raise CannotTouch(f"{name}: {self._on_qt(lambda: self._why_not(name))}")
            time.sleep(0.03)

    def _press(self, point: QPoint) -> None:
        self._touched = True
        QTest.touchEvent(self._window.window, self._device).press(0, point, self._window.window).commit()

    def _move(self, point: QPoint) -> None:
        self._touched = True
        QTest.touchEvent(self._window.window, self._device).move(0, point, self._window.window).commit()

    def _release(self, point: QPoint) -> None:
        self._touched = True
        self.released_at = time.perf_counter()
        QTest.touchEvent(self._window.window, self._device).release(0, point, self._window.window).commit()

    # -- finding -----------------------------------------------------------------------------------------------------

    def _named(self, name: str) -> list[QQuickItem]:
        return [i for i in _walk(self._window.window.contentItem()) if i.objectName() == name]

    def _touchable(self, name: str) -> QPoint | None:
        """Centre in window pixels of the one item that can be touched."""
        found = [i for i in self._named(name) if _usable(i)]
        if len(found) != 1:
            return None
        item = found[0]
        centre = item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
        if not _on_screen(item, centre, self._window.window.width(), self._window.window.height()):
            return None
        top = self._topmost(centre)
        if top is None or not (_within(top, item) or _within(item, top)):
            return None
        return centre.toPoint()

    def _why_not(self, name: str) -> str:
        named = self._named(name)
        usable = [i for i in named if _usable(i)]
        names = sorted(
            {i.objectName() for i in _walk(self._window.window.contentItem()) if i.objectName() and _usable(i)}
        )
        return f"{len(named)} by that name, {len(usable)} usable; to be touched: {', '.join(names)}"

    def _topmost(self, at: QPointF) -> QQuickItem | None:
        """The last painted item at a point that takes touches."""
        top: QQuickItem | None = None
        for item in _walk(self._window.window.contentItem()):
            touched = item.metaObject().className().startswith(("QQuickMouseArea", "Touch_")) and _usable(item)
            if touched and item.mapRectToScene(QRectF(0, 0, item.width(), item.height())).contains(at):
                top = item
        return top

    def _point_in(self, name: str, fraction: tuple[float, float]) -> QPoint:
        item = next(i for i in self._named(name) if _usable(i))
        return item.mapToScene(QPointF(item.width() * fraction[0], item.height() * fraction[1])).toPoint()


def _walk(item: QQuickItem) -> list[QQuickItem]:
    """In painting order: children by z, then by age."""
    found: list[QQuickItem] = []
    for child in sorted(item.childItems(), key=lambda c: c.z()):
        found.append(child)
        found.extend(_walk(child))
    return found


def _usable(item: QQuickItem) -> bool:
    """Visible, enabled, of some size, not faded out, itself and whatever it lies in."""
    if item.width() <= 0 or item.height() <= 0:
        return False
    at: QQuickItem | None = item
    while at is not None:
        if not at.isVisible() or not at.isEnabled() or at.opacity() < 0.1:
            return False
        at = cast("QQuickItem | None", at.parentItem())
    return True


def _on_screen(item: QQuickItem, centre: QPointF, width: int, height: int) -> bool:
    """The centre is on the screen, and inside every ancestor that clips."""
    if not QRectF(0, 0, width, height).contains(centre):
        return False
    at = cast("QQuickItem | None", item.parentItem())
    while at is not None:
        if at.clip() and not at.mapRectToScene(QRectF(0, 0, at.width(), at.height())).contains(centre):
            return False
        at = cast("QQuickItem | None", at.parentItem())
    return True


def _within(item: QQuickItem, ancestor: QQuickItem) -> bool:
    at: QQuickItem | None = item
    while at is not None:
        if at == ancestor:
            return True
        at = cast("QQuickItem | None", at.parentItem())
    return False
