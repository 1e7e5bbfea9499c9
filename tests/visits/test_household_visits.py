"""Visits of the household desk that end otherwise than well, or another way round, on the virtual clock."""

from __future__ import annotations

import pytest

from kiosk.flows.steps import StepKind
from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.people.records import RefusalCode
from kiosk.simulation.citizen import Citizen as Person
from kiosk.simulation.citizen import (
    Doing,
    Expect,
    Sight,
    code_shows,
    read_and_tap,
    sign,
    take_paper,
    tap,
    type_number,
)
from kiosk.simulation.scripts.beginnings import IDENTITY
from kiosk.simulation.scripts.household import HZ01, HZ03, HZ04, HZ05, HZ06, HZ07
from kiosk.simulation.scripts.straight import SCRIPTS
from tests.visits.nights import a_night, visitor
from tests.visits.test_refusals import refused, up_to


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        ("ordinary", RefusalCode.NO_APPLICATION),
        ("card-blocked", RefusalCode.CARD_BLOCKED),
        ("under-16", RefusalCode.UNDER_AGE),
        ("foreigner-2017", RefusalCode.CARD_FOREIGN),
    ],
)
def test_no_progress_is_told_where_there_is_none(situation: str, code: RefusalCode) -> None:
    before = "FacePage" if code in (RefusalCode.UNDER_AGE, RefusalCode.CARD_FOREIGN) else "ResultPage"
    found, pages = refused(situation, up_to(HZ04, before))
    assert found is code
    assert "ResultPage" not in pages


def test_progress_is_looked_up_by_number_and_without_paper() -> None:
    async def scene(night: Night) -> None:
        script = (
            *up_to(HZ04, "ReadCard"),
            Expect("ReadCard", tap("without-card")),
            Expect("TypeNumber", type_number),
            *IDENTITY,
            Expect("ResultPage", tap("enough")),
            Expect("ClosingPage", tap("end")),
        )
        report = await visitor(night, "card-finished-loss").go(*script)
        assert (report.ending, report.end.effects) == ("done", ())
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


@pytest.mark.parametrize(
    ("situation", "code"),
    [("card-finished-loss", RefusalCode.ALREADY_REPORTED), ("under-16", RefusalCode.UNDER_AGE)],
)
def test_no_loss_is_reported_against_the_rules(situation: str, code: RefusalCode) -> None:
    found, pages = refused(situation, up_to(HZ03, "FacePage" if situation == "under-16" else "FormPage"))
    assert found is code
    assert "FormPage" not in pages


def test_a_reported_loss_leads_on_to_a_new_card_with_nothing_asked_twice() -> None:
    async def scene(night: Night) -> None:
        apply = HZ01[[e.page for e in HZ01].index("PortraitPage") :]
        script = (
            *up_to(HZ03, "ChoosePage"),
            Expect("ChoosePage", tap("choose:HZ01")),
            Expect("NoticePage", read_and_tap("continue")),
            *apply,
        )
        someone = visitor(night, "card-lost")
        report = await someone.go(*script)
        assert (report.ending, report.topic) == ("done", "closing-applied")
        assert [e.kind.value for e in report.end.effects] == ["submit", "print", "pay", "submit", "print"]
        assert someone.pages.count("FormPage") == 5
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


def test_a_report_that_headquarters_does_not_confirm_is_said_not_to_be_in_force() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-lost")
        script = (*up_to(HZ03, "SignPage"), Expect("SignPage", sign_and_cut_the_line))
        report = await someone.go(*script, Expect("ClosingPage", take_paper))
        assert (report.ending, report.topic) == ("pending", "closing-pending")
        await in_order(night)
        assert untrue(night) == []
        (filed,) = [c for c in night.ledger()["cases"] if c["kind"] == "report-of-loss"]
        assert filed["state"] == "in-force"

    a_night(scene)


def sign_and_cut_the_line(citizen: Person, sight: Sight) -> Doing:
    """Signs at the very moment headquarters goes away."""
    citizen.world.call("network", state="down")
    yield from sign(citizen, sight)


