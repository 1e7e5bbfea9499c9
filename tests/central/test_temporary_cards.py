"""HZ05 as headquarters decides it: only beside an open application, paid once, made within its days."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.people.synthetic import Situation, SyntheticPerson
from tests.central.office import Office, someone
from tests.central.test_reprints import CASE, papers

OPEN = Situation.RENEWAL_CASE_OPEN


def eligible(office: Office, person: SyntheticPerson) -> dict[str, Any]:
    return office.look_up("may-apply-for-temporary-card", person)


def paid(office: Office, person: SyntheticPerson) -> dict[str, Any]:
    answer = eligible(office, person)
    order = office.order(person, answer["fee_reference"], answer["fee"]["fen"])
    assert office.pay(order).status == 200
    return order


def file(office: Office, person: SyntheticPerson, order: dict[str, Any], slip: str = "", key: str = "") -> Any:
    payload = {
        "number": person.number,
        "portrait": office.blob(b"portrait"),
        "portrait_review": False,
        "signature": office.blob(b"signature"),
        "order": order["number"],
        "unpaid_slip": slip,
    }
    return office.file("temporary-card", payload, key)


def state(office: Office, number: str) -> str:
    (case,) = [c for c in office.ledger()["cases"] if c["number"] == number]
    return case["state"]


def test_an_open_application_is_enough_and_only_once(office: Office) -> None:
    person = someone(OPEN)
    answer = eligible(office, person)
    assert (answer["fee"]["fen"], answer["ready_by"]) == (1000, "2026-11-25")
    reply = file(office, person, paid(office, person), key=f"{CASE}/temporary-card/1")
    assert reply["status"] == "accepted" and reply["number"].startswith("L")
    again = eligible(office, person)
    assert (again["code"], dict(again["details"])["case"]) == ("E-CASE-01", reply["number"])
    assert papers(office, person)["temporary-slip"]["case_number"] == answer["case_number"]
    page = office.people("GET", f"/v/{reply['number']}").body.decode()
    assert "临时居民身份证领取单" in page and person.card.name not in page


def test_it_is_made_within_its_days_and_the_holder_hears_of_it(office: Office) -> None:
    person = someone(OPEN)
    number = file(office, person, paid(office, person))["number"]
    assert state(office, number) == "accepted"
    office.clock.forward(hours=49)
    office.headquarters.look_at_the_clock()
    assert state(office, number) == "ready"


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (Situation.ORDINARY, "E-CASE-03"),
        (Situation.OTHER_PROVINCE, "E-JUR-01"),
        (Situation.UNDER_16, "E-AGE-01"),
        (Situation.FOREIGNER_2023, "E-ID-04"),
    ],
)
def test_a_no_has_a_code_and_a_next_step(office: Office, situation: Situation, code: str) -> None:
    answer = eligible(office, someone(situation))
    assert answer["code"] == code and answer["details"]


def test_no_code_is_given_for_money_that_would_pay_for_nothing(office: Office) -> None:
    reference = eligible(office, someone(OPEN))["fee_reference"]
    request = office.order_request(someone(Situation.ORDINARY), reference, 1000)
    assert office.send("POST", "/v1/orders", request)[0] == 409


def test_an_unpaid_application_is_refused(office: Office) -> None:
    person = someone(OPEN)
    order = office.order(person, eligible(office, person)["fee_reference"], 1000)
    reply = file(office, person, order)
    assert reply["refusal"]["code"] == "E-PAY-01"


def test_the_money_of_another_fee_does_not_count(office: Office) -> None:
    person = someone(Situation.RENEWAL_DUE)
    order = office.order(person, "fee:id-card-renewal:2004-01-01", 2000)
    assert office.pay(order).status == 200
    assert file(office, person, order)["refusal"]["code"] == "E-CASE-03"


def test_a_slip_that_is_paid_later_begins_the_work_and_one_that_is_not_ends_it(office: Office) -> None:
    numbers: list[str] = []
    for nth in (0, 1):
        person = someone(OPEN, nth)
        order = office.order(person, eligible(office, person)["fee_reference"], 1000)
        closed = office.post(f"/v1/orders/{order['number']}/close", {"reason": "by-slip"})
        numbers.append(file(office, person, order, closed["slip"])["number"])
        assert state(office, numbers[-1]) == "awaiting-payment"
        if nth == 0:
            assert office.people("POST", f"/sandbox/slips/{closed['slip']}/paid").status == 200
    assert state(office, numbers[0]) == "accepted"
    office.clock.forward(days=40)
    office.headquarters.look_at_the_clock()
    assert [state(office, number) for number in numbers] == ["ready", "void"]


def test_works_that_are_down_change_nothing(office: Office) -> None:
    person = someone(OPEN)
    order = paid(office, person)
    fault = b'{"agency": "production", "fault": "down", "seconds": 60}'
    assert office.people("POST", "/sandbox/faults", fault).status == 200
    payload = {"number": person.number, "portrait": office.blob(b"portrait"), "portrait_review": False}
    more = {"signature": office.blob(b"s"), "order": order["number"]}
    told = office.filing("temporary-card", payload | more)
    assert office.send("POST", "/v1/filings", told)[0] == 503
    office.clock.forward(seconds=61)
    assert office.post("/v1/filings", told)["status"] == "accepted"
