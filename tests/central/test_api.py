"""The API as strangers meet it: what its document promises is what it answers, whatever it is asked.

Requests come from the document itself, with the caller where the TLS listener puts it, and are the same at each run.
"""

from __future__ import annotations

import ast
import asyncio
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from central import handle
from central.agencies.contract import Fault
from central.api.applications import people, terminals
from central.api.endpoints import PEOPLE, TERMINALS, Endpoint
from central.api.lists import ROOT as LISTS
from central.api.peer import PEER, Peer
from central.api.rates import BACKLOG, Buckets, Rate
from central.fleet.roll import Enrolled
from central.limits import BACKLOG_BURST
from central.lines import Lines, last_words
from central.model_console import Role
from central.problems import PROBLEM, TITLES
from kiosk.protocol.tracing import Trace
from tests.central.office import TERMINAL, Filled, Office, token_of

EXAMPLES = 6
ENDPOINTS = {endpoint.name: endpoint for endpoint in (*TERMINALS, *PEOPLE)}
_SAID: Any = importlib.import_module("schemathesis.specs.openapi.checks")
CHECKS: tuple[Any, ...] = (
    importlib.import_module("schemathesis.checks").not_a_server_error,
    _SAID.status_code_conformance,
    _SAID.content_type_conformance,
    _SAID.response_headers_conformance,
    _SAID.response_schema_conformance,
    _SAID.negative_data_rejection,
)
"""That what fits its schema is always accepted cannot be asked: whether a key was used, the books know."""


class Both:
    """The two listeners as one application: paths under /v1 come with a known terminal's certificate, lists are asked
    for with a token.
    """

    def __init__(self, office: Office) -> None:
        headquarters = office.headquarters
        self._terminals = terminals(headquarters, office.clock, lambda peer: Enrolled(peer.name, "", b""))
        self._people = people(headquarters, office.clock)
        self._token = token_of(office, *Role).encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/v1/"):
            scope["extensions"] = {**scope.get("extensions", {}), PEER: Peer(TERMINAL, "")}
            await self._terminals(scope, receive, send)
        else:
            if scope["type"] == "http" and scope["path"].startswith(LISTS):
                others = [(name, value) for name, value in scope["headers"] if name != b"authorization"]
                scope = {**scope, "headers": [*others, (b"authorization", b"Bearer " + self._token)]}
            await self._people(scope, receive, send)


