"""The window: settings, fonts, engine and its orderly end."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QUrl
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtQml import QQmlComponent, QQmlEngine, qmlRegisterSingletonInstance, qmlRegisterType
from PySide6.QtQuick import QQuickWindow

from kiosk.screens.qt.bridge import Bridge
from kiosk.screens.qt.preview import CameraPreview

HERE = Path(__file__).resolve().parent
PAGES = HERE.parent
FAMILY = "Noto Sans CJK SC"
OTHER_FAMILIES = ["Noto Sans"]
"""For letters of languages that a set brings: drawn alike, where the system's own choice might be another hand."""
RARE_FAMILIES = ["BabelStone Han", "HanaMinA", "HanaMinB"]
"""For characters of the extensions that the first family lacks (GB 18030-2022)."""

MODULE = "Kiosk.Bridge"


class WindowMode(enum.Enum):
    """How the window stands on the display."""

    WINDOWED = "windowed"
    FULLSCREEN = "fullscreen"


@dataclass(frozen=True, slots=True)
class Display:
    """The display in front of the citizen. `pixels_per_mm` comes from EDID or the station's settings."""

    width: int = 1080
    height: int = 1920
    pixels_per_mm: float = 3.212
    """27 inches, 1080x1920."""
    mode: WindowMode = WindowMode.WINDOWED
    motion: float = 1.0
    """Factor on every animation; 0 shows the last state at once."""


class WindowFailed(RuntimeError):
    """The window could not be made; the message has QML's errors."""


class KioskWindow:
    """Engine, bridge and window together. Made and ended on the Qt thread."""

    def __init__(self, display: Display) -> None:
        QFont.insertSubstitutions(FAMILY, [*OTHER_FAMILIES, *RARE_FAMILIES])
        QGuiApplication.setFont(QFont(FAMILY))
        pages = QUrl.fromLocalFile(f"{PAGES}/").toString()
        self.bridge = Bridge(pages, display.pixels_per_mm, display.motion)
        qmlRegisterSingletonInstance(Bridge, MODULE, 1, 0, "Bridge", self.bridge)  # pyright: ignore
        qmlRegisterType(CameraPreview, MODULE, 1, 0, "CameraPreview")  # pyright: ignore
        self.engine = QQmlEngine()
        self._component = QQmlComponent(self.engine, QUrl.fromLocalFile(str(HERE / "Main.qml")))
        made = self._component.create()
        if made is None:  # pyright: ignore
            raise WindowFailed(self._component.errorString())
        self.window = cast("QQuickWindow", made)
        self.window.setWidth(display.width)
        self.window.setHeight(display.height)
        self.window.frameSwapped.connect(self.bridge.frame_swapped, Qt.ConnectionType.QueuedConnection)
        self._mode = display.mode

    def open(self) -> None:
        """Show it."""
        match self._mode:
            case WindowMode.WINDOWED:
                self.window.show()
            case WindowMode.FULLSCREEN:
                self.window.setCursor(Qt.CursorShape.BlankCursor)
                self.window.showFullScreen()

    def end(self) -> None:
        """Close the window, delete what QML made, then the engine; the bridge goes last."""
        self.bridge.deliver_to(None)
        self.window.close()
        for thing in (self.window, self._component, self.engine):
            thing.deleteLater()
            _delete_now(thing)


def _delete_now(thing: QObject) -> None:
    QCoreApplication.sendPostedEvents(thing, QEvent.Type.DeferredDelete)
