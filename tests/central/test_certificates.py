"""HZ06 and HZ07 as headquarters decides them: what the register bears out, and never a word about a record."""

from __future__ import annotations

from typing import Any

import pytest

from central.agencies.sandbox_model import SandboxPerson
from central.agencies.seed_household import ON_RECORD, SAME_NAME
from central.database import transaction
from kiosk.people.synthetic import Situation, SyntheticPerson
from tests.central.office import Office, someone
from tests.central.test_reprints import CASE, papers

ORDINARY = Situation.ORDINARY


def ask(office: Office, person: SyntheticPerson, subject: dict[str, Any], key: str = "") -> dict[str, Any]:
    payload = {
        "number": person.number,
        "kind": subject["kind"],
        "subject": subject["id"],
        "purpose": "notary",
        "signature": office.blob(),
    }
    return office.file("household-certificate", payload, key)


def query(office: Office, person: SyntheticPerson, key: str = "") -> dict[str, Any]:
    payload = {"number": person.number, "purpose": "work", "recipient": "employer", "signature": office.blob()}
    return office.file("record-query", payload, key)


def offered(office: Office, person: SyntheticPerson) -> dict[str, dict[str, Any]]:
    """By kind."""
    return {s["kind"]: s for s in office.look_up("certificates-for", person)["subjects"]}


def text_of(office: Office, person: SyntheticPerson, reply: dict[str, Any]) -> dict[str, str]:
    return dict(office.look_up("issued-certificate", person, certificate=reply["number"])["values"])


def test_nobody_reads_a_certificate_of_somebody_elses(office: Office) -> None:
    reply = query(office, someone(ORDINARY, 0))
    answer = office.look_up("issued-certificate", someone(ORDINARY, 1), certificate=reply["number"])
    assert answer["code"] == "E-HUM-01"


def test_the_register_offers_what_it_bears_out_with_masked_names(office: Office) -> None:
    person, partner = someone(ORDINARY, 0), someone(ORDINARY, 1)
    found = offered(office, person)
    assert set(found) == {"kinship", "change", "cancellation"}
    text = str(office.look_up("certificates-for", person))
    assert partner.card.name not in text and partner.number not in text
    assert set(offered(office, someone(ORDINARY, 5))) == {"kinship"}


@pytest.mark.parametrize(
    ("kind", "said"),
    [("kinship", "登记在同一户口簿"), ("change", "登记项目“姓名”"), ("cancellation", "因死亡注销")],
)
def test_a_certificate_says_what_the_register_says(office: Office, kind: str, said: str) -> None:
    person = someone(ORDINARY, 0)
    reply = ask(office, person, offered(office, person)[kind])
    assert reply["status"] == "accepted" and reply["number"].startswith("Z")
    assert reply["extras"] == {}
    extras = text_of(office, person, reply)
    assert said in extras["statement"] and extras["statement"].endswith("以上内容与户口登记簿的记载一致。")
    assert (extras["name"], extras["id_number"], extras["purpose"]) == (person.card.name, person.number, "办理公证")
    assert extras["seal"].startswith("SANDBOX ") and extras["issued_at"].endswith("+08:00")
    page = office.people("GET", f"/v/{reply['number']}").body.decode()
    assert "办理公证" in page and person.card.name not in page


def test_nobody_gets_a_certificate_about_somebody_elses_household(office: Office) -> None:
    person = someone(ORDINARY, 3)
    stranger = {"kind": "cancellation", "id": "cancellation-2"}
    filing = {"number": person.number, "purpose": "notary", "signature": office.blob()}
    told = office.filing("household-certificate", filing | {"kind": stranger["kind"], "subject": stranger["id"]})
    assert office.send("POST", "/v1/filings", told)[0] == 422


@pytest.mark.parametrize(
    ("situation", "nth", "code"),
    [
        (Situation.OTHER_PROVINCE, 0, "E-JUR-01"),
        (Situation.UNDER_16, 0, "E-AGE-01"),
        (Situation.CARD_REPORTED_LOST, 0, "E-ID-03"),
        (Situation.FOREIGNER_2023, 0, "E-ID-04"),
        (Situation.LONG_TERM, 0, "E-REG-01"),
        (ORDINARY, 58, "E-REG-01"),
    ],
)
def test_no_household_certificate_without_reason_and_next_step(
    office: Office, situation: Situation, nth: int, code: str
) -> None:
    answer = office.look_up("certificates-for", someone(situation, nth))
    assert answer["code"] == code and dict(answer["details"])["telephone"]


@pytest.mark.parametrize("name", ["certificates-for", "may-ask-for-record"])
def test_a_list_is_nobodys_business(office: Office, name: str) -> None:
    person = someone(ORDINARY, 4)
    with transaction(office.headquarters.engine) as db:
        row = db.get(SandboxPerson, person.number)
        assert row is not None
        row.restricted = True
    answer = office.look_up(name, person)
    assert (answer["code"], "reason" in dict(answer["details"])) == ("E-CRJ-01", False)


