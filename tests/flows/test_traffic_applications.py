"""JG04, JG05 and JG07 as tables of step -> answer: what they ask, in which order, and how they end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kiosk.flows.effects import (
    Certainty,
    Filed,
    NotFiled,
    Paid,
    PayBySlip,
    PaymentCancelled,
    PaymentExpired,
    Pending,
    Printed,
    Unsettled,
)
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import (
    Acknowledged,
    ConsentAnswer,
    Declared,
    FactorResult,
    FormAnswers,
    NotSigned,
    Portrait,
    Signature,
)
from kiosk.flows.traffic.renew_licence import renew_licence
from kiosk.flows.traffic.replace_lost_licence import replace_lost_licence
from kiosk.flows.traffic.replace_vehicle_licence import replace_vehicle_licence
from kiosk.people.money import Money
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.traffic import MayApplyTraffic, PortraitWanted, TrafficMatter
from kiosk.people.vehicle import Plate, PlateKind, Vehicle
from tests.flows.tables import Table, blob, card, opening

CAR = Vehicle(Plate(PlateKind.SMALL, "蒙B12345"), "小型轿车", own=True)
FLOWS = {"JG04": renew_licence, "JG05": replace_lost_licence, "JG07": replace_vehicle_licence}
MATTERS = {
    "JG04": TrafficMatter.LICENCE_RENEWAL,
    "JG05": TrafficMatter.LICENCE_LOSS,
    "JG07": TrafficMatter.VEHICLE_LOSS,
}
DONE = Filed(
    "J26112200000017", (("collect_site", "车管所"), ("ready_by", "2026-11-23"), ("verify_url", "https://v/J1"))
)
CODES = pytest.mark.parametrize("code", sorted(FLOWS))


def eligible(code: str, **more: Any) -> MayApplyTraffic:
    """Yes."""
    yes = MayApplyTraffic(
        matter=MATTERS[code],
        fee=Money(1000),
        fee_reference="fee:vehicle-licence:2004-01-01" if code == "JG07" else "fee:driving-licence:2004-01-01",
        phone_masked="138****0000",
        collect_at="车管所窗口",
        ready_in_days=1,
        portrait={
            "JG04": PortraitWanted.OF_THE_REPORT,
            "JG05": PortraitWanted.TAKEN_HERE,
            "JG07": PortraitWanted.NONE,
        }[code],
        vehicles=(CAR,) if code == "JG07" else (),
        valid_to=date(2036, 12, 1) if code == "JG04" else None,
        report="TJ-1" if code == "JG04" else "",
    )
    return replace(yes, **more)


def visit(code: str, **answers: object) -> Table:
    """Anything not given goes well; collected at the window."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "matter": MATTERS[code],
        "may-apply": eligible(code),
        "vehicle": CAR,
        "portrait": Portrait(blob("pic"), (("Sharpness", 1.0, 90),)),
        "form": FormAnswers((("collect_way", "window"),)),
        "declaration": Declared.AGREED,
        "signature": Signature(blob("s"), blob("p")),
        "pay": Paid("O-1", Money(1000), "R-9"),
        "application": DONE,
        "traffic-receipt": Printed(Certainty.SENSED),
        "payment-slip": Printed(Certainty.SENSED),
        "unsettled-slip": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


@CODES
def test_what_is_applied_for_is_declared_signed_paid_and_filed_in_this_order(code: str) -> None:
    table = visit(code)
    outcome = table.run(FLOWS[code], opening(code))
    order = ["card", "may-apply", "form", "declaration", "signature", "pay", "application", "traffic-receipt"]
    assert [k for k in table.keys if k in order] == order
    assert (outcome.ending, outcome.topic, outcome.number) == (Ending.DONE, "closing-licence-applied", DONE.number)
    assert dict(table.step("application").payload)["matter"] == MATTERS[code].value
    assert table.step("application").undo_orders == ("O-1",)
    assert dict(table.step("traffic-receipt").values)["verify_url"] == "https://v/J1"


@CODES
@pytest.mark.parametrize("refusal", [RefusalCode.LICENCE_NOT_VALID, RefusalCode.UNSETTLED_VIOLATIONS])
def test_a_no_comes_before_any_form_or_photograph(code: str, refusal: RefusalCode) -> None:
    table = visit(code, may_apply=Refusal(refusal))
    assert table.run(FLOWS[code], opening(code)).refusal == Refusal(refusal)
    assert not {"portrait", "form", "vehicle", "pay"} & set(table.keys)


