"""The dock's window before a real world: clicks become deeds, and what happens in the world is seen."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

from kiosk.simulation.client import WorldClient, start_world
from kiosk.simulation.qt.dock_window import DockWindow, application
from tests.simulation.worlds import PATIENCE, kill_world

RESTING_FRAMES = 4


def soon(condition: Callable[[], bool], told: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, told
        QCoreApplication.processEvents()
        time.sleep(0.005)


def below(item: QQuickItem) -> Iterator[QQuickItem]:
    for child in item.childItems():
        yield child
        yield from below(child)


class Hand:
    """Clicks on what it is told by name."""

    def __init__(self, window: QQuickWindow) -> None:
        self._window = window
        self._frames = 0
        window.frameSwapped.connect(self._painted)

    def _painted(self) -> None:
        self._frames += 1

    def _next_frame(self) -> None:
        seen = self._frames
        self._window.update()
        soon(lambda: self._frames > seen, "nothing is drawn")

    def _middle(self, name: str) -> QPoint | None:
        item = self.find(name)
        if item is None or not item.isEnabled():
            return None
        middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
        return QPoint(round(middle.x()), round(middle.y()))

    def _resting(self, name: str) -> QPoint:
        """Where it lies once it has rested for some frames: panels above take a frame each to find their size."""
        deadline = time.monotonic() + PATIENCE
        places: list[QPoint | None] = []
        while len(places) < RESTING_FRAMES or places[-1] is None or len(set(map(str, places[-RESTING_FRAMES:]))) > 1:
            assert time.monotonic() < deadline, f"no {name} that rests"
            self._next_frame()
            places.append(self._middle(name))
        return places[-1]

    def find(self, name: str) -> QQuickItem | None:
        found = [item for item in below(self._window.contentItem()) if item.objectName() == name and item.isVisible()]
        return found[0] if found else None

    def click(self, name: str) -> None:
        at = self._resting(name)
        QTest.mouseClick(self._window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    def view(self) -> dict[str, Any]:
        return self._window.property("view")

    def told(self) -> str:
        return self._window.property("told")


@pytest.fixture
def dock(folder: Path) -> Generator[Hand]:
    start_world(folder)
    application()
    gc.collect()
    gc.disable()
    window = DockWindow(folder)
    window.window.show()
    hand = Hand(window.window)
    soon(lambda: hand.view()["world"], "the window does not see the world")
    yield hand
    window.end()
    gc.enable()
    gc.collect()


def test_a_click_on_a_situation_brings_somebody_with_a_card_to_lay(folder: Path, dock: Hand) -> None:
    dock.click("person-card-finished-renewal")
    soon(lambda: dock.view()["person"] is not None, "nobody came")
    dock.click("lay-own")
    soon(lambda: dock.view()["card_there"], "no card lies there")
    assert WorldClient(folder).state()["reader"]["kind"] == "own"
    dock.click("take-card")
    soon(lambda: not dock.view()["card_there"], "the card still lies there")
    soon(lambda: dock.told() == "好了", "nothing was told")


def test_clicking_the_same_situation_again_brings_the_next_person(folder: Path, dock: Hand) -> None:
    world = WorldClient(folder)
    dock.click("person-card-finished-loss")
    soon(lambda: dock.view()["person"] is not None, "nobody came")
    first = world.state()["person"]["index"]
    dock.click("person-card-finished-loss")
    soon(lambda: world.state()["person"]["index"] != first, "the same person stayed")
    assert world.state()["person"]["situation"] == "card-finished-loss"


def test_a_device_is_broken_and_mended(folder: Path, dock: Hand) -> None:
    dock.click("break-page-printer")
    dock.click("fault-media-jam")

    def faults() -> list[str]:
        return [fault["kind"] for fault in WorldClient(folder).state()["devices"]["page-printer"]["faults"]]

    soon(lambda: faults() == ["media-jam"], "nothing broke")
    dock.click("clear-page-printer")
    soon(lambda: faults() == [], "it was not mended")


def test_what_cannot_be_done_is_said(dock: Hand) -> None:
    dock.click("pay")
    soon(lambda: dock.told() != "", "nothing was said")
    assert dock.told() == "没有可付的码：请先在终端上走到付款页"
    dock.click("kill-terminal")
    soon(lambda: dock.told() == "终端没有在运行", "nothing was said")


def test_a_change_from_elsewhere_is_seen(folder: Path, dock: Hand) -> None:
    WorldClient(folder).call("network", state="slow")
    soon(lambda: [n["id"] for n in dock.view()["networks"] if n["on"]] == ["slow"], "the window did not notice")
    dock.click("network-up")
    soon(lambda: WorldClient(folder).state()["network"] == "up", "the network stayed slow")


def test_the_window_outlives_a_world_that_dies_and_comes_back(folder: Path, dock: Hand) -> None:
    kill_world(folder)
    soon(lambda: not dock.view()["world"], "the window did not notice")
    start_world(folder)
    soon(lambda: dock.view()["world"], "the window did not find the new world")


def test_the_same_button_survives_a_change_of_the_world(folder: Path, dock: Hand) -> None:
    """Press, a change, release: still one click."""
    dock.click("person-renewal-due")
    soon(lambda: dock.view()["person"] is not None, "nobody came")
    before = dock.find("touch-right-thumb")
    WorldClient(folder).call("network", state="slow")
    soon(lambda: [n["id"] for n in dock.view()["networks"] if n["on"]] == ["slow"], "the window did not notice")
    assert before is not None
    assert dock.find("touch-right-thumb") is before


def test_nothing_sticks_out_of_its_panel(dock: Hand) -> None:
    window = QGuiApplication.topLevelWindows()[0]
    assert isinstance(window, QQuickWindow)
    for item in below(window.contentItem()):
        if item.objectName() and item.isVisible() and not item.objectName().startswith("person-"):
            corner = item.mapToScene(QPointF(item.width(), item.height()))
            assert corner.x() <= window.width(), item.objectName()
            assert corner.y() <= window.height(), item.objectName()
