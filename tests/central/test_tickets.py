"""The help desk at headquarters: a call rings, is answered, goes up when nobody does, and says nothing of anybody."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from central.console.help_pages import ready_answers
from central.desks import tickets, unresolved
from central.model_help import Ticket, TicketState, Unresolved
from central.model_watch import Event
from central.problems import Declined
from tests.central.office import Office


def called(office: Office) -> tuple[str, str]:
    """Somebody pressed help: the filing's key and the ticket's number."""
    key = office.fresh()
    payload = {"page": "PayPage", "service": "HZ01", "language": "en"}
    return key, office.file("help-call", payload, key=key)["number"]


def answer(office: Office, key: str) -> dict[str, Any]:
    return office.post("/v1/help", {"key": key})


def rings(office: Office) -> list[str]:
    query = select(Event.subject).where(Event.kind == "help").order_by(Event.id)
    return list(office.headquarters.by_a_person(lambda desk: desk.db.scalars(query).all()))


def test_a_call_rings_once_and_the_terminal_reads_what_is_answered(office: Office) -> None:
    key, number = called(office)
    assert answer(office, key) == {
        "number": number,
        "state": "waiting",
        "said": [],
        "more": 0,
        "spoken": [],
        "handed": "",
    }
    assert rings(office) == [number]
    by = office.headquarters.by_a_person
    by(lambda desk: tickets.say(desk, number, "wang", "  Hello,\nwhat is the matter? "))
    by(lambda desk: tickets.more_time(desk, number, "wang"))
    got = answer(office, key)
    assert (got["state"], got["said"], got["more"]) == ("answered", ["Hello, what is the matter?"], 1)
    by(lambda desk: tickets.close(desk, number, "wang"))
    assert answer(office, key)["state"] == "closed"
    with pytest.raises(Declined):
        by(lambda desk: tickets.say(desk, number, "wang", "again"))
    row = by(lambda desk: desk.db.get(Ticket, number))
    assert row is not None and (row.page, row.service, row.language) == ("PayPage", "HZ01", "en")


@pytest.mark.parametrize("text", ["", "   ", "x" * 81])
def test_an_answer_fits_its_page(office: Office, text: str) -> None:
    _, number = called(office)
    with pytest.raises(Declined):
        office.headquarters.by_a_person(lambda desk: tickets.say(desk, number, "wang", text))


def test_nobody_answers_for_a_minute_and_the_ticket_goes_up_once(office: Office) -> None:
    _, number = called(office)
    office.clock.forward(seconds=59)
    office.headquarters.look_at_the_clock()
    assert rings(office) == [number]
    for _ in range(3):
        office.clock.forward(seconds=1)
        office.headquarters.look_at_the_clock()
    assert rings(office) == [number, number]
    row = office.headquarters.by_a_person(lambda desk: desk.db.get(Ticket, number))
    assert row is not None and row.escalated_at is not None and row.state is TicketState.WAITING


def test_another_terminal_does_not_read_it(office: Office) -> None:
    key, _ = called(office)
    status, _ = office.send("POST", "/v1/help", {"key": key}, terminal="KDL-006")
    assert status == 404


def test_ready_answers_fit_and_are_there_in_both_languages() -> None:
    found = ready_answers()
    assert len(found["zh-CN"]) == len(found["en"]) >= 5
    assert all(0 < len(text) <= tickets.LONGEST_TEXT for texts in found.values() for text in texts)


def test_a_matter_goes_to_the_desk_once_with_a_number_and_comes_to_an_end(office: Office) -> None:
    key, ticket = called(office)
    by = office.headquarters.by_a_person
    number = by(lambda desk: unresolved.hand_over(desk, ticket, "wang", "the photograph is refused each time").number)
    assert by(lambda desk: unresolved.hand_over(desk, ticket, "li", "again").number) == number
    assert (answer(office, key)["handed"], answer(office, key)["state"]) == (number, "answered")
    _ = office.file("slip", {"number": number, "result": "printed"})
    slip = {"key": "s", "digest": "d", "case": "", "at": "2026-11-22T10:00:00+08:00", "kind": "slip"}
    status, _ = office.send("POST", "/v1/filings", {**slip, "payload": {"number": number, "result": "x"}}, "KDL-006")
    assert status == 422
    by(lambda desk: unresolved.take(desk, number, "li"))
    with pytest.raises(Declined):
        by(lambda desk: unresolved.settle(desk, number, "li", " "))
    by(lambda desk: unresolved.settle(desk, number, "li", "done at the window"))
    with pytest.raises(Declined):
        by(lambda desk: unresolved.take(desk, number, "wang"))
    row = by(lambda desk: desk.db.get(Unresolved, number))
    assert row is not None
    assert (row.state.value, row.assigned, row.found, row.slip) == ("settled", "li", "done at the window", "printed")
