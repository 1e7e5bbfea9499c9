"""Lights on relays. Flashing wears a mechanical relay out in days, so it is done only where settings allow it."""

from __future__ import annotations

import asyncio
import enum
import json
from typing import cast

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kiosk.devices.lights.contract import INVALID_LIGHT, FlashRate, Light, LightsCapabilities
from kiosk.devices.relays.lcus import MOST_CHANNELS, RelayBoard, Switch
from kiosk.devices.transport import TransportLost
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

HALF_PERIODS: dict[FlashRate, float] = {FlashRate.SLOW: 1.0, FlashRate.MEDIUM: 0.5, FlashRate.QUICK: 0.25}
"""Seconds on and seconds off. Never more than three flashes a second (people with epilepsy)."""


class Relays(enum.Enum):
    """What switches: solid-state relays may flash, mechanical ones may not."""

    MECHANICAL = "mechanical"
    SOLID_STATE = "solid-state"


class LightsSettings(BaseModel):
    """`port`, `baud`; `channels`: the relay of each light by XFS name; `relays`: of which kind they are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str
    baud: int = 9600
    channels: dict[Light, int] = Field(min_length=1)
    relays: Relays = Relays.MECHANICAL

    @field_validator("channels", mode="before")
    @classmethod
    def _channels_as_text(cls, channels: object) -> object:
        """Settings files hold text: JSON is taken too."""
        return cast("object", json.loads(channels)) if isinstance(channels, str) else channels

    @model_validator(mode="after")
    def _channels_differ(self) -> LightsSettings:
        used = list(self.channels.values())
        if len(set(used)) != len(used) or not all(1 <= channel <= MOST_CHANNELS for channel in used):
            raise ValueError("each light needs a channel of its own, from 1 to 8")
        return self


class RelayLights:
    """Lights. All off at the start and at the end."""

    def __init__(self, board: RelayBoard, settings: LightsSettings) -> None:
        self._board = board
        self._channels = settings.channels
        self._relays = settings.relays
        self._flashing: dict[Light, asyncio.Task[None]] = {}

    @property
    def capabilities(self) -> LightsCapabilities:
        """Static."""
        steady = frozenset({FlashRate.OFF, FlashRate.CONTINUOUS})
        match self._relays:
            case Relays.MECHANICAL:
                return LightsCapabilities(frozenset(self._channels), steady)
            case Relays.SOLID_STATE:
                return LightsCapabilities(frozenset(self._channels), frozenset(FlashRate))

    async def set(self, light: Light, rate: FlashRate) -> None:
        """See Lights.set."""
        if light not in self._channels:
            raise DeviceFault(Completion.COMMAND_ERROR, INVALID_LIGHT)
        await self._stop(light)
        try:
            await self._board.switch(self._channels[light], Switch.OFF if rate is FlashRate.OFF else Switch.ON)
        except TransportLost:
            raise DeviceFault(Completion.DEVICE_NOT_READY) from None
        finally:
            if rate in HALF_PERIODS and rate in self.capabilities.rates:
                flash = self._flash(self._channels[light], HALF_PERIODS[rate])
                self._flashing[light] = asyncio.get_running_loop().create_task(flash, name=f"flash-{light.value}")

    async def health(self) -> Health:
        """Says all again; relays do not answer, so only their port is known."""
        try:
            await self._board.refresh()
        except TransportLost as lost:
            return Health(DeviceState.POWER_OFF, "", str(lost))
        return Health(DeviceState.ONLINE, "", "the relays do not answer")

    async def close(self) -> None:
        for light in tuple(self._flashing):
            await self._stop(light)
        await self._board.close()

    async def _flash(self, channel: int, half: float) -> None:
        while True:
            await asyncio.sleep(half)
            after = Switch.OFF if self._board.wanted(channel) is Switch.ON else Switch.ON
            try:
                await self._board.switch(channel, after)
            except TransportLost:
                # It flashes on when the line is back.
                continue

    async def _stop(self, light: Light) -> None:
        task = self._flashing.pop(light, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
