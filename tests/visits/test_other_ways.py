"""Whole visits that do not go the plain way: no card, no camera, no smartphone, an objection."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kiosk.counter.duty import VisitReport
from kiosk.nights.night import Night
from kiosk.simulation.citizen import Expect, fill_form, read_and_tap, tap, type_number
from kiosk.simulation.scripts.household import HZ01, HZ02
from kiosk.simulation.scripts.traffic import JG01
from tests.visits.nights import a_night, visitor


def whole(situation: str, script: Sequence[Expect], language: str = "zh-CN") -> VisitReport:
    """One visit to its end; no error may be logged."""
    reports: list[VisitReport] = []

    async def scene(night: Night) -> None:
        reports.append(await visitor(night, situation).go(*script))
        assert night.troubles.seen == []

    a_night(scene, language=language)
    return reports[0]


def with_(script: Sequence[Expect], page: str, *instead: Expect, nth: int = 0) -> tuple[Expect, ...]:
    """The script with the nth of a page replaced by something else."""
    place = [i for i, expect in enumerate(script) if expect.page == page][nth]
    return (*script[:place], *instead, *script[place + 1 :])


def without(script: Sequence[Expect], page: str) -> tuple[Expect, ...]:
    return tuple(expect for expect in script if expect.page != page)


BY_NUMBER = (Expect("ReadCard", tap("without-card")), Expect("TypeNumber", type_number))
FORM_OF_A_LOSS = tuple(Expect("FormPage", fill_form) for _ in range(5))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_lost_card_is_replaced_without_typing_a_word(language: str) -> None:
    script = with_(HZ01, "ChoosePage", Expect("ChoosePage", tap("choose:loss")))
    script = with_(script, "ReadCard", Expect("TypeNumber", type_number))
    script = with_(with_(script, "FormPage"), "FormPage", *FORM_OF_A_LOSS)
    report = whole("card-lost", script, language)
    assert report.ending == "done"
    assert report.pages.count("FormPage") == 5


def test_after_a_loss_the_new_card_is_collected_by_number_and_nothing_is_handed_in() -> None:
    report = whole("card-finished-loss", without(with_(HZ02, "ReadCard", *BY_NUMBER), "PutInPage"))
    assert report.ending == "done"
    assert "PutInPage" not in report.pages


def test_who_declines_the_camera_goes_on_by_fingerprint() -> None:
    script = with_(HZ02, "ConsentPage", Expect("ConsentPage", read_and_tap("decline")))
    report = whole("card-finished-renewal", without(script, "FacePage"))
    assert report.ending == "done"
    assert "FacePage" not in report.pages


def test_an_objection_leaves_with_a_slip_and_decides_nothing() -> None:
    upto = JG01[: [expect.page for expect in JG01].index("RightsPage")]
    script = (*upto, Expect("RightsPage", read_and_tap("state-and-defend")), Expect("ClosingPage", tap("end")))
    report = whole("violation-simple", script)
    assert report.ending == "objection"
    assert {effect.kind.value for effect in report.end.effects} == {"submit", "print"}


def test_who_has_no_smartphone_gets_a_payment_slip_and_a_case() -> None:
    report = whole("renewal-due", with_(HZ01, "PayPage", Expect("PayPage", tap("by-slip"))))
    assert report.ending == "done"
    assert [effect.key.split("/")[1] for effect in report.end.effects if effect.kind.value == "print"] == [
        "payment-slip",
        "application-receipt",
    ]


def test_an_expired_card_still_renews_itself() -> None:
    assert whole("renewal-expired", HZ01).ending == "done"


def until(script: Sequence[Expect], page: str) -> tuple[Expect, ...]:
    """The script up to the first time a page comes, and what is done there."""
    return tuple(script[: [expect.page for expect in script].index(page) + 1])


TOLD = (Expect("TellPage", tap("continue")), Expect("ClosingPage", tap("end")))


@pytest.mark.parametrize(
    ("situation", "script", "last"),
    [
        ("hmt", HZ02, "ReadCard"),
        ("under-16", HZ02, "ReadCard"),
        ("card-being-made", HZ02, "FingerPage"),
        ("card-at-another-site", HZ02, "FingerPage"),
        ("card-blocked", HZ02, "FingerPage"),
        ("renewal-too-early", HZ01, "FingerPage"),
        ("renewal-case-open", HZ01, "FingerPage"),
        ("other-province", HZ01, "FingerPage"),
        ("licence-withheld", JG01, "FingerPage"),
        ("licence-suspended", JG01, "FingerPage"),
        ("licence-expired", JG01, "FingerPage"),
        ("licence-cancelled", JG01, "FingerPage"),
        ("no-licence", JG01, "FingerPage"),
        ("violation-twelve-points", JG01, "ChooseViolations"),
        ("violation-general-procedure", JG01, "ChooseViolations"),
    ],
)
def test_who_cannot_be_served_is_told_why_and_nothing_is_begun(
    situation: str, script: Sequence[Expect], last: str
) -> None:
    report = whole(situation, (*until(script, last), *TOLD))
    assert report.ending == "refused"
    assert report.end.effects == ()
