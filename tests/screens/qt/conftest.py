"""One window for all tests of the Qt side of this folder; Qt's warnings fail the test in which they occur."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from typing import cast

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtCore import QEvent, QMessageLogContext, QPointF, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtQuick import QQuickItem

from kiosk.screens.qt.convert import to_qml
from kiosk.screens.qt.slot import QmlMap
from kiosk.screens.qt.window import Display, KioskWindow
from kiosk.screens.states import Live
from kiosk.screens.views import PageView
from tests.screens.qt.pages import live_view

WAIT_SECONDS = 5.0


class Hands:
    """Shows pages in the one window and touches them as the window system would."""

    def __init__(self, window: KioskWindow, application: QGuiApplication) -> None:
        self.window = window
        self.application = application
        self.sent: list[tuple[int, str, dict[str, object]]] = []
        self.refused = 0
        self.frames = 0
        window.window.frameSwapped.connect(self._swapped)
        self.counted: list[tuple[int, int, bool]] = []
        window.bridge.deliver_to(
            lambda revision, action, payload: self.sent.append((revision, action, payload)),
            lambda revision, characters, ready: self.counted.append((revision, characters, ready)),
        )
        window.bridge.refused.connect(self._refused)

    def _swapped(self) -> None:
        self.frames += 1

    def close(self) -> None:
        """Hear nothing any more."""
        self.window.window.frameSwapped.disconnect(self._swapped)
        self.window.bridge.refused.disconnect(self._refused)
        self.window.bridge.deliver_to(None)

    def _refused(self) -> None:
        self.refused += 1

    def show(self, view: PageView, live: Live | None = None) -> None:
        self.window.bridge.slot.put_live(cast("QmlMap", to_qml(live_view(live or Live()))))
        self.window.bridge.slot.put_page(view.revision, cast("QmlMap", to_qml(view)))
        self.settle()

    def settle(self, frames: int = 2) -> None:
        """Until that many frames have been drawn: a page has its places once the first is."""
        for _ in range(frames):
            before = self.frames
            end = time.monotonic() + WAIT_SECONDS
            self.window.window.update()
            while self.frames == before:
                assert time.monotonic() < end, "nothing is drawn"
                self.application.processEvents()

    def until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + WAIT_SECONDS
        while not true():
            assert time.monotonic() < end, "it did not come about in time"
            self.settle(1)

    def find(self, name: str) -> QQuickItem:
        found = [item for item in self._all(self.window.window.contentItem()) if item.objectName() == name]
        assert len(found) == 1, f"{len(found)} items are called {name}"
        return found[0]

    def everything(self) -> list[QQuickItem]:
        """Every item that is shown."""
        return list(self._all(self.window.window.contentItem()))

    def _all(self, item: QQuickItem) -> Iterator[QQuickItem]:
        for child in item.childItems():
            if child.isVisible():
                yield child
                yield from self._all(child)

    def centre(self, name: str) -> QPointF:
        item = self.find(name)
        return item.mapToScene(QPointF(item.width() / 2, item.height() / 2))

    def press(self, at: QPointF) -> None:
        self._mouse(QEvent.Type.MouseButtonPress, at, Qt.MouseButton.LeftButton)

    def move(self, at: QPointF) -> None:
        self._mouse(QEvent.Type.MouseMove, at, Qt.MouseButton.LeftButton)

    def release(self, at: QPointF) -> None:
        self._mouse(QEvent.Type.MouseButtonRelease, at, Qt.MouseButton.NoButton)

    def _mouse(self, kind: QEvent.Type, at: QPointF, held: Qt.MouseButton) -> None:
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        event = QMouseEvent(kind, at, at, button, held, Qt.KeyboardModifier.NoModifier)
        self.application.sendEvent(self.window.window, event)

    def hold(self, seconds: float) -> None:
        """Let time pass under the finger: a touch counts from 50 ms on."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.application.processEvents()

    def tap(self, name: str, seconds: float = 0.06) -> None:
        at = self.centre(name)
        self.press(at)
        self.hold(seconds)
        self.release(at)
        self.settle(1)


@pytest.fixture(scope="session", autouse=True)
def _one_window() -> Iterator[tuple[KioskWindow, QGuiApplication]]:
    """One for the whole process, like in a terminal: QML's types are registered once and stay.

    Made before any other: an engine made after another was destroyed was once seen to take a type for a stranger.
    """
    application = QGuiApplication.instance() or QGuiApplication(["tests"])
    assert isinstance(application, QGuiApplication)
    window = KioskWindow(Display(motion=0.0))
    window.open()
    yield window, application
    window.end()
    gc.collect()


@pytest.fixture
def hands(_one_window: tuple[KioskWindow, QGuiApplication]) -> Iterator[Hands]:
    complaints: list[str] = []

    def heard(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
            complaints.append(text)

    previous = qInstallMessageHandler(heard)
    gc.disable()
    made = Hands(*_one_window)
    try:
        yield made
    finally:
        made.close()
        qInstallMessageHandler(previous)
        gc.enable()
    assert complaints == []
