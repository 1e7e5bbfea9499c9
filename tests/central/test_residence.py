"""HZ08 and HZ09 as headquarters decides them (Residence Permit Regulations art. 2, 9, 10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kiosk.people.synthetic import Situation, SyntheticPerson, population
from kiosk.people.synthetic_residence import residence_of
from tests.central.office import KEY, Office, someone
from tests.central.test_reprints import CASE, papers


def offer(office: Office, person: SyntheticPerson) -> dict[str, Any]:
    return office.look_up("may-register-residence", person)


def file(office: Office, person: SyntheticPerson, matter: str, key: str = "", **more: Any) -> Any:
    payload = {"number": person.number, "matter": matter, "signature": office.blob(b"s"), **more}
    return office.file("residence", payload, key)


def register(office: Office, person: SyntheticPerson, **more: Any) -> Any:
    return file(office, person, "registration", **{"community": "youyi-1", "house": "012-03-0401", **more})


def state(office: Office, number: str) -> str:
    (case,) = [c for c in office.ledger()["cases"] if c["number"] == number]
    return case["state"]


def test_a_newcomer_is_registered_at_once_and_the_permit_comes_after_half_a_year(office: Office) -> None:
    person = someone(Situation.NEWCOMER)
    before = offer(office, person)
    assert (before["matter"], before["permit_from"], before["proofs"]) == ("registration", "2027-05-22", [])
    assert len(before["streets"]) == 5
    reply = register(office, person, key=f"{CASE}/residence/1")
    assert (reply["status"], state(office, reply["number"])) == ("accepted", "registered")
    assert reply["extras"]["permit_from"] == "2027-05-22" and "house" not in reply["extras"]
    too_short = offer(office, person)
    assert (too_short["code"], dict(too_short["details"])["date"]) == ("E-RES-03", "2027-05-22")
    slip = papers(office, person)["residence-slip"]
    assert (slip["community"], slip["residence_matter"]) == ("友谊大街街道示例友谊社区", "registration")
    office.clock.forward(days=182)
    assert offer(office, person)["code"] == "E-RES-04"


@pytest.mark.parametrize(
    "wrong",
    [{"community": "nowhere"}, {"house": "12-3-401"}, {"house": ""}, {"community": ""}],
)
def test_an_address_that_is_none_is_not_taken(office: Office, wrong: dict[str, str]) -> None:
    person = someone(Situation.NEWCOMER)
    payload = {"number": person.number, "matter": "registration", "signature": office.blob(b"s")}
    payload |= {"community": "youyi-1", "house": "012-03-0401"} | wrong
    status, problem = office.send("POST", "/v1/filings", office.filing("residence", payload))
    assert (status, problem["code"]) == (422, "payload")


def test_a_permit_takes_its_days_is_told_of_and_counts_its_year_from_its_issue(office: Office) -> None:
    person = someone(Situation.RESIDENT_HALF_YEAR)
    before = offer(office, person)
    assert before["matter"] == "permit" and before["place"]
    proof = before["proofs"][0]["id"]
    portrait = office.blob(b"portrait")
    reply = file(office, person, "permit", key=f"{CASE}/residence/1", proof=proof, portrait=portrait)
    assert (reply["extras"]["ready_by"], state(office, reply["number"])) == ("2026-12-07", "accepted")
    assert offer(office, person)["code"] == "E-CASE-01"
    assert office.look_up("may-endorse-permit", person)["code"] == "E-RES-05"
    office.clock.forward(hours=169)
    office.headquarters.look_at_the_clock()
    assert state(office, reply["number"]) == "ready"
    assert offer(office, person)["code"] == "E-RES-02"
    early = office.look_up("may-endorse-permit", person)
    assert (early["code"], dict(early["details"])["date"]) == ("E-RES-06", "2027-10-29")
    assert papers(office, person)["residence-slip"]["ready_by"] == "2026-12-07"
    page = office.people("GET", f"/v/{reply['number']}").body.decode()
    assert "受理回执" in page and person.card.name not in page


def test_a_permit_needs_a_proof_of_ones_own(office: Office) -> None:
    one, other = someone(Situation.RESIDENT_HALF_YEAR), someone(Situation.RESIDENT_HALF_YEAR, 1)
    of_other = offer(office, other)["proofs"][0]["id"]
    refused = file(office, one, "permit", proof=of_other, portrait=office.blob(b"portrait"))
    assert refused["refusal"]["code"] == "E-RES-04"
    assert offer(office, one)["matter"] == "permit"


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (Situation.ORDINARY, "E-RES-01"),
        (Situation.NEWCOMER_REGISTERED, "E-RES-03"),
        (Situation.RESIDENT_NO_PROOF, "E-RES-04"),
        (Situation.PERMIT_DUE, "E-RES-02"),
        (Situation.UNDER_16, "E-AGE-01"),
        (Situation.FOREIGNER_2023, "E-ID-04"),
        (Situation.CARD_REPORTED_LOST, "E-ID-03"),
    ],
)
def test_a_no_to_a_residence_has_its_code(office: Office, situation: Situation, code: str) -> None:
    assert offer(office, someone(situation))["code"] == code


# -- endorsement -------------------------------------------------------------------------------------------------


def due(office: Office, person: SyntheticPerson) -> dict[str, Any]:
    return office.look_up("may-endorse-permit", person)


def issued(person: SyntheticPerson) -> str:
    found = residence_of(population(KEY), person)
    assert found is not None and found.issued_on is not None
    return found.issued_on.isoformat()


def endorse(office: Office, person: SyntheticPerson, day: str, key: str = "") -> Any:
    payload = {"number": person.number, "issued": day, "signature": office.blob(b"s")}
    return office.file("permit-endorsement", payload, key)


def test_an_endorsement_in_time_adds_a_year_to_the_year_and_comes_once(office: Office) -> None:
    person = someone(Situation.PERMIT_DUE)
    before = due(office, person)
    assert (before["time"], before["full_year"], before["until"]) == ("in-time", "2026-12-04", "2027-12-04")
    assert issued(person) in before["issue_days"] and len(before["issue_days"]) == 4
    reply = endorse(office, person, issued(person), f"{CASE}/endorsement/1")
    assert (reply["status"], reply["extras"]["endorsed_until"]) == ("accepted", "2027-12-04")
    again = due(office, person)
    assert (again["code"], dict(again["details"])["date"]) == ("E-RES-06", "2027-11-04")
    assert papers(office, person)["permit-slip"]["endorsed_until"] == "2027-12-04"
    page = office.people("GET", f"/v/{reply['number']}").body.decode()
    assert "居住证签注凭条" in page and person.card.name not in page


def test_a_late_one_counts_its_years_anew_from_today(office: Office) -> None:
    person = someone(Situation.PERMIT_LATE)
    before = due(office, person)
    assert (before["time"], before["full_year"], before["until"]) == ("late", "2026-10-13", "2027-11-22")
    assert endorse(office, person, issued(person))["extras"]["endorsement_time"] == "late"
    assert due(office, person)["code"] == "E-RES-06"


def test_the_window_opens_a_month_before_and_the_full_year_is_still_in_time(office: Office) -> None:
    person = someone(Situation.PERMIT_TOO_EARLY)
    full_year = date(2026, 11, 22) + timedelta(days=100)
    assert dict(due(office, person)["details"])["date"] == "2027-02-02"
    office.clock.forward(days=71)
    assert due(office, person)["code"] == "E-RES-06"
    office.clock.forward(days=1)
    assert due(office, person)["time"] == "in-time"
    office.clock.forward(days=28)
    assert (due(office, person)["full_year"], due(office, person)["time"]) == (full_year.isoformat(), "in-time")
    office.clock.forward(days=1)
    assert due(office, person)["time"] == "late"


def test_a_permit_that_says_another_day_is_not_endorsed(office: Office) -> None:
    person = someone(Situation.PERMIT_DUE)
    (other, *_) = [day for day in due(office, person)["issue_days"] if day != issued(person)]
    assert endorse(office, person, other)["refusal"]["code"] == "E-RES-07"
    assert due(office, person)["full_year"] == "2026-12-04"


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (Situation.NEWCOMER, "E-RES-05"),
        (Situation.RESIDENT_HALF_YEAR, "E-RES-05"),
        (Situation.ORDINARY, "E-RES-01"),
        (Situation.PERMIT_TOO_EARLY, "E-RES-06"),
        (Situation.HONG_KONG_MACAO_TAIWAN, "E-ID-04"),
    ],
)
def test_a_no_to_an_endorsement_has_its_code(office: Office, situation: Situation, code: str) -> None:
    assert due(office, someone(situation))["code"] == code


def test_an_agency_that_is_down_changes_nothing_and_the_same_filing_may_come_again(office: Office) -> None:
    person = someone(Situation.PERMIT_DUE)
    payload = {"number": person.number, "issued": issued(person), "signature": office.blob(b"s")}
    filing = office.filing("permit-endorsement", payload)
    office.fault("residence", "down")
    assert office.send("POST", "/v1/filings", filing)[0] == 503
    office.fault("residence", None)
    assert office.post("/v1/filings", filing)["status"] == "accepted"
    assert office.post("/v1/filings", filing)["duplicate"] is True
