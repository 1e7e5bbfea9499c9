"""A night with a technician: the real counter, books and headquarters on the virtual clock."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from kiosk.commands.simulated_staff import SITUATION, Simulated
from kiosk.devices.key_switch.contract import KeyCapabilities, KeyPosition
from kiosk.devices.words import DeviceState, Health
from kiosk.nights.night import Night, in_virtual_time
from kiosk.simulation.citizen import Citizen, Expect, Sight, play


@dataclass
class ScriptedKey:
    """A KeySwitch that is turned by whoever writes `turned`."""

    turned: KeyPosition = KeyPosition.RUN
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def capabilities(self) -> KeyCapabilities:
        return KeyCapabilities(frozenset({KeyPosition.RUN, KeyPosition.MAINTENANCE}))

    def to(self, position: KeyPosition) -> None:
        self.turned = position
        self._news.set()

    async def position(self) -> KeyPosition:
        return self.turned

    async def turn(self, *, seconds: float) -> KeyPosition | None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return None
        self._news.clear()
        return self.turned

    async def health(self) -> Health:
        return Health(DeviceState.ONLINE)

    async def close(self) -> None:
        return None


@dataclass
class Somebody:
    """A member of the staff at the glass."""

    night: Night
    who: Simulated
    pages: list[str] = field(default_factory=list[str])
    taps: list[str] = field(default_factory=list[str])

    async def does(self, *script: Expect) -> None:
        running = self.night.running
        assert running is not None
        _ = self.night.street.call("person-arrives", situation=SITUATION.value, nth=self.who.nth)
        citizen = Citizen(running.hands, self.night.street, "", "", self._seen, now=self.night.clock.monotonic)
        await in_virtual_time(play(citizen, script))
        self.taps += [touch.name for touch in citizen.touches if not touch.typed]

    def _seen(self, sight: Sight) -> None:
        self.pages.append(sight.kind)


async def until_page(night: Night, kind: str, seconds: float = 120.0) -> None:
    """Wait until this page is up."""
    async with asyncio.timeout(seconds):
        while night.running is None or night.running.hands.look().kind != kind:
            await asyncio.sleep(0.1)


def names(script: Sequence[Expect]) -> list[str]:
    return [expect.page for expect in script]
