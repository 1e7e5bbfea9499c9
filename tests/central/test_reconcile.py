"""对账: every difference between orders and the provider's money has its reason, or is said to have none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from central.agencies.sandbox_model import SandboxPayment
from central.database import transaction
from central.desks.loading import Two, load_document
from central.model import PaymentOrder
from central.problems import Declined
from central.reconcile import Why, reconcile
from kiosk.people.synthetic import Situation
from tests.central.office import TODAY, Office, someone

FEE = "fee:id-card-renewal:2004-01-01"
WHO = someone(Situation.RENEWAL_DUE)


def report(office: Office, day: date | None = None) -> dict[str, Any]:
    with transaction(office.headquarters.engine) as db:
        return reconcile(db, day, office.clock.now())


def reasons(office: Office) -> list[str]:
    return [found["why"] for found in report(office)["differences"]]


def paid(office: Office) -> dict[str, Any]:
    order = office.order(WHO, FEE, 2000)
    assert office.pay(order).status == 200
    return office.send("GET", f"/v1/orders/{order['number']}")[1]


def test_a_day_without_orders_has_no_differences(office: Office) -> None:
    found = report(office, TODAY)
    assert (found["orders"], found["differences"], found["unexplained"]) == (0, [], 0)


def test_money_that_found_its_application_is_no_difference(office: Office) -> None:
    order = paid(office)
    assert reasons(office) == [Why.NOT_USED.value]
    _ = office.file("card-application", office.application(WHO, "renewal", order))
    found = report(office, TODAY)
    assert (found["differences"], found["kept_fen"], found["ours_fen"]) == ([], order["fen"], order["fen"])
    assert report(office, date(2026, 11, 21))["orders"] == 0


def test_money_that_nothing_came_of_is_unexplained_the_next_day(office: Office) -> None:
    _ = paid(office)
    office.clock.forward(days=1)
    assert reasons(office) == [Why.UNEXPLAINED.value]
    assert report(office)["unexplained"] == 1


def test_late_money_is_explained_until_it_is_back(office: Office) -> None:
    order = office.order(WHO, FEE, 2000)
    office.fault("payment", "slow", 60, delay=8)
    assert office.pay(order).status == 200
    office.fault("payment", None)
    assert reasons(office) == [Why.ON_ITS_WAY.value]
    _ = office.post(f"/v1/orders/{order['number']}/close", {"reason": "left"})
    office.fault("refund", "down", seconds=600)
    office.clock.forward(seconds=400)
    assert reasons(office) == [Why.LATE.value]
    office.headquarters.look_at_the_clock()
    assert reasons(office) == [Why.TO_GIVE_BACK.value]
    office.fault("refund", None)
    office.clock.forward(seconds=5)
    office.headquarters.look_at_the_clock()
    found = report(office)
    assert (found["differences"], found["kept_fen"], found["given_back_fen"]) == ([], 0, order["fen"])


def test_books_that_say_what_the_provider_does_not_are_unexplained(office: Office) -> None:
    order = paid(office)
    with transaction(office.headquarters.engine) as db:
        taken = db.get(SandboxPayment, order["number"])
        assert taken is not None
        taken.captured_at = None
    assert reasons(office) == [Why.UNEXPLAINED.value]
    with transaction(office.headquarters.engine) as db:
        row = db.get(PaymentOrder, order["number"])
        assert row is not None
        db.delete(row)
    assert report(office)["unexplained"] == 0, "without money there is nothing to explain"


TWO = Two("012345", "054321")


def loading(office: Office, item: str, place: str, by: Two = TWO) -> str:
    return office.headquarters.by_a_person(lambda desk: load_document(desk, item, place, by).now)


def test_a_finished_card_is_loaded_once_by_two_into_an_empty_compartment(office: Office) -> None:
    order = paid(office)
    filed = office.file("card-application", office.application(WHO, "renewal", order))
    (item,) = [d["id"] for d in office.documents() if d["case"] == filed["number"]]
    with pytest.raises(Declined, match="not-in-depot"):
        _ = loading(office, item, "cabinet:KDL-001:1:21")
    office.clock.forward(days=30)
    office.headquarters.look_at_the_clock()
    with pytest.raises(Declined, match="occupied"):
        _ = loading(office, item, "cabinet:KDL-001:1:1")
    with pytest.raises(Declined, match="two"):
        _ = loading(office, item, "cabinet:KDL-001:1:21", Two("012345", " 012345"))
    assert loading(office, item, "cabinet:KDL-001:1:21") == "cabinet:KDL-001:1:21"
    assert office.place(item) == "cabinet:KDL-001:1:21"
    assert office.case(filed["number"])["state"] == "to-collect"
    with pytest.raises(Declined, match="not-in-depot"):
        _ = loading(office, item, "cabinet:KDL-001:1:22")