def test_nothing_on_record_is_certified_at_once(office: Office) -> None:
    person = someone(ORDINARY, 0)
    reply = query(office, person, f"{CASE}/record-query/1")
    assert reply["number"].startswith("Z")
    text = text_of(office, person, reply)
    assert "未发现" in text["statement"] and text["recipient"] == "用人单位"
    assert list(papers(office, person)) == ["no-record-certificate"]
    assert {c["kind"]: c["state"] for c in office.ledger()["cases"] if c["number"][0] in "ZW"} == {
        "certificate-no-record": "issued",
        "record-query": "answered",
    }


def test_a_record_and_a_shared_name_are_told_the_same(office: Office) -> None:
    replies = [query(office, someone(ORDINARY, nth)) for nth in (SAME_NAME[0], ON_RECORD[0])]
    told = [
        (r["status"], r["number"][0], {k: v for k, v in r["extras"].items() if k != "verify_url"}) for r in replies
    ]
    assert told[0] == told[1]
    assert told[0][2] == {"due": "2026-11-25", "place": "昆都仑区分局户籍大厅"}
    open_now = [office.look_up("may-ask-for-record", someone(ORDINARY, n)) for n in (SAME_NAME[0], ON_RECORD[0])]
    assert {answer["code"] for answer in open_now} == {"E-CASE-01"}


def test_a_review_that_finds_nothing_ends_with_a_certificate(office: Office) -> None:
    person = someone(ORDINARY, SAME_NAME[0])
    receipt = query(office, person, f"{CASE}/record-query/1")
    assert list(papers(office, person)) == ["record-receipt"]
    office.clock.forward(hours=72)
    assert office.look_up("may-ask-for-record", person)["tag"] == "eligible"
    reply = query(office, person)
    assert reply["extras"] == {} and reply["number"] != receipt["number"]
    assert "未发现" in text_of(office, person, reply)["statement"]


def test_a_review_that_finds_something_sends_to_the_window_without_a_reason(office: Office) -> None:
    person = someone(ORDINARY, ON_RECORD[0])
    _ = query(office, person)
    office.clock.forward(hours=72)
    answer = office.look_up("may-ask-for-record", person)
    assert answer["code"] == "E-CRJ-01" and "reason" not in dict(answer["details"])
    assert query(office, person)["refusal"]["code"] == "E-CRJ-01"
    assert "记录" not in str(answer)


def test_the_fourth_query_of_a_year_needs_a_reason(office: Office) -> None:
    person = someone(ORDINARY, 0)
    for _ in range(3):
        assert query(office, person)["status"] == "accepted"
    assert office.look_up("may-ask-for-record", person)["code"] == "E-LIM-01"
    office.clock.forward(days=60)
    assert office.look_up("may-ask-for-record", person)["tag"] == "eligible"


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (Situation.OTHER_PROVINCE, "E-JUR-01"),
        (Situation.UNDER_16, "E-AGE-01"),
        (Situation.CARD_REPORTED_LOST, "E-ID-03"),
        (Situation.HONG_KONG_MACAO_TAIWAN, "E-ID-04"),
    ],
)
def test_no_query_without_reason_and_next_step(office: Office, situation: Situation, code: str) -> None:
    answer = office.look_up("may-ask-for-record", someone(situation))
    assert answer["code"] == code and dict(answer["details"])["telephone"]


def test_who_lives_here_may_ask_too(office: Office) -> None:
    person = someone(Situation.OTHER_PROVINCE)
    with transaction(office.headquarters.engine) as db:
        row = db.get(SandboxPerson, person.number)
        assert row is not None
        row.residence = True
    assert office.look_up("may-ask-for-record", person)["tag"] == "eligible"


@pytest.mark.parametrize("agency", ["household", "criminal-records"])
def test_an_agency_that_is_down_changes_nothing(office: Office, agency: str) -> None:
    person = someone(ORDINARY, 0)
    subject = offered(office, person)["kinship"]
    order = f'{{"agency": "{agency}", "fault": "down", "seconds": 60}}'.encode()
    assert office.people("POST", "/sandbox/faults", order).status == 200
    payload = {"number": person.number, "purpose": "work", "signature": office.blob()}
    told = (
        office.filing("household-certificate", payload | {"kind": "kinship", "subject": subject["id"]})
        if agency == "household"
        else office.filing("record-query", payload | {"recipient": "employer"})
    )
    assert office.send("POST", "/v1/filings", told)[0] == 503
    assert not [c for c in office.ledger()["cases"] if c["number"][0] in "ZW"]
    office.clock.forward(seconds=61)
    assert office.post("/v1/filings", told)["status"] == "accepted"
