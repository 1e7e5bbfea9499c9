"""A night on the virtual clock with a person in front of the terminal, for tests."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.commands.simulated import Machine
from kiosk.counter.duty import VisitReport
from kiosk.devices.audio.contract import Audio
from kiosk.devices.document_reader.cards import Cards
from kiosk.nights.night import Night, Running, in_virtual_time, nightfall
from kiosk.simulation.citizen import Citizen, Expect, play
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.virtual import run_virtual

DAY = date(2026, 11, 22)


@dataclass
class Visitor:
    """Somebody at the terminal, and the pages they saw."""

    night: Night
    citizen: Citizen
    person: dict[str, Any]
    pages: list[str] = field(default_factory=list[str])

    @property
    def ended_on(self) -> str:
        """The page that told how it ended; afterwards it may be asked how it was."""
        return [page for page in self.pages if page != "RatingPage"][-1]

    @property
    def running(self) -> Running:
        assert self.night.running is not None
        return self.night.running

    async def go(self, *script: Expect) -> VisitReport:
        """The whole visit, until the attract page is back; the report of it."""
        before = len(self.night.reports)
        await in_virtual_time(play(self.citizen, script))
        await self.home()
        assert len(self.night.reports) == before + 1, "no visit ended"
        return self.night.reports[-1]

    async def home(self) -> None:
        """Wait for the attract page."""
        hands = self.running.hands
        await in_virtual_time(self.citizen.until(lambda: hands.look().kind == "Attract", "the attract page"))

    def call(self, do: str, **arguments: Any) -> dict[str, Any]:
        return self.night.street.call(do, **arguments)


def visitor(night: Night, situation: str, nth: int = 0) -> Visitor:
    """The nth person of a situation steps up to the terminal."""
    assert night.running is not None
    person = night.street.call("person-arrives", situation=situation, nth=nth)["person"]
    pages: list[str] = []
    loop = asyncio.get_running_loop()
    citizen = Citizen(
        night.running.hands,
        night.street,
        person["number"],
        person["phone"],
        lambda sight: pages.append(sight.kind),
        loop.time,
    )
    return Visitor(night, citizen, person, pages)


def a_night(
    scene: Callable[[Night], Awaitable[None]],
    *,
    seed: int = 7,
    language: str = "zh-CN",
    cut_at: int | None = None,
    identity: dict[str, Any] | None = None,
    machine: Machine | None = None,
    cards: Callable[[], Cards] | None = None,
    audio: Audio | None = None,
) -> None:
    """One night with a terminal switched on; `identity` is laid over that part of its settings.

    `cards` is the reader of passports and passes, where the machine has one.
    """

    async def whole() -> None:
        with tempfile.TemporaryDirectory(prefix="night-") as folder:
            stands = machine or Machine()
            async with Night(Path(folder), seed, DAY, language, machine=stands, cards=cards) as night:
                night.audio = audio or night.audio
                if identity:
                    changed = night.settings.identity.model_copy(update=identity)
                    night.settings = night.settings.model_copy(update={"identity": changed})
                _ = await night.start(cut_at)
                await scene(night)

    run_virtual(whole(), nightfall(DAY))


def script_of(code: str) -> tuple[str, tuple[Expect, ...]]:
    """Situation and table of a service."""
    return SCRIPTS[code]


def until_page(code: str, page: str, nth: int = 0) -> tuple[Expect, ...]:
    """The table of a service up to, but not including, the nth time a page comes."""
    return SCRIPTS[code][1][: _place(code, page, nth)]


def from_page(code: str, page: str, nth: int = 0) -> tuple[Expect, ...]:
    """The rest of the table."""
    return SCRIPTS[code][1][_place(code, page, nth) :]


def _place(code: str, page: str, nth: int) -> int:
    return [i for i, e in enumerate(SCRIPTS[code][1]) if e.page == page][nth]
