"""CRJ04, CRJ05 and CRJ06 as headquarters decides them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import pytest

from central.agencies.exit_entry_model import SandboxTravelDocument
from central.database import transaction
from central.desks.desk import Desk
from kiosk.people.synthetic import Situation, SyntheticPerson
from tests.central.office import Office, someone

T = TypeVar("T")
ORDINARY = someone(Situation.ORDINARY)
EXPIRES = someone(Situation.PASSPORT_EXPIRES)


def eligible(office: Office, person: SyntheticPerson, kind: str = "passport") -> Any:
    return office.look_up("may-apply-travel", person, kind=kind)


def application(
    office: Office, person: SyntheticPerson, ground: str, order: dict[str, Any], kind: str = "passport", **more: Any
) -> dict[str, Any]:
    return {
        "number": person.number,
        "kind": kind,
        "ground": ground,
        "portrait": office.blob(b"portrait"),
        "portrait_review": False,
        "fingers": [[2, office.blob(b"finger")]],
        "missing_fingers": [],
        "collect_site": "exit-entry-hall",
        "signature": office.blob(b"signature"),
        "order": order["number"],
        **more,
    }


def paid(office: Office, person: SyntheticPerson, kind: str = "passport") -> Any:
    yes = eligible(office, person, kind)
    order = office.order(person, yes["fee_reference"], yes["fee"]["fen"])
    assert office.pay(order).status == 200
    return order


def at(office: Office, act: Callable[[Desk], T]) -> T:
    return office.headquarters.by_a_person(act)


@pytest.mark.parametrize(
    ("kind", "fen", "letter"), [("passport", 12000, "E"), ("hk-macao-pass", 6000, "C"), ("taiwan-pass", 6000, "L")]
)
def test_a_first_document_is_applied_for_made_and_stocked(office: Office, kind: str, fen: int, letter: str) -> None:
    yes = eligible(office, ORDINARY, kind)
    assert (yes["grounds"], yes["fee"]["fen"]) == (["first"], fen)
    assert {site for site, _ in yes["collect_sites"]} == {"kiosk-0001", "exit-entry-hall"}
    reply = office.file(
        "travel-application", application(office, ORDINARY, "first", paid(office, ORDINARY, kind), kind)
    )
    assert (reply["status"], reply["extras"]["ready_by"]) == ("accepted", yes["ready_by"])
    assert office.case(reply["number"])["state"] == "accepted"
    assert eligible(office, ORDINARY, kind)["code"] == "E-CASE-01"
    page = office.people("GET", f"/v/{reply['number']}").body.decode()
    assert "出入境证件受理回执" in page and ORDINARY.card.name not in page
    office.clock.forward(days=8)
    office.headquarters.look_at_the_clock()
    case = office.case(reply["number"])
    assert case["state"] == "stocked"
    assert office.place(case["item"]) == "depot:exit-entry-hall"
    made = at(office, lambda desk: desk.agencies.exit_entry.issued(reply["number"]))
    assert made is not None and made.number.startswith(letter)


def test_seven_working_days_here_and_twenty_days_from_elsewhere(office: Office) -> None:
    assert eligible(office, ORDINARY)["ready_by"] == date(2026, 12, 1).isoformat()
    assert eligible(office, someone(Situation.OTHER_PROVINCE))["ready_by"] == date(2026, 12, 12).isoformat()


@pytest.mark.parametrize(
    ("situation", "kind", "grounds"),
    [
        (Situation.PASSPORT_EXPIRES, "passport", ["renewal", "damage", "loss"]),
        (Situation.TRAVELLER, "passport", ["damage", "loss"]),
        (Situation.PASS_EXPIRED, "hk-macao-pass", ["renewal", "damage", "loss"]),
        (Situation.PASS_LOST, "hk-macao-pass", ["loss"]),
        (Situation.TRAVELLER, "taiwan-pass", ["first"]),
    ],
)
def test_the_grounds_follow_from_what_is_on_file(
    office: Office, situation: Situation, kind: str, grounds: list[str]
) -> None:
    assert eligible(office, someone(situation), kind)["grounds"] == grounds


@pytest.mark.parametrize(
    ("situation", "kind", "code"),
    [
        (Situation.REGISTERED_STAFF, "passport", "E-CRJ-01"),
        (Situation.NOT_TO_EXIT, "hk-macao-pass", "E-CRJ-01"),
        (Situation.UNDER_16, "passport", "E-AGE-01"),
        (Situation.HONG_KONG_MACAO_TAIWAN, "passport", "E-ID-04"),
        (Situation.CARD_REPORTED_LOST, "taiwan-pass", "E-ID-03"),
        (Situation.TRAVEL_CASE_OPEN, "passport", "E-CASE-01"),
    ],
)
def test_a_no_has_its_code_and_never_a_reason(office: Office, situation: Situation, kind: str, code: str) -> None:
    answer = eligible(office, someone(situation), kind)
    assert answer["code"] == code
    assert "reason" not in dict(answer["details"])


def test_a_lost_passport_is_void_from_the_application_on(office: Office) -> None:
    person = someone(Situation.PASSPORT_LOST)
    reply = office.file("travel-application", application(office, person, "loss", paid(office, person)))
    assert reply["status"] == "accepted"
    (document,) = at(office, lambda desk: desk.agencies.exit_entry.documents(person.number))
    assert document.standing.value == "lost"


def test_what_changed_meanwhile_is_refused_and_the_fee_goes_back(office: Office) -> None:
    order = paid(office, EXPIRES)
    with transaction(office.headquarters.engine) as db:
        row = db.query(SandboxTravelDocument).filter(SandboxTravelDocument.holder == EXPIRES.number).one()
        row.standing = "lost"
    refused = office.file("travel-application", application(office, EXPIRES, "renewal", order))
    assert refused["refusal"]["code"] == "E-HUM-01"
    assert office.file("refund", {"order": order["number"], "because": "CASE/application/1"})["status"] == "accepted"
    (payment,) = office.ledger()["payments"]
    assert payment["refunded_fen"] == payment["taken_fen"] == 12000


def test_money_that_no_application_could_use_is_not_taken(office: Office) -> None:
    yes = eligible(office, ORDINARY)
    office.file("travel-application", application(office, ORDINARY, "first", paid(office, ORDINARY)))
    status, reply = office.send(
        "POST", "/v1/orders", office.order_request(ORDINARY, yes["fee_reference"], yes["fee"]["fen"])
    )
    assert (status, reply["code"]) == (409, "not-due")


def test_one_fee_pays_for_one_application(office: Office) -> None:
    order = paid(office, ORDINARY)
    wrong = application(office, ORDINARY, "first", order, "hk-macao-pass")
    assert office.file("travel-application", wrong)["refusal"]["code"] == "E-PAY-01"
    stranger = application(office, someone(Situation.ORDINARY, 1), "first", order)
    assert office.file("travel-application", stranger)["refusal"]["code"] == "E-PAY-01"


def test_an_application_by_slip_waits_for_its_money_and_is_void_without(office: Office) -> None:
    numbers: list[str] = []
    for nth in range(2):
        person = someone(Situation.ORDINARY, nth)
        yes = eligible(office, person)
        order = office.order(person, yes["fee_reference"], yes["fee"]["fen"])
        closed = office.post(f"/v1/orders/{order['number']}/close", {"reason": "by-slip"})
        reply = office.file(
            "travel-application", application(office, person, "first", order, unpaid_slip=closed["slip"])
        )
        assert office.case(reply["number"])["state"] == "awaiting-payment"
        numbers.append(reply["number"])
        if nth == 0:
            assert office.people("POST", f"/sandbox/slips/{closed['slip']}/paid").status == 200
    assert office.case(numbers[0])["state"] == "accepted"
    office.clock.forward(days=30)
    office.headquarters.look_at_the_clock()
    assert office.case(numbers[1])["state"] == "void"
    assert "travel_document" not in {d["kind"] for d in office.documents() if d["case"] == numbers[1]}


def test_the_old_passport_is_kept_for_the_application_and_its_slip_can_be_printed_again(office: Office) -> None:
    key = office.fresh()
    reply = office.file("travel-application", application(office, EXPIRES, "renewal", paid(office, EXPIRES)), key)
    request = office.custody_request(EXPIRES, f"{key.split('/')[0]}/old-card/1") | {"document": "passport"}
    place = office.post("/v1/custody-places", request)
    assert office.use(place["grant"], "taken-in")[0] == 204
    assert office.place(place["custody"]).startswith("custody:")
    papers = {p["paper"]: dict(p["values"]) for p in office.look_up("papers-of", EXPIRES, case=key.split("/")[0])}
    assert papers["custody-slip"]["document"] == "passport"
    assert papers["custody-slip"]["case_number"] == reply["number"]
    assert papers["travel-receipt"]["ground"] == "travel-renewal"
    assert papers["travel-receipt"]["payment"] == "paid"


def test_an_unknown_document_gets_no_place(office: Office) -> None:
    status, _ = office.send(
        "POST", "/v1/custody-places", office.custody_request(EXPIRES) | {"document": "library-card"}
    )
    assert status == 422
