"""The mains fail: nobody new is served; the battery ends: the visit ends in order, and so does the terminal."""

from __future__ import annotations

import asyncio
import json

import pytest

from kiosk.nights.night import Night, in_virtual_time
from kiosk.nights.truths import untrue
from kiosk.screens.states import ServiceOpen
from kiosk.simulation.citizen import play
from tests.visits.nights import a_night, script_of, until_page, visitor

DEADLINE = 90.0
"""The settings' 60 s for the visit, and the devices' own."""


def shown(night: Night) -> str:
    assert night.running is not None
    assert night.running.stage.shown is not None
    return night.running.stage.shown.view.identity


def supply(night: Night, fault: str) -> None:
    night.street.call("clear", device="ups")
    if fault:
        night.street.call("fault", device="ups", fault=fault)


async def ended(night: Night) -> float:
    """Seconds until the terminal has switched itself off."""
    assert night.running is not None
    began = night.clock.monotonic()
    async with asyncio.timeout(DEADLINE):
        await asyncio.wait({night.running.task})
    night.running.task.result()
    return night.clock.monotonic() - began


async def events(night: Night) -> list[str]:
    assert night.running is not None
    rows = await night.running.built.store.audit.rows_after(0, 1000)
    return [json.loads(row.text)["event"] for row in rows]


def test_on_battery_nobody_new_is_served_until_the_mains_are_back() -> None:
    async def scene(night: Night) -> None:
        assert night.running is not None
        supply(night, "on-battery")
        await asyncio.sleep(3)
        assert shown(night) == "OutOfService/out-power"
        assert "alarm-power" in night.running.built.board.alarms()
        supply(night, "")
        await asyncio.sleep(3)
        assert shown(night) == "Attract"
        assert not night.running.built.board.alarms()
        assert any(tile.open is ServiceOpen.OPEN for tile in night.running.built.duty.tiles())
        assert [e for e in await events(night) if e.startswith("power")] == ["power-lost", "power-back"]

    a_night(scene)


def test_a_visit_under_way_is_finished_on_battery() -> None:
    async def scene(night: Night) -> None:
        situation, script = script_of("HZ02")
        someone = visitor(night, situation)
        before = until_page("HZ02", "TakePage")
        await in_virtual_time(play(someone.citizen, before))
        hands = someone.running.hands
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "TakePage", "the door"))
        supply(night, "on-battery")
        await in_virtual_time(play(someone.citizen, script[len(before) :]))
        async with asyncio.timeout(300):
            while shown(night) != "OutOfService/out-power":
                await asyncio.sleep(1)
        assert night.reports[-1].ending == "done"
        assert untrue(night) == []

    a_night(scene)


def test_a_supply_that_cannot_be_asked_closes_nothing() -> None:
    async def scene(night: Night) -> None:
        supply(night, "silent")
        await asyncio.sleep(30)
        assert shown(night) == "Attract"
        night.street.call("unplug", device="ups")
        await asyncio.sleep(30)
        assert shown(night) == "Attract"
        supply(night, "on-battery")
        await asyncio.sleep(10)
        night.street.call("unplug", device="ups")
        await asyncio.sleep(30)
        # What was known before stays: a battery nobody hears of is not the mains.
        assert shown(night) == "OutOfService/out-power"

    a_night(scene)


def test_a_terminal_nobody_uses_switches_itself_off_when_the_battery_ends() -> None:
    async def scene(night: Night) -> None:
        supply(night, "battery-low")
        assert await ended(night) < 10

    a_night(scene)


@pytest.mark.parametrize(
    ("code", "page"),
    [
        ("HZ01", "FormPage"),
        ("HZ01", "PayPage"),
        ("HZ02", "PutInPage"),
        ("HZ02", "TakePage"),
        ("JG01", "RightsPage"),
        ("JG01", "ClosingPage"),
    ],
)
def test_a_visit_ends_in_order_when_the_battery_ends_and_everything_stays_true(code: str, page: str) -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, script_of(code)[0])
        await in_virtual_time(play(someone.citizen, until_page(code, page)))
        hands = someone.running.hands
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == page, page))
        supply(night, "battery-low")
        assert await ended(night) < DEADLINE
        # The mains come back: the machine starts on what it left.
        await night.kill()
        supply(night, "")
        someone.call("person-leaves")
        for place in someone.call("state")["compartments"]:
            if place["door"] == "open":
                someone.call("door-close", board=place["board"], compartment=place["compartment"])
        running = await night.start()
        await night.settled()
        await night.empty_outbox()
        assert untrue(night) == []
        rows = await running.built.store.audit.rows_after(0, 1000)
        assert "power-ending" in [json.loads(row.text)["event"] for row in rows]

    a_night(scene)
