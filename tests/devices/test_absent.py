"""A device that is not fitted: known to be absent, and refusing in the words of its class."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.devices.absent import Absent
from kiosk.devices.words import DeviceFault, DeviceState


def test_it_is_no_device_and_not_one_without_power() -> None:
    assert asyncio.run(Absent().health()).state is DeviceState.NO_DEVICE


def test_whatever_is_asked_of_it_is_refused_without_having_acted() -> None:
    async def ask() -> None:
        await Absent().capture(seconds=1)

    with pytest.raises(DeviceFault) as refused:
        asyncio.run(ask())
    assert (refused.value.code, refused.value.acted) == ("noDevice", False)
