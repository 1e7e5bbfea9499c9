"""What is adjusted on the spot: measured against a reference, kept with its end, and closing what rests on it."""

from __future__ import annotations

import asyncio
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kiosk.commands.simulated_staff import of_role
from kiosk.counter.technician.measuring import halves, measured_pitch, touches
from kiosk.nights.night import Night, nightfall
from kiosk.people.calibration import Adjusted, Rule, Validity
from kiosk.people.staff import Role
from kiosk.protocol.messages import Heartbeat
from kiosk.screens.stage import Intent
from kiosk.screens.states import MeasurePage, MeasureStage, OverviewPage, ServiceOpen
from kiosk.settings import load_settings
from kiosk.settings.model import Vouched
from kiosk.simulation.citizen import Act, Citizen, Doing, Expect, Sight, tap
from kiosk.simulation.scripts.technician import HAND_BACK, in_turn
from kiosk.virtual import run_virtual
from tests.maintenance.evening import ScriptedKey, Somebody, shown, trail, until_page

DAY = date(2026, 11, 22)
TECHNICIAN = of_role(Role.TECHNICIAN)
RULE = Rule(valid_days=365, warn_days=30)


@pytest.mark.parametrize(
    ("until", "stands"),
    [
        (None, Validity.NEVER),
        (DAY - timedelta(days=1), Validity.OVER),
        (DAY, Validity.SOON),
        (DAY + timedelta(days=30), Validity.SOON),
        (DAY + timedelta(days=31), Validity.HOLDS),
    ],
)
def test_it_holds_to_the_end_of_its_last_day_and_warns_before(until: date | None, stands: Validity) -> None:
    assert RULE.stands(until, DAY) is stands
    assert RULE.until(DAY) == date(2027, 11, 22)


def test_each_adjustment_has_a_rule_with_a_source_and_services_that_exist() -> None:
    settings = load_settings()
    assert set(settings.calibration) == {kind.value for kind in Adjusted}
    for rule in settings.calibration.values():
        assert rule.services and set(rule.services) <= set(settings.services)
        assert rule.source and rule.warn_days < rule.valid_days


def sent(**payload: Any) -> Intent:
    return Intent(1, "measured", payload)


def test_the_pitch_is_what_makes_a_card_as_wide_as_it_is() -> None:
    assert measured_pitch(sent(pixels=275), 85.6, 275.0) == pytest.approx(0.31127, abs=1e-5)
    for wrong in ({}, {"pixels": True}, {"pixels": "275"}, {"pixels": 10}, {"pixels": 9000}):
        assert measured_pitch(sent(**wrong), 85.6, 275.0) is None


def test_touches_are_told_in_millimetres_and_what_is_no_target_is_left_out() -> None:
    points = [[0, 0, 30, 40], [3, 6, 0, 0], [4, 0, 0, 0], [0, 7, 0, 0], ["0", 0, 0, 0], [1, 1, 2], "x"]
    assert touches(sent(points=points), 4, 7) == {(0, 0): 5.0, (3, 6): 0.0}
    assert touches(sent(), 4, 7) == {}


def test_light_from_one_side_is_seen_in_the_halves_of_the_face() -> None:
    picture = Image.new("L", (200, 100), 60)
    picture.paste(180, (100, 0, 200, 100))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=95)
    left, right = halves(kept.getvalue(), (0.25, 0.2, 0.5, 0.6))
    assert (round(left, -1), round(right, -1)) == (60, 180)


# -- a night -------------------------------------------------------------------------------------------------------


