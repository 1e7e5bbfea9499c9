"""Headquarters gone, silent, failing or talking nonsense from one step of a visit on, and back afterwards.

Whatever the step: a page with a way on, nothing lost, nothing twice, and the queue empty once the line is back.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import pytest

from kiosk.backend.direct import Weather
from kiosk.nights.night import Night, in_virtual_time, nightfall
from kiosk.proofs import books
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.simulation.wandering import Wish, wander
from kiosk.virtual import run_virtual
from tests.visits.nights import DAY, Visitor, visitor

ASKED = {
    "HZ02": ("finished-card", "old-card", "old-card-filed", "new-card", "collected"),
    "JG01": ("licence", "rights-of", "decision", "pay"),
    "HZ01": ("may-apply", "pay", "application"),
    "JG02": ("fines",),
    "JG05": ("may-apply", "application"),
}
BAD = tuple(weather for weather in Weather if weather is not Weather.FAIR)


class Line:
    """Fair until a step begins, bad until it is mended."""

    def __init__(self, night: Night, step: str, bad: Weather) -> None:
        self._step, self._bad = step, bad
        self._now: Weather | None = None
        night.observer = self.observe
        night.wire.trouble = self.trouble

    async def observe(self, kind: str, key: str) -> None:
        del kind
        if key == self._step:
            self._now = self._bad

    def trouble(self, number: int, method: str, path: str) -> Weather | None:
        return self._now

    def mend(self) -> None:
        self._step = ""
        self._now = None

    @property
    def struck(self) -> bool:
        return self._now is not None


async def restarted(night: Night) -> None:
    """The power fails three times, so that what nobody could say before is asked about again, or left to people."""
    for _ in range(3):
        _ = await night.kill()
        _ = await night.start()
        await night.empty_outbox()


def nothing_is_lost(night: Night) -> None:
    assert night.running is not None
    found = books.of(night.running.folder / "terminal", night.ledger(), night.street.call("state"))
    assert books.violations(found) == []
    assert found.open_cases == 0
    assert set(found.outbox) <= {"sent", "refused"}


async def a_visit(night: Night, code: str, nth: int = 0) -> Visitor:
    someone = visitor(night, SCRIPTS[code][0], nth)
    await in_virtual_time(wander(someone.citizen, Wish(code)))
    return someone


@pytest.mark.parametrize(
    ("code", "step", "bad"),
    [
        (code, step, BAD[place % len(BAD)])
        for place, (code, step) in enumerate((code, step) for code, steps in ASKED.items() for step in steps)
    ],
)
def test_headquarters_fails_at_a_step_and_nothing_is_lost(code: str, step: str, bad: Weather) -> None:
    async def whole() -> None:
        with tempfile.TemporaryDirectory(prefix="night-") as folder:
            async with Night(Path(folder), 7, DAY) as night:
                line = Line(night, step, bad)
                _ = await night.start()
                someone = await a_visit(night, code)
                assert line.struck, "the step never came"
                assert someone.ended_on in ("TellPage", "ClosingPage")
                assert night.troubles.seen == []
                line.mend()
                async with asyncio.timeout(600):
                    while not night.offers_all():
                        await asyncio.sleep(1.0)
                await night.empty_outbox()
                await restarted(night)
                nothing_is_lost(night)
                again = await a_visit(night, code, nth=1)
                assert again.ended_on == "ClosingPage"
                await night.empty_outbox()
                nothing_is_lost(night)
                assert night.troubles.seen == []

    run_virtual(whole(), nightfall(DAY))
