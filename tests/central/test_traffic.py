"""JG01 as headquarters decides it."""

from __future__ import annotations

import hashlib

import pytest

from kiosk.people.synthetic import Situation
from tests.central.office import Office, someone


@pytest.mark.parametrize(
    ("situation", "status"),
    [
        (Situation.NO_LICENCE, "none"),
        (Situation.LICENCE_WITHHELD, "withheld"),
        (Situation.LICENCE_SUSPENDED, "suspended"),
        (Situation.LICENCE_EXPIRED, "expired"),
        (Situation.LICENCE_CANCELLED, "cancelled"),
    ],
)
def test_a_licence_that_is_not_valid_closes_self_service(office: Office, situation: Situation, status: str) -> None:
    answer = office.look_up("licence-of", someone(situation))
    assert answer["code"] == "E-LIC-01"
    assert dict(answer["details"])["status"] == status


@pytest.mark.parametrize(
    ("situation", "code"),
    [(Situation.VIOLATION_GENERAL_PROCEDURE, "E-GEN-01"), (Situation.VIOLATION_TWELVE_POINTS, "E-PTS-01")],
)
def test_limits_refuse_with_the_next_step(office: Office, situation: Situation, code: str) -> None:
    person = someone(situation)
    for violation in office.violations(person):
        answer = office.look_up("rights-for", person, record=violation["record"])
        assert answer["code"] == code
        assert dict(answer["details"])["telephone"]
        payload = {
            "number": person.number,
            "record": violation["record"],
            "points_told": violation["points"],
            "fine_told_fen": violation["fine"]["fen"],
            "signature": office.blob(),
        }
        assert office.file("violation-decided", payload)["refusal"]["code"] == code


def test_another_persons_car_shows_nothing_and_decides_nothing(office: Office) -> None:
    owner, other = someone(Situation.VIOLATION_SIMPLE), someone(Situation.VIOLATION_SIMPLE, 1)
    (car,) = office.look_up("vehicles-of", owner)
    assert office.look_up("violations-of", other, vehicle=car) == []
    record = office.violations(owner)[0]["record"]
    assert dict(office.look_up("rights-for", other, record=record)["details"])["reason"] == "not-own-vehicle"


def test_a_car_registered_to_the_driver_counts(office: Office) -> None:
    person = someone(Situation.VIOLATION_SEVERAL_VEHICLES)
    cars = office.look_up("vehicles-of", person)
    assert [c["own"] for c in cars] == [True, False]
    assert all(office.look_up("violations-of", person, vehicle=c) for c in cars)


def test_a_record_carries_its_law_and_its_picture(office: Office) -> None:
    violation = office.violations(someone(Situation.VIOLATION_SIMPLE))[0]
    assert "第" in violation["articles_broken"] and violation["behaviour"]
    status, picture = office.headquarters.exchange("KDL-001", "GET", f"/v1/blobs/{violation['picture']}", b"")
    assert status == 200 and picture.startswith(b"\xff\xd8\xff")
    assert hashlib.sha256(picture).hexdigest() == violation["picture"]


def test_a_decision_adds_its_points_and_a_bill(office: Office) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    before = office.look_up("licence-of", person)["points"]
    violation = office.violations(person)[0]
    rights = office.look_up("rights-for", person, record=violation["record"])
    assert (rights["points_before"], rights["points_after"]) == (before, before + violation["points"])
    assert rights["rights"]["source"] and rights["rights"]["as_of"]
    reply = office.file("violation-decided", office.decided(person, violation))
    number = reply["number"]
    assert len(number) == 15 and number.isdigit()
    assert {"authority", "decided_at", "seal", "verify_url", "decision_number"} <= set(reply["extras"])
    assert office.look_up("licence-of", person)["points"] == before + violation["points"]
    assert violation["record"] not in {v["record"] for v in office.violations(person)}
    order = office.order(person, f"fine:{number}", violation["fine"]["fen"])
    page = office.pay(order).body.decode()
    assert "缴费成功" in page and person.number not in page and person.card.name not in page
    (case,) = [c for c in office.ledger()["cases"] if c["number"] == number]
    assert case["state"] == "paid" and case["rights_text_known"]
    verified = office.people("GET", f"/v/{number}")
    assert verified.status == 200 and person.card.name not in verified.body.decode()


def test_a_record_is_decided_once(office: Office) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    payload = office.decided(person, office.violations(person)[0])
    assert office.file("violation-decided", payload)["status"] == "accepted"
    points = office.look_up("licence-of", person)["points"]
    again = office.file("violation-decided", payload)
    assert dict(again["refusal"]["details"])["reason"] == "already-decided"
    assert office.look_up("licence-of", person)["points"] == points


@pytest.mark.parametrize("field", ["points_told", "fine_told_fen"])
def test_what_was_told_must_be_what_is_decided(office: Office, field: str) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    payload = office.decided(person, office.violations(person)[0])
    payload[field] += 1
    assert dict(office.file("violation-decided", payload)["refusal"]["details"])["reason"] == "facts-changed"


def test_points_of_several_records_add_up_to_the_limit(office: Office) -> None:
    person = someone(Situation.VIOLATION_SEVERAL_VEHICLES)
    points = office.look_up("licence-of", person)["points"]
    for violation in office.violations(person):
        reply = office.look_up("rights-for", person, record=violation["record"])
        if points + violation["points"] >= 12:
            assert reply["code"] == "E-PTS-01"
        else:
            assert office.file("violation-decided", office.decided(person, violation))["status"] == "accepted"
            points += violation["points"]


def test_an_objection_leaves_self_service(office: Office) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    record = office.violations(person)[0]["record"]
    reply = office.file("objection", {"number": person.number, "record": record})
    assert reply["status"] == "accepted"
    assert reply["extras"]["answer_due"] == "2026-11-27"
    refused = office.look_up("rights-for", person, record=record)
    assert refused["code"] == "E-OBJ-01" and dict(refused["details"])["date"] == "2026-11-27"
    assert record not in {v["record"] for v in office.violations(person)}


def test_lateness_adds_three_percent_a_day_up_to_the_fine(office: Office) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    violation = office.violations(person)[0]
    fine = violation["fine"]["fen"]
    number = office.file("violation-decided", office.decided(person, violation))["number"]
    office.clock.forward(days=17)
    status, problem = office.send("POST", "/v1/orders", office.order_request(person, f"fine:{number}", fine))
    assert (status, problem["code"]) == (409, "amount")
    assert office.order(person, f"fine:{number}", fine + fine * 6 // 100)["fen"] == fine * 106 // 100
    office.clock.forward(days=100)
    assert office.order(person, f"fine:{number}", fine * 2)["fen"] == fine * 2
