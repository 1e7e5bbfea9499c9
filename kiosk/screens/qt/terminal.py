"""The main thread of the terminal: window first, then the core on a thread of its own, then their orderly end."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import threading
import types
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication

from kiosk.screens.qt.messages import QtWarnings, listen
from kiosk.screens.qt.preview import CameraPreview, FrameSource, NoFrames
from kiosk.screens.qt.stage import Presenting, StageQt
from kiosk.screens.qt.window import Display, KioskWindow
from kiosk.screens.states import Chrome, Look, OutOfService, PageState

_log = logging.getLogger(__name__)

SWITCH_INTERVAL = 0.0005
"""Seconds a busy core may keep the interpreter from the Qt thread."""

CORE_END_SECONDS = 8.0
"""How long the core has to end after it was asked to."""

FIRST_FRAME_MS = 500
"""How long the core waits for the first frame before it starts all the same (a window may be hidden)."""

CRASH_PAGE_MS = 3000
"""How long the out-of-service page stays before the process ends and is started anew."""

CRASHED = 70
"""Exit status of a terminal that failed within (EX_SOFTWARE)."""

CoreMain = Callable[[StageQt], Coroutine[Any, Any, int | None]]
"""The core: runs until it ends or is cancelled. Its result is the exit status; None means 0."""


@dataclass(frozen=True, slots=True)
class TerminalSettings:
    """What the main thread needs. `words` is called after the window exists and before it is shown."""

    words: Callable[[], Presenting]
    first: PageState
    """Shown before the core runs: the attract page in "checking" state."""
    display: Display = field(default_factory=Display)
    look: Look = field(default_factory=Look)
    crash_page: PageState = field(default_factory=lambda: OutOfService("software"))
    warnings: QtWarnings = QtWarnings.LOG
    frames: FrameSource = field(default_factory=NoFrames)
    ready: Callable[[KioskWindow, StageQt], None] | None = None
    """Called on the Qt thread when the window is up and before the core starts (scripted hands attach here)."""


class _Core:
    """The core's thread and its loop."""

    def __init__(self, window: KioskWindow, stage: StageQt, main: CoreMain) -> None:
        self._window = window
        self._stage = stage
        self._main = main
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[int | None] | None = None
        self._starting = threading.Lock()
        self._stopped = False
        self.thread = threading.Thread(target=self._run, name="core", daemon=True)

    def _run(self) -> None:
        try:
            status = asyncio.run(self._inside())
        except asyncio.CancelledError:
            self._window.bridge.ended.emit(0)
        except BaseException as failure:
            self._window.bridge.crashed.emit(failure)
        else:
            self._window.bridge.ended.emit(status or 0)

    async def _inside(self) -> int | None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._failed)
        self._stage.attach(loop)
        try:
            with self._starting:
                self._loop = loop
                self._task = asyncio.ensure_future(self._main(self._stage))
                if self._stopped:
                    self._task.cancel()
            return await self._task
        finally:
            self._stage.detach()
            with self._starting:
                self._loop = None

    def _failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        # A task or callback nobody waits for has failed: the core cannot be trusted to go on.
        loop.default_exception_handler(context)
        failure = context.get("exception")
        self._window.bridge.crashed.emit(
            failure if isinstance(failure, BaseException) else RuntimeError(str(context.get("message", "")))
        )

    def stop(self) -> None:
        """Cancel the core's main from any thread."""
        with self._starting:
            self._stopped = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)