@pytest.mark.parametrize(
    ("situation", "nth", "code"),
    [
        ("long-term", 0, RefusalCode.NOT_ON_REGISTER),
        ("ordinary", 58, RefusalCode.NOT_ON_REGISTER),
        ("other-province", 0, RefusalCode.OUT_OF_JURISDICTION),
        ("card-reported-lost", 0, RefusalCode.CARD_REPORTED_LOST),
        ("renewal-expired", 0, RefusalCode.CARD_EXPIRED),
    ],
)
def test_no_household_certificate_against_the_rules(situation: str, nth: int, code: RefusalCode) -> None:
    before = "FacePage" if code is RefusalCode.CARD_EXPIRED else "ChoosePage"
    found, pages = refused(situation, up_to(HZ06, before), nth=nth)
    assert found is code
    assert "ChoosePage" not in pages


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        ("other-province", RefusalCode.OUT_OF_JURISDICTION),
        ("card-reported-lost", RefusalCode.CARD_REPORTED_LOST),
    ],
)
def test_no_query_of_records_against_the_rules(situation: str, code: RefusalCode) -> None:
    found, pages = refused(situation, up_to(HZ07, "FormPage"))
    assert found is code
    assert "FormPage" not in pages


@pytest.mark.parametrize("nth", [50, 52])
def test_a_record_and_a_shared_name_see_the_same_pages_and_the_same_paper(nth: int) -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "ordinary", nth)
        report = await someone.go(*HZ07)
        assert (report.ending, report.topic) == ("done", "closing-record-accepted")
        assert [e.kind.value for e in report.end.effects] == ["submit", "print"]
        await in_order(night)
        again = visitor(night, "ordinary", nth)
        codes: list[RefusalCode] = []

        def read(citizen: Person, sight: Sight) -> Doing:
            codes.append(getattr(sight, "state").refusal.code)  # noqa: B009
            yield from citizen.touch("continue")

        told = await again.go(
            *up_to(HZ07, "FormPage"), Expect("TellPage", read), Expect("ClosingPage", tap("end"), optional=True)
        )
        assert (told.ending, codes) == ("refused", [RefusalCode.CASE_ALREADY_OPEN])
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


@pytest.mark.parametrize("code", ["HZ06", "HZ07"])
def test_a_certificate_that_does_not_come_out_is_said(code: str) -> None:
    async def scene(night: Night) -> None:
        situation, script = SCRIPTS[code]
        someone = visitor(night, situation)
        someone.call("fault", device="page-printer", fault="media-empty")
        report = await someone.go(*script[:-1], Expect("ClosingPage", tap("end")))
        assert [e.state.value for e in report.end.effects] == ["done", "failed"]
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        ("card-lost", RefusalCode.NO_APPLICATION),
        ("other-province", RefusalCode.OUT_OF_JURISDICTION),
        ("under-16", RefusalCode.UNDER_AGE),
    ],
)
def test_no_temporary_card_against_the_rules(situation: str, code: RefusalCode) -> None:
    before = "FacePage" if situation == "under-16" else "PortraitPage"
    found, pages = refused(situation, up_to(HZ05, before))
    assert found is code
    assert "PortraitPage" not in pages


def test_a_temporary_card_without_a_telephone_is_held_by_a_payment_slip() -> None:
    async def scene(night: Night) -> None:
        script = (*up_to(HZ05, "PayPage"), Expect("PayPage", tap("by-slip"), first=code_shows))
        report = await visitor(night, "renewal-case-open").go(*script, Expect("ClosingPage", take_paper))
        assert (report.ending, report.topic) == ("done", "closing-temporary")
        assert [e.kind.value for e in report.end.effects] == ["pay", "print", "submit", "print"]
        await in_order(night)
        assert untrue(night) == []
        (held,) = [c for c in night.ledger()["cases"] if c["kind"] == "temporary-card"]
        assert held["state"] == "awaiting-payment"

    a_night(scene)


@pytest.mark.parametrize("code", ["HZ03", "HZ04", "HZ05"])
def test_a_slip_that_does_not_come_out_is_said(code: str) -> None:
    async def scene(night: Night) -> None:
        situation, script = SCRIPTS[code]
        someone = visitor(night, situation)
        someone.call("fault", device="receipt-printer", fault="paper-out")
        report = await someone.go(*script[:-1], Expect("ClosingPage", tap("end")))
        assert report.ending == "done"
        assert [e.state.value for e in report.end.effects if e.kind is StepKind.PRINT] == ["failed"]
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)
