"""Visits of people from elsewhere that end otherwise than with a permit, on the virtual clock."""

from __future__ import annotations

from kiosk.flows.steps import StepKind
from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.people.records import RefusalCode
from kiosk.simulation.citizen import Citizen as Person
from kiosk.simulation.citizen import Doing, Expect, Sight, sign, take_paper, tap
from kiosk.simulation.scripts.household import HZ08, HZ08_REGISTRATION, HZ09
from kiosk.simulation.scripts.straight import SCRIPTS
from tests.visits.nights import a_night, visitor
from tests.visits.test_refusals import refused, up_to


def test_a_newcomer_is_registered_and_told_that_it_is_no_permit() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "newcomer")
        report = await someone.go(*HZ08_REGISTRATION)
        assert (report.ending, report.topic) == ("done", "closing-residence-registration")
        assert [e.kind.value for e in report.end.effects] == ["submit", "print"]
        assert "PortraitPage" not in someone.pages
        await in_order(night)
        assert untrue(night) == []
        (case,) = [c for c in night.ledger()["cases"] if c["kind"] == "residence-registration"]
        assert case["state"] == "registered"

    a_night(scene)


def test_no_residence_is_filed_against_the_rules() -> None:
    found, pages = refused("newcomer-registered", up_to(HZ08, "ChoosePage"))
    assert found is RefusalCode.RESIDENCE_TOO_SHORT
    assert "PortraitPage" not in pages


def test_without_the_permit_nothing_is_endorsed() -> None:
    found, pages = refused("permit-due", (*up_to(HZ09, "FormPage"), Expect("FormPage", tap("answer:none"))))
    assert found is RefusalCode.PERMIT_ANOTHER
    assert "SignPage" not in pages


def sign_and_cut_the_line(citizen: Person, sight: Sight) -> Doing:
    """Signs at the very moment headquarters goes away."""
    citizen.world.call("network", state="down")
    yield from sign(citizen, sight)


def test_what_headquarters_does_not_confirm_is_kept_and_said_not_to_be_in_force() -> None:
    async def scene(night: Night) -> None:
        begin = (*up_to(HZ08_REGISTRATION, "SignPage"), Expect("SignPage", sign_and_cut_the_line))
        report = await visitor(night, "newcomer").go(*begin, Expect("ClosingPage", take_paper))
        assert (report.ending, report.topic) == ("pending", "closing-pending")
        await in_order(night)
        assert untrue(night) == []
        assert [c["state"] for c in night.ledger()["cases"] if c["kind"] == "residence-registration"] == [
            "registered"
        ]

    a_night(scene)


def test_a_slip_that_does_not_come_out_is_said() -> None:
    async def scene(night: Night) -> None:
        situation, script = SCRIPTS["HZ09"]
        someone = visitor(night, situation)
        someone.call("fault", device="receipt-printer", fault="paper-out")
        report = await someone.go(*script[:-1], Expect("ClosingPage", tap("end")))
        assert report.ending == "done"
        assert [e.state.value for e in report.end.effects if e.kind is StepKind.PRINT] == ["failed"]
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)
