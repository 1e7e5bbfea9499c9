"""The exit-entry authority of the sandbox: what it keeps, what it never says, what its works make."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from central.agencies.contract import AgencyFailed
from central.agencies.exit_entry_contract import Approval, Screening
from central.desks.desk import Desk
from central.desks.travel_cases import closed_to, open_travel_case
from central.model import CardState, Document, Place
from central.model_exit_entry import TravelCase
from kiosk.people.exit_entry import (
    Destination,
    Direction,
    DocumentStanding,
    Endorsement,
    EndorsementKind,
    TravelDocumentKind,
)
from kiosk.people.id_number import IdNumber
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.synthetic import Situation, SyntheticPerson
from kiosk.people.synthetic_travel import travel_of
from tests.central.office import PEOPLE, TODAY, Office, someone

T = TypeVar("T")


def at(office: Office, act: Callable[[Desk], T]) -> T:
    return office.headquarters.by_a_person(act)


def the_pass(person: SyntheticPerson, kind: TravelDocumentKind = TravelDocumentKind.HK_MACAO_PASS) -> str:
    found = travel_of(person, TODAY, 0).of(kind)
    assert found is not None
    return found.number


def wanted(entries: int = 1) -> tuple[Endorsement, ...]:
    until = TODAY + timedelta(days=90)
    return (Endorsement(Destination.HONG_KONG, EndorsementKind.GROUP, entries, 0, 7, TODAY, until, "内蒙古"),)


def test_everybody_has_the_papers_of_their_situation(office: Office) -> None:
    def look(desk: Desk) -> None:
        authority = desk.agencies.exit_entry
        (due,) = authority.documents(someone(Situation.ENDORSEMENT_DUE).number)
        assert due.kind is TravelDocumentKind.HK_MACAO_PASS and due.electronic and due.usable_on(TODAY)
        assert not any(e.usable_on(TODAY) for e in authority.endorsements(due.number))
        left = the_pass(someone(Situation.ENDORSEMENT_LEFT))
        assert [e.left_on(TODAY) for e in authority.endorsements(left)] == [1, 0]
        assert not authority.documents(someone(Situation.PASS_NOT_ELECTRONIC).number)[0].electronic
        assert not authority.documents(someone(Situation.PASS_EXPIRED).number)[0].usable_on(TODAY)
        lost = authority.documents(someone(Situation.PASS_LOST).number)[0]
        assert lost.standing is DocumentStanding.LOST and not lost.usable_on(TODAY)
        assert authority.documents(someone(Situation.ORDINARY).number) == ()

    at(office, look)


def test_ten_years_of_crossings_are_on_file_the_newest_first(office: Office) -> None:
    traveller = someone(Situation.TRAVELLER)
    first = TODAY.replace(year=TODAY.year - 10)
    found = at(office, lambda desk: desk.agencies.exit_entry.crossings(traveller.number, first, TODAY))
    assert len({c.at.year for c in found}) >= 10 and len({c.document for c in found}) == 2
    assert [c.at for c in found] == sorted((c.at for c in found), reverse=True)
    assert sum(c.direction is Direction.EXIT for c in found) >= 18
    day = found[0].at.date()
    of_a_day = at(office, lambda desk: desk.agencies.exit_entry.crossings(traveller.number, day, day))
    assert {c.at.date() for c in of_a_day} == {day}


@pytest.mark.parametrize("situation", [Situation.REGISTERED_STAFF, Situation.NOT_TO_EXIT])
def test_staff_and_lists_are_one_sentence(office: Office, situation: Situation) -> None:
    person = someone(situation)

    def look(desk: Desk) -> Refusal | None:
        assert desk.agencies.exit_entry.screening(person.number) is Screening.BY_A_PERSON
        return closed_to(desk, IdNumber(person.number))

    refusal = at(office, look)
    assert refusal is not None and refusal.code is RefusalCode.MANUAL_REVIEW
    assert {name for name, _ in refusal.details} == {"place", "address", "telephone"}


def test_an_approval_takes_time_and_is_asked_for_once(office: Office) -> None:
    document = the_pass(someone(Situation.ENDORSEMENT_DUE))
    now = office.clock.now()

    def ask(desk: Desk) -> Approval:
        return desk.agencies.exit_entry.ask_endorsements("E1", document, wanted())

    assert (at(office, ask), at(office, ask)) == (Approval.UNDER_REVIEW, Approval.UNDER_REVIEW)
    assert at(office, lambda desk: desk.agencies.exit_entry.endorsing_since(document, now))
    office.clock.forward(seconds=26)
    assert at(office, lambda desk: desk.agencies.exit_entry.approval("E1")) is Approval.APPROVED
    at(office, lambda desk: desk.agencies.exit_entry.endorsed("E1"))
    at(office, lambda desk: desk.agencies.exit_entry.endorsed("E1"))
    (line,) = at(office, lambda desk: desk.agencies.exit_entry.endorsements(document))
    assert (line.destination, line.entries, line.used) == (Destination.HONG_KONG, 1, 0)
    assert not at(office, lambda desk: desk.agencies.exit_entry.endorsing_since(document, now))


def test_what_can_still_be_used_stays_on_the_pass(office: Office) -> None:
    document = the_pass(someone(Situation.ENDORSEMENT_LEFT))
    at(office, lambda desk: desk.agencies.exit_entry.ask_endorsements("E2", document, wanted(2)))
    at(office, lambda desk: desk.agencies.exit_entry.endorsed("E2"))
    lines = at(office, lambda desk: desk.agencies.exit_entry.endorsements(document))
    assert [(line.entries, line.used) for line in lines] == [(2, 1), (2, 0)]


def test_a_person_may_take_long_or_say_no_and_nothing_withdrawn_is_written(office: Office) -> None:
    slow, declined = someone(Situation.ENDORSEMENT_SLOW), someone(Situation.ENDORSEMENT_DECLINED)
    for name, person in (("S", slow), ("D", declined)):
        at(office, lambda desk, n=name, p=person: desk.agencies.exit_entry.ask_endorsements(n, the_pass(p), wanted()))
    office.clock.forward(seconds=180)
    assert at(office, lambda desk: desk.agencies.exit_entry.approval("S")) is Approval.UNDER_REVIEW
    assert at(office, lambda desk: desk.agencies.exit_entry.approval("D")) is Approval.TO_THE_WINDOW
    assert at(office, lambda desk: desk.agencies.exit_entry.withdraw("S")) is Approval.WITHDRAWN
    before = at(office, lambda desk: desk.agencies.exit_entry.endorsements(the_pass(slow)))
    at(office, lambda desk: desk.agencies.exit_entry.endorsed("S"))
    assert at(office, lambda desk: desk.agencies.exit_entry.endorsements(the_pass(slow))) == before


def test_a_document_is_made_and_takes_the_place_of_the_one_before(office: Office) -> None:
    person = someone(Situation.PASSPORT_EXPIRES)
    (old,) = at(office, lambda desk: desk.agencies.exit_entry.documents(person.number))

    def order(desk: Desk) -> None:
        desk.agencies.exit_entry.order("T1", person.number, TravelDocumentKind.PASSPORT)

    at(office, order)
    at(office, order)
    assert at(office, lambda desk: desk.agencies.exit_entry.issued("T1")) is None
    office.clock.forward(days=8)
    told = at(office, lambda desk: [p.stage for p in desk.agencies.exit_entry.news() if p.case_number == "T1"])
    assert told[-1] == CardState.STOCKED.value
    assert at(office, lambda desk: [p for p in desk.agencies.exit_entry.news() if p.case_number == "T1"]) == []
    made = at(office, lambda desk: desk.agencies.exit_entry.issued("T1"))
    assert made is not None and made.number != old.number
    assert at(office, lambda desk: desk.agencies.exit_entry.documents(person.number))[0].standing is (
        DocumentStanding.MADE
    )
    at(office, lambda desk: desk.agencies.exit_entry.handed_over("T1"))
    now = at(office, lambda desk: desk.agencies.exit_entry.documents(person.number))
    assert {d.number: d.standing for d in now} == {
        made.number: DocumentStanding.IN_FORCE,
        old.number: DocumentStanding.VOID,
    }


def test_finished_documents_lie_in_compartments_of_their_own_and_open_cases_go_on(office: Office) -> None:
    finished = PEOPLE.all_of(Situation.TRAVEL_FINISHED)
    items = [f"travel-{person.index:04d}" for person in finished]
    assert [office.place(item) for item in items] == [f"cabinet:KDL-001:1:{n}" for n in range(15, 15 + len(items))]
    waiting = someone(Situation.TRAVEL_CASE_OPEN)

    def open_case(desk: Desk) -> TravelCase | None:
        found = open_travel_case(desk, waiting.number, TravelDocumentKind.PASSPORT)
        if found is not None:
            desk.db.expunge(found)
        return found

    case = at(office, open_case)
    assert case is not None and case.state is CardState.REVIEW
    office.clock.forward(days=10)
    office.headquarters.look_at_the_clock()
    case = at(office, open_case)
    assert case is not None and case.state is CardState.STOCKED and case.document and case.valid_to

    def place(desk: Desk) -> Place:
        found = desk.db.get(Document, case.item)
        assert found is not None
        return found.place

    assert at(office, place) is Place.DEPOT


def test_it_can_be_down(office: Office) -> None:
    office.fault("exit-entry", "down")
    with pytest.raises(AgencyFailed):
        at(office, lambda desk: desk.agencies.exit_entry.screening("x"))


def test_what_is_left_and_what_is_under_way_is_told_with_masked_numbers(office: Office) -> None:
    left = office.look_up("exit-entry-standing", someone(Situation.ENDORSEMENT_LEFT))
    (document,) = left["documents"]
    assert document["number_masked"].count("*") == 5 and document["endorsements"][0]["entries"] == 2
    assert the_pass(someone(Situation.ENDORSEMENT_LEFT)) not in str(left)
    open_case = office.look_up("exit-entry-standing", someone(Situation.TRAVEL_CASE_OPEN))
    assert [(c["kind"], c["stage"], c["here"]) for c in open_case["cases"]] == [("passport", "review", False)]
    here = office.look_up("exit-entry-standing", someone(Situation.TRAVEL_FINISHED))
    assert [(c["stage"], c["here"]) for c in here["cases"]] == [("to-collect", True)]
    assert here["documents"] == []
    listed = office.look_up("exit-entry-standing", someone(Situation.NOT_TO_EXIT))
    assert "not-to-exit" not in str(listed) and listed["documents"]
    assert office.look_up("exit-entry-standing", someone(Situation.UNDER_16))["code"] == "E-AGE-01"
