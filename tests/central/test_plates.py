"""JG09 as headquarters decides it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from central.desks.settling import Reason, settle_document
from kiosk.people.synthetic import Situation, SyntheticPerson
from kiosk.people.synthetic_purchases import SyntheticPurchase, purchase_of
from tests.central.office import TODAY, Office, someone

BUYER = someone(Situation.NEW_CAR)


def bought(person: SyntheticPerson) -> SyntheticPurchase:
    found = purchase_of(person, TODAY)
    assert found is not None
    return found


def papers(person: SyntheticPerson = BUYER, **other: str) -> dict[str, str]:
    found = bought(person).papers
    return {"invoice": found.invoice, "certificate": found.certificate, "policy": found.policy, **other}


def asked(office: Office, person: SyntheticPerson = BUYER, **other: str) -> Any:
    return office.look_up("may-have-plate", person, papers=papers(person, **other))


def paid(office: Office, person: SyntheticPerson = BUYER) -> Any:
    yes = asked(office, person)
    order = office.order(person, yes["fee_reference"], yes["fee"]["fen"])
    assert office.pay(order).status == 200
    return order


def payload(office: Office, order: dict[str, Any], person: SyntheticPerson = BUYER, **more: str) -> dict[str, Any]:
    return {
        "number": person.number,
        **papers(person),
        "area": "within",
        "signature": office.blob(),
        "order": order["number"],
        **more,
    }


def issued(office: Office, person: SyntheticPerson = BUYER) -> Any:
    reply = office.file("temporary-plate", payload(office, paid(office, person), person))
    assert reply["status"] == "accepted"
    return reply


def granted(office: Office, item: str) -> tuple[int, Any]:
    return office.send("POST", "/v1/grants", office.grant_request({"item": item, "board": 0, "compartment": 0}))


def test_thirty_days_and_five_yuan_for_the_first(office: Office) -> None:
    yes = asked(office)
    assert (yes["valid_to"], yes["nth"], yes["most"]) == ((TODAY + timedelta(days=29)).isoformat(), 1, 3)
    assert yes["fee"]["fen"] == 500
    assert yes["vin_masked"].startswith("*") and bought(BUYER).vehicle.vin not in str(yes)


def test_never_beyond_the_insurance(office: Office) -> None:
    assert (
        asked(office, someone(Situation.NEW_CAR_INSURED_SHORT))["valid_to"]
        == (TODAY + timedelta(days=12)).isoformat()
    )


@pytest.mark.parametrize(
    ("situation", "code", "reason"),
    [
        (Situation.NEW_CAR_NOT_INSURED, "E-HUM-01", "not-insured"),
        (Situation.NEW_CAR_PLATED, "E-CASE-04", ""),
        (Situation.NEW_CAR_PLATES_USED, "E-HUM-01", "plates-used-up"),
    ],
)
def test_a_no_has_its_code(office: Office, situation: Situation, code: str, reason: str) -> None:
    answer = asked(office, someone(situation))
    assert (answer["code"], dict(answer["details"]).get("reason", "")) == (code, reason)


def test_papers_must_be_known_ones_own_and_of_one_vehicle(office: Office) -> None:
    other = bought(someone(Situation.NEW_CAR, 1)).papers

    def reason(**codes: str) -> str:
        return dict(asked(office, BUYER, **codes)["details"])["reason"]

    assert reason(invoice="1500200000000000000") == "papers-not-found"
    assert reason(invoice=other.invoice) == "not-the-buyer"
    assert reason(certificate=other.certificate) == "papers-differ"
    assert reason(policy=other.policy) == "papers-differ"
    assert office.look_up("may-have-plate", someone(Situation.UNDER_16), papers=papers())["code"] == "E-AGE-01"


def test_a_plate_is_issued_made_once_and_handed_out_against_one_grant(office: Office) -> None:
    reply = issued(office)
    text = office.look_up("issued-plate", BUYER, plate=reply["number"])
    assert (text["owner"], text["number"]) == (BUYER.card.name, reply["extras"]["plate"])
    status, grant = granted(office, text["item"])
    assert status == 200
    assert granted(office, text["item"])[1]["code"] == "live-grant"
    assert office.use(grant, "taken")[0] == 204
    assert office.place(text["item"]) == "citizen"
    assert office.case(reply["number"])["state"] == "handed-out"
    assert granted(office, text["item"])[1]["code"] == "gone"
    assert office.look_up("issued-plate", BUYER, plate=reply["number"])["code"] == "E-HUM-01"
    page = office.people("GET", f"/v/{reply['number']}").body.decode()
    assert reply["extras"]["plate"] in page and BUYER.card.name not in page
    assert asked(office)["code"] == "E-CASE-04"


def test_a_plate_that_was_not_made_is_the_windows(office: Office) -> None:
    reply = issued(office)
    item = office.case(reply["number"])["item"]
    _, grant = granted(office, item)
    assert office.use(grant, "not-opened")[0] == 204
    assert office.case(reply["number"])["state"] == "at-window"
    assert office.place(item).startswith("depot:")
    assert granted(office, item)[0] == 409
    assert asked(office)["code"] == "E-CASE-01"


def test_a_plate_nobody_can_find_a_person_settles(office: Office) -> None:
    reply = issued(office)
    item = office.case(reply["number"])["item"]
    _, grant = granted(office, item)
    office.use(grant, "silent")
    assert office.place(item) == "in-doubt"
    why = Reason("P0001", "seen on the car")
    office.headquarters.by_a_person(lambda desk: settle_document(desk, item, "citizen", why))
    assert office.case(reply["number"])["state"] == "handed-out"


def test_by_slip_the_window_makes_it_after_the_money(office: Office) -> None:
    yes = asked(office)
    order = office.order(BUYER, yes["fee_reference"], yes["fee"]["fen"])
    slip = office.post(f"/v1/orders/{order['number']}/close", {"reason": "by-slip"})["slip"]
    reply = office.file("temporary-plate", payload(office, order, unpaid_slip=slip))
    item = office.case(reply["number"])["item"]
    assert granted(office, item)[0] == 409
    assert office.people("GET", f"/v/{reply['number']}").status == 404
    assert office.people("POST", f"/sandbox/slips/{slip}/paid").status == 200
    assert office.case(reply["number"])["state"] == "at-window"
    assert granted(office, item)[0] == 409


def test_a_slip_nobody_pays_ends_it(office: Office) -> None:
    yes = asked(office)
    order = office.order(BUYER, yes["fee_reference"], yes["fee"]["fen"])
    slip = office.post(f"/v1/orders/{order['number']}/close", {"reason": "by-slip"})["slip"]
    reply = office.file("temporary-plate", payload(office, order, unpaid_slip=slip))
    office.clock.forward(days=20)
    office.headquarters.look_at_the_clock()
    assert office.case(reply["number"])["state"] == "void"


def test_the_slip_of_an_interrupted_visit_can_be_printed_again(office: Office) -> None:
    key = office.fresh()
    reply = office.file("temporary-plate", payload(office, paid(office)), key)
    (paper,) = office.look_up("papers-of", BUYER, case=key.split("/")[0])
    assert (paper["paper"], paper["number"]) == ("plate-slip", reply["number"])
    assert dict(paper["values"])["handed"] == "at-window"
