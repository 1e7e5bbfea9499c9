"""What Prometheus reads: true figures, nothing of anybody, and rules and a board that ask only for what there is."""

from __future__ import annotations

import importlib
import json
import re
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from prometheus_client import generate_latest

from central import cli
from central.api.applications import terminals
from central.api.metrics import Figures, inside_url, listen_inside, watch_books
from central.database import transaction
from central.fleet.authority import Authority, Pair
from central.fleet.roll import Enrolled
from central.model import PaymentOrder
from kiosk.people.synthetic import Situation
from kiosk.protocol.messages import OrderState
from tests.central.office import PEOPLE, TERMINAL, Office
from tests.central.test_api import ask

NO_PAIR = Pair(Path("none"), Path("none"))
DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NAMES = re.compile(r"\bheadquarters_\w+")


def exposed(figures: Figures) -> dict[str, float]:
    """Sample by its whole name with labels."""
    lines = generate_latest(figures.registry).decode().splitlines()
    return {name: float(value) for name, value in (x.rsplit(" ", 1) for x in lines if not x.startswith("#"))}


def beat(office: Office, waiting: int) -> dict[str, Any]:
    return {
        "at": office.clock.now().isoformat(),
        "version": "0",
        "settings_version": "1",
        "devices": [],
        "services_open": [],
        "outbox_waiting": waiting,
        "audit_rows": 0,
        "audit_head": "",
    }


def watched(office: Office) -> Figures:
    figures = Figures()
    watch_books(figures.registry, office.headquarters.engine, office.clock, len(office.headquarters.tables.terminals))
    return figures


def test_terminals_are_heard_silent_or_were_never_heard_and_their_backlog_is_told(office: Office) -> None:
    figures = watched(office)
    everybody = len(office.headquarters.tables.terminals)
    assert exposed(figures)['headquarters_terminals{state="never-heard"}'] == everybody
    office.clock.forward(seconds=31)
    _ = office.post("/v1/heartbeats", beat(office, 7))
    told = exposed(figures)
    assert told['headquarters_terminals{state="heard"}'] == 1
    assert told["headquarters_outbox_waiting"] == told["headquarters_outbox_longest"] == 7
    office.clock.forward(seconds=61)
    office.headquarters.tick()
    told = exposed(figures)
    assert (told['headquarters_terminals{state="heard"}'], told['headquarters_terminals{state="silent"}']) == (0, 1)
    assert told['headquarters_incidents{level="0"}'] == 1


def test_money_without_an_explanation_is_counted(office: Office) -> None:
    figures = watched(office)
    assert exposed(figures)["headquarters_payments_unexplained"] == 0
    person = PEOPLE.find(Situation.RENEWAL_DUE)
    order = office.post("/v1/orders", office.order_request(person, "fee:id-card-renewal:2004-01-01", 2000))
    with transaction(office.headquarters.engine) as db:
        row = db.get(PaymentOrder, order["number"])
        assert row is not None
        row.state, row.captured_at = OrderState.CAPTURED, office.clock.now() - timedelta(days=1)
    office.clock.forward(seconds=31)
    assert exposed(figures)["headquarters_payments_unexplained"] == 1


def test_requests_are_counted_by_route_never_by_what_stands_in_a_path(office: Office) -> None:
    figures = Figures()
    person = PEOPLE.find(Situation.RENEWAL_DUE)
    listener = terminals(
        office.headquarters, office.clock, lambda peer: Enrolled(peer.name, "", b""), figures=figures
    )
    assert ask(listener, "GET", f"/v1/orders/{person.number}")[0] == 404
    assert ask(listener, "GET", f"/{person.number}")[0] == 404
    told = exposed(figures)
    name = 'headquarters_requests_total{listener="terminals",method="GET",route="%s",status="404"}'
    assert told[name % "/v1/orders/{number}"] == told[name % "other"] == 1
    assert person.number not in generate_latest(figures.registry).decode()


def test_without_a_database_that_alone_is_told(office: Office) -> None:
    figures = watched(office)
    with transaction(office.headquarters.engine) as db:
        _ = db.connection().exec_driver_sql("DROP TABLE terminal")
    told = exposed(figures)
    assert told["headquarters_database_up"] == 0
    assert not any(name.startswith("headquarters_terminals") for name in told)


def test_the_inner_listener_answers_and_ends() -> None:
    server = listen_inside("127.0.0.1", 0, Figures().registry, NO_PAIR)
    try:
        with urlopen(f"http://127.0.0.1:{server.server_port}/metrics", timeout=10) as reply:
            assert b"headquarters_requests" in reply.read()
    finally:
        server.shutdown()
        server.server_close()


def test_off_this_machine_it_answers_with_tls_only(tmp_path: Path) -> None:
    pair = Pair(tmp_path / "cert.pem", tmp_path / "key.pem")
    authority = Authority(tmp_path / "authority", datetime.now(UTC))
    authority.server(pair, ("localhost", "127.0.0.1"))
    server = listen_inside("0.0.0.0", 0, Figures().registry, pair)
    try:
        assert inside_url("0.0.0.0", server).startswith("https://")
        context = ssl.create_default_context(cafile=str(authority.pair.certificate))
        with urlopen(f"https://127.0.0.1:{server.server_port}/metrics", timeout=10, context=context) as reply:
            assert b"headquarters_requests" in reply.read()
    finally:
        server.shutdown()
        server.server_close()


def test_nobody_else_is_given_figures(office: Office) -> None:
    assert (
        office.people("GET", "/metrics").status == office.headquarters.answer(TERMINAL, "GET", "/metrics", b"").status
    )
    assert office.people("GET", "/metrics").status == 404


def test_ready_is_who_has_the_schema_it_knows(office: Office) -> None:
    assert office.people("GET", "/readyz").status == 200
    with transaction(office.headquarters.engine) as db:
        _ = db.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    answer = office.people("GET", "/readyz")
    assert (answer.status, json.loads(answer.body)["code"]) == (503, "migrations")


def asked_for() -> list[tuple[str, str]]:
    """Every expression of rules and board, with where it stands."""
    rules: Any = importlib.import_module("yaml").safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
    board: Any = json.loads((DEPLOY / "grafana" / "headquarters.json").read_text())
    alerts = [(rule["alert"], rule["expr"]) for group in rules["groups"] for rule in group["rules"]]
    return alerts + [(panel["title"], target["expr"]) for panel in board["panels"] for target in panel["targets"]]


def test_rules_and_board_ask_only_for_what_there_is(office: Office) -> None:
    figures = watched(office)
    figures.answered("people", "GET", "/healthz", 200, 0.01)
    _ = office.post("/v1/heartbeats", beat(office, 0))
    there = {name.split("{")[0] for name in exposed(figures)} | {"headquarters_incidents"}
    asked = {name for _, expression in asked_for() for name in NAMES.findall(expression)}
    assert asked <= there
    assert there - asked - {name for name in there if name.endswith(("_created", "_sum", "_count"))} == set()


def test_every_rule_says_how_loud_it_is_and_what_it_means() -> None:
    rules: Any = importlib.import_module("yaml").safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
    for rule in rules["groups"][0]["rules"]:
        assert rule["labels"]["severity"] in ("page", "ticket") and rule["annotations"]["summary"] and "for" in rule


def test_a_taken_inner_port_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server = listen_inside("127.0.0.1", 0, Figures().registry, NO_PAIR)
    try:
        words = ["serve", "--port", "0", "--state", str(tmp_path), "--metrics", str(server.server_port)]
        assert cli.main(words) == 2
        assert "cannot listen inside" in capsys.readouterr().err
    finally:
        server.shutdown()
        server.server_close()
