"""What works now, out of the supervisor's news and the state of the line."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from kiosk.screens.states import ServiceOpen


class Board:
    """Implements Readiness; whoever watches devices and the line writes on it. Belongs to the core's loop."""

    def __init__(self, devices: tuple[str, ...]) -> None:
        self._devices: dict[str, ServiceOpen] = dict.fromkeys(devices, ServiceOpen.CHECKING)
        self._headquarters = ServiceOpen.CHECKING
        self._alarms: dict[str, None] = {}
        self._changed = asyncio.Event()

    def device(self, device_class: str) -> ServiceOpen:
        """A class this machine does not have is closed."""
        return self._devices.get(device_class, ServiceOpen.CLOSED)

    def headquarters(self) -> ServiceOpen:
        """Whether headquarters answers."""
        return self._headquarters

    def alarms(self) -> tuple[str, ...]:
        """Message keys, in the order they were raised."""
        return tuple(self._alarms)

    @property
    def devices(self) -> Mapping[str, ServiceOpen]:
        """All classes of this machine."""
        return dict(self._devices)

    async def changed(self) -> None:
        """Returns at the next change, or at once when one was missed."""
        await self._changed.wait()
        self._changed.clear()

    def put_device(self, device_class: str, state: ServiceOpen) -> None:
        """The supervisor's news."""
        if self._devices.get(device_class) is not state:
            self._devices[device_class] = state
            self._changed.set()

    def put_headquarters(self, state: ServiceOpen) -> None:
        """The line's news."""
        if self._headquarters is not state:
            self._headquarters = state
            self._changed.set()

    def raise_alarm(self, key: str) -> None:
        """Everybody sees it until it is cleared."""
        if key not in self._alarms:
            self._alarms[key] = None
            self._changed.set()

    def clear_alarm(self, key: str) -> None:
        """It is over."""
        if key in self._alarms:
            del self._alarms[key]
            self._changed.set()
