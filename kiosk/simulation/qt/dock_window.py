"""The dock as a window: `python -m kiosk.simulation.qt.dock_window --state DIR`.

Everything goes through `WorldClient`: one thread listens to what becomes of the world, one asks it for things, and
the Qt thread draws. The window outlives worlds that die and come back.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtQml import QQmlComponent, QQmlEngine
from PySide6.QtQuick import QQuickWindow

from kiosk.screens.qt.convert import to_qml
from kiosk.simulation.client import WorldClient, WorldError, WorldGone
from kiosk.simulation.dock import act
from kiosk.simulation.dock_view import dock_view, refusal
from kiosk.simulation.orders import NoCode
from kiosk.simulation.places import Places
from kiosk.simulation.ties import end_with

HERE = Path(__file__).resolve().parent
FAMILY = "Noto Sans CJK SC"
JOIN_SECONDS = 5.0
"""How long the threads have to end."""

AGAIN_SECONDS = 1.0
"""How long to wait before a world that is gone is looked for again."""

TOLD_MS = 6000
SIGNAL_MS = 200
"""How often the Qt thread lets Python see its signals."""

GARBAGE_MS = 20_000

_NO_CODE = "没有可付的码：请先在终端上走到付款页"
_NO_WORLD = "世界没有运行：请先 kiosk run"
_DONE = "好了"


class DockWindow(QObject):
    """The window, and the threads that speak with the world. Made and ended on the Qt thread."""

    _seen = Signal(object)
    _answered = Signal(str, bool)

    def __init__(self, state: Path) -> None:
        super().__init__()
        self._state = state.resolve()
        self._papers = Places(self._state).papers
        self._people: list[dict[str, Any]] = []
        self._wishes: queue.SimpleQueue[tuple[str, dict[str, Any]] | None] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._engine = QQmlEngine()
        self._component = QQmlComponent(self._engine, QUrl.fromLocalFile(str(HERE / "Dock.qml")))
        made = self._component.createWithInitialProperties({"view": to_qml(dock_view(None, (), self._papers))})
        if made is None:  # pyright: ignore
            raise RuntimeError(self._component.errorString())
        self.window = cast("QQuickWindow", made)
        # A signal that QML declares is known to the object alone.
        cast("Any", self.window).asked.connect(self.ask)
        queued = Qt.ConnectionType.QueuedConnection
        self._seen.connect(self.show_state, queued)
        self._answered.connect(self.tell, queued)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(TOLD_MS)
        self._quiet.timeout.connect(self.hush)
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("watching the world", self._watch), ("asking the world", self._ask))
        ]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Close it, end the threads, and delete what QML made before the engine goes."""
        self._ended.set()
        self._wishes.put(None)
        for thread in self._threads:
            thread.join(JOIN_SECONDS)
        self._quiet.stop()
        self.window.close()
        for thing in (self.window, self._component, self._engine):
            thing.deleteLater()
            QCoreApplication.sendPostedEvents(thing, QEvent.Type.DeferredDelete)

    # -- the Qt thread -----------------------------------------------------------------------------------------------

    @Slot(str, str)
    def ask(self, command: str, given: str) -> None:
        """A hand did something; the answer comes later."""
        self._wishes.put((command, json.loads(given)))

    @Slot(object)
    def show_state(self, state: dict[str, Any] | None) -> None:
        """Draw what the world is like; None: there is none."""
        self.window.setProperty("view", to_qml(dock_view(state, self._people, self._papers)))

    @Slot(str, bool)
    def tell(self, words: str, bad: bool) -> None:
        """How the last wish ended."""
        self.window.setProperty("told", words)
        self.window.setProperty("toldBad", bad)
        self._quiet.start()

    @Slot()
    def hush(self) -> None:
        """What was told is old."""
        self.window.setProperty("told", "")

    # -- threads -----------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        client = WorldClient(self._state)

        while not self._ended.is_set():
            try:
                self._people = client.call("people")["people"]
                client.watch(self._seen.emit, self._ended.is_set)
            except (WorldGone, TimeoutError):
                self._seen.emit(None)
                self._ended.wait(AGAIN_SECONDS)

    def _ask(self) -> None:
        while (wish := self._wishes.get()) is not None:
            self._answered.emit(*_carried_out(self._state, *wish))


def _carried_out(state: Path, command: str, given: dict[str, Any]) -> tuple[str, bool]:
    """One wish; what to say about it, and whether it failed."""
    try:
        act(state, command, given)
    except WorldError as why:
        return refusal(str(why)), True
    except NoCode:
        return _NO_CODE, True
    except (WorldGone, TimeoutError):
        return _NO_WORLD, True
    return _DONE, False


def _let_python_hear() -> None:
    """Gives the interpreter its turn, so that handlers of signals run while Qt waits."""


def _collect() -> None:
    """Cyclic garbage may hold QObjects: it is collected on the Qt thread and nowhere else."""
    gc.collect()


def application() -> QGuiApplication:
    """The process's Qt application, with the dock's font."""
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
    found = cast("QGuiApplication | None", QGuiApplication.instance()) or QGuiApplication(sys.argv[:1])
    QGuiApplication.setFont(QFont(FAMILY))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Until the window is closed or SIGTERM."""
    parser = argparse.ArgumentParser(prog="dock_window")
    parser.add_argument("--state", type=Path, required=True, help="the state directory")
    parser.add_argument("--left", type=int, default=0, help="pixels between the display's left edge and the window")
    parser.add_argument("--parent", type=int, help="end when this process, which started the dock, ends")
    options = parser.parse_args(arguments)
    if options.parent is not None:
        end_with(options.parent)
    gc.disable()
    app = application()
    dock = DockWindow(options.state)
    ears = QTimer()
    ears.timeout.connect(_let_python_hear)
    ears.start(SIGNAL_MS)
    broom = QTimer()
    broom.timeout.connect(_collect)
    broom.start(GARBAGE_MS)
    quit_it = cast("Callable[[int, object], None]", _quit)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, quit_it)
    dock.window.setX(round(options.left / dock.window.devicePixelRatio()))
    dock.window.show()
    status = app.exec()
    dock.end()
    return status


def _quit(number: int, frame: object) -> None:
    del number, frame
    QGuiApplication.quit()


if __name__ == "__main__":
    sys.exit(main())
