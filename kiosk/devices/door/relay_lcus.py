"""A door on a relay that pulls for a few seconds, with a contact of its own to say what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field

from kiosk.clock import Clock
from kiosk.devices.door.contact import Contact, ContactSays, FireInput, FireSays, NoFireInput
from kiosk.devices.door.contract import FREED, DoorCapabilities, DoorEvent, DoorState, FireState
from kiosk.devices.door.watching import STEADY_LOOKS, Watching
from kiosk.devices.relays.lcus import MOST_CHANNELS, RelayBoard, Switch
from kiosk.devices.transport import TransportLost
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.1
"""Between two looks at the contact."""


class DoorSettings(BaseModel):
    """`port`, `baud`, `channel`: the relay. `contact`, `fire`: their files, empty without one. Times in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str
    baud: int = 9600
    channel: int = Field(default=1, ge=1, le=MOST_CHANNELS)
    release_seconds: float = Field(default=5.0, gt=0, le=30)
    contact: str = ""
    contact_says: ContactSays = ContactSays.ONE_WHEN_CLOSED
    held_seconds: float = Field(default=30.0, gt=0)
    fire: str = ""
    fire_says: FireSays = FireSays.ONE_WHEN_QUIET


class RelayDoor:
    """A Door. Its relay is off at the start, after every opening of the line, after a release, and at the end."""

    def __init__(
        self,
        board: RelayBoard,
        contact: Contact,
        settings: DoorSettings,
        clock: Clock,
        fire: FireInput | None = None,
    ) -> None:
        self._board = board
        self._contact = contact
        self._fire = fire or NoFireInput()
        self._settings = settings
        self._clock = clock
        self._releasing = asyncio.Lock()
        grace = settings.release_seconds + (STEADY_LOOKS + 1) * LOOK_SECONDS
        self._watching = Watching(settings.held_seconds, grace)

    @property
    def capabilities(self) -> DoorCapabilities:
        """Static."""
        return DoorCapabilities(senses=bool(self._settings.contact), hears_fire=bool(self._settings.fire))

    async def release(self) -> None:
        """See Door.release. Given up, it locks at once."""
        async with self._releasing:
            try:
                self._watching.released(self._clock.monotonic())
                await self._board.switch(self._settings.channel, Switch.ON)
                await asyncio.sleep(self._settings.release_seconds)
            except TransportLost:
                raise DeviceFault(Completion.DEVICE_NOT_READY, acted=True) from None
            finally:
                await self._lock()

    async def state(self) -> DoorState:
        """See Door.state."""
        return await self._contact.read()

    async def watch(self, tell: Callable[[DoorEvent], None]) -> None:
        """See Door.watch. Without a contact there is nothing to tell."""
        while True:
            # Fire first: what it opens in this very look is not forced.
            for event in self._watching.fire(await self._fire.read(), self._clock.monotonic()):
                tell(event)
            for event in self._watching.look(await self._contact.read(), self._clock.monotonic()):
                tell(event)
            await asyncio.sleep(LOOK_SECONDS)

    async def health(self) -> Health:
        """Tells the relay what it should be; a relay does not answer, so only its port and the contact are known."""
        try:
            await self._board.refresh()
        except TransportLost as lost:
            return Health(DeviceState.POWER_OFF, "", str(lost))
        match await self._fire.read():
            case FireState.ALARM:
                return Health(DeviceState.ONLINE, FREED, "the fire input frees the door")
            case FireState.UNKNOWN:
                return Health(DeviceState.HARDWARE_ERROR, "", "its fire input says nothing")
            case FireState.QUIET | FireState.NOT_SUPPORTED:
                return await self._as_its_contact_says()

    async def close(self) -> None:
        await self._board.close()
        await self._contact.close()
        await self._fire.close()

    async def _as_its_contact_says(self) -> Health:
        match await self._contact.read():
            case DoorState.UNKNOWN:
                return Health(DeviceState.HARDWARE_ERROR, "", "its contact says nothing")
            case DoorState.NOT_SUPPORTED:
                return Health(DeviceState.ONLINE, "", "no contact; the relay does not answer")
            case DoorState.OPEN | DoorState.CLOSED:
                return Health(DeviceState.ONLINE, "", "the relay does not answer")

    async def _lock(self) -> None:
        try:
            await self._board.switch(self._settings.channel, Switch.OFF)
        except TransportLost:
            log.warning("door: the relay could not be switched off; it will be when its line is back")
