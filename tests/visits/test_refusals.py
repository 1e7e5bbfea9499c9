"""Who is sent away is told why, by name of the rule, and nothing of theirs is kept."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.people.records import RefusalCode
from kiosk.screens.states import TellPage
from kiosk.simulation.citizen import Act, Doing, Expect, Sight, lay, read_and_tap, tap
from kiosk.simulation.citizen import Citizen as Person
from kiosk.simulation.scripts.household import HZ01, HZ02, HZ06
from kiosk.simulation.scripts.traffic import JG01, JG02
from tests.visits.nights import a_night, visitor


def refused(
    situation: str, script: Sequence[Expect], *, nth: int = 0, before: Sequence[tuple[str, dict[str, object]]] = ()
) -> tuple[RefusalCode, list[str]]:
    """The code on the page that tells it, and the pages of the visit."""
    codes: list[RefusalCode] = []
    pages: list[str] = []

    def read(citizen: Person, sight: Sight) -> Doing:
        state = getattr(sight, "state", None)
        assert isinstance(state, TellPage)
        codes.append(state.refusal.code)
        yield from citizen.touch("continue" if citizen.hands.sees("continue") else "end")

    async def scene(night: Night) -> None:
        someone = visitor(night, situation, nth)
        for do, arguments in before:
            someone.call(do, **arguments)
        report = await someone.go(*script, Expect("TellPage", read), Expect("ClosingPage", tap("end"), optional=True))
        assert report.ending == "refused"
        assert report.end.effects == ()
        pages.extend(someone.pages)
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)
    return codes[0], pages


def up_to(script: Sequence[Expect], page: str) -> tuple[Expect, ...]:
    """The script before a page first comes."""
    return tuple(script[: [e.page for e in script].index(page)])


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        ("violation-twelve-points", RefusalCode.POINTS_LIMIT),
        ("violation-general-procedure", RefusalCode.GENERAL_PROCEDURE),
    ],
)
def test_a_record_beyond_self_service_is_not_decided_here(situation: str, code: RefusalCode) -> None:
    found, _ = refused(situation, up_to(JG01, "RightsPage"))
    assert found is code


@pytest.mark.parametrize(
    "situation", ["licence-withheld", "licence-suspended", "licence-expired", "licence-cancelled", "no-licence"]
)
def test_a_licence_that_does_not_allow_it_ends_before_any_record_is_shown(situation: str) -> None:
    _, pages = refused(situation, up_to(JG01, "ChoosePage"))
    assert "ChooseViolations" not in pages


@pytest.mark.parametrize("situation", ["renewal-too-early", "renewal-case-open"])
def test_a_renewal_that_is_not_due_ends_before_the_photograph(situation: str) -> None:
    _, pages = refused(situation, up_to(HZ01, "PortraitPage"))
    assert "PortraitPage" not in pages


@pytest.mark.parametrize("situation", ["ordinary", "card-being-made", "card-at-another-site", "card-blocked"])
def test_nothing_to_collect_opens_no_door(situation: str) -> None:
    _, pages = refused(situation, up_to(HZ02, "PutInPage"))
    assert "PutInPage" not in pages
    assert "TakePage" not in pages


@pytest.mark.parametrize("script", [HZ01, HZ02, JG01, JG02])
def test_under_sixteen_is_told_before_a_face_is_compared(script: Sequence[Expect]) -> None:
    code, pages = refused("under-16", up_to(script, "FacePage"))
    assert code is RefusalCode.UNDER_AGE
    assert "FacePage" not in pages


@pytest.mark.parametrize("situation", ["hmt", "foreigner-2017", "foreigner-2023"])
def test_a_card_of_another_kind_is_sent_to_a_person(situation: str) -> None:
    code, _ = refused(situation, up_to(HZ02, "FacePage"))
    assert code is RefusalCode.CARD_FOREIGN


def thrice(card: str) -> Act:
    """Laid down and lifted three times."""

    def act(citizen: Person, sight: Sight) -> Doing:
        for _ in range(3):
            citizen.world.call("lay-card", card=card)
            yield 6.0
            citizen.world.call("take-card")
            yield 2.0
        del sight

    return act


@pytest.mark.parametrize("card", ["counterfeit", "damaged"])
def test_a_card_that_cannot_be_read_is_told_so_after_three_tries(card: str) -> None:
    code, pages = refused("ordinary", (*up_to(HZ06, "ReadCard"), Expect("ReadCard", thrice(card))))
    assert code is RefusalCode.CARD_UNREADABLE
    assert pages.count("ReadCard") == 1


def test_without_a_card_a_service_that_needs_it_says_so_with_a_way_on() -> None:
    code, pages = refused("card-lost", (*up_to(HZ06, "ReadCard"), Expect("ReadCard", tap("without-card"))))
    assert code is RefusalCode.NO_CARD
    assert "TypeNumber" not in pages


def stranger(citizen: Person, sight: Sight) -> Doing:
    """Lays a found card on the reader."""
    citizen.world.call("lay-card", card="own-0100")
    yield from citizen.gone(sight, "the found card to be read")
    citizen.world.call("take-card")


def wrong_fingers(citizen: Person, sight: Sight) -> Doing:
    """The left little finger, again and again."""
    while citizen.hands.look().revision == sight.revision:
        citizen.world.call("touch-finger", finger="left-little")
        yield 1.0


def three_misses(citizen: Person, sight: Sight) -> Doing:
    """Stands still before the camera as somebody else."""
    return citizen.gone(sight, "the third try")


def test_the_finder_of_a_lost_card_learns_nothing() -> None:
    script = (
        *up_to(HZ02, "ReadCard"),
        Expect("ReadCard", stranger),
        Expect("FacePage", three_misses),
        Expect("FingerPage", wrong_fingers),
    )
    code, pages = refused("ordinary", script)
    assert code is RefusalCode.FACE_NOT_MATCHED
    assert pages.count("FacePage") == 1
    assert pages[-2:] == ["TellPage", "ClosingPage"] or pages[-1] == "TellPage"


def test_the_right_face_with_the_wrong_finger_is_not_enough() -> None:
    script = (*up_to(HZ02, "FingerPage"), Expect("FingerPage", wrong_fingers))
    code, _ = refused("card-finished-renewal", script)
    assert code is RefusalCode.FINGERPRINT_UNREADABLE


def test_a_declined_face_and_a_declined_finger_lead_to_a_person() -> None:
    script = (
        *up_to(HZ02, "ConsentPage"),
        Expect("ConsentPage", read_and_tap("decline")),
        Expect("ReadCard", lay("own")),
        Expect("FingerPage", tap("other-way")),
    )
    code, pages = refused("card-finished-renewal", script)
    assert "FacePage" not in pages
    assert code is RefusalCode.FINGERPRINT_UNREADABLE
