"""The supervisor: who is alive, told once; gone devices asked ever more rarely; back means asked what is where."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from kiosk.devices.classes import DeviceClass
from kiosk.devices.supervisor import (
    FIRST_RETRY_SECONDS,
    LONGEST_RETRY_SECONDS,
    Availability,
    DeviceNews,
    Facts,
    Supervisor,
    Usable,
    Watched,
)
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health
from tests.devices.virtual import run_virtual

UP, OFF, STARTING = Health(DeviceState.ONLINE), Health(DeviceState.POWER_OFF), Health(DeviceState.STARTING)
READER, LOCKER = DeviceClass.ID_READER, DeviceClass.LOCKER


@dataclass
class Device:
    """What it says is set by the test."""

    says: Health | Exception | None = UP
    seconds: float = 0.0
    """How long it takes to say it."""
    asked_at: list[float] = field(default_factory=list[float])
    closes: bool = True
    closed: bool = False

    async def health(self) -> Health:
        self.asked_at.append(asyncio.get_running_loop().time())
        if self.says is None:
            await asyncio.get_running_loop().create_future()
        await asyncio.sleep(self.seconds)
        if isinstance(self.says, Exception):
            raise self.says
        assert isinstance(self.says, Health)
        return self.says

    async def close(self) -> None:
        if not self.closes:
            await asyncio.get_running_loop().create_future()
        self.closed = True


Test = Callable[[Supervisor, list[DeviceNews]], Coroutine[Any, Any, None]]


def watching(watched: dict[DeviceClass, Watched], test: Test) -> None:
    async def main() -> None:
        told: list[DeviceNews] = []
        supervisor = Supervisor(watched, jitter=lambda: 0.5, tell=told.append)
        running = asyncio.get_running_loop().create_task(supervisor.run())
        await test(supervisor, told)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    run_virtual(main())


def test_before_anything_was_asked_a_device_is_being_checked() -> None:
    async def main() -> None:
        supervisor = Supervisor({READER: Watched(Device())}, jitter=lambda: 0.5, tell=lambda _: None)
        assert supervisor.availability([READER]) == (Availability(READER, Usable.CHECKING),)

    run_virtual(main())


def test_changes_are_told_once() -> None:
    device = Device()

    async def test(supervisor: Supervisor, told: list[DeviceNews]) -> None:
        await asyncio.sleep(60)
        assert told == [DeviceNews(READER, UP)]
        device.says = Health(DeviceState.HARDWARE_ERROR, "", "self-test failed")
        await asyncio.sleep(60)
        assert [news.health.state for news in told] == [DeviceState.ONLINE, DeviceState.HARDWARE_ERROR]
        assert supervisor.news() == (told[-1],)

    watching({READER: Watched(device)}, test)


def test_a_gone_device_is_asked_ever_more_rarely_up_to_a_limit() -> None:
    device = Device(says=OFF)

    async def test(_supervisor: Supervisor, _told: list[DeviceNews]) -> None:
        await asyncio.sleep(600)
        gaps = [round(b - a, 3) for a, b in pairwise(device.asked_at)]
        assert gaps[:4] == [
            FIRST_RETRY_SECONDS,
            2 * FIRST_RETRY_SECONDS,
            LONGEST_RETRY_SECONDS,
            LONGEST_RETRY_SECONDS,
        ]
        assert set(gaps[4:]) == {LONGEST_RETRY_SECONDS}

    watching({READER: Watched(device)}, test)


def test_a_device_that_is_back_is_asked_where_everything_is_before_anyone_hears() -> None:
    device = Device(says=OFF)
    surveys: list[float] = []

    async def survey() -> Facts:
        surveys.append(asyncio.get_running_loop().time())
        return {"open doors": str(len(surveys))}

    async def test(_supervisor: Supervisor, told: list[DeviceNews]) -> None:
        await asyncio.sleep(10)
        assert surveys == []
        device.says = UP
        await asyncio.sleep(30)
        assert told[-1] == DeviceNews(LOCKER, UP, {"open doors": "1"})
        device.says = OFF
        await asyncio.sleep(30)
        device.says = UP
        await asyncio.sleep(60)
        assert told[-1].facts == {"open doors": "2"}
        assert len(surveys) == 2

    watching({LOCKER: Watched(device, survey)}, test)


@pytest.mark.parametrize("error", [DeviceFault(Completion.DEVICE_NOT_READY), TimeoutError()])
def test_a_device_that_vanishes_while_it_is_surveyed_is_still_gone(error: Exception) -> None:
    async def survey() -> Facts:
        raise error

    async def test(supervisor: Supervisor, told: list[DeviceNews]) -> None:
        await asyncio.sleep(60)
        assert supervisor.availability([LOCKER])[0].usable is Usable.NO
        assert len(told) == 1

    watching({LOCKER: Watched(Device(), survey)}, test)


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (UP, Availability(READER, Usable.YES)),
        (Health(DeviceState.BUSY), Availability(READER, Usable.YES)),
        (Health(DeviceState.ONLINE, "paperOut"), Availability(READER, Usable.NO, "paperOut")),
        (OFF, Availability(READER, Usable.NO, "powerOff")),
        (Health(DeviceState.USER_ERROR, "coverOpen"), Availability(READER, Usable.NO, "coverOpen")),
        (DeviceFault(Completion.COMMAND_ERROR, "mediaJam"), Availability(READER, Usable.NO, "mediaJam")),
        (RuntimeError("a vendor's"), Availability(READER, Usable.NO, "hardwareError")),
        (None, Availability(READER, Usable.NO, "powerOff")),
    ],
)
def test_what_health_closes(says: Health | Exception | None, expected: Availability) -> None:
    async def test(supervisor: Supervisor, _told: list[DeviceNews]) -> None:
        await asyncio.sleep(60)
        assert supervisor.availability([READER]) == (expected,)

    watching({READER: Watched(Device(says=says))}, test)


def test_a_lost_device_is_told_within_a_second_and_its_return_within_three() -> None:
    device = Device()

    async def test(_supervisor: Supervisor, told: list[DeviceNews]) -> None:
        for away in (0.1, 1.0, 7.7, 600.0):
            await asyncio.sleep(5.03)
            device.says = OFF
            await asyncio.sleep(1.0)
            assert told[-1].health == OFF
            await asyncio.sleep(away)
            device.says = UP
            await asyncio.sleep(3.0)
            assert told[-1].health == UP

    watching({READER: Watched(device)}, test)


def test_a_device_that_stops_answering_is_told_within_a_second_before_its_driver_gives_up() -> None:
    device = Device()

    async def test(supervisor: Supervisor, told: list[DeviceNews]) -> None:
        await asyncio.sleep(5)
        device.seconds, device.says = 4.0, UP
        await asyncio.sleep(1)
        assert supervisor.availability([READER])[0].usable is Usable.NO
        device.seconds = 0.0
        await asyncio.sleep(5)
        assert [news.availability.usable for news in told] == [Usable.YES, Usable.NO, Usable.YES]

    watching({READER: Watched(device)}, test)


def test_a_device_that_always_takes_long_is_not_taken_for_a_lost_one() -> None:
    device = Device(seconds=0.9)

    async def test(supervisor: Supervisor, told: list[DeviceNews]) -> None:
        await asyncio.sleep(60)
        assert [news.health for news in told] == [UP]
        assert supervisor.news() == (DeviceNews(READER, UP),)

    watching({READER: Watched(device)}, test)


def test_a_class_without_a_driver_is_no_device() -> None:
    async def test(supervisor: Supervisor, _told: list[DeviceNews]) -> None:
        supervisor.nudge(LOCKER)
        assert supervisor.availability([LOCKER]) == (Availability(LOCKER, Usable.NO, "noDevice"),)

    watching({}, test)


def test_a_nudge_asks_at_once() -> None:
    device = Device(says=OFF)

    async def test(supervisor: Supervisor, told: list[DeviceNews]) -> None:
        await asyncio.sleep(200)
        device.says = UP
        supervisor.nudge(READER)
        await asyncio.sleep(0.001)
        assert told[-1].health == UP

    watching({READER: Watched(device)}, test)


def test_one_dead_driver_does_not_end_the_others_supervision() -> None:
    reader, locker = Device(says=RuntimeError("bug")), Device()

    async def test(supervisor: Supervisor, _told: list[DeviceNews]) -> None:
        await asyncio.sleep(20)
        assert [a.usable for a in supervisor.availability([READER, LOCKER])] == [Usable.NO, Usable.YES]

    watching({READER: Watched(reader), LOCKER: Watched(locker)}, test)


def test_down_and_back_are_logged_once_each(caplog: pytest.LogCaptureFixture) -> None:
    device = Device()

    async def test(_supervisor: Supervisor, _told: list[DeviceNews]) -> None:
        await asyncio.sleep(20)
        device.says = OFF
        await asyncio.sleep(300)
        device.says = UP
        await asyncio.sleep(60)

    with caplog.at_level(logging.INFO, "kiosk.devices.supervisor"):
        watching({READER: Watched(device)}, test)
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING", "INFO"]


def test_at_the_end_every_driver_is_closed_even_if_one_will_not() -> None:
    stubborn, good = Device(closes=False), Device()

    async def test(_supervisor: Supervisor, _told: list[DeviceNews]) -> None:
        await asyncio.sleep(1)

    watching({READER: Watched(stubborn), LOCKER: Watched(good)}, test)
    assert good.closed
