"""Filings, orders, grants: exactly once, in any order, at the same time; every document in one place."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from central.model import Alarm
from kiosk.people.synthetic import Situation
from kiosk.protocol.messages import Grant
from tests.central.office import TERMINAL, Filled, Office, digest, drawn, someone

FEE = "fee:id-card-renewal:2004-01-01"


def card_of(office: Office, nth: int = 0) -> dict[str, Any]:
    return office.look_up("card-to-collect", someone(Situation.CARD_FINISHED_RENEWAL, nth))


def collected(office: Office, card: dict[str, Any], nth: int = 0, **more: str) -> dict[str, Any]:
    return {
        "number": someone(Situation.CARD_FINISHED_RENEWAL, nth).number,
        "item": card["item"],
        "case_number": card["case_number"],
        "certainty": "sensed",
        "signature": office.blob(),
        **more,
    }


# -- filings -----------------------------------------------------------------------------------------------------


def test_the_same_filing_again_is_answered_as_before(office: Office) -> None:
    filing = office.filing("help-call", {"page": "attract"})
    first = office.post("/v1/filings", filing)
    second = office.post("/v1/filings", filing)
    assert not first["duplicate"] and second["duplicate"]
    assert second == {**first, "duplicate": True}
    assert sum(c["kind"] == "help" for c in office.ledger()["cases"]) == 1


def test_the_same_key_with_another_digest_is_refused(office: Office) -> None:
    key = office.fresh()
    _ = office.file("help-call", {"page": "attract"}, key)
    status, problem = office.send("POST", "/v1/filings", office.filing("help-call", {"page": "other"}, key))
    assert (status, problem["code"]) == (409, "digest")


def test_a_poisoned_payload_names_the_field_and_not_its_value(office: Office) -> None:
    filing = office.filing("card-application", {"number": "150203199001010011", "ground": "whim"})
    status, problem = office.send("POST", "/v1/filings", filing)
    assert status == 422 and "ground" in problem["detail"]
    assert "whim" not in json.dumps(problem) and "150203" not in json.dumps(problem)
    assert office.post("/v1/filings", office.filing("help-call", {"page": "attract"}))["status"] == "accepted"


def batch(office: Office, *filings: dict[str, Any]) -> list[dict[str, Any]]:
    return office.post("/v1/batches", {"items": list(filings)})["items"]


def test_each_filing_of_a_batch_is_done_declined_or_left_for_later_by_itself(office: Office) -> None:
    good, other = (office.filing("help-call", {"page": page}) for page in ("attract", "other"))
    person = someone(Situation.VIOLATION_SIMPLE)
    later = office.filing("violation-decided", office.decided(person, office.violations(person)[0]))
    wanting = office.filing("help-call", {"page": "attract"}) | {"blobs": ["0" * 64]}
    unlike = good | {"digest": "another"}
    poisoned = office.filing("card-application", {"number": "150203199001010011", "ground": "whim"})
    office.fault("traffic", "down")
    items = batch(office, good, poisoned, {"key": 7}, later, wanting, unlike, other)
    assert [item["state"] for item in items] == ["done", *["declined"] * 2, "later", *["declined"] * 2, "done"]
    codes = [item["problem"] and item["problem"]["code"] for item in items]
    assert codes == [None, "payload", "message", "agency-down", "blob-missing", "digest", None]
    assert [item["key"] for item in items[2:4]] == ["", later["key"]]
    assert "whim" not in json.dumps(items) and "150203" not in json.dumps(items)
    assert sum(c["kind"] == "help" for c in office.ledger()["cases"]) == 2


def test_a_batch_again_or_mixed_anew_changes_nothing(office: Office) -> None:
    filings = [office.filing("help-call", {"page": f"p{i}"}) for i in range(6)]
    first = batch(office, *filings[:4])
    alone = office.post("/v1/filings", filings[4])
    again = batch(office, *reversed(filings))
    assert [item["reply"]["duplicate"] for item in again] == [False, *[True] * 5]
    numbers = {item["key"]: item["reply"]["number"] for item in again}
    assert {item["key"]: item["reply"]["number"] for item in first}.items() <= numbers.items()
    assert numbers[filings[4]["key"]] == alone["number"]
    assert len(set(numbers.values())) == 6 == sum(c["kind"] == "help" for c in office.ledger()["cases"])


def test_an_agency_that_is_slow_uses_up_the_time_of_one_of_a_batch(office: Office) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    payload = office.decided(person, office.violations(person)[0])
    office.fault("traffic", "slow", 60, delay=30)
    items = batch(office, *(office.filing("violation-decided", payload) for _ in range(3)))
    assert {(item["state"], item["problem"]["code"]) for item in items} == {("later", "agency-slow")}
    assert office.paused[-1] == 10


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"key": 1}', b"\xff\xfe"])
def test_what_is_no_message_is_422(office: Office, body: bytes) -> None:
    for path in ("/v1/filings", "/v1/orders", "/v1/grants", "/v1/lookups", "/v1/faces", "/v1/audit"):
        status, reply = office.headquarters.exchange(TERMINAL, "POST", path, body)
        assert status == 422 and json.loads(reply)["code"] == "message"


def test_a_filing_waits_for_its_blobs(office: Office) -> None:
    content = b"not yet here"
    filing = office.filing("help-call", {"page": "attract"})
    filing["blobs"] = [hashlib.sha256(content).hexdigest()]
    status, problem = office.send("POST", "/v1/filings", filing)
    assert (status, problem["code"]) == (409, "blob-missing")
    _ = office.bytes_kept(content)
    assert not office.post("/v1/filings", filing)["duplicate"]


@pytest.mark.parametrize(
    ("field", "content"),
    [("portrait", b"portrait"), ("portrait", drawn(b"signature")), ("signature", drawn(b"signature")[:-4])],
)
def test_what_goes_onto_a_document_is_a_whole_picture_of_its_kind(office: Office, field: str, content: bytes) -> None:
    person = someone(Situation.RENEWAL_DUE)
    order = office.order(person, FEE, 2000)
    office.pay(order)
    told = office.application(person, "renewal", order)
    wrong = {**told, field: office.bytes_kept(content)}
    status, problem = office.send("POST", "/v1/filings", office.filing("card-application", wrong))
    assert (status, problem["code"]) == (422, "payload") and problem["detail"].startswith(field)
    gone = {**told, field: "0" * 64}
    status, problem = office.send("POST", "/v1/filings", office.filing("card-application", gone))
    assert (status, problem["code"]) == (409, "blob-missing")
    assert office.file("card-application", told)["status"] == "accepted"


def test_a_blob_under_a_wrong_name_is_refused(office: Office) -> None:
    assert office.headquarters.exchange(TERMINAL, "PUT", f"/v1/blobs/{'0' * 64}", b"x")[0] == 422
    assert office.headquarters.exchange(TERMINAL, "GET", f"/v1/blobs/{'0' * 64}", b"")[0] == 404
    assert office.headquarters.exchange(TERMINAL, "GET", "/v1/blobs/..%2Fgrant", b"")[0] == 404


def test_an_agency_that_is_down_leaves_nothing_behind(office: Office) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    payload = office.decided(person, office.violations(person)[0])
    filing = office.filing("violation-decided", payload)
    before = office.ledger()
    for fault, status in (("down", 503), ("error-500", 502), ("garbage", 502)):
        office.fault("traffic", fault)
        assert office.send("POST", "/v1/filings", filing)[0] == status
        assert office.ledger() == before
    office.fault("traffic", "slow", 60, delay=30)
    assert office.send("POST", "/v1/filings", filing)[0] == 504
    assert office.paused[-1] == 10
    office.fault("traffic", "slow", 60, delay=2)
    reply = office.post("/v1/filings", filing)
    assert reply["status"] == "accepted" and not reply["duplicate"] and office.paused[-1] >= 2


@pytest.mark.parametrize(("fault", "status"), [("down", 503), ("error-500", 500), ("garbage", 200)])
def test_headquarters_itself_fails_on_command(office: Office, fault: str, status: int) -> None:
    office.fault("headquarters", fault, 10)
    got, body = office.headquarters.exchange(TERMINAL, "POST", "/v1/lookups", b"{}")
    assert got == status
    if fault == "garbage":
        with pytest.raises(ValueError):
            json.loads(body)
    office.clock.forward(seconds=11)
    assert office.headquarters.exchange(TERMINAL, "POST", "/v1/lookups", b"{}")[0] == 422


# -- money -------------------------------------------------------------------------------------------------------


def test_the_amount_is_headquarters(office: Office) -> None:
    person = someone(Situation.RENEWAL_DUE)
    status, problem = office.send("POST", "/v1/orders", office.order_request(person, FEE, 1))
    assert (status, problem["code"]) == (409, "amount")
    for bill in ("fee:nothing", "fine:999", "gift:1"):
        assert office.send("POST", "/v1/orders", office.order_request(person, bill, 2000))[0] == 404


def test_the_same_order_key_is_the_same_order(office: Office) -> None:
    person = someone(Situation.RENEWAL_DUE)
    request = office.order_request(person, FEE, 2000)
    assert office.post("/v1/orders", request)["number"] == office.post("/v1/orders", request)["number"]
    status, problem = office.send("POST", "/v1/orders", {**request, "digest": "other"})
    assert (status, problem["code"]) == (409, "digest")


def test_closing_a_paid_order_says_paid(office: Office) -> None:
    order = office.order(someone(Situation.RENEWAL_DUE), FEE, 2000)
    _ = office.pay(order)
    for reason in ("left", "expired", "by-slip", "recovery"):
        closed = office.post(f"/v1/orders/{order['number']}/close", {"reason": reason})
        assert closed["state"] == "captured" and closed["receipt"] and not closed["slip"]


def test_a_closed_order_cannot_be_paid(office: Office) -> None:
    order = office.order(someone(Situation.RENEWAL_DUE), FEE, 2000)
    assert office.post(f"/v1/orders/{order['number']}/close", {"reason": "left"})["state"] == "closed"
    assert "已关闭" in office.pay(order).body.decode()
    assert office.send("GET", f"/v1/orders/{order['number']}")[1]["state"] == "closed"
    assert money(office) == (0, 0)


def test_an_open_code_is_its_terminals_alone_and_a_paid_one_counts_everywhere(office: Office) -> None:
    order = office.order(someone(Situation.RENEWAL_DUE), FEE, 2000)
    path = f"/v1/orders/{order['number']}"
    assert office.send("GET", path, terminal="KDL-006")[0] == 404
    assert office.send("POST", f"{path}/close", {"reason": "left"}, terminal="KDL-006")[0] == 404
    assert office.send("GET", path)[1]["state"] == "open"
    office.pay(order)
    assert office.send("GET", path)[1]["state"] == "captured"
    assert office.send("GET", path, terminal="KDL-006")[1]["state"] == "captured"


def test_the_sandbox_tells_a_telephone_which_codes_are_open(office: Office) -> None:
    def urls() -> list[str]:
        return [order["url"] for order in json.loads(office.people("GET", "/sandbox/state").body)["open_orders"]]

    assert urls() == []
    first = office.order(someone(Situation.RENEWAL_DUE), FEE, 2000)
    office.clock.forward(seconds=1)
    second = office.order(someone(Situation.RENEWAL_DUE), FEE, 2000, key="another")
    assert urls() == [second["url"], first["url"]]
    _ = office.pay(second)
    assert second["url"] not in urls()
    office.clock.forward(minutes=6)
    assert urls() == []


def test_a_code_runs_out(office: Office) -> None:
    order = office.order(someone(Situation.RENEWAL_DUE), FEE, 2000)
    office.clock.forward(minutes=6)
    assert "已过期" in office.pay(order).body.decode()
    assert office.send("GET", f"/v1/orders/{order['number']}")[1]["state"] == "expired"


def test_a_payer_may_say_no_and_then_yes(office: Office) -> None:
    order = office.order(someone(Situation.RENEWAL_DUE), FEE, 2000)
    assert "暂不支付" in office.pay(order, "decline").body.decode()
    assert office.send("GET", f"/v1/orders/{order['number']}")[1]["state"] == "open"
    assert "缴费成功" in office.pay(order).body.decode()


def test_money_that_comes_after_closing_goes_back(office: Office) -> None:
    order = office.order(someone(Situation.RENEWAL_DUE), FEE, 2000)
    office.fault("payment", "slow", 3, delay=8)
    assert "处理中" in office.pay(order).body.decode()
    office.clock.forward(seconds=4)
    assert office.post(f"/v1/orders/{order['number']}/close", {"reason": "left"})["state"] == "closed"
    office.clock.forward(seconds=10)
    assert office.send("GET", f"/v1/orders/{order['number']}")[1]["state"] == "refunded"
    assert money(office) == (2000, 2000)


def ask_back(office: Office, order: dict[str, Any]) -> Any:
    return office.file("refund", {"order": order["number"], "because": "CASE/application/1"})


def test_a_refund_agency_that_is_down_is_asked_again(office: Office) -> None:
    order = office.order(someone(Situation.RENEWAL_DUE), FEE, 2000)
    _ = office.pay(order)
    office.fault("refund", "down", 30)
    assert ask_back(office, order)["status"] == "accepted"
    assert money(office) == (2000, 0)
    office.clock.forward(seconds=31)
    office.headquarters.look_at_the_clock()
    assert ask_back(office, order)["extras"]["state"] == "refunded"
    assert money(office) == (2000, 2000)


def test_a_refund_asked_as_a_report_counts_once(office: Office) -> None:
    order = office.order(someone(Situation.RENEWAL_DUE), FEE, 2000)
    _ = office.pay(order)
    report = {
        "effect_key": "CASE/application/1",
        "effect_kind": "refund",
        "state": "requested",
        "evidence": {"order": order["number"]},
    }
    assert office.file("effect-report", report)["status"] == "accepted"
    assert ask_back(office, order)["status"] == "accepted"
    assert money(office) == (2000, 2000)


def test_money_under_way_when_it_is_asked_back_comes_back(office: Office) -> None:
    order = office.order(someone(Situation.RENEWAL_DUE), FEE, 2000)
    office.fault("payment", "slow", 2, delay=6)
    _ = office.pay(order)
    office.clock.forward(seconds=3)
    assert ask_back(office, order)["extras"]["state"] == "closed"
    office.clock.forward(seconds=10)
    office.headquarters.look_at_the_clock()
    assert money(office) == (2000, 2000)


def test_a_fee_that_was_used_is_not_given_back(office: Office) -> None:
    person = someone(Situation.RENEWAL_DUE)
    order = office.order(person, FEE, 2000)
    _ = office.pay(order)
    assert office.file("card-application", office.application(person, "renewal", order))["status"] == "accepted"
    assert ask_back(office, order)["status"] == "refused"
    assert money(office) == (2000, 0)


def test_a_fee_given_back_pays_for_nothing(office: Office) -> None:
    person = someone(Situation.RENEWAL_DUE)
    order = office.order(person, FEE, 2000)
    _ = office.pay(order)
    _ = ask_back(office, order)
    reply = office.file("card-application", office.application(person, "renewal", order))
    assert reply["refusal"]["code"] == "E-PAY-01"


def test_a_payment_provider_that_is_down_closes_nothing(office: Office) -> None:
    order = office.order(someone(Situation.RENEWAL_DUE), FEE, 2000)
    office.fault("payment", "down", 30)
    assert office.send("POST", f"/v1/orders/{order['number']}/close", {"reason": "left"})[0] == 503
    assert office.pay(order).status == 503
    office.clock.forward(seconds=31)
    assert office.send("GET", f"/v1/orders/{order['number']}")[1]["state"] == "open"


def test_no_fee_is_taken_while_an_application_is_open(office: Office) -> None:
    person = someone(Situation.RENEWAL_DUE)
    order = office.order(person, FEE, 2000)
    _ = office.pay(order)
    assert office.file("card-application", office.application(person, "renewal", order))["status"] == "accepted"
    status, problem = office.send("POST", "/v1/orders", office.order_request(person, FEE, 2000))
    assert (status, problem["code"]) == (409, "not-due")
    assert money(office) == (2000, 0)


def test_a_bill_paid_by_an_earlier_code_is_not_charged_again(office: Office) -> None:
    person = someone(Situation.RENEWAL_DUE)
    first = office.order(person, FEE, 2000)
    second = office.order(person, FEE, 2000)
    _ = office.pay(first)
    _ = office.pay(second)
    third = office.order(person, FEE, 2000)
    assert third["number"] == first["number"] and third["state"] == "captured"
    taken, back = money(office)
    assert taken - back == 2000


def money(office: Office) -> tuple[int, int]:
    payments = office.ledger()["payments"]
    return sum(p["taken_fen"] for p in payments), sum(p["refunded_fen"] for p in payments)


DEEDS = ("order", "pay-first", "pay-last", "close-first", "close-last", "slow", "well", "wait", "long", "file")
STEPS = st.lists(st.sampled_from(("order", *DEEDS)), max_size=14)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=["order", "pay-first", "file", "order", "pay-last"])
def test_money_is_never_doubled(filled: Filled, steps: list[str]) -> None:
    with TemporaryDirectory() as folder:
        office = filled.office(Path(folder) / "c")
        person = someone(Situation.RENEWAL_DUE)
        orders: list[dict[str, Any]] = []
        for step in steps:
            match step:
                case "order":
                    status, reply = office.send("POST", "/v1/orders", office.order_request(person, FEE, 2000))
                    if status == 200:
                        orders.append(reply)
                case "pay-first" | "pay-last" if orders:
                    _ = office.pay(orders[0 if step == "pay-first" else -1])
                case "close-first" | "close-last" if orders:
                    number = orders[0 if step == "close-first" else -1]["number"]
                    _ = office.send("POST", f"/v1/orders/{number}/close", {"reason": "left"})
                case "slow":
                    office.fault("payment", "slow", 5, delay=9)
                case "well":
                    office.fault("payment", None)
                case "wait":
                    office.clock.forward(seconds=7)
                case "long":
                    office.clock.forward(minutes=6)
                case "file" if orders:
                    _ = office.file("card-application", office.application(person, "renewal", orders[-1]))
                case _:
                    pass
        office.fault("payment", None)
        office.clock.forward(minutes=10)
        office.headquarters.look_at_the_clock()
        office.clock.forward(minutes=10)
        office.headquarters.look_at_the_clock()
        books = office.ledger()
        kept = [p for p in books["payments"] if p["taken_fen"] > p["refunded_fen"]]
        assert len(kept) <= 1
        assert all(p["state"] == "captured" for p in kept)
        assert all(p["taken_fen"] == 0 for p in books["payments"] if p["state"] in ("closed", "expired", "open"))
        office.close()


# -- grants ------------------------------------------------------------------------------------------------------


def test_a_grant_is_signed_over_what_it_says(office: Office) -> None:
    grant = Grant.model_validate(office.post("/v1/grants", office.grant_request(card_of(office))))
    key = Ed25519PublicKey.from_public_bytes(office.headquarters.signer.public_raw)
    key.verify(bytes.fromhex(grant.signature), grant.signed_text())
    assert grant.terminal == TERMINAL and grant.expires > office.clock.now()


def test_one_live_grant_for_each_item(office: Office) -> None:
    card = card_of(office)
    request = office.grant_request(card)
    first = office.post("/v1/grants", request)
    assert office.post("/v1/grants", request) == first
    status, problem = office.send("POST", "/v1/grants", {**request, "digest": "other"})
    assert (status, problem["code"]) == (409, "digest")
    status, problem = office.send("POST", "/v1/grants", office.grant_request(card))
    assert (status, problem["code"]) == (409, "live-grant")


def test_a_grant_that_ran_out_makes_room_for_another(office: Office) -> None:
    card = card_of(office)
    _ = office.post("/v1/grants", office.grant_request(card))
    office.clock.forward(minutes=4)
    assert office.post("/v1/grants", office.grant_request(card))["item"] == card["item"]


def test_a_replay_is_refused(office: Office) -> None:
    grant = office.post("/v1/grants", office.grant_request(card_of(office)))
    status, problem = office.use(grant, "taken", nonce="00" * 16)
    assert (status, problem["code"]) == (409, "nonce")
    assert office.use(grant, "taken")[0] == 204
    assert office.use(grant, "taken")[0] == 204
    status, problem = office.use(grant, "not-opened")
    assert (status, problem["code"]) == (409, "settled")
    assert office.place(grant["item"]) == "citizen"


def test_what_is_gone_is_not_granted_again(office: Office) -> None:
    card = card_of(office)
    assert office.use(office.post("/v1/grants", office.grant_request(card)), "taken")[0] == 204
    status, problem = office.send("POST", "/v1/grants", office.grant_request(card))
    assert (status, problem["code"]) == (409, "gone")


def test_doubt_closes_the_item_until_it_is_settled(office: Office) -> None:
    card = card_of(office)
    grant = office.post("/v1/grants", office.grant_request(card))
    assert office.use(grant, "hand-over-in-doubt")[0] == 204
    assert office.place(card["item"]) == "in-doubt"
    status, problem = office.send("POST", "/v1/grants", office.grant_request(card))
    assert (status, problem["code"]) == (409, "in-doubt")
    assert card_of(office)["code"] == "E-HUM-01"
    assert office.use(grant, "not-opened")[0] == 204
    assert office.place(card["item"]) == f"cabinet:{TERMINAL}:1:{card['compartment']}"


def reported(office: Office, key: str, kind: str, state: str, **evidence: str) -> Any:
    payload = {"effect_key": key, "effect_kind": kind, "state": state, "evidence": evidence}
    return office.file("effect-report", payload, f"{key}/report/{state}")


@pytest.mark.parametrize(
    ("state", "door", "place"),
    [
        ("done", "closed", "citizen"),
        ("done", "open", "in-doubt"),
        ("in_doubt", "unknown", "in-doubt"),
        ("failed", "closed", "cabinet"),
    ],
)
def test_a_report_of_a_hand_over_moves_the_card(office: Office, state: str, door: str, place: str) -> None:
    card = card_of(office)
    request = office.grant_request(card)
    _ = office.post("/v1/grants", request)
    assert reported(office, request["key"], "hand-over", state, door=door)["status"] == "accepted"
    assert office.place(card["item"]).split(":")[0] == place
    if place == "cabinet":
        assert office.post("/v1/grants", office.grant_request(card))["item"] == card["item"]
    else:
        assert office.file("card-collected", collected(office, card))["status"] == "accepted"
        assert office.place(card["item"]) == "citizen"


@pytest.mark.parametrize(
    ("state", "place"), [("done", f"custody:{TERMINAL}:1:24"), ("in_doubt", "in-doubt"), ("failed", "")]
)
def test_a_report_of_taking_in_moves_the_old_card(office: Office, state: str, place: str) -> None:
    request = office.custody_request(someone(Situation.CARD_FINISHED_RENEWAL))
    custody = office.post("/v1/custody-places", request)["custody"]
    _ = reported(office, request["key"], "take-in", state)
    assert [d["place"] for d in office.documents() if d["id"] == custody] == ([place] if place else [])


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        ("done", {"old_card": "held"}),
        ("failed", {"old_card": "due"}),
        ("in_doubt", {"code": "E-HUM-01", "tag": "refusal"}),
    ],
)
def test_who_comes_back_is_not_asked_twice_for_the_old_card(
    office: Office, state: str, answer: dict[str, str]
) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    request = office.custody_request(person)
    custody = office.post("/v1/custody-places", request)["custody"]
    _ = reported(office, request["key"], "take-in", state, custody=custody)
    found = office.look_up("card-to-collect", person)
    assert {name: found.get(name) for name in answer} == answer


def test_a_report_that_contradicts_the_books_is_kept_and_moves_nothing(office: Office) -> None:
    card = card_of(office)
    request = office.grant_request(card)
    _ = office.post("/v1/grants", request)
    _ = reported(office, request["key"], "hand-over", "done", door="closed")
    assert reported(office, request["key"], "hand-over", "failed")["status"] == "accepted"
    assert office.place(card["item"]) == "citizen"


def test_a_report_of_a_print_moves_nothing(office: Office) -> None:
    before = office.documents()
    assert reported(office, "CASE/slip/1", "print", "in_doubt", paper="custody-slip")["status"] == "accepted"
    assert office.documents() == before


def test_a_place_no_terminal_knows_of_is_free_after_an_hour(office: Office) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    kept = office.post("/v1/custody-places", office.custody_request(person))
    lost = office.post("/v1/custody-places", office.custody_request(person))
    _ = office.post("/v1/heartbeats", beat(office, custody=[kept["custody"]]))
    office.clock.forward(hours=2)
    _ = office.post("/v1/heartbeats", beat(office, custody=[kept["custody"]], outbox_waiting=1))
    third = office.post("/v1/custody-places", office.custody_request(person))
    assert third["grant"]["compartment"] not in (kept["grant"]["compartment"], lost["grant"]["compartment"])
    _ = office.post("/v1/heartbeats", beat(office, custody=[kept["custody"]]))
    fourth = office.post("/v1/custody-places", office.custody_request(person))
    assert fourth["grant"]["compartment"] == lost["grant"]["compartment"]
    assert office.use(lost["grant"], "taken-in")[0] == 204
    assert office.place(lost["custody"]) == "in-doubt"
    assert office.use(fourth["grant"], "taken-in")[0] == 204
    assert_documents_add_up(office)


def test_another_compartment_or_item_is_not_granted(office: Office) -> None:
    card = card_of(office)
    wrong = office.grant_request({**card, "compartment": card["compartment"] + 1})
    assert office.send("POST", "/v1/grants", wrong)[1]["code"] == "place"
    assert office.send("POST", "/v1/grants", office.grant_request({**card, "item": "none"}))[0] == 404


def test_a_blocked_card_is_not_granted(office: Office) -> None:
    person = someone(Situation.CARD_BLOCKED)
    assert person.new_card is not None
    record = person.new_card.record
    card = {"item": record.item, "board": record.board, "compartment": record.compartment}
    assert office.send("POST", "/v1/grants", office.grant_request(card))[1]["code"] == "blocked"


def test_collected_closes_the_case(office: Office) -> None:
    card = card_of(office)
    grant = office.post("/v1/grants", office.grant_request(card))
    reply = office.file("card-collected", collected(office, card, grant=grant["grant"]))
    assert reply["number"] == card["case_number"]
    assert office.place(card["item"]) == "citizen"
    (case,) = [c for c in office.ledger()["cases"] if c["number"] == card["case_number"]]
    assert (case["state"], case["certainty"]) == ("collected", "sensed")
    assert card_of(office)["code"] == "E-COL-01"
    assert office.use(grant, "taken")[0] == 204


def test_nothing_is_collected_without_a_grant(office: Office) -> None:
    card = card_of(office)
    reply = office.file("card-collected", collected(office, card))
    assert reply["status"] == "refused"
    assert office.place(card["item"]).startswith("cabinet:")


def test_an_old_card_goes_into_custody_and_back(office: Office) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    request = office.custody_request(person)
    reply = office.post("/v1/custody-places", request)
    assert office.post("/v1/custody-places", request) == reply
    custody, grant = reply["custody"], reply["grant"]
    assert grant["compartment"] == 24 and grant["item"] == custody
    assert custody not in {d["id"] for d in office.documents()}
    assert office.use(grant, "taken-in")[0] == 204
    payload = {"number": person.number, "custody": custody, "board": 1, "compartment": 24}
    assert office.file("old-card-taken-in", payload)["number"] == custody
    assert office.place(custody) == f"custody:{TERMINAL}:1:24"
    back = office.post("/v1/grants", office.grant_request({"item": custody, "board": 1, "compartment": 24}))
    assert office.use(back, "taken")[0] == 204
    assert office.place(custody) == "citizen"


def test_a_place_that_was_not_used_is_free_again(office: Office) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    first = office.post("/v1/custody-places", office.custody_request(person))
    second = office.post("/v1/custody-places", office.custody_request(person))
    assert first["grant"]["compartment"] != second["grant"]["compartment"]
    assert office.use(first["grant"], "given-back")[0] == 204
    third = office.post("/v1/custody-places", office.custody_request(person))
    assert third["grant"]["compartment"] == first["grant"]["compartment"]


def test_a_full_cabinet_takes_nothing_in(office: Office) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    while True:
        status, reply = office.send("POST", "/v1/custody-places", office.custody_request(person))
        if status != 200:
            break
    assert (status, reply["code"]) == (409, "no-place")
    assert_documents_add_up(office)


def assert_documents_add_up(office: Office) -> None:
    documents = office.documents()
    assert max(Counter(d["id"] for d in documents).values()) == 1
    held = [d["place"] for d in documents if d["place"].startswith(("cabinet:", "custody:"))]
    assert len(held) == len(set(held))
    assert all(d["place"].split(":")[0] in PLACES for d in documents)


PLACES = {"cabinet", "custody", "citizen", "in-doubt", "depot", "production"}

Message = tuple[str, str, dict[str, Any]]


def visit(office: Office) -> list[Message]:
    """Everything one renewal visit sends after its grants, ready to be repeated and mixed up."""
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    card = card_of(office)
    place = office.post("/v1/custody-places", office.custody_request(person))
    grant = office.post("/v1/grants", office.grant_request(card))
    use: dict[str, Any] = {"nonce": grant["nonce"], "outcome": "taken", "evidence": {}}
    take: dict[str, Any] = {"nonce": place["grant"]["nonce"], "outcome": "taken-in", "evidence": {}}
    taken_in = {
        "number": person.number,
        "custody": place["custody"],
        "board": 1,
        "compartment": place["grant"]["compartment"],
    }
    return [
        ("POST", f"/v1/grants/{place['grant']['grant']}/use", take),
        ("POST", "/v1/filings", office.filing("old-card-taken-in", taken_in)),
        ("POST", f"/v1/grants/{grant['grant']}/use", use),
        ("POST", "/v1/filings", office.filing("card-collected", collected(office, card))),
    ]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, 3), min_size=4, max_size=12))
def test_duplicates_and_another_order_change_nothing(filled: Filled, order: list[int]) -> None:
    with TemporaryDirectory() as folder:
        office = filled.office(Path(folder) / "c")
        messages = visit(office)
        for index in [*order, 0, 1, 2, 3]:
            status, reply = office.send(*messages[index])
            assert status in (200, 204), reply
            assert_documents_add_up(office)
        documents = {d["id"]: d["place"] for d in office.documents()}
        custody = messages[1][2]["payload"]["custody"]
        assert documents[custody] == f"custody:{TERMINAL}:1:24"
        assert documents[messages[3][2]["payload"]["item"]] == "citizen"
        office.close()


def test_the_same_message_at_the_same_time_acts_once(office: Office) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    payload = office.decided(person, office.violations(person)[0])
    filing = office.filing("violation-decided", payload)
    points = office.look_up("licence-of", person)["points"]
    start = threading.Barrier(8)
    replies: list[Any] = []

    def send() -> None:
        _ = start.wait(10)
        replies.append(office.send("POST", "/v1/filings", filing))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [status for status, _ in replies] == [200] * 8
    assert sum(not reply["duplicate"] for _, reply in replies) == 1
    assert len({reply["number"] for _, reply in replies}) == 1
    assert office.look_up("licence-of", person)["points"] == points + payload["points_told"]


def test_different_keys_at_the_same_time_get_one_grant(office: Office) -> None:
    card = card_of(office)
    requests = [office.grant_request(card) for _ in range(6)]
    start = threading.Barrier(6)
    statuses: list[int] = []

    def send(request: dict[str, Any]) -> None:
        _ = start.wait(10)
        statuses.append(office.send("POST", "/v1/grants", request)[0])

    threads = [threading.Thread(target=send, args=(r,)) for r in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(statuses) == [200] + [409] * 5


# -- ledger, fleet -----------------------------------------------------------------------------------------------


def test_the_ledger_of_a_case_names_every_effect(office: Office) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    card = card_of(office)
    case = "CASE77777"
    _ = office.post("/v1/custody-places", office.custody_request(person, f"{case}/old-card/1"))
    _ = office.post("/v1/grants", office.grant_request(card, f"{case}/new-card/1"))
    _ = office.order(someone(Situation.RENEWAL_DUE), FEE, 2000, f"{case}/pay/1")
    _ = office.file("help-call", {"page": "take"}, f"{case}/help/1")
    entries = office.post("/v1/ledger-checks", {"case": case})["entries"]
    assert {(e["key"].split("/")[1], e["kind"], e["state"]) for e in entries} == {
        ("old-card", "custody", "granted"),
        ("new-card", "grant", "granted"),
        ("pay", "order", "open"),
        ("help", "filing", "accepted"),
    }
    assert office.post("/v1/ledger-checks", {"case": "other"})["entries"] == []


def test_the_ledger_holds_nothing_personal(office: Office) -> None:
    for message in visit(office):
        _ = office.send(*message)
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    text = json.dumps(office.ledger(), ensure_ascii=False)
    assert person.number not in text and person.card.name not in text and person.phone not in text


def beat(office: Office, **more: Any) -> dict[str, Any]:
    return {
        "at": office.clock.now().isoformat(),
        "version": "1",
        "settings_version": "1",
        "devices": [],
        "services_open": ["HZ02"],
        "outbox_waiting": 0,
        "audit_rows": 5,
        "audit_head": "h",
        **more,
    }


def test_a_heartbeat_is_answered_with_the_time_and_the_site(office: Office) -> None:
    reply = office.post("/v1/heartbeats", beat(office))
    assert reply["terminal"] == TERMINAL and reply["at"].startswith("2026-11-22T10:00:00")
    assert reply["duty_telephone"]
    assert reply["seal_for"] == office.headquarters.unsealing.seal_for


def test_a_technician_who_has_a_machine_for_a_quarter_of_an_hour_is_an_alarm_once(office: Office) -> None:
    def alarms(minutes: int) -> int:
        since = office.clock.now() - timedelta(minutes=minutes)
        _ = office.post("/v1/heartbeats", beat(office, maintenance_since=since.isoformat()))
        raised = office.headquarters.by_a_person(lambda desk: list(desk.db.scalars(select(Alarm.code))))
        return raised.count("maintenance-long")

    assert [alarms(14), alarms(15), alarms(16)] == [0, 1, 1]


def test_an_audit_chain_neither_forks_nor_has_gaps(office: Office) -> None:
    def row(number: int, hash_: str = "") -> dict[str, Any]:
        return {"row": number, "text": "{}", "hash": hash_ or f"h{number}"}

    assert office.post("/v1/audit", {"rows": [row(1), row(2)]})["row"] == 2
    assert office.post("/v1/audit", {"rows": [row(2), row(3)]})["row"] == 3
    assert office.send("POST", "/v1/audit", {"rows": [row(2, "x")]})[1]["code"] == "audit-fork"
    assert office.send("POST", "/v1/audit", {"rows": [row(5)]})[1]["code"] == "audit-gap"


def test_an_unknown_terminal_is_nobody(office: Office) -> None:
    assert office.send("POST", "/v1/lookups", {}, terminal="KDL-999")[0] == 403


def test_two_runs_write_the_same_books(filled: Filled, tmp_path: Path) -> None:
    dumps: list[str] = []
    for run in ("a", "b"):
        office = filled.office(tmp_path / run)
        for message in visit(office):
            _ = office.send(*message)
        _ = office.pay(office.order(someone(Situation.RENEWAL_DUE), FEE, 2000))
        with sqlite3.connect(tmp_path / run / "central.sqlite3") as database:
            dumps.append("\n".join(database.iterdump()))
        office.close()
    assert digest(dumps[0]) == digest(dumps[1])
