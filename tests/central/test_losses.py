"""HZ03 as headquarters decides it: in force at once, once only, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from central.agencies.sandbox_model import SandboxPerson
from central.database import transaction
from kiosk.people.synthetic import Situation, SyntheticPerson
from tests.central.office import Office, someone
from tests.central.test_reprints import CASE, papers


def payload(office: Office, person: SyntheticPerson, **changes: str) -> dict[str, Any]:
    told = {"loss_date": "2026-11-21", "loss_place": "station", "loss_manner": "stolen"}
    return {"number": person.number, "signature": office.blob(), **told, **changes}


def report(office: Office, person: SyntheticPerson, key: str = "") -> dict[str, Any]:
    return office.file("report-of-loss", payload(office, person), key)


def test_a_report_is_in_force_at_once(office: Office) -> None:
    person = someone(Situation.CARD_LOST)
    assert office.look_up("may-report-loss", person)["tag"] == "eligible"
    reply = report(office, person)
    assert reply["status"] == "accepted" and reply["number"].startswith("G")
    assert reply["extras"]["reported_at"] == "2026-11-22T10:00:00+08:00"
    again = office.look_up("may-report-loss", person)
    assert (again["code"], dict(again["details"])["case"]) == ("E-ID-05", reply["number"])
    assert [c["kind"] for c in office.ledger()["cases"] if c["number"] == reply["number"]] == ["report-of-loss"]


def test_a_lost_card_can_be_replaced_and_not_renewed(office: Office) -> None:
    person = someone(Situation.RENEWAL_DUE)
    _ = report(office, person)
    assert office.look_up("may-apply-for-card", person, ground="renewal")["code"] == "E-ID-03"
    assert office.look_up("may-apply-for-card", person, ground="loss")["tag"] == "may-apply"


def test_the_same_report_twice_is_one(office: Office) -> None:
    person = someone(Situation.CARD_LOST)
    told = office.filing("report-of-loss", payload(office, person), "K/report-of-loss/1")
    first, second = office.post("/v1/filings", told), office.post("/v1/filings", told)
    assert second == first | {"duplicate": True}


def test_where_somebody_is_registered_does_not_matter(office: Office) -> None:
    assert office.look_up("may-report-loss", someone(Situation.OTHER_PROVINCE))["tag"] == "eligible"


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (Situation.UNDER_16, "E-AGE-01"),
        (Situation.CARD_REPORTED_LOST, "E-ID-05"),
        (Situation.HONG_KONG_MACAO_TAIWAN, "E-ID-04"),
    ],
)
def test_a_no_has_a_code(office: Office, situation: Situation, code: str) -> None:
    person = someone(situation)
    assert office.look_up("may-report-loss", person)["code"] == code
    assert report(office, person)["refusal"]["code"] == code


def test_a_reason_that_is_nobodys_business_is_not_given(office: Office) -> None:
    person = someone(Situation.ORDINARY)
    with transaction(office.headquarters.engine) as db:
        row = db.get(SandboxPerson, person.number)
        assert row is not None
        row.restricted = True
    answer = office.look_up("may-report-loss", person)
    assert (answer["code"], "reason" in dict(answer["details"])) == ("E-CRJ-01", False)


@pytest.mark.parametrize("day", ["2026-11-24", "yesterday"])
def test_a_day_that_cannot_be_is_no_report(office: Office, day: str) -> None:
    filing = office.filing("report-of-loss", payload(office, someone(Situation.CARD_LOST), loss_date=day))
    assert office.send("POST", "/v1/filings", filing)[0] == 422


def test_the_receipt_can_be_checked_and_had_again(office: Office) -> None:
    person = someone(Situation.CARD_LOST)
    reply = report(office, person, f"{CASE}/report-of-loss/1")
    page = office.people("GET", f"/v/{reply['number']}").body.decode()
    assert "挂失申报回执" in page and person.card.name not in page and person.number not in page
    slip = papers(office, person)["report-receipt"]
    assert (slip["number"], slip["loss_place"]) == (reply["number"], "loss-place-station")
    assert papers(office, someone(Situation.ORDINARY)) == {}


def test_without_the_population_library_nothing_is_reported(office: Office) -> None:
    order = b'{"agency": "population", "fault": "down", "seconds": 60}'
    assert office.people("POST", "/sandbox/faults", order).status == 200
    status, _ = office.send(
        "POST", "/v1/filings", office.filing("report-of-loss", payload(office, someone(Situation.CARD_LOST)))
    )
    assert status == 503
