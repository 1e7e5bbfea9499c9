"""JG04, JG05, JG07 as headquarters decides them."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.people.synthetic import Situation, SyntheticPerson
from tests.central.office import Office, someone

LICENCE_FEE = "fee:driving-licence:2004-01-01"
VEHICLE_FEE = "fee:vehicle-licence:2004-01-01"


def may(office: Office, person: SyntheticPerson, matter: str) -> Any:
    return office.look_up("may-apply-traffic", person, matter=matter)


def application(office: Office, person: SyntheticPerson, matter: str, order: Any, **more: Any) -> dict[str, Any]:
    payload = {
        "number": person.number,
        "matter": matter,
        "signature": office.blob(b"signature"),
        "order": order["number"],
    }
    return payload | more


def applied(office: Office, person: SyntheticPerson, matter: str, fee: str = LICENCE_FEE, **more: Any) -> Any:
    order = office.order(person, fee, 1000)
    _ = office.pay(order)
    return office.file("traffic-application", application(office, person, matter, order, **more))


@pytest.mark.parametrize(
    ("situation", "matter", "code", "detail"),
    [
        (Situation.LICENCE_NO_REPORT, "licence-renewal", "E-MED-01", ""),
        (Situation.LICENCE_OLD_REPORT, "licence-renewal", "E-MED-01", "too-old"),
        (Situation.LICENCE_VIOLATIONS, "licence-renewal", "E-DEP-01", ""),
        (Situation.NO_VIOLATIONS, "licence-renewal", "E-CASE-04", ""),
        (Situation.SENIOR_DRIVER, "licence-renewal", "E-CASE-04", ""),
        (Situation.LICENCE_WITHHELD, "licence-renewal", "E-LIC-01", "application"),
        (Situation.LICENCE_WITHHELD, "licence-loss", "E-LIC-01", "application"),
        (Situation.LICENCE_SUSPENDED, "licence-loss", "E-LIC-01", "application"),
        (Situation.LICENCE_CANCELLED, "licence-damage", "E-LIC-01", "application"),
        (Situation.LICENCE_EXPIRED, "licence-loss", "E-LIC-01", "application"),
        (Situation.ORDINARY, "licence-loss", "E-LIC-01", "application"),
        (Situation.ORDINARY, "vehicle-loss", "E-HUM-01", "no-vehicle"),
        (Situation.VEHICLE_OF_COMPANY, "vehicle-loss", "E-HUM-01", "company-vehicle"),
        (Situation.UNDER_16, "licence-loss", "E-AGE-01", ""),
    ],
)
def test_a_no_has_its_code(office: Office, situation: Situation, matter: str, code: str, detail: str) -> None:
    answer = may(office, someone(situation), matter)
    assert answer["code"] == code
    assert dict(answer["details"]).get("reason", "") == detail


def test_an_unpaid_fine_comes_before_a_renewal(office: Office) -> None:
    person = someone(Situation.LICENCE_VIOLATIONS)
    for violation in office.violations(person):
        office.file("violation-decided", office.decided(person, violation))
    assert dict(may(office, person, "licence-renewal")["details"])["service"] == "JG02"
    for fine in office.look_up("unpaid-fines", person):
        _ = office.pay(office.order(person, f"fine:{fine['decision']}", fine["due"]["fen"]))
    assert may(office, person, "licence-renewal")["tag"] == "may-apply-traffic"


def test_a_renewal_gives_the_next_term_and_the_old_one_ends(office: Office) -> None:
    person = someone(Situation.LICENCE_RENEWAL_DUE)
    before = office.look_up("standing-of", person)["licence"]["valid_to"]
    yes = may(office, person, "licence-renewal")
    assert (yes["fee"]["fen"], yes["portrait"]) == (1000, "of-the-report")
    assert int(yes["valid_to"][:4]) == int(before[:4]) + 10
    reply = applied(office, person, "licence-renewal")
    assert reply["status"] == "accepted" and reply["extras"]["collect_site"]
    assert office.look_up("standing-of", person)["licence"]["valid_to"] == yes["valid_to"]
    assert "受理凭证" in office.people("GET", f"/v/{reply['number']}").body.decode()


def test_a_replacement_keeps_the_term(office: Office) -> None:
    person = someone(Situation.NO_VIOLATIONS)
    before = office.look_up("standing-of", person)["licence"]["valid_to"]
    assert applied(office, person, "licence-loss")["status"] == "accepted"
    assert office.look_up("standing-of", person)["licence"]["valid_to"] == before


def test_who_has_one_under_way_does_not_apply_again_until_it_is_ready(office: Office) -> None:
    person = someone(Situation.NO_VIOLATIONS)
    number = applied(office, person, "licence-loss")["number"]
    again = may(office, person, "licence-damage")
    assert (again["code"], dict(again["details"])["case"]) == ("E-CASE-01", number)
    office.clock.forward(days=1)
    office.headquarters.look_at_the_clock()
    assert office.case(number)["state"] == "ready"
    assert may(office, person, "licence-damage")["tag"] == "may-apply-traffic"


def test_a_slip_holds_the_case_until_it_is_paid(office: Office) -> None:
    person = someone(Situation.NO_VIOLATIONS)
    order = office.order(person, LICENCE_FEE, 1000)
    slip = office.post(f"/v1/orders/{order['number']}/close", {"reason": "by-slip"})["slip"]
    payload = application(office, person, "licence-loss", order, unpaid_slip=slip)
    number = office.file("traffic-application", payload)["number"]
    assert office.case(number)["state"] == "awaiting-payment"
    assert office.people("POST", f"/sandbox/slips/{slip}/paid").status == 200
    assert office.case(number)["state"] == "accepted"
    (payment,) = office.ledger()["payments"]
    assert payment["used_by"] == number


def test_a_slip_nobody_pays_ends_the_case(office: Office) -> None:
    person = someone(Situation.NO_VIOLATIONS)
    order = office.order(person, LICENCE_FEE, 1000)
    slip = office.post(f"/v1/orders/{order['number']}/close", {"reason": "by-slip"})["slip"]
    payload = application(office, person, "licence-loss", order, unpaid_slip=slip)
    number = office.file("traffic-application", payload)["number"]
    office.clock.forward(days=17)
    office.headquarters.look_at_the_clock()
    assert office.case(number)["state"] == "void"


def test_unpaid_or_somebody_elses_money_is_not_enough(office: Office) -> None:
    person, other = someone(Situation.NO_VIOLATIONS), someone(Situation.NO_VIOLATIONS, 1)
    order = office.order(person, LICENCE_FEE, 1000)
    unpaid = office.file("traffic-application", application(office, person, "licence-loss", order))
    assert unpaid["refusal"]["code"] == "E-PAY-01"
    theirs = office.order(other, LICENCE_FEE, 1000)
    _ = office.pay(theirs)
    stolen = office.file("traffic-application", application(office, person, "licence-loss", theirs))
    assert stolen["refusal"]["code"] == "E-PAY-01"


def test_money_of_a_refused_application_comes_back(office: Office) -> None:
    person = someone(Situation.LICENCE_NO_REPORT)
    order = office.order(person, LICENCE_FEE, 1000)
    _ = office.pay(order)
    reply = office.file("traffic-application", application(office, person, "licence-renewal", order))
    assert reply["refusal"]["code"] == "E-MED-01"
    assert office.file("refund", {"order": order["number"], "because": "x"})["status"] == "accepted"
    (payment,) = office.ledger()["payments"]
    assert (payment["taken_fen"], payment["refunded_fen"]) == (1000, 1000)


def test_own_private_vehicles_are_offered_and_one_under_way_is_not(office: Office) -> None:
    person = someone(Situation.VIOLATION_SEVERAL_VEHICLES)
    (own,) = may(office, person, "vehicle-loss")["vehicles"]
    assert own["own"] is True
    plate = own["plate"]["number"]
    assert applied(office, person, "vehicle-loss", VEHICLE_FEE, plate=plate)["status"] == "accepted"
    assert may(office, person, "vehicle-damage")["code"] == "E-CASE-01"


def test_another_persons_vehicle_is_not_applied_for(office: Office) -> None:
    person, other = someone(Situation.VEHICLE_EXEMPT), someone(Situation.VEHICLE_EXEMPT, 1)
    plate = may(office, other, "vehicle-loss")["vehicles"][0]["plate"]["number"]
    reply = applied(office, person, "vehicle-loss", VEHICLE_FEE, plate=plate)
    assert dict(reply["refusal"]["details"])["reason"] == "no-vehicle"


def test_agencies_that_are_down_decide_nothing(office: Office) -> None:
    person = someone(Situation.LICENCE_RENEWAL_DUE)
    message = {
        "name": "may-apply-traffic",
        "arguments": {"number": {"text": person.number}, "matter": "licence-renewal"},
        "case": "C",
    }
    for agency in ("traffic", "medical"):
        office.fault(agency, "down", 30)
        assert office.send("POST", "/v1/lookups", message)[0] == 503
        office.fault(agency, None)
    assert may(office, person, "licence-renewal")["tag"] == "may-apply-traffic"
