"""JG02 as headquarters and the traffic platform keep it: what is due, by whom it is paid, and never twice."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.fines import PaidOn, balance
from kiosk.people.synthetic import Situation, SyntheticPerson
from tests.central.office import Office, at_once, someone

PAY_BY = date(2026, 12, 7)


@pytest.mark.parametrize(
    ("days", "surcharge"),
    [(-14, 0), (0, 0), (1, 300), (10, 3000), (33, 9900), (34, 10000), (400, 10000)],
)
def test_three_per_cent_a_day_and_never_more_than_the_fine(days: int, surcharge: int) -> None:
    stands = balance(10000, PAY_BY, (), PAY_BY + timedelta(days=days), 3)
    assert (stands.surcharge, stands.due) == (surcharge, 10000 + surcharge)


def test_lateness_ends_on_the_day_the_fine_itself_was_covered() -> None:
    paid = (PaidOn(PAY_BY + timedelta(days=4), 10000),)
    stands = balance(10000, PAY_BY, paid, PAY_BY + timedelta(days=100), 3)
    assert (stands.days_late, stands.surcharge, stands.due) == (4, 1200, 1200)


def test_a_part_paid_fine_still_grows_by_the_whole_fine() -> None:
    paid = (PaidOn(PAY_BY, 5000),)
    assert balance(10000, PAY_BY, paid, PAY_BY + timedelta(days=10), 3).due == 8000


@given(
    fine=st.integers(0, 200_000),
    days=st.integers(-30, 400),
    money=st.lists(st.tuples(st.integers(-20, 400), st.integers(1, 300_000)), max_size=4),
)
def test_nothing_below_nothing_and_never_twice_the_fine(fine: int, days: int, money: list[tuple[int, int]]) -> None:
    payments = [PaidOn(PAY_BY + timedelta(days=at), fen) for at, fen in money]
    stands = balance(fine, PAY_BY, payments, PAY_BY + timedelta(days=days), 3)
    assert 0 <= stands.due <= 2 * fine
    assert 0 <= stands.surcharge <= fine


def fines(office: Office, person: SyntheticPerson) -> list[dict[str, Any]]:
    return office.look_up("unpaid-fines", person)


def bank(office: Office, decision: str, fen: int | None = None) -> None:
    answer = office.people("POST", f"/sandbox/fines/{decision}/paid", json.dumps({"fen": fen}).encode())
    assert answer.status == 200


def order(office: Office, person: SyntheticPerson, fine: dict[str, Any]) -> Any:
    return office.order(person, f"fine:{fine['decision']}", fine["due"]["fen"])


def money(office: Office) -> tuple[int, int]:
    payments = office.ledger()["payments"]
    return sum(p["taken_fen"] for p in payments), sum(p["refunded_fen"] for p in payments)


@pytest.mark.parametrize(
    ("situation", "nth", "due"),
    [
        (Situation.FINE_UNPAID, 0, [100_00]),
        (Situation.FINE_UNPAID, 1, [100_00, 150_00]),
        (Situation.FINE_OVERDUE, 0, [130_00]),
        (Situation.FINE_OVERDUE, 1, [200_00]),
        (Situation.FINE_PART_PAID, 0, [80_00]),
        (Situation.FINE_PAID, 0, []),
        (Situation.VIOLATION_SIMPLE, 0, []),
    ],
)
def test_what_is_due_today(office: Office, situation: Situation, nth: int, due: list[int]) -> None:
    assert [fine["due"]["fen"] for fine in fines(office, someone(situation, nth))] == due


def test_a_fine_decided_here_is_one_of_them_and_grows_when_late(office: Office) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    violation = office.violations(person)[0]
    number = office.file("violation-decided", office.decided(person, violation))["number"]
    (fine,) = fines(office, person)
    assert (fine["decision"], fine["due"]) == (number, violation["fine"])
    office.clock.forward(days=17)
    (late,) = fines(office, person)
    assert (late["days_late"], late["surcharge"]["fen"]) == (2, violation["fine"]["fen"] * 6 // 100)


def test_paid_here_is_known_on_the_platform_and_due_no_more(office: Office) -> None:
    person = someone(Situation.FINE_OVERDUE)
    (fine,) = fines(office, person)
    made = order(office, person, fine)
    _ = office.pay(made)
    paid = office.send("GET", f"/v1/orders/{made['number']}")[1]
    assert (paid["state"], paid["paid_elsewhere"]) == ("captured", False)
    assert paid["receipt"] in office.people("GET", f"/v/{paid['receipt']}").body.decode()
    assert paid["verify_url"].endswith(paid["receipt"])
    assert fines(office, person) == []


def test_the_amount_a_code_was_made_for_counts_past_midnight(office: Office) -> None:
    person = someone(Situation.FINE_OVERDUE)
    (fine,) = fines(office, person)
    office.clock.forward(hours=13, minutes=58)
    made = order(office, person, fine)
    office.clock.forward(minutes=4)
    _ = office.pay(made)
    assert fines(office, person) == []


def test_a_slip_brought_late_leaves_what_lateness_added(office: Office) -> None:
    person = someone(Situation.FINE_UNPAID)
    (fine,) = fines(office, person)
    made = order(office, person, fine)
    slip = office.post(f"/v1/orders/{made['number']}/close", {"reason": "by-slip"})
    assert slip["due"] == fine["pay_by"]
    office.clock.forward(days=14)
    assert office.people("POST", f"/sandbox/slips/{slip['slip']}/paid").status == 200
    (rest,) = fines(office, person)
    assert rest["due"] == rest["surcharge"]


def test_a_slip_for_a_late_fine_is_good_today(office: Office) -> None:
    person = someone(Situation.FINE_OVERDUE)
    (fine,) = fines(office, person)
    made = order(office, person, fine)
    slip = office.post(f"/v1/orders/{made['number']}/close", {"reason": "by-slip"})
    assert slip["due"] == office.clock.now().date().isoformat()


def test_a_part_payment_at_a_bank_changes_the_amount_and_no_code_is_made_for_the_old_one(office: Office) -> None:
    person = someone(Situation.FINE_UNPAID)
    (fine,) = fines(office, person)
    bank(office, fine["decision"], 40_00)
    request = office.order_request(person, f"fine:{fine['decision']}", fine["due"]["fen"])
    status, problem = office.send("POST", "/v1/orders", request)
    assert (status, problem["code"]) == (409, "amount")
    assert [f["due"]["fen"] for f in fines(office, person)] == [60_00]


def test_paid_at_a_bank_gives_no_code_any_more(office: Office) -> None:
    person = someone(Situation.FINE_UNPAID)
    (fine,) = fines(office, person)
    bank(office, fine["decision"])
    request = office.order_request(person, f"fine:{fine['decision']}", fine["due"]["fen"])
    status, problem = office.send("POST", "/v1/orders", request)
    assert (status, problem["code"]) == (409, "paid-already")


def test_paid_at_a_bank_while_the_code_is_on_the_screen_closes_the_code(office: Office) -> None:
    person = someone(Situation.FINE_UNPAID)
    (fine,) = fines(office, person)
    made = order(office, person, fine)
    bank(office, fine["decision"])
    now = office.send("GET", f"/v1/orders/{made['number']}")[1]
    assert (now["state"], now["paid_elsewhere"]) == ("closed", True)
    _ = office.pay(made)
    assert money(office) == (0, 0)


def test_a_closed_code_of_a_paid_fine_gives_no_slip(office: Office) -> None:
    person = someone(Situation.FINE_UNPAID)
    (fine,) = fines(office, person)
    made = order(office, person, fine)
    bank(office, fine["decision"])
    closed = office.post(f"/v1/orders/{made['number']}/close", {"reason": "by-slip"})
    assert (closed["slip"], closed["paid_elsewhere"]) == ("", True)


def test_somebody_else_who_pays_the_same_fine_is_told_and_not_charged(office: Office) -> None:
    person, other = someone(Situation.FINE_UNPAID), someone(Situation.ORDINARY)
    (fine,) = fines(office, person)
    mine, theirs = order(office, person, fine), order(office, other, fine)
    _ = office.pay(theirs)
    told = office.send("GET", f"/v1/orders/{mine['number']}")[1]
    assert (told["state"], told["paid_elsewhere"]) == ("closed", True)
    request = office.order_request(person, f"fine:{fine['decision']}", fine["due"]["fen"])
    assert office.send("POST", "/v1/orders", request)[1]["code"] == "paid-already"
    assert money(office) == (100_00, 0)


def test_two_who_pay_the_same_fine_at_the_same_moment_pay_it_once(office: Office) -> None:
    person, other = someone(Situation.FINE_UNPAID), someone(Situation.ORDINARY)
    (fine,) = fines(office, person)
    orders = [order(office, person, fine), order(office, other, fine)]
    _ = at_once([lambda made=made: office.pay(made) for made in orders])
    states = [office.send("GET", f"/v1/orders/{made['number']}")[1] for made in orders]
    assert sorted(o["paid_elsewhere"] for o in states) == [False, True]
    taken, back = money(office)
    assert taken - back == 100_00
    assert fines(office, person) == []


def test_money_that_came_while_the_platform_was_silent_is_told_later(office: Office) -> None:
    person = someone(Situation.FINE_UNPAID)
    (fine,) = fines(office, person)
    made = order(office, person, fine)
    office.fault("traffic", "down", 30)
    _ = office.pay(made)
    assert office.send("GET", f"/v1/orders/{made['number']}")[1]["state"] == "captured"
    office.clock.forward(seconds=40)
    office.headquarters.look_at_the_clock()
    assert fines(office, person) == []
    assert money(office) == (100_00, 0)


def test_money_for_a_fine_the_bank_had_meanwhile_goes_back(office: Office) -> None:
    person = someone(Situation.FINE_UNPAID)
    (fine,) = fines(office, person)
    made = order(office, person, fine)
    office.fault("payment", "slow", 5, delay=9)
    _ = office.pay(made)
    bank(office, fine["decision"])
    office.fault("payment", None)
    office.clock.forward(seconds=30)
    office.headquarters.look_at_the_clock()
    now = office.send("GET", f"/v1/orders/{made['number']}")[1]
    assert (now["state"], now["paid_elsewhere"]) == ("refunded", True)
    assert money(office) == (100_00, 100_00)
