"""Visits of the traffic desk that end otherwise than well, or another way round, on the virtual clock."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from central.agencies.sandbox_model import SandboxLicence
from central.database import transaction
from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.people.records import RefusalCode
from kiosk.simulation.citizen import Citizen, Doing, Expect, Sight, code_shows, pay_by_phone, tap
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.simulation.scripts.traffic import JG02, JG04, JG05, JG06, JG07, JG08, JG10
from tests.visits.nights import a_night, visitor
from tests.visits.test_refusals import refused, up_to

END = Expect("ClosingPage", tap("end"))


@pytest.mark.parametrize(
    ("script", "situation", "code"),
    [
        (JG02, "renewal-expired", RefusalCode.CARD_EXPIRED),
        (JG04, "hmt", RefusalCode.CARD_FOREIGN),
        (JG05, "renewal-expired", RefusalCode.CARD_EXPIRED),
        (JG06, "under-16", RefusalCode.UNDER_AGE),
        (JG07, "foreigner-2023", RefusalCode.CARD_FOREIGN),
    ],
)
def test_a_card_that_does_not_open_a_service_is_told_why(
    script: Sequence[Expect], situation: str, code: RefusalCode
) -> None:
    found, _ = refused(situation, up_to(script, "FacePage"))
    assert found is code


def test_without_a_fingerprint_on_record_an_officer_is_named() -> None:
    found, _ = refused("face-only", (*up_to(JG02, "FingerPage"), Expect("FingerPage", tap("other-way"))))
    assert found is RefusalCode.FINGERPRINT_UNREADABLE


@pytest.mark.parametrize(
    ("situation", "script", "code"),
    [
        ("licence-no-report", JG04, RefusalCode.NO_MEDICAL_REPORT),
        ("licence-violations", JG04, RefusalCode.UNSETTLED_VIOLATIONS),
        ("no-violations", JG04, RefusalCode.NOT_YET_DUE),
        ("licence-withheld", JG05, RefusalCode.LICENCE_NOT_VALID),
        ("vehicle-of-company", JG07, RefusalCode.OTHER),
        ("vehicle-not-insured", JG08, RefusalCode.OTHER),
        ("vehicle-to-inspect", JG08, RefusalCode.OTHER),
        ("vehicle-of-company", JG08, RefusalCode.OTHER),
        ("no-violations", JG08, RefusalCode.NOT_YET_DUE),
        ("review-no-study", JG10, RefusalCode.OTHER),
        ("senior-no-report", JG10, RefusalCode.NO_MEDICAL_REPORT),
        ("no-violations", JG10, RefusalCode.NOT_YET_DUE),
    ],
)
def test_a_no_is_told_before_any_form_or_photograph(
    situation: str, script: Sequence[Expect], code: RefusalCode
) -> None:
    pages_of = [expect.page for expect in script]
    after = "ChoosePage" if "ChoosePage" in pages_of and script is not JG08 else "FingerPage"
    upto = tuple(script[: pages_of.index(after) + 1])
    found, pages = refused(situation, upto)
    assert found is code
    assert not {"PortraitPage", "FormPage", "PayPage"} & set(pages)


@pytest.mark.parametrize(("situation", "script"), [("no-violations", JG05), ("vehicle-exempt", JG07)])
def test_who_has_no_smartphone_takes_a_slip_and_the_case_is_held(situation: str, script: Sequence[Expect]) -> None:
    async def scene(night: Night) -> None:
        by_slip = (*up_to(script, "PayPage"), Expect("PayPage", tap("by-slip"), first=code_shows), script[-1])
        report = await visitor(night, situation).go(*by_slip)
        assert (report.ending, report.topic) == ("done", "closing-licence-by-slip")
        await in_order(night)
        assert untrue(night) == []
        (case,) = [c for c in night.ledger()["cases"] if c["number"] == report.number]
        assert case["state"] == "awaiting-payment"

    a_night(scene)


def test_money_comes_back_when_headquarters_refuses_what_it_paid_for() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "no-violations")

        def withheld(citizen: Citizen, sight: Sight) -> Doing:
            """The licence is withheld elsewhere in the very moment of paying."""
            yield from code_shows(citizen, sight)
            with transaction(night.headquarters.engine) as db:
                licence = db.get(SandboxLicence, citizen.number)
                assert licence is not None
                licence.status = "withheld"
            yield from pay_by_phone(citizen, sight)

        told = (Expect("TellPage", tap("continue")), END)
        report = await someone.go(*up_to(JG05, "PayPage"), Expect("PayPage", withheld), *told)
        assert report.ending == "refused"
        await in_order(night)
        assert untrue(night) == []
        (payment,) = night.ledger()["payments"]
        assert (payment["taken_fen"], payment["refunded_fen"]) == (1000, 1000)

    a_night(scene)


def test_nothing_on_file_is_said() -> None:
    async def scene(night: Night) -> None:
        report = await visitor(night, "ordinary").go(*up_to(JG06, "ResultPage"), END)
        assert (report.ending, report.topic) == ("nothing-due", "closing-no-traffic-file")
        assert untrue(night) == []

    a_night(scene)


@pytest.mark.parametrize("situation", ["no-licence", "fine-overdue"])
def test_whatever_is_on_file_can_be_read_without_paper(situation: str) -> None:
    async def scene(night: Night) -> None:
        script = (*up_to(JG06, "ResultPage"), Expect("ResultPage", tap("enough")), END)
        report = await visitor(night, situation).go(*script)
        assert (report.ending, report.end.effects) == ("done", ())
        assert untrue(night) == []

    a_night(scene)


@pytest.mark.parametrize("code", ["JG02", "JG07"])
def test_a_slip_that_does_not_come_out_is_said(code: str) -> None:
    async def scene(night: Night) -> None:
        situation, script = SCRIPTS[code]
        someone = visitor(night, situation)
        someone.call("fault", device="receipt-printer", fault="paper-out")
        report = await someone.go(*script[:-1], END)
        assert report.ending == "done"
        assert "failed" in {e.state.value for e in report.end.effects if e.kind.value == "print"}
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)
