"""What headquarters knows of an interrupted visit comes back as papers, whole and to their owner only."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.documents.papers import Standing, sheet
from kiosk.people.synthetic import Situation, SyntheticPerson
from tests.central.office import Office, someone

FEE = "fee:id-card-renewal:2004-01-01"
CASE = "CASE00777"
BY_THE_TERMINAL = {
    "when": "2026-11-22T23:05:00+08:00",
    "terminal": "KDL-001",
    "site": "自助警务站",
    "telephone": "0472-0000000",
    "reprint": "yes",
}


def papers(office: Office, person: SyntheticPerson, case: str = CASE) -> dict[str, dict[str, str]]:
    """By kind; each is checked against what its paper asks for."""
    found: dict[str, dict[str, str]] = {}
    for paper in office.look_up("papers-of", person, case=case):
        values = dict(paper["values"])
        assert values["number"] == paper["number"]
        assert sheet(paper["paper"], {**values, **BY_THE_TERMINAL}, Standing.SIMULATED).reprint
        assert paper["paper"] not in found
        found[paper["paper"]] = values
    return found


def hand_in(office: Office, person: SyntheticPerson) -> dict[str, Any]:
    place = office.post("/v1/custody-places", office.custody_request(person, f"{CASE}/old-card/1"))
    assert office.use(place["grant"], "taken-in")[0] == 204
    return place


def collect(office: Office, person: SyntheticPerson) -> dict[str, Any]:
    card = office.look_up("card-to-collect", person)
    grant = office.post("/v1/grants", office.grant_request(card, f"{CASE}/new-card/1"))
    payload = {
        "number": person.number,
        "item": card["item"],
        "case_number": card["case_number"],
        "grant": grant["grant"],
        "certainty": "sensed",
        "signature": office.blob(),
    }
    assert office.file("card-collected", payload, f"{CASE}/collected/1")["status"] == "accepted"
    return card


def decide(office: Office, person: SyntheticPerson) -> tuple[str, dict[str, Any]]:
    violation = office.violations(person)[0]
    reply = office.file("violation-decided", office.decided(person, violation), f"{CASE}/decision/1")
    return reply["number"], violation


def test_an_old_card_in_custody_has_its_slip_whether_or_not_it_was_filed(office: Office) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    place = hand_in(office, person)
    slip = papers(office, person)["custody-slip"]
    assert (slip["number"], slip["place"]) == (place["custody"], "1-24")
    assert slip["case_number"] == office.look_up("card-to-collect", person)["case_number"]


def test_an_old_card_that_went_back_has_none(office: Office) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    place = hand_in(office, person)
    item = {"item": place["custody"], "board": 1, "compartment": 24}
    back = office.post("/v1/grants", office.grant_request(item, f"{CASE}/old-card-back/1"))
    assert office.use(back, "taken")[0] == 204
    assert papers(office, person) == {}


def test_a_collected_card_has_its_slip_beside_the_old_cards(office: Office) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    _ = hand_in(office, person)
    card = collect(office, person)
    found = papers(office, person)
    assert list(found) == ["custody-slip", "collection-slip"]
    assert found["collection-slip"]["number"] == card["case_number"]
    assert found["collection-slip"]["certainty"] == "sensed"
    assert found["collection-slip"]["valid_to"] == (card["valid_to"] or "long")


def test_a_decision_comes_back_whole_with_what_was_told(office: Office) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    notice = office.look_up("rights-for", person, record=office.violations(person)[0]["record"])
    number, violation = decide(office, person)
    found = papers(office, person)
    assert list(found) == ["penalty-decision", "violation-slip"]
    whole = found["penalty-decision"]
    assert whole["number"] == number and whole["name"] == person.card.name
    assert whole["rights_text"] == notice["rights"]["text"]
    assert whole["articles_broken"] == violation["articles_broken"] and whole["at"].endswith("+08:00")
    assert whole["verify_url"].endswith(number)
    assert found["violation-slip"]["points"] == str(violation["points"])
    assert "name" not in found["violation-slip"] and "*" in found["violation-slip"]["name_masked"]


def test_a_fine_that_was_paid_has_its_receipt(office: Office) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    number, violation = decide(office, person)
    order = office.order(person, f"fine:{number}", violation["fine"]["fen"], f"{CASE}/pay/1")
    assert "payment-receipt" not in papers(office, person)
    _ = office.pay(order)
    office.headquarters.look_at_the_clock()
    paid = office.send("GET", f"/v1/orders/{order['number']}")[1]
    receipt = papers(office, person)["payment-receipt"]
    assert (receipt["number"], receipt["order"]) == (paid["receipt"], order["number"])
    assert (receipt["subject"], receipt["case_number"]) == ("bill-fine", number)
    assert receipt["paid_at"] == "2026-11-22T10:00:00+08:00"


def test_money_that_is_still_due_has_its_slip(office: Office) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    number, violation = decide(office, person)
    order = office.order(person, f"fine:{number}", violation["fine"]["fen"], f"{CASE}/pay/1")
    closed = office.post(f"/v1/orders/{order['number']}/close", {"reason": "by-slip"})
    slip = papers(office, person)["payment-slip"]
    assert (slip["number"], slip["due"]) == (closed["slip"], closed["due"])
    assert office.people("POST", f"/sandbox/slips/{closed['slip']}/paid").status == 200
    assert "payment-slip" not in papers(office, person) and "payment-receipt" in papers(office, person)


@pytest.mark.parametrize("payment", ["paid", "by-slip"])
def test_an_application_has_its_receipt(office: Office, payment: str) -> None:
    person = someone(Situation.RENEWAL_DUE)
    order = office.order(person, FEE, 2000, f"{CASE}/pay/1")
    more: dict[str, Any] = {"portrait_review": True}
    if payment == "paid":
        _ = office.pay(order)
    else:
        more["unpaid_slip"] = office.post(f"/v1/orders/{order['number']}/close", {"reason": "by-slip"})["slip"]
    payload = office.application(person, "renewal", order, **more)
    reply = office.file("card-application", payload, f"{CASE}/application/1")
    found = papers(office, person)
    receipt = found["application-receipt"]
    assert receipt["number"] == reply["number"] and receipt["payment"] == payment
    assert receipt["ready_by"] == reply["extras"]["ready_by"]
    assert receipt["collect_site"] == reply["extras"]["collect_site"]
    assert (receipt["fee"], receipt["portrait_review"]) == ("20", "yes")
    assert ("payment-slip" in found) == (payment == "by-slip") and "payment-receipt" not in found


def test_a_fee_that_paid_for_nothing_yet_has_a_receipt_until_it_goes_back(office: Office) -> None:
    person = someone(Situation.RENEWAL_DUE)
    order = office.order(person, FEE, 2000, f"{CASE}/pay/1")
    _ = office.pay(order)
    assert list(papers(office, person)) == ["payment-receipt"]
    _ = office.file("refund", {"order": order["number"], "because": f"{CASE}/application/1"})
    assert papers(office, person) == {}


def test_an_objection_has_its_slip(office: Office) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    payload = {"number": person.number, "record": office.violations(person)[0]["record"]}
    reply = office.file("objection", payload, f"{CASE}/objection/1")
    slip = papers(office, person)["objection-slip"]
    assert (slip["number"], slip["answer_due"]) == (reply["number"], "2026-11-27")


def test_nobody_else_and_no_other_visit_gets_a_paper(office: Office) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    _ = hand_in(office, person)
    _ = collect(office, person)
    assert papers(office, someone(Situation.CARD_FINISHED_RENEWAL, 1)) == {}
    assert papers(office, person, "CASE00001") == {}


def test_what_was_refused_has_no_paper(office: Office) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    card = office.look_up("card-to-collect", person)
    payload = {
        "number": person.number,
        "item": card["item"],
        "case_number": card["case_number"],
        "certainty": "sensed",
        "signature": office.blob(),
    }
    assert office.file("card-collected", payload, f"{CASE}/collected/1")["status"] == "refused"
    assert papers(office, person) == {}