def _say(**payload: Any) -> Any:
    """A finger on the glass: what the view would have measured."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        hands: Any = citizen.hands
        hands._stage.touch(Intent(sight.revision, "measured", payload))  # pyright: ignore[reportPrivateUsage]
        yield from citizen.gone(sight, "the measurement to be judged")

    return act


def vouched(night: Night, **until: date) -> None:
    """As the station file has it."""
    given = dict(night.settings.calibrated)
    given |= {name.replace("_", "-"): Vouched(until=day) for name, day in until.items()}
    night.settings = night.settings.model_copy(update={"calibrated": given})


def why_closed(night: Night, code: str) -> str:
    assert night.running is not None
    (tile,) = [t for t in night.running.built.duty.tiles() if t.code == code]
    return tile.why if tile.open is ServiceOpen.CLOSED else ""


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The screen's size ran out yesterday and the camera's aim soon will; a technician measures the screen."""
    told: dict[str, Any] = {}

    async def main(folder: Path) -> None:
        key = ScriptedKey()
        async with Night(folder, 7, DAY, key=key) as night:
            vouched(night, display_size=DAY - timedelta(days=1), camera_aim=DAY + timedelta(days=5))
            night.services = night.services - {"JG03"}
            running = await night.start()
            told["before"] = (why_closed(night, "JG03"), why_closed(night, "HZ01"))
            await asyncio.sleep(40.0)
            beat: Heartbeat = await running.built._heartbeat()  # pyright: ignore[reportPrivateUsage]
            told["told"] = dict(beat.closed)
            somebody = Somebody(night, TECHNICIAN)
            await somebody.comes_in(key)
            page = shown(night)
            assert isinstance(page, OverviewPage)
            told["rows"] = [(r.device, r.standing.value, r.defect, r.closes) for r in page.rows[:2]]
            await somebody.does(
                Expect("OverviewPage", tap("device:calibration-display-size")),
                Expect("DisplayPage", _say(pixels=290)),
                Expect("DisplayPage", tap("yes")),
            )
            await until_page(night, "MeasurePage")
            told["off"] = shown(night)
            await somebody.does(
                Expect("MeasurePage", tap("again")),
                Expect("DisplayPage", _say(pixels=275)),
                Expect("DisplayPage", tap("yes")),
                Expect("MeasurePage", tap("keep")),
            )
            await until_page(night, "OverviewPage")
            told["after"] = why_closed(night, "JG03")
            points = [[c, r, 10, 0] for c in range(4) for r in range(7)]
            await somebody.does(
                Expect("OverviewPage", tap("task-more")),
                Expect("RecordsPage", tap("open:MT20")),
                Expect("ChoosePage", tap("choose:touch")),
                Expect("TouchPage", _say(points=points[1:])),
                Expect("MeasurePage", tap("again")),
                Expect("TouchPage", _say(points=points)),
                Expect("MeasurePage", tap("keep")),
                Expect("ChoosePage", tap("choose:camera-aim")),
                Expect("MeasurePage", tap("ready")),
                Expect("MeasurePage", tap("keep")),
                Expect("ChoosePage", tap("choose:distance")),
                Expect("MeasurePage", tap("ready")),
                Expect("MeasurePage", tap("keep")),
                Expect("ChoosePage", tap("choose:enough-adjusted")),
            )
            await until_page(night, "OverviewPage")
            await somebody.does(*HAND_BACK)
            await night.ready()
            told["trail"] = [r["details"] for r in await trail(night) if r["event"] == "calibrated"]
            told["reports"] = [(r.service, r.ending, r.topic) for r in night.reports]
            told["troubles"] = (night.troubles.seen, night.dead_ends)
            told["kept"] = dict(await running.built.store.staff.calibrated("display-size"))

    run_virtual(main(tmp_path_factory.mktemp("calibration")), nightfall(DAY))
    return told


def test_what_ran_out_closes_the_services_that_rest_on_it_and_no_other(evening: dict[str, Any]) -> None:
    assert evening["before"] == ("closed-calibration-display-size", "")
    assert evening["told"]["JG03"] == "closed-calibration-display-size"


def test_technicians_see_what_ran_out_and_are_warned_of_what_will(evening: dict[str, Any]) -> None:
    assert evening["rows"][0] == ("calibration-display-size", "out", "calibration-over", ("JG03",))
    assert evening["rows"][1][:3] == ("calibration-camera-aim", "low", "calibration-soon")


def test_what_is_off_by_more_than_its_tolerance_cannot_be_kept(evening: dict[str, Any]) -> None:
    off = evening["off"]
    assert isinstance(off, MeasurePage)
    assert (off.stage, off.within) == (MeasureStage.RESULT, False)
    assert ("fact-off-by", "5.18 %") in off.facts


def test_what_was_measured_holds_for_its_days_is_on_the_chain_and_opens_the_service(evening: dict[str, Any]) -> None:
    assert evening["troubles"] == ([], [])
    assert evening["after"] == ""
    assert evening["trail"][0] == {
        "who": "004170",
        "what": "display-size",
        "value": "0.3113 mm",
        "before": "2026-11-21",
        "until": "2027-11-22",
    }
    assert evening["kept"]["until"] == "2027-11-22"
    assert evening["reports"][0] == ("MT20", "done", "task-calibrated")


def test_glass_camera_and_booth_are_measured_too(evening: dict[str, Any]) -> None:
    assert [(row["what"], row["value"]) for row in evening["trail"][1:]] == [
        ("touch", "1.0 mm"),
        ("camera-aim", "+0 +0"),
        ("distance", "850 mm"),
    ]
    assert evening["reports"][1] == ("MT20", "done", "task-calibrated")


def _in_the_world(do: str, **arguments: Any) -> Act:
    def act(citizen: Citizen, sight: Sight) -> Doing:
        del sight
        _ = citizen.world.call(do, **arguments)
        yield 0.2

    return act