def test_the_portrait_of_the_examination_serves_for_a_renewal_and_none_is_needed_for_a_vehicle() -> None:
    for code, taken in (("JG04", False), ("JG05", True), ("JG07", False)):
        table = visit(code)
        table.run(FLOWS[code], opening(code))
        assert ("portrait" in table.keys) is taken
    assert dict(visit_of("JG04")["application"].payload)["report"] == "TJ-1"


def visit_of(code: str) -> dict[str, Any]:
    """The steps of a good visit by key."""
    table = visit(code)
    table.run(FLOWS[code], opening(code))
    return {step.key: step for step in table.asked}


def test_a_damaged_licence_is_another_matter() -> None:
    table = visit(
        "JG04",
        matter=TrafficMatter.LICENCE_DAMAGE,
        may_apply=eligible("JG04", matter=TrafficMatter.LICENCE_DAMAGE, portrait=PortraitWanted.TAKEN_HERE),
    )
    table.run(renew_licence, opening("JG04"))
    assert table.step("may-apply").query.matter is TrafficMatter.LICENCE_DAMAGE
    assert table.step("declaration").topic == "declare-licence-damage"
    assert "portrait" in table.keys


def test_the_vehicle_that_was_chosen_stands_in_the_application_and_on_the_receipt() -> None:
    steps = visit_of("JG07")
    assert dict(steps["application"].payload)["plate"] == CAR.plate.number
    assert dict(steps["traffic-receipt"].values)["plate"] == "蒙B·12345"
    assert steps["pay"].bill.reference.startswith("fee:vehicle-licence")


def test_a_telephone_is_asked_for_only_where_none_is_on_file() -> None:
    asked = visit("JG05", may_apply=eligible("JG05", phone_masked=""))
    asked.run(replace_lost_licence, opening("JG05"))
    assert [field.name for field in asked.step("form").fields] == ["collect_way", "phone"]
    assert [field.name for field in visit_of("JG05")["form"].fields] == ["collect_way"]


def test_by_mail_it_goes_to_the_address_on_the_card() -> None:
    table = visit("JG05", form=FormAnswers((("collect_way", "mail"),)))
    table.run(replace_lost_licence, opening("JG05"))
    assert dict(table.step("application").payload)["mail_to"] == card().card.address
    assert dict(visit_of("JG05")["application"].payload)["mail_to"] == ""


@CODES
def test_who_does_not_sign_pays_nothing(code: str) -> None:
    table = visit(code, signature=NotSigned())
    assert table.run(FLOWS[code], opening(code)).ending is Ending.NOT_NOW
    assert "pay" not in table.keys


@CODES
@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        (PaymentCancelled("O-1"), Ending.LEFT_UNPAID),
        (PaymentExpired("O-1"), Ending.LEFT_UNPAID),
        (Unsettled("O-1"), Ending.UNSETTLED),
    ],
)
def test_unpaid_is_not_applied_for(code: str, answer: object, ending: Ending) -> None:
    table = visit(code, pay=answer)
    assert table.run(FLOWS[code], opening(code)).ending is ending
    assert "application" not in table.keys


@CODES
def test_without_a_smartphone_the_case_is_held_for_the_slip(code: str) -> None:
    table = visit(code, pay=PayBySlip("O-1", "S-1", Money(1000), "2026-12-07"))
    outcome = table.run(FLOWS[code], opening(code))
    assert (outcome.ending, outcome.topic) == (Ending.DONE, "closing-licence-by-slip")
    application = table.step("application")
    assert dict(application.payload)["unpaid_slip"] == "S-1"
    assert application.undo_orders == ()


@CODES
def test_an_application_on_its_way_ends_with_a_slip_that_says_so(code: str) -> None:
    table = visit(code, application=Pending("K-1"))
    outcome = table.run(FLOWS[code], opening(code))
    assert (outcome.ending, outcome.number) == (Ending.PENDING, "K-1")
    values = dict(table.step("pending-slip").values)
    assert (values["status"], values["number"], values["case_number"]) == ("pending", "O-1", "K-1")


@CODES
def test_an_application_headquarters_refuses_is_told(code: str) -> None:
    refused = NotFiled(Refusal(RefusalCode.CASE_ALREADY_OPEN))
    assert visit(code, application=refused).run(FLOWS[code], opening(code)).ending is Ending.REFUSED
