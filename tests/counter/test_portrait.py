"""The portrait page: by itself or by the button, as often as one likes, and never a loop."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.devices.camera.contract import Advice
from kiosk.nights import street
from kiosk.nights.night import Night, in_virtual_time
from kiosk.simulation.citizen import play
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.simulation.state import FaultKind
from tests.visits.nights import Visitor, a_night, from_page, until_page, visitor


async def at_the_camera(night: Night) -> Visitor:
    someone = visitor(night, SCRIPTS["HZ01"][0])
    await in_virtual_time(play(someone.citizen, until_page("HZ01", "PortraitPage", 0)))
    return someone


async def until_seen(someone: Visitor, name: str) -> None:
    hands = someone.running.hands
    await in_virtual_time(someone.citizen.until(lambda: hands.sees(name), name))


async def press(someone: Visitor, name: str) -> None:
    await until_seen(someone, name)
    someone.running.hands.tap(name)


def view(someone: Visitor) -> dict[str, object]:
    return dict(someone.running.hands.look().view["page"])


def test_the_button_takes_it_too() -> None:
    async def scene(night: Night) -> None:
        someone = await at_the_camera(night)
        for _ in range(3):
            await press(someone, "shoot")
        await until_seen(someone, "choose:2")
        report = await someone.go(*from_page("HZ01", "PortraitPage", 1))
        assert report.ending == "done"

    a_night(scene)


def test_a_picture_that_will_not_do_is_named_and_after_three_a_person_judges() -> None:
    async def scene(night: Night) -> None:
        someone = await at_the_camera(night)
        someone.call("fault", device="camera", fault="dark")
        hands = someone.running.hands
        presses = 0
        while not hands.sees("review"):
            await press(someone, "shoot")
            await asyncio.sleep(3.0)
            presses += 1
            assert presses <= 8, "a loop"
        assert presses >= 3
        assert "光线太暗" in str(view(someone)["failed"])
        await press(someone, "review")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "FingerPage", "the next page"))

    a_night(scene)


def test_who_is_out_of_reach_is_offered_a_person_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(street.ADVICE, FaultKind.DARK, Advice.TOO_LOW)

    async def scene(night: Night) -> None:
        someone = await at_the_camera(night)
        someone.call("fault", device="camera", fault="dark")
        await until_seen(someone, "shoot")
        someone.running.hands.tap("shoot")
        await until_seen(someone, "review")

    a_night(scene)


@pytest.mark.parametrize(("fault", "then"), [("black", "TellPage"), ("frozen", "FingerPage")])
def test_a_camera_that_leads_nowhere_has_a_way_on_before_anybody_gives_up(fault: str, then: str) -> None:
    async def scene(night: Night) -> None:
        someone = await at_the_camera(night)
        began = night.clock.monotonic()
        someone.call("fault", device="camera", fault=fault)
        await press(someone, "shoot")
        await press(someone, "review")
        assert night.clock.monotonic() - began < 30.0
        hands = someone.running.hands
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == then, "the next page"))
        if then == "TellPage":
            assert view(someone)["code"] == "E-PHO-01"

    a_night(scene)
