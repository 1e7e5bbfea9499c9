"""JG06 驾驶人与机动车记分查询, as a table of step -> answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.flows.effects import Certainty, Printed
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import Acknowledged, AfterReading, ConsentAnswer, FactorResult, WithoutCard
from kiosk.flows.traffic.query_standing import query_standing
from kiosk.people.money import Money
from kiosk.people.traffic import TrafficStanding, VehicleStanding
from kiosk.people.vehicle import DrivingLicence, LicenceClass, LicenceStatus, Plate, PlateKind, Vehicle
from tests.flows.tables import Table, card, opening

LICENCE = DrivingLicence(
    "150200123456", (LicenceClass.B2, LicenceClass.D), LicenceStatus.NORMAL, "包头", None, 3, date(2027, 3, 1)
)
CAR = Vehicle(Plate(PlateKind.SMALL, "蒙B12345"), "小型轿车", own=True)
STANDING = TrafficStanding(
    LICENCE, 12, (VehicleStanding(CAR, date(2027, 5, 2), date(2026, 12, 1), 2),), 1, Money(130_00)
)
CLEAN = TrafficStanding(LICENCE, 12, (), 0, Money(0))


def visit(**answers: object) -> Table:
    """Anything not given goes well, and the slip is printed."""
    usual: dict[str, object] = {
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "standing": STANDING,
        "shown": AfterReading.PRINT,
        "query-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_licence_points_vehicles_and_fines_are_shown() -> None:
    table = visit()
    assert table.run(query_standing, opening("JG06")).ending is Ending.DONE
    shown = table.step("shown")
    assert shown.topic == "result-traffic-open"
    assert [s.heading for s in shown.sections] == ["result-licence", "蒙B·12345", "result-fines"]
    facts = dict(pair for section in shown.sections for pair in section.facts)
    assert (facts["points_now"], facts["licence_classes"], facts["valid_to"]) == ("3 / 12", "B2 D", "long")
    assert (facts["inspect_by"], facts["open_records"], facts["amount"]) == ("2027-05-02", "2", "130")


def test_the_slip_says_the_same() -> None:
    table = visit()
    outcome = table.run(query_standing, opening("JG06"))
    values = dict(table.step("query-slip").values)
    assert (values["points_now"], values["open_records"], values["fines_due"]) == ("3 / 12", "2", "130")
    assert values["inspections"] == "蒙B·12345 2027-05-02"
    assert "*" in values["number"]
    assert "receipt" in outcome.take


def test_with_nothing_open_the_page_says_so() -> None:
    table = visit(standing=CLEAN, shown=AfterReading.ENOUGH)
    outcome = table.run(query_standing, opening("JG06"))
    assert table.step("shown").topic == "result-traffic"
    assert "query-slip" not in table.keys
    assert outcome.take == ("id-card",)


def test_whoever_has_neither_licence_nor_vehicle_is_told() -> None:
    outcome = visit(standing=replace(CLEAN, licence=None)).run(query_standing, opening("JG06"))
    assert (outcome.ending, outcome.topic) == (Ending.NOTHING_DUE, "closing-no-traffic-file")


@pytest.mark.parametrize("finger", [FactorResult.MISSED, FactorResult.DECLINED])
def test_nothing_is_told_before_both_factors_have_matched(finger: FactorResult) -> None:
    table = visit(finger=finger)
    assert table.run(query_standing, opening("JG06")).ending is Ending.REFUSED
    assert "standing" not in table.keys


def test_the_card_is_needed() -> None:
    table = visit()
    table.run(query_standing, opening("JG06"))
    assert table.step("card").without is WithoutCard.NOT_OFFERED
