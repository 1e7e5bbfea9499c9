"""The typed client: answers become values, everything else becomes one of two errors."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.backend.direct import DirectExchange, Weather
from kiosk.backend.exchange import Arrival, Cause, Rejected, Unreachable
from kiosk.backend.headquarters import Headquarters
from kiosk.people.records import FinishedCard, Ground, Refusal, RefusalCode
from kiosk.protocol.messages import (
    AuditBatch,
    CloseOrder,
    CloseReason,
    CustodyRequest,
    FaceRequest,
    Grant,
    GrantRequest,
    GrantUse,
    LedgerCheck,
    OrderRequest,
    OrderState,
)
from tests.backend.world import NOON, LoopClock, run_virtually

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORDER = {
    "number": "o1",
    "bill": "fee-1",
    "state": "captured",
    "fen": 2000,
    "url": "https://127.0.0.1/pay/1",
    "expires": "2026-11-22T12:10:00Z",
}
GRANT_REQUEST = GrantRequest(key="k", digest="d", case="c1", item="i1", board=1, compartment=3, nonce="n1")


def signed(**changes: Any) -> dict[str, Any]:
    grant = Grant(
        grant="g1",
        case="c1",
        item="i1",
        terminal="t1",
        board=1,
        compartment=3,
        nonce="n1",
        expires=NOON + timedelta(minutes=2),
        signature="",
    ).model_copy(update=changes)
    return json.loads(grant.model_copy(update={"signature": KEY.sign(grant.signed_text()).hex()}).model_dump_json())


class Desk:
    """Headquarters with one prepared answer; remembers what was asked."""

    def __init__(self, status: int, answer: Any) -> None:
        self.status = status
        self.answer = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.asked: list[tuple[str, str, str, bytes]] = []

    def handle(self, terminal: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        self.asked.append((terminal, method, path, body))
        return self.status, self.answer


def call(desk: Desk, what: Callable[[Headquarters], Awaitable[Any]], weather: Weather = Weather.FAIR) -> Any:
    async def main() -> Any:
        clock = LoopClock()
        exchange = DirectExchange(desk.handle, "t1", clock, lambda _method, _path: weather)
        return await what(Headquarters(exchange, terminal="t1", grant_key=KEY.public_key(), clock=clock))

    return run_virtually(main())


def lookup(headquarters: Headquarters) -> Awaitable[Any]:
    arguments = {"number": {"text": "150203199001010017"}}
    return headquarters.lookup("card-to-collect", arguments, "c1", FinishedCard | Refusal)


CARD = FinishedCard("i1", "c9", 1, 3, Ground.RENEWAL, date(2026, 11, 1), None, "包头市公安局昆都仑区分局")


def test_an_answer_becomes_a_value_of_people() -> None:
    answer = {
        "item": "i1",
        "case_number": "c9",
        "board": 1,
        "compartment": 3,
        "ground": "renewal",
        "issue_date": "2026-11-01",
        "valid_to": None,
        "authority": "包头市公安局昆都仑区分局",
    }
    desk = Desk(200, {"answer": answer})
    assert call(desk, lookup) == CARD
    assert desk.asked[0][:3] == ("t1", "POST", "/v1/lookups")


def test_the_other_branch_of_an_answer_becomes_its_own_value() -> None:
    answer = {"code": "E-COL-02", "details": [["stage", "制证"]], "tag": "refusal"}
    assert call(Desk(200, {"answer": answer}), lookup) == Refusal(RefusalCode.NOT_YET_FINISHED, (("stage", "制证"),))


@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        (500, b"", Cause.SERVER_ERROR),
        (503, b"{}", Cause.SERVER_ERROR),
        (429, b'{"code": "slow", "detail": ""}', Cause.SERVER_ERROR),
        (404, b"<html>", Cause.GARBAGE),
        (302, b"", Cause.GARBAGE),
        (200, b"<html>", Cause.GARBAGE),
        (200, b"", Cause.GARBAGE),
        (200, b"[]", Cause.GARBAGE),
        (200, b'{"answer": {"item": 3}}', Cause.GARBAGE),
        (200, b'{"answer": null, "more": 1}', Cause.GARBAGE),
        (200, b"\xff\xfe", Cause.GARBAGE),
    ],
)
def test_what_is_no_answer_is_unreachable(status: int, body: bytes, cause: Cause) -> None:
    with pytest.raises(Unreachable) as caught:
        call(Desk(status, body), lookup)
    assert (caught.value.cause, caught.value.arrival) == (cause, Arrival.PERHAPS)


@given(st.binary(max_size=300))
def test_no_body_whatever_breaks_the_client(body: bytes) -> None:
    with pytest.raises(Unreachable):
        call(Desk(200, body), lookup)


def test_errors_never_quote_what_was_sent_or_read() -> None:
    answer = {"answer": {"name": "王小芳", "number": "150203199001010017"}}
    with pytest.raises(Unreachable) as caught:
        call(Desk(200, answer), lookup)
    told = f"{caught.value!r}{caught.value.__cause__!r}{caught.value.__context__!r}"
    assert "王" not in told
    assert "1502" not in told


def test_a_problem_is_rejected_with_its_code() -> None:
    with pytest.raises(Rejected) as caught:
        call(Desk(409, {"code": "digest", "detail": "another digest"}), lambda h: h.grant(GRANT_REQUEST))
    assert (caught.value.problem.code, caught.value.status) == ("digest", 409)


def test_a_line_that_is_down_promises_that_nothing_arrived() -> None:
    desk = Desk(200, {})
    with pytest.raises(Unreachable) as caught:
        call(desk, lookup, Weather.DOWN)
    assert caught.value.arrival is Arrival.SURELY_NOT
    assert desk.asked == []


@pytest.mark.parametrize(
    ("weather", "cause"),
    [
        (Weather.SILENT, Cause.TIME_OUT),
        (Weather.SERVER_ERROR, Cause.SERVER_ERROR),
        (Weather.GARBAGE, Cause.GARBAGE),
        (Weather.CUT_AFTER_REQUEST, Cause.CUT),
    ],
)
def test_bad_weather_on_the_direct_line_looks_like_on_the_real_one(weather: Weather, cause: Cause) -> None:
    with pytest.raises(Unreachable) as caught:
        call(Desk(200, {"answer": None}), lookup, weather)
    assert (caught.value.cause, caught.value.arrival) == (cause, Arrival.PERHAPS)


# -- grants ------------------------------------------------------------------------------------------------------


def test_a_grant_for_what_was_asked_is_handed_on() -> None:
    assert call(Desk(200, signed()), lambda h: h.grant(GRANT_REQUEST)).grant == "g1"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"compartment": 4}, "grant-mismatch"),
        ({"nonce": "n0"}, "grant-mismatch"),
        ({"item": "i2"}, "grant-mismatch"),
        ({"case": "c2"}, "grant-mismatch"),
        ({"terminal": "t2"}, "grant-terminal"),
        ({"expires": NOON - timedelta(seconds=1)}, "grant-expired"),
        ({"expires": (NOON + timedelta(minutes=2)).replace(tzinfo=None)}, "grant-expired"),
    ],
)
def test_a_grant_for_anything_else_is_not(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Rejected) as caught:
        call(Desk(200, signed(**changes)), lambda h: h.grant(GRANT_REQUEST))
    assert caught.value.problem.code == code


@pytest.mark.parametrize("signature", ["", "00" * 64, "no hexadecimal"])
def test_a_grant_headquarters_did_not_sign_opens_nothing(signature: str) -> None:
    with pytest.raises(Rejected) as caught:
        call(Desk(200, {**signed(), "signature": signature}), lambda h: h.grant(GRANT_REQUEST))
    assert caught.value.problem.code == "grant-signature"


def test_a_custody_place_comes_with_a_verified_grant() -> None:
    request = CustodyRequest(key="k", digest="d", case="c1", document="id-card", number="x", nonce="n1")
    reply = {"custody": "s1", "grant": signed(item="s1")}
    assert call(Desk(200, reply), lambda h: h.custody_place(request)).custody == "s1"
    with pytest.raises(Rejected):
        call(Desk(200, {"custody": "s2", "grant": signed(item="s1")}), lambda h: h.custody_place(request))


def test_the_use_of_a_grant_needs_no_body_in_return() -> None:
    desk = Desk(204, b"")
    use = GrantUse(nonce="n1", outcome="opened", evidence={"door": "open"})
    call(desk, lambda h: h.use_grant("g/1", use))
    assert desk.asked[0][2] == "/v1/grants/g%2F1/use"


# -- the other messages ------------------------------------------------------------------------------------------


def test_orders_are_made_asked_for_and_closed() -> None:
    desk = Desk(200, ORDER)
    request = OrderRequest(key="k", digest="d", case="c1", bill="fee-1", payer="p", expected_fen=2000)
    assert call(desk, lambda h: h.order(request)).state is OrderState.CAPTURED
    assert call(desk, lambda h: h.order_state("o1")).fen == 2000
    assert call(desk, lambda h: h.close_order("o1", CloseOrder(reason=CloseReason.LEFT))).number == "o1"
    assert [asked[1:3] for asked in desk.asked] == [
        ("POST", "/v1/orders"),
        ("GET", "/v1/orders/o1"),
        ("POST", "/v1/orders/o1/close"),
    ]


def test_blobs_go_up_and_come_down_by_their_digest() -> None:
    content = b"\xff\xd8 picture"
    sha256 = hashlib.sha256(content).hexdigest()
    desk = Desk(200, content)
    call(desk, lambda h: h.put_blob(sha256, content))
    assert desk.asked[0][1:] == ("PUT", f"/v1/blobs/{sha256}", content)
    assert call(desk, lambda h: h.get_blob(sha256)) == content
    with pytest.raises(Unreachable):
        call(desk, lambda h: h.get_blob("0" * 64))


def test_face_audit_and_ledger_are_asked_at_their_places() -> None:
    face = {"verdict": "same", "engine": "sandbox", "distance": 0.2, "threshold": 0.6, "sandbox": True}
    assert call(Desk(200, face), lambda h: h.compare_face(FaceRequest(case="c1", number="x", live=""))).sandbox
    assert call(Desk(200, {"row": 7}), lambda h: h.push_audit(AuditBatch(rows=()))).row == 7
    entries = [{"key": "k", "kind": "filing", "state": "accepted", "number": "9"}]
    ledger = call(Desk(200, {"entries": entries}), lambda h: h.ledger(LedgerCheck(case="c1")))
    assert ledger.entries[0].number == "9"


def test_virtual_time_passes_for_a_silent_line() -> None:
    async def main() -> float:
        clock = LoopClock()
        desk = Desk(200, {})
        exchange = DirectExchange(desk.handle, "t1", clock, lambda _method, _path: Weather.SILENT)
        with pytest.raises(Unreachable):
            await exchange.exchange("GET", "/", b"", content_type="", seconds=7.0)
        return asyncio.get_running_loop().time()

    assert run_virtually(main()) == pytest.approx(7.0)
