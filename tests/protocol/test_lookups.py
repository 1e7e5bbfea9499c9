"""The table of lookups is the flows' queries, name by name and type by type; nothing unknown is accepted."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from kiosk.flows import queries
from kiosk.people.id_number import IdNumber
from kiosk.people.records import MayApply, Refusal, RefusalCode
from kiosk.protocol.filings import PAYLOADS
from kiosk.protocol.lookups import LOOKUPS
from kiosk.protocol.messages import Grant, Problem

QUERIES: dict[str, type[queries.Query[Any]]] = {
    query.name: query
    for query in vars(queries).values()
    if isinstance(query, type) and issubclass(query, queries.Query) and query is not queries.Query
}


def test_every_query_has_its_lookup() -> None:
    assert set(LOOKUPS) == set(QUERIES)


@pytest.mark.parametrize("name", sorted(LOOKUPS))
def test_arguments_and_answer_are_the_querys(name: str) -> None:
    query, lookup = QUERIES[name], LOOKUPS[name]
    assert lookup.answer == query.answer
    hints = typing.get_type_hints(query)
    expected = {field.name: hints[field.name] for field in dataclasses.fields(query)}
    assert {key: field.annotation for key, field in lookup.arguments.model_fields.items()} == expected


def test_a_refusal_travels_as_itself() -> None:
    adapter: TypeAdapter[MayApply | Refusal] = TypeAdapter(LOOKUPS["may-apply-for-card"].answer)
    refusal = Refusal(RefusalCode.TOO_EARLY, (("date", "2027-01-01"),))
    assert adapter.validate_json(adapter.dump_json(refusal)) == refusal


def test_arguments_carry_a_number() -> None:
    lookup = LOOKUPS["who-is"]
    assert dict(lookup.arguments.model_validate({"number": {"text": "x"}})) == {"number": IdNumber("x")}
    with pytest.raises(ValidationError):
        lookup.arguments.model_validate({"number": {"text": "x"}, "more": 1})


@pytest.mark.parametrize("message", [Grant, *PAYLOADS.values()])
def test_a_message_refuses_what_it_does_not_know(message: typing.Any) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        message.model_validate({"unknown-field": 1})


def test_a_problem_passes_over_members_it_does_not_know() -> None:
    """RFC 9457 section 3.2: clients must ignore extensions that they do not recognise."""
    told = {"code": "busy", "detail": "", "type": "about:blank", "status": 503, "balance": 30}
    assert Problem.model_validate(told).code == "busy"
