"""What headquarters says of itself: OpenAPI, tables, schema, pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import TypeAdapter

from central.agencies import sandbox_model
from central.api.applications import openapi
from central.api.endpoints import PEOPLE, TERMINALS
from central.api.examples import EXAMPLES
from central.api.lists import LISTS
from central.console.routes import PEOPLE as PEOPLE_ROUTES
from central.database import migrate, open_database, sqlite_url
from central.model import Base
from central.routes import TERMINALS as TERMINAL_ROUTES
from central.tables import load_tables
from kiosk.people.synthetic import ViolationKind
from kiosk.protocol.filings import PAYLOADS
from kiosk.protocol.lookups import LOOKUPS
from kiosk.protocol.messages import Filing, FilingKind, LookupReply, LookupRequest


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda m: m.__name__)
def test_every_example_is_a_valid_message(message: Any) -> None:
    parsed = message.model_validate_json(json.dumps(EXAMPLES[message]))
    assert json.loads(parsed.model_dump_json()).keys() >= EXAMPLES[message].keys()


def test_the_examples_fit_their_kind() -> None:
    filing = Filing.model_validate(EXAMPLES[Filing])
    assert PAYLOADS[filing.kind].model_validate(filing.payload)
    lookup = LOOKUPS[EXAMPLES[LookupRequest]["name"]]
    assert lookup.arguments.model_validate(EXAMPLES[LookupRequest]["arguments"])
    assert TypeAdapter(lookup.answer).validate_python(EXAMPLES[LookupReply]["answer"])


def test_the_document_tells_of_every_route_with_examples() -> None:
    document = openapi()
    told = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert told == {(e.method, e.path) for e in (*TERMINALS, *PEOPLE)}
    for endpoint in (*TERMINALS, *PEOPLE):
        listing = LISTS.get(endpoint.path)
        if listing is not None:
            assert endpoint.method == "GET"
            assert {q.name for q in endpoint.query} == {*listing.filters, "limit", "cursor"}
        assert listing is not None or any(
            pattern.fullmatch(endpoint.path.replace("{", "").replace("}", ""))
            for routes in (TERMINAL_ROUTES, PEOPLE_ROUTES)
            for pattern, _ in routes.get(endpoint.method, [])
        ), endpoint.path
        operation = document["paths"][endpoint.path][endpoint.method.lower()]
        if endpoint.asks is not None:
            assert operation["requestBody"]["content"]["application/json"]["example"] == EXAMPLES[endpoint.asks]
        if endpoint.answers is not None:
            content = operation["responses"][str(endpoint.success)]["content"]
            assert content["application/json"]["example"] == EXAMPLES[endpoint.answers]


def test_every_kind_of_filing_has_a_payload() -> None:
    assert set(PAYLOADS) == set(FilingKind)


def test_the_migrations_make_the_models(tmp_path: Path) -> None:
    assert sandbox_model.SandboxPerson.__table__ is not None
    engine = open_database(sqlite_url(tmp_path / "x.sqlite3"))
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    engine.dispose()


def test_every_entry_of_law_has_its_source_and_date() -> None:
    tables = load_tables()
    for entry in (*tables.fees, *tables.behaviours.values(), *tables.texts.values()):
        assert entry.source and entry.as_of.year >= 2000
    assert set(tables.rules) >= {"adult-age", "points-limit", "simple-procedure-limit-fen", "fine-due-days"}
    assert {kind.value for kind in ViolationKind} == set(tables.behaviours)
    assert {t.site for t in tables.terminals.values()} <= set(tables.sites)
