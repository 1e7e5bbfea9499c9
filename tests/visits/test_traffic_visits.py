"""Visits of the traffic desk that end otherwise than well, or another way round, on the virtual clock."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.people.records import RefusalCode
from kiosk.simulation.citizen import JG02, JG06, SCRIPTS, Expect, tap
from tests.visits.nights import a_night, visitor
from tests.visits.test_refusals import refused, up_to

END = Expect("ClosingPage", tap("end"))


@pytest.mark.parametrize("script", [JG02, JG06])
@pytest.mark.parametrize(
    ("situation", "code", "before"),
    [
        ("renewal-expired", RefusalCode.CARD_EXPIRED, "FacePage"),
        ("under-16", RefusalCode.UNDER_AGE, "FacePage"),
        ("hmt", RefusalCode.CARD_FOREIGN, "FacePage"),
    ],
)
def test_a_card_that_does_not_open_a_service_is_told_why(
    script: Sequence[Expect], situation: str, code: RefusalCode, before: str
) -> None:
    found, _ = refused(situation, up_to(script, before))
    assert found is code


@pytest.mark.parametrize("script", [JG02, JG06])
def test_without_a_fingerprint_on_record_an_officer_is_named(script: Sequence[Expect]) -> None:
    found, _ = refused("face-only", (*up_to(script, "FingerPage"), Expect("FingerPage", tap("other-way"))))
    assert found is RefusalCode.FINGERPRINT_UNREADABLE


def test_nothing_on_file_is_said() -> None:
    async def scene(night: Night) -> None:
        report = await visitor(night, "ordinary").go(*up_to(JG06, "ResultPage"), END)
        assert (report.ending, report.topic) == ("nothing-due", "closing-no-traffic-file")
        assert untrue(night) == []

    a_night(scene)


@pytest.mark.parametrize("situation", ["no-licence", "licence-withheld", "fine-overdue", "vehicle-of-company"])
def test_whatever_is_on_file_can_be_read_without_paper(situation: str) -> None:
    async def scene(night: Night) -> None:
        script = (*up_to(JG06, "ResultPage"), Expect("ResultPage", tap("enough")), END)
        report = await visitor(night, situation).go(*script)
        assert (report.ending, report.end.effects) == ("done", ())
        assert untrue(night) == []

    a_night(scene)


@pytest.mark.parametrize("code", ["JG02", "JG06"])
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
