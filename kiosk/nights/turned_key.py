"""A technicians' key switch that is turned by whoever writes the night."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from kiosk.devices.key_switch.contract import KeyCapabilities, KeyPosition
from kiosk.devices.words import DeviceState, Health


@dataclass
class ScriptedKey:
    """A KeySwitch that is turned by whoever writes `turned`."""

    turned: KeyPosition = KeyPosition.RUN
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def capabilities(self) -> KeyCapabilities:
        """Two positions."""
        return KeyCapabilities(frozenset({KeyPosition.RUN, KeyPosition.MAINTENANCE}))

    def to(self, position: KeyPosition) -> None:
        """Turn it."""
        self.turned = position
        self._news.set()

    async def position(self) -> KeyPosition:
        """See KeySwitch."""
        return self.turned

    async def turn(self, *, seconds: float) -> KeyPosition | None:
        """See KeySwitch."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return None
        self._news.clear()
        return self.turned

    async def health(self) -> Health:
        """See KeySwitch."""
        return Health(DeviceState.ONLINE)

    async def close(self) -> None:
        """See KeySwitch."""
        return
