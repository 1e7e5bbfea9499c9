"""JG08 as headquarters decides it."""

from __future__ import annotations

from datetime import date

import pytest

from central.agencies.sandbox_model import SandboxVehicleFile
from central.database import transaction
from kiosk.people.synthetic import Situation, SyntheticPerson
from tests.central.office import Office, someone

EXEMPT = someone(Situation.VEHICLE_EXEMPT)


def on_file(office: Office, person: SyntheticPerson, **facts: object) -> SandboxVehicleFile:
    """The person's own car, with some facts changed."""
    plate = person.vehicle_files[0].vehicle.plate
    with transaction(office.headquarters.engine) as db:
        row = db.get(SandboxVehicleFile, (plate.kind.value, plate.number))
        assert row is not None
        for name, value in facts.items():
            setattr(row, name, value)
    return row


def asked(office: Office, person: SyntheticPerson) -> dict[str, str]:
    plate = person.vehicle_files[0].vehicle.plate
    return {
        "number": person.number,
        "plate_kind": plate.kind.value,
        "plate": plate.number,
        "signature": office.blob(),
    }


def test_a_mark_is_issued_once_for_two_years(office: Office) -> None:
    file = EXEMPT.vehicle_files[0]
    due = office.look_up("marks-for", EXEMPT)
    (car,) = due["vehicles"]
    until = file.inspect_by.replace(year=file.inspect_by.year + 2).isoformat()
    assert (car["valid_to"], car["tax_year"]) == (until, 2026)
    reply = office.file("inspection-mark", asked(office, EXEMPT))
    assert (reply["status"], reply["extras"]["valid_to"]) == ("accepted", until)
    verified = office.people("GET", f"/v/{reply['number']}")
    assert verified.status == 200
    assert until in verified.body.decode()
    assert EXEMPT.card.name not in verified.body.decode()
    again = office.look_up("marks-for", EXEMPT)
    assert again["code"] == "E-CASE-04"
    assert dict(again["details"])["from"] > "2028"
    assert office.file("inspection-mark", asked(office, EXEMPT))["refusal"]["code"] == "E-CASE-04"
    assert office.case(reply["number"])["kind"] == "inspection-mark"


def test_the_mark_of_an_interrupted_visit_can_be_printed_again(office: Office) -> None:
    key = office.fresh()
    reply = office.file("inspection-mark", asked(office, EXEMPT), key)
    (paper,) = office.look_up("papers-of", EXEMPT, case=key.split("/")[0])
    assert (paper["paper"], paper["number"]) == ("inspection-mark", reply["number"])
    values = dict(paper["values"])
    assert {name: values[name] for name in reply["extras"]} == reply["extras"]
    assert office.look_up("papers-of", someone(Situation.ORDINARY), case=key.split("/")[0]) == []


@pytest.mark.parametrize(
    ("situation", "code", "reason"),
    [
        (Situation.VEHICLE_NOT_INSURED, "E-HUM-01", "not-insured"),
        (Situation.VEHICLE_TO_INSPECT, "E-HUM-01", "to-inspect"),
        (Situation.VEHICLE_OF_COMPANY, "E-HUM-01", "company-vehicle"),
        (Situation.ORDINARY, "E-HUM-01", "no-vehicle"),
        (Situation.NO_VIOLATIONS, "E-CASE-04", ""),
        (Situation.UNDER_16, "E-AGE-01", ""),
        (Situation.HONG_KONG_MACAO_TAIWAN, "E-ID-04", ""),
    ],
)
def test_a_no_has_its_code(office: Office, situation: Situation, code: str, reason: str) -> None:
    answer = office.look_up("marks-for", someone(situation))
    assert (answer["code"], dict(answer["details"]).get("reason", "")) == (code, reason)


def test_the_window_opens_three_months_before_the_day_and_closes_with_it(office: Office) -> None:
    on_file(office, EXEMPT, inspect_by=date(2027, 2, 23), registered_on=date(2025, 2, 23))
    assert dict(office.look_up("marks-for", EXEMPT)["details"])["from"] == "2026-11-23"
    on_file(office, EXEMPT, inspect_by=date(2026, 11, 22), registered_on=date(2024, 11, 22))
    assert office.look_up("marks-for", EXEMPT)["tag"] == "may-have-mark"
    on_file(office, EXEMPT, inspect_by=date(2026, 11, 21), registered_on=date(2024, 11, 21))
    assert dict(office.look_up("marks-for", EXEMPT)["details"])["reason"] == "mark-late"


@pytest.mark.parametrize(("years", "exempt"), [(2, True), (4, True), (6, False), (8, True), (10, False), (11, False)])
def test_the_years_of_inspection_are_no_years_of_marks(office: Office, years: int, exempt: bool) -> None:
    on_file(office, EXEMPT, inspect_by=date(2026, 12, 10), registered_on=date(2026 - years, 12, 10))
    answer = office.look_up("marks-for", EXEMPT)
    assert (answer["tag"] == "may-have-mark") is exempt


def test_tax_and_records_come_first(office: Office) -> None:
    on_file(office, EXEMPT, tax_year=2025)
    assert dict(office.look_up("marks-for", EXEMPT)["details"])["reason"] == "tax-unpaid"
    offender = someone(Situation.VIOLATION_SIMPLE)
    on_file(office, offender, inspect_by=date(2026, 12, 10), registered_on=date(2024, 12, 10))
    answer = office.look_up("marks-for", offender)
    assert (answer["code"], dict(answer["details"])["service"]) == ("E-DEP-01", "JG01")


def test_the_traffic_platform_that_is_down_issues_nothing(office: Office) -> None:
    office.fault("traffic", "down")
    filing = office.filing("inspection-mark", asked(office, EXEMPT))
    status, _ = office.send("POST", "/v1/filings", filing)
    assert status >= 500
    office.fault("traffic", None)
    assert office.post("/v1/filings", filing)["status"] == "accepted"
