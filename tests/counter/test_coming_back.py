"""Whoever was interrupted is told where money and document are; whoever only knows their number is not."""

from __future__ import annotations

from kiosk.nights.night import Night, in_virtual_time
from kiosk.simulation.citizen import (
    Expect,
    look_into_the_camera,
    play,
    read_and_tap,
    tap,
    touch_sensor,
    type_number,
)
from tests.visits.nights import Visitor, a_night, script_of, visitor

TO_THE_NUMBER = (
    Expect("Attract", tap("service:HZ02")),
    Expect("NoticePage", read_and_tap("continue")),
    Expect("ConsentPage", read_and_tap("agree")),
    Expect("ReadCard", tap("without-card")),
    Expect("TypeNumber", type_number),
)


async def interrupted(night: Night) -> str:
    """Somebody's old card is in the cabinet when the power goes; their number."""
    situation, script = script_of("HZ02")
    someone = visitor(night, situation)
    before = script[: [expect.page for expect in script].index("SignPage")]
    await in_virtual_time(play(someone.citizen, before))
    await in_virtual_time(someone.citizen.until(lambda: someone.running.hands.look().kind == "SignPage", "the pad"))
    await night.kill()
    someone.call("person-leaves")
    await night.start()
    return someone.citizen.number


async def told(someone: Visitor) -> None:
    """Until the page about the last visit is there."""
    hands = someone.running.hands
    await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "WelcomeBack", "what became of it"))


def test_the_owner_is_told_as_soon_as_the_face_is_theirs() -> None:
    async def scene(night: Night) -> None:
        await interrupted(night)
        owner = visitor(night, script_of("HZ02")[0])
        await in_virtual_time(play(owner.citizen, (*TO_THE_NUMBER, Expect("FacePage", look_into_the_camera))))
        await told(owner)
        assert owner.pages[-1] == "FacePage"
        rest = (Expect("WelcomeBack", tap("continue")), Expect("FingerPage", touch_sensor))
        await in_virtual_time(play(owner.citizen, rest))

    a_night(scene)


def test_who_declines_the_camera_is_told_after_the_fingerprint() -> None:
    async def scene(night: Night) -> None:
        await interrupted(night)
        owner = visitor(night, script_of("HZ02")[0])
        faceless = (*TO_THE_NUMBER[:2], Expect("ConsentPage", read_and_tap("decline")), *TO_THE_NUMBER[3:])
        await in_virtual_time(play(owner.citizen, (*faceless, Expect("FingerPage", touch_sensor))))
        await told(owner)

    a_night(scene)


def test_somebody_who_only_knows_the_number_learns_nothing() -> None:
    async def scene(night: Night) -> None:
        number = await interrupted(night)
        stranger = visitor(night, script_of("HZ02")[0], nth=1)
        stranger.citizen.number = number
        report = await stranger.go(
            *TO_THE_NUMBER,
            Expect("FacePage", look_into_the_camera),
            Expect("FingerPage", touch_sensor),
            Expect("TellPage", tap("continue")),
            Expect("ClosingPage", tap("end"), optional=True),
        )
        assert report.ending == "refused"
        assert "WelcomeBack" not in report.pages
        owner = visitor(night, script_of("HZ02")[0])
        await in_virtual_time(play(owner.citizen, (*TO_THE_NUMBER, Expect("FacePage", look_into_the_camera))))
        await told(owner)

    a_night(scene)
