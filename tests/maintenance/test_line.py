"""The line to headquarters as a technician meets it: where it ends and what to do, in the report and on the page."""

from __future__ import annotations

import ast
import asyncio
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk.backend import path as path_module
from kiosk.backend.path import Found, Step, Verdict
from kiosk.commands.simulated_staff import of_role
from kiosk.commands.station import LOCALES
from kiosk.nights.night import Night, nightfall
from kiosk.people.staff import Role
from kiosk.screens.states import HandBackPage, RecordsPage, RowMark
from kiosk.screens.words import OnMissing, load_words
from kiosk.simulation.citizen import Expect, tap
from kiosk.virtual import run_virtual
from tests.maintenance.evening import ScriptedKey, Somebody, shown, until_page

DAY = date(2026, 11, 22)
TECHNICIAN = of_role(Role.TECHNICIAN)
WHOLE = tuple(Found(step, Verdict.WORKS) for step in Step)
OVER = (*WHOLE[:3], Found(Step.TLS, Verdict.FAILS, "server-over", (("own-days", "5"),)))
_NOT_WHY = frozenset({"sign-on", "own-days", "server-days"})


def test_whatever_may_be_wrong_with_the_line_has_words_and_something_to_do_in_both_languages() -> None:
    tree = ast.parse(Path(path_module.__file__).read_text("utf-8"))
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    whys = {word for word in said if re.fullmatch(r"[a-z]+(-[a-z]+)+", word)} - _NOT_WHY
    assert len(whys) > 20
    for words in load_words(LOCALES, ("zh-CN", "en"), OnMissing.RAISE).values():
        assert [why for why in whys if not (words.has(f"path-{why}") and words.has(f"path-{why}", "hint"))] == []


class Walked:
    """What each walk finds."""

    def __init__(self) -> None:
        self.finds: tuple[Found, ...] = OVER

    async def walk(self) -> tuple[Found, ...]:
        return self.finds


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Headquarters' certificate ran out; while the technician looks they renew it."""
    told: dict[str, Any] = {}

    async def main(folder: Path) -> None:
        key, line = ScriptedKey(), Walked()
        async with Night(folder, 7, DAY, key=key, path=line) as night:
            _ = await night.start()
            somebody = Somebody(night, TECHNICIAN)

            async def then(name: str, *script: Expect) -> None:
                await somebody.does(*script)
                await asyncio.sleep(5.0)
                told[name] = shown(night)

            await somebody.comes_in(key)
            await then("over", Expect("OverviewPage", tap("task-more")), Expect("RecordsPage", tap("open:MT21")))
            await then(
                "handing-over", Expect("RecordsPage", tap("enough-seen")), Expect("OverviewPage", tap("task-MT06"))
            )
            line.finds = WHOLE
            await then(
                "whole",
                Expect("HandBackPage", tap("go-on")),
                Expect("OverviewPage", tap("task-more")),
                Expect("RecordsPage", tap("open:MT21")),
            )
            await somebody.does(Expect("RecordsPage", tap("enough-seen")))
            await until_page(night, "OverviewPage")
            told["reports"] = [(r.service, r.ending, r.topic) for r in night.reports]
            told["troubles"] = (night.troubles.seen, night.dead_ends)

    run_virtual(main(tmp_path_factory.mktemp("line")), nightfall(DAY))
    return told


def test_the_page_names_the_first_step_that_fails_and_those_nobody_came_to(evening: dict[str, Any]) -> None:
    assert evening["troubles"] == ([], [])
    page = evening["over"]
    assert isinstance(page, RecordsPage)
    assert page.topic == "path-server-over"
    assert [row.mark for row in page.rows] == [RowMark.GOOD] * 3 + [RowMark.BAD] + [RowMark.PLAIN] * 2
    assert page.rows[3].said == (("own-days", "5"),) and page.rows[4].state == "path-not-gone"
    assert evening["whole"].topic == "path-whole"
    assert [report for report in evening["reports"] if report[0] == "MT21"] == [
        ("MT21", "needs-a-person", "task-line-broken"),
        ("MT21", "done", "task-line-whole"),
    ]


def test_the_self_test_and_with_it_the_readiness_report_have_the_step_that_fails(evening: dict[str, Any]) -> None:
    page = evening["handing-over"]
    assert isinstance(page, HandBackPage)
    assert ("network", "fails", "path-server-over") in page.findings
