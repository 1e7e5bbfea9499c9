"""Visits of the household desk that end otherwise than well, or another way round, on the virtual clock."""

from __future__ import annotations

import pytest

from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.people.records import RefusalCode
from kiosk.simulation.citizen import HZ04, IDENTITY, SCRIPTS, Expect, tap, type_number
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


@pytest.mark.parametrize("code", ["HZ04"])
def test_a_slip_that_does_not_come_out_is_said(code: str) -> None:
    async def scene(night: Night) -> None:
        situation, script = SCRIPTS[code]
        someone = visitor(night, situation)
        someone.call("fault", device="receipt-printer", fault="paper-out")
        report = await someone.go(*script[:-1], Expect("ClosingPage", tap("end")))
        assert report.ending == "done"
        assert {e.state.value for e in report.end.effects} == {"failed"}
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)
