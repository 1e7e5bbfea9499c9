"""A few small moves before the comparison: short, never a dead end, and by themselves they decide nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kiosk.nights.night import Night
from kiosk.settings import SettingsError, load_settings
from kiosk.settings.model import Liveness
from kiosk.simulation.citizen import Citizen, Doing, Expect, Sight, tap, touch_sensor
from tests.visits.nights import a_night, script_of, visitor

ON: dict[str, Any] = {"liveness": Liveness.BASIC}


async def rows(night: Night, event: str) -> list[dict[str, Any]]:
    assert night.running is not None
    lines = await night.running.built.store.audit.rows_after(0, 1000)
    return [row["details"] for line in lines if (row := json.loads(line.text))["event"] == event]


def stand_still(citizen: Citizen, sight: Sight) -> Doing:
    """Do nothing that is asked for."""
    return citizen.gone(sight, "another way")


def leave_it(citizen: Citizen, sight: Sight) -> Doing:
    """Take the other way as soon as a move is asked for."""
    yield from citizen.until(lambda: bool(citizen.hands.look().view["page"]["move"]), "a move to be asked for")
    yield from tap("other-way")(citizen, sight)


def told_of(seen: list[str]) -> Expect:
    """The consent, with what it says of the moves."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        seen.extend(fact["value"] for fact in sight.view["page"]["facts"] if fact["label"] == "小动作")
        yield from agree.act(citizen, sight)

    agree = next(expect for expect in script_of("HZ02")[1] if expect.page == "ConsentPage")
    return Expect("ConsentPage", act)


def with_face(face: Expect, consent: Expect | None = None) -> tuple[Expect, ...]:
    script = script_of("HZ02")[1]
    place = {"FacePage": face} | ({} if consent is None else {"ConsentPage": consent})
    return tuple(place.get(expect.page, expect) for expect in script)


def test_who_makes_the_moves_goes_on_to_comparison_and_fingerprint() -> None:
    said: list[str] = []

    async def scene(night: Night) -> None:
        situation, script = script_of("HZ02")
        face = next(expect for expect in script if expect.page == "FacePage")
        report = await visitor(night, situation).go(*with_face(face, told_of(said)))
        assert report.ending == "done"
        assert {"FacePage", "FingerPage"} <= set(report.pages)
        challenge = (await rows(night, "face-challenged"))[0]
        assert (challenge["presence"], challenge["standing"], challenge["reasons"]) == ("live", "basic", "")
        assert float(challenge["seconds"]) <= 5.0
        assert len(challenge["moves"].split()) == 3
        assert (await rows(night, "face-compared"))[0]["verdict"] == "same"

    a_night(scene, identity=ON)
    assert len(said) == 1 and "没有经过认证" in said[0]


@pytest.mark.parametrize("face", [Expect("FacePage", stand_still), Expect("FacePage", leave_it)])
def test_who_does_not_make_them_is_served_by_fingerprint(face: Expect) -> None:
    async def scene(night: Night) -> None:
        report = await visitor(night, script_of("HZ02")[0]).go(*with_face(face))
        assert report.ending == "done"
        assert await rows(night, "face-compared") == []
        assert await rows(night, "finger-compared")

    a_night(scene, identity=ON)


def test_a_move_that_was_not_seen_is_nobodys_fault_and_the_next_page_comes_by_itself() -> None:
    seen: list[str] = []

    async def scene(night: Night) -> None:
        def watching(citizen: Citizen, sight: Sight) -> Doing:
            def gone() -> bool:
                now = citizen.hands.look()
                seen.append(str(now.view["page"].get("stage")))
                return now.revision != sight.revision

            yield from citizen.until(gone, "the fingerprint")

        script = with_face(Expect("FacePage", watching))
        finger = next(i for i, expect in enumerate(script) if expect.page == "FingerPage")
        assert script[finger].act is touch_sensor
        await visitor(night, script_of("HZ02")[0]).go(*script)

    a_night(scene, identity=ON)
    stages = list(dict.fromkeys(seen))
    assert stages[:3] == ["look", "challenge", "challenge-over"]


def test_switched_off_nothing_is_asked_and_nothing_is_told() -> None:
    said: list[str] = []

    async def scene(night: Night) -> None:
        situation, script = script_of("HZ02")
        face = next(expect for expect in script if expect.page == "FacePage")
        await visitor(night, situation).go(*with_face(face, told_of(said)))
        assert await rows(night, "face-challenged") == []

    a_night(scene)
    assert said == []


def test_no_station_lets_a_face_alone_decide() -> None:
    with pytest.raises(SettingsError, match="certified"):
        load_settings(None, {"identity": {"second_factor": "not-required", "liveness": "basic"}})
