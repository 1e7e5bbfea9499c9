"""Every page by machine, and what a long night of pages leaves behind."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import psutil
import pytest
from PySide6.QtCore import QMetaObject

from kiosk.screens import gallery
from kiosk.screens.qt.bridge import Bridge
from kiosk.screens.qt.contrast import contrast, measure_roles
from kiosk.screens.qt.inspection import GAP_MM, TARGET_MM, Rules, inspect
from kiosk.screens.qt.preview import CameraPreview
from kiosk.screens.qt.window import HERE, PAGES
from kiosk.screens.states import Layout
from kiosk.screens.views import ChooseView, OptionSheet, OptionView, WorkingView
from tests.screens.qt.conftest import Hands
from tests.screens.qt.pages import page_view


def test_contrast_is_what_the_standard_says() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_every_pair_of_text_and_ground_reaches_its_contrast(hands: Hands) -> None:
    measured = measure_roles(hands.window.engine)
    assert {pair.theme for pair in measured} == {"day", "night", "high-contrast"}
    assert [pair for pair in measured if not pair.enough] == []


def test_every_page_in_every_layout_has_nothing_a_machine_can_find(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from kiosk.screens.gallery import run; sys.exit(run(sys.argv[1:]))",
            "--quick",
            "--out",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["findings"] == []
    assert done.returncode == 0, done.stderr[-2000:]
    assert report["combinations"] >= 3 * 26
    assert list(tmp_path.glob("contact-default-*.png"))


def test_the_quick_gallery_shows_every_kind_in_every_layout_and_every_mode_somewhere() -> None:
    plans = gallery.quick_plan("")
    assert {type(plan.sample.state).__name__ for plan in plans} == {
        path.stem for path in PAGES.glob("*.qml")
    }  # every page has a sample, every sample a page
    for plan in plans:
        assert {look.layout for look in plan.looks} == set(Layout)
    looks = {look for plan in plans for look in plan.looks}
    assert {look.size for look in looks} == {look.size for look in gallery.every_look()}
    assert {look.theme for look in looks} == {look.theme for look in gallery.every_look()}
    assert any(look.reach for look in looks)
    assert any(look.elder for look in looks)


def test_the_inspection_sees_what_is_wrong(hands: Hands) -> None:
    options = ChooseView((OptionSheet((OptionView("a", "甲"), OptionView("b", "{ $missing }")), ""),))
    hands.show(page_view("ChoosePage", options, revision=101))
    root = hands.find("layout")
    fair = Rules(1080, 1920, 3.212, 4.8, 4.8, reach=False)
    assert {finding.rule for finding in inspect(root, fair)} == {"text"}
    severe = Rules(1080, 1920, 3.212 * 3, 4.8 * 3, 4.8 * 3, reach=True)
    assert {"target", "gap", "reach", "small-text"} <= {finding.rule for finding in inspect(root, severe)}
    assert (TARGET_MM, GAP_MM) == (19.0, 4.0)


def test_thousands_of_pages_leave_no_memory_behind(hands: Hands) -> None:
    options = ChooseView((OptionSheet(tuple(OptionView(str(n), f"第 {n} 项") for n in range(8)), ""),))

    def turn(first: int, last: int) -> None:
        for revision in range(first, last, 2):
            hands.show(page_view("ChoosePage", options, revision=revision))
            hands.show(page_view("WorkingPage", WorkingView(""), revision=revision + 1))

    process = psutil.Process()
    turn(1000, 1120)
    before = process.memory_info().rss
    turn(1120, 1420)
    grown = (process.memory_info().rss - before) / 2**20
    assert grown < 8.0, f"{grown:.1f} MB in 300 pages"


def test_void_calls_leave_none_where_it_was(hands: Hands) -> None:
    bridge = hands.window.bridge
    before = sys.getrefcount(None)
    for _ in range(100_000):
        bridge.setObjectName("")
    assert abs(sys.getrefcount(None) - before) < 1000


def test_only_the_window_reads_the_bridge() -> None:
    for path in (*PAGES.glob("*.qml"), *(PAGES / "components").glob("*.qml")):
        text = path.read_text()
        assert "Bridge." not in re.sub(r"import Kiosk\.Bridge", "", text), path.name
        assert "onDoubleClicked" not in text, path.name


def test_the_types_written_down_for_the_linter_are_those_of_the_classes() -> None:
    written = (HERE / "types" / "Kiosk" / "Bridge" / "bridge.qmltypes").read_text()
    classes = tuple(cast(QMetaObject, cast(Any, each).staticMetaObject) for each in (Bridge, CameraPreview))
    for name in re.findall(r'(?:Property|Signal|Method) \{\s*name: "(\w+)"', written):
        assert any(
            meta.indexOfProperty(name) >= 0
            or any(bytes(meta.method(i).name().data()).decode() == name for i in range(meta.methodCount()))
            for meta in classes
        ), name
