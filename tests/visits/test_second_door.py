"""Whole visits through the second door: the card first, the question after."""

from __future__ import annotations

import pytest

from kiosk.nights.night import Night, in_virtual_time
from kiosk.simulation.citizen import Citizen, Doing, Expect, Sight, lay, play, read_and_tap, tap, type_number
from kiosk.simulation.scripts.beginnings import IDENTITY
from kiosk.simulation.scripts.household import HZ01, HZ02
from kiosk.simulation.scripts.traffic import JG01, JG02, JG04
from tests.visits.nights import a_night, visitor

DOOR = (Expect("Attract", lay("own")), Expect("ConsentPage", read_and_tap("agree")), *IDENTITY)


def chosen(code: str) -> tuple[Expect, ...]:
    return (Expect("ChoosePage", tap(f"choose:{code}")), Expect("NoticePage", read_and_tap("continue")))


def after_identity(script: tuple[Expect, ...]) -> tuple[Expect, ...]:
    """What a service's own door does once the citizen is known."""
    place = [expect.page for expect in script].index("FacePage")
    return script[place + len(IDENTITY) :]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(
    ("situation", "code", "script"),
    [
        ("card-finished-renewal", "HZ02", HZ02),
        ("violation-simple", "JG01", JG01),
        ("fine-overdue", "JG02", JG02),
        ("licence-renewal-due", "JG04", tuple(e for e in JG04 if e.page != "ChoosePage")),
        ("renewal-due", "HZ01", HZ01),
    ],
)
def test_what_was_waiting_is_done_and_nothing_is_asked_twice(
    situation: str, code: str, script: tuple[Expect, ...], language: str
) -> None:
    async def scene(night: Night) -> None:
        report = await visitor(night, situation).go(*DOOR, *chosen(code), *after_identity(script))
        assert (report.service, report.ending) == ("WAITING", "done")
        assert {e.state.value for e in report.end.effects} == {"done"}
        assert [report.pages.count(page) for page in ("ConsentPage", "FacePage", "NoticePage")] == [1, 1, 1]
        assert night.troubles.seen == []

    a_night(scene, language=language)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_waiting_ends_in_peace(language: str) -> None:
    async def scene(night: Night) -> None:
        report = await visitor(night, "ordinary").go(
            *DOOR, Expect("ChoosePage", tap("choose:enough")), Expect("ClosingPage", tap("end"))
        )
        assert (report.ending, report.topic) == ("nothing-due", "closing-nothing-waiting")
        assert report.end.effects == ()
        assert night.troubles.seen == []

    a_night(scene, language=language)


def test_back_from_the_notice_leads_to_the_choice_again() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        titles: list[str] = []

        def title(expect: Expect) -> Expect:
            def act(citizen: Citizen, sight: Sight) -> Doing:
                titles.append(sight.view["chrome"]["title"])
                yield from expect.act(citizen, sight)

            return Expect(expect.page, act)

        report = await someone.go(
            *DOOR,
            title(Expect("ChoosePage", tap("choose:HZ02"))),
            title(Expect("NoticePage", tap("back"))),
            title(Expect("ChoosePage", tap("choose:other"))),
            Expect("ChoosePage", tap("choose:enough")),
            Expect("ClosingPage", tap("end")),
        )
        assert titles == ["看看有什么事等您办", "身份证取证", "看看有什么事等您办"]
        assert report.ending == "not-now"

    a_night(scene)


def test_a_card_left_on_the_reader_begins_no_second_visit() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "ordinary")
        hands = someone.running.hands
        someone.call("lay-card", card="own")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "ConsentPage", "consent"))
        someone.citizen.hands.tap("leave")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "LeavePage", "the question"))
        someone.citizen.hands.tap("leave")
        await someone.home()
        await in_virtual_time(wait(30.0))
        assert hands.look().kind == "Attract"
        assert len(night.reports) == 1

    a_night(scene)


def test_a_power_cut_behind_the_second_door_is_recovered_like_any_other() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        upto = after_identity(HZ02)
        upto = upto[: [expect.page for expect in upto].index("SignPage")]
        await in_virtual_time(play(someone.citizen, (*DOOR, *chosen("HZ02"), *upto)))
        hands = someone.running.hands
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "SignPage", "the pad"))
        _ = await night.kill()
        running = await night.start()
        assert await running.built.store.book.open_cases() == ()
        assert night.troubles.seen == []
        back = visitor(night, "card-finished-renewal")
        place = [expect.page for expect in HZ02].index("ReadCard")
        by_number = (Expect("ReadCard", tap("without-card")), Expect("TypeNumber", type_number))
        rest = tuple(expect for expect in HZ02[place + 1 :] if expect.page != "PutInPage")
        report = await back.go(*HZ02[:place], *by_number, *rest)
        assert report.ending == "done"
        assert "WelcomeBack" in report.pages

    a_night(scene)


def wait(seconds: float) -> Doing:
    yield seconds
