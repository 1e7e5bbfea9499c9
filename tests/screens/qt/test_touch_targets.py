"""The glass tried with fingers: real touches on the real page, on a panel that is right, deaf in places, or askew."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest

from kiosk.counter.technician.measuring import Measured, Screen, judged, touches
from kiosk.screens.qt.window import Display
from kiosk.screens.stage import Intent
from kiosk.screens.views import TouchView
from tests.screens.qt.conftest import Hands
from tests.screens.qt.pages import page_view

DISPLAY = Display()
SCREEN = Screen(DISPLAY.width, DISPLAY.height, 1 / DISPLAY.pixels_per_mm)
TOLERANCE_MM = 6.0
Place = tuple[int, int]
FEW = (3, 4)
"""Drawing a touch of so much glass takes a while."""


@cache
def panel() -> QPointingDevice:
    """One for the process: the window system is not told of another for each test."""
    return QTest.createTouchDevice()


def finger(hands: Hands, at: QPointF, seconds: float = 0.0) -> None:
    """Down and up, as the window system tells of it."""
    window, point = hands.window.window, at.toPoint()
    QTest.touchEvent(window, panel()).press(0, point, window).commit()
    hands.hold(seconds)
    QTest.touchEvent(window, panel()).release(0, point, window).commit()


def gone_over(
    hands: Hands,
    revision: int,
    grid: Place,
    *,
    hears: Callable[[Place], bool] = lambda _: True,
    off_mm: Callable[[Place], tuple[float, float]] = lambda _: (0.0, 0.0),
) -> Measured:
    """Every target touched in its middle, as a panel tells of it that hears some places and is so far off."""
    columns, rows = grid
    hands.sent.clear()
    hands.show(page_view("TouchPage", TouchView(columns, rows, "结束", ""), revision=revision))
    glass = hands.find("glass")
    for place in ((column, row) for row in range(rows) for column in range(columns)):
        if not hears(place):
            continue
        across, down = (mm * DISPLAY.pixels_per_mm for mm in off_mm(place))
        middle = QPointF((place[0] + 0.5) * glass.width() / columns, (place[1] + 0.5) * glass.height() / rows)
        finger(hands, glass.mapToScene(middle + QPointF(across, down)))
    if not hands.sent:
        finger(hands, hands.centre("done"), 0.06)
    hands.until(lambda: bool(hands.sent))
    ((told, action, payload),) = hands.sent
    assert (told, action) == (revision, "measured")
    return judged(touches(Intent(told, action, payload), columns, rows), grid, TOLERANCE_MM)


def test_every_target_touched_is_a_glass_that_is_right(hands: Hands) -> None:
    """Three across and four down is five, within half a pixel each way: less than the tolerance."""
    columns, rows = SCREEN.grid
    found = gone_over(hands, 901, (columns, rows), off_mm=lambda _: (3.0, 4.0))
    assert found.within
    assert dict(found.facts)["fact-touched"] == f"{columns * rows} / {columns * rows}"
    assert abs(float(found.value.removesuffix(" mm")) - 5.0) <= 0.4


def test_a_place_whose_touches_never_arrive_and_one_where_they_lie_beside_are_told(hands: Hands) -> None:
    """Six across and eight down is ten."""
    deaf = {(0, 2), (1, 2), (0, 3), (1, 3)}
    found = gone_over(
        hands,
        902,
        FEW,
        hears=lambda place: place not in deaf,
        off_mm=lambda place: (6.0, -8.0) if place == (2, 1) else (1.0, 1.0),
    )
    facts = dict(found.facts)
    assert not found.within
    assert (facts["fact-touched"], facts["fact-dead"]) == ("8 / 12", "1-3, 2-3, 1-4, 2-4")
    assert facts["fact-drift-where"] == "3-2"
    assert abs(float(found.value.removesuffix(" mm")) - 10.0) <= 0.4