@pytest.fixture(scope="module")
def standing(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = filled.office(tmp_path_factory.mktemp("api") / "central")
    yield made
    made.close()


@pytest.fixture(scope="module")
def schema(standing: Office) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", Both(standing))


@pytest.mark.parametrize("name", ENDPOINTS)
def test_whatever_is_asked_the_answer_is_one_that_the_document_names(
    name: str, schema: Any, standing: Office
) -> None:
    endpoint: Endpoint = ENDPOINTS[name]
    operation = schema[endpoint.path][endpoint.method]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(case=operation.as_strategy())
    def asked(case: Any) -> None:
        standing.clock.forward(seconds=1)  # or the rates would stop what is asked here
        case.call_and_validate(checks=CHECKS)

    asked()


def ask(
    application: Any, method: str, path: str, fields: tuple[tuple[bytes, bytes], ...] = (), query: str = ""
) -> tuple[int, dict[str, str], bytes]:
    """One request without a body."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": list(fields),
        "client": ("192.0.2.1", 1),
        "extensions": {PEER: Peer(TERMINAL, "")},
    }
    asyncio.run(application(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(m.get("body", b"") for m in sent[1:])


# -- problems -------------------------------------------------------------------------------------------------------


def test_an_error_is_problem_details(office: Office) -> None:
    answer = office.headquarters.answer(TERMINAL, "GET", "/v1/orders/none", b"")
    assert (answer.status, answer.media_type) == (404, PROBLEM)
    assert json.loads(answer.body) == {
        "type": "tag:kiosk.invalid,2026:problem:unknown",
        "title": "There is no such thing",
        "status": 404,
        "detail": "no such order",
        "code": "unknown",
    }


def test_another_method_is_405_and_says_which(office: Office) -> None:
    answer = office.headquarters.answer(TERMINAL, "DELETE", "/v1/orders/none", b"")
    assert (answer.status, dict(answer.headers)) == (405, {"allow": "GET, HEAD"})
    assert office.people("HEAD", "/healthz").status == 200


def test_every_code_has_a_title() -> None:
    """Whatever is given to `Declined` and `problem` as a literal; the four faults of agencies are put together."""
    declared = {"Declined", "problem", "_problem"}
    codes: set[str] = set()
    for file in sorted(Path(handle.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in declared:
                codes |= {a.value for a in node.args[1:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    assert len(codes) > 30
    assert codes <= set(TITLES)
    assert {f"agency-{fault.value}" for fault in Fault} <= set(TITLES)


@pytest.mark.parametrize("number", [2**63, 2**80])
def test_a_number_larger_than_the_books_hold_is_422(office: Office, number: int) -> None:
    rows = {"rows": [{"row": number, "text": "{}", "hash": "h"}]}
    status, problem = office.send("POST", "/v1/audit", rows)
    assert (status, problem["code"]) == (422, "message")


def test_a_time_without_its_zone_is_422(office: Office) -> None:
    call = {**office.filing("help-call", {"page": "attract"}), "at": "2026-11-22T10:00:00"}
    assert office.send("POST", "/v1/filings", call)[0] == 422


# -- rates ----------------------------------------------------------------------------------------------------------


def test_a_burst_passes_then_so_many_a_second() -> None:
    buckets, rate = Buckets(), Rate(3, 0.5)
    assert [buckets.wait("a", rate, 100.0) for _ in range(5)] == [0, 0, 0, 2, 2]
    assert buckets.wait("b", rate, 100.0) == 0, "one caller takes nothing from another"
    assert [buckets.wait("a", rate, 102.0) for _ in range(2)] == [0, 2]
    assert [buckets.wait("a", rate, 50.0) for _ in range(2)] == [2, 2], "a clock that goes back gives nothing away"


def test_callers_are_forgotten_and_not_gathered() -> None:
    buckets, rate = Buckets(remembered=2), Rate(1, 0.1)
    assert [buckets.wait(caller, rate, 0.0) for caller in "aabcb"] == [0, 10, 0, 0, 10]
    assert buckets.wait("a", rate, 0.0) == 0


def test_three_days_without_a_line_go_up_at_once_and_more_is_429(standing: Office) -> None:
    """... and a heartbeat never waits behind them."""
    buckets = Buckets()
    now = standing.clock.monotonic()
    assert {buckets.wait(TERMINAL, BACKLOG, now) for _ in range(BACKLOG_BURST)} == {0}
    listener = terminals(standing.headquarters, standing.clock, lambda peer: Enrolled(peer.name, "", b""), buckets)
    status, headers, body = ask(listener, "POST", "/v1/filings")
    assert (status, headers["content-type"], headers["retry-after"]) == (429, PROBLEM, "1")
    assert json.loads(body)["code"] == "rate"
    assert ask(listener, "GET", "/v1/configuration")[0] == 200
    standing.clock.forward(seconds=1)
    assert ask(listener, "POST", "/v1/filings")[0] == 422


@pytest.mark.parametrize(("method", "status", "code"), [("TRACE", 405, "method"), ("GET", 403, "certificate")])
def test_what_the_shell_itself_answers_is_problem_details_too(
    standing: Office, method: str, status: int, code: str
) -> None:
    listener = terminals(standing.headquarters, standing.clock, lambda peer: None)
    answered, headers, body = ask(listener, method, "/v1/configuration")
    assert (answered, headers["content-type"], json.loads(body)["code"]) == (status, PROBLEM, code)


# -- lines ----------------------------------------------------------------------------------------------------------


def test_a_visit_is_only_said_of_a_terminal_that_was_let_in_and_beside_its_name(
    standing: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="central")
    trace = Trace.of("01KBCD" + "0" * 20, "1")
    assert trace is not None
    stranger = terminals(standing.headquarters, standing.clock, lambda peer: None)
    known = terminals(standing.headquarters, standing.clock, lambda peer: Enrolled(peer.name, "", b""))
    everybody = people(standing.headquarters, standing.clock)
    header = trace.header.encode()
    assert ask(stranger, "GET", "/v1/orders/secret", ((b"traceparent", header),))[0] == 403
    assert ask(everybody, "GET", "/healthz", ((b"traceparent", header),))[0] == 200
    for broken in (
        header + b'","visit":"forged',
        b"\n{}\n" + header,
        header.upper(),
        b"00-" + b"9" * 60_000,
        b"\xff",
    ):
        assert ask(known, "GET", "/v1/orders/secret", ((b"traceparent", broken),))[0] == 404
    [stranger_came] = caplog.records
    assert stranger_came.name == "central.noticed" and trace.visit not in Lines().format(stranger_came)
    caplog.clear()
    assert ask(known, "GET", "/v1/orders/secret", ((b"traceparent", header),))[0] == 404
    (record,) = caplog.records
    line = Lines().format(record)
    told = json.loads(line)
    assert "secret" not in line and "\n" not in line
    assert (told["visit"], told["terminal"], told["route"]) == (trace.visit, TERMINAL, "/v1/orders/{number}")


def test_nothing_that_a_terminal_files_makes_a_line_of_its_own_or_is_told_whole(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="central")
    visit = 'V"}\n{"visit": "forged'
    item = {**office.filing("help-call", {"page": "attract"}, "V/11010519491231002X/1"), "case": visit}
    reply = office.post("/v1/batches", {"items": [item, {"key": "k" * 5000, "case": 7}]})
    assert [one["state"] for one in reply["items"]] == ["done", "declined"]
    lines = [Lines().format(record) for record in caplog.records]
    assert len(lines) == 2 and not any("\n" in line or "11010519491231002X" in line for line in lines)
    assert [json.loads(line)["outcome"] for line in lines] == ["accepted", "declined"]
    assert json.loads(lines[0])["visit"] == visit and max(map(len, lines)) < 600


def test_last_words_name_the_place_and_quote_nobody(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError("11010519491231002X")
    except ValueError as error:
        last_words(type(error), error, error.__traceback__)
    (record,) = caplog.records
    assert "11010519491231002X" not in (line := Lines().format(record)) and "unforeseen ValueError at" in line
