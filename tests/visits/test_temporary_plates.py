"""JG09 临时行驶车号牌, well and otherwise, on the virtual clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.people.records import RefusalCode
from kiosk.simulation.citizen import Citizen, Doing, Expect, Sight, code_shows, show_code, take_paper, tap
from kiosk.simulation.scripts.traffic import JG09
from tests.visits.nights import a_night, visitor
from tests.visits.test_refusals import refused, up_to

END = Expect("ClosingPage", tap("end"))
TAKE = Expect("ClosingPage", take_paper)


def wait(citizen: Citizen, sight: Sight) -> Doing:
    """Nobody takes it."""
    del sight
    while citizen.hands.look().kind == "TemporaryPlatePage":
        yield 1.0


def plate_case(night: Night) -> str:
    (case,) = [c for c in night.ledger()["cases"] if c["kind"] == "temporary-plate"]
    return str(case["state"])


def test_three_codes_one_fee_and_the_plate_in_the_hand() -> None:
    async def scene(night: Night) -> None:
        report = await visitor(night, "new-car").go(*JG09)
        assert (report.ending, report.topic) == ("done", "closing-plate")
        await in_order(night)
        assert untrue(night) == []
        assert plate_case(night) == "handed-out"
        assert len(night.world.scene.plates.inside.hands) == 1
        assert night.world.scene.plates.inside.made == 1

    a_night(scene)


def test_another_paper_is_said_and_asked_for_again() -> None:
    async def scene(night: Night) -> None:
        def wrong_first(citizen: Citizen, sight: Sight) -> Doing:
            citizen.world.call("show-code", paper="policy")
            yield 3.0
            yield from show_code("invoice")(citizen, citizen.hands.look())

        script = [*JG09]
        first = [e.page for e in JG09].index("ScanPage")
        script[first] = Expect("ScanPage", wrong_first)
        report = await visitor(night, "new-car").go(*script)
        assert report.ending == "done"

    a_night(scene)


@pytest.mark.parametrize(
    ("fault", "topic", "state", "binned"),
    [
        ("smudge", "closing-plate-at-window", "at-window", 1),
        ("jam", "closing-plate-at-window", "at-window", 1),
        ("refuse", "closing-plate-at-window", "at-window", 0),
    ],
)
def test_a_plate_that_does_not_come_out_well_is_the_windows(fault: str, topic: str, state: str, binned: int) -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "new-car")
        someone.call("plate-fault", fault=fault)
        report = await someone.go(
            *up_to(JG09, "TemporaryPlatePage"), Expect("TemporaryPlatePage", wait, optional=True), TAKE
        )
        assert (report.ending, report.topic) == ("done", topic)
        await in_order(night)
        assert untrue(night) == []
        assert plate_case(night) == state
        assert len(night.world.scene.plates.inside.bin) == binned
        assert not night.world.scene.plates.inside.hands

    a_night(scene)


def test_a_plate_nobody_takes_goes_into_the_bin() -> None:
    async def scene(night: Night) -> None:
        report = await visitor(night, "new-car").go(
            *up_to(JG09, "TemporaryPlatePage"), Expect("TemporaryPlatePage", wait), TAKE
        )
        assert (report.ending, report.topic) == ("done", "closing-plate-at-window")
        await in_order(night)
        assert untrue(night) == []
        assert plate_case(night) == "at-window"
        assert len(night.world.scene.plates.inside.bin) == 1

    a_night(scene)


def test_who_has_no_smartphone_pays_first_and_collects_at_the_window() -> None:
    async def scene(night: Night) -> None:
        by_slip = (*up_to(JG09, "PayPage"), Expect("PayPage", tap("by-slip"), first=code_shows), TAKE)
        report = await visitor(night, "new-car").go(*by_slip)
        assert (report.ending, report.topic) == ("done", "closing-plate-by-slip")
        await in_order(night)
        assert untrue(night) == []
        assert (plate_case(night), night.world.scene.plates.inside.made) == ("awaiting-payment", 0)

    a_night(scene)


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        ("new-car-not-insured", RefusalCode.OTHER),
        ("new-car-plated", RefusalCode.NOT_YET_DUE),
        ("new-car-plates-used", RefusalCode.OTHER),
    ],
)
def test_a_no_is_told_before_any_form(situation: str, code: RefusalCode) -> None:
    found, pages = refused(situation, up_to(JG09, "FormPage"))
    assert found is code
    assert "FormPage" not in pages


def test_papers_without_a_code_are_the_windows() -> None:
    found, _ = refused("new-car", (*up_to(JG09, "ScanPage"), Expect("ScanPage", tap("cannot"))))
    assert found is RefusalCode.OTHER


@pytest.mark.parametrize("device", ["scanner", "plate-printer"])
def test_without_its_machines_the_service_is_closed(device: str) -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "new-car")
        someone.call("unplug", device=device)
        assert night.running is not None
        duty = night.running.built.duty

        def closed() -> bool:
            return next(t for t in duty.tiles() if t.code == "JG09").open.value == "closed"

        await someone.home()
        await until(closed)

    a_night(scene)


async def until(condition: Callable[[], bool]) -> None:
    """Within a minute of the night."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.5)