class _House(QObject):
    """The Qt thread's part in ending, crashing, signals and garbage."""

    def __init__(self, window: KioskWindow, stage: StageQt, settings: TerminalSettings) -> None:
        super().__init__()
        self._window = window
        self._stage = stage
        self._settings = settings
        self.status = 0
        self._ending = False
        self._frozen = False
        self._started = False
        self.core: _Core | None = None
        queued = Qt.ConnectionType.QueuedConnection
        window.bridge.ended.connect(self.ended, queued)
        window.bridge.crashed.connect(self.crashed, queued)
        window.bridge.idled.connect(self.idled, queued)
        window.bridge.begun.connect(self.begun, queued)
        window.window.closing.connect(self.closing)
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)
        self._notifier = QSocketNotifier(self._near.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self.signalled)
        self._last = QTimer(self)
        self._last.setSingleShot(True)
        self._last.timeout.connect(self.quit)
        window.bridge.painted.connect(self.painted)

    def listen_to_signals(self) -> Callable[[], None]:
        """SIGTERM and SIGINT end the terminal. Returns what undoes it."""
        wake = signal.set_wakeup_fd(self._far.fileno(), warn_on_full_buffer=False)
        before = {number: signal.signal(number, _heard) for number in (signal.SIGTERM, signal.SIGINT)}

        def undo() -> None:
            self._notifier.setEnabled(False)
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(wake)
            self._near.close()
            self._far.close()

        return undo

    @Slot(int)
    def painted(self, revision: int) -> None:
        """The first frame is on the screen: now the core may have the processor."""
        del revision
        self._window.bridge.painted.disconnect(self.painted)
        _log.info("first frame")
        QTimer.singleShot(0, self.start_core)

    @Slot()
    def start_core(self) -> None:
        """Once; from the first frame, or from the clock where none comes."""
        if self.core is not None and not self._started:
            self._started = True
            self.core.thread.start()

    @Slot()
    def signalled(self) -> None:
        """A signal's number lies in the socket."""
        try:
            numbers = self._near.recv(64)
        except BlockingIOError:
            return
        if any(number in (signal.SIGTERM, signal.SIGINT) for number in numbers):
            self.ask_to_end()

    @Slot()
    def closing(self) -> None:
        """The window is being closed by its frame."""
        self.ask_to_end()

    def ask_to_end(self) -> None:
        """Let the core end, with a deadline."""
        if self._ending:
            return
        self._ending = True
        if self.core is not None:
            self.core.stop()
        self._last.start(int(CORE_END_SECONDS * 1000))

    @Slot(int)
    def ended(self, status: int) -> None:
        """The core has ended by itself or because it was asked to."""
        if self.status == 0:
            self.status = status
        if not (self._last.isActive() and self.status == CRASHED):
            self.quit()

    @Slot(object)
    def crashed(self, failure: BaseException) -> None:
        """Something failed that must not: say so on the screen, then end with a status that restarts the terminal."""
        if self.status == CRASHED:
            return
        self.status = CRASHED
        _log.critical("the terminal failed", exc_info=failure)
        self._ending = True
        if self.core is not None:
            self.core.stop()
        self._stage.detach()
        self._window.bridge.deliver_to(None)
        try:
            self._stage.show(self._settings.crash_page, Chrome(can_leave=False))
        except Exception:
            _log.critical("the page that says so failed too", exc_info=True)
        self._last.start(CRASH_PAGE_MS)

    @Slot()
    def quit(self) -> None:
        """Leave the event loop."""
        QGuiApplication.exit(0)

    @Slot()
    def idled(self) -> None:
        """Between visits: cyclic garbage is collected here and nowhere else (QObjects belong to this thread).

        Before the first visit there is nothing to collect but what starting left, and nobody to wait for it.
        """
        if self._frozen:
            gc.collect()

    @Slot()
    def begun(self) -> None:
        """The first visit begins: what is there now stays, and is not looked through after every visit."""
        if not self._frozen:
            self._frozen = True
            gc.freeze()


def _heard(number: int, frame: types.FrameType | None) -> None:
    del number, frame


def run_terminal(core_main: CoreMain, settings: TerminalSettings) -> int:
    """Own the main thread until the core ends, a signal comes or something fails; return the exit status.

    The window shows `settings.first` before the core's thread starts. `core_main` runs on that thread in an asyncio
    loop of its own and may import what it needs there. Environment: QT_QPA_PLATFORM as given; QT_QUICK_BACKEND is
    "software" unless set.
    """
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.disable()
    application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    if not isinstance(application, QGuiApplication):
        raise RuntimeError("another kind of Qt application runs already")
    application.setQuitOnLastWindowClosed(False)
    CameraPreview.source = settings.frames
    window = KioskWindow(settings.display)
    stage = StageQt(window.bridge, settings.words(), settings.look)
    stage.show(settings.first, Chrome())
    window.bridge.fetch()
    house = _House(window, stage, settings)
    hooks = (sys.excepthook, threading.excepthook)

    def hook(kind: type[BaseException], failure: BaseException, trace: types.TracebackType | None) -> None:
        hooks[0](kind, failure, trace)
        window.bridge.crashed.emit(failure)

    def thread_hook(given: threading.ExceptHookArgs) -> None:
        hooks[1](given)
        window.bridge.crashed.emit(given.exc_value or RuntimeError("a thread failed"))

    sys.excepthook = hook
    threading.excepthook = thread_hook
    listen(settings.warnings, window.bridge.crashed.emit)
    undo_signals = house.listen_to_signals()
    window.bridge.deliver_to(stage.deliver, stage.typed)
    window.open()
    core = _Core(window, stage, core_main)
    house.core = core
    if settings.ready is not None:
        settings.ready(window, stage)
    QTimer.singleShot(FIRST_FRAME_MS, house.start_core)
    try:
        application.exec()
    finally:
        core.stop()
        if core.thread.ident is not None:
            core.thread.join(CORE_END_SECONDS)
        undo_signals()
        sys.excepthook, threading.excepthook = hooks
        window.end()
        CameraPreview.source = NoFrames()
        gc.enable()
    if core.thread.is_alive() and house.status == 0:
        house.status = CRASHED
    return house.status