def _stand(*millimetres: int) -> Act:
    """A gauge of that length, or none."""
    return _in_the_world("stand-gauge", **({"mm": millimetres[0]} if millimetres else {}))


SWAYS = _in_the_world("fault", device="exam-booth", fault="unsteady")
STILL = _in_the_world("clear", device="exam-booth")
DARK = _in_the_world("fault", device="camera", fault="dark")
BRIGHT = _in_the_world("clear", device="camera")


@pytest.fixture(scope="module")
def booth(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The booth's height ran out yesterday and so did the camera's light; both are gone through, wrong ones first."""
    told: dict[str, Any] = {"closed": []}

    async def main(folder: Path) -> None:
        key = ScriptedKey()
        async with Night(folder, 7, DAY, key=key) as night:
            vouched(night, height=DAY - timedelta(days=1), camera_exposure=DAY - timedelta(days=1))
            night.services -= set(night.settings.calibration["camera-exposure"].services)
            _ = await night.start()
            somebody = Somebody(night, TECHNICIAN)

            async def then(name: str, *script: Expect) -> None:
                await somebody.does(*script)
                await asyncio.sleep(20.0)
                told[name] = shown(night)

            def look() -> None:
                told["closed"].append(tuple(why_closed(night, code) for code in ("JG03", "HZ01", "HZ02")))

            look()
            await somebody.comes_in(key)
            # A person stands there, who is no gauge.
            await then(
                "person",
                Expect("OverviewPage", tap("task-more")),
                Expect("RecordsPage", tap("open:MT20")),
                Expect("ChoosePage", tap("choose:height")),
                Expect("MeasurePage", tap("ready")),
            )
            again = Expect("MeasurePage", tap("again"))
            await then("wrong", again, Expect("MeasurePage", in_turn(_stand(1512), tap("ready"))))
            await then("sways", again, Expect("MeasurePage", in_turn(_stand(1500), SWAYS, tap("ready"))))
            await then(
                "height",
                again,
                Expect("MeasurePage", in_turn(STILL, tap("ready"))),
                Expect("MeasurePage", in_turn(_stand(), tap("keep"))),
            )
            look()
            await then(
                "dark",
                Expect("ChoosePage", in_turn(DARK, tap("choose:camera-exposure"))),
                Expect("MeasurePage", tap("ready")),
            )
            await then(
                "light",
                Expect("MeasurePage", in_turn(BRIGHT, tap("again"))),
                Expect("MeasurePage", tap("ready")),
                Expect("MeasurePage", tap("keep")),
                Expect("ChoosePage", tap("choose:enough-adjusted")),
            )
            look()
            told["trail"] = [r["details"] for r in await trail(night) if r["event"] == "calibrated"]
            told["troubles"] = (night.troubles.seen, night.dead_ends)

    run_virtual(main(tmp_path_factory.mktemp("booth")), nightfall(DAY))
    return told


def test_height_and_light_that_ran_out_close_what_rests_on_them_and_open_it_when_right(
    booth: dict[str, Any],
) -> None:
    height, light = "closed-calibration-height", "closed-calibration-camera-exposure"
    before, between, after = booth["closed"]
    assert before[0] in (height, light) and before[1:] == (light, "")
    assert between == (light, light, "")
    assert after == ("", "", "")
    assert booth["troubles"] == ([], [])
    assert [(row["what"], row["value"], row["before"], row["until"]) for row in booth["trail"]] == [
        ("height", "1500 mm", "2026-11-21", "2027-11-22"),
        ("camera-exposure", "208", "2026-11-21", "2027-05-21"),
    ]


def test_neither_a_person_nor_a_wrong_gauge_nor_one_that_sways_nor_darkness_is_kept(booth: dict[str, Any]) -> None:
    for wrong in ("person", "wrong", "sways", "dark"):
        page = booth[wrong]
        assert isinstance(page, MeasurePage)
        assert (page.stage, page.within) == (MeasureStage.RESULT, False), wrong
    assert ("fact-off-by", "12 mm") in booth["wrong"].facts
    assert {("fact-off-by", "0 mm"), ("fact-spread", "80 mm")} <= set(booth["sways"].facts)
    assert ("fact-brightness", "25 / 255") in booth["dark"].facts


def test_a_calibration_runs_out_at_the_end_of_its_day_with_nobody_there(tmp_path: Path) -> None:
    async def main() -> list[str]:
        async with Night(tmp_path, 7, DAY) as night:
            vouched(night, height=DAY)
            _ = await night.start()
            said = [why_closed(night, "JG03")]
            await asyncio.sleep(330.0)
            return [*said, why_closed(night, "JG03")]

    assert run_virtual(main(), nightfall(DAY).replace(hour=23, minute=58)) == ["", "closed-calibration-height"]
