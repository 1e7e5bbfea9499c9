"""HZ02 and HZ01 as headquarters decides them: every no names where to go, every yes moves the books."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.people.synthetic import Situation
from tests.central.office import Office, someone


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (Situation.ORDINARY, "E-COL-01"),
        (Situation.CARD_BEING_MADE, "E-COL-02"),
        (Situation.RENEWAL_CASE_OPEN, "E-COL-02"),
        (Situation.CARD_AT_ANOTHER_SITE, "E-COL-03"),
        (Situation.CARD_BLOCKED, "E-COL-04"),
        (Situation.UNDER_16, "E-AGE-01"),
    ],
)
def test_no_card_is_collected_without_reason_and_next_step(office: Office, situation: Situation, code: str) -> None:
    answer = office.look_up("card-to-collect", someone(situation))
    assert answer["code"] == code
    details = dict(answer["details"])
    assert details["place"] and details["telephone"] and details["address"]
    assert someone(situation).card.name not in str(answer)


def test_not_yet_finished_tells_stage_and_date(office: Office) -> None:
    details = dict(office.look_up("card-to-collect", someone(Situation.CARD_BEING_MADE))["details"])
    assert details["stage"] == "production"
    assert details["date"] > "2026-11-22"


@pytest.mark.parametrize(
    ("situation", "ground", "code"),
    [
        (Situation.UNDER_16, "loss", "E-AGE-01"),
        (Situation.RENEWAL_TOO_EARLY, "renewal", "E-CASE-02"),
        (Situation.LONG_TERM, "renewal", "E-CASE-02"),
        (Situation.OTHER_PROVINCE, "loss", "E-JUR-01"),
        (Situation.RENEWAL_CASE_OPEN, "renewal", "E-CASE-01"),
        (Situation.CARD_FINISHED_RENEWAL, "loss", "E-CASE-01"),
        (Situation.CARD_REPORTED_LOST, "renewal", "E-ID-03"),
        (Situation.HONG_KONG_MACAO_TAIWAN, "renewal", "E-ID-04"),
    ],
)
def test_no_application_against_the_rules(office: Office, situation: Situation, ground: str, code: str) -> None:
    assert office.look_up("may-apply-for-card", someone(situation), ground=ground)["code"] == code


def test_too_early_names_the_first_day(office: Office) -> None:
    person = someone(Situation.RENEWAL_TOO_EARLY)
    details = dict(office.look_up("may-apply-for-card", person, ground="renewal")["details"])
    assert person.card.valid_to is not None
    months = (person.card.valid_to.year * 12 + person.card.valid_to.month) - (
        int(details["date"][:4]) * 12 + int(details["date"][5:7])
    )
    assert months == 3


@pytest.mark.parametrize(
    ("situation", "ground", "fen"),
    [
        (Situation.RENEWAL_DUE, "renewal", 2000),
        (Situation.RENEWAL_EXPIRED, "renewal", 2000),
        (Situation.CARD_LOST, "loss", 4000),
        (Situation.ORDINARY, "damage", 4000),
    ],
)
def test_fee_is_the_tables(office: Office, situation: Situation, ground: str, fen: int) -> None:
    answer = office.look_up("may-apply-for-card", someone(situation), ground=ground)
    assert answer["fee"]["fen"] == fen
    assert answer["fee_reference"].startswith("fee:id-card-")
    assert "****" in answer["phone_masked"]
    assert {site for site, _ in answer["collect_sites"]} == {"kiosk-0001", "kundulun-hall"}


def test_who_is_says_no_more_than_a_masked_name(office: Office) -> None:
    person = someone(Situation.CARD_LOST)
    answer = office.look_up("who-is", person)
    assert answer["known"] == "face-and-fingers"
    assert "*" in answer["masked_name"] and answer["masked_name"] != person.card.name
    assert office.look_up("who-is", someone(Situation.CARD_LOST_NO_FINGERS))["known"] == "face-only"


def apply(office: Office, situation: Situation, ground: str, nth: int = 0) -> dict[str, Any]:
    person = someone(situation, nth)
    eligible = office.look_up("may-apply-for-card", person, ground=ground)
    order = office.order(person, eligible["fee_reference"], eligible["fee"]["fen"])
    assert office.pay(order).status == 200
    reply = office.file("card-application", office.application(person, ground, order))
    assert reply["status"] == "accepted", reply
    return reply


def test_an_application_is_made_into_a_card(office: Office) -> None:
    reply = apply(office, Situation.RENEWAL_DUE, "renewal")
    number = reply["number"]
    assert number.startswith("1502261122") and len(number) == 16
    assert sum(map(int, number)) % 10 == 0
    assert reply["extras"]["ready_by"] == "2027-01-21"
    person = someone(Situation.RENEWAL_DUE)
    (case,) = [c for c in office.ledger()["cases"] if c["number"] == number]
    assert case["state"] == "accepted" and office.place(case["item"]) == "production"
    assert office.look_up("card-to-collect", person)["code"] == "E-COL-02"
    seen = {case["state"]}
    for _ in range(24):
        office.clock.forward(hours=24)
        office.headquarters.look_at_the_clock()
        seen.add(office.case(number)["state"])
    assert seen == {"accepted", "review", "signing", "production", "inspection", "stocked"}
    assert office.place(case["item"]) == "depot:kiosk-0001"
    assert office.look_up("card-to-collect", person)["code"] == "E-COL-03"


def test_a_second_application_while_one_is_open_is_refused(office: Office) -> None:
    _ = apply(office, Situation.CARD_LOST, "loss")
    person = someone(Situation.CARD_LOST)
    assert office.look_up("may-apply-for-card", person, ground="loss")["code"] == "E-CASE-01"


def test_an_unpaid_application_is_refused(office: Office) -> None:
    person = someone(Situation.RENEWAL_DUE)
    order = office.order(person, "fee:id-card-renewal:2004-01-01", 2000)
    reply = office.file("card-application", office.application(person, "renewal", order))
    assert reply["status"] == "refused" and reply["refusal"]["code"] == "E-PAY-01"


def test_somebody_elses_payment_pays_for_nobody(office: Office) -> None:
    order = office.order(someone(Situation.RENEWAL_DUE, 1), "fee:id-card-renewal:2004-01-01", 2000)
    _ = office.pay(order)
    person = someone(Situation.RENEWAL_DUE, 0)
    reply = office.file("card-application", office.application(person, "renewal", order))
    assert reply["refusal"]["code"] == "E-PAY-01"


def test_by_slip_the_case_is_held_until_its_date(office: Office) -> None:
    person = someone(Situation.RENEWAL_DUE)
    order = office.order(person, "fee:id-card-renewal:2004-01-01", 2000)
    closed = office.post(f"/v1/orders/{order['number']}/close", {"reason": "by-slip"})
    assert closed["slip"] and closed["due"] == "2026-12-07"
    payload = office.application(person, "renewal", order, unpaid_slip=closed["slip"])
    number = office.file("card-application", payload)["number"]
    state = {c["number"]: c["state"] for c in office.ledger()["cases"]}
    assert state[number] == "awaiting-payment"
    assert office.people("POST", f"/sandbox/slips/{closed['slip']}/paid").status == 200
    assert {c["number"]: c["state"] for c in office.ledger()["cases"]}[number] == "accepted"


def test_an_unpaid_slip_voids_the_case_after_its_date(office: Office) -> None:
    person = someone(Situation.RENEWAL_DUE)
    order = office.order(person, "fee:id-card-renewal:2004-01-01", 2000)
    closed = office.post(f"/v1/orders/{order['number']}/close", {"reason": "by-slip"})
    payload = office.application(person, "renewal", order, unpaid_slip=closed["slip"])
    number = office.file("card-application", payload)["number"]
    office.clock.forward(days=17)
    office.headquarters.look_at_the_clock()
    assert {c["number"]: c["state"] for c in office.ledger()["cases"]}[number] == "void"
    assert office.look_up("may-apply-for-card", person, ground="renewal")["fee"]["fen"] == 2000
