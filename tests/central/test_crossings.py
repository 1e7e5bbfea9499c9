"""CRJ03 as headquarters decides it: one's own crossings, word by word, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.people.synthetic import Situation, SyntheticPerson
from tests.central.office import Office, someone
from tests.central.test_reprints import CASE, papers

TRAVELLER = Situation.TRAVELLER


def query(
    office: Office, person: SyntheticPerson, first: str = "2016-11-22", last: str = "2026-11-22", key: str = ""
) -> dict[str, Any]:
    payload = {
        "number": person.number,
        "first": first,
        "last": last,
        "purpose": "tax",
        "signature": office.blob(),
    }
    return office.file("crossing-query", payload, key)


def text_of(office: Office, person: SyntheticPerson, reply: dict[str, Any]) -> dict[str, str]:
    return dict(office.look_up("issued-crossings", person, certificate=reply["number"])["values"])


def test_ten_years_can_be_asked_for(office: Office) -> None:
    answer = office.look_up("may-query-crossings", someone(TRAVELLER))
    assert (answer["first"], answer["last"]) == ("2016-11-22", "2026-11-22")


def test_a_record_says_who_when_where_and_with_what(office: Office) -> None:
    person = someone(TRAVELLER)
    reply = query(office, person, key=f"{CASE}/crossing-query/1")
    assert reply["status"] == "accepted" and reply["number"].startswith("S") and reply["extras"] == {}
    text = text_of(office, person, reply)
    lines = [line.split("|") for line in text["crossings"].splitlines()]
    assert len(lines) >= 36 and {len(line) for line in lines} == {5}
    assert {line[1] for line in lines} == {"出境", "入境"} and {line[4] for line in lines} == {"普通护照"}
    assert [line[0] for line in lines] == sorted((line[0] for line in lines), reverse=True)
    assert (text["name"], text["id_number"], text["authority"]) == (person.card.name, person.number, "国家移民管理局")
    assert text["seal"].startswith("SANDBOX ")
    assert papers(office, person)["crossing-record"]["crossings"] == text["crossings"]
    page = office.people("GET", f"/v/{reply['number']}").body.decode()
    assert "出入境记录查询结果" in page and person.card.name not in page and "E700" not in page


def test_only_the_days_that_were_asked_for_are_told(office: Office) -> None:
    person = someone(TRAVELLER)
    text = text_of(office, person, query(office, person, "2026-01-01", "2026-06-30"))
    found = text.get("crossings", "").splitlines()
    assert all("2026-01-01" <= line.split("|")[0] <= "2026-06-30" for line in found)


def test_whoever_never_travelled_has_an_empty_record(office: Office) -> None:
    person = someone(Situation.ORDINARY)
    assert "crossings" not in text_of(office, person, query(office, person))


def test_a_list_is_no_reason_to_keep_somebodys_own_record_from_them(office: Office) -> None:
    assert query(office, someone(Situation.NOT_TO_EXIT))["status"] == "accepted"


def test_nobody_reads_a_record_of_somebody_elses(office: Office) -> None:
    reply = query(office, someone(TRAVELLER, 0))
    answer = office.look_up("issued-crossings", someone(TRAVELLER, 1), certificate=reply["number"])
    assert answer["code"] == "E-HUM-01"


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (Situation.UNDER_16, "E-AGE-01"),
        (Situation.CARD_REPORTED_LOST, "E-ID-03"),
        (Situation.HONG_KONG_MACAO_TAIWAN, "E-ID-04"),
    ],
)
def test_who_cannot_ask_is_told_where_to_go(office: Office, situation: Situation, code: str) -> None:
    answer = office.look_up("may-query-crossings", someone(situation))
    assert answer["code"] == code
    assert {"place", "address", "telephone"} <= set(dict(answer["details"]))
    if situation is not Situation.HONG_KONG_MACAO_TAIWAN:
        assert query(office, someone(situation))["status"] == "refused"


@pytest.mark.parametrize(
    ("first", "last"), [("2010-01-01", "2026-11-22"), ("2026-05-01", "2026-04-01"), ("2026-13-01", "2026-11-22")]
)
def test_other_days_are_declined(office: Office, first: str, last: str) -> None:
    person = someone(TRAVELLER)
    told = {"number": person.number, "first": first, "last": last, "purpose": "tax", "signature": office.blob()}
    status, reply = office.send("POST", "/v1/filings", office.filing("crossing-query", told))
    assert (status, reply["code"]) == (422, "payload")


def test_no_record_while_the_authority_does_not_answer(office: Office) -> None:
    office.fault("exit-entry", "down")
    person = someone(TRAVELLER)
    told = {
        "number": person.number,
        "first": "2020-01-01",
        "last": "2026-11-22",
        "purpose": "tax",
        "signature": office.blob(),
    }
    status, _ = office.send("POST", "/v1/filings", office.filing("crossing-query", told, "C1/crossing-query/1"))
    assert status == 503
    office.fault("exit-entry", None)
    assert query(office, person)["status"] == "accepted"
