"""Devices this machine does not have: noDevice is not powerOff (XFS4IoT Common.Status)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health


class Absent:
    """Stands where a contract asks for a device that is not fitted: healthy in being absent, able to do nothing."""

    async def health(self) -> Health:
        return Health(DeviceState.NO_DEVICE)

    async def close(self) -> None:
        """Nothing to close."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        if name.startswith("_"):
            raise AttributeError(name)
        return _cannot


async def _cannot(*_given: object, **_named: object) -> Any:
    raise DeviceFault(Completion.DEVICE_NOT_READY, DeviceState.NO_DEVICE.value)
