"""CRJ07 as headquarters decides it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from central.desks.desk import Desk
from central.desks.settling import Reason, doubts, settle_document
from central.model import Alarm
from kiosk.people.exit_entry import DocumentStanding
from kiosk.people.synthetic import Situation, SyntheticPerson
from tests.central.office import Office, someone

FINISHED = someone(Situation.TRAVEL_FINISHED)
RENEWAL = someone(Situation.TRAVEL_FINISHED, 3)


def collected(office: Office, person: SyntheticPerson, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": person.number,
        "item": found["item"],
        "case_number": found["case_number"],
        "certainty": "inferred",
        "signature": office.blob(),
    }


def test_a_document_is_handed_over_once_and_is_then_in_force(office: Office) -> None:
    found = office.look_up("travel-to-collect", FINISHED)
    assert (found["kind"], found["old_card"]) == ("passport", "held")
    grant = office.post("/v1/grants", office.grant_request(found))
    payload = collected(office, FINISHED, found)
    assert office.use(grant, "taken")[0] == 204
    assert office.file("travel-collected", payload)["status"] == "accepted"
    assert office.place(found["item"]) == "citizen"
    assert office.case(found["case_number"])["state"] == "collected"

    def look(desk: Desk) -> None:
        (document,) = desk.agencies.exit_entry.documents(FINISHED.number)
        assert document.standing is DocumentStanding.IN_FORCE

    office.headquarters.by_a_person(look)
    assert office.look_up("travel-to-collect", FINISHED)["code"] == "E-COL-01"
    status, reply = office.send("POST", "/v1/grants", office.grant_request(found))
    assert (status, reply["code"]) == (409, "gone")
    assert office.file("travel-collected", payload)["status"] == "accepted"


def test_on_renewal_the_old_one_is_due_until_it_is_held_and_void_in_the_end(office: Office) -> None:
    found = office.look_up("travel-to-collect", RENEWAL)
    assert found["old_card"] == "due"
    place = office.post("/v1/custody-places", office.custody_request(RENEWAL) | {"document": found["kind"]})
    assert office.use(place["grant"], "taken-in")[0] == 204
    assert office.look_up("travel-to-collect", RENEWAL)["old_card"] == "held"
    grant = office.post("/v1/grants", office.grant_request(found))
    office.use(grant, "taken")
    office.file("travel-collected", collected(office, RENEWAL, found))
    standings = office.headquarters.by_a_person(
        lambda desk: [d.standing for d in desk.agencies.exit_entry.documents(RENEWAL.number)]
    )
    assert sorted(s.value for s in standings) == ["in-force", "void"]


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (Situation.TRAVEL_CASE_OPEN, "E-COL-02"),
        (Situation.TRAVEL_AT_ANOTHER_SITE, "E-COL-03"),
        (Situation.ORDINARY, "E-COL-01"),
        (Situation.NOT_TO_EXIT, "E-CRJ-01"),
        (Situation.UNDER_16, "E-AGE-01"),
    ],
)
def test_a_no_has_its_code(office: Office, situation: Situation, code: str) -> None:
    assert office.look_up("travel-to-collect", someone(situation))["code"] == code


def test_nobody_collects_what_is_anothers(office: Office) -> None:
    found = office.look_up("travel-to-collect", FINISHED)
    status, _ = office.send(
        "POST", "/v1/filings", office.filing("travel-collected", collected(office, RENEWAL, found))
    )
    assert status == 422


def test_without_a_grant_nothing_counts_as_collected(office: Office) -> None:
    found = office.look_up("travel-to-collect", FINISHED)
    refused = office.file("travel-collected", collected(office, FINISHED, found))
    assert refused["refusal"]["code"] == "E-HUM-01"


def test_what_is_in_doubt_a_person_settles(office: Office) -> None:
    found = office.look_up("travel-to-collect", FINISHED)
    grant = office.post("/v1/grants", office.grant_request(found))
    office.use(grant, "silent")
    assert dict(office.look_up("travel-to-collect", FINISHED)["details"])["reason"] == "in-doubt"
    why = Reason("P0001", "seen in the citizen's hand")
    office.headquarters.by_a_person(lambda desk: settle_document(desk, found["item"], "citizen", why))
    assert office.case(found["case_number"])["state"] == "collected"


def reported(office: Office, grant: dict[str, Any], evidence: dict[str, str], state: str = "failed") -> None:
    payload = {"effect_key": grant["grant"], "effect_kind": "hand-over", "state": state}
    office.file("effect-report", payload | {"evidence": {"grant": grant["grant"], **evidence}})


def codes(office: Office) -> set[str]:
    return office.headquarters.by_a_person(lambda desk: set(desk.db.scalars(select(Alarm.code))))


def test_the_terminal_is_told_what_opens_the_documents_chip(office: Office) -> None:
    found = office.look_up("travel-to-collect", FINISHED)
    assert found["printed_number"].startswith("E7")


def test_what_a_dispenser_held_out_and_nobody_took_people_hand_over(office: Office) -> None:
    found = office.look_up("travel-to-collect", FINISHED)
    grant = office.post("/v1/grants", office.grant_request(found))
    reported(office, grant, {"bin": "retained", "why": "not-taken"})
    assert office.place(found["item"]) == "retained"
    assert "document-retained" in codes(office)
    told = office.look_up("travel-to-collect", FINISHED)
    assert (told["code"], dict(told["details"])["reason"]) == ("E-HUM-01", "retained")
    status, reply = office.send("POST", "/v1/grants", office.grant_request(found))
    assert (status, reply["code"]) == (409, "retained")
    waiting = office.headquarters.by_a_person(lambda desk: doubts(desk.db))
    assert [d["id"] for d in waiting["documents"]] == [found["item"]]
    reason = Reason("P-0007", "handed over at the window")
    office.headquarters.by_a_person(lambda desk: settle_document(desk, found["item"], "citizen", reason))
    assert office.case(found["case_number"])["state"] == "collected"


def test_what_was_not_proved_leaves_its_document_in_doubt(office: Office) -> None:
    found = office.look_up("travel-to-collect", FINISHED)
    grant = office.post("/v1/grants", office.grant_request(found))
    reported(office, grant, {"bin": "rejected", "why": "another-document"})
    assert office.place(found["item"]) == "in-doubt"
    assert {"document-in-doubt", "another-document-at-its-place"} <= codes(office)
    assert dict(office.look_up("travel-to-collect", FINISHED)["details"])["reason"] == "in-doubt"


def test_what_was_surely_not_fetched_lies_where_it_lay(office: Office) -> None:
    found = office.look_up("travel-to-collect", FINISHED)
    grant = office.post("/v1/grants", office.grant_request(found))
    reported(office, grant, {"why": "machine"})
    assert office.place(found["item"]).startswith("cabinet:")
    assert office.look_up("travel-to-collect", FINISHED)["item"] == found["item"]
