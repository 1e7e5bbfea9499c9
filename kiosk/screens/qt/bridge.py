"""The one object that QML and Python share: two properties to read, one slot to send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import Property, QObject, Qt, Signal, Slot
from PySide6.QtQml import QJSValue

from kiosk.screens.qt.slot import LatestSlot, QmlMap

_MAP = cast("type", "QVariantMap")
# Property takes the name of a Qt type as well as a class; its stub knows the class only.

Deliver = Callable[[int, str, dict[str, Any]], None]
"""Takes revision, action and payload on the Qt thread."""

Counted = Callable[[int, int, bool], None]
"""Takes revision, how many characters stand in the page's field (-1 without one) and whether they will do."""


class Bridge(QObject):
    """Lives on the Qt thread. Other threads put into its slot and emit its queued signals (from `woken` on)."""

    pageChanged = Signal()  # noqa: N815
    liveChanged = Signal()  # noqa: N815
    fixedChanged = Signal()  # noqa: N815
    refused = Signal()
    painted = Signal(int)
    woken = Signal()
    overtaken = Signal()
    idled = Signal()
    begun = Signal()
    crashed = Signal(object)
    ended = Signal(int)

    def __init__(self, pages: str, pixels_per_mm: float, motion: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self._pixels_per_mm = pixels_per_mm
        self._motion = motion
        self._page: QmlMap = {}
        self._live: QmlMap = {}
        self._deliver: Deliver | None = None
        self._counted: Counted | None = None
        self._sent = 0
        self._presented = -1
        self._painted = -1
        self.slot = LatestSlot(self.woken.emit)
        queued = Qt.ConnectionType.QueuedConnection
        self.woken.connect(self.fetch, queued)
        self.overtaken.connect(self.refuse, queued)

    # -- towards QML

    def _get_page(self) -> QmlMap:
        return self._page

    def _get_live(self) -> QmlMap:
        return self._live

    def _get_pages(self) -> str:
        return self._pages

    def _get_pixels_per_mm(self) -> float:
        return self._pixels_per_mm

    def _get_motion(self) -> float:
        return self._motion

    page = Property(_MAP, _get_page, notify=pageChanged)
    live = Property(_MAP, _get_live, notify=liveChanged)
    pages = Property(str, _get_pages, notify=fixedChanged)
    pixelsPerMm = Property(float, _get_pixels_per_mm, notify=fixedChanged)  # noqa: N815
    motion = Property(float, _get_motion, notify=fixedChanged)

    @Slot()
    def fetch(self) -> None:
        """Take the latest from the slot and let QML see it."""
        fetched = self.slot.fetch()
        if fetched.live is not None:
            self._live = fetched.live
            self.liveChanged.emit()
        if fetched.page is not None:
            self._page = fetched.page
            self.pageChanged.emit()

    @Slot()
    def refuse(self) -> None:
        """A touch came too late for its page: it is answered, nothing else."""
        self.refused.emit()

    @Slot(int)
    def presented(self, revision: int) -> None:
        """QML has made this page; it is painted with the next frame."""
        self._presented = revision

    @Slot()
    def frame_swapped(self) -> None:
        """A frame is on the screen."""
        if self._painted != self._presented:
            self._painted = self._presented
            self.painted.emit(self._painted)

    # -- from QML

    @Slot(int, str, "QVariant")
    def dispatch(self, revision: int, action: str, payload: object) -> None:
        """A touch in meaning. Another page's touch is answered and not acted on (rule 21)."""
        plain: object = payload.toVariant() if isinstance(payload, QJSValue) else payload
        if self._deliver is None or revision != self.slot.revision:
            self.refused.emit()
            return
        self._sent += 1
        self._deliver(revision, action, dict(cast("dict[str, Any]", plain)) if isinstance(plain, dict) else {})

    @Slot(int, int, bool)
    def counted(self, revision: int, characters: int, ready: bool) -> None:
        """So many characters stand in the field of a page. It is no touch in meaning: nothing is done upon it."""
        if self._counted is not None and revision == self.slot.revision:
            self._counted(revision, characters, ready)

    # -- for the thread's owner

    def deliver_to(self, deliver: Deliver | None, counted: Counted | None = None) -> None:
        """Where intents go, and how much is typed; None while no core is there."""
        self._deliver = deliver
        self._counted = counted

    @property
    def sent(self) -> int:
        """Intents delivered so far."""
        return self._sent

    @property
    def painted_revision(self) -> int:
        """Revision of the page in the last frame on the screen; -1 before the first."""
        return self._painted

    @property
    def shown_revision(self) -> int:
        """Revision of the page QML holds now."""
        return self._presented
