"""CRJ01 and CRJ02 as headquarters decides them: paid, approved, written once, or finished at the window."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.people.synthetic import Situation, SyntheticPerson
from tests.central.office import Office, someone
from tests.central.test_reprints import CASE, papers

DUE = Situation.ENDORSEMENT_DUE
CHOSEN = ("hk-L-3m-2", "mo-L-3m-1")
HK_MACAO, TAIWAN = "hk-macao-pass", "taiwan-pass"


def may(office: Office, person: SyntheticPerson, kind: str = HK_MACAO) -> dict[str, Any]:
    return office.look_up("may-endorse", person, kind=kind)


def paid(office: Office, person: SyntheticPerson, fen: int = 4500) -> dict[str, Any]:
    order = office.order(person, f"endorsement:{'+'.join(CHOSEN)}", fen)
    assert office.pay(order).status == 200
    return order


def ask(
    office: Office,
    person: SyntheticPerson,
    order: dict[str, Any],
    offers: tuple[str, ...] = CHOSEN,
    kind: str = HK_MACAO,
    slip: str = "",
) -> dict[str, Any]:
    payload = {
        "number": person.number,
        "kind": kind,
        "document": may(office, person, kind)["document"],
        "offers": list(offers),
        "order": order["number"],
        "unpaid_slip": slip,
        "signature": office.blob(b"signature"),
    }
    return office.file("endorsement-request", payload, f"{CASE}/endorsement-request/1")


def approval(office: Office, person: SyntheticPerson, number: str) -> dict[str, Any]:
    return office.look_up("endorsement-approval", person, case=number)


def grant(office: Office, number: str, key: str = "") -> tuple[int, Any]:
    card = {"item": number, "board": 0, "compartment": 0}
    return office.send("POST", "/v1/grants", office.grant_request(card, key))


def end(office: Office, person: SyntheticPerson, number: str, outcome: str, place: str = "given-back") -> Any:
    payload = {"number": person.number, "request": number, "outcome": outcome, "place": place, "custody": ""}
    return office.file("endorsement-ended", payload, f"{CASE}/endorsement-ended/1")


def approved(office: Office, person: SyntheticPerson) -> str:
    number = ask(office, person, paid(office, person))["number"]
    office.clock.forward(seconds=30)
    assert approval(office, person, number)["state"] == "approved"
    return number


def state(office: Office, number: str) -> dict[str, Any]:
    return office.case(number)


def test_what_is_offered_goes_by_the_register(office: Office) -> None:
    answer = may(office, someone(DUE))
    assert {(o["kind"], o["destination"]) for o in answer["offers"]} == {("L", "hong-kong"), ("L", "macao")}
    assert {o["id"]: o["fee"]["fen"] for o in answer["offers"]}["hk-L-3m-2"] == 3000
    assert answer["left"] == [] and answer["approval_seconds"] == 180
    assert len(may(office, someone(Situation.ENDORSEMENT_LEFT))["left"]) == 1
    taiwan = may(office, someone(Situation.TAIWAN_DUE), TAIWAN)
    assert {o["id"]: o["fee"]["fen"] for o in taiwan["offers"]} == {"tw-T-6m-1": 1500, "tw-T-12m-0": 8000}
    # Team tours are for people of every province.
    assert may(office, someone(Situation.OTHER_PROVINCE))["tag"] == "may-endorse"


@pytest.mark.parametrize(
    ("situation", "code", "reason"),
    [
        (Situation.REGISTERED_STAFF, "E-CRJ-01", None),
        (Situation.NOT_TO_EXIT, "E-CRJ-01", None),
        (Situation.ORDINARY, "E-CRJ-02", "none"),
        (Situation.PASS_NOT_ELECTRONIC, "E-CRJ-02", "not-electronic"),
        (Situation.PASS_EXPIRED, "E-CRJ-02", "expired"),
        (Situation.PASS_LOST, "E-CRJ-02", "lost"),
        (Situation.UNDER_16, "E-AGE-01", None),
        (Situation.CARD_REPORTED_LOST, "E-ID-03", None),
    ],
)
def test_who_cannot_is_told_where_to_go_and_never_of_a_list(
    office: Office, situation: Situation, code: str, reason: str | None
) -> None:
    answer = may(office, someone(situation))
    details = dict(answer["details"])
    assert (answer["code"], details.get("reason")) == (code, reason)
    assert {"place", "address", "telephone"} <= set(details)


def test_it_is_written_once_and_used_up_lines_are_gone(office: Office) -> None:
    person = someone(Situation.ENDORSEMENT_LEFT)
    number = approved(office, person)
    lines = approval(office, person, number)["lines"]
    assert [line["kind"][:2] for line in lines] == ["香港", "香港", "澳门"]
    status, given = grant(office, number, "K/endorse/1")
    assert status == 200 and grant(office, number, "K/endorse/1")[1] == given
    assert grant(office, number, "K/endorse/2")[0] == 409
    assert office.use(given, "taken")[0] == 204
    assert end(office, person, number, "written")["status"] == "accepted"
    assert state(office, number)["state"] == "written"
    assert len(may(office, person)["left"]) == 3
    assert papers(office, person)["endorsement-slip"]["outcome"] == "endorse-written"
    page = office.people("GET", f"/v/{number}").body.decode()
    assert "签注凭条" in page and person.card.name not in page


def test_no_grant_before_the_approval_nor_for_anybody_elses(office: Office) -> None:
    person = someone(DUE)
    number = ask(office, person, paid(office, person))["number"]
    assert approval(office, person, number)["state"] == "not-yet"
    assert grant(office, number)[0] == 409
    assert approval(office, someone(DUE, 1), number)["state"] == "not-yet"
    assert may(office, person)["code"] == "E-CASE-01"


def test_what_was_not_written_is_withdrawn_and_the_fee_goes_back(office: Office) -> None:
    person = someone(DUE)
    number = approved(office, person)
    end(office, person, number, "not-written")
    assert state(office, number)["state"] == "withdrawn"
    (payment,) = office.ledger()["payments"]
    assert payment["state"] == "refunded"
    assert papers(office, person)["endorsement-slip"]["outcome"] == "endorse-not-written"
    assert may(office, person)["tag"] == "may-endorse"


@pytest.mark.parametrize(("outcome", "left"), [("spoiled", "at-window"), ("unknown", "in-doubt")])
def test_what_went_wrong_amid_is_finished_by_people_and_paid_for(office: Office, outcome: str, left: str) -> None:
    person = someone(DUE)
    number = approved(office, person)
    end(office, person, number, outcome, "bin" if outcome == "unknown" else "given-back")
    assert state(office, number)["state"] == left
    (payment,) = office.ledger()["payments"]
    assert payment["state"] == "captured"


@pytest.mark.parametrize("situation", [Situation.ENDORSEMENT_SLOW, Situation.ENDORSEMENT_DECLINED])
def test_a_late_or_refused_approval_goes_on_at_the_window(office: Office, situation: Situation) -> None:
    person = someone(situation)
    number = ask(office, person, paid(office, person))["number"]
    office.clock.forward(seconds=180)
    assert approval(office, person, number)["state"] in ("not-yet", "to-the-window")
    end(office, person, number, "at-window")
    assert state(office, number)["state"] == "at-window"


def test_a_payment_slip_is_paid_at_the_window(office: Office) -> None:
    person = someone(DUE)
    order = office.order(person, f"endorsement:{'+'.join(CHOSEN)}", 4500)
    slip = office.post(f"/v1/orders/{order['number']}/close", {"reason": "by-slip"})["slip"]
    number = ask(office, person, order, slip=slip)["number"]
    assert state(office, number)["state"] == "awaiting-payment"
    assert office.people("POST", f"/sandbox/slips/{slip}/paid").status in (200, 204)
    assert state(office, number)["state"] == "at-window"


def test_nothing_is_asked_for_without_its_money(office: Office) -> None:
    person = someone(DUE)
    order = office.order(person, f"endorsement:{'+'.join(CHOSEN)}", 4500)
    assert ask(office, person, order)["status"] == "refused"


def test_another_amount_or_two_for_one_place_are_declined(office: Office) -> None:
    person = someone(DUE)
    wrong = office.order_request(person, f"endorsement:{'+'.join(CHOSEN)}", 3000)
    assert office.send("POST", "/v1/orders", wrong)[0] == 409
    twice = office.order_request(person, "endorsement:hk-L-3m-2+hk-L-3m-1", 4500)
    assert office.send("POST", "/v1/orders", twice)[0] == 422
