"""Listening to an HLK-LD2410 radar, which reports about ten times a second without being asked."""

from __future__ import annotations

import asyncio

from pydantic import BaseModel, ConfigDict

from kiosk.devices.link import Link
from kiosk.devices.presence.contract import PresenceCapabilities, Sighting
from kiosk.devices.presence.frames import Decoder
from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

REPORT_SECONDS = 1.0
"""A radar that reports nothing for so long is dead."""
READ_CHUNK = 512

_CAPABILITIES = PresenceCapabilities(sees_still=True, measures=True)


class Ld2410Settings(BaseModel):
    """`port`: path or tcp://host:port, 8-N-1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str
    baud: int = 256000


class Ld2410:
    """A PresenceSensor. What was reported before it was asked is thrown away: only now counts."""

    def __init__(self, line: Line) -> None:
        self._link = Link(line)
        self._health = Health(DeviceState.STARTING)

    @property
    def capabilities(self) -> PresenceCapabilities:
        """Static."""
        return _CAPABILITIES

    async def look(self) -> Sighting:
        """See PresenceSensor.look."""
        async with self._link.lock:
            try:
                async with asyncio.timeout(REPORT_SECONDS):
                    seen = await self._next()
            except TransportLost as lost:
                raise self._dead(str(lost)) from None
            except TimeoutError:
                raise self._dead("silent") from None
        self._health = Health(DeviceState.ONLINE)
        return seen

    async def health(self) -> Health:
        """Waits for a report; while one is awaited, says what was last heard."""
        if self._link.lock.locked():
            return self._health
        try:
            await self.look()
        except DeviceFault:
            return self._health
        return self._health

    async def close(self) -> None:
        await self._link.drop()

    async def _next(self) -> Sighting:
        await self._link.transport()
        self._link.drop_input()
        decoder = Decoder()
        while not (seen := decoder.feed(await self._link.read(READ_CHUNK))):
            continue
        return seen[-1]

    def _dead(self, detail: str) -> DeviceFault:
        self._health = Health(DeviceState.POWER_OFF, "", detail)
        return DeviceFault(Completion.DEVICE_NOT_READY)
