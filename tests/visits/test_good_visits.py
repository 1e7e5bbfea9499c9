"""Every service's visit, whole, on the virtual clock; the thorough ones in English too.

`kiosk journey --all` makes all of them in both languages on the real terminal.
"""

from __future__ import annotations

import pytest

from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.offered import THOROUGH
from kiosk.nights.truths import untrue
from kiosk.simulation.scripts.straight import SCRIPTS
from tests.visits.nights import a_night, script_of, visitor

ASKS_ONLY = ("HZ10",)
"""Services that change and print nothing."""


@pytest.mark.parametrize(
    ("code", "language"),
    [*((code, "zh-CN") for code in sorted(SCRIPTS)), *((code, "en") for code in THOROUGH)],
)
def test_a_citizen_leaves_with_what_they_came_for(code: str, language: str) -> None:
    async def scene(night: Night) -> None:
        situation, script = script_of(code)
        report = await visitor(night, situation).go(*script)
        assert report.ending == "done"
        assert {e.state.value for e in report.end.effects} == (set() if code in ASKS_ONLY else {"done"})
        assert night.troubles.seen == []
        await in_order(night)
        assert untrue(night) == []

    a_night(scene, language=language)
