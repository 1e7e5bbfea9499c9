"""Shows samples off screen, has them inspected, keeps pictures and lays them out on contact sheets."""

from __future__ import annotations

import dataclasses
import os
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PySide6.QtCore import QMessageLogContext, QRect, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter
from PySide6.QtQuick import QQuickItem

from kiosk.screens.present import CAP_HEIGHTS_MM, present, present_live
from kiosk.screens.qt.contrast import PairContrast, measure_roles
from kiosk.screens.qt.convert import to_qml
from kiosk.screens.qt.drawn import DrawnVisitors, draw_portrait, draw_street
from kiosk.screens.qt.inspection import Finding, Rules, inspect
from kiosk.screens.qt.preview import CameraPreview, NoFrames
from kiosk.screens.qt.slot import QmlMap
from kiosk.screens.qt.window import FAMILY, Display, KioskWindow
from kiosk.screens.samples import Sample
from kiosk.screens.screen_settings import ScreenSettings
from kiosk.screens.states import ChooseViolations, FacePage, Layout, Look, PageState, PortraitPage, RightsPage, Theme
from kiosk.screens.words import MissingText, Words

PIXELS_PER_MM = 3.212
_CHROME_CAPS = {Layout.PORTRAIT: 6.0, Layout.LANDSCAPE: 6.0, Layout.SQUARE: 5.2}
"""As Theme.qml: words around the page grow no further."""

_FRAMES = 4
"""Layouts settle within three frames; the fourth is the one that is measured."""

_TURN_FRAMES = 2
"""Turning a sheet needs less."""

_FRAME_SECONDS = 5.0
"""Deadline of that."""

_THUMB_HEIGHT = 480
_ACROSS, _DOWN = 8, 4
_PENDING_PICTURES = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """One page in one look."""

    sample: str
    look: str
    findings: tuple[Finding, ...]


