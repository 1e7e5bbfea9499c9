"""Visits of the exit-entry desk, well and otherwise, on the virtual clock."""

from __future__ import annotations

import pytest

from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.people.records import RefusalCode
from kiosk.simulation.citizen import Expect, fill_form, sign, take_paper, tap, type_number
from kiosk.simulation.scripts.beginnings import IDENTITY
from kiosk.simulation.scripts.exit_entry import CRJ03, CRJ08
from kiosk.simulation.scripts.straight import SCRIPTS
from tests.visits.nights import a_night, visitor
from tests.visits.test_refusals import refused, up_to


def test_ones_own_days_are_two_more_questions() -> None:
    async def scene(night: Night) -> None:
        script = (
            *up_to(CRJ03, "FormPage"),
            Expect("FormPage", tap("answer:dates")),
            Expect("FormPage", fill_form),
            Expect("FormPage", fill_form),
            Expect("FormPage", fill_form),
            Expect("SignPage", sign),
            Expect("ClosingPage", take_paper),
        )
        report = await visitor(night, "traveller").go(*script)
        assert (report.ending, report.topic) == ("done", "closing-crossings")
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        ("under-16", RefusalCode.UNDER_AGE),
        ("foreigner-2017", RefusalCode.CARD_FOREIGN),
        ("card-reported-lost", RefusalCode.CARD_REPORTED_LOST),
    ],
)
def test_no_record_of_crossings_against_the_rules(situation: str, code: RefusalCode) -> None:
    before = "FormPage" if situation == "card-reported-lost" else "FacePage"
    found, pages = refused(situation, up_to(CRJ03, before))
    assert found is code
    assert "FormPage" not in pages


def test_a_record_that_does_not_come_out_is_said() -> None:
    async def scene(night: Night) -> None:
        situation, script = SCRIPTS["CRJ03"]
        someone = visitor(night, situation)
        someone.call("fault", device="page-printer", fault="media-empty")
        report = await someone.go(*script[:-1], Expect("ClosingPage", tap("end")))
        assert report.topic == "closing-crossings"
        assert [e.state.value for e in report.end.effects] == ["done", "failed"]
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


@pytest.mark.parametrize(
    ("situation", "topic"),
    [("travel-case-open", "closing-travel-shown"), ("ordinary", "closing-no-travel-file")],
)
def test_what_is_on_file_is_looked_up_by_number_and_without_paper(situation: str, topic: str) -> None:
    async def scene(night: Night) -> None:
        script = (
            *up_to(CRJ08, "ReadCard"),
            Expect("ReadCard", tap("without-card")),
            Expect("TypeNumber", type_number),
            *IDENTITY,
            Expect("ResultPage", tap("enough"), optional=True),
            Expect("ClosingPage", tap("end")),
        )
        report = await visitor(night, situation).go(*script)
        assert (report.topic, report.end.effects) == (topic, ())
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)
