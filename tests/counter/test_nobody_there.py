"""Pages that are asked of a device again and again must still notice that nobody is there."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.nights.night import Night, in_virtual_time
from kiosk.simulation.citizen import play
from kiosk.simulation.scripts.straight import SCRIPTS
from tests.visits.nights import a_night, from_page, until_page, visitor

LONGEST_PAGE_SECONDS = 420.0


@pytest.mark.parametrize(
    ("code", "page", "nth"),
    [
        ("HZ02", "ReadCard", 0),
        ("HZ02", "FacePage", 0),
        ("HZ02", "FingerPage", 0),
        ("HZ01", "PortraitPage", 0),
        ("HZ01", "FingerPage", 1),
        ("JG01", "RightsPage", 0),
        ("JG01", "PayPage", 0),
    ],
)
def test_a_page_goes_home_when_the_citizen_has_walked_away(code: str, page: str, nth: int) -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, SCRIPTS[code][0])
        await in_virtual_time(play(someone.citizen, until_page(code, page, nth)))
        await in_virtual_time(someone.citizen.until(lambda: someone.running.hands.look().kind == page, page))
        someone.call("person-leaves")
        left = night.clock.monotonic()
        async with asyncio.timeout(3 * LONGEST_PAGE_SECONDS):
            while someone.running.hands.look().kind == page:
                await asyncio.sleep(1.0)
        assert night.clock.monotonic() - left < LONGEST_PAGE_SECONDS
        async with asyncio.timeout(2 * LONGEST_PAGE_SECONDS):
            while someone.running.hands.look().kind != "Attract":
                await asyncio.sleep(1.0)
        assert night.troubles.seen == []

    a_night(scene)


def test_more_time_keeps_the_page_any_number_of_times() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, SCRIPTS["HZ02"][0])
        await in_virtual_time(play(someone.citizen, until_page("HZ02", "FingerPage", 0)))
        hands = someone.running.hands
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "FingerPage", "the sensor"))
        for _ in range(4):
            await in_virtual_time(someone.citizen.until(lambda: hands.sees("more-time"), "the question"))
            hands.tap("more-time")
            await in_virtual_time(someone.citizen.until(lambda: not hands.sees("more-time"), "the question to go"))
        assert hands.look().kind == "FingerPage"
        report = await someone.go(*from_page("HZ02", "FingerPage", 0))
        assert report.ending == "done"

    a_night(scene)


def test_the_portrait_page_goes_home_though_the_camera_goes_on_looking() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, SCRIPTS["HZ01"][0])
        await in_virtual_time(play(someone.citizen, until_page("HZ01", "PortraitPage")))
        hands = someone.running.hands
        someone.call("person-leaves")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "PortraitPage", "the camera"))
        async with asyncio.timeout(2 * LONGEST_PAGE_SECONDS):
            while hands.look().kind != "Attract":
                await asyncio.sleep(1.0)
        assert night.reports[-1].ending == "timed-out"

    a_night(scene)
