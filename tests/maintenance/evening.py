"""A night with a technician: the real counter, books and headquarters on the virtual clock."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from kiosk.commands.simulated_staff import SITUATION, Simulated
from kiosk.devices.key_switch.contract import KeyPosition
from kiosk.nights.night import Night, in_virtual_time
from kiosk.nights.turned_key import ScriptedKey
from kiosk.simulation.citizen import Citizen, Expect, Sight, play
from kiosk.simulation.scripts.technician import sign_in


@dataclass
class Somebody:
    """A member of the staff at the glass."""

    night: Night
    who: Simulated
    pages: list[str] = field(default_factory=list[str])
    taps: list[str] = field(default_factory=list[str])
    notes: dict[str, str] = field(default_factory=dict[str, str])

    async def comes_in(self, key: ScriptedKey) -> None:
        """By key, card and PIN, to the overview."""
        key.to(KeyPosition.MAINTENANCE)
        await until_page(self.night, "StaffCardPage")
        await self.does(*sign_in(self.who.pin))
        await until_page(self.night, "OverviewPage")

    async def does(self, *script: Expect) -> None:
        running = self.night.running
        assert running is not None
        _ = self.night.street.call("person-arrives", situation=SITUATION.value, nth=self.who.nth)
        citizen = Citizen(
            running.hands, self.night.street, "", "", self._seen, self.night.clock.monotonic, self.notes
        )
        await in_virtual_time(play(citizen, script))
        self.taps += [touch.name for touch in citizen.touches if not touch.typed]

    def _seen(self, sight: Sight) -> None:
        self.pages.append(sight.kind)


async def until_page(night: Night, kind: str, seconds: float = 120.0) -> None:
    """Wait until this page is up."""
    async with asyncio.timeout(seconds):
        while night.running is None or night.running.hands.look().kind != kind:
            await asyncio.sleep(0.1)


async def trail(night: Night) -> list[dict[str, Any]]:
    """The audit chain's rows."""
    assert night.running is not None
    rows = await night.running.built.store.audit.rows_after(0, 10_000)
    return [json.loads(row.text) for row in rows]


def shown(night: Night) -> object:
    """The state of the page that is up."""
    assert night.running is not None and night.running.stage.shown is not None
    return night.running.stage.shown.state