class Studio:
    """Use as a context; one at a time in a process, on its main thread."""

    def __init__(self, words: Mapping[str, Words], settings: ScreenSettings, out: Path) -> None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
        self._words = words
        self._settings = settings
        self._out = out
        self._application = QGuiApplication.instance() or QGuiApplication(["gallery"])
        self._complaints: list[str] = []
        self._revision = 0
        self._frames = 0
        self._thumbs: dict[str, list[tuple[str, QImage]]] = {}
        self._saving: deque[Future[bool]] = deque()
        self._visitors = DrawnVisitors()
        self._known: dict[str, int] = {}

    def __enter__(self) -> Studio:
        self._previous = qInstallMessageHandler(self._heard)
        self._window = KioskWindow(Display(pixels_per_mm=PIXELS_PER_MM, motion=0.0))
        self._window.window.frameSwapped.connect(self._swapped)
        self._window.open()
        content = self._window.window.contentItem()
        self._root = next(item for item in content.childItems() if item.objectName() == "layout")
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="png")
        CameraPreview.source = self._visitors
        (self._out / "pages").mkdir(parents=True, exist_ok=True)
        portrait, street = self._out / "drawn-portrait.jpg", self._out / "drawn-street.jpg"
        draw_portrait().save(str(portrait))
        draw_street().save(str(street))
        self._portrait, self._street = str(portrait), str(street)
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True)
        self._window.end()
        CameraPreview.source = NoFrames()
        qInstallMessageHandler(self._previous)

    def _swapped(self) -> None:
        self._frames += 1

    def _heard(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        del context
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
            self._complaints.append(text)

    def contrasts(self) -> list[PairContrast]:
        """Every pair of roles, measured."""
        return measure_roles(self._window.engine)

    def measure(self, sample: Sample, look: Look, look_name: str, sheet: str) -> Measured:
        """Show it, inspect every sheet of it; keep a picture where `sheet` names a contact sheet."""
        self._complaints.clear()
        findings: list[Finding] = []
        try:
            self._show(sample, look)
        except MissingText as missing:
            return Measured(sample.name, look_name, (Finding("missing-text", sample.name, str(missing)),))
        width, height = _size(look.layout)
        cap = CAP_HEIGHTS_MM[look.size]
        rules = Rules(width, height, PIXELS_PER_MM, cap, min(cap, _CHROME_CAPS[look.layout]), look.reach)
        findings.extend(inspect(self._root, rules))
        if sheet:
            self._keep(sample, look_name, sheet)
        for pages in _sheets(self._root):
            # Sheets are the same in every theme; the first one is measured in all of them.
            for number in range(1, int(pages.property("count")) if look.theme is Theme.DAY else 1):
                pages.setProperty("sheet", number)
                self._settle(_TURN_FRAMES)
                findings.extend(inspect(self._root, rules))
        findings.extend(Finding("qt-warning", sample.name, text) for text in self._complaints)
        return Measured(sample.name, look_name, tuple(dict.fromkeys(findings)))

    def _show(self, sample: Sample, look: Look) -> None:
        self._revision += 1
        words = self._words[look.language]
        state = self._with_pictures(sample.state)
        view = present(state, sample.chrome, look, words, self._settings, self._revision)
        width, height = _size(look.layout)
        self._window.window.setWidth(width)
        self._window.window.setHeight(height)
        if isinstance(sample.state, FacePage | PortraitPage):
            # Another of the drawn people for each page with a camera in it, and the same one in every look.
            self._visitors.step_up(self._known.setdefault(sample.name, len(self._known)), sample.live.face)
        slot = self._window.bridge.slot
        slot.put_live(cast("QmlMap", to_qml(present_live(sample.live, look, words, self._settings))))
        slot.put_page(self._revision, cast("QmlMap", to_qml(view)))
        for preview in self._root.findChildren(CameraPreview):
            # One that is shown already looks thirty times a second only, which is less often than frames are drawn.
            if preview.isVisible():
                preview.look()
        self._settle()

    def _settle(self, frames: int = _FRAMES) -> None:
        wanted = self._frames + frames
        end = time.monotonic() + _FRAME_SECONDS
        while self._frames < wanted and time.monotonic() < end:
            self._window.window.update()
            self._application.processEvents()

    def _with_pictures(self, state: PageState) -> PageState:
        match state:
            case ChooseViolations():
                pictures = tuple((record, self._street) for record, _ in state.pictures)
                return dataclasses.replace(state, pictures=pictures)
            case PortraitPage():
                return dataclasses.replace(state, shots=tuple(self._portrait for _ in state.shots))
            case RightsPage():
                return dataclasses.replace(state, picture=self._street)
            case _:
                return state

    def _keep(self, sample: Sample, look_name: str, sheet: str) -> None:
        image = self._window.window.grabWindow()
        path = str(self._out / "pages" / f"{sample.name}-{look_name}.png")
        while len(self._saving) >= _PENDING_PICTURES:
            self._saving.popleft().result()
        # Encoding takes longer than drawing: never on this thread.
        self._saving.append(self._pool.submit(image.save, path))
        thumb = image.scaledToHeight(_THUMB_HEIGHT, Qt.TransformationMode.SmoothTransformation)
        self._thumbs.setdefault(sheet, []).append((sample.name, thumb))

    def lay_out_sheets(self) -> None:
        """Write `contact-NAME-N.png`."""
        for name, thumbs in self._thumbs.items():
            for start in range(0, len(thumbs), _ACROSS * _DOWN):
                page = thumbs[start : start + _ACROSS * _DOWN]
                path = self._out / f"contact-{name}-{start // (_ACROSS * _DOWN) + 1:02d}.png"
                self._pool.submit(_contact_sheet(page).save, str(path)).result()


def _contact_sheet(thumbs: list[tuple[str, QImage]]) -> QImage:
    gap, caption = 16, 30
    width = max(image.width() for _, image in thumbs)
    across = min(_ACROSS, max(1, 2400 // (width + gap)))
    rows = -(-len(thumbs) // across)
    sheet = QImage(
        across * (width + gap) + gap, rows * (_THUMB_HEIGHT + caption + gap) + gap, QImage.Format.Format_RGB32
    )
    sheet.fill(QColor("#5A6270"))
    painter = QPainter(sheet)
    font = QFont(FAMILY)
    font.setPixelSize(18)
    painter.setFont(font)
    painter.setPen(QColor("#FFFFFF"))
    for index, (name, image) in enumerate(thumbs):
        x = gap + index % across * (width + gap)
        y = gap + index // across * (_THUMB_HEIGHT + caption + gap)
        painter.drawImage(x, y, image)
        painter.drawText(QRect(x, y + _THUMB_HEIGHT, width, caption), Qt.AlignmentFlag.AlignCenter, name)
    painter.end()
    return sheet


def _size(layout: Layout) -> tuple[int, int]:
    width, height = layout.value.split("x")
    return int(width), int(height)


def _sheets(item: QQuickItem) -> list[QQuickItem]:
    """Everything on the page that is turned like sheets now."""
    found: list[QQuickItem] = []
    for child in item.childItems():
        if not child.isVisible():
            continue
        if child.property("cuts") is not None and int(child.property("count") or 0) > 1:
            found.append(child)
        found.extend(_sheets(child))
    return found
